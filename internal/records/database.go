package records

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	_ "github.com/ncruces/go-sqlite3/vfs/adiantum" // registers the encrypting file layer
	"golang.org/x/sys/unix"

	"pointille/internal/document"
	"pointille/internal/records/blocks"
	"pointille/internal/records/keys"
	"pointille/internal/records/schema"
)

// access is how a database is opened.
type access int

const (
	toRead access = iota
	toWrite
	toMake // it may not be there yet
)

// openDB opens the database under its key. One connection serves the whole
// process: SQLite has one writer anyhow, and each costs memory.
func openDB(ctx context.Context, dir string, ring *keys.Ring, how access) (*sql.DB, error) {
	abs, err := filepath.Abs(filepath.Join(dir, blocks.Data))
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	key := hex.EncodeToString(ring.Derive("database"))
	db, err := connect(ctx, abs, key, mode(how), how)
	if err != nil && how == toRead && errors.Is(err, sqlite3.CANTOPEN) {
		db, err = connect(ctx, abs, key, "ro", how) // a medium that cannot be written
	}
	return db, said(err)
}

func connect(ctx context.Context, path, key, mode string, how access) (*sql.DB, error) {
	name := (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "vfs=adiantum&_txlock=immediate&mode=" + mode}).String()
	db, err := driver.Open(name, func(c *sqlite3.Conn) error { return prepare(c, key, how == toRead) })
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	db.SetMaxOpenConns(1)
	err = db.PingContext(ctx)
	if err == nil && how != toMake {
		err = ours(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// mode lets only a record that is being made get a new database: a file that is
// missing must not be taken for an empty record. A reader may write too, so that it
// can take back what a writer left half done; query_only keeps it from more.
func mode(how access) string {
	if how == toMake {
		return "rwc"
	}
	return "rw"
}

// ours wants the database to be that of a record.
func ours(ctx context.Context, db *sql.DB) error {
	var id int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id != schema.ApplicationID {
		return fmt.Errorf("%w (it is not that of a record)", ErrDamaged)
	}
	return nil
}

// prepare sets a new connection up.
func prepare(c *sqlite3.Conn, key string, readOnly bool) error {
	pragmas := []string{
		"PRAGMA hexkey='" + key + "'",
		"PRAGMA busy_timeout=10000",    // readers and the writer wait for each other
		"PRAGMA temp_store=memory",     // nothing of a client in files beside
		"PRAGMA secure_delete=on",      // what is deleted is overwritten
		"PRAGMA journal_mode=truncate", // no log of old pages stays behind
		"PRAGMA synchronous=extra",     // a commit is on the disk before it is acknowledged
		"PRAGMA foreign_keys=on",       // no item without its client
		"PRAGMA trusted_schema=off",    // the file's own schema runs nothing unsafe
		"PRAGMA cell_size_check=on",    // damage is noticed when a page is read
		"PRAGMA mmap_size=0",           // pages are read through the cipher
		"PRAGMA cache_size=-16000",     // 16 MB
		"PRAGMA locking_mode=normal",   // readers are let in between
		"PRAGMA recursive_triggers=1",  // the log's triggers fire on REPLACE too
	}
	if readOnly {
		pragmas = append(pragmas, "PRAGMA query_only=on")
	}
	for _, p := range pragmas {
		if err := c.Exec(p); err != nil {
			return err
		}
	}
	return nil
}

// said puts errors of the database in words that say what to do.
func said(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sqlite3.FULL), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("the disk is full; nothing was changed that was not finished: %w", err)
	case errors.Is(err, ErrDamaged):
		return err
	case errors.Is(err, sqlite3.CANTOPEN):
		return fmt.Errorf("%w (%s is missing or cannot be opened)", ErrDamaged, blocks.Data)
	case errors.Is(err, sqlite3.CORRUPT), errors.Is(err, sqlite3.NOTADB), errors.Is(err, sqlite3.IOERR_SHORT_READ), errors.Is(err, keys.ErrSealed):
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.LOCKED):
		return fmt.Errorf("%w and did not let go of it for 10 seconds", ErrInUse)
	}
	return err
}

// said is the function said for a write: SQLite tells a full disk from a broken one
// only where the system's error reaches it, so the disk is asked.
func (s *Store) said(err error) error {
	if errors.Is(err, sqlite3.IOERR) && almostFull(s.dir) {
		return said(fmt.Errorf("%w: %w", syscall.ENOSPC, err))
	}
	return said(err)
}

// littleLeft is less room than any change needs with its journal, bytes.
const littleLeft = 256 << 10

func almostFull(dir string) bool {
	var fs unix.Statfs_t
	return unix.Statfs(dir, &fs) == nil && fs.Bavail*uint64(fs.Bsize) < littleLeft
}

// newer gives a header of a later version the error of all that is too new.
func newer(err error) error {
	var d *document.Error
	if errors.As(err, &d) && strings.Contains(d.Cause, "newer Pointille") {
		return fmt.Errorf("%w%.0w", err, ErrNewer)
	}
	return err
}
