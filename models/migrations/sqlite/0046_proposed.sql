-- +goose Up
-- Keys of an account that somebody proposed and nobody has confirmed; wiped once the account is there or the proposal is over.
CREATE TABLE proposed_accounts (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL CHECK (name <> ''),
    slug        TEXT NOT NULL UNIQUE,
    sealed_keys BLOB NOT NULL,
    made_by     INTEGER NOT NULL REFERENCES people (id),
    made_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX proposed_accounts_by_name ON proposed_accounts (name);

-- What a person may do is signed by their login and name, not by their number: whoever adds somebody does not know it yet.
DROP TRIGGER changes_proposed_signed;
-- +goose StatementBegin
CREATE TRIGGER changes_proposed_signed BEFORE INSERT ON changes
WHEN NOT EXISTS (
    SELECT 1 FROM signatures s WHERE s.person_id = NEW.proposed_by AND s.act = 'propose_change' AND s.subject = 'change' AND s.made_at = NEW.proposed_at
    AND s.subject_id = NEW.kind || ' ' || CASE NEW.kind WHEN 'roles' THEN 'of ' || (SELECT p.login FROM people p WHERE p.id = CAST(NEW.subject AS INTEGER)) ELSE NEW.subject END
)
BEGIN SELECT RAISE(ABORT, 'a change is proposed with a signature of its person'); END;
-- +goose StatementEnd
