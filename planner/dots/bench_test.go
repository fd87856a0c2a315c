package dots_test

import (
	"fmt"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/dots"
	"pointille/planner/dots/dotstest"
)

// headField wants about the given number of dots on a head cap, four times as
// dense in front as behind, a fifth of them hairs already there if asked.
func headField(tb testing.TB, total int, hair bool) (dots.Skin, dots.Field) {
	head := dotstest.Head()
	f := dots.Field{Mesh: head.Cap(42, 3)}
	area := 0.0
	for _, a := range f.Mesh.Area {
		area += a
	}
	scale := float64(total) / area / 2.5
	density := func(k float64) func(p headframe.Vec) float64 {
		return func(p headframe.Vec) float64 { return k * scale * (1 + 3*(p[2]+98)/196) }
	}
	f.Density = density(1)
	if hair {
		for _, d := range place(tb, head, dots.Field{Mesh: f.Mesh, Density: density(0.2)}, dots.Options{Seed: 77}).Dots {
			f.Fixed = append(f.Fixed, d.P)
		}
		f.Density = density(0.8)
	}
	return head, f
}

func BenchmarkPlace(b *testing.B) {
	for _, total := range []int{5_000, 35_000, 100_000} {
		for _, hair := range []bool{false, true} {
			skin, f := headField(b, total, hair)
			for _, regularity := range []float64{0, 1} {
				for _, threads := range []int{1, 2} {
					b.Run(fmt.Sprintf("%d/hair=%v/regularity=%v/threads=%d", total, hair, regularity, threads), func(b *testing.B) {
						n := 0
						for b.Loop() {
							n += len(place(b, skin, f, dots.Options{Regularity: regularity, Threads: threads}).Dots)
						}
						b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "dots/s")
					})
				}
			}
		}
	}
}

func BenchmarkOrder(b *testing.B) {
	skin, f := headField(b, 35_000, false)
	ds := place(b, skin, f, dots.Options{}).Dots
	for b.Loop() {
		dots.Order(append([]dots.Dot(nil), ds...))
	}
}
