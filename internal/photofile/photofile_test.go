package photofile_test

import (
	"fmt"
	"testing"

	"pointille/internal/photofile"
)

func ExampleChunks() {
	data := photofile.AppendChunk(nil, "ALPH", []byte("odd"))
	data = photofile.AppendChunk(data, "VP8 ", []byte("even"))
	ok := photofile.Chunks(data, func(name string, body []byte) bool {
		fmt.Printf("%q %q\n", name, body)
		return true
	})
	fmt.Println(ok)
	// Output:
	// "ALPH" "odd"
	// "VP8 " "even"
	// true
}

func ExampleBoxes() {
	const data = "\x00\x00\x00\x0cftypheic" + "\x00\x00\x00\x01free\x00\x00\x00\x00\x00\x00\x00\x12ab" + "\x00\x00\x00\x00mdatto the end"
	ok := photofile.Boxes([]byte(data), 0, func(b photofile.Box) bool {
		fmt.Printf("%s %q\n", b.Kind, data[b.Body:b.End])
		return true
	})
	fmt.Println(ok)
	// Output:
	// ftyp "heic"
	// free "ab"
	// mdat "to the end"
	// true
}

// TestCutOff wants a last piece that is cut off, or of an impossible size, told, and
// those before it met.
func TestCutOff(t *testing.T) {
	for _, tt := range []struct {
		data          string
		chunks, boxes int
		chunk, box    bool
	}{
		{"", 0, 0, true, true},
		{"abcd\x02\x00\x00\x00xy", 1, 0, true, false},
		{"abcd\x03\x00\x00\x00xyz", 1, 0, true, false}, // without its filling byte
		{"abcd\x00\x00\x00\x00abcd\x03\x00\x00\x00xy", 1, 0, false, false},
		{"\x00\x00\x00\x08abcd\x00\x00\x00", 0, 1, false, false},
		{"\x00\x00\x00\x08abcd\x00\x00\x00\x09abcd", 0, 1, false, false},
		{"\x00\x00\x00\x07abcd", 0, 0, false, false},
		{"\x00\x00\x00\x01abcd\x00\x00\x00", 0, 0, false, false},
		{"\x00\x00\x00\x01abcd\x00\x00\x00\x00\x00\x00\x00\x0f", 0, 0, false, false},
		{"\x00\x00\x00\x01abcd\xff\xff\xff\xff\xff\xff\xff\xff", 0, 0, false, false},
	} {
		n := 0
		if ok := photofile.Chunks([]byte(tt.data), func(string, []byte) bool { n++; return true }); ok != tt.chunk || n != tt.chunks {
			t.Errorf("%q: %d chunks, %v", tt.data, n, ok)
		}
		n = 0
		if ok := photofile.Boxes([]byte(tt.data), 0, func(photofile.Box) bool { n++; return true }); ok != tt.box || n != tt.boxes {
			t.Errorf("%q: %d boxes, %v", tt.data, n, ok)
		}
	}
}

// FuzzPieces wants every piece of any bytes to lie in them, behind the one before.
func FuzzPieces(f *testing.F) {
	f.Add([]byte("abcd\x02\x00\x00\x00xyefgh\x00\x00\x00\x00"))
	f.Add([]byte("\x00\x00\x00\x08abcd\x00\x00\x00\x01efgh\x00\x00\x00\x00\x00\x00\x00\x10"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sum, at := 0, 0
		photofile.Chunks(data, func(_ string, body []byte) bool { sum += 8 + len(body); return true })
		photofile.Boxes(data, 0, func(b photofile.Box) bool {
			if b.Start != at || b.Body < b.Start+8 || b.End < b.Body || b.End > len(data) {
				t.Fatalf("%+v behind %d of %d", b, at, len(data))
			}
			at = b.End
			return true
		})
		if sum > len(data) {
			t.Fatalf("chunks of %d bytes in %d", sum, len(data))
		}
	})
}
