package journal

import (
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"time"
)

// Kind is what a line tells.
type Kind string

// The kinds of lines.
const (
	Sent    Kind = "sent"    // a request is about to leave
	Known   Kind = "known"   // a database knows everything up to the line with the sum After
	Begun   Kind = "begun"   // the journal begins here; earlier sends are not in it
	Damaged Kind = "damaged" // cannot be read; never written
)

// Line is one line of the journal. Seq and Hash name an event of the database that
// wrote it, and so its whole past.
type Line struct {
	Kind Kind
	Seq  int64
	Hash string // the first 16 hexadecimal digits of the event's hash
	At   time.Time
	Sum  string // over the text of the line

	// Of Sent lines.
	OrderNo       string
	Account       string // slug
	RequestDigest []byte
	ContentDigest []byte
	Bytes         int

	After string // of Known lines
}

const (
	timeLayout = "2006-01-02T15:04:05.000Z"
	hashDigits = 16
	nothing    = "-"
	tornMark   = " torn"
)

// Short is how a line names an event's hash.
func Short(hash []byte) string {
	text := hex.EncodeToString(hash)
	return text[:min(len(text), hashDigits)]
}

// text is the line as it is kept, with its sum and its end.
func (l Line) text() string {
	words := []string{string(l.Kind), strconv.FormatInt(l.Seq, 10), orNothing(l.Hash), l.At.UTC().Format(timeLayout)}
	switch l.Kind {
	case Sent:
		words = append(words, l.OrderNo, orNothing(l.Account), hex.EncodeToString(l.RequestDigest), hex.EncodeToString(l.ContentDigest), strconv.Itoa(l.Bytes))
	case Known:
		words = append(words, orNothing(l.After))
	}
	text := strings.Join(words, " ")
	return text + " " + sum(text) + "\n"
}

func sum(text string) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(text))) }

func orNothing(word string) string {
	if word == "" {
		return nothing
	}
	return word
}

// parse reads one line. What stands before a whole line was begun by a copy of the
// program that died in the middle of it: its request never left.
func parse(text string) (line Line, says bool) {
	if text == "" || strings.HasPrefix(text, "#") || strings.HasSuffix(text, tornMark) {
		return Line{}, false
	}
	for at := range text {
		if line, whole := parseWhole(text[at:]); whole {
			return line, true
		}
	}
	return Line{Kind: Damaged, Sum: sum(text)}, true
}

func parseWhole(text string) (Line, bool) {
	words := strings.Split(text, " ")
	want := map[string]int{string(Sent): 10, string(Known): 6, string(Begun): 5}[words[0]]
	if want == 0 || len(words) != want || sum(text[:max(len(text)-9, 0)]) != words[want-1] {
		return Line{}, false
	}
	line := Line{Kind: Kind(words[0]), Hash: strings.TrimPrefix(words[2], nothing), Sum: words[want-1]}
	var wrong [5]error
	line.Seq, wrong[0] = strconv.ParseInt(words[1], 10, 64)
	line.At, wrong[1] = time.Parse(timeLayout, words[3])
	switch line.Kind {
	case Sent:
		line.OrderNo, line.Account = words[4], words[5]
		line.RequestDigest, wrong[2] = hex.DecodeString(words[6])
		line.ContentDigest, wrong[3] = hex.DecodeString(words[7])
		line.Bytes, wrong[4] = strconv.Atoi(words[8])
	case Known:
		line.After = strings.TrimPrefix(words[4], nothing)
	}
	return line, wrong == [5]error{}
}
