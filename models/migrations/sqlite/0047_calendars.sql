-- +goose Up
-- When a gateway pays: its weekdays, its cut-off and its holidays; '' is a gateway without a cut-off (decision 16).
ALTER TABLE gateway_accounts ADD COLUMN calendar TEXT NOT NULL DEFAULT '';
