-- Documents that are dropped together are signed together: the first of them gives all of them their owner's cookie.
ALTER TABLE documents ADD COLUMN bundle_id TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
UPDATE documents SET bundle_id = id;
CREATE INDEX documents_by_bundle ON documents (bundle_id, place);
