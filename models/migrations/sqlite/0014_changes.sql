-- +goose Up
-- What two people change: one proposes it, another confirms it, and neither is the person
-- whom it concerns (invariants.md 3). What was decided stays as it was decided.
CREATE TABLE changes (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind <> ''),
    subject     TEXT NOT NULL, -- within the kind: a person, a payee; '' for the one policy
    content     TEXT NOT NULL CHECK (json_valid(content)),
    digest      BLOB NOT NULL CHECK (length(digest) = 32), -- what both people agree on
    before      TEXT NOT NULL,
    reason      TEXT NOT NULL CHECK (reason <> ''),
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'confirmed', 'refused', 'withdrawn', 'overtaken')),
    proposed_by INTEGER NOT NULL REFERENCES people (id),
    proposed_at INTEGER NOT NULL,
    decided_by  INTEGER REFERENCES people (id),
    decided_at  INTEGER NOT NULL DEFAULT 0,
    answer      TEXT NOT NULL DEFAULT '', -- why it was refused
    about       INTEGER REFERENCES people (id), -- whom it concerns
    CHECK (about IS NULL OR proposed_by <> about),
    CHECK (state NOT IN ('confirmed', 'refused') OR (decided_by IS NOT NULL AND decided_by <> proposed_by AND (about IS NULL OR decided_by <> about))),
    CHECK ((state = 'waiting') = (decided_at = 0)),
    CHECK (state <> 'waiting' OR decided_by IS NULL)
) STRICT;
CREATE UNIQUE INDEX changes_waiting ON changes (kind, subject) WHERE state = 'waiting';
CREATE INDEX changes_decided ON changes (decided_at) WHERE state <> 'waiting';
-- +goose StatementBegin
CREATE TRIGGER changes_begin BEFORE INSERT ON changes WHEN NEW.state <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'a change begins by waiting'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER changes_stay BEFORE DELETE ON changes BEGIN SELECT RAISE(ABORT, 'changes are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER changes_keep BEFORE UPDATE ON changes
WHEN OLD.state <> 'waiting' OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.subject <> OLD.subject OR NEW.content <> OLD.content OR NEW.digest <> OLD.digest
    OR NEW.before <> OLD.before OR NEW.reason <> OLD.reason OR NEW.proposed_by <> OLD.proposed_by OR NEW.proposed_at <> OLD.proposed_at OR NEW.about IS NOT OLD.about
BEGIN SELECT RAISE(ABORT, 'a change is decided as it was proposed, once'); END;
-- +goose StatementEnd
