package services

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
)

// Limits of attached files (S15).
const (
	maxFiles    = 5
	maxFileSize = 5 << 20
)

// Upload is a file as a browser sent it.
type Upload struct {
	Name    string
	Content []byte
}

// fileTypes are the kinds of file that evidence comes in, as found in the bytes.
var fileTypes = map[string]string{
	models.PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "text/plain; charset=utf-8": ".txt",
}

// endings are how the names of such files may end. Whatever else a name ends in, it gets the
// ending of what the file is, so that nobody's computer opens it as something else.
var endings = map[string][]string{
	".pdf": {".pdf"}, ".png": {".png"}, ".jpg": {".jpg", ".jpeg"}, ".txt": {".txt", ".csv", ".eml", ".log", ".md"},
}

// named is the name with an ending that fits the kind.
func named(name, kind string) string {
	ending := fileTypes[kind]
	if slices.Contains(endings[ending], strings.ToLower(filepath.Ext(name))) {
		return name
	}
	return name + ending
}

// checkUploads refuses what is too large, too many or not a document.
func checkUploads(uploads []Upload) ([]models.File, models.Refusals) {
	var files []models.File
	var errs models.Refusals
	if len(uploads) > maxFiles {
		return nil, models.Refusals{models.Refuse(models.Invalid, "file.too_many", "Limit", maxFiles).On("files")}
	}
	for _, u := range uploads {
		name, kind := safeName(u.Name), http.DetectContentType(u.Content)
		switch {
		case len(u.Content) == 0:
			errs = append(errs, models.Refuse(models.Invalid, "file.empty", "Name", name).On("files"))
		case len(u.Content) > maxFileSize:
			errs = append(errs, models.Refuse(models.Invalid, "file.too_large", "Name", name, "Limit", "5 MB").On("files"))
		case !known(kind, u.Content):
			errs = append(errs, models.Refuse(models.Invalid, "file.kind", "Name", name).On("files"))
		case kind == models.PDF && !wholePDF(u.Content):
			errs = append(errs, models.Refuse(models.Invalid, "file.cut", "Name", name).On("files"))
		default:
			digest := sha256.Sum256(u.Content)
			files = append(files, models.File{Name: named(name, kind), Type: kind, Size: int64(len(u.Content)), Digest: digest[:], Content: u.Content})
		}
	}
	return files, errs
}

func known(kind string, content []byte) bool {
	if strings.HasPrefix(kind, "text/") {
		return kind == "text/plain; charset=utf-8" && utf8.Valid(content) && !bytes.ContainsRune(content, 0)
	}
	return fileTypes[kind] != ""
}

// pdfEnd is what a PDF says at its end, and how many bytes may follow its beginning there:
// viewers look no further (ISO 32000-1, Annex H, note 18).
const (
	pdfEnd  = "%%EOF"
	pdfTail = 1024
)

// wholePDF says whether what begins like a PDF ends like one: it was not cut off on the
// way, and a viewer can show it.
func wholePDF(content []byte) bool {
	return bytes.Contains(content[max(0, len(content)-pdfTail):], []byte(pdfEnd))
}

// safeName keeps letters, digits and a few marks of what the browser called the
// file, and cuts it to 80 characters.
func safeName(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	clean := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" .-_()", r) {
			return r
		}
		return '_'
	}, name)
	runes := []rune(strings.Trim(clean, " ."))
	if len(runes) > 80 {
		runes = runes[len(runes)-80:]
	}
	if len(runes) == 0 {
		return "file"
	}
	return string(runes)
}

// attach stores files with an order, each with a line in its timeline.
func (c *Core) attach(tx *gorm.DB, p models.Payout, by models.Person, verdict *int64, files []models.File) error {
	for _, f := range files {
		f.PayoutID, f.VerdictID, f.AddedBy, f.AddedAt = p.ID, verdict, by.ID, c.Now()
		if err := tx.Create(&f).Error; err != nil {
			return fmt.Errorf("store file: %w", err)
		}
		err := models.Remark(tx, p, "attached", by.As(models.VerbNote), c.Now(), models.Details{
			"file": f.Name, "file_id": fmt.Sprint(f.ID), "digest": fmt.Sprintf("%x", f.Digest), "size": fmt.Sprint(f.Size),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
