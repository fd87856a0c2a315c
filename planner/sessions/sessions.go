// Package sessions splits the dots over sittings that a client and an artist
// can bear, and says when each may be.
//
// Hours follow the artist's own work rate; days count from the first session.
// An impossible rate or date is an error that names it.
package sessions

import (
	"fmt"
	"math"
	"time"

	"pointille/planner/craft"
	"pointille/planner/plan"
)

// Options are the artist's and the client's wishes.
type Options struct {
	DotsPerHour float64   // 0: craft.DotsPerHour
	Count       int       // 0: as many as the lengths need
	Shares      []float64 // of the dots; nil: by the clinical build-up
	First       time.Time // zero: no dates
}

// most is the largest number of sessions that is still one treatment.
const most = 12

// Shares returns how the dots are shared over sessions, summing to 1.
func Shares(dots int, o Options) ([]float64, error) {
	if o.DotsPerHour < 0 || math.IsNaN(o.DotsPerHour) || math.IsInf(o.DotsPerHour, 0) {
		return nil, fmt.Errorf("work rate of %g dots per hour: must be positive and finite", o.DotsPerHour)
	}
	if o.Shares != nil {
		return normal(o.Shares)
	}
	if o.Count < 0 || o.Count > most {
		return nil, fmt.Errorf("%d sessions: must be between 1 and %d", o.Count, most)
	}
	hours := float64(dots) / o.rate()
	n := o.Count
	if n == 0 {
		n = count(hours)
	}
	if n > most {
		return nil, fmt.Errorf("%d dots take %.0f hours, more than %d sessions: plan less, or state a higher work rate", dots, hours, most)
	}
	return share(n), nil
}

// Small work is done in two sittings: every package has at least two.
const twoUpTo = 1.5

func count(hours float64) int {
	if hours <= twoUpTo {
		return 2
	}
	for n := 3; n <= most; n++ {
		fits := true
		for k, s := range share(n) {
			fits = fits && s*hours <= craft.SessionHours(k+1).High
		}
		if fits {
			return n
		}
	}
	return most + 1
}

// share is the build-up over n sessions: the clinical 30/40/30 for three, the
// same curve resampled for others.
func share(n int) []float64 {
	if n == 2 {
		return []float64{0.6, 0.4}
	}
	base := craft.SessionShares()
	out := make([]float64, n)
	sum := 0.0
	for k := range out {
		out[k] = base[k*len(base)/n]
		sum += out[k]
	}
	for k := range out {
		out[k] /= sum
	}
	return out
}

func normal(shares []float64) ([]float64, error) {
	sum := 0.0
	for k, s := range shares {
		if !(s > 0) || s > 1e6 {
			return nil, fmt.Errorf("share %g of session %d: must be positive", s, k+1)
		}
		sum += s
	}
	if len(shares) == 0 || len(shares) > most {
		return nil, fmt.Errorf("%d sessions: must be between 1 and %d", len(shares), most)
	}
	out := make([]float64, len(shares))
	for k, s := range shares {
		out[k] = s / sum
	}
	return out, nil
}

func (o Options) rate() float64 {
	if o.DotsPerHour > 0 {
		return o.DotsPerHour
	}
	return craft.DotsPerHour().Value
}

// Schedule states each session, given how many dots it has.
func Schedule(dots []int, o Options) []plan.Session {
	out := []plan.Session{}
	for k, n := range dots {
		s := plan.Session{
			Number: k + 1, Dots: n, Hours: math.Round(float64(n)/o.rate()*10) / 10,
			AfterDays: k * int(craft.SessionGap().Value), Purpose: purpose(k, len(dots)),
		}
		if !o.First.IsZero() {
			s.Date = o.First.AddDate(0, 0, s.AfterDays).Format(time.DateOnly)
		}
		out = append(out, s)
	}
	return out
}

func purpose(k, n int) string {
	switch {
	case k == 0:
		return "lays the ground, light and conservative"
	case k == n-1 && n > 2:
		return "completes: blends, details, second shade"
	default:
		return "adds density, corrects hairline and colour after healing"
	}
}
