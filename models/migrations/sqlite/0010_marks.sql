-- +goose Up
-- The salt of the marks that stand for account numbers in the content that approvers sign, encrypted. Orders made before have none.
ALTER TABLE payouts ADD COLUMN sealed_salt BLOB;
