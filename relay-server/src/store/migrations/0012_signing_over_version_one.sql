-- Signings run over version 1. What version 0 kept was never more than a practice, and none of it stays.
DROP VIEW documents_in_use;
DROP TABLE mailboxes;
DROP TABLE sessions;
DROP TABLE handoffs;
DELETE FROM time_stamps_due;

-- What a session is about, in the order of its request; and what was found of each when it was signed.
CREATE TABLE session_documents (
    session_id      TEXT NOT NULL,
    position        BIGINT NOT NULL,
    document_id     TEXT NOT NULL,
    verdict         TEXT,
    PRIMARY KEY (session_id, position)
);
CREATE INDEX session_documents_by_document ON session_documents (document_id);
INSERT INTO session_documents (session_id, position, document_id)
    SELECT id, 0, document_id FROM service_sessions WHERE document_id IS NOT NULL;
DROP INDEX service_sessions_by_document;
ALTER TABLE service_sessions DROP COLUMN document_id;

-- The last change: a system's time from before it is wrong.
ALTER TABLE service_sessions ADD COLUMN changed_ms BIGINT NOT NULL DEFAULT 0;

-- What only a signing has. sealed_ticket, sealed_content_keys, request and result go in the update that ends the session.
ALTER TABLE service_sessions ADD COLUMN consents TEXT NOT NULL DEFAULT '[]';
ALTER TABLE service_sessions ADD COLUMN ticket_kind TEXT;
ALTER TABLE service_sessions ADD COLUMN ticket_until_ms BIGINT;
ALTER TABLE service_sessions ADD COLUMN sealed_ticket BLOB;
ALTER TABLE service_sessions ADD COLUMN wrong_numbers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE service_sessions ADD COLUMN sealed_content_keys BLOB;
ALTER TABLE service_sessions ADD COLUMN request BLOB;
ALTER TABLE service_sessions ADD COLUMN is_furnished BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE service_sessions ADD COLUMN begun BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE service_sessions ADD COLUMN result BLOB;
ALTER TABLE service_sessions ADD COLUMN delivered_ms BIGINT;
ALTER TABLE service_sessions ADD COLUMN delivered_time_of_day_ms BIGINT;
ALTER TABLE service_sessions ADD COLUMN outcome BLOB;
ALTER TABLE service_sessions ADD COLUMN checked_ms BIGINT;
ALTER TABLE service_sessions ADD COLUMN tries_left BIGINT;

-- Documents that are being signed, or whose signature is being checked: until that is over they are neither deleted
-- nor does their lifetime end.
CREATE VIEW documents_in_use AS
    SELECT session_documents.document_id AS id
    FROM session_documents JOIN service_sessions ON service_sessions.id = session_documents.session_id
    WHERE service_sessions.kind = 'signing' AND service_sessions.phase IN ('signing', 'delivered');
