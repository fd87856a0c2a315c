package truth_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/truth"
)

const document = `{"version": 1, "image": {"width": 120, "height": 160},
 "camera": {"K": [[150, 0, 59.5], [0, 151, 79.5], [0, 0, 1]], "R_head_to_cam": [[1, 0, 0], [0, -1, 0], [0, 0, -1]], "t_head_to_cam_mm": [1, 2, 400]},
 "landmarks": {"glabella": {"mm": [0, 41, 96], "px": [60, 64], "visible": true}},
 "scale_at_hairline": {"mm_per_px": 2.3, "px": [60, 40]},
 "bald_areas": [{"area_cm2": 39, "px": [[1, 2], [3, 4], [5, 2]], "kind": "vertex"}],
 "hair": {"scalp_area_cm2": 602.3}}`

func ExampleDecode() {
	v, err := truth.Decode(strings.NewReader(document))
	fmt.Println(v.Width, v.Height, v.Camera.FY, v.Landmarks["glabella"].PX, v.Bald[0].CM2, err)
	// Output: 120 160 151 [60 64] 39 <nil>
}

func TestRefused(t *testing.T) {
	for want, edit := range map[string][2]string{
		"not a truth.json":    {`{"version"`, `["version"`},
		"image":               {`"width": 120`, `"width": 0`},
		"focal lengths":       {`[[150`, `[[0`},
		"not a rotation":      {`[0, -1, 0]`, `[0, -2, 0]`},
		"a mirror image":      {`[0, -1, 0]`, `[0, 1, 0]`},
		"cannot unmarshal":    {`"width": 120`, `"width": "wide"`},
		"camera.K: the focal": {`"K": `, `"k_": `},
	} {
		if _, err := truth.Decode(strings.NewReader(strings.Replace(document, edit[0], edit[1], 1))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// npy is an array as numpy writes it.
func npy(descr, shape string, data any) []byte {
	head := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape)
	head += strings.Repeat(" ", 63-(len(head)+10)%64) + "\n"
	var b bytes.Buffer
	b.WriteString("\x93NUMPY\x01\x00")
	_ = binary.Write(&b, binary.LittleEndian, uint16(len(head)))
	b.WriteString(head)
	_ = binary.Write(&b, binary.LittleEndian, data)
	return b.Bytes()
}

// npz is a file of arrays.
func npz(t interface{ Fatal(...any) }, arrays map[string][]byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range arrays {
		w, err := z.Create(name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// skin is a geometry of 2 x 1 pixels, one of them without scalp.
func skin() map[string][]byte {
	const nan = 0x7e00
	return map[string][]byte{
		"pos":    npy("<f2", "1, 2, 3", []uint16{0x3c00, 0xc000, 0x3800, nan, nan, nan}), // 1, -2, 0.5
		"normal": npy("<f4", "1, 2, 3", []float32{0, 0, 2, 0, 0, 1}),
		"origin": npy("<f8", "3,", []float64{10, 20, 30}),
		"bbox":   npy("<i8", "4,", []int64{7, 8, 9, 9}),
	}
}

func TestSkin(t *testing.T) {
	data := npz(t, skin())
	s, err := truth.DecodeSkin(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	p, n, ok := s.At(7, 8)
	if !ok || p != [3]float64{11, 18, 30.5} || n != [3]float64{0, 0, 1} {
		t.Errorf("%v %v %v", p, n, ok)
	}
	for _, q := range [][2]int{{8, 8}, {9, 8}, {7, 9}, {6, 8}} {
		if _, _, ok := s.At(q[0], q[1]); ok {
			t.Errorf("scalp at %v", q)
		}
	}
}

func TestSkinRefused(t *testing.T) {
	for want, change := range map[string]func(map[string][]byte){
		"holds no normal":   func(a map[string][]byte) { delete(a, "normal") },
		"pos: [1 1 3]":      func(a map[string][]byte) { a["pos"] = npy("<f2", "1, 1, 3", make([]uint16, 3)) },
		"bbox or origin":    func(a map[string][]byte) { a["origin"] = npy("<f8", "2,", make([]float64, 2)) },
		"pos: cut short":    func(a map[string][]byte) { a["pos"] = a["pos"][:len(a["pos"])-1] },
		"not a .npy array":  func(a map[string][]byte) { a["bbox"] = []byte("no array") },
		`kind ">f8"`:        func(a map[string][]byte) { a["origin"] = npy(">f8", "3,", make([]float64, 3)) },
		"pos: too large":    func(a map[string][]byte) { a["pos"] = npy("<f2", "20000, 20000, 3", []uint16{}) },
		"impossible length": func(a map[string][]byte) { a["pos"] = npy("<f2", "99999999999999999999, 1", []uint16{}) },
	} {
		arrays := skin()
		change(arrays)
		data := npz(t, arrays)
		if _, err := truth.DecodeSkin(bytes.NewReader(data), int64(len(data))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	if _, err := truth.DecodeSkin(strings.NewReader("no zip"), 6); err == nil {
		t.Error("a text was taken for arrays")
	}
}

// TestHalf wants 16-bit numbers to be what they are: the nearest to the number that
// was written, and the numbers between two neighbours to lie between them.
func TestHalf(t *testing.T) {
	read := func(t interface{ Fatal(...any) }, bits uint16) float64 {
		a := skin()
		a["pos"] = npy("<f2", "1, 2, 3", []uint16{bits, 0, 0, 0, 0, 0})
		a["origin"] = npy("<f8", "3,", make([]float64, 3))
		data := npz(t, a)
		s, err := truth.DecodeSkin(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		return s.P[0][0]
	}
	for bits, want := range map[uint16]float64{0: 0, 1: math.Ldexp(1, -24), 0x0400: math.Ldexp(1, -14), 0x3555: 0.333251953125, 0x7bff: 65504, 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1), 0xc500: -5} {
		if got := read(t, bits); got != want {
			t.Errorf("%#x is %g, want %g", bits, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.Uint16Range(0, 0x7bfe).Draw(t, "bits")
		if a, b := read(t, bits), read(t, bits+1); !(a < b && b-a <= math.Max(math.Ldexp(1, -24), b/1024)) {
			t.Fatalf("%#x is %g and the next %g", bits, a, b)
		}
	})
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	if _, err := truth.Read(dir); !os.IsNotExist(errorOf(err)) {
		t.Errorf("an empty folder: %v", err)
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("truth.json", []byte(document))
	if v, err := truth.Read(dir); err != nil || v.Skin != nil {
		t.Errorf("without geometry: %v", err)
	}
	write("geometry.npz", npz(t, skin()))
	if v, err := truth.Read(dir); err != nil || v.Skin == nil {
		t.Errorf("with geometry: %v", err)
	}
	write("geometry.npz", []byte("no zip"))
	if _, err := truth.Read(dir); err == nil || !strings.Contains(err.Error(), "geometry.npz") {
		t.Errorf("a bad geometry: %v", err)
	}
}

// errorOf is the innermost error.
func errorOf(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return err
		}
		err = u.Unwrap()
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(document))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if v, err := truth.Decode(bytes.NewReader(data)); err == nil && (v.Width <= 0 || !(v.Camera.FX > 0)) {
			t.Errorf("%+v", v)
		}
	})
}

func FuzzSkin(f *testing.F) {
	f.Add(npz(f, skin()))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := truth.DecodeSkin(bytes.NewReader(data), int64(len(data)))
		if err == nil && (len(s.P) != s.Box.Dx()*s.Box.Dy() || len(s.N) != len(s.P)) {
			t.Errorf("%v with %d places", s.Box, len(s.P))
		}
	})
}
