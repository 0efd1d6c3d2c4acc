-- +goose Up
-- Heads leave by mail too.
CREATE TABLE head_departures_next (
    head_id  INTEGER NOT NULL REFERENCES heads (id),
    outlet   TEXT NOT NULL CHECK (outlet IN ('folder', 'webhook', 'mail')),
    place    TEXT NOT NULL DEFAULT '', -- where it was last tried
    left_at  INTEGER NOT NULL DEFAULT 0,
    tries    INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER NOT NULL DEFAULT 0,
    problem  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (head_id, outlet)
) STRICT, WITHOUT ROWID;
INSERT INTO head_departures_next SELECT * FROM head_departures;
DROP TABLE head_departures;
ALTER TABLE head_departures_next RENAME TO head_departures;
CREATE INDEX head_departures_waiting ON head_departures (head_id) WHERE left_at = 0;
-- +goose StatementBegin
CREATE TRIGGER head_departures_keep BEFORE UPDATE ON head_departures WHEN OLD.left_at > 0
BEGIN SELECT RAISE(ABORT, 'a head that has left has left'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER head_departures_stay BEFORE DELETE ON head_departures BEGIN SELECT RAISE(ABORT, 'where a head went is never deleted'); END;
-- +goose StatementEnd
