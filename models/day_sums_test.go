package models

import "testing"

func TestFactsAreReadAsTheyAreKept(t *testing.T) {
	t.Parallel()
	kept := Facts{Sum: Money{1_500_00, "PEN"}, ToAccount: 4_500_00, ByMaker: 9_000_00, Gateway: 3, Rail: "cashy.peru", Marks: []Trigger{NewAccount, NoFile}}
	read, ok := ReadFacts(Event{Details: Details{"facts": kept.Text()}})
	if !ok || read.Text() != kept.Text() || read.Sum != kept.Sum || !read.Is(NoFile) || read.Is(Reissued) {
		t.Errorf("%q is read as %+v", kept.Text(), read)
	}
	for _, text := range []string{"", "PEN 1 account 1 maker 1 gateway 1", "PEN x account 1 maker 1 gateway 1 rail r"} {
		if _, ok := ReadFacts(Event{Details: Details{"facts": text}}); ok {
			t.Errorf("%q is read", text)
		}
	}
}
