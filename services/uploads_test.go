package services

import (
	"strings"
	"testing"
)

func TestS15_AFileIsNamedAsWhatItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sent, content, kept string }{
		{"invoice.pdf", "%PDF-1.7\n%%EOF\n", "invoice.pdf"},
		{"invoice.PDF", "%PDF-1.7\n%%EOF\n", "invoice.PDF"},
		{"photo.jpeg", "\xff\xd8\xff\xe0", "photo.jpeg"},
		{"statement.csv", "date,amount\n", "statement.csv"},
		{"page.html", "plain words first <script>alert(1)</script>", "page.html.txt"},
		{"run.exe", "plain words", "run.exe.txt"},
		{"photo.png", "%PDF-1.7\n%%EOF\n", "photo.png.pdf"},
		{"C:\\temp\\..\\invoice", "plain words", "invoice.txt"},
		{"a\"b\r\nSet-Cookie: x=1.txt", "plain words", "a_b__Set-Cookie_ x_1.txt"},
	} {
		files, refused := checkUploads([]Upload{{Name: c.sent, Content: []byte(c.content)}})
		if len(refused) > 0 || files[0].Name != c.kept {
			t.Errorf("%q is kept as %v, want %q; %v", c.sent, files, c.kept, refused)
		}
	}
	for _, odd := range []string{"<html><script>alert(1)</script>", "<?xml version=\"1.0\"?><svg/>", "PK\x03\x04", "GIF89a", "\x00\x01\x02", "MZ\x90\x00", "%PDF-1.7\n1 0 obj", "%PDF-1.7\n%%EOF" + strings.Repeat("\n<p>", 300)} {
		if _, refused := checkUploads([]Upload{{Name: "invoice.pdf", Content: []byte(odd)}}); len(refused) == 0 {
			t.Errorf("%q is taken", odd)
		}
	}
}

func TestS15_FilesAreRefusedBeyondTheirNumberAndSize(t *testing.T) {
	t.Parallel()
	words := func(size int) Upload { return Upload{Name: "a.txt", Content: []byte(strings.Repeat("a", size))} }
	many := func(count int) (all []Upload) {
		for range count {
			all = append(all, words(1))
		}
		return all
	}
	for _, c := range []struct {
		what  string
		files []Upload
		want  string
	}{
		{"as many as may be", many(maxFiles), ""},
		{"one more", many(maxFiles + 1), "file.too_many"},
		{"as large as may be", []Upload{words(maxFileSize)}, ""},
		{"a byte more", []Upload{words(maxFileSize + 1)}, "file.too_large"},
		{"nothing in it", []Upload{words(0)}, "file.empty"},
	} {
		got := ""
		if _, refused := checkUploads(c.files); len(refused) > 0 {
			got = refused[0].Key
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
