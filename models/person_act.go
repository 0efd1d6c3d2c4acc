package models

import (
	"encoding/json"
	"fmt"
)

// Act is a deed on the person as they stand: whoever signs it sees who they are and what
// they may do.
func (p Person) Act(verb ActVerb) (Act, error) {
	stands, err := json.Marshal(GrantOf(p))
	return Act{
		Verb: verb, Subject: "person", SubjectID: fmt.Sprint(p.ID),
		Digest: digestOf("countersign person v1", []byte(p.Login), []byte(p.Name), stands),
	}, err
}
