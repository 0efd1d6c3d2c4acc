package models

import (
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Marks that acts carry in their events, for the auditor who looks for them (M7).
const (
	markOffHours  = "off_hours"  // outside the hours of the policy that the order was submitted under
	markQuick     = "quick"      // seconds from the page to the signature, where that was less than a minute
	markNewDevice = "new_device" // from which the person never signed in before
)

// quickApproval is how soon after the page a signature is worth a look (screens.md 6).
const quickApproval = time.Minute

// ReadSeconds is the detail of an approval that says how many seconds after its card was
// opened it was given, where that is known.
const ReadSeconds = "read_s"

// MarkApproval notes in the details of an approval what an auditor looks for.
func (s Signature) MarkApproval(d Details, hours Hours, at time.Time) {
	if hours.Outside(at) {
		d[markOffHours] = "yes"
	}
	if read, known := s.read(d); known && read < quickApproval {
		d[markQuick] = strconv.Itoa(max(int(read/time.Second), 0))
	}
}

// read is how long the card was open. Where the page did not say, it is known of passkeys
// alone: their question comes with the page that is signed.
func (s Signature) read(d Details) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(d[ReadSeconds]); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	return s.MadeAt.Sub(s.IssuedAt), s.Method == FactorPasskey
}

// MarkDevice notes in the details of a sign-in that its device is new to the person.
func MarkDevice(tx *gorm.DB, id PersonID, device string, d Details) error {
	var past []Event
	err := tx.Select("details").Where("actor_id = ? AND verb = 'signed_in'", id).Order("seq DESC").Limit(signInsLooked).Find(&past).Error
	for _, e := range past {
		if sameDevice(e.Details["device"], device) {
			return err
		}
	}
	d[markNewDevice] = "yes"
	return err
}

// signInsLooked is how many of a person's last sign-ins a device is looked for in.
const signInsLooked = 500

// sameDevice compares without numbers: a browser that was brought up to date is no other.
func sameDevice(a, b string) bool { return withoutDigits(a) == withoutDigits(b) }

func withoutDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, text)
}
