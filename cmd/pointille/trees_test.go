package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"pointille/internal/treetest"
)

// marks remembers how files looked, by path.
type marks map[string]string

// marked is where a script keeps its marks.
const marked = "marks"

// marksOf are those of a script: scripts run beside each other.
func marksOf(ts *testscript.TestScript) marks { return ts.Value(marked).(marks) }

// mark PATH...: remembers all files of folders: times, sizes, rights.
func mark(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) > 0, "mark PATH...")
	for _, a := range args {
		marksOf(ts)[a] = looks(ts, a)
	}
}

// unchanged PATH...: wants them all as they were, no more and no less.
func unchanged(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) > 0, "unchanged PATH...")
	for _, a := range args {
		was, ok := marksOf(ts)[a]
		if !ok {
			ts.Fatalf("%s was not marked", a)
		}
		if now := looks(ts, a); now != was {
			ts.Fatalf("%s has changed: was\n%s\nis\n%s", a, was, now)
		}
	}
}

// looks is a line for each file and folder.
func looks(ts *testscript.TestScript, name string) string {
	var b strings.Builder
	ts.Check(filepath.WalkDir(ts.MkAbs(name), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(&b, path, info.Mode(), info.Size(), info.ModTime().UnixNano())
		}
		return err
	}))
	return b.String()
}

// same DIR DIR: two folders hold the same files with the same bytes.
func same(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "same DIR DIR")
	_, err := treetest.Same(ts.MkAbs(args[0]), ts.MkAbs(args[1]))
	ts.Check(err)
}

// waits PATTERN...: until there is a file of each pattern.
func waits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) > 0, "waits PATTERN...")
	for _, a := range args {
		for until := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
			found, err := filepath.Glob(ts.MkAbs(a))
			ts.Check(err)
			if len(found) > 0 {
				break
			}
			if time.Now().After(until) {
				ts.Fatalf("there is no %s", a)
			}
		}
	}
}

// halves FROM TO: writes half of a file, waits a little and writes the rest, as a
// slow transfer does.
func halves(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "halves FROM TO")
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	defer f.Close()
	for _, part := range [][]byte{data[:len(data)/2], data[len(data)/2:]} {
		time.Sleep(250 * time.Millisecond)
		_, err := f.Write(part)
		ts.Check(err)
	}
}
