package gateway

import (
	"strings"
	"time"
)

// Lines is an object for people: its members in order, secrets masked.
func Lines(object *Object, secretFields []string) []WireLine {
	lines := make([]WireLine, 0, len(object.Members()))
	for _, member := range object.Members() {
		value := maskMember(member, secretFields)
		line := WireLine{Name: member.Name, Value: value.Scalar()}
		if line.Value == "" {
			line.Value = value.Compact()
		}
		lines = append(lines, line)
	}
	return lines
}

// ClockNote is a time for people, in the account's zone: 13 Nov 14:02:11 Taipei.
func ClockNote(at time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return at.In(zone).Format("2 Jan 15:04:05 ") + ZoneCity(zone)
}

// ZoneCity is the city of a zone's name: Taipei of Asia/Taipei.
func ZoneCity(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}
