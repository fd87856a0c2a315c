package craft_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pointille/internal/headframe"
	"pointille/planner/craft"
)

func ExampleSessionHours() {
	for n := 1; n <= 3; n++ {
		q := craft.SessionHours(n)
		fmt.Printf("session %d: %g %s (%g to %g)\n", n, q.Value, q.Unit, q.Low, q.High)
	}
	// Output:
	// session 1: 3 h (2 to 4)
	// session 2: 2.5 h (2 to 3)
	// session 3: 2 h (1 to 2.5)
}

// quantities calls every function of the package that states a number.
func quantities() map[string][]craft.Quantity {
	one := func(q craft.Quantity) []craft.Quantity { return []craft.Quantity{q} }
	light := func(l craft.Light) []craft.Quantity { return l[:] }
	out := map[string][]craft.Quantity{
		"HairsPerUnit": one(craft.HairsPerUnit()), "FullHairs": one(craft.FullHairs()), "ScalpArea": one(craft.ScalpArea()),
		"DotsPerHour": one(craft.DotsPerHour()), "HeightMen": one(craft.HeightMen()), "HeightWomen": one(craft.HeightWomen()),
		"HeightPerYear": one(craft.HeightPerYear()), "OwnHighest": one(craft.OwnHighest()), "TempleLateral": one(craft.TempleLateral()),
		"Recession": one(craft.Recession()), "Macro": one(craft.Macro()), "Micro": one(craft.Micro()), "Asymmetry": one(craft.Asymmetry()),
		"FollicleRegularity": one(craft.FollicleRegularity()), "FollicleVariation": one(craft.FollicleVariation()),
		"FollicleDensity": one(craft.FollicleDensity()), "DotDensity": one(craft.DotDensity()), "HardCoreNatural": one(craft.HardCoreNatural()),
		"HardCoreEven": one(craft.HardCoreEven()), "HealedDotsApart": one(craft.HealedDotsApart()),
		"InkContrastDepth": light(craft.InkContrastDepth()), "InkGain": light(craft.InkGain()), "InkGainDepth": light(craft.InkGainDepth()),
		"InkContrastWidth": light(craft.InkContrastWidth()), "InkContrastPower": light(craft.InkContrastPower()), "InkGlowDepth": light(craft.InkGlowDepth()),
		"InkGlowWidth": one(craft.InkGlowWidth()), "InkGlowPower": one(craft.InkGlowPower()), "InkChords": one(craft.InkChords()),
		"InkAlong": one(craft.InkAlong()), "InkAlongDepth": light(craft.InkAlongDepth()), "InkGainWidth": one(craft.InkGainWidth()),
		"InkGainDark": light(craft.InkGainDark()), "InkGainLight": one(craft.InkGainLight()),
		"InkGainPower": one(craft.InkGainPower()), "InkGainChord": one(craft.InkGainChord()), "InkRim": one(craft.InkRim()), "ShadeBlue": one(craft.ShadeBlue()), "ShadeHelmet": one(craft.ShadeHelmet()),
		"ShadeSkinWithoutCard": one(craft.ShadeSkinWithoutCard()), "DotSeen": one(craft.DotSeen()),
		"StubbleLongest": one(craft.StubbleLongest()), "EyeBlur": one(craft.EyeBlur()), "HairAbsorption": light(craft.HairAbsorption(20)),
		"InkBlurPower": one(craft.InkBlurPower()), "InkTailDepth": one(craft.InkTailDepth()),
		"InkFar": one(craft.InkFar()), "InkFarShare": light(craft.InkFarShare()), "InkFarDepth": one(craft.InkFarDepth()), "InkFarDark": one(craft.InkFarDark()),
		"InkBlur": one(craft.InkBlur()), "InkTail": one(craft.InkTail()), "InkColumn": one(craft.InkColumn()),
		"InkAbsorption": one(craft.InkAbsorption()), "InkTop": one(craft.InkTop()), "InkTopPerDepth": one(craft.InkTopPerDepth()),
		"InkTopFresh": one(craft.InkTopFresh()), "InkStrongest": one(craft.InkStrongest()), "DotSizeSpread": one(craft.DotSizeSpread()),
		"DotInkSpread": one(craft.DotInkSpread()), "Redness": one(craft.Redness()), "RednessReach": one(craft.RednessReach()),
		"RednessHours": one(craft.RednessHours()), "ShadeMatch": one(craft.ShadeMatch()), "ShadeClose": one(craft.ShadeClose()),
		"ShadeSigma": one(craft.ShadeSigma()), "StubbleLength": one(craft.StubbleLength()), "StubbleWidth": one(craft.StubbleWidth()),
		"StubbleGain": one(craft.StubbleGain()), "ImpressionFresh": one(craft.ImpressionFresh()), "ImpressionHealed": one(craft.ImpressionHealed()),
		"NeedleDepth": one(craft.NeedleDepth()), "PrintStretch": one(craft.PrintStretch()), "TileRadius": one(craft.TileRadius()),
		"TileOverlap": one(craft.TileOverlap()), "StripBack": one(craft.StripBack()), "StripFront": one(craft.StripFront()), "SeamClear": one(craft.SeamClear()),
		"SessionGap": one(craft.SessionGap()), "ToneDay14": one(craft.ToneDay14()), "ToneDay28": one(craft.ToneDay28()),
		"ToneMonth6": one(craft.ToneMonth6()), "ToneYearly": one(craft.ToneYearly()), "DotSpreadYear1": one(craft.DotSpreadYear1()),
		"DotSpreadYearly": one(craft.DotSpreadYearly()), "PigmentSinking": one(craft.PigmentSinking()),
	}
	for _, z := range append(headframe.Zones(), "") {
		out["ZoneShare"] = append(out["ZoneShare"], craft.ZoneShare(z))
	}
	for _, e := range []string{"hard", "medium", "soft", "broken", ""} {
		out["SoftZone"] = append(out["SoftZone"], craft.SoftZone(e))
	}
	for _, n := range craft.Needles() {
		out["Needles"] = append(out["Needles"], n.Wire)
	}
	for n := 1; n <= 12; n++ {
		out["SessionHours"] = append(out["SessionHours"], craft.SessionHours(n))
	}
	return out
}

