// Package schema is the tables of a record, as migrations for package migrate.
package schema

import (
	"embed"
	"io/fs"
)

//go:embed *.sql
var files embed.FS

// Files returns the migrations.
func Files() fs.FS { return files }

// ApplicationID marks the database of a record ("Pntl"), as file(1) and SQLite
// know it.
const ApplicationID = 0x506e746c
