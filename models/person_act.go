package models

import (
	"encoding/json"
	"fmt"
)

// LeavingAct is to deactivate the person as they stand, and to give what waits for them to
// these two; "" is nobody.
func (p Person) LeavingAct(cases, drafts string) (Act, error) {
	act, err := p.Act(ActDeactivate)
	act.Digest = digestOf("countersign leaving v1", act.Digest, []byte(cases), []byte(drafts))
	return act, err
}

// Act is a deed on the person as they stand: whoever signs it sees who they are and what
// they may do.
func (p Person) Act(verb ActVerb) (Act, error) {
	stands, err := json.Marshal(GrantOf(p))
	return Act{
		Verb: verb, Subject: "person", SubjectID: fmt.Sprint(p.ID),
		Digest: digestOf("countersign person v1", []byte(p.Login), []byte(p.Name), stands),
	}, err
}
