-- +goose Up
-- Declared accounts that are somebody's no longer (D7): their owner, or a people admin, says so, a controller confirms it, and the account
-- counts as theirs for some time yet. The declaration itself stays. An end is undone by declaring the account again.
CREATE TABLE own_account_ends (
    id             INTEGER PRIMARY KEY,
    own_account_id INTEGER NOT NULL REFERENCES own_accounts (id),
    change_id      INTEGER NOT NULL UNIQUE REFERENCES changes (id), -- by which two people agreed to it
    ended_at       INTEGER NOT NULL,
    counts_until   INTEGER NOT NULL CHECK (counts_until > ended_at),
    again_at       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX own_account_ends_open ON own_account_ends (own_account_id) WHERE again_at = 0;
-- +goose StatementBegin
CREATE TRIGGER own_account_ends_keep BEFORE UPDATE ON own_account_ends
WHEN OLD.again_at <> 0 OR NEW.again_at = 0 OR NEW.own_account_id <> OLD.own_account_id OR NEW.change_id <> OLD.change_id
    OR NEW.ended_at <> OLD.ended_at OR NEW.counts_until <> OLD.counts_until
BEGIN SELECT RAISE(ABORT, 'the end of a declaration is never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER own_account_ends_by_two BEFORE INSERT ON own_account_ends
WHEN NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = NEW.change_id AND c.kind = 'own_account' AND c.state = 'confirmed'
    AND c.subject = CAST(NEW.own_account_id AS TEXT) AND c.decided_by <> c.proposed_by)
BEGIN SELECT RAISE(ABORT, 'a declaration ends by two people'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER own_account_ends_stay BEFORE DELETE ON own_account_ends BEGIN SELECT RAISE(ABORT, 'ends of declarations are never deleted'); END;
-- +goose StatementEnd
