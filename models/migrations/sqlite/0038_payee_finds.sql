-- +goose Up
-- How a payee's name is compared from its end, and read in Latin letters (D7, X21). The program fills them in for payees that were
-- stored before when it starts, and compares those then.
ALTER TABLE payees ADD COLUMN backward TEXT NOT NULL DEFAULT '';
ALTER TABLE payees ADD COLUMN romanised TEXT NOT NULL DEFAULT '';
ALTER TABLE payees ADD COLUMN initials TEXT NOT NULL DEFAULT '';
CREATE INDEX payees_by_backward ON payees (backward, id);
CREATE INDEX payees_to_fold ON payees (id) WHERE backward = '';

-- What new details have in common with others, found when they were stored (D7): an account of a colleague's own, an account that
-- another payee has, a name like another payee's. Somebody looks at each.
CREATE TABLE payee_finds (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('own', 'shared', 'alike')),
    payee_id   INTEGER NOT NULL REFERENCES payees (id),
    version_id INTEGER NOT NULL REFERENCES payee_versions (id),
    other_id   INTEGER REFERENCES payees (id),
    person_id  INTEGER REFERENCES people (id),
    found_at   INTEGER NOT NULL,
    looked_by  INTEGER REFERENCES people (id),
    looked_at  INTEGER NOT NULL DEFAULT 0,
    note       TEXT NOT NULL DEFAULT '',
    CHECK ((kind = 'own') = (person_id IS NOT NULL) AND (kind = 'own') = (other_id IS NULL)),
    CHECK (other_id <> payee_id),
    CHECK ((looked_at = 0) = (looked_by IS NULL) AND (looked_at = 0) = (note = '')),
    CHECK (looked_by <> person_id)
) STRICT;
CREATE UNIQUE INDEX payee_finds_once ON payee_finds (kind, version_id, coalesce(other_id, -person_id));
CREATE INDEX payee_finds_by_time ON payee_finds (found_at);
CREATE INDEX payee_finds_open ON payee_finds (id) WHERE looked_at = 0;
CREATE INDEX payee_finds_of ON payee_finds (payee_id);
CREATE INDEX payee_finds_of_other ON payee_finds (other_id) WHERE other_id IS NOT NULL;
-- +goose StatementBegin
CREATE TRIGGER payee_finds_keep BEFORE UPDATE ON payee_finds
WHEN OLD.looked_at <> 0 OR NEW.looked_at = 0 OR NEW.kind <> OLD.kind OR NEW.payee_id <> OLD.payee_id OR NEW.version_id <> OLD.version_id
    OR NEW.other_id IS NOT OLD.other_id OR NEW.person_id IS NOT OLD.person_id OR NEW.found_at <> OLD.found_at
    OR NEW.looked_by = (SELECT v.created_by FROM payee_versions v WHERE v.id = NEW.version_id)
BEGIN SELECT RAISE(ABORT, 'a find is looked at once, by somebody who did not enter the details'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payee_finds_stay BEFORE DELETE ON payee_finds BEGIN SELECT RAISE(ABORT, 'finds are never deleted'); END;
-- +goose StatementEnd
