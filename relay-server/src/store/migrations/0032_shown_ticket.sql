-- Of what kind the ticket is that a page may have shown last, and until when the relay takes it.
ALTER TABLE service_sessions ADD COLUMN shown_ticket_kind TEXT;
ALTER TABLE service_sessions ADD COLUMN shown_ticket_until_ms INTEGER;
UPDATE service_sessions SET shown_ticket_kind = ticket_kind, shown_ticket_until_ms = ticket_until_ms WHERE ticket_until_ms IS NOT NULL;
