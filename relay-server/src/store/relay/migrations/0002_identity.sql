-- By what services know this database from any other: the numbers of events mean something in it alone.
CREATE TABLE identity (only_row INTEGER PRIMARY KEY NOT NULL CHECK (only_row = 1), id TEXT NOT NULL);
INSERT INTO identity (only_row, id) VALUES (1, lower(hex(randomblob(16))));
