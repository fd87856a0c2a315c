package sessions_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pointille/planner/craft"
	"pointille/planner/sessions"
)

func ExampleShares() {
	o := sessions.Options{First: time.Date(2026, time.March, 30, 0, 0, 0, 0, time.UTC)}
	shares, err := sessions.Shares(25000, o)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(shares)
	for _, s := range sessions.Schedule([]int{7500, 10000, 7500}, o) {
		fmt.Printf("%d: %d dots, %g h, not before %s\n", s.Number, s.Dots, s.Hours, s.Date)
	}
	// Output:
	// [0.3 0.4 0.3]
	// 1: 7500 dots, 1.5 h, not before 2026-03-30
	// 2: 10000 dots, 2 h, not before 2026-04-13
	// 3: 7500 dots, 1.5 h, not before 2026-04-27
}

func sum(v []float64) (s float64) {
	for _, x := range v {
		s += x
	}
	return s
}

// TestShares wants positive shares that add up to 1, in sessions short enough
// to bear, and never more of them than needed.
func TestShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dots := rapid.IntRange(1, 110000).Draw(t, "dots")
		rate := rapid.Float64Range(3500, 7000).Draw(t, "rate")
		shares, err := sessions.Shares(dots, sessions.Options{DotsPerHour: rate})
		if err != nil {
			if hours := float64(dots) / rate; hours < 12*craft.SessionHours(12).Low {
				t.Fatalf("%g hours refused: %v", hours, err)
			}
			return
		}
		if math.Abs(sum(shares)-1) > 1e-12 || len(shares) < 2 {
			t.Errorf("shares %v", shares)
		}
		for k, s := range shares {
			if hours := s * float64(dots) / rate; !(s > 0) || hours > craft.SessionHours(k+1).High+1e-9 {
				t.Errorf("session %d of %v takes %g hours", k+1, shares, hours)
			}
		}
	})
}

// TestMoreDotsNeverFewerSessions also wants a faster hand never to need more.
func TestMoreDotsNeverFewerSessions(t *testing.T) {
	count := func(dots int, rate float64) int {
		shares, err := sessions.Shares(dots, sessions.Options{DotsPerHour: rate})
		if err != nil {
			return math.MaxInt
		}
		return len(shares)
	}
	rapid.Check(t, func(t *rapid.T) {
		dots, more := rapid.IntRange(0, 150000).Draw(t, "dots"), rapid.IntRange(0, 50000).Draw(t, "more")
		rate, faster := rapid.Float64Range(500, 9000).Draw(t, "rate"), rapid.Float64Range(0, 5000).Draw(t, "faster")
		n := count(dots, rate)
		if m := count(dots+more, rate); m < n {
			t.Errorf("%d dots in %d sessions, %d in %d", dots, n, dots+more, m)
		}
		if m := count(dots, rate+faster); m > n {
			t.Errorf("%d sessions at %g dots per hour, %d at %g", n, rate, m, rate+faster)
		}
	})
}

func TestSmallWorkTakesTwo(t *testing.T) {
	rate := craft.DotsPerHour().Value
	for _, tt := range []struct {
		hours float64
		want  int
	}{{0, 2}, {0.2, 2}, {1.5, 2}, {1.6, 3}, {7.5, 3}} {
		shares, err := sessions.Shares(int(tt.hours*rate), sessions.Options{})
		if err != nil || len(shares) != tt.want {
			t.Errorf("%g hours: shares %v, error %v, want %d sessions", tt.hours, shares, err, tt.want)
		}
	}
}

func TestWishedCount(t *testing.T) {
	for n := 1; n <= 12; n++ {
		shares, err := sessions.Shares(20000, sessions.Options{Count: n})
		if err != nil || len(shares) != n || math.Abs(sum(shares)-1) > 1e-12 {
			t.Errorf("%d sessions: %v, error %v", n, shares, err)
		}
		for _, s := range shares {
			if !(s > 0) {
				t.Errorf("%d sessions: %v", n, shares)
			}
		}
	}
}

// TestWishedShares wants proportions kept and the caller's list left alone.
func TestWishedShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wished := rapid.SliceOfN(rapid.Float64Range(0.01, 100), 1, 12).Draw(t, "shares")
		before := append([]float64(nil), wished...)
		got, err := sessions.Shares(rapid.IntRange(0, 1e6).Draw(t, "dots"), sessions.Options{Shares: wished, Count: 2})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(wished) || math.Abs(sum(got)-1) > 1e-12 {
			t.Fatalf("%v from %v", got, wished)
		}
		for k := range got {
			if math.Abs(got[k]*wished[0]-got[0]*wished[k]) > 1e-9*(wished[0]+wished[k]) {
				t.Errorf("proportions of %v are not those of %v", got, wished)
			}
		}
		if diff := cmp.Diff(before, wished); diff != "" {
			t.Errorf("the wish was changed:\n%s", diff)
		}
	})
}

