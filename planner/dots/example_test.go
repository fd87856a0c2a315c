package dots_test

import (
	"context"
	"fmt"

	"pointille/internal/headframe"
	"pointille/planner/dots"
	"pointille/planner/dots/dotstest"
)

// A patch of 4 cm² at 100 dots/cm², in two sessions.
func ExamplePlace() {
	f := dots.Field{
		Mesh:    dotstest.Plane{}.Square(20, 3),
		Density: func(headframe.Vec) float64 { return 1 }, // per mm²
	}
	p, err := dots.Place(context.Background(), dotstest.Plane{}, f, dots.Options{Shares: []float64{0.4, 0.6}})
	if err != nil {
		fmt.Println(err)
		return
	}
	dots.Order(p.Dots)
	first := 0
	for _, d := range p.Dots {
		if d.Session == 1 {
			first++
		}
	}
	fmt.Printf("%d dots, %d of them in session 1, %d dropped\n", len(p.Dots), first, p.Dropped)
	// Output: 400 dots, 160 of them in session 1, 0 dropped
}
