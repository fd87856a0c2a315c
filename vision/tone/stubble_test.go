package tone_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/vision/survey"
	"pointille/vision/tone"
)

// lit is a ball, of 90 mm, of skin of albedo 0.5, 0.35, 0.25 in a light that falls off along its
// axis, with stubble that leaves so much below.
type lit struct {
	axis    headframe.Vec
	ambient float64
	left    [3]float64
	full    func(n headframe.Vec) bool
	grain   float64 // relative noise
	glare   float64 // share of bare patches in which a lamp is mirrored
}

func (l lit) patches(seed uint64) (out []tone.Patch) {
	rng := rand.New(rand.NewPCG(seed, 3))
	for range 1500 {
		n := headframe.Vec{rng.NormFloat64(), rng.NormFloat64(), math.Abs(rng.NormFloat64())}.Unit()
		p := tone.Patch{At: n.Mul(90), Normal: n, Full: l.full(n)}
		p.Bare = !p.Full
		on := l.ambient + (1-l.ambient)*n.Dot(l.axis)
		for c, albedo := range [3]float64{0.5, 0.35, 0.25} {
			p.Light[c] = max(0, albedo*on*(1+l.grain*rng.NormFloat64()))
			if p.Full {
				p.Light[c] *= l.left[c]
			} else if rng.Float64() < l.glare {
				p.Light[c] += 0.4
			}
		}
		out = append(out, p)
	}
	return out
}

func skinTone() *survey.SkinTone {
	return &survey.SkinTone{Lab: colour.Lab{66, 10, 17}, Sigma: 2}
}

// share is what of green light a tone leaves of the skin's.
func share(of *survey.SkinTone, c int) float64 {
	return colour.FromLab(of.Lab)[c] / colour.FromLab(skinTone().Lab)[c]
}

func ExampleStubble() {
	s := lit{axis: headframe.Vec{0, 1, 0}, ambient: 0.6, left: [3]float64{0.75, 0.8, 0.85}, full: func(n headframe.Vec) bool { return n[0] > 0.5 }}
	got := tone.Stubble(s.patches(1), skinTone())
	fmt.Printf("stubble leaves %.1f of green light", share(got, 1))
	// Output: stubble leaves 0.8 of green light
}

// TestStubbleShare wants what stubble leaves within 0.05, whatever the light, with
// grain and glare.
func TestStubbleShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := rapid.Float64Range(0.45, 0.98).Draw(t, "left")
		s := lit{
			axis: headframe.Vec{
				rapid.Float64Range(-1, 1).Draw(t, "x"), rapid.Float64Range(-1, 1).Draw(t, "y"), 0.5,
			}.Unit(),
			ambient: rapid.Float64Range(0.7, 0.9).Draw(t, "ambient"),
			left:    [3]float64{left, left, left},
			full:    func(n headframe.Vec) bool { return math.Sin(3*n[0]+2*n[1]) > 0.3 },
			grain:   rapid.Float64Range(0, 0.08).Draw(t, "grain"),
			glare:   rapid.Float64Range(0, 0.12).Draw(t, "glare"),
		}
		got := tone.Stubble(s.patches(rapid.Uint64().Draw(t, "seed")), skinTone())
		if got == nil {
			t.Fatal("nothing measured")
		}
		for c := range 3 {
			if k := share(got, c); math.Abs(k-left) > 0.05 {
				t.Fatalf("channel %d: %.3f left, want %.3f", c, k, left)
			}
		}
		if got.Sigma < 2 {
			t.Fatalf("sigma %g is less than that of the skin", got.Sigma)
		}
	})
}

// TestStubbleUnseen wants no tone where it cannot be told.
func TestStubbleUnseen(t *testing.T) {
	side := func(n headframe.Vec) bool { return n[0] > 0.5 }
	good := lit{axis: headframe.Vec{0, 1, 0}, ambient: 0.7, left: [3]float64{0.8, 0.8, 0.8}, full: side}
	far := good
	far.full = func(n headframe.Vec) bool { return n[2] < 0.5 }
	bald := good
	bald.full = func(headframe.Vec) bool { return false }
	dark := good
	dark.left = [3]float64{0.2, 0.2, 0.2}
	patchy := good.patches(1)
	for i := range patchy {
		if i%2 == 0 {
			for c := range 3 {
				patchy[i].Light[c] *= 0.2
			}
		}
	}
	apart := far.patches(1)
	for i := range apart {
		apart[i].Bare = apart[i].Normal[2] > 0.93
	}
	for name, p := range map[string][]tone.Patch{
		"no stubble": bald.patches(1), "no light on it": dark.patches(1), "half in hard shadow": patchy,
		"no skin beside it": apart, "few": good.patches(1)[:100], "none": nil,
	} {
		if got := tone.Stubble(p, skinTone()); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if tone.Stubble(good.patches(1), nil) != nil {
		t.Error("a tone without that of skin")
	}
}
