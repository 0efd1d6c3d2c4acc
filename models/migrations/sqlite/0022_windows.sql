-- +goose Up
-- Until when a released order can still be called back (X24); 0 is not at all.
ALTER TABLE payouts ADD COLUMN leaves_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX payouts_leaving ON payouts (leaves_at) WHERE stage = 'approved' AND leaves_at > 0;
