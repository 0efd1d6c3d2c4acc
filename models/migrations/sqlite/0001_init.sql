-- +goose Up
-- Times are milliseconds since 1970 UTC, 0 means never. Sums are minor units.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE people (
    id                  INTEGER PRIMARY KEY,
    login               TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name                TEXT NOT NULL,
    zone                TEXT NOT NULL DEFAULT 'UTC',
    password_hash       TEXT NOT NULL,
    password_changed_at INTEGER NOT NULL DEFAULT 0,
    active              INTEGER NOT NULL DEFAULT 1,
    created_at          INTEGER NOT NULL
) STRICT;

CREATE TABLE person_roles (
    person_id INTEGER NOT NULL REFERENCES people (id),
    role      TEXT NOT NULL CHECK (role IN ('maker', 'approver', 'resolver', 'controller', 'auditor', 'gateway_admin', 'people_admin')),
    PRIMARY KEY (person_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    digest     BLOB PRIMARY KEY, -- SHA-256 of the random id in the cookie
    person_id  INTEGER NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    address    TEXT NOT NULL,
    agent      TEXT NOT NULL,
    data       BLOB NOT NULL
) STRICT;
CREATE INDEX sessions_by_person ON sessions (person_id);

-- A form's one-time key and where its first use led, so that a double click is one act (S6).
CREATE TABLE form_keys (
    digest   BLOB PRIMARY KEY,
    used_at  INTEGER NOT NULL,
    location TEXT NOT NULL
) STRICT;
CREATE INDEX form_keys_by_age ON form_keys (used_at);

CREATE TABLE sign_in_tries (
    name         TEXT PRIMARY KEY, -- "login:…" or "address:…", keyed hash
    wrong        INTEGER NOT NULL,
    first_at     INTEGER NOT NULL,
    locked_until INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE gateway_accounts (
    id                INTEGER PRIMARY KEY,
    name              TEXT NOT NULL UNIQUE,
    family            TEXT NOT NULL,
    slug              TEXT NOT NULL UNIQUE, -- in the address for notices
    base_url          TEXT NOT NULL,
    merchant_id       TEXT NOT NULL,
    sealed_keys       BLOB NOT NULL,
    fingerprint       TEXT NOT NULL,
    keys_since        INTEGER NOT NULL,
    algorithm         TEXT NOT NULL,
    query_shape       TEXT NOT NULL DEFAULT '',
    currency          TEXT NOT NULL,
    rails             TEXT NOT NULL, -- ids, comma separated
    zone              TEXT NOT NULL,
    allow_loopback    INTEGER NOT NULL DEFAULT 0,
    timeout_ms        INTEGER NOT NULL,
    questions_s       TEXT NOT NULL, -- gaps in seconds, comma separated; the last one repeats
    verdict_wait_ms   INTEGER NOT NULL,
    verdict_questions INTEGER NOT NULL,
    paused            TEXT NOT NULL DEFAULT '', -- why, as a catalogue key; '' is open
    paused_at         INTEGER NOT NULL DEFAULT 0,
    not_sent_streak   INTEGER NOT NULL DEFAULT 0,
    turned_away       INTEGER NOT NULL DEFAULT 0, -- 401, 403, 404, 413, 429 in a row (M12)
    last_good_at      INTEGER NOT NULL DEFAULT 0,
    last_notice_at    INTEGER NOT NULL DEFAULT 0,
    balance_minor     INTEGER NOT NULL DEFAULT 0,
    frozen_minor      INTEGER NOT NULL DEFAULT 0,
    balance_at        INTEGER NOT NULL DEFAULT 0,
    created_at        INTEGER NOT NULL
) STRICT;

CREATE TABLE policies (
    version    INTEGER PRIMARY KEY,
    bands      TEXT NOT NULL,
    note       TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE payees (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    created_by INTEGER NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payees_by_name ON payees (name);

CREATE TABLE payee_versions (
    id            INTEGER PRIMARY KEY,
    payee_id      INTEGER NOT NULL REFERENCES payees (id),
    number        INTEGER NOT NULL,
    rail          TEXT NOT NULL,
    name          TEXT NOT NULL,
    bank          TEXT NOT NULL DEFAULT '', -- the bank's code
    bank_name     TEXT NOT NULL DEFAULT '',
    last4         TEXT NOT NULL,
    account_hash  BLOB NOT NULL,            -- keyed, for exact search
    details_hash  BLOB NOT NULL,            -- keyed, over all fields of the version
    sealed_fields BLOB NOT NULL,
    created_by    INTEGER NOT NULL REFERENCES people (id),
    created_at    INTEGER NOT NULL,
    UNIQUE (payee_id, number),
    UNIQUE (payee_id, details_hash)
) STRICT;
CREATE INDEX payee_versions_by_account ON payee_versions (account_hash);

CREATE TABLE payouts (
    id               INTEGER PRIMARY KEY,
    order_no         TEXT NOT NULL UNIQUE CHECK (length(order_no) BETWEEN 1 AND 32 AND order_no NOT GLOB '*[^A-Za-z0-9]*'),
    account_id       INTEGER NOT NULL REFERENCES gateway_accounts (id),
    rail             TEXT NOT NULL,
    amount_minor     INTEGER NOT NULL CHECK (amount_minor > 0 AND amount_minor <= 9999999999),
    currency         TEXT NOT NULL,
    payee_id         INTEGER NOT NULL REFERENCES payees (id),
    payee_version_id INTEGER NOT NULL REFERENCES payee_versions (id),
    payee_name       TEXT NOT NULL,
    last4            TEXT NOT NULL,
    account_hash     BLOB NOT NULL,
    fields           TEXT NOT NULL DEFAULT '{}', -- the rail's fields that are not the payee's
    reference        TEXT NOT NULL DEFAULT '',
    purpose          TEXT NOT NULL DEFAULT '',
    twin_reason      TEXT NOT NULL DEFAULT '',   -- why a near-duplicate is right
    warning_reason   TEXT NOT NULL DEFAULT '',   -- why an unusual answer is right
    maker_id         INTEGER NOT NULL REFERENCES people (id),
    digest           BLOB NOT NULL,              -- of the content that approvers sign
    policy_version   INTEGER NOT NULL DEFAULT 0,
    algorithm        TEXT NOT NULL DEFAULT '',   -- pinned at the attempt (S12)
    replaces_id      INTEGER UNIQUE REFERENCES payouts (id),

    stage            TEXT NOT NULL,
    held_from        TEXT NOT NULL DEFAULT '',
    outcome          TEXT NOT NULL,
    grade            INTEGER NOT NULL DEFAULT 0,
    by_hand          INTEGER NOT NULL DEFAULT 0,
    unclear_reason   TEXT NOT NULL DEFAULT '',
    contradicted     INTEGER NOT NULL DEFAULT 0,
    approvals        INTEGER NOT NULL DEFAULT 0,
    approvals_needed INTEGER NOT NULL DEFAULT 0,
    version          INTEGER NOT NULL DEFAULT 1,
    moves            INTEGER NOT NULL DEFAULT 1, -- guards every update (I5)

    gateway_no       TEXT NOT NULL DEFAULT '',
    received_minor   INTEGER NOT NULL DEFAULT 0,
    fee              TEXT NOT NULL DEFAULT '',
    code             TEXT NOT NULL DEFAULT '',   -- the gateway's own code of a refusal or failure
    code_text        TEXT NOT NULL DEFAULT '',
    held_why         TEXT NOT NULL DEFAULT '',
    fail_notice_at   INTEGER NOT NULL DEFAULT 0, -- a verified FAIL notice came (I11)
    owner_id         INTEGER NOT NULL DEFAULT 0, -- who claimed the unclear case
    created_at       INTEGER NOT NULL,
    submitted_at     INTEGER NOT NULL DEFAULT 0,
    approved_at      INTEGER NOT NULL DEFAULT 0,
    sent_at          INTEGER NOT NULL DEFAULT 0,
    settled_at       INTEGER NOT NULL DEFAULT 0, -- paid, failed or returned since
    unclear_since    INTEGER NOT NULL DEFAULT 0,
    state_since      INTEGER NOT NULL,
    heard_at         INTEGER NOT NULL DEFAULT 0, -- last verified word of the gateway
    notices_until    INTEGER NOT NULL DEFAULT 0, -- the gateway's notice window
    questions        INTEGER NOT NULL DEFAULT 0, -- asked so far
    next_action_at   INTEGER NOT NULL DEFAULT 0, -- when it next wants something; 0 is nothing
    leased_by        TEXT NOT NULL DEFAULT '',
    leased_until     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX payouts_by_gateway_no ON payouts (gateway_no) WHERE gateway_no <> '';
CREATE INDEX payouts_by_state ON payouts (stage, outcome);
CREATE INDEX payouts_by_account ON payouts (account_id);
CREATE INDEX payouts_by_created ON payouts (created_at);
CREATE INDEX payouts_by_amount ON payouts (amount_minor);
CREATE INDEX payouts_by_payee ON payouts (payee_id);
CREATE INDEX payouts_by_number ON payouts (account_hash);
CREATE INDEX payouts_by_last4 ON payouts (last4);
CREATE INDEX payouts_by_reference ON payouts (reference COLLATE NOCASE) WHERE reference <> '';
CREATE INDEX payouts_by_maker ON payouts (maker_id);
CREATE INDEX payouts_contradicted ON payouts (id) WHERE contradicted = 1;
CREATE INDEX payouts_by_hand ON payouts (id) WHERE by_hand = 1;
CREATE INDEX payouts_by_tail ON payouts (substr(order_no, -6)); -- the six that people compare
CREATE INDEX payouts_due ON payouts (next_action_at) WHERE next_action_at > 0;

CREATE TABLE payout_counts (
    account_id   INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    stage        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    contradicted INTEGER NOT NULL,
    orders       INTEGER NOT NULL,
    sum_minor    INTEGER NOT NULL,
    PRIMARY KEY (account_id, currency, stage, outcome, contradicted)
) STRICT, WITHOUT ROWID;

CREATE TABLE approvals (
    id             INTEGER PRIMARY KEY,
    payout_id      INTEGER NOT NULL REFERENCES payouts (id),
    version        INTEGER NOT NULL,
    person_id      INTEGER NOT NULL REFERENCES people (id),
    digest         BLOB NOT NULL,
    policy_version INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    UNIQUE (payout_id, version, person_id)
) STRICT;
CREATE INDEX approvals_by_person ON approvals (person_id);

CREATE TABLE attempts (
    id             INTEGER PRIMARY KEY,
    payout_id      INTEGER NOT NULL REFERENCES payouts (id),
    account_id     INTEGER NOT NULL REFERENCES gateway_accounts (id),
    number         INTEGER NOT NULL,
    started_at     INTEGER NOT NULL,
    method         TEXT NOT NULL,
    url            TEXT NOT NULL,
    sealed_request BLOB NOT NULL,
    request_bytes  INTEGER NOT NULL,
    request_digest BLOB NOT NULL,
    content_digest BLOB NOT NULL,
    fence          INTEGER NOT NULL,
    not_sent       INTEGER NOT NULL DEFAULT 0,
    ended_at       INTEGER NOT NULL DEFAULT 0,
    took_ms        INTEGER NOT NULL DEFAULT 0,
    http_status    INTEGER NOT NULL DEFAULT 0,
    fault          TEXT NOT NULL DEFAULT '',
    read_as        TEXT NOT NULL DEFAULT '', -- accepted, refused, not_sent, or an unclear reason
    code           TEXT NOT NULL DEFAULT '',
    message        TEXT NOT NULL DEFAULT '',
    response       BLOB,
    UNIQUE (payout_id, number)
) STRICT;
-- I6: at most one attempt that may have left us, ever.
CREATE UNIQUE INDEX attempts_once ON attempts (payout_id) WHERE not_sent = 0;
CREATE INDEX attempts_by_account ON attempts (account_id, started_at, read_as);

CREATE TABLE notices (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES gateway_accounts (id),
    body        BLOB NOT NULL,
    body_digest BLOB NOT NULL,
    same_digest BLOB NOT NULL,
    headers     TEXT NOT NULL,
    address     TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    seen        INTEGER NOT NULL DEFAULT 1,
    verified    TEXT NOT NULL, -- good, or why not
    algorithm   TEXT NOT NULL,
    order_no    TEXT NOT NULL,
    payout_id   INTEGER REFERENCES payouts (id),
    says        TEXT NOT NULL, -- paid, failed, working, reversed, unknown
    word        TEXT NOT NULL,
    amount_minor INTEGER NOT NULL DEFAULT 0,
    currency    TEXT NOT NULL DEFAULT '',
    quarantine  TEXT NOT NULL DEFAULT '', -- why, as a reason; '' is not in quarantine
    looked_by   INTEGER NOT NULL DEFAULT 0,
    looked_at   INTEGER NOT NULL DEFAULT 0,
    applied     TEXT NOT NULL DEFAULT '', -- the move it made, "none", or '' for not yet
    UNIQUE (account_id, body_digest)
) STRICT;
CREATE INDEX notices_by_payout ON notices (payout_id);
CREATE INDEX notices_by_order_no ON notices (order_no);
CREATE INDEX notices_by_account ON notices (account_id);
CREATE INDEX notices_waiting ON notices (account_id) WHERE quarantine <> '' AND looked_by = 0;
CREATE INDEX notices_in_quarantine ON notices (id) WHERE quarantine <> '';
CREATE INDEX notices_to_apply ON notices (id) WHERE applied = '' AND quarantine = '';

CREATE TABLE questions (
    id          INTEGER PRIMARY KEY,
    payout_id   INTEGER REFERENCES payouts (id), -- NULL: a test of the account
    account_id  INTEGER NOT NULL REFERENCES gateway_accounts (id),
    asked_by    INTEGER NOT NULL DEFAULT 0,      -- 0: by the schedule
    asked_at    INTEGER NOT NULL,
    took_ms     INTEGER NOT NULL,
    http_status INTEGER NOT NULL,
    fault       TEXT NOT NULL,
    says        TEXT NOT NULL,
    problem     TEXT NOT NULL,
    word        TEXT NOT NULL,
    code        TEXT NOT NULL,
    message     TEXT NOT NULL,
    response    BLOB,
    effect      TEXT NOT NULL -- the move it made, or "none"
) STRICT;
CREATE INDEX questions_by_payout ON questions (payout_id);
CREATE INDEX questions_by_account ON questions (account_id, asked_at);

CREATE TABLE verdicts (
    id             INTEGER PRIMARY KEY,
    payout_id      INTEGER NOT NULL REFERENCES payouts (id),
    about          TEXT NOT NULL CHECK (about IN ('unclear', 'contradiction')),
    says           TEXT NOT NULL CHECK (says IN ('paid', 'not_paid', 'returned', 'look_again')),
    evidence       TEXT NOT NULL, -- the kind of evidence
    text           TEXT NOT NULL,
    reason         TEXT NOT NULL,
    received_minor INTEGER NOT NULL DEFAULT 0,
    look_again_at  INTEGER NOT NULL DEFAULT 0,
    proposer_id    INTEGER NOT NULL REFERENCES people (id),
    proposed_at    INTEGER NOT NULL,
    state          TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'disagreed', 'cancelled')),
    confirmer_id   INTEGER REFERENCES people (id),
    confirmed_at   INTEGER NOT NULL DEFAULT 0,
    answer         TEXT NOT NULL DEFAULT '',
    CHECK (confirmer_id IS NULL OR confirmer_id <> proposer_id)
) STRICT;
CREATE UNIQUE INDEX verdicts_one_open ON verdicts (payout_id) WHERE state = 'open';
CREATE INDEX verdicts_by_payout ON verdicts (payout_id);

CREATE TABLE contradictions (
    id        INTEGER PRIMARY KEY,
    payout_id INTEGER NOT NULL REFERENCES payouts (id),
    standing  TEXT NOT NULL, -- what was held before: paid, failed, by_hand…
    news      TEXT NOT NULL, -- what came: paid, failed, amount, reversed
    source    TEXT NOT NULL, -- notice, query, reply
    opened_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX contradictions_one_open ON contradictions (payout_id) WHERE closed_at = 0;

CREATE TABLE files (
    id         INTEGER PRIMARY KEY,
    payout_id  INTEGER NOT NULL REFERENCES payouts (id),
    verdict_id INTEGER REFERENCES verdicts (id),
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    digest     BLOB NOT NULL,
    content    BLOB NOT NULL,
    added_by   INTEGER NOT NULL REFERENCES people (id),
    added_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX files_by_payout ON files (payout_id);

-- One log for timelines and audit, chained by hash (I19).
CREATE TABLE events (
    seq        INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    verb       TEXT NOT NULL,
    actor_id   INTEGER NOT NULL, -- 0: the machine
    actor      TEXT NOT NULL,
    role       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    payout_id  INTEGER NOT NULL DEFAULT 0,
    before     TEXT NOT NULL,
    after      TEXT NOT NULL,
    details    TEXT NOT NULL,
    hash       BLOB NOT NULL
) STRICT;
CREATE INDEX events_by_payout ON events (payout_id, seq) WHERE payout_id > 0;
CREATE INDEX events_by_actor ON events (actor_id, seq) WHERE actor_id > 0;
CREATE INDEX events_by_verb ON events (verb, seq);
CREATE INDEX events_by_time ON events (at);
CREATE INDEX events_of_overrides ON events (seq) WHERE instr(details, '"twin_reason"') > 0 OR instr(details, '"warning_reason"') > 0;

CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    fence  INTEGER NOT NULL,
    until  INTEGER NOT NULL
) STRICT;

CREATE TABLE duties (
    name TEXT PRIMARY KEY, -- sweeper, verify, backup
    at   INTEGER NOT NULL,
    ok   INTEGER NOT NULL,
    note TEXT NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payouts_stay BEFORE DELETE ON payouts BEGIN SELECT RAISE(ABORT, 'payouts are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payouts_identity BEFORE UPDATE OF order_no, maker_id, replaces_id, created_at ON payouts
WHEN NEW.order_no <> OLD.order_no OR NEW.maker_id <> OLD.maker_id OR NEW.replaces_id IS NOT OLD.replaces_id OR NEW.created_at <> OLD.created_at
BEGIN SELECT RAISE(ABORT, 'the identity of a payout never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payee_versions_keep BEFORE UPDATE ON payee_versions BEGIN SELECT RAISE(ABORT, 'payee versions are never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payee_versions_stay BEFORE DELETE ON payee_versions BEGIN SELECT RAISE(ABORT, 'payee versions are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approvals_keep BEFORE UPDATE ON approvals BEGIN SELECT RAISE(ABORT, 'approvals are never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approvals_stay BEFORE DELETE ON approvals BEGIN SELECT RAISE(ABORT, 'approvals are never deleted'); END;
-- +goose StatementEnd
-- I4: the maker never approves, whatever the pages and the services believe.
-- +goose StatementBegin
CREATE TRIGGER approvals_not_by_maker BEFORE INSERT ON approvals
WHEN NEW.person_id = (SELECT maker_id FROM payouts WHERE id = NEW.payout_id)
BEGIN SELECT RAISE(ABORT, 'the maker never approves'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER verdicts_not_by_maker BEFORE UPDATE OF confirmer_id ON verdicts
WHEN NEW.confirmer_id = (SELECT maker_id FROM payouts WHERE id = NEW.payout_id)
BEGIN SELECT RAISE(ABORT, 'the maker never confirms a verdict'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER verdicts_not_proposed_by_maker BEFORE INSERT ON verdicts
WHEN NEW.proposer_id = (SELECT maker_id FROM payouts WHERE id = NEW.payout_id)
BEGIN SELECT RAISE(ABORT, 'the maker never proposes a verdict'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'attempts are never deleted'); END;
-- +goose StatementEnd
-- What an attempt sent never changes, and one that may have left us stays so (I6, I7).
-- +goose StatementBegin
CREATE TRIGGER attempts_keep BEFORE UPDATE ON attempts
WHEN NEW.request_digest <> OLD.request_digest OR NEW.payout_id <> OLD.payout_id OR NEW.content_digest <> OLD.content_digest
  OR NEW.started_at <> OLD.started_at OR OLD.not_sent = 1 OR (NEW.not_sent = 1 AND OLD.ended_at > 0)
BEGIN SELECT RAISE(ABORT, 'an attempt on record never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER notices_stay BEFORE DELETE ON notices BEGIN SELECT RAISE(ABORT, 'notices are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER notices_keep BEFORE UPDATE OF account_id, body, body_digest, received_at, verified ON notices
WHEN NEW.body <> OLD.body OR NEW.body_digest <> OLD.body_digest OR NEW.account_id <> OLD.account_id
  OR NEW.received_at <> OLD.received_at OR NEW.verified <> OLD.verified
BEGIN SELECT RAISE(ABORT, 'a notice stays as it came'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER policies_keep BEFORE UPDATE ON policies BEGIN SELECT RAISE(ABORT, 'policies are versioned, never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER policies_stay BEFORE DELETE ON policies BEGIN SELECT RAISE(ABORT, 'policies are never deleted'); END;
-- +goose StatementEnd
