package models

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// Act is to ask for the change of what is called name, or to make it alone; of is its
// subject as whoever signs knows it. What lies sealed in its content stands in the digest
// as its keyed hash alone: it is sealed otherwise each time.
func (c Change) Act(verb ActVerb, of, name string) (Act, error) {
	open, err := c.open()
	ground := sha256.Sum256([]byte(c.Before))
	return Act{
		Verb: verb, Subject: "change", SubjectID: string(c.Kind) + " " + of,
		Digest: digestOf("countersign change v1", []byte(c.Kind), []byte(of), []byte(name), []byte(open), ground[:]),
	}, err
}

// open is the content without what lies sealed in it.
func (c Change) open() (string, error) {
	if !c.Kind.OfDetails() {
		return c.Content, nil
	}
	details, err := ReadPayeeDetails(c.Content)
	if err != nil {
		return "", err
	}
	details.Sealed = nil
	text, err := json.Marshal(details)
	return string(text), err
}

// ConfirmAct is to carry the change out that has this digest.
func (c Change) ConfirmAct(digest []byte) Act {
	return Act{Verb: ActConfirmChange, Subject: "change", SubjectID: fmt.Sprint(c.ID), Digest: digest}
}
