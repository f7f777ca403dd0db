-- Whether a session was given up because the relay had no room for its documents.
ALTER TABLE service_sessions ADD COLUMN is_without_room BOOLEAN NOT NULL DEFAULT FALSE;