// TestEveryQuantity wants unit, source and a range around the default of every
// number that the package states.
func TestEveryQuantity(t *testing.T) {
	stated := quantities()
	var missing []string
	for _, name := range stating(t) {
		if len(stated[name]) == 0 {
			missing = append(missing, name)
		}
	}
	if diff := cmp.Diff([]string(nil), missing); diff != "" {
		t.Errorf("numbers without a test (-want +got):\n%s", diff)
	}
	for name, all := range stated {
		for _, q := range all {
			if strings.TrimSpace(q.Name) == "" || strings.TrimSpace(q.Unit) == "" || len(q.Source) < 8 {
				t.Errorf("%s: name %q, unit %q, source %q", name, q.Name, q.Unit, q.Source)
			}
			if !(q.Low <= q.Value && q.Value <= q.High) || math.IsInf(q.High-q.Low, 0) || q.Low < 0 {
				t.Errorf("%s: default %g of %s lies outside %g to %g", name, q.Value, q.Name, q.Low, q.High)
			}
		}
	}
}

// stating are the functions of the package that return a Quantity or a Light,
// read from its source.
func stating(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no source: %v", err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() || fn.Recv != nil || fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
				continue
			}
			if id, ok := fn.Type.Results.List[0].Type.(*ast.Ident); ok && (id.Name == "Quantity" || id.Name == "Light") {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}

func TestSharesAddUp(t *testing.T) {
	sum := 0.0
	for k, s := range craft.SessionShares() {
		if !(s > 0 && s < 1) {
			t.Errorf("session %d has a share of %g", k+1, s)
		}
		sum += s
	}
	if math.Abs(sum-1) > 1e-12 {
		t.Errorf("shares add up to %g", sum)
	}
}

// TestSharesAreNotShared wants every caller to get lists of its own.
func TestSharesAreNotShared(t *testing.T) {
	craft.SessionShares()[0] = 9
	craft.FollicleGaps()[0].R = 9
	if craft.SessionShares()[0] == 9 || craft.FollicleGaps()[0].R == 9 {
		t.Error("a caller's change is seen by the next")
	}
}

