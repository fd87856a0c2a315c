package guide_test

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/guide"
	"pointille/planner/plan"
)

// Whatever lies within the overlap of a tile's own dots must be on it too: own,
// or as a copy. Tiles that have neighbours share register marks with them.
func TestOverlapIsWhole(t *testing.T) {
	e := head()
	dots := e.scatter(3000, 1.4, 1.1, front, 1)
	tiles, err := guide.Tiles(dots, e.hairline(front), e)
	if err != nil {
		t.Fatal(err)
	}
	near := craft.TileOverlap().Value - 0.05
	copies := 0
	for _, tile := range tiles {
		shown := map[int]bool{}
		for _, k := range slices.Concat(tile.Own, tile.Near) {
			if shown[k] {
				t.Fatalf("tile %d shows dot %d twice", tile.Number, k)
			}
			shown[k] = true
		}
		copies += len(tile.Near)
		for k, d := range dots {
			if !shown[k] && slices.ContainsFunc(tile.Own, func(o int) bool { return dots[o].P.Sub(d.P).Norm() < near }) {
				t.Fatalf("tile %d lacks dot %d, %.1f mm or less from one of its own", tile.Number, k, near)
			}
		}
	}
	if copies < len(dots)/20 {
		t.Errorf("%d copies of %d dots: the overlap is not there", copies, len(dots))
	}
}

// saved is a plan on disk with its dots and head.
func saved(t *testing.T, dir string) (*plan.Plan, []plan.Dot, headframe.Surface) {
	t.Helper()
	p, err := plan.Read(filepath.Join(dir, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	dots, err := plan.ReadDots(filepath.Join(dir, p.Dots.File))
	if err != nil {
		t.Fatal(err)
	}
	s, err := headframe.NewSurface(p.Head.Shape)
	if err != nil {
		t.Fatal(err)
	}
	return p, dots, s
}

// TestPlansOnPaper measures the plans in the folders that POINTILLE_PLANS names,
// as "go test -run TestPlansOnPaper -v" with POINTILLE_PLANS=out/a:out/b.
func TestPlansOnPaper(t *testing.T) {
	folders := os.Getenv("POINTILLE_PLANS")
	if folders == "" {
		t.Skip("POINTILLE_PLANS names no folders")
	}
	for _, dir := range strings.Split(folders, ":") {
		p, dots, s := saved(t, dir)
		var line []headframe.Vec
		if p.Hairline != nil {
			line = p.Hairline.Points
		}
		tiles, err := guide.Tiles(dots, line, s)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		var off []float64
		stated, owned, copies := 0.0, 0, 0
		for _, tile := range tiles {
			owned, copies, stated = owned+len(tile.Own), copies+len(tile.Near), math.Max(stated, tile.Stretch)
			for range 200 {
				a, b := dots[tile.Own[rng.IntN(len(tile.Own))]].P, dots[tile.Own[rng.IntN(len(tile.Own))]].P
				if on := (person{s}).geodesic(a, b); on > 3 {
					u, _ := tile.Flatten(a)
					v, _ := tile.Flatten(b)
					off = append(off, math.Abs(math.Hypot(u.X-v.X, u.Y-v.Y)/on-1))
				}
			}
		}
		slices.Sort(off)
		n := len(off)
		t.Logf("%s: %d dots, %d tiles, %d on one tile, %d copies; stretch of %d distances: median %.2f %%, largest %.2f %%, largest stated %.2f %%",
			filepath.Base(dir), len(dots), len(tiles), owned, copies, n, 100*off[n/2], 100*off[n-1], 100*stated)
		if owned != len(dots) || off[n-1] > 0.03 || off[n/2] > 0.015 {
			t.Errorf("%s: not within what is asked for", dir)
		}
	}
}
