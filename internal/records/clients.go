package records

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"filippo.io/age"

	"pointille/internal/records/audit"
	"pointille/internal/records/keys"
)

// Client is a person, by code.
type Client struct {
	ID      string    `json:"id"` // random; stays in the audit log after a deletion
	Code    string    `json:"code"`
	Name    string    `json:"name,omitempty"`
	Created time.Time `json:"created"`
	Items   int       `json:"items"` // how many are held
	Photos  int       `json:"photos"`
	Lines   int       `json:"lines,omitempty"` // of the journal that a consultation leaves
}

// secret is a client with what opens its fields and files.
type secret struct {
	Client
	identity string // age identity
	sealed   []byte // the identity as it is stored
	name     []byte // the name as it is stored
}

// fields is the key of what stands in the database.
func (c secret) fields() []byte { return keys.Derive([]byte(c.identity), "fields") }

// age returns what opens the client's files.
func (c secret) age() (*age.X25519Identity, error) {
	id, err := age.ParseX25519Identity(c.identity)
	if err != nil {
		return nil, fmt.Errorf("the key of client %s: %w", c.Code, err)
	}
	return id, nil
}

// state is what the audit log binds of a client.
func (s *Store) clientState(c secret) []byte {
	return s.log.State("client", c.ID, c.Code, c.Created.Format(time.RFC3339), string(c.name), string(c.sealed))
}

// Bounds of codes and names, characters. A code fits on every page of a guide.
const (
	maxCode = 40
	maxName = 200
)

// CheckCode refuses what is no code of a client: the one rule for the record, the
// studio and the command line.
func CheckCode(code string) error {
	switch {
	case code == "" || strings.TrimSpace(code) != code:
		return errors.New("a client's code is not empty and has no blanks around it")
	case !utf8.ValidString(code) || utf8.RuneCountInString(code) > maxCode:
		return fmt.Errorf("a client's code has at most %d characters", maxCode)
	case code[0] == '.':
		return errors.New("a client's code does not begin with a point")
	case strings.ContainsFunc(code, func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(`/\<>"`, r) }):
		return fmt.Errorf(`%q is no client's code: letters, digits, blanks between, and signs other than / \ < > and quotes`, code)
	}
	return nil
}

func checkName(name string) error {
	if utf8.RuneCountInString(name) > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("a name has at most %d characters, on one line", maxName)
	}
	return nil
}

// NewClient adds a client with keys of its own. The name may be empty: nothing in
// the program needs one.
func (s *Store) NewClient(ctx context.Context, code, name string) (Client, error) {
	if err := errors.Join(CheckCode(code), checkName(name)); err != nil {
		return Client{}, err
	}
	c, err := s.forge(code, name)
	if err != nil {
		return Client{}, fmt.Errorf("making the client's keys: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.change(ctx, c.identity, func(tx *sql.Tx) ([]audit.Entry, error) {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM client WHERE code = ?`, code).Scan(&n); err != nil {
			return nil, err
		}
		if n > 0 {
			return nil, fmt.Errorf("client %s: %w", code, ErrExists)
		}
		return []audit.Entry{{Action: audit.ClientNew, Client: c.ID, Detail: []byte(code), State: s.clientState(c)}}, insertClient(ctx, tx, c)
	})
	if err != nil {
		return Client{}, err
	}
	return c.Client, nil
}

