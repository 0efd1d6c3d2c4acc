package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
)

// manyFrom makes an archive in which so many names stand for one and the same part: its
// list of files is patched to point at the first one again and again.
func manyFrom(t *testing.T, names int, length int) []byte {
	t.Helper()
	files := map[string][]byte{"a000": bytes.Repeat([]byte("x"), length)}
	whole, err := Write(files)
	if err != nil {
		t.Fatal(err)
	}
	list, end := bytes.Index(whole, []byte("PK\x01\x02")), bytes.LastIndex(whole, []byte("PK\x05\x06"))
	entry, out := whole[list:end], bytes.Clone(whole[:list])
	for n := range names {
		one := bytes.Clone(entry)
		copy(one[46:50], []byte{'a', '0' + byte(n/100), '0' + byte(n/10%10), '0' + byte(n%10)})
		out = append(out, one...)
	}
	tail := bytes.Clone(whole[end:])
	tail[8], tail[10] = byte(names), byte(names)
	size := len(entry) * names
	tail[12], tail[13], tail[14] = byte(size), byte(size>>8), byte(size>>16)
	return append(out, tail...)
}

// An archive whose files are together larger than itself is refused by its list alone:
// read, it would take what its list says, however small it is.
func TestAnArchiveOfOverlappingFilesIsRefusedUnread(t *testing.T) {
	whole := manyFrom(t, 4, 1000)
	archive, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil || len(archive.File) != 4 || archive.File[3].UncompressedSize64 != 1000 {
		t.Fatalf("the archive is not what the test wants: %v", err)
	}
	_, single := read(whole)
	_, period := CheckPeriod(bytes.NewReader(whole), int64(len(whole)), nil, "", nil)
	for name, err := range map[string]error{"order": single, "period": period} {
		if !errors.As(err, new(Refused)) || !strings.Contains(err.Error(), "larger than the bundle itself") {
			t.Errorf("%s: %v", name, err)
		}
	}
	sound, err := Write(map[string][]byte{"a": []byte("1"), "b": bytes.Repeat([]byte("2"), 1000)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read(sound); err != nil {
		t.Error(err)
	}
	if archive, err = zip.NewReader(bytes.NewReader(whole), int64(len(whole))); err != nil || checkEntries(archive.File, 5000) != nil {
		t.Error("the known-bad variant: a check that goes by names and ways of packing alone should let it pass")
	}
}
