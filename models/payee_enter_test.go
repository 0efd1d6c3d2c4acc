package models

import (
	"testing"
)

func TestD1_ASubjectOfANewPayeeIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, d := range []PayeeDetails{
		{Rail: "apay.taiwan", Account: []byte{1, 2, 255}, Name: "吳佩珊"},
		{Rail: "cashy.peru", Account: []byte{0}, Name: "Rosa Elena Chuquihuanca Palomino"},
	} {
		is := readNewPayeeSubject(NewPayeeSubject(d))
		if is.Rail != d.Rail || string(is.Account) != string(d.Account) || is.Name != d.Name {
			t.Errorf("%+v is read as %+v", d, is)
		}
	}
}