func insertClient(ctx context.Context, tx *sql.Tx, c secret) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO client (id, code, created, name, key) VALUES (?, ?, ?, ?, ?)`,
		c.ID, c.Code, c.Created.Format(time.RFC3339), c.name, c.sealed)
	return err
}

// idBytes make a client's id: it is part of addresses in the studio, which nobody
// may guess. Older records have ids of 8.
const idBytes = 15

// forge makes a client with its keys.
func (s *Store) forge(code, name string) (secret, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return secret{}, err
	}
	c := secret{Client: Client{ID: hex.EncodeToString(keys.New(idBytes)), Code: code, Name: name, Created: s.o.Now().UTC().Truncate(time.Second)}, identity: id.String()}
	if c.sealed, err = keys.Seal(s.ring.Derive("clients"), []byte(c.identity), "key of "+c.ID); err != nil {
		return secret{}, err
	}
	c.name, err = keys.Seal(c.fields(), []byte(name), "name of "+c.ID)
	return c, err
}

// clientRows gives clients with how many items and photos are held; items are
// counted in one pass over their index.
const clientRows = `SELECT client.id, client.code, client.created, client.name, client.key, coalesce(held.items, 0), coalesce(held.photos, 0),
	(SELECT coalesce(max(n), 0) FROM line WHERE line.client = client.id)
	FROM client LEFT JOIN (SELECT client, count(*) AS items, sum(kind = 'photo') AS photos FROM item GROUP BY client) AS held ON held.client = client.id `

// clientRow is clientRows for one client.
const clientRow = `SELECT client.id, client.code, client.created, client.name, client.key,
	(SELECT count(*) FROM item WHERE item.client = client.id), (SELECT count(*) FROM item WHERE item.client = client.id AND item.kind = 'photo'),
	(SELECT coalesce(max(n), 0) FROM line WHERE line.client = client.id)
	FROM client `

// scanClient reads a row; it stays sealed.
func scanClient(scan func(...any) error) (c secret, err error) {
	var created string
	if err := scan(&c.ID, &c.Code, &created, &c.name, &c.sealed, &c.Items, &c.Photos, &c.Lines); err != nil {
		return c, err
	}
	c.Created, err = time.Parse(time.RFC3339, created)
	return c, err
}

// unseal opens a client's key and name.
func (s *Store) unseal(clients *keys.Sealer, c secret) (secret, error) {
	identity, err := clients.Open(c.sealed, "key of "+c.ID)
	if err != nil {
		return c, fmt.Errorf("the key of client %s %w", c.Code, err)
	}
	c.identity = string(identity)
	name, err := keys.Open(c.fields(), c.name, "name of "+c.ID)
	if err != nil {
		return c, fmt.Errorf("the name of client %s %w", c.Code, err)
	}
	c.Name = string(name)
	return c, nil
}

// sealer opens the keys of clients.
func (s *Store) sealer() (*keys.Sealer, error) { return keys.NewSealer(s.ring.Derive("clients")) }

// Clients lists all clients by code.
func (s *Store) Clients(ctx context.Context) ([]Client, error) {
	all, err := s.secrets(ctx)
	if err != nil {
		return nil, err
	}
	clients := make([]Client, len(all))
	for i, c := range all {
		clients[i] = c.Client
	}
	return clients, nil
}

func (s *Store) secrets(ctx context.Context) ([]secret, error) {
	all, err := collect(ctx, s.db, scanClient, clientRows+`ORDER BY client.code`)
	if err != nil {
		return nil, fmt.Errorf("listing clients: %w", err)
	}
	sealer, err := s.sealer()
	if err != nil {
		return nil, err
	}
	for i, c := range all {
		if all[i], err = s.unseal(sealer, c); err != nil {
			return nil, said(err)
		}
	}
	return all, nil
}

// identities returns the age identity of each client by its id.
func (s *Store) identities(ctx context.Context) (map[string]string, error) {
	all, err := s.secrets(ctx)
	if err != nil {
		return nil, err
	}
	by := make(map[string]string, len(all))
	for _, c := range all {
		by[c.ID] = c.identity
	}
	return by, nil
}

// Client returns one client. Capitals of the code do not matter.
func (s *Store) Client(ctx context.Context, code string) (Client, error) {
	c, err := s.secretOf(ctx, code)
	return c.Client, err
}

// ClientByID returns the client with an id.
func (s *Store) ClientByID(ctx context.Context, id string) (Client, error) {
	c, err := s.secretWhere(ctx, `id = ?`, id, "client "+id)
	return c.Client, err
}

func (s *Store) secretOf(ctx context.Context, code string) (secret, error) {
	return s.secretWhere(ctx, `code = ?`, code, "client "+code)
}

// secretWhere returns the one client that a condition holds for; what names it in
// errors.
func (s *Store) secretWhere(ctx context.Context, condition, value, what string) (secret, error) {
	c, err := scanClient(s.db.QueryRowContext(ctx, clientRow+`WHERE `+condition, value).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return secret{}, fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	if err != nil {
		return secret{}, fmt.Errorf("%s: %w", what, said(err))
	}
	sealer, err := s.sealer()
	if err != nil {
		return secret{}, err
	}
	if c, err = s.unseal(sealer, c); err != nil {
		return secret{}, said(err)
	}
	return c, nil
}
