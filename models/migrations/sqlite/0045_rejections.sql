-- +goose Up
-- Lists look for orders by the reason for which they were rejected, which stands in the event.
CREATE INDEX events_of_rejections ON events (details ->> 'rejected_for', payout_id) WHERE verb = 'rejected';
