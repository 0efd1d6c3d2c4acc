-- +goose Up
-- The log of events as a tree of hashes, by which one signed head stands for all of the past (I19).
CREATE TABLE tree_hashes (
    idx  INTEGER PRIMARY KEY, -- as golang.org/x/mod/sumdb/tlog counts them
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER tree_hashes_keep BEFORE UPDATE ON tree_hashes BEGIN SELECT RAISE(ABORT, 'the tree of the log only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER tree_hashes_stay BEFORE DELETE ON tree_hashes BEGIN SELECT RAISE(ABORT, 'the tree of the log only grows'); END;
-- +goose StatementEnd

CREATE TABLE heads (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind IN ('hour', 'day', 'asked')),
    size      INTEGER NOT NULL, -- how many events it stands for
    root      BLOB NOT NULL CHECK (length(root) = 32),
    signed_at INTEGER NOT NULL,
    note      TEXT NOT NULL     -- what left, to the byte
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER heads_keep BEFORE UPDATE ON heads BEGIN SELECT RAISE(ABORT, 'a signed head never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER heads_stay BEFORE DELETE ON heads BEGIN SELECT RAISE(ABORT, 'a signed head is never deleted'); END;
-- +goose StatementEnd

-- Where each head has to go, and when it got there.
CREATE TABLE head_departures (
    head_id  INTEGER NOT NULL REFERENCES heads (id),
    outlet   TEXT NOT NULL CHECK (outlet IN ('folder', 'webhook')),
    place    TEXT NOT NULL DEFAULT '', -- where it was last tried
    left_at  INTEGER NOT NULL DEFAULT 0,
    tries    INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER NOT NULL DEFAULT 0,
    problem  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (head_id, outlet)
) STRICT, WITHOUT ROWID;
CREATE INDEX head_departures_waiting ON head_departures (head_id) WHERE left_at = 0;
-- +goose StatementBegin
CREATE TRIGGER head_departures_keep BEFORE UPDATE ON head_departures WHEN OLD.left_at > 0
BEGIN SELECT RAISE(ABORT, 'a head that has left has left'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER head_departures_stay BEFORE DELETE ON head_departures BEGIN SELECT RAISE(ABORT, 'where a head went is never deleted'); END;
-- +goose StatementEnd
