-- +goose Up
-- Limits (I18): how much may be released a day. Versions are added, never edited.
CREATE TABLE limit_versions (
    version    INTEGER PRIMARY KEY,
    content    TEXT NOT NULL, -- canonical JSON
    note       TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER limit_versions_keep BEFORE UPDATE ON limit_versions BEGIN SELECT RAISE(ABORT, 'limits are versioned, never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER limit_versions_stay BEFORE DELETE ON limit_versions BEGIN SELECT RAISE(ABORT, 'limits are never deleted'); END;
-- +goose StatementEnd

-- What is used of each limit, changed by differences in the transaction that moves an order (I30).
CREATE TABLE limit_uses (
    day       TEXT NOT NULL, -- business day, 2026-11-30
    currency  TEXT NOT NULL,
    scope     TEXT NOT NULL CHECK (scope IN ('day', 'maker', 'payee', 'gateway')),
    subject   TEXT NOT NULL, -- of the maker or gateway account its number, of the payee's account its keyed hash
    orders    INTEGER NOT NULL,
    sum_minor INTEGER NOT NULL,
    PRIMARY KEY (day, currency, scope, subject)
) STRICT, WITHOUT ROWID;

-- The business day whose limits the order counts against; '' counts against none.
ALTER TABLE payouts ADD COLUMN room TEXT NOT NULL DEFAULT '';
CREATE INDEX payouts_without_room ON payouts (id) WHERE stage = 'approved' AND room = '';

-- Orders up to this one were made without limits.
INSERT INTO settings (name, value) SELECT 'limits_since', CAST(max(id) AS TEXT) FROM payouts HAVING count(*) > 0;
