// Package migrate brings a database to the version that the program writes.
//
// Migrations are files NNNN-name.sql, numbered from 1 without gaps; the number
// of the last one is the version, kept in the database as user_version. Each
// runs in a transaction with the change of the version: it is done or not.
package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// ErrNewer is returned for a database of a later version.
var ErrNewer = errors.New("was written by a newer Pointille")

// ErrOlder is returned by Check for a database that Up would change.
var ErrOlder = errors.New("is of an older version")

// Version returns the version of a database.
func Version(ctx context.Context, db *sql.DB) (int, error) {
	var v int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v); err != nil {
		return 0, err
	}
	return v, nil
}

// Check reports whether the database is of the version of the migrations: nil,
// ErrOlder or ErrNewer.
func Check(ctx context.Context, db *sql.DB, files fs.FS) error {
	steps, err := list(files)
	if err != nil {
		return err
	}
	v, err := Version(ctx, db)
	switch {
	case err != nil:
		return err
	case v > len(steps):
		return fmt.Errorf("%w (version %d; this one reads up to %d)", ErrNewer, v, len(steps))
	case v < len(steps):
		return ErrOlder
	}
	return nil
}

// Up runs the migrations that the database lacks and returns its version before
// and after.
func Up(ctx context.Context, db *sql.DB, files fs.FS) (from, to int, err error) {
	steps, err := list(files)
	if err != nil {
		return 0, 0, err
	}
	if from, err = Version(ctx, db); err != nil {
		return 0, 0, err
	}
	if from > len(steps) {
		return from, from, fmt.Errorf("%w (version %d; this one reads up to %d)", ErrNewer, from, len(steps))
	}
	for v := from; v < len(steps); v++ {
		if err := run(ctx, db, files, steps[v], v+1); err != nil {
			return from, v, fmt.Errorf("migration %s: %w", steps[v], err)
		}
	}
	return from, len(steps), nil
}

// list returns the migrations in order.
func list(files fs.FS) ([]string, error) {
	names, err := fs.Glob(files, "*.sql") // sorted
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		number, _, _ := strings.Cut(name, "-")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s stands where number %d is expected", name, i+1)
		}
	}
	return names, nil
}

func run(ctx context.Context, db *sql.DB, files fs.FS, name string, version int) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // no-op once committed
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
}
