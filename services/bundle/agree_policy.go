package bundle

import (
	"encoding/hex"

	"countersign/models"
)

// agreePolicy asks the policy in the bundle again what the order needed, and holds the
// answer against what its submission put on record. Orders submitted before the facts
// were kept name none.
func (f *Found) agreePolicy(map[string][]byte) error {
	submissions := f.of(models.MoveSubmit)
	if len(submissions) == 0 {
		return nil
	}
	last := submissions[len(submissions)-1]
	if last.Details["facts"] == "" {
		return nil
	}
	policy := f.Dossier.Policy
	if policy == nil || hex.EncodeToString(policy.Digest()) != last.Details["policy_digest"] {
		return refused("The policy in the bundle is not the one under which the order was submitted.")
	}
	facts, ok := models.ReadFacts(last)
	if edits := f.of(models.MoveEdit); !ok || facts.Sum != f.Dossier.Content.Amount && (len(edits) == 0 || edits[len(edits)-1].Seq < last.Seq) {
		return refused("The submission is about another sum than the content that was signed.")
	}
	if wrong := models.NeedOfSubmission(*policy, last, models.EffectOf(last)); wrong != "" {
		return refused("The order was submitted for other signatures than its policy asks for: %s.", wrong)
	}
	return nil
}

// signersOf are the people of these signatures, with the roles that they held. Before
// those were kept, the log named the one that allowed the signature.
func signersOf(signed []models.Event) (signers []models.Signer) {
	for _, e := range signed {
		roles, kept := e.Details["roles"]
		if !kept {
			roles = e.Role
		}
		signers = append(signers, models.Signer{ID: e.ActorID, Roles: models.ReadRoles(roles)})
	}
	return signers
}
