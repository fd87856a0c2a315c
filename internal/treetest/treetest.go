// Package treetest compares folders, for tests. What is hidden, as journals and locks
// are, is left out.
package treetest

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Same wants two folders to hold the same files with the same bytes. It returns how
// many there are.
func Same(a, b string) (files int, err error) {
	x, err := read(a)
	if err != nil {
		return 0, err
	}
	y, err := read(b)
	if err != nil {
		return 0, err
	}
	for name, data := range x {
		other, ok := y[name]
		if !ok {
			return 0, fmt.Errorf("%s is not in %s", name, b)
		}
		if !bytes.Equal(data, other) {
			return 0, fmt.Errorf("%s differs between %s and %s: %d and %d bytes", name, a, b, len(data), len(other))
		}
	}
	for name := range y {
		if _, ok := x[name]; !ok {
			return 0, fmt.Errorf("%s is not in %s", name, a)
		}
	}
	return len(x), nil
}

func read(dir string) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		out[rel], err = os.ReadFile(path)
		return err
	})
	return out, err
}
