-- +goose Up
-- An attempt that was put on record again from the journal of sends, after the
-- database was restored from a backup made before it (I27).
ALTER TABLE attempts ADD COLUMN restored INTEGER NOT NULL DEFAULT 0;

-- What the journal told when this database was found to be older than it.
CREATE TABLE restored_sends (
    order_no       TEXT NOT NULL,
    request_digest BLOB NOT NULL,
    content_digest BLOB NOT NULL,
    payout_id      INTEGER REFERENCES payouts (id), -- NULL: no such order in this database
    account_slug   TEXT NOT NULL,
    sent_at        INTEGER NOT NULL,
    request_bytes  INTEGER NOT NULL,
    differs        INTEGER NOT NULL, -- the order stands here with another content than left
    found_at       INTEGER NOT NULL,
    looked_by      INTEGER NOT NULL DEFAULT 0,
    looked_at      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (order_no, request_digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX restored_sends_by_payout ON restored_sends (payout_id) WHERE payout_id IS NOT NULL;
-- +goose StatementBegin
CREATE TRIGGER restored_sends_stay BEFORE DELETE ON restored_sends BEGIN SELECT RAISE(ABORT, 'what the journal told is never deleted'); END;
-- +goose StatementEnd
