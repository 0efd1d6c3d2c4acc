-- +goose Up
-- Who stands in for whom, in which role, from when until when (E10). It gives nobody a right: it moves what is told to whom.
CREATE TABLE delegations (
    id          INTEGER PRIMARY KEY,
    person_id   INTEGER NOT NULL REFERENCES people (id),
    delegate_id INTEGER NOT NULL REFERENCES people (id),
    role        TEXT NOT NULL CHECK (role IN ('approver', 'resolver', 'controller')),
    from_at     INTEGER NOT NULL,
    until_at    INTEGER NOT NULL,
    made_at     INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL DEFAULT 0, -- before its time, by one of the two or because one left
    ended_by    INTEGER REFERENCES people (id),
    CHECK (delegate_id <> person_id AND until_at > from_at)
) STRICT;
CREATE INDEX delegations_open ON delegations (until_at) WHERE ended_at = 0;
-- +goose StatementBegin
CREATE TRIGGER delegations_stay BEFORE DELETE ON delegations BEGIN SELECT RAISE(ABORT, 'delegations are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER delegations_keep BEFORE UPDATE ON delegations
WHEN OLD.ended_at > 0 OR NEW.person_id <> OLD.person_id OR NEW.delegate_id <> OLD.delegate_id OR NEW.role <> OLD.role
  OR NEW.from_at <> OLD.from_at OR NEW.until_at <> OLD.until_at OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a delegation is ended once, and nothing else of it changes'); END;
-- +goose StatementEnd

-- Orders that somebody handed on to another who may sign them. It moves them between the lists of the two; both may sign as before.
CREATE TABLE hand_ons (
    payout_id INTEGER NOT NULL REFERENCES payouts (id),
    version   INTEGER NOT NULL,
    from_id   INTEGER NOT NULL REFERENCES people (id),
    to_id     INTEGER NOT NULL REFERENCES people (id),
    at        INTEGER NOT NULL,
    PRIMARY KEY (payout_id, version, from_id),
    CHECK (from_id <> to_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX hand_ons_to ON hand_ons (to_id);
