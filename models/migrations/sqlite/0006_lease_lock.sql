-- +goose Up
-- Whether the holder shows by a lock of the operating system that it is alive.
ALTER TABLE leases ADD COLUMN locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1));
