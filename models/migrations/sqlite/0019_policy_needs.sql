-- +goose Up
-- What a policy asks beyond its bands: sums that count together, hours, conditions. Policies made before ask for nothing beyond.
ALTER TABLE policies ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE policies ADD COLUMN confirmed_by TEXT NOT NULL DEFAULT '';
-- The roles that a signer held when signing. Orders submitted before ask for none in particular.
ALTER TABLE approvals ADD COLUMN roles TEXT NOT NULL DEFAULT '';
-- Which roles an order needs, and whose signature would still count; '' is whoever may approve.
ALTER TABLE payouts ADD COLUMN need TEXT NOT NULL DEFAULT '';
ALTER TABLE payouts ADD COLUMN wants TEXT NOT NULL DEFAULT '';
