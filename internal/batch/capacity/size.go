package capacity

import (
	"fmt"
	"math"
)

// Goal is what is asked of a system.
type Goal struct {
	PhotosPerDay float64
	P95          float64 // s in which 95 of 100 cases are to be finished
	Most         float64 // share to which batch and server may be busy; default 0.7
	MostWorkers  float64 // share to which workers may be busy; default 0.9
	BytesPS      float64 // that may go through one store, B/s; default 1e9, what a network of 10 Gbit/s carries
}

func (g Goal) filled() Goal {
	if g.Most <= 0 {
		g.Most = 0.7
	}
	if g.MostWorkers <= 0 {
		g.MostWorkers = 0.9
	}
	if g.BytesPS <= 0 {
		g.BytesPS = 1e9
	}
	return g
}

// Need is what it takes.
type Need struct {
	Sets    int // batches, each with a server and workers of its own
	Places  int // for steps, in each set
	Outcome Outcome
}

// Load is the work of a photo at each station, s.
func (c Case) Load() (worker, batch, server, bytes float64) {
	steps := append([]Step{c.After}, c.Last...)
	for range c.Photos {
		steps = append(steps, c.Survey)
	}
	for _, s := range steps {
		worker, batch, server, bytes = worker+s.Work.Mean, batch+s.Batch, server+s.Server, bytes+s.Bytes
	}
	n := float64(c.Photos)
	return worker / n, batch / n, server / n, bytes / n
}

// Size finds the fewest sets in which neither batch nor server nor network is too
// busy, and the fewest places for steps with which cases are finished in time.
func Size(c Case, g Goal, s System, r Run) (Need, error) {
	g = g.filled()
	if c.Photos < 1 || !(g.P95 > 0) || !(g.PhotosPerDay > 0) {
		return Need{}, fmt.Errorf("sizing for %+v: all of it must be positive", g)
	}
	work, batch, server, bytes := c.Load()
	rate := g.PhotosPerDay / 86400
	sets := math.Ceil(max(1, rate*batch/(g.Most*float64(s.BatchCores)), rate*server/(g.Most*float64(s.ServerCores)), rate*bytes/g.BytesPS))
	s.PhotosPerDay = g.PhotosPerDay / sets
	n := Need{Sets: int(sets)}
	good := func(places int) (bool, error) {
		s.Places = places
		o, err := Simulate(c, s, r)
		if err == nil && o.P95 <= g.P95 && o.Cases > 0 && o.Worker <= g.MostWorkers {
			n.Places, n.Outcome = places, o
			return true, nil
		}
		return false, err
	}
	low := int(rate / sets * work) // too few: work comes faster than it is done
	high := low + 1
	for step := 1; ; step *= 2 {
		ok, err := good(high)
		if err != nil || ok {
			if err != nil {
				return n, err
			}
			break
		}
		if step > 1<<20 {
			return n, fmt.Errorf("sizing for %+v: no number of places does it: the steps of one case alone take longer", g)
		}
		low, high = high, high+step
	}
	for high-low > 1 {
		mid := (low + high) / 2
		ok, err := good(mid)
		switch {
		case err != nil:
			return n, err
		case ok:
			high = mid
		default:
			low = mid
		}
	}
	_, err := good(high)
	return n, err
}
