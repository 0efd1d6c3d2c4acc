-- +goose Up
-- What a person sees and acts on: the gateway accounts and the currencies named here. Who
-- has none of the one sees every one of it.
CREATE TABLE person_accounts (
    person_id  INTEGER NOT NULL REFERENCES people (id),
    account_id INTEGER NOT NULL REFERENCES gateway_accounts (id),
    PRIMARY KEY (person_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_currencies (
    person_id INTEGER NOT NULL REFERENCES people (id),
    currency  TEXT NOT NULL CHECK (length(currency) = 3),
    PRIMARY KEY (person_id, currency)
) STRICT, WITHOUT ROWID;
