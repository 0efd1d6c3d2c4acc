-- +goose Up
-- Words of status that this gateway uses beyond its documents, none of them final.
ALTER TABLE gateway_accounts ADD COLUMN not_final TEXT NOT NULL DEFAULT '';