func TestRefused(t *testing.T) {
	tests := []struct {
		name string
		dots int
		o    sessions.Options
		want string
	}{
		{"rate below zero", 100, sessions.Options{DotsPerHour: -1}, "rate of -1"},
		{"no number as rate", 100, sessions.Options{DotsPerHour: math.NaN()}, "rate of NaN"},
		{"endless rate", 100, sessions.Options{DotsPerHour: math.Inf(1)}, "rate of +Inf"},
		{"count below zero", 100, sessions.Options{Count: -1}, "-1 sessions"},
		{"too many sessions", 100, sessions.Options{Count: 13}, "13 sessions"},
		{"too much work", 1000000, sessions.Options{}, "200 hours"},
		{"a share of nothing", 100, sessions.Options{Shares: []float64{0.5, 0}}, "session 2"},
		{"a share below nothing", 100, sessions.Options{Shares: []float64{-0.5, 1.5}}, "session 1"},
		{"no number as share", 100, sessions.Options{Shares: []float64{1, 1, math.NaN()}}, "session 3"},
		{"endless share", 100, sessions.Options{Shares: []float64{math.Inf(1)}}, "session 1"},
		{"no shares", 100, sessions.Options{Shares: []float64{}}, "0 sessions"},
		{"too many shares", 100, sessions.Options{Shares: make13()}, "13 sessions"},
	}
	for _, tt := range tests {
		shares, err := sessions.Shares(tt.dots, tt.o)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: shares %v, error %v, want %q in it", tt.name, shares, err, tt.want)
		}
	}
}

func make13() []float64 {
	out := make([]float64, 13)
	for k := range out {
		out[k] = 1
	}
	return out
}

// TestSchedule wants every dot in a session, hours by the rate, and gaps that
// are never shorter than the rule's.
func TestSchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dots := rapid.SliceOfN(rapid.IntRange(0, 30000), 1, 12).Draw(t, "dots")
		first := time.Date(2026, 1, 1, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 2000).Draw(t, "day"))
		o := sessions.Options{DotsPerHour: rapid.Float64Range(0, 9000).Draw(t, "rate"), First: first}
		if o.DotsPerHour < 100 {
			o.DotsPerHour = 0
		}
		rate := o.DotsPerHour
		if rate == 0 {
			rate = craft.DotsPerHour().Value
		}
		got := sessions.Schedule(dots, o)
		if len(got) != len(dots) {
			t.Fatalf("%d sessions from %v", len(got), dots)
		}
		for k, s := range got {
			if s.Number != k+1 || s.Dots != dots[k] || s.Purpose == "" {
				t.Errorf("session %d: %+v", k+1, s)
			}
			if math.Abs(s.Hours-float64(dots[k])/rate) > 0.05+1e-9 {
				t.Errorf("%d dots at %g an hour take %g hours", dots[k], rate, s.Hours)
			}
			date, err := time.Parse(time.DateOnly, s.Date)
			if err != nil {
				t.Fatal(err)
			}
			if days := date.Sub(first.Truncate(24*time.Hour)).Hours() / 24; days != float64(s.AfterDays) {
				t.Errorf("session %d on %s, %g days after the first, said to be %d", k+1, s.Date, days, s.AfterDays)
			}
			if k == 0 && s.AfterDays != 0 || k > 0 && float64(s.AfterDays-got[k-1].AfterDays) < craft.SessionGap().Low {
				t.Errorf("session %d is after %d days", k+1, s.AfterDays)
			}
		}
	})
}

func TestScheduleWithoutDates(t *testing.T) {
	for _, s := range sessions.Schedule([]int{1, 2, 3}, sessions.Options{}) {
		if s.Date != "" {
			t.Errorf("session %d has a date: %s", s.Number, s.Date)
		}
	}
	if got := sessions.Schedule(nil, sessions.Options{}); got == nil || len(got) != 0 {
		t.Errorf("no dots: %#v", got)
	}
}

// TestPurpose wants the last of three or more to complete, and the second of
// two to say that it corrects.
func TestPurpose(t *testing.T) {
	words := func(n int) (out []string) {
		for _, s := range sessions.Schedule(make([]int, n), sessions.Options{}) {
			word, _, _ := strings.Cut(s.Purpose, " ")
			out = append(out, strings.Trim(word, ":"))
		}
		return out
	}
	for _, want := range [][]string{{"lays"}, {"lays", "adds"}, {"lays", "adds", "completes"}, {"lays", "adds", "adds", "completes"}} {
		got := words(len(want))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d sessions (-want +got):\n%s", len(want), diff)
		}
	}
}
