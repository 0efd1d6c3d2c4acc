-- +goose Up
-- Keys of gateway accounts are changed by two people, and for a while the gateway signs with the former ones.

-- Keys that somebody proposed; wiped once they are in use or others were proposed.
CREATE TABLE account_keys (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES gateway_accounts (id),
    sealed_keys BLOB NOT NULL,
    fingerprint TEXT NOT NULL,
    made_by     INTEGER NOT NULL REFERENCES people (id),
    made_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX account_keys_by_account ON account_keys (account_id);

ALTER TABLE gateway_accounts ADD COLUMN sealed_former BLOB;
ALTER TABLE gateway_accounts ADD COLUMN former_fingerprint TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_accounts ADD COLUMN former_until INTEGER NOT NULL DEFAULT 0; -- until when notices signed with them are taken
