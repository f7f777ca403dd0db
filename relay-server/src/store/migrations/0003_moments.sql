-- When a result came: on the server's clock, and by the time of day that certificates are measured by.
ALTER TABLE mailboxes ADD COLUMN delivered_ms BIGINT;
ALTER TABLE mailboxes ADD COLUMN delivered_time_of_day_ms BIGINT;

-- The last change of a session: a system's time from before it is wrong.
ALTER TABLE sessions ADD COLUMN changed_ms BIGINT NOT NULL DEFAULT 0;
