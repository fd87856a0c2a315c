package migrate_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ncruces/go-sqlite3/driver"
	_ "github.com/ncruces/go-sqlite3/vfs/memdb"

	"pointille/internal/records/migrate"
)

func ExampleUp() {
	db, err := driver.Open("file:/example.db?vfs=memdb")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	files := fstest.MapFS{"0001-first.sql": {Data: []byte("CREATE TABLE client (code TEXT)")}}
	fmt.Println(migrate.Up(context.Background(), db, files))
	fmt.Println(migrate.Up(context.Background(), db, files))
	// Output:
	// 0 1 <nil>
	// 1 1 <nil>
}

func steps(texts ...string) fs.FS {
	files := fstest.MapFS{}
	for i, text := range texts {
		files[fmt.Sprintf("%04d-step.sql", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func empty(t *testing.T) *sql.DB {
	db, err := driver.Open("file:" + filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestStepByStep(t *testing.T) {
	db := empty(t)
	first, both := steps("CREATE TABLE a (x)"), steps("CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (1, 2)")
	if err := migrate.Check(t.Context(), db, first); !errors.Is(err, migrate.ErrOlder) {
		t.Error(err)
	}
	for i, tt := range []struct {
		files    fs.FS
		from, to int
	}{{first, 0, 1}, {both, 1, 2}, {both, 2, 2}} {
		if from, to, err := migrate.Up(t.Context(), db, tt.files); err != nil || from != tt.from || to != tt.to {
			t.Errorf("%d: %d to %d, %v", i, from, to, err)
		}
	}
	if err := migrate.Check(t.Context(), db, both); err != nil {
		t.Error(err)
	}
	for _, err := range []error{migrate.Check(t.Context(), db, first), second(migrate.Up(t.Context(), db, first))} {
		if !errors.Is(err, migrate.ErrNewer) || !strings.Contains(err.Error(), "was written by a newer Pointille (version 2; this one reads up to 1)") {
			t.Error(err)
		}
	}
}

func second(_, _ int, err error) error { return err }

// TestFailingStep wants a step that fails to leave nothing.
func TestFailingStep(t *testing.T) {
	db := empty(t)
	_, to, err := migrate.Up(t.Context(), db, steps("CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x)"))
	if err == nil || to != 1 || !strings.Contains(err.Error(), "0002-step.sql") {
		t.Errorf("%d, %v", to, err)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d tables, %v", n, err)
	}
	if v, err := migrate.Version(t.Context(), db); err != nil || v != 1 {
		t.Errorf("version %d, %v", v, err)
	}
}

func TestNumbers(t *testing.T) {
	for _, names := range [][]string{{"0002-a.sql"}, {"0001-a.sql", "0003-b.sql"}, {"0001-a.sql", "0001-b.sql"}, {"a.sql"}} {
		files := fstest.MapFS{}
		for _, n := range names {
			files[n] = &fstest.MapFile{}
		}
		if _, _, err := migrate.Up(t.Context(), empty(t), files); err == nil {
			t.Errorf("%q was taken", names)
		}
	}
}
