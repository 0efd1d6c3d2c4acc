package models

import (
	"testing"
	"time"
)

func TestB4_NobodySignsWhatWasAttachedAfterTheyOpenedIt(t *testing.T) {
	t.Parallel()
	opened := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	before, after := File{Name: "before", AddedAt: opened}, File{Name: "after", AddedAt: opened.Add(time.Millisecond)}
	for _, c := range []struct {
		files  []File
		opened time.Time
		may    bool
	}{
		{nil, opened, true}, {[]File{before}, opened, true}, {[]File{before, after}, opened, false}, {[]File{after}, time.Time{}, true},
	} {
		if err := CheckFilesRead(c.files, c.opened); (err == nil) != c.may {
			t.Errorf("%v opened at %v: %v", c.files, c.opened, err)
		}
	}
}
