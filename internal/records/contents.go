package records

import (
	"bytes"
	"context"
	"crypto/hmac"
	"fmt"
	"os"
	"slices"

	"pointille/internal/records/attempts"
	"pointille/internal/records/audit"
	"pointille/internal/records/blocks"
	"pointille/internal/records/keys"
	"pointille/internal/records/vault"
)

// fits compares a row with what the log says of it.
func (v *verifier) fits(id, where string, state []byte) {
	said, there := v.state[id]
	delete(v.state, id)
	switch {
	case !there:
		v.problem(where, "is in the record though the log does not say so")
	case !hmac.Equal(said, state):
		v.problem(where, "is not as the log says it was left")
	}
}

// contents opens everything that is held.
func (v *verifier) contents(ctx context.Context) error {
	clients, err := collect(ctx, v.s.db, scanClient, clientRows+`ORDER BY client.n`)
	if err != nil {
		v.problem(v.s.path(blocks.Data), "%v", err)
	}
	total := 0
	for _, c := range clients {
		total += c.Items
	}
	sealer, err := v.s.sealer()
	if err != nil {
		return err
	}
	for _, c := range clients {
		if err := v.client(ctx, sealer, c, total); err != nil {
			return err
		}
	}
	return v.items(ctx)
}

// client opens a client and all that is held of it.
func (v *verifier) client(ctx context.Context, sealer *keys.Sealer, c secret, total int) error {
	v.v.Clients++
	v.fits(c.ID, "client "+c.Code, v.s.clientState(c))
	c, err := v.s.unseal(sealer, c)
	if err != nil {
		v.problem("client "+c.Code, "%v", err)
		return ctx.Err()
	}
	rows, err := v.s.sealedRows(ctx, `client = ?`, c.ID)
	if err != nil {
		v.problem("client "+c.Code, "%v", err)
	}
	fields, err := keys.NewSealer(c.fields())
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		v.item(fields, r, c)
		if v.o.Progress != nil {
			v.o.Progress(v.v.Items, total)
		}
	}
	v.lines(ctx, fields, c)
	return ctx.Err()
}

// lines opens a client's journal.
func (v *verifier) lines(ctx context.Context, fields *keys.Sealer, c secret) {
	all, err := v.s.sealedLines(ctx, c.ID)
	if err != nil {
		v.problem("client "+c.Code, "%v", err)
	}
	found := false
	for _, l := range all {
		v.v.Lines++
		where := fmt.Sprintf("line %d of the journal of client %s", l.n, c.Code)
		v.fits(lineID(l.client, l.n), where, v.s.lineState(l))
		text, err := fields.Open(l.text, lineOf(l.client, l.n))
		if err != nil {
			v.problem(where, "%v", err)
		}
		found = found || slices.ContainsFunc(v.o.Words, func(w []byte) bool { return len(w) > 0 && bytes.Contains(text, w) })
	}
	if found {
		v.v.Found = append(v.v.Found, "the journal of client "+c.Code)
	}
}

func (v *verifier) item(fields *keys.Sealer, r row, c secret) {
	v.v.Items++
	r, err := unsealItem(fields, r, c.Code)
	where := describe(r.Item) + " of client " + c.Code
	if err != nil {
		v.problem(where, "%v", err)
	}
	v.fits(r.ID, where, v.s.itemState(r))
	data, err := v.s.content(r, c)
	if err != nil {
		v.problem(where, "%v", err)
		return
	}
	v.v.Bytes += int64(len(data))
	for _, w := range v.o.Words {
		if len(w) > 0 && (bytes.Contains(data, w) || bytes.Contains([]byte(r.Name), w)) {
			v.v.Found = append(v.v.Found, where)
			return
		}
	}
}

// items looks for what the log says is there and is not. Items of a deleted client
// are gone with it.
func (v *verifier) items(ctx context.Context) error {
	if len(v.state) == 0 {
		return nil
	}
	gone, err := collect(ctx, v.s.db, scanText, `SELECT item FROM audit WHERE item <> '' AND client IN (SELECT client FROM audit WHERE action = ?)`, audit.ClientDeleted)
	if err != nil {
		v.problem("audit log", "%v", err)
	}
	for _, id := range gone {
		delete(v.state, id)
	}
	for id := range v.state {
		v.problem("audit log", "%s is missing from the record, and the log knows of no deletion", id)
	}
	return ctx.Err()
}

// folder wants every file of the record to belong to something.
func (v *verifier) folder(ctx context.Context) error {
	names, err := collect(ctx, v.s.db, scanText, `SELECT DISTINCT file FROM item ORDER BY file`)
	if err != nil {
		v.problem(v.s.path(blocks.Data), "%v", err)
		return ctx.Err()
	}
	err = v.s.vault.All(func(name, path string) error {
		if _, held := slices.BinarySearch(names, name); !held {
			v.problem(path, "belongs to no client of the record")
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(v.s.dir)
	if err != nil {
		return err
	}
	own := []string{keys.HeaderFile, keys.CopyFile, blocks.Data, blocks.Copy, blocks.Sums, blocks.Marker, blocks.Data + "-journal", attempts.File, lockFile, vault.Files, manifestFile}
	for _, e := range entries {
		if !slices.Contains(own, e.Name()) {
			v.problem(v.s.path(e.Name()), "is none of the record's files")
		}
	}
	m, backup, err := v.s.manifest()
	if err != nil {
		v.problem(v.s.path(manifestFile), "%v", err)
	} else if backup && !m.Whole {
		v.problem(v.s.path(manifestFile), "the backup was interrupted: back up again")
	}
	return nil
}
