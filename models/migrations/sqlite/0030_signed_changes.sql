-- +goose Up
-- Whoever asks for a change that takes two people, and whoever confirms it, proves to be there for that very change (S5, invariants.md 3 ↑).
-- The signature is made in the same write, at the same moment; changes from before this version keep what they have.
-- +goose StatementBegin
CREATE TRIGGER changes_proposed_signed BEFORE INSERT ON changes
WHEN NOT EXISTS (
    SELECT 1 FROM signatures s WHERE s.person_id = NEW.proposed_by AND s.act = 'propose_change'
    AND s.subject = 'change' AND s.subject_id = NEW.kind || ' ' || NEW.subject AND s.made_at = NEW.proposed_at
)
BEGIN SELECT RAISE(ABORT, 'a change is proposed with a signature of its person'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER changes_confirmed_signed BEFORE UPDATE ON changes
WHEN NEW.state = 'confirmed' AND NOT EXISTS (
    SELECT 1 FROM signatures s WHERE s.person_id = NEW.decided_by AND s.act = 'confirm_change'
    AND s.subject = 'change' AND s.subject_id = CAST(NEW.id AS TEXT) AND s.content_digest = NEW.digest
)
BEGIN SELECT RAISE(ABORT, 'a change is confirmed with a signature of its person over what they saw'); END;
-- +goose StatementEnd
