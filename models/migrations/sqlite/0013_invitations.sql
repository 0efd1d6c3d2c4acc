-- +goose Up
-- Links by which a person chooses their own password, and the one by which the first
-- person of an installation comes in (S20). Only the digest of a link is kept.
CREATE TABLE invitations (
    id         INTEGER PRIMARY KEY,
    digest     BLOB NOT NULL UNIQUE,
    person_id  INTEGER REFERENCES people (id), -- NULL: for the first person, who is not there yet
    made_by    INTEGER REFERENCES people (id), -- NULL: the machine
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL DEFAULT 0,
    CHECK (made_by IS NULL OR made_by <> person_id)
) STRICT;
CREATE INDEX invitations_by_person ON invitations (person_id);

-- The cases of one person.
CREATE INDEX payouts_by_owner ON payouts (owner_id) WHERE owner_id > 0;
