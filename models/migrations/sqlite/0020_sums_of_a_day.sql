-- +goose Up
-- The sums of a day to one account and of one maker choose the band.
CREATE INDEX payouts_handed_by_number ON payouts (account_hash, currency, submitted_at) WHERE submitted_at > 0;
CREATE INDEX payouts_handed_by_maker ON payouts (maker_id, currency, submitted_at) WHERE submitted_at > 0;
