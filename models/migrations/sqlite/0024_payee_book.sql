-- +goose Up
-- A payee's name as searches compare it: traditional characters as simplified, any width and case as one (X21). The program folds
-- the names of payees that were stored before when it starts.
ALTER TABLE payees ADD COLUMN folded TEXT NOT NULL DEFAULT '';
CREATE INDEX payees_by_folded ON payees (folded, id);
CREATE INDEX payee_versions_by_last4 ON payee_versions (last4);
CREATE INDEX payee_versions_changed ON payee_versions (payee_id) WHERE number > 1;
