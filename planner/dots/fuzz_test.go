package dots_test

import (
	"context"
	"math"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/dots"
	"pointille/planner/dots/dotstest"
)

// FuzzPlace asks for anything: the answer is an error, or dots that keep the
// rules, the same for one thread and two.
func FuzzPlace(f *testing.F) {
	f.Add(uint64(1), 12.0, 0.8, 2.0, 0.3, 0.0, 0.3, 0.3, 5)
	f.Add(uint64(2), 3.0, 0.1, 0.0, 0.0, 1.0, 1.0, 0.0, 0)
	f.Add(uint64(3), 9.0, math.NaN(), 1.0, 0.2, 0.5, 0.5, 0.1, 3)
	f.Add(uint64(4), 8.0, 2.0, -1.0, math.Inf(1), 0.2, 0.0, 9.0, 40)
	f.Add(uint64(5), 14.0, 1.5, 400.0, 0.3, 0.0, math.NaN(), 1e-9, 1)
	f.Fuzz(func(t *testing.T, seed uint64, side, density, wave, least, regularity, first, second float64, hairs int) {
		side, density, hairs = within(side, 0.1, 15), min(density, 4), int(uint(hairs)%101) // more is not worth a try
		field := dots.Field{
			Mesh:  dotstest.Plane{}.Square(side, 3),
			Fixed: scatter(hairs, side, seed),
			Density: func(p headframe.Vec) float64 {
				if p[0] < 0 || p[2] < 0 || p[0] > side || p[2] > side {
					return 0
				}
				return density * max(0, math.Sin(wave*p[0])+math.Cos(wave*p[2]))
			},
		}
		o := dots.Options{Seed: seed, Regularity: regularity, MinMM: least, Shares: []float64{first, second, 0.3}, MaxDots: 2000, Threads: 1}
		one, err := dots.Place(context.Background(), dotstest.Plane{}, field, o)
		if err != nil {
			return
		}
		if len(one.Dots)+one.Dropped != one.Wanted {
			t.Fatalf("%d dots and %d dropped of %d", len(one.Dots), one.Dropped, one.Wanted)
		}
		checkRules(t, one.Dots, field, o)
		dots.Order(one.Dots)
		o.Threads = 2
		two, err := dots.Place(context.Background(), dotstest.Plane{}, field, o)
		if err != nil {
			t.Fatal(err)
		}
		dots.Order(two.Dots)
		for i := range one.Dots {
			if one.Dots[i] != two.Dots[i] {
				t.Fatalf("dot %d is %v with one thread, %v with two", i, one.Dots[i], two.Dots[i])
			}
		}
	})
}

// within folds any number into a range that begins above 0.
func within(v, from, to float64) float64 {
	if v >= from && v <= to {
		return v
	}
	v = from + math.Mod(math.Abs(v), to-from)
	if math.IsNaN(v) {
		return from
	}
	return v
}
