package capacity_test

import (
	"fmt"
	"math"
	"testing"

	"pointille/internal/batch/capacity"
)

func ExampleSimulate() {
	photo := capacity.Case{Photos: 1, Survey: capacity.Step{Work: capacity.Service{Mean: 2}}}
	o, err := capacity.Simulate(photo, capacity.System{PhotosPerDay: 1, Places: 1, BatchCores: 1, ServerCores: 1}, capacity.Run{Count: 30 * 86400, Seed: 1})
	fmt.Printf("%.0f s, %v\n", o.Median, err)
	// Output: 2 s, <nil>
}

// single is a case of one step.
func single(mean, cv float64) capacity.Case {
	return capacity.Case{Photos: 1, Survey: capacity.Step{Work: capacity.Service{Mean: mean, CV: cv}}}
}

// erlangC is the chance to wait in M/M/c with c servers and a erlangs of work.
func erlangC(c int, a float64) float64 {
	b := 1.0 // Erlang B, by its recursion
	for k := 1; k <= c; k++ {
		b = a * b / (float64(k) + a*b)
	}
	rho := a / float64(c)
	return b / (1 - rho*(1-b))
}

// TestErlang compares with M/M/c: the mean wait, and the busy share.
func TestErlang(t *testing.T) {
	for _, tt := range []struct {
		places int
		rho    float64
	}{{1, 0.5}, {1, 0.8}, {4, 0.8}, {16, 0.9}, {100, 0.95}} {
		const mean = 2.0
		rate := tt.rho * float64(tt.places) / mean
		s := capacity.System{PhotosPerDay: rate * 86400, Places: tt.places, BatchCores: 1, ServerCores: 1, Markov: true}
		o, err := capacity.Simulate(single(mean, 1), s, capacity.Run{Warm: 2000, Count: 100_000 / rate, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		want := erlangC(tt.places, rate*mean) * mean / (float64(tt.places) * (1 - tt.rho))
		if math.Abs(o.Wait-want) > 0.1*want+0.002 || math.Abs(o.Worker-tt.rho) > 0.01 {
			t.Errorf("%d places, busy %.2f: wait %.4f s, by formula %.4f; busy %.3f", tt.places, tt.rho, o.Wait, want, o.Worker)
		}
	}
}

// TestPollaczek compares with M/G/1: log-normal times, and fixed ones.
func TestPollaczek(t *testing.T) {
	for _, cv := range []float64{0, 0.5, 1.5} {
		const mean, rho = 2.0, 0.7
		rate := rho / mean
		s := capacity.System{PhotosPerDay: rate * 86400, Places: 1, BatchCores: 1, ServerCores: 1}
		o, err := capacity.Simulate(single(mean, cv), s, capacity.Run{Warm: 1000, Count: 100_000 / rate, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		want := rho * mean * (1 + cv*cv) / (2 * (1 - rho))
		if math.Abs(o.Wait-want) > 0.1*want {
			t.Errorf("cv %.1f: wait %.3f s, by formula %.3f", cv, o.Wait, want)
		}
	}
}

// whole is a case with all its steps; times are far below those measured.
func whole() capacity.Case {
	step := func(mean float64) capacity.Step {
		return capacity.Step{Work: capacity.Service{Mean: mean, CV: 0.3}, Batch: 0.02, Server: 0.01, Bytes: 1000}
	}
	return capacity.Case{Photos: 3, Survey: step(2), After: step(3), Last: []capacity.Step{step(4), step(1)}}
}

// TestCase wants the steps of a case in their order: alone, it takes its longest
// survey, its plan, and the longer of pictures and guide.
func TestCase(t *testing.T) {
	s := capacity.System{PhotosPerDay: 20, Places: 50, BatchCores: 8, ServerCores: 8, Markov: false}
	c := whole()
	c.Survey.Work.CV, c.After.Work.CV, c.Last[0].Work.CV, c.Last[1].Work.CV = 0, 0, 0, 0
	o, err := capacity.Simulate(c, s, capacity.Run{Count: 100 * 86400, Seed: 1})
	if want := 2 + 3 + 4 + 3*(0.02+0.01); err != nil || math.Abs(o.Median-want) > 1e-6 {
		t.Errorf("%.4f s, want %.4f, %v", o.Median, want, err)
	}
	if want := 20.0 / 3 * 6 / 86400 * 1000; math.Abs(o.BytesPS-want) > 0.1*want {
		t.Errorf("%g B/s, want %g", o.BytesPS, want)
	}
}

// TestSame wants one seed to give one course, and another another.
func TestSame(t *testing.T) {
	s := capacity.System{PhotosPerDay: 100_000, Places: 6, BatchCores: 1, ServerCores: 1}
	var seen []capacity.Outcome
	for _, seed := range []uint64{1, 1, 2} {
		o, err := capacity.Simulate(whole(), s, capacity.Run{Warm: 100, Count: 3000, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, o)
	}
	if seen[0] != seen[1] || seen[0] == seen[2] {
		t.Errorf("%+v", seen)
	}
}

// TestSize wants enough places and not one more, and another set where the batch
// would be too busy.
func TestSize(t *testing.T) {
	g, r := capacity.Goal{PhotosPerDay: 200_000, P95: 30}, capacity.Run{Warm: 200, Count: 4000, Seed: 1}
	s := capacity.System{BatchCores: 1, ServerCores: 1}
	n, err := capacity.Size(whole(), g, s, r)
	if err != nil || n.Sets != 1 || n.Outcome.P95 > g.P95 {
		t.Fatalf("%+v, %v", n, err)
	}
	s.PhotosPerDay, s.Places = g.PhotosPerDay, n.Places-1
	if o, err := capacity.Simulate(whole(), s, r); err != nil || o.P95 <= g.P95 && o.Worker <= 0.9 {
		t.Errorf("with one place less: %+v, %v", o, err)
	}
	_, batch, _, _ := whole().Load()
	g.PhotosPerDay = 1.5 * 86400 * 0.7 / batch
	if n, err := capacity.Size(whole(), g, s, capacity.Run{Warm: 100, Count: 500, Seed: 1}); err != nil || n.Sets != 2 || n.Outcome.Batch > 0.7 {
		t.Errorf("%+v, %v", n, err)
	}
	g.P95 = 1
	if n, err := capacity.Size(whole(), g, s, capacity.Run{Warm: 10, Count: 20, Seed: 1}); err == nil {
		t.Errorf("cases that take 9 s are done in 1 s: %+v", n)
	}
}

func TestSenseless(t *testing.T) {
	if _, err := capacity.Simulate(whole(), capacity.System{PhotosPerDay: math.NaN(), Places: 1, BatchCores: 1, ServerCores: 1}, capacity.Run{Count: 1}); err == nil {
		t.Error("simulated")
	}
	if _, err := capacity.Size(whole(), capacity.Goal{}, capacity.System{}, capacity.Run{}); err == nil {
		t.Error("sized")
	}
}
