package cvx_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"sync"
	"testing"

	"pointille/internal/cvx"
)

// A few parts of the ONNX protocol buffers, enough to write small models.

func field(n int, b []byte) []byte {
	return append(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(n<<3|2)), uint64(len(b))), b...)
}

func number(n, v int) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(n<<3)), uint64(v))
}

func join(parts ...[]byte) (b []byte) {
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

func node(op, name string, in []string, out string, attrs ...[]byte) []byte {
	var b []byte
	for _, s := range in {
		b = append(b, field(1, []byte(s))...)
	}
	b = join(b, field(2, []byte(out)), field(3, []byte(name)), field(4, []byte(op)))
	for _, a := range attrs {
		b = append(b, field(5, a)...)
	}
	return field(1, b)
}

func ints(name string, v ...int) []byte {
	b := join(field(1, []byte(name)), number(20, 7))
	for _, k := range v {
		b = append(b, number(8, k)...)
	}
	return b
}

func weights(name string, dims []int, v []float32) []byte {
	var b, raw []byte
	for _, d := range dims {
		b = append(b, number(1, d)...)
	}
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return field(5, join(b, number(2, 1), field(8, []byte(name)), field(9, raw)))
}

func value(f int, name string, dims ...int) []byte {
	var shape []byte
	for _, d := range dims {
		shape = append(shape, field(1, number(1, d))...)
	}
	return field(f, join(field(1, []byte(name)), field(2, field(1, join(number(1, 1), field(2, shape))))))
}

func model(parts ...[]byte) []byte {
	graph := append(join(parts...), field(2, []byte("g"))...)
	return join(number(1, 7), field(8, join(field(1, nil), number(2, 11))), field(7, graph))
}

// edges is a model with two outputs: a 3×3 convolution, padded by 1, and its
// positive part.
func edges(kernel []float32) []byte {
	return model(
		node("Conv", "c", []string{"x", "w"}, "slope", ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1)),
		node("Relu", "r", []string{"slope"}, "rise"),
		weights("w", []int{1, 1, 3, 3}, kernel),
		value(11, "x", 1, 1, 4, 5), value(12, "slope", 1, 1, 4, 5), value(12, "rise", 1, 1, 4, 5))
}

func TestNet(t *testing.T) {
	kernel := []float32{0.5, -1, 2, 0, 3, -0.25, 1, 1, -4}
	net := must[*cvx.Net](t)(cvx.LoadNet(edges(kernel)))
	defer func() {
		if err := net.Close(); err != nil {
			t.Error(err)
		}
	}()
	input := randPlane(5, 4, 40).Pix
	want := convolve(input, 5, 4, kernel)
	out := must[[]cvx.Tensor](t)(net.Forward(input, [4]int{1, 1, 4, 5}, "slope", "rise"))
	for i, name := range []string{"slope", "rise"} {
		if len(out) != 2 || out[i].Name != name || fmt.Sprint(out[i].Shape) != "[1 1 4 5]" {
			t.Fatalf("outputs %v", out)
		}
		for k, w := range want {
			if name == "rise" {
				w = max(0, w)
			}
			if math.Abs(float64(out[i].Data[k]-w)) > 1e-5 {
				t.Errorf("%s[%d] is %g, want %g", name, k, out[i].Data[k], w)
			}
		}
	}
	bad := map[string]func() error{
		"shape":   func() error { _, err := net.Forward(input, [4]int{1, 1, 5, 5}); return err },
		"zero":    func() error { _, err := net.Forward(nil, [4]int{1, 0, 4, 5}); return err },
		"huge":    func() error { _, err := net.Forward(input, [4]int{1 << 40, 1 << 40, 4, 5}); return err },
		"depth":   func() error { _, err := net.Forward(input, [4]int{1, 4, 5, 1}); return err },
		"name":    func() error { _, err := net.Forward(input, [4]int{1, 1, 4, 5}, "nowhere"); return err },
		"newline": func() error { _, err := net.Forward(input, [4]int{1, 1, 4, 5}, "a\nb"); return err },
	}
	for name, f := range bad {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	again := must[[]cvx.Tensor](t)(net.Forward(input, [4]int{1, 1, 4, 5}))
	if len(again) != 2 || math.Abs(float64(again[1].Data[3]-max(0, want[3]))) > 1e-5 {
		t.Errorf("after errors: %v", again)
	}
}

func convolve(in []float32, w, h int, kernel []float32) []float32 {
	out := make([]float32, len(in))
	for i := range in {
		for k, g := range kernel {
			if x, y := i%w+k%3-1, i/w+k/3-1; x >= 0 && y >= 0 && x < w && y < h {
				out[i] += g * in[y*w+x]
			}
		}
	}
	return out
}

func TestNetConcurrent(t *testing.T) {
	net := must[*cvx.Net](t)(cvx.LoadNet(edges(make([]float32, 9))))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := net.Forward(randPlane(5, 4, uint64(i)).Pix, [4]int{1, 1, 4, 5}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for range 2 {
		if err := net.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := net.Forward([]float32{1}, [4]int{1, 1, 1, 1}); err == nil {
		t.Error("closed net: no error")
	}
}

func TestLoadNetErrors(t *testing.T) {
	good := edges(make([]float32, 9))
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("not a model"), "half": good[:len(good)/2],
		"no layers":     model(value(11, "x", 1, 1)),
		"unknown layer": model(node("Nonsense", "n", []string{"x"}, "y"), value(11, "x", 1, 1, 2, 2), value(12, "y", 1, 1, 2, 2)),
		"no weights": model(node("Conv", "c", []string{"x", "w"}, "y", ints("kernel_shape", 3, 3)),
			value(11, "x", 1, 1, 4, 5), value(12, "y", 1, 1, 2, 3)),
		"short weights": model(node("Conv", "c", []string{"x", "w"}, "y", ints("kernel_shape", 3, 3)),
			weights("w", []int{1, 1, 3, 3}, make([]float32, 5)), value(11, "x", 1, 1, 4, 5), value(12, "y", 1, 1, 2, 3)),
	} {
		if _, err := cvx.LoadNet(data); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
