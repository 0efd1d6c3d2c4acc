-- +goose Up
-- Orders that a notice or the word of two people alone calls paid: after an outage of
-- ours each is asked about, and there are few among very many that are paid.
CREATE INDEX payouts_thinly_paid ON payouts (settled_at) WHERE stage = 'sent' AND outcome = 'paid' AND grade < 3;
