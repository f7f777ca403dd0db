-- Page images fill the disk as much as the documents that they were drawn from.
ALTER TABLE documents ADD COLUMN image_bytes BIGINT NOT NULL DEFAULT 0;

-- Documents whose rows are gone and whose files have yet to go.
CREATE TABLE deletions (document_id TEXT PRIMARY KEY NOT NULL);

-- Documents that are being signed, or whose signature is being checked: until that is over they are neither deleted
-- nor does their lifetime end.
CREATE VIEW documents_in_use AS
    SELECT handoffs.document_id AS id FROM handoffs JOIN sessions ON sessions.id = handoffs.session_id
    WHERE sessions.state IN ('signing', 'delivered');