// TestNumbersAgree compares numbers that speak of the same thing.
func TestNumbersAgree(t *testing.T) {
	tests := []struct {
		name           string
		smaller, great float64
	}{
		{"women's lines are lower than men's", craft.HeightWomen().Value, craft.HeightMen().Value},
		{"own lines are kept up to the upper end of new ones", craft.HeightMen().High, craft.OwnHighest().Value},
		{"dots heal smaller", craft.ImpressionHealed().Value, craft.ImpressionFresh().Value},
		{"micro is finer than macro", craft.Micro().Value, craft.Macro().Value},
		{"tone fades from day 14 to 28", craft.ToneDay28().Value, craft.ToneDay14().Value},
		{"tone fades from day 28 to month 6", craft.ToneMonth6().Value, craft.ToneDay28().Value},
		{"dots are further apart than they are wide", craft.ImpressionHealed().Value, craft.HealedDotsApart().Value * craft.ImpressionHealed().Value},
		{"a match is closer than close", craft.ShadeMatch().Value, craft.ShadeClose().Value},
		{"pigment heals deeper than it starts", craft.InkTopFresh().Value, craft.InkTop().Value},
		{"even patterns keep further apart", craft.HardCoreNatural().Value, craft.HardCoreEven().Value},
		{"full hair is no denser than all its follicles bear", craft.FullHairs().Value, craft.FollicleDensity().High * craft.HairsPerUnit().High},
	}
	for _, tt := range tests {
		if !(tt.smaller <= tt.great) {
			t.Errorf("%s: %g and %g", tt.name, tt.smaller, tt.great)
		}
	}
	for n := 1; n < 12; n++ {
		if craft.SessionHours(n+1).High > craft.SessionHours(n).High {
			t.Errorf("session %d may be longer than session %d", n+1, n)
		}
	}
}

// TestEdges wants harder edges to be narrower.
func TestEdges(t *testing.T) {
	hard, medium, soft := craft.SoftZone("hard").Value, craft.SoftZone("medium").Value, craft.SoftZone("soft").Value
	if !(0 < hard && hard < medium && medium < soft) {
		t.Errorf("hard %g, medium %g, soft %g mm", hard, medium, soft)
	}
}

// TestZonesAreNamed wants the zones that differ to be zones of the head.
func TestZonesAreNamed(t *testing.T) {
	plain := craft.ZoneShare("").Value
	for left, right := range map[string]string{headframe.TemporalLeft: headframe.TemporalRight, headframe.ParietalLeft: headframe.ParietalRight} {
		if l, r := craft.ZoneShare(left), craft.ZoneShare(right); l.Value != r.Value || l.Value >= plain {
			t.Errorf("%s %g, %s %g, elsewhere %g", left, l.Value, right, r.Value, plain)
		}
	}
	if h := craft.ZoneShare(headframe.FrontalHairline).Value; h >= plain {
		t.Errorf("the front is as dense as the rest: %g", h)
	}
}

// TestFollicleGaps wants bins that follow each other and a curve that starts at
// nothing and ends at pairs as of unrelated points.
func TestFollicleGaps(t *testing.T) {
	gaps := craft.FollicleGaps()
	for i, g := range gaps {
		if i > 0 && math.Abs(g.R-gaps[i-1].R-0.1) > 1e-9 {
			t.Errorf("bin %d at %g follows one at %g", i, g.R, gaps[i-1].R)
		}
		if g.G < 0 || g.Sigma < 0 {
			t.Errorf("bin %d: %+v", i, g)
		}
	}
	if last := gaps[len(gaps)-1]; gaps[0].G != 0 || math.Abs(last.G-1) > last.Sigma {
		t.Errorf("from %+v to %+v", gaps[0], last)
	}
	if core := craft.HardCoreNatural().Value; math.Abs(core-gaps[0].R-0.05) > 1e-9 {
		t.Errorf("hard core %g, but the first empty bin ends at %g", core, gaps[0].R+0.05)
	}
}

// TestLight wants values red first and longer waves to reach deeper.
func TestLight(t *testing.T) {
	l := craft.InkContrastDepth()
	v := l.Values()
	for k := range v {
		if v[k] != l[k].Value {
			t.Errorf("channel %d: %g, want %g", k, v[k], l[k].Value)
		}
	}
	for _, v := range [][3]float64{v, craft.InkGain().Values(), craft.InkGainDepth().Values()} {
		if !(v[0] > v[1] && v[1] > v[2] && v[2] > 0) {
			t.Errorf("red, green, blue: %v", v)
		}
	}
}

// TestNeedles wants each code to say what the needle is: two digits for the
// wire, two for the points.
func TestNeedles(t *testing.T) {
	wire := map[string]float64{"06": 0.20, "08": 0.25, "10": 0.30}
	use := map[bool]string{true: "hairline", false: "field"}
	seen := map[string]bool{}
	for _, n := range craft.Needles() {
		if len(n.Code) != 4 || wire[n.Code[:2]] != n.Wire.Value || n.Code[2:] != fmt.Sprintf("%02d", n.Points) || n.Use != use[n.Points == 1] || seen[n.Code] {
			t.Errorf("%+v does not agree with its code", n)
		}
		seen[n.Code] = true
	}
	if len(seen) < 5 {
		t.Errorf("%d needles", len(seen))
	}
}
