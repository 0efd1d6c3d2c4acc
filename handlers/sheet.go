package handlers

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// sheet writes a CSV file row by row, as a spreadsheet may open it without harm:
// no cell is a formula, no number of ours is rounded (S15, L6). Head and foot
// stand around the rows; the digest in the foot is of the rows with their names.
type sheet struct {
	c      *gin.Context
	buffer bytes.Buffer
	csv    *csv.Writer
	digest hash.Hash
	rows   int
}

// utf8Mark tells spreadsheets that the file is UTF-8.
const utf8Mark = "\ufeff"

// openSheet begins the answer. From here on an error can only cut the file short,
// which its missing foot tells.
func openSheet(c *gin.Context, name string) (*sheet, error) {
	control := http.NewResponseController(c.Writer)
	if err := control.SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Status(http.StatusOK)
	s := &sheet{c: c, digest: sha256.New()}
	s.csv = csv.NewWriter(&s.buffer)
	_, err := io.WriteString(c.Writer, utf8Mark)
	return s, err
}

// note writes a line of the head or foot.
func (s *sheet) note(cells ...string) error { return s.write(cells, false) }

// names writes the names of the columns.
func (s *sheet) names(cells ...string) error { return s.write(cells, true) }

// row writes one row.
func (s *sheet) row(cells ...string) error {
	s.rows++
	return s.write(cells, true)
}

func (s *sheet) write(cells []string, counted bool) error {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = harmless(cell)
	}
	s.buffer.Reset()
	if err := s.csv.Write(safe); err != nil {
		return err
	}
	s.csv.Flush()
	if counted {
		s.digest.Write(s.buffer.Bytes())
	}
	_, err := s.c.Writer.Write(s.buffer.Bytes())
	return err
}

// close writes how many rows there were and their digest, so that a file that was
// cut short or changed can be told from a whole one.
func (s *sheet) close() error {
	if err := s.note("Rows", strconv.Itoa(s.rows)); err != nil {
		return err
	}
	return s.note("SHA-256 of the rows with their heads", hex.EncodeToString(s.digest.Sum(nil)))
}

// asFormula begins what a spreadsheet would run, also in full-width form; asNumber
// is what it would read as a number and round, or write as a power of ten.
var (
	asFormula = "=+-@\t\r\n＝＋－＠"
	asNumber  = regexp.MustCompile(`^(?:[0-9]{12,}|0[0-9]+|[0-9]+[eE][0-9]+)$`)
)

// harmless marks such a cell as text with an apostrophe.
func harmless(cell string) string {
	if asNumber.MatchString(cell) || strings.IndexAny(cell, asFormula) == 0 {
		return "'" + cell
	}
	return cell
}

// stampOf writes a moment with its offset; never is empty.
func stampOf(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zone).Format("2006-01-02T15:04:05.000Z07:00")
}
