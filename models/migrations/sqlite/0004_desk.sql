-- +goose Up
-- What the desk for doubt keeps: letters to the gateways' staff, and how much money was at risk and at hand, by the hour.

CREATE TABLE enquiries (
    id         INTEGER PRIMARY KEY,
    payout_id  INTEGER NOT NULL REFERENCES payouts (id),
    language   TEXT NOT NULL, -- of the letter
    channel    TEXT NOT NULL CHECK (channel IN ('mail', 'chat', 'phone', 'portal')),
    person     TEXT NOT NULL, -- at the gateway
    text       TEXT NOT NULL, -- as it was sent
    sent_at    INTEGER NOT NULL,
    sent_by    INTEGER NOT NULL REFERENCES people (id),
    noted_at   INTEGER NOT NULL,
    reply      TEXT NOT NULL DEFAULT '',
    replied_by TEXT NOT NULL DEFAULT '', -- at the gateway
    replied_at INTEGER NOT NULL DEFAULT 0,
    filed_by   INTEGER REFERENCES people (id)
) STRICT;
CREATE INDEX enquiries_by_payout ON enquiries (payout_id);
-- +goose StatementBegin
CREATE TRIGGER enquiries_stay BEFORE DELETE ON enquiries BEGIN SELECT RAISE(ABORT, 'enquiries are never deleted'); END;
-- +goose StatementEnd
-- A reply is filed once; what was asked never changes.
-- +goose StatementBegin
CREATE TRIGGER enquiries_keep BEFORE UPDATE ON enquiries
WHEN OLD.replied_at > 0 OR NEW.payout_id <> OLD.payout_id OR NEW.language <> OLD.language OR NEW.channel <> OLD.channel
  OR NEW.person <> OLD.person OR NEW.text <> OLD.text OR NEW.sent_at <> OLD.sent_at OR NEW.sent_by <> OLD.sent_by OR NEW.noted_at <> OLD.noted_at
BEGIN SELECT RAISE(ABORT, 'an enquiry on record never changes'); END;
-- +goose StatementEnd

-- One row an account and currency for each hour in which somebody looked at the clock.
CREATE TABLE risk_hours (
    hour       INTEGER NOT NULL,
    account_id INTEGER NOT NULL REFERENCES gateway_accounts (id),
    currency   TEXT NOT NULL,
    orders     INTEGER NOT NULL,
    sum_minor  INTEGER NOT NULL,
    PRIMARY KEY (hour, account_id, currency)
) STRICT, WITHOUT ROWID;

-- The last balance that the gateway named in each hour.
CREATE TABLE balance_hours (
    account_id    INTEGER NOT NULL REFERENCES gateway_accounts (id),
    hour          INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    balance_minor INTEGER NOT NULL,
    frozen_minor  INTEGER NOT NULL,
    PRIMARY KEY (account_id, hour)
) STRICT, WITHOUT ROWID;
