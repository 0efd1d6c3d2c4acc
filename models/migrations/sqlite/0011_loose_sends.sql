-- +goose Up
-- What people found out about a send that no order here stands for: one writes it
-- down, a second one who found the same closes it.
ALTER TABLE restored_sends ADD COLUMN looked_words TEXT NOT NULL DEFAULT '';
ALTER TABLE restored_sends ADD COLUMN agreed_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE restored_sends ADD COLUMN agreed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE restored_sends ADD COLUMN agreed_words TEXT NOT NULL DEFAULT '';
CREATE INDEX restored_sends_loose ON restored_sends (sent_at, order_no) WHERE (payout_id IS NULL OR differs = 1) AND agreed_by = 0;
CREATE INDEX restored_sends_closed ON restored_sends (agreed_at, order_no) WHERE (payout_id IS NULL OR differs = 1) AND agreed_by > 0;
