-- +goose Up
-- What somebody proves beside their password that they are there (S3).

-- With which second factor a session was opened, "" with none.
ALTER TABLE sessions ADD COLUMN factor TEXT NOT NULL DEFAULT '';

-- One-time codes. No code of the last step that was taken, or of one before it, is taken again (I22).
CREATE TABLE code_factors (
    person_id     INTEGER PRIMARY KEY REFERENCES people (id),
    sealed_secret BLOB NOT NULL,
    used_step     INTEGER NOT NULL,
    added_at      INTEGER NOT NULL,
    used_at       INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE passkeys (
    id            INTEGER PRIMARY KEY,
    person_id     INTEGER NOT NULL REFERENCES people (id),
    credential_id BLOB NOT NULL UNIQUE,
    owner         BLOB NOT NULL, -- what the passkey calls the person; tells nothing of them
    name          TEXT NOT NULL,
    record        BLOB NOT NULL, -- public key and what else came with it, as the library keeps it
    sign_count    INTEGER NOT NULL,
    added_at      INTEGER NOT NULL,
    used_at       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX passkeys_by_person ON passkeys (person_id);

CREATE TABLE recovery_codes (
    person_id INTEGER NOT NULL REFERENCES people (id),
    digest    BLOB NOT NULL, -- keyed hash
    made_at   INTEGER NOT NULL,
    used_at   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, digest)
) STRICT, WITHOUT ROWID;

-- Sign-ins whose password was right and whose second factor is still to come. They are no
-- sessions: nothing else can be done with them.
CREATE TABLE sign_in_steps (
    digest    BLOB PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    began_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_steps_by_person ON sign_in_steps (person_id);

-- Lost factors are taken away by two people, neither of them the one who lost them.
CREATE TABLE factor_resets (
    id          INTEGER PRIMARY KEY,
    person_id   INTEGER NOT NULL REFERENCES people (id),
    reason      TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'refused')),
    proposed_by INTEGER NOT NULL REFERENCES people (id),
    proposed_at INTEGER NOT NULL,
    decided_by  INTEGER REFERENCES people (id),
    decided_at  INTEGER NOT NULL DEFAULT 0,
    CHECK (proposed_by <> person_id),
    CHECK (decided_by IS NULL OR (decided_by <> proposed_by AND decided_by <> person_id)),
    CHECK ((state = 'proposed') = (decided_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX factor_resets_open ON factor_resets (person_id) WHERE state = 'proposed';
-- +goose StatementBegin
CREATE TRIGGER factor_resets_stay BEFORE DELETE ON factor_resets BEGIN SELECT RAISE(ABORT, 'resets of factors are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER factor_resets_keep BEFORE UPDATE ON factor_resets
WHEN OLD.state <> 'proposed' OR NEW.person_id <> OLD.person_id OR NEW.reason <> OLD.reason OR NEW.proposed_by <> OLD.proposed_by OR NEW.proposed_at <> OLD.proposed_at
BEGIN SELECT RAISE(ABORT, 'a decided reset never changes'); END;
-- +goose StatementEnd
