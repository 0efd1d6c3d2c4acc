-- +goose Up
-- Numbers and names to which nothing is paid (D7). One person puts them on the list, two take them off. Of a number the sealed bytes
-- and a keyed hash are kept (I24), of a name what names are compared by.
CREATE TABLE payee_blocks (
    id            INTEGER PRIMARY KEY,
    kind          TEXT NOT NULL CHECK (kind IN ('number', 'name')),
    number_hash   BLOB,
    sealed_number BLOB,
    last4         TEXT NOT NULL DEFAULT '',
    name          TEXT NOT NULL DEFAULT '', -- of a number, under which it was known
    folded        TEXT NOT NULL DEFAULT '',
    reason        TEXT NOT NULL CHECK (reason <> ''),
    blocked_by    INTEGER NOT NULL REFERENCES people (id),
    blocked_at    INTEGER NOT NULL,
    lifted_at     INTEGER NOT NULL DEFAULT 0,
    change_id     INTEGER REFERENCES changes (id), -- by which two people took it off
    CHECK ((kind = 'number') = (number_hash IS NOT NULL AND sealed_number IS NOT NULL)),
    CHECK (kind = 'number' OR folded <> ''),
    CHECK ((lifted_at = 0) = (change_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX payee_blocks_by_number ON payee_blocks (number_hash) WHERE lifted_at = 0 AND kind = 'number';
CREATE UNIQUE INDEX payee_blocks_by_name ON payee_blocks (folded) WHERE lifted_at = 0 AND kind = 'name';
-- +goose StatementBegin
CREATE TRIGGER payee_blocks_keep BEFORE UPDATE ON payee_blocks
WHEN OLD.lifted_at <> 0 OR NEW.lifted_at = 0 OR NEW.kind <> OLD.kind OR NEW.number_hash IS NOT OLD.number_hash OR NEW.sealed_number IS NOT OLD.sealed_number
    OR NEW.name <> OLD.name OR NEW.folded <> OLD.folded OR NEW.reason <> OLD.reason OR NEW.blocked_by <> OLD.blocked_by OR NEW.blocked_at <> OLD.blocked_at
BEGIN SELECT RAISE(ABORT, 'a block is taken off, never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payee_blocks_lifted_by_two BEFORE UPDATE ON payee_blocks
WHEN NEW.lifted_at <> 0 AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = NEW.change_id AND c.kind = 'unblock' AND c.state = 'confirmed'
    AND c.subject = CAST(NEW.id AS TEXT) AND c.decided_by <> c.proposed_by)
BEGIN SELECT RAISE(ABORT, 'a block is taken off by two people'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payee_blocks_stay BEFORE DELETE ON payee_blocks BEGIN SELECT RAISE(ABORT, 'blocks are never deleted'); END;
-- +goose StatementEnd

-- Accounts of our own people, as they were declared: a payout to one is pointed out to whoever signs it (D7). The number is sealed and
-- is never shown to anybody but its owner and the people admins, by its last four.
CREATE TABLE own_accounts (
    id            INTEGER PRIMARY KEY,
    person_id     INTEGER NOT NULL REFERENCES people (id),
    account_hash  BLOB NOT NULL,
    sealed_number BLOB NOT NULL,
    last4         TEXT NOT NULL,
    added_by      INTEGER NOT NULL REFERENCES people (id),
    added_at      INTEGER NOT NULL,
    UNIQUE (person_id, account_hash)
) STRICT;
CREATE INDEX own_accounts_by_number ON own_accounts (account_hash);
-- +goose StatementBegin
CREATE TRIGGER own_accounts_keep BEFORE UPDATE ON own_accounts BEGIN SELECT RAISE(ABORT, 'declared accounts are never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER own_accounts_stay BEFORE DELETE ON own_accounts BEGIN SELECT RAISE(ABORT, 'declared accounts are never deleted'); END;
-- +goose StatementEnd
