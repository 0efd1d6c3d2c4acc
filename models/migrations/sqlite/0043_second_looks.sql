-- +goose Up
-- What is called failed may have been denied by a notice that was lost: after an outage
-- of ours each is asked about (decision 15).
CREATE INDEX payouts_failed ON payouts (settled_at) WHERE stage = 'sent' AND outcome = 'failed' AND contradicted = 0;
