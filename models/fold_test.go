package models

import "testing"

func TestNamesAreFoundInEveryWayOfWritingThem(t *testing.T) {
	t.Parallel()
	for name, same := range map[string][]string{
		"鸿达物流股份有限公司":            {"鴻達物流股份有限公司", "鴻達物流股份有限公司 ", "鴻達 物流（股份）有限公司"},
		"陈怡君":                   {"陳怡君", "陳　怡君"},
		"金城":                    {"\uf90a城"}, // a compatibility character
		"José Núñez":            {"JOSE NUNEZ", "Jose\u0301 Nun\u0303ez", "ＪＯＳＥ　ＮＵＮＥＺ"},
		"Inversiones Los Andes": {"inversiones los andes", "Inversiones-Los-Andes."},
	} {
		for _, other := range same {
			if got, want := FoldName(other), FoldName(name); got != want {
				t.Errorf("%q is folded as %q, %q as %q", other, got, name, want)
			}
		}
	}
	if FoldName("周丽") == FoldName("周莉") {
		t.Error("two names are one")
	}
}

func TestTheTableOfCharactersIsWholeAndHasNoCircle(t *testing.T) {
	t.Parallel()
	forms := simplified()
	if len(forms) != 2852 {
		t.Errorf("%d pairs", len(forms))
	}
	for traditional, simple := range forms {
		if _, again := forms[simple]; again {
			t.Errorf("%c is %c, which is another once more", traditional, simple)
		}
	}
}
