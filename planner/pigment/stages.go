package pigment

import (
	"fmt"
	"math"

	"pointille/planner/craft"
	"pointille/planner/plan"
)

// Stages returns the stages of time in order.
func Stages() []string {
	return []string{plan.Before, plan.Fresh, plan.Healed, plan.Year1, plan.Year3, plan.Year5}
}

// healedDays is when skin has renewed itself.
const healedDays = 28

// Time is one moment after the last session.
type Time struct {
	Days    float64 // since the last session; below 0: before the first
	Tone    float64 // darkness over that when fresh
	Growth  float64 // of the healed diameter
	Sinking float64 // of the pigment's top since healing, mm
	Redness float64 // share of green and blue light lost between close dots
}

// At returns the moment of a stage.
func At(stage string) (Time, error) {
	switch stage {
	case plan.Before:
		return Time{Days: -1, Growth: 1}, nil
	case plan.Fresh:
		return After(0), nil
	case plan.Healed:
		return After(healedDays), nil
	case plan.Year1:
		return After(365), nil
	case plan.Year3:
		return After(3 * 365), nil
	case plan.Year5:
		return After(5 * 365), nil
	}
	return Time{}, fmt.Errorf("no stage is called %q", stage)
}

// After returns the moment the given days (0 or more) after the last session.
// Between the known days darkness is interpolated in its logarithm.
func After(days float64) Time {
	years := max(0, days-healedDays) / 365
	growth := craft.DotSpreadYear1().Value * min(1, years)
	growth += craft.DotSpreadYearly().Value * max(0, years-1)
	red := 0.0
	if days*24 < craft.RednessHours().Value {
		red = craft.Redness().Value
	}
	return Time{Days: days, Tone: tone(days), Growth: 1 + growth, Sinking: craft.PigmentSinking().Value * years, Redness: red}
}

func tone(days float64) float64 {
	known := []struct{ day, tone float64 }{
		{0, 1},
		{14, craft.ToneDay14().Value},
		{healedDays, craft.ToneDay28().Value},
		{182.5, craft.ToneMonth6().Value},
	}
	for i, k := range known[1:] {
		if days <= k.day {
			from := known[i]
			share := max(0, days-from.day) / (k.day - from.day)
			return from.tone * math.Pow(k.tone/from.tone, share)
		}
	}
	last := known[len(known)-1]
	return last.tone * math.Pow(1-craft.ToneYearly().Value, (days-last.day)/365)
}

// column returns what the healed column looks like at this time. Before the
// skin has renewed itself, pigment reaches up to the horny layer and the
// impression has its fresh width.
func (t Time) column(healed Column, dots plan.Dots) Column {
	if t.Days >= healedDays {
		return Column{Diameter: healed.Diameter * t.Growth, Top: healed.Top + t.Sinking, Height: healed.Height}
	}
	young := 1 - max(0, t.Days)/healedDays
	wide := 1 + young*(dots.FreshMM/dots.HealedMM-1)
	top := healed.Top + young*(min(craft.InkTopFresh().Value, healed.Top)-healed.Top)
	return Column{Diameter: healed.Diameter * wide, Top: top, Height: healed.Height}
}
