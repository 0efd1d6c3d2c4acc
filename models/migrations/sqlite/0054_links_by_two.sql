-- +goose Up
-- A link that lets somebody in as a person is asked for by one and confirmed by another, and opens with both halves alone: the link, which
-- the one hands on, and a code, which the other does (decision 17). Links that one person made before this version open nothing.
ALTER TABLE invitations ADD COLUMN change_id INTEGER REFERENCES changes (id); -- by which two people agreed on it; NULL: the machine's
ALTER TABLE invitations ADD COLUMN code_digest BLOB; -- of the other half; NULL until the second person has it
ALTER TABLE invitations ADD COLUMN wrong INTEGER NOT NULL DEFAULT 0; -- codes that were tried and did not fit
CREATE UNIQUE INDEX invitations_by_change ON invitations (change_id) WHERE change_id IS NOT NULL;
-- +goose StatementBegin
CREATE TRIGGER invitations_asked_for BEFORE INSERT ON invitations
WHEN NEW.code_digest IS NOT NULL OR NEW.used_at <> 0 OR NEW.made_by IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM changes c WHERE c.id = NEW.change_id AND c.kind = 'link' AND c.state = 'waiting' AND c.subject = CAST(NEW.person_id AS TEXT)
    AND c.proposed_by = NEW.made_by
)
BEGIN SELECT RAISE(ABORT, 'a link to a person is asked for as a change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER invitations_keep BEFORE UPDATE ON invitations
WHEN OLD.used_at <> 0 OR NEW.id <> OLD.id OR NEW.digest <> OLD.digest OR NEW.person_id IS NOT OLD.person_id OR NEW.made_by IS NOT OLD.made_by
    OR NEW.made_at <> OLD.made_at OR NEW.change_id IS NOT OLD.change_id OR OLD.code_digest IS NOT NULL AND NEW.code_digest IS NOT OLD.code_digest OR NEW.wrong < OLD.wrong
BEGIN SELECT RAISE(ABORT, 'a link is used once, and nothing else of it changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER invitations_by_two BEFORE UPDATE ON invitations
WHEN NEW.made_by IS NOT NULL AND (NEW.code_digest IS NOT NULL OR NEW.used_at <> 0) AND (NEW.code_digest IS NULL OR NOT EXISTS (
    SELECT 1 FROM changes c WHERE c.id = NEW.change_id AND c.state = 'confirmed' AND c.decided_by NOT IN (NEW.made_by, NEW.person_id)
))
BEGIN SELECT RAISE(ABORT, 'a link to a person opens once a second person has confirmed it and has its code'); END;
-- +goose StatementEnd
