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
