-- A record: clients, what is held of each, and the log of every change.
-- There is no column for ethnicity, skin type or any diagnosis, and none may be added.

CREATE TABLE client (
	n       INTEGER PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,            -- random; the only word about a client that outlives it, in audit
	code    TEXT NOT NULL UNIQUE COLLATE NOCASE,
	created TEXT NOT NULL,                   -- time, RFC 3339
	name    BLOB NOT NULL,                   -- sealed under the client's key
	key     BLOB NOT NULL                    -- the client's age identity, sealed under the record's key
) STRICT;

CREATE TABLE item (
	n      INTEGER PRIMARY KEY AUTOINCREMENT, -- later is newer
	id     TEXT NOT NULL UNIQUE,              -- random
	client TEXT NOT NULL REFERENCES client (id),
	kind   TEXT NOT NULL,
	name   BLOB NOT NULL,                     -- of the file it came from, sealed under the client's key
	media  TEXT NOT NULL,                     -- MIME type
	size   INTEGER NOT NULL,                  -- bytes of the content
	added  TEXT NOT NULL,                     -- time, RFC 3339
	file   TEXT NOT NULL                      -- name in the vault
) STRICT;

CREATE INDEX item_client ON item (client, kind);
CREATE INDEX item_file ON item (file);

-- Files whose item is gone and that are still to be removed.
CREATE TABLE doomed (file TEXT PRIMARY KEY) STRICT;

-- What is still to be done after a deletion that was interrupted.
CREATE TABLE due (task TEXT PRIMARY KEY) STRICT;

CREATE TABLE audit (
	seq        INTEGER PRIMARY KEY,
	at         TEXT NOT NULL,
	action     TEXT NOT NULL,
	client     TEXT NOT NULL,
	item       TEXT NOT NULL,
	detail     BLOB NOT NULL,
	state      BLOB NOT NULL,
	clock_back INTEGER NOT NULL,
	hash       BLOB NOT NULL
) STRICT;

CREATE INDEX audit_client ON audit (client);

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_whole BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
