package records

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"pointille/internal/filekind"
	"pointille/internal/records/audit"
	"pointille/internal/records/keys"
)

// Kinds of items that the program knows. Others may be used: lower-case letters,
// digits and hyphens.
const (
	Photo    = "photo"
	Survey   = "survey"
	Plan     = "plan"
	Wishes   = "wishes"
	Answers  = "answers" // of screening
	Schedule = "schedule"
	Consent  = "consent"
	Ledger   = "ledger" // pigments used in this client
	Document = "document"
)

// MaxContent is the largest content of an item, bytes.
const MaxContent = 512 << 20

// New is an item to be added.
type New struct {
	Kind    string // "": told by the content, see KindOf
	Name    string // of the file, without folders; may be empty
	Content []byte
}

// Item is something held of a client. It never changes.
type Item struct {
	ID     string    `json:"id"`
	Client string    `json:"client"` // code
	Kind   string    `json:"kind"`
	Name   string    `json:"name,omitempty"`
	Media  string    `json:"media"` // MIME type
	Size   int64     `json:"size"`  // bytes
	Added  time.Time `json:"added"`
	File   string    `json:"file"` // name in the vault
}

// row is an item as it is stored.
type row struct {
	Item
	client string // id
	name   []byte // sealed
}

// KindOf tells the kind of an item by its content: Photo, the kind that a document
// of this program names in its schema, or Document.
func KindOf(content []byte) string {
	if filekind.Of(head(content)).Photo() {
		return Photo
	}
	var doc struct {
		Schema string `json:"schema"`
	}
	if len(content) == 0 || json.Unmarshal(content, &doc) != nil {
		return Document
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(doc.Schema, "pointille."), "/")
	if !strings.HasPrefix(doc.Schema, "pointille.") || checkKind(name) != nil {
		return Document
	}
	return name
}

func head(content []byte) []byte { return content[:min(len(content), filekind.HeadBytes)] }

// mediaOf is the MIME type of a content.
func mediaOf(content []byte) string {
	if k := filekind.Of(head(content)); k == filekind.HEIC {
		return "image/heic"
	}
	if json.Valid(content) {
		return "application/json"
	}
	return http.DetectContentType(content)
}

func checkKind(kind string) error {
	if kind == "" || len(kind) > 32 || strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.HasPrefix(kind, "-") {
		return fmt.Errorf("%q is no kind of item: lower-case letters, digits and hyphens", kind)
	}
	return nil
}

func (n New) check() error {
	if err := checkKind(n.Kind); err != nil {
		return err
	}
	if err := checkName(n.Name); err != nil {
		return err
	}
	if n.Name != "" && (n.Name != filepath.Base(n.Name) || strings.Contains(n.Name, `\`) || n.Name == "." || n.Name == "..") {
		return fmt.Errorf("%q is no plain file name", n.Name)
	}
	if len(n.Content) > MaxContent {
		return fmt.Errorf("%s: larger than %d MB", n.Name, MaxContent>>20)
	}
	return nil
}

// Add adds an item to a client. What is held already, a photo with the same
// content, or a document whose newest of its kind and name has it, is returned as
// it is held.
func (s *Store) Add(ctx context.Context, code string, n New) (Item, error) {
	items, err := s.Apply(ctx, code, Batch{Add: []New{n}})
	if err != nil {
		return Item{}, err
	}
	return items[0], nil
}

// held looks for an item that says the same already.
func (s *Store) held(ctx context.Context, c secret, n New, file string) (row, bool, error) {
	rows, err := s.rows(ctx, c, `client = ? AND kind = ?`, c.ID, n.Kind)
	if err != nil {
		return row{}, false, err
	}
	for i := len(rows) - 1; i >= 0; i-- {
		switch r := rows[i]; {
		case r.File == file && (n.Kind == Photo || r.Name == n.Name):
			return r, true, nil
		case n.Kind != Photo && r.Name == n.Name:
			return row{}, false, nil // a newer one says something else
		}
	}
	return row{}, false, nil
}

func (s *Store) newRow(c secret, n New, file string) (r row, err error) {
	r = row{client: c.ID, Item: Item{
		ID: hex.EncodeToString(keys.New(8)), Client: c.Code, Kind: n.Kind, Name: n.Name, Media: mediaOf(n.Content),
		Size: int64(len(n.Content)), Added: s.o.Now().UTC().Truncate(time.Second), File: file,
	}}
	r.name, err = keys.Seal(c.fields(), []byte(n.Name), "name of "+r.ID)
	return r, err
}

// itemState is what the audit log binds of an item.
func (s *Store) itemState(r row) []byte {
	return s.log.State("item", r.ID, r.client, r.Kind, string(r.name), r.Media, fmt.Sprint(r.Size), r.Added.Format(time.RFC3339), r.File)
}

const itemColumns = `id, client, kind, name, media, size, added, file`

func insertItem(ctx context.Context, tx *sql.Tx, r row) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO item (`+itemColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.client, r.Kind, r.name, r.Media, r.Size, r.Added.Format(time.RFC3339), r.File)
	return err
}

func scanItem(scan func(...any) error) (r row, err error) {
	var added string
	if err := scan(&r.ID, &r.client, &r.Kind, &r.name, &r.Media, &r.Size, &added, &r.File); err != nil {
		return r, err
	}
	r.Added, err = time.Parse(time.RFC3339, added)
	return r, err
}

// rows returns items of a client that a condition holds for, oldest first.
func (s *Store) rows(ctx context.Context, c secret, condition string, args ...any) ([]row, error) {
	all, err := s.sealedRows(ctx, condition, args...)
	if err != nil {
		return nil, fmt.Errorf("listing what is held of %s: %w", c.Code, err)
	}
	sealer, err := keys.NewSealer(c.fields())
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i], err = unsealItem(sealer, all[i], c.Code); err != nil {
			return nil, said(err)
		}
	}
	return all, nil
}

