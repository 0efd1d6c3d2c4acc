-- +goose Up
-- Details of a payee are changed by one person and confirmed by another (I4, D2). A version that came of a change names it, who
-- proposed it (created_by) and who confirmed it; it counts from the moment it was confirmed.
ALTER TABLE payee_versions ADD COLUMN change_id INTEGER REFERENCES changes (id);
ALTER TABLE payee_versions ADD COLUMN confirmed_by INTEGER REFERENCES people (id) CHECK (confirmed_by IS NULL OR confirmed_by <> created_by);

-- Who entered the details that an order uses: that person never signs it (I25).
ALTER TABLE payouts ADD COLUMN payee_by INTEGER NOT NULL DEFAULT 0;
UPDATE payouts SET payee_by = (SELECT v.created_by FROM payee_versions v WHERE v.id = payee_version_id);

-- +goose StatementBegin
CREATE TRIGGER approvals_not_by_who_entered BEFORE INSERT ON approvals
WHEN NEW.person_id = (SELECT v.created_by FROM payouts p JOIN payee_versions v ON v.id = p.payee_version_id WHERE p.id = NEW.payout_id)
BEGIN SELECT RAISE(ABORT, 'who entered the payee''s details never approves'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payee_versions_by_two BEFORE INSERT ON payee_versions
WHEN NEW.number > 1 AND (NEW.change_id IS NULL OR NEW.confirmed_by IS NULL)
    AND EXISTS (SELECT 1 FROM payouts p WHERE p.payee_id = NEW.payee_id AND p.approved_at > 0)
BEGIN SELECT RAISE(ABORT, 'details that were agreed to are changed by two people'); END;
-- +goose StatementEnd

-- Calls to a payee about a change of their details (D3): the number has to be one that was known before the change was asked for,
-- and whoever asked for it does not call.
CREATE TABLE call_backs (
    id            INTEGER PRIMARY KEY,
    change_id     INTEGER NOT NULL REFERENCES changes (id),
    caller_id     INTEGER NOT NULL REFERENCES people (id),
    called_at     INTEGER NOT NULL,
    sealed_number BLOB NOT NULL,
    source        TEXT NOT NULL CHECK (source IN ('contract', 'invoice', 'register', 'earlier_call', 'other')),
    source_note   TEXT NOT NULL CHECK (source_note <> ''), -- where exactly
    known_since   INTEGER NOT NULL,
    reached       TEXT NOT NULL CHECK (reached <> ''),     -- the person on the telephone
    read_back     INTEGER NOT NULL CHECK (read_back IN (0, 1)),
    note          TEXT NOT NULL DEFAULT '',
    kept_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX call_backs_by_change ON call_backs (change_id);
-- +goose StatementBegin
CREATE TRIGGER call_backs_sound BEFORE INSERT ON call_backs
WHEN EXISTS (SELECT 1 FROM changes c WHERE c.id = NEW.change_id AND (c.proposed_by = NEW.caller_id OR c.proposed_at <= NEW.known_since OR c.state <> 'waiting'))
BEGIN SELECT RAISE(ABORT, 'a call is made by another person, to a number known before, while the change waits'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER call_backs_keep BEFORE UPDATE ON call_backs BEGIN SELECT RAISE(ABORT, 'call-backs are never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER call_backs_stay BEFORE DELETE ON call_backs BEGIN SELECT RAISE(ABORT, 'call-backs are never deleted'); END;
-- +goose StatementEnd

-- Holds on a payee's details that people have lifted: of new details (D4) two people, of an account to which a payout failed (D6) one
-- with the right to let orders go on.
CREATE TABLE payee_releases (
    id          INTEGER PRIMARY KEY,
    version_id  INTEGER NOT NULL REFERENCES payee_versions (id),
    why         TEXT NOT NULL CHECK (why IN ('new', 'failed')),
    released_by INTEGER NOT NULL REFERENCES people (id),
    proposed_by INTEGER REFERENCES people (id),
    reason      TEXT NOT NULL CHECK (reason <> ''),
    released_at INTEGER NOT NULL,
    CHECK (why <> 'new' OR (proposed_by IS NOT NULL AND proposed_by <> released_by))
) STRICT;
CREATE INDEX payee_releases_by_version ON payee_releases (version_id);
-- +goose StatementBegin
CREATE TRIGGER payee_releases_not_by_who_entered BEFORE INSERT ON payee_releases
WHEN NEW.released_by = (SELECT v.created_by FROM payee_versions v WHERE v.id = NEW.version_id)
BEGIN SELECT RAISE(ABORT, 'who entered the details never lifts their hold'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payee_releases_keep BEFORE UPDATE ON payee_releases BEGIN SELECT RAISE(ABORT, 'releases are never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payee_releases_stay BEFORE DELETE ON payee_releases BEGIN SELECT RAISE(ABORT, 'releases are never deleted'); END;
-- +goose StatementEnd
