package treetest_test

import (
	"os"
	"path/filepath"
	"testing"

	"pointille/internal/treetest"
)

func TestSame(t *testing.T) {
	t.Parallel()
	made := func(files ...string) string {
		dir := t.TempDir()
		for _, f := range files {
			path := filepath.Join(dir, f)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(f), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	if n, err := treetest.Same(made("a", "in/b", ".hidden/x"), made("a", "in/b", ".hidden/y")); n != 2 || err != nil {
		t.Error(n, err)
	}
	changed := made("a", "b")
	if err := os.WriteFile(filepath.Join(changed, "b"), []byte("c"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]string{"more": made("a", "b", "c"), "fewer": made("a"), "other bytes": changed, "none": "/nowhere"} {
		if _, err := treetest.Same(made("a", "b"), other); err == nil {
			t.Errorf("%s: taken for the same", name)
		}
	}
}
