-- +goose Up
-- The rows that an act wrote, each with its digest, as part of the entry that tells of the act: what lies outside the log
-- is held to it (I19). One line a row: digest, table, key.
ALTER TABLE events ADD COLUMN binds TEXT NOT NULL DEFAULT '';
