-- +goose Up
-- Orders that a notice or the word of two people alone calls paid: after an outage of
-- ours each is asked about, and there are few among very many that are paid.
CREATE INDEX payouts_thinly_paid ON payouts (settled_at) WHERE stage = 'sent' AND outcome = 'paid' AND grade < 3;

-- Since when an account is called silent: its orders are settled by asking alone. The
-- time of its last notice then tells whether another has come.
ALTER TABLE gateway_accounts ADD COLUMN silent_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway_accounts ADD COLUMN silent_since INTEGER NOT NULL DEFAULT 0; -- last_notice_at at that time, 0 if none ever came
ALTER TABLE gateway_accounts ADD COLUMN silent_orders INTEGER NOT NULL DEFAULT 0;

-- When a case that two people agreed to look at again came back to them.
ALTER TABLE verdicts ADD COLUMN returned_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX verdicts_promised ON verdicts (look_again_at) WHERE says = 'look_again' AND state = 'confirmed' AND returned_at = 0;
