-- How many sessions of one service run is asked whenever it opens another.
CREATE INDEX sessions_by_service ON sessions (service, deadline_ms, phase);
