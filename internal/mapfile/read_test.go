package mapfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/mapfile"
)

func ExampleRead() {
	dir, err := os.MkdirTemp("", "maps")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "front.hair.png")
	var b bytes.Buffer
	if err := mapfile.Encode(&b, &image.Gray{Pix: []byte{0, 7}, Stride: 2, Rect: image.Rect(0, 0, 2, 1)}); err != nil {
		fmt.Println(err)
		return
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	var maps mapfile.Maps
	m, err := mapfile.Read[*image.Gray](&maps, path)
	fmt.Println(m.Pix, err)
	maps.Close()
	// Output: [0 7] <nil>
}

// TestRead wants maps read as image/png reads them, whoever wrote them, into pages
// and onto the heap.
func TestRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "map.png")
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 3000).Draw(t, "w"), rapid.IntRange(1, 20).Draw(t, "h")
		m := image.NewGray(image.Rect(0, 0, w, h))
		for range rapid.IntRange(0, 5).Draw(t, "spots") { // mostly nothing, as in maps
			at := rapid.IntRange(0, w*h-1).Draw(t, "at")
			m.Pix[at] = rapid.Byte().Draw(t, "value")
		}
		var own, foreign bytes.Buffer
		if err := errors.Join(mapfile.Encode(&own, m), png.Encode(&foreign, m)); err != nil {
			t.Fatal(err)
		}
		for _, file := range [][]byte{own.Bytes(), foreign.Bytes()} {
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			var maps mapfile.Maps
			for _, k := range []*mapfile.Maps{nil, &maps} {
				got, err := mapfile.Read[*image.Gray](k, path)
				if err != nil || got.Rect != m.Rect || got.Stride != w || !bytes.Equal(got.Pix, m.Pix) {
					t.Fatalf("another map came back: %v", err)
				}
			}
			kept, err := mapfile.Keep(&maps, m)
			if err != nil || kept.Rect != m.Rect || !bytes.Equal(kept.Pix, m.Pix) {
				t.Fatalf("another map was kept: %v", err)
			}
			maps.Close()
		}
	})
}

// TestReadRefuses says what is wrong in the words of a person.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := mapfile.Read[*image.Gray](nil, filepath.Join(dir, "none.png")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing map: %v", err)
	}
	var grey, deep bytes.Buffer
	if err := errors.Join(mapfile.Encode(&grey, image.NewGray(image.Rect(0, 0, 9, 9))), mapfile.Encode(&deep, image.NewGray16(image.Rect(0, 0, 9, 9)))); err != nil {
		t.Fatal(err)
	}
	cut := grey.Bytes()[:grey.Len()-14]
	bent := bytes.Clone(grey.Bytes())
	bent[grey.Len()-20]++
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"deep.png": {deep.Bytes(), "not an 8-bit grey map"}, "text.png": {[]byte("hello"), "not a PNG map"},
		"cut.png": {cut, "not a PNG map"}, "bent.png": {bent, "not a PNG map"}, "empty.png": {nil, "not a PNG map"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, tt.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := mapfile.Read[*image.Gray](nil, path); err == nil || !strings.Contains(err.Error(), name+": "+tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	path := filepath.Join(dir, "grey.png")
	if err := os.WriteFile(path, grey.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := mapfile.Read[*image.Gray16](nil, path); err == nil || !strings.Contains(err.Error(), "not a 16-bit grey map") {
		t.Errorf("a map of 8 bits: %v", err)
	}
}

// FuzzRead wants what image/png reads as a map read alike, and nothing else.
func FuzzRead(f *testing.F) {
	for _, size := range []image.Rectangle{image.Rect(0, 0, 1, 1), image.Rect(0, 0, 700, 3)} {
		m := image.NewGray(size)
		m.Pix[len(m.Pix)/2] = 9
		var own, foreign bytes.Buffer
		if err := errors.Join(mapfile.Encode(&own, m), png.Encode(&foreign, m)); err != nil {
			f.Fatal(err)
		}
		f.Add(own.Bytes())
		f.Add(foreign.Bytes())
	}
	path := filepath.Join(f.TempDir(), "map.png")
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := png.DecodeConfig(bytes.NewReader(data)); err == nil && c.Width*c.Height > 1<<20 {
			return // only slow
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		img, _ := png.Decode(bytes.NewReader(data))
		want, isMap := img.(*image.Gray)
		got, err := mapfile.Read[*image.Gray](nil, path)
		if (err == nil) != isMap || isMap && (got.Rect != want.Rect || !bytes.Equal(got.Pix, want.Pix)) {
			t.Fatalf("read as %v, %v; image/png reads %T", got, err, img)
		}
	})
}

// BenchmarkRead12MP reads a map as surveys have them, and the same by image/png.
func BenchmarkRead12MP(b *testing.B) {
	m := image.NewGray16(image.Rect(0, 0, 4000, 3000))
	for y := 500; y < 2000; y++ {
		for x := 1000; x < 3000; x++ {
			v := (x/3)*(y/3)/64 + (x/3)*7
			m.Pix[m.PixOffset(x, y)], m.Pix[m.PixOffset(x, y)+1] = byte(v>>8), byte(v)
		}
	}
	var file bytes.Buffer
	if err := mapfile.Encode(&file, m); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "map.png")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("mapfile", func(b *testing.B) {
		for b.Loop() {
			var maps mapfile.Maps
			if _, err := mapfile.Read[*image.Gray16](&maps, path); err != nil {
				b.Fatal(err)
			}
			maps.Close()
		}
	})
	b.Run("image_png", func(b *testing.B) {
		for b.Loop() {
			if _, err := png.Decode(bytes.NewReader(file.Bytes())); err != nil {
				b.Fatal(err)
			}
		}
	})
}
