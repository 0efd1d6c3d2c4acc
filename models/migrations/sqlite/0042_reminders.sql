-- +goose Up
-- With whom an order is that waits for signatures: a schedule, which the log tells of (E10). Nothing is ever approved by it.
CREATE TABLE reminders (
    payout_id INTEGER PRIMARY KEY REFERENCES payouts (id),
    version   INTEGER NOT NULL,
    person_id INTEGER NOT NULL, -- who was told last; 0: the controllers
    told      TEXT NOT NULL,    -- everybody who was, in order: ",3,7,"
    at        INTEGER NOT NULL,
    next_at   INTEGER NOT NULL  -- when the next one is told; 0 is never
) STRICT;
CREATE INDEX reminders_due ON reminders (next_at) WHERE next_at > 0;
CREATE INDEX reminders_with ON reminders (person_id, payout_id);
