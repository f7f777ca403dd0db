-- Keys that sign the receipts of stripped copies. sealed_key opens under the key file beside the database only, and goes
-- when the next key is made; root and certificate stay, for receipts are checked for years.
CREATE TABLE receipt_keys (
    id              TEXT PRIMARY KEY NOT NULL,
    root            BLOB NOT NULL,
    certificate     BLOB NOT NULL,
    sealed_key      BLOB,
    use_from_ms     BIGINT NOT NULL
);
