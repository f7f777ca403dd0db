-- Version 1 of the hand-off, the service's end. What is sealed opens under the key file beside the database only.

-- Keys that sign this origin's answers.
CREATE TABLE origin_keys (
    id              TEXT PRIMARY KEY NOT NULL,
    public_key      BLOB NOT NULL,
    sealed_seed     BLOB NOT NULL,
    use_from_ms     BIGINT NOT NULL,
    not_after_ms    BIGINT NOT NULL
);

-- The service's row of each session. sealed_link, sealed_ephemeral and reveal go in the update that ends the session.
CREATE TABLE service_sessions (
    id                  TEXT PRIMARY KEY NOT NULL,
    kind                TEXT NOT NULL,
    document_id         TEXT,
    owner_hash          BLOB NOT NULL,
    created_ms          BIGINT NOT NULL,
    deadline_ms         BIGINT NOT NULL,
    keep_until_ms       BIGINT NOT NULL,
    phase               TEXT NOT NULL,
    state               TEXT NOT NULL,
    is_told             BOOLEAN NOT NULL,
    sequence            BIGINT NOT NULL,
    sealed_link         BLOB,
    link_kind           TEXT,
    commitment          BLOB,
    sealed_ephemeral    BLOB,
    answer              BLOB,
    reveal              BLOB,
    report              BLOB,
    is_unreadable       BOOLEAN NOT NULL,
    newer_session       TEXT
);
CREATE INDEX service_sessions_by_kind ON service_sessions (kind);
CREATE INDEX service_sessions_by_phase ON service_sessions (phase);
CREATE INDEX service_sessions_by_keeping ON service_sessions (keep_until_ms);
CREATE INDEX service_sessions_by_document ON service_sessions (document_id, created_ms);

-- The last of the relay's events that was acted on.
CREATE TABLE relay_events_seen (only_row INTEGER PRIMARY KEY NOT NULL CHECK (only_row = 1), number BIGINT NOT NULL);
INSERT INTO relay_events_seen (only_row, number) VALUES (1, 0);
