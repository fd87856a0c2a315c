package mapfile_test

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"

	"pointille/internal/mapfile"
)

// resident is the memory of this process, bytes.
func resident(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(data), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// TestZerosTakeNoMemory reads a map of 64 MB that is almost empty: where it is, no
// memory is taken, and all is given back.
func TestZerosTakeNoMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.png")
	m := image.NewGray16(image.Rect(0, 0, 8000, 4000))
	m.Pix[len(m.Pix)/2] = 9
	var file bytes.Buffer
	if err := mapfile.Encode(&file, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	m, file = nil, bytes.Buffer{}
	before := resident(t)
	var maps mapfile.Maps
	read, err := mapfile.Read[*image.Gray16](&maps, path)
	if err != nil || len(read.Pix) != 64_000_000 || read.Pix[len(read.Pix)/2] != 9 {
		t.Fatalf("%v", err)
	}
	if grown := resident(t) - before; grown > 16<<20 {
		t.Errorf("%d MB are taken", grown>>20)
	}
	for i := range read.Pix {
		read.Pix[i] = 1
	}
	full := resident(t) - before
	runtime.KeepAlive(read)
	maps.Close()
	if left := resident(t) - before; full < 60<<20 || left > 16<<20 {
		t.Errorf("full it takes %d MB, closed %d MB", full>>20, left>>20)
	}
}
