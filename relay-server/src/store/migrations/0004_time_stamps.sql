-- Signed documents whose time stamp is still to come, and when authorities are asked for it next.
CREATE TABLE time_stamps_due (
    document_id     TEXT PRIMARY KEY NOT NULL,
    session_id      TEXT NOT NULL,
    tries           BIGINT NOT NULL,
    due_ms          BIGINT NOT NULL
);

-- What a time stamp over the whole document added to the signed revision.
ALTER TABLE documents ADD COLUMN stamp_bytes BIGINT NOT NULL DEFAULT 0;
