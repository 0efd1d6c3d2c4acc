-- +goose Up
-- A person's fresh proof that they are there, over one act and over what they were shown of it (S5, I22).
-- For a passkey all that an outsider needs to check it without us is kept (docs/signatures.md).
CREATE TABLE signatures (
    id                 INTEGER PRIMARY KEY,
    person_id          INTEGER NOT NULL REFERENCES people (id),
    act                TEXT NOT NULL,
    subject            TEXT NOT NULL,
    subject_id         TEXT NOT NULL,
    content_digest     BLOB NOT NULL CHECK (length(content_digest) = 32),
    list               BLOB, -- digests that content_digest stands for, where one signature is over several orders
    method             TEXT NOT NULL CHECK (method IN ('passkey', 'code', 'password', 'demo')),
    issued_at          INTEGER NOT NULL,
    nonce              BLOB NOT NULL UNIQUE CHECK (length(nonce) = 16), -- so that none is taken twice
    made_at            INTEGER NOT NULL CHECK (made_at - issued_at BETWEEN -300000 AND 300000),
    credential_id      BLOB,
    public_key         BLOB,
    authenticator_data BLOB,
    client_data        BLOB,
    signature          BLOB,
    enrolled_seq       INTEGER NOT NULL DEFAULT 0, -- the event that put the public key on record
    digest             BLOB NOT NULL UNIQUE CHECK (length(digest) = 32), -- of all of the above; the act's event names it
    CHECK ((method = 'passkey') = (signature IS NOT NULL AND client_data IS NOT NULL AND authenticator_data IS NOT NULL AND public_key IS NOT NULL)),
    CHECK ((method = 'passkey') = (enrolled_seq > 0))
) STRICT;
CREATE INDEX signatures_by_person ON signatures (person_id);
-- +goose StatementBegin
CREATE TRIGGER signatures_keep BEFORE UPDATE ON signatures BEGIN SELECT RAISE(ABORT, 'signatures are never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER signatures_stay BEFORE DELETE ON signatures BEGIN SELECT RAISE(ABORT, 'signatures are never deleted'); END;
-- +goose StatementEnd

-- NULL for approvals given before signatures were kept.
ALTER TABLE approvals ADD COLUMN signature_id INTEGER REFERENCES signatures (id);
-- +goose StatementBegin
CREATE TRIGGER approvals_signed BEFORE INSERT ON approvals
WHEN NOT EXISTS (
    SELECT 1 FROM signatures s WHERE s.id = NEW.signature_id AND s.person_id = NEW.person_id
    AND (s.act = 'approve' AND s.content_digest = NEW.digest OR s.act = 'approve_list' AND instr(s.list, NEW.digest) > 0)
)
BEGIN SELECT RAISE(ABORT, 'an approval needs a signature of its person over its content'); END;
-- +goose StatementEnd

-- The event that put the passkey's public key on record; 0 for those added before: they let somebody in and sign nothing.
ALTER TABLE passkeys ADD COLUMN enrolled_seq INTEGER NOT NULL DEFAULT 0;
