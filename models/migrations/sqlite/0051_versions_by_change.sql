-- +goose Up
-- The details that a change led to are looked for by the change, for every page and event about it.
CREATE INDEX payee_versions_by_change ON payee_versions (change_id) WHERE change_id IS NOT NULL;
