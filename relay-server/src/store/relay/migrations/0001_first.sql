-- The relay's own database: what it must know to admit one phone to a session, one answer, one reveal and one result.
-- Times are milliseconds since 1970 on the relay's clock; identifiers are base64url; credentials are SHA-256 hashes.

CREATE TABLE sessions (
    id                  TEXT PRIMARY KEY NOT NULL,
    service             TEXT NOT NULL,
    kind                TEXT NOT NULL,
    page_origin         TEXT NOT NULL,
    page_token_hash     BLOB NOT NULL,
    frame_key           BLOB NOT NULL,
    created_ms          BIGINT NOT NULL,
    deadline_ms         BIGINT NOT NULL,
    phase               TEXT NOT NULL,
    -- The phase with its reason, as JSON.
    state               TEXT NOT NULL,
    ticket_kind         TEXT,
    ticket_hash         BLOB,
    ticket_until_ms     BIGINT,
    link_kind           TEXT,
    commitment          BLOB,
    claim_hash          BLOB,
    claim_sha256        BLOB,
    app_version         TEXT,
    second_device       BOOLEAN NOT NULL,
    stage               TEXT,
    sequence            BIGINT NOT NULL,
    revision            BIGINT NOT NULL,
    changed_ms          BIGINT NOT NULL
);
CREATE INDEX sessions_by_phase ON sessions (phase, deadline_ms);
CREATE INDEX sessions_by_change ON sessions (changed_ms);

CREATE TABLE boxes (
    session_id          TEXT NOT NULL,
    name                TEXT NOT NULL,
    sha256              BLOB NOT NULL,
    bytes               BIGINT NOT NULL,
    completed_ms        BIGINT NOT NULL,
    -- One of the two, until it is emptied.
    content             BLOB,
    file                TEXT,
    PRIMARY KEY (session_id, name)
);

-- Files whose boxes are emptied, and which have yet to go.
CREATE TABLE deletions (file TEXT PRIMARY KEY NOT NULL);

-- What services are told, in the order of the commits. A number is never used twice.
CREATE TABLE events (
    number              INTEGER PRIMARY KEY AUTOINCREMENT,
    service             TEXT NOT NULL,
    session_id          TEXT NOT NULL,
    state               TEXT NOT NULL,
    sequence            BIGINT NOT NULL
);
CREATE INDEX events_by_service ON events (service, number);
CREATE INDEX events_by_session ON events (session_id);
