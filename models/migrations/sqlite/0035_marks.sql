-- +goose Up
-- What an auditor looks for every month is marked in the event itself when it is written;
-- the index holds the few that are.
CREATE INDEX events_of_marks ON events (seq) WHERE instr(details, '"off_hours"') > 0 OR instr(details, '"quick"') > 0 OR instr(details, '"new_device"') > 0;
CREATE INDEX events_of_sign_ins ON events (actor_id, seq) WHERE verb = 'signed_in';
