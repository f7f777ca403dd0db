-- Whose event it was: the numbers of another database of the relay's mean something else.
ALTER TABLE relay_events_seen ADD COLUMN relay TEXT NOT NULL DEFAULT '';
