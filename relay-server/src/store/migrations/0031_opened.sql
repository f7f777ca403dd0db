-- Whether the signer opened the document, or signed it unopened, by the phone's own account. None of what was signed before.
ALTER TABLE session_documents ADD COLUMN was_opened BOOLEAN;
