package records

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"pointille/internal/records/audit"
	"pointille/internal/records/keys"
)

// Batch is a change of what is held of a client: all of it or nothing.
type Batch struct {
	Add    []New    // items; one that is held already stays as it is
	Remove []string // ids of items of the client
	Line   []byte   // joins the client's journal; nil: none
	Said   string   // what the line is, in a word or two, for the log of changes
}

// Apply changes what is held of a client and returns the items of b.Add as they are
// held. It is on the disk when Apply returns, or none of it is.
func (s *Store) Apply(ctx context.Context, code string, b Batch) ([]Item, error) {
	for i := range b.Add {
		if b.Add[i].Kind == "" {
			b.Add[i].Kind = KindOf(b.Add[i].Content)
		}
		if err := b.Add[i].check(); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.ReadOnly {
		return nil, ErrReadOnly
	}
	c, err := s.secretOf(ctx, code)
	if err != nil {
		return nil, err
	}
	p := applying{s: s, c: c, b: b}
	if err := p.stage(ctx); err != nil {
		return nil, errors.Join(err, p.giveUp())
	}
	if len(p.fresh) == 0 && len(b.Remove) == 0 && b.Line == nil {
		return p.items, nil // all of it is held
	}
	if err := s.change(ctx, c.identity, func(tx *sql.Tx) ([]audit.Entry, error) { return p.write(ctx, tx) }); err != nil {
		return nil, errors.Join(err, p.giveUp())
	}
	for _, r := range p.fresh {
		if err := s.vault.Keep(r.File); err != nil {
			return nil, s.said(err)
		}
	}
	if len(b.Remove) > 0 {
		return p.items, s.doom(ctx)
	}
	return p.items, nil
}

// applying is a batch on its way.
type applying struct {
	s     *Store
	c     secret
	b     Batch
	items []Item // as they are held
	fresh []row  // of them those to be written; their contents are staged
}

// stage writes the contents that are not held: a crash before the database knows of
// them is ended by the next opening, see settle.
func (p *applying) stage(ctx context.Context) error {
	key, err := p.c.age()
	if err != nil {
		return err
	}
	for _, n := range p.b.Add {
		file := p.s.vault.Name(p.c.ID, n.Content)
		r, found, err := p.s.held(ctx, p.c, n, file)
		if err != nil {
			return err
		}
		if !found {
			if r, err = p.s.newRow(p.c, n, file); err != nil {
				return err
			}
			p.fresh = append(p.fresh, r)
			if err := p.s.vault.Stage(file, key.Recipient(), n.Content); err != nil {
				return p.s.said(err)
			}
		}
		p.items = append(p.items, r.Item)
	}
	return nil
}

// giveUp settles what was staged by asking the database, with time of its own: a
// commit may fail after it was made.
func (p *applying) giveUp() error {
	ctx := context.Background()
	var err error
	for _, r := range p.fresh {
		err = errors.Join(err, p.s.vault.SettleOne(r.File, p.s.known(ctx)))
	}
	return err
}

// write adds rows and entries of the log.
func (p *applying) write(ctx context.Context, tx *sql.Tx) (log []audit.Entry, err error) {
	for _, r := range p.fresh {
		if err := insertItem(ctx, tx, r); err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM doomed WHERE file = ?`, r.File); err != nil {
			return nil, err
		}
		log = append(log, audit.Entry{Action: audit.ItemAdded, Client: p.c.ID, Item: r.ID, Detail: []byte(describeKind(r.Item)), State: p.s.itemState(r)})
	}
	for _, id := range p.b.Remove {
		e, err := p.s.removeRow(ctx, tx, p.c, id)
		if err != nil {
			return nil, err
		}
		log = append(log, e)
	}
	if p.b.Line != nil {
		e, err := p.s.addLine(ctx, tx, p.c, p.b.Line, p.b.Said)
		if err != nil {
			return nil, err
		}
		log = append(log, e)
	}
	return log, nil
}

// removeRow takes the row of a client's item away, and dooms its file unless another
// item has the same content.
func (s *Store) removeRow(ctx context.Context, tx *sql.Tx, c secret, id string) (audit.Entry, error) {
	r, err := scanItem(tx.QueryRowContext(ctx, `SELECT `+itemColumns+` FROM item WHERE id = ? AND client = ?`, id, c.ID).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return audit.Entry{}, fmt.Errorf("item %s of client %s: %w", id, c.Code, ErrNotFound)
	}
	if err != nil {
		return audit.Entry{}, err
	}
	sealer, err := keys.NewSealer(c.fields())
	if err != nil {
		return audit.Entry{}, err
	}
	if r, err = unsealItem(sealer, r, c.Code); err != nil {
		return audit.Entry{}, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM item WHERE id = ?`, id); err != nil {
		return audit.Entry{}, err
	}
	_, err = tx.ExecContext(ctx, `INSERT OR IGNORE INTO doomed SELECT ? WHERE NOT EXISTS (SELECT 1 FROM item WHERE file = ?)`, r.File, r.File)
	return audit.Entry{Action: audit.ItemRemoved, Client: c.ID, Item: id, Detail: []byte(describe(r.Item))}, err
}

// A line is bound to its client and place, so that none can be moved.
func lineOf(client string, n int) string { return fmt.Sprintf("line %d of %s", n, client) }

// lineID names a line in the log of changes.
func lineID(client string, n int) string { return fmt.Sprintf("%s.%d", client, n) }

func (s *Store) lineState(l line) []byte {
	return s.log.State("line", l.client, fmt.Sprint(l.n), string(l.text))
}

// line is a line as it is stored.
type line struct {
	client string
	n      int
	text   []byte // sealed
}

func scanLine(scan func(...any) error) (l line, err error) {
	err = scan(&l.client, &l.n, &l.text)
	return l, err
}

func (s *Store) addLine(ctx context.Context, tx *sql.Tx, c secret, text []byte, said string) (audit.Entry, error) {
	l := line{client: c.ID}
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) + 1 FROM line WHERE client = ?`, c.ID).Scan(&l.n); err != nil {
		return audit.Entry{}, err
	}
	var err error
	if l.text, err = keys.Seal(c.fields(), text, lineOf(c.ID, l.n)); err != nil {
		return audit.Entry{}, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO line (client, n, text) VALUES (?, ?, ?)`, l.client, l.n, l.text)
	return audit.Entry{Action: audit.LineAdded, Client: c.ID, Item: lineID(c.ID, l.n), Detail: []byte(said), State: s.lineState(l)}, err
}

// Lines returns the journal of a client, oldest line first.
func (s *Store) Lines(ctx context.Context, code string) ([][]byte, error) {
	c, err := s.secretOf(ctx, code)
	if err != nil {
		return nil, err
	}
	all, err := s.sealedLines(ctx, c.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the journal of client %s: %w", c.Code, err)
	}
	sealer, err := keys.NewSealer(c.fields())
	if err != nil {
		return nil, err
	}
	texts := make([][]byte, len(all))
	for i, l := range all {
		if l.n != i+1 {
			return nil, fmt.Errorf("%w (line %d of the journal of client %s is missing)", ErrDamaged, i+1, c.Code)
		}
		if texts[i], err = sealer.Open(l.text, lineOf(c.ID, l.n)); err != nil {
			return nil, said(fmt.Errorf("line %d of the journal of client %s %w", l.n, c.Code, err))
		}
	}
	return texts, nil
}

func (s *Store) sealedLines(ctx context.Context, client string) ([]line, error) {
	return collect(ctx, s.db, scanLine, `SELECT client, n, text FROM line WHERE client = ? ORDER BY n`, client)
}
