-- The journal of each client: what was done in a consultation, one line after the other, only added to.

CREATE TABLE line (
	client TEXT NOT NULL REFERENCES client (id),
	n      INTEGER NOT NULL,                  -- from 1, without gaps
	text   BLOB NOT NULL,                     -- sealed under the client's key, bound to client and n
	PRIMARY KEY (client, n)
) STRICT, WITHOUT ROWID;
