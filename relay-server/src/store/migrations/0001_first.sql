-- Times are milliseconds since 1970 on the server's clock; identifiers are base64url; credentials are SHA-256 hashes.

CREATE TABLE documents (
    id              TEXT PRIMARY KEY NOT NULL,
    owner_hash      BLOB NOT NULL,
    file_name       TEXT NOT NULL,
    declared_name   TEXT,
    page_sizes      TEXT NOT NULL,
    original_bytes  BIGINT NOT NULL,
    appended_bytes  BIGINT NOT NULL,
    sha256          BLOB NOT NULL,
    byte_range      TEXT NOT NULL,
    digest          BLOB NOT NULL,
    dropped_ms      BIGINT NOT NULL,
    expires_ms      BIGINT NOT NULL
);
CREATE INDEX documents_by_expiry ON documents (expires_ms);

-- The relay's own: what it must know to admit one phone and one result.
CREATE TABLE sessions (
    id              TEXT PRIMARY KEY NOT NULL,
    state           TEXT NOT NULL,
    reason          TEXT,
    stage           TEXT,
    begun           BOOLEAN NOT NULL,
    second_device   BOOLEAN NOT NULL,
    ticket_hash     BLOB NOT NULL,
    claim_hash      BLOB,
    result_sha256   BLOB,
    deadline_ms     BIGINT NOT NULL,
    sequence        BIGINT NOT NULL
);
CREATE INDEX sessions_by_state ON sessions (state, deadline_ms);

CREATE TABLE mailboxes (
    session_id      TEXT PRIMARY KEY NOT NULL,
    request         BLOB NOT NULL,
    result          BLOB
);

-- The service's own: which document a session signs, for whom, and what came of it.
CREATE TABLE handoffs (
    session_id      TEXT PRIMARY KEY NOT NULL,
    document_id     TEXT NOT NULL,
    owner_hash      BLOB NOT NULL,
    created_ms      BIGINT NOT NULL,
    newer_session   TEXT,
    checked_ms      BIGINT,
    tries_left      BIGINT,
    verdict         TEXT
);
CREATE INDEX handoffs_by_document ON handoffs (document_id, created_ms);
