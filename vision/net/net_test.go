package net_test

import (
	"context"
	"image"
	"testing"

	"pointille/internal/raster"
	"pointille/vision/net"
	"pointille/vision/photo"
	"pointille/vision/survey"
)

// TestDemoCrown wants the shipped head seen from behind and above to be told as it
// is: a bald vertex, stubble at the back of the head, the wall behind.
func TestDemoCrown(t *testing.T) {
	n, err := net.Load()
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	p, err := photo.Open(context.Background(), "../../testdata/demo/crown.jpg", photo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen, err := n.Run(p.Image)
	if err != nil {
		t.Fatal(err)
	}
	inRange(t, "coverage", seen.Hair, 1)
	inRange(t, "growth", seen.Grown, 1)
	inRange(t, "density", seen.Density, 1100)
	for _, tt := range []struct {
		name  string
		at    image.Point
		class uint8
		hairy bool
	}{
		{"vertex", image.Pt(600, 790), survey.Scalp, false},
		{"back of the head", image.Pt(620, 1010), survey.Scalp, true},
	} {
		u, v := seen.ToGrid(float64(tt.at.X), float64(tt.at.Y))
		if c := seen.Class[tt.class].Sample(u, v); c < 0.5 {
			t.Errorf("%s: scalp with probability %.2f", tt.name, c)
		}
		if g := seen.Grown.Sample(u, v); (g > 0.5) != tt.hairy {
			t.Errorf("%s: %.2f of a full growth", tt.name, g)
		}
	}
	if !image.Pt(600, 790).In(seen.Crop) || seen.Crop == p.Image.Rect {
		t.Errorf("a head that fills half of the picture is looked at in %v", seen.Crop)
	}
}

func inRange(t *testing.T, name string, p *raster.Plane, most float32) {
	t.Helper()
	for i, v := range p.Pix {
		if !(v >= 0 && v <= most) {
			t.Fatalf("%s at cell %d is %g", name, i, v)
		}
	}
}
