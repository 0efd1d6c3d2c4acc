package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
)

// PDF is the type of files that a page shows in a frame.
const PDF = "application/pdf"

// File is something attached to an order or to a verdict.
type File struct {
	ID        int64
	PayoutID  PayoutID
	VerdictID *int64
	Name      string
	Type      string // as found in the bytes, not as claimed
	Size      int64
	Digest    []byte // SHA-256 of the content
	Content   []byte
	AddedBy   PersonID
	AddedAt   time.Time `gorm:"serializer:ms"`
}

// Files lists the attachments of an order without their content.
func Files(db *gorm.DB, id PayoutID) ([]File, error) {
	var all []File
	err := db.Omit("content").Where("payout_id = ?", id).Order("id").Find(&all).Error
	return all, err
}

// FindFile reads one attachment of the order with its content.
func FindFile(db *gorm.DB, payout PayoutID, id int64) (File, error) {
	var f File
	err := db.Take(&f, "id = ? AND payout_id = ?", id, payout).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return f, Refuse(Missing, "file.missing")
	}
	return f, err
}

// CheckBytes refuses to show anybody bytes other than those whose digest was put on
// record when they were attached (B4).
func (f File) CheckBytes() error {
	if digest := sha256.Sum256(f.Content); !bytes.Equal(digest[:], f.Digest) {
		return Refuse(Conflict, "file.altered", "Name", f.Name)
	}
	return nil
}

// FilesSigned is the detail of an approval that names what was attached then: the digests,
// with a space between.
const FilesSigned = "files"

// CheckFilesRead refuses the signature of somebody who opened the order before one of these
// was attached: they have not seen all that it goes by (I3). Where it is not known when the
// order was opened, nothing is said.
func CheckFilesRead(files []File, opened time.Time) error {
	for _, f := range files {
		if !opened.IsZero() && f.AddedAt.After(opened) {
			return Refuse(Conflict, "file.added_since", "Name", f.Name)
		}
	}
	return nil
}

// DigestsOf are those of the files, as FilesSigned keeps them; "" for none.
func DigestsOf(files []File) string {
	digests := make([]string, len(files))
	for i, f := range files {
		digests[i] = hex.EncodeToString(f.Digest)
	}
	return strings.Join(digests, " ")
}
