-- +goose Up
-- Two roles that are kept apart and that somebody holds all the same, until a day.
CREATE TABLE role_exceptions (
    id        INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    later     TEXT NOT NULL, -- the role that goes at the end
    earlier   TEXT NOT NULL,
    reason    TEXT NOT NULL CHECK (reason <> ''),
    given_at  INTEGER NOT NULL,
    until_at  INTEGER NOT NULL CHECK (until_at > given_at),
    ended_at  INTEGER NOT NULL DEFAULT 0,
    CHECK (later <> earlier)
) STRICT;
CREATE UNIQUE INDEX role_exceptions_standing ON role_exceptions (person_id, later, earlier) WHERE ended_at = 0;
-- +goose StatementBegin
CREATE TRIGGER role_exceptions_stay BEFORE DELETE ON role_exceptions BEGIN SELECT RAISE(ABORT, 'exceptions are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER role_exceptions_keep BEFORE UPDATE ON role_exceptions
WHEN OLD.ended_at <> 0 OR NEW.person_id <> OLD.person_id OR NEW.later <> OLD.later OR NEW.earlier <> OLD.earlier
    OR NEW.reason <> OLD.reason OR NEW.given_at <> OLD.given_at OR NEW.until_at <> OLD.until_at
BEGIN SELECT RAISE(ABORT, 'an exception is never made longer'); END;
-- +goose StatementEnd
