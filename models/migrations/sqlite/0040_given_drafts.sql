-- +goose Up
-- A draft whose maker has left is given to another maker. Everybody who ever had it counts as its maker (E1, I4): ",7,12,", and the
-- last has it now; '' is the maker's own.
ALTER TABLE payouts ADD COLUMN given_to TEXT NOT NULL DEFAULT '';

-- +goose StatementBegin
CREATE TRIGGER payouts_given BEFORE UPDATE OF given_to ON payouts
WHEN NEW.given_to <> OLD.given_to AND (OLD.stage <> 'draft' OR substr(NEW.given_to, 1, length(OLD.given_to)) <> OLD.given_to)
BEGIN SELECT RAISE(ABORT, 'a draft is given away once more, and whoever had it stays its maker'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approvals_not_by_given BEFORE INSERT ON approvals
WHEN instr((SELECT given_to FROM payouts WHERE id = NEW.payout_id), ',' || NEW.person_id || ',') > 0
BEGIN SELECT RAISE(ABORT, 'whoever had the draft never approves'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER verdicts_not_by_given BEFORE UPDATE OF confirmer_id ON verdicts
WHEN NEW.confirmer_id IS NOT NULL AND instr((SELECT given_to FROM payouts WHERE id = NEW.payout_id), ',' || NEW.confirmer_id || ',') > 0
BEGIN SELECT RAISE(ABORT, 'whoever had the draft never confirms a verdict'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER verdicts_not_proposed_by_given BEFORE INSERT ON verdicts
WHEN instr((SELECT given_to FROM payouts WHERE id = NEW.payout_id), ',' || NEW.proposer_id || ',') > 0
BEGIN SELECT RAISE(ABORT, 'whoever had the draft never proposes a verdict'); END;
-- +goose StatementEnd
