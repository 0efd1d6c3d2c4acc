package models

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"time"

	"gorm.io/gorm/schema"
)

// Times are kept as milliseconds since 1970 in UTC; 0 means never. The zero
// time.Time is never.
type millis struct{}

func init() { schema.RegisterSerializer("ms", millis{}) }

// Millis is a time as the database holds it.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// FromMillis is the time that the database holds.
func FromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// zones are those that were asked for: reading one takes longer than most pages
// take to ask the database.
var zones sync.Map

// zone is the zone of this name, UTC if it is not known here.
func zone(name string) *time.Location {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location)
	}
	found, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, found)
	return found
}

// Scan reads the column into the field.
func (millis) Scan(ctx context.Context, field *schema.Field, dst reflect.Value, value any) error {
	ms, ok := value.(int64)
	if !ok && value != nil {
		return fmt.Errorf("column %s holds %T, not milliseconds", field.DBName, value)
	}
	return field.Set(ctx, dst, FromMillis(ms))
}

// Value writes the field into the column.
func (millis) Value(_ context.Context, _ *schema.Field, _ reflect.Value, value any) (any, error) {
	return Millis(value.(time.Time)), nil
}
