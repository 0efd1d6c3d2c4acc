package handlers

import (
	"fmt"
	"io"
	"mime/multipart"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
)

// maxFields bounds how many names a form may have.
const maxFields = 200

// parseForm reads the body of a post, with files if it has some, into memory: the
// route's limit has been set before.
func parseForm(c *gin.Context) error {
	var err error
	if strings.HasPrefix(c.ContentType(), "multipart/form-data") {
		err = c.Request.ParseMultipartForm(uploadBytes)
	} else {
		err = c.Request.ParseForm()
	}
	if err != nil {
		return unreadable{err}
	}
	if len(c.Request.PostForm) > maxFields {
		return models.Refuse(models.Invalid, "form.too_many")
	}
	return nil
}

// unreadable is a body that broke off, was too large or is no form.
type unreadable struct{ error }

func (u unreadable) Unwrap() error { return u.error }

// readForm fills a struct whose fields say their form names:
//
//	Name   string            `form:"name"`       trimmed
//	Secret string            `form:"secret,raw"` as typed
//	Yes    bool              `form:"yes"`        a checkbox
//	Roles  []string          `form:"roles"`      may come several times
//	Fields map[string]string `form:"f.*"`        every f.NAME
//	Files  []services.Upload `form:"files"`      on routes WithFiles
//	proofForm                                    embedded: the fields of a step-up
//
// A field that the struct does not have, or that comes twice, is refused (S10):
// our own pages send none.
func readForm(c *gin.Context, into any) error {
	values, files := map[string][]string{}, map[string][]*multipart.FileHeader{}
	for name, all := range c.Request.PostForm {
		values[name] = all
	}
	delete(values, formKeyField)
	if c.Request.MultipartForm != nil {
		for name, all := range c.Request.MultipartForm.File {
			files[name] = all
		}
	}
	if err := fillStruct(reflect.ValueOf(into).Elem(), values, files); err != nil {
		return err
	}
	for name := range values {
		return models.Refuse(models.Invalid, "form.unknown_field", "Field", name)
	}
	for name := range files {
		return models.Refuse(models.Invalid, "form.unknown_field", "Field", name)
	}
	return nil
}

// fillStruct fills the fields of a form, and of the parts of it that stand in many.
func fillStruct(form reflect.Value, values map[string][]string, files map[string][]*multipart.FileHeader) error {
	for i := range form.NumField() {
		var err error
		field := form.Type().Field(i)
		tag, sent := field.Tag.Lookup("form") // what has no name is ours, and never sent
		if field.Anonymous {
			err = fillStruct(form.Field(i), values, files)
		} else if sent {
			err = fillField(form.Field(i), tag, values, files)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fillField takes what belongs to the field out of the form.
func fillField(field reflect.Value, tag string, values map[string][]string, files map[string][]*multipart.FileHeader) error {
	name, raw := strings.CutSuffix(tag, ",raw")
	if prefix, many := strings.CutSuffix(name, "*"); many {
		return fillMap(field, prefix, values)
	}
	sent := values[name]
	delete(values, name)
	switch into := field.Addr().Interface().(type) {
	case *[]services.Upload:
		headers := files[name]
		delete(files, name)
		return fillFiles(into, headers)
	case *[]string:
		for _, text := range sent {
			clean, err := cleaned(name, text, raw)
			if err != nil {
				return err
			}
			*into = append(*into, clean)
		}
		return nil
	case *bool:
		*into = single(sent) == "on"
		return onlyOnce(name, sent)
	}
	if field.Kind() != reflect.String {
		panic(fmt.Sprintf("form field %q is a %s, which forms do not have", tag, field.Type()))
	}
	if err := onlyOnce(name, sent); err != nil {
		return err
	}
	text, err := cleaned(name, single(sent), raw)
	field.SetString(text)
	return err
}

func fillMap(field reflect.Value, prefix string, values map[string][]string) error {
	into := field.Addr().Interface().(*map[string]string)
	*into = map[string]string{}
	for name, sent := range values {
		short, ours := strings.CutPrefix(name, prefix)
		if !ours {
			continue
		}
		if err := onlyOnce(name, sent); err != nil {
			return err
		}
		text, err := cleaned(name, single(sent), false)
		if err != nil {
			return err
		}
		(*into)[short] = text
		delete(values, name)
	}
	return nil
}

func fillFiles(into *[]services.Upload, headers []*multipart.FileHeader) error {
	for _, header := range headers {
		content, err := readFile(header)
		if err != nil {
			return unreadable{err}
		}
		*into = append(*into, services.Upload{Name: header.Filename, Content: content})
	}
	return nil
}

func readFile(header *multipart.FileHeader) ([]byte, error) {
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

func onlyOnce(name string, sent []string) error {
	if len(sent) > 1 {
		return models.Refuse(models.Invalid, "form.repeated_field", "Field", name)
	}
	return nil
}

// cleaned is the text as a person meant it: whole letters, one kind of line
// break, no bytes that only machines send.
func cleaned(name, text string, raw bool) (string, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if !utf8.ValidString(text) || strings.IndexFunc(text, odd) >= 0 {
		return "", models.Refuse(models.Invalid, "form.odd_bytes", "Field", name)
	}
	if raw {
		return text, nil
	}
	return strings.TrimSpace(text), nil
}
