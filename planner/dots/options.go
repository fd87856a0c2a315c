package dots

import (
	"fmt"
	"math"
	"runtime"

	"pointille/planner/craft"
)

// Options say how dots are placed. The zero value is a natural pattern in
// three sessions.
type Options struct {
	Seed       uint64
	Shares     []float64 // share of the dots per session, scaled to sum 1; default 0.3, 0.4, 0.3
	Regularity float64   // 0 as human follicles are spaced .. 1 as even as can be
	MinMM      float64   // smallest distance between dots, and between dot and follicle, mm; default 0: Core alone decides
	Threads    int       // goroutines used; default: one per processor
	MaxDots    int       // more than this is an error; default 500,000

	plan *stirPlan // another fit, to make one
}

const maxSessions = 16

// Core returns the smallest distance between two dots, or a dot and a
// follicle, whose smaller spacing is s; mm.
func (o Options) Core(s float64) float64 {
	lo, hi := craft.HardCoreNatural().Value, craft.HardCoreEven().Value
	return max(o.MinMM, (lo+(hi-lo)*o.Regularity)*s)
}

func (o Options) complete() (Options, error) {
	if o.Shares == nil {
		o.Shares = []float64{0.3, 0.4, 0.3}
	}
	shares, err := normalShares(o.Shares)
	if err != nil {
		return o, err
	}
	o.Shares = shares
	if !(o.Regularity >= 0 && o.Regularity <= 1) {
		return o, fmt.Errorf("regularity %v: want 0 to 1", o.Regularity)
	}
	if !(o.MinMM >= 0) || math.IsInf(o.MinMM, 1) {
		return o, fmt.Errorf("smallest distance %v mm: want 0 or more", o.MinMM)
	}
	if o.Threads < 0 || o.MaxDots < 0 {
		return o, fmt.Errorf("threads %d, most dots %d: want 0 or more", o.Threads, o.MaxDots)
	}
	if o.Threads == 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.MaxDots == 0 {
		o.MaxDots = 500_000
	}
	return o, nil
}

func normalShares(shares []float64) ([]float64, error) {
	if len(shares) == 0 || len(shares) > maxSessions {
		return nil, fmt.Errorf("%d sessions: want 1 to %d", len(shares), maxSessions)
	}
	sum := 0.0
	for i, s := range shares {
		if !(s >= 0) || math.IsInf(s, 1) {
			return nil, fmt.Errorf("session %d has share %v: want 0 or more", i+1, s)
		}
		sum += s
	}
	if sum == 0 || math.IsInf(sum, 1) {
		return nil, fmt.Errorf("shares of the sessions sum to %v", sum)
	}
	out := make([]float64, len(shares))
	for i, s := range shares {
		out[i] = s / sum
	}
	return out, nil
}
