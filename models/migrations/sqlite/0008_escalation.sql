-- +goose Up
-- Verdicts that left a case open: those that a controller may have to look at.
CREATE INDEX verdicts_undecided ON verdicts (payout_id) WHERE (state = 'disagreed' OR says = 'look_again');