// sealedRows returns items whose names are not opened.
func (s *Store) sealedRows(ctx context.Context, condition string, args ...any) ([]row, error) {
	return collect(ctx, s.db, scanItem, `SELECT `+itemColumns+` FROM item WHERE `+condition+` ORDER BY n`, args...)
}

// unsealItem opens the name of a client's item.
func unsealItem(fields *keys.Sealer, r row, code string) (row, error) {
	name, err := fields.Open(r.name, "name of "+r.ID)
	if err != nil {
		return r, fmt.Errorf("the name of item %s of %s %w", r.ID, code, err)
	}
	r.Name, r.Client = string(name), code
	return r, nil
}

// Items lists what is held of a client, oldest first.
func (s *Store) Items(ctx context.Context, code string) ([]Item, error) {
	c, err := s.secretOf(ctx, code)
	if err != nil {
		return nil, err
	}
	all, err := s.rows(ctx, c, `client = ?`, c.ID)
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(all))
	for i, r := range all {
		items[i] = r.Item
	}
	return items, nil
}

// itemOf returns an item with its client.
func (s *Store) itemOf(ctx context.Context, id string) (row, secret, error) {
	r, err := scanItem(s.db.QueryRowContext(ctx, `SELECT `+itemColumns+` FROM item WHERE id = ?`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return row{}, secret{}, fmt.Errorf("item %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return row{}, secret{}, fmt.Errorf("item %s: %w", id, said(err))
	}
	c, err := s.secretWhere(ctx, `id = ?`, r.client, "the client of item "+id)
	if err != nil {
		return row{}, secret{}, err
	}
	fields, err := keys.NewSealer(c.fields())
	if err != nil {
		return row{}, secret{}, err
	}
	if r, err = unsealItem(fields, r, c.Code); err != nil {
		return row{}, secret{}, errors.Join(said(err), fmt.Errorf("item %s: %w", id, ErrNotFound))
	}
	return r, c, nil
}

// Item returns an item by its id.
func (s *Store) Item(ctx context.Context, id string) (Item, error) {
	r, _, err := s.itemOf(ctx, id)
	return r.Item, err
}

// Read returns the content of an item, proven to be what was added.
func (s *Store) Read(ctx context.Context, id string) ([]byte, error) {
	r, c, err := s.itemOf(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.content(r, c)
}

func (s *Store) content(r row, c secret) ([]byte, error) {
	return opened(r, c, func(key *age.X25519Identity) ([]byte, error) { return s.vault.Read(c.ID, r.File, key) })
}

// proven opens a content as it lies on the disk, only to see that it is whole.
func (s *Store) proven(r row, c secret, sealed []byte) error {
	_, err := opened(r, c, func(key *age.X25519Identity) ([]byte, error) { return s.vault.Open(c.ID, r.File, sealed, key) })
	return err
}

// opened opens a content with its client's key; the error says whose it is.
func opened(r row, c secret, with func(*age.X25519Identity) ([]byte, error)) ([]byte, error) {
	key, err := c.age()
	if err != nil {
		return nil, err
	}
	data, err := with(key)
	if err != nil {
		return nil, fmt.Errorf("%s of client %s: %w", describe(r.Item), c.Code, err)
	}
	return data, nil
}

// describe names an item for people.
func describe(i Item) string {
	if i.Name == "" {
		return i.Kind + " " + i.ID
	}
	return i.Kind + " " + i.Name
}

// describeKind names an item by kind and name, as it was added.
func describeKind(i Item) string { return strings.TrimSpace(i.Kind + " " + i.Name) }

// Exported writes into the log that a client's data were handed out.
func (s *Store) Exported(ctx context.Context, code, what string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.secretOf(ctx, code)
	if err != nil {
		return err
	}
	return s.change(ctx, c.identity, func(*sql.Tx) ([]audit.Entry, error) {
		return []audit.Entry{{Action: audit.Exported, Client: c.ID, Detail: []byte(what)}}, nil
	})
}
