// Package capacity simulates batches over a queue, to say how many machines so and
// so many photos a day need, and what becomes the limit.
//
// Cases arrive at random, as many an hour by night as by day. Each has its
// surveys done first, all at once; then its plan; then its pictures and its
// guide, both at once. Every step goes from the batch's process to the queue's
// server, waits for a place at a worker, and goes back the same way. Stations
// serve in the order of arrival; times at workers are log-normal about measured
// means, those of batch and server fixed by what is measured of messages and
// bytes. A simulation of one seed is always the same.
//
// Times are seconds, sizes bytes. Errors name the member that makes no sense.
package capacity

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Service is a time at a station: a mean and how far it strays.
type Service struct {
	Mean float64 // s
	CV   float64 // standard deviation over mean; 0: always the mean, 1 in a Markov model: exponential
}

// Step is what one step of a case costs.
type Step struct {
	Work   Service // at a worker, one core
	Batch  float64 // processor time of the batch's process, s
	Server float64 // processor time of the queue's server, s
	Bytes  float64 // through the server's store, in and out, B
}

// Case is what a case costs.
type Case struct {
	Survey Step   // of one photo
	After  Step   // the plan
	Last   []Step // pictures and guide, at once
	Photos int    // of a case
}

// System is what does the work.
type System struct {
	PhotosPerDay float64
	Places       int  // steps at once, of all workers together
	BatchCores   int  // that the batch's process makes use of
	ServerCores  int  // that the server makes use of
	Markov       bool // all times at workers exponential, for comparing with formulas
}

// Run is how long and with what chance.
type Run struct {
	Warm  float64 // s that are not counted
	Count float64 // s that are
	Seed  uint64
}

// Outcome is what was seen.
type Outcome struct {
	Cases   int     // finished while it was counted
	Worker  float64 // busy share of all places
	Batch   float64 // busy share of the batch's cores
	Server  float64 // busy share of the server's cores
	Wait    float64 // mean time that a step waits for a worker, s
	Median  float64 // from a case's coming to its end, s
	P95     float64
	Waiting int     // steps that waited for a worker at the end: grows where there are too few
	BytesPS float64 // through the server's store, B/s
	StepsPS float64
}

// Simulate runs a system.
func Simulate(c Case, s System, r Run) (Outcome, error) {
	if c.Photos < 1 || s.Places < 1 || s.BatchCores < 1 || s.ServerCores < 1 || !(s.PhotosPerDay > 0) || !(r.Count > 0) || !(r.Warm >= 0) {
		return Outcome{}, fmt.Errorf("simulating %+v for %+v: all of them must be positive", s, r)
	}
	m := &model{
		c: c, s: s, r: r, rnd: rand.New(rand.NewPCG(r.Seed, 1)), batch: &station{places: s.BatchCores}, server: &station{places: s.ServerCores},
		workers: &station{places: s.Places},
	}
	for _, st := range []*station{m.batch, m.server, m.workers} {
		st.from, st.to = r.Warm, r.Warm+r.Count
	}
	m.arrive(0)
	for len(m.heap) > 0 && m.heap[0].at <= r.Warm+r.Count {
		e := m.pop()
		m.now = e.at
		e.do()
	}
	return m.outcome(), nil
}

// model is a simulation under way.
type model struct {
	c       Case
	s       System
	r       Run
	rnd     *rand.Rand
	now     float64
	heap    []event
	order   uint64
	batch   *station
	server  *station
	workers *station
	times   []float64
	steps   int
	bytes   float64
}

func (m *model) counted() bool { return m.now >= m.r.Warm }

// arrive begins a case at a time, and thinks of the next.
func (m *model) arrive(at float64) {
	rate := m.s.PhotosPerDay / 86400 / float64(m.c.Photos)
	m.at(at+m.rnd.ExpFloat64()/rate, func() {
		m.begin(m.now)
		m.arrive(m.now)
	})
}

// begin does a case.
func (m *model) begin(came float64) {
	end := func() {
		if m.counted() {
			m.times = append(m.times, m.now-came)
		}
	}
	last := m.join(len(m.c.Last), end)
	plan := func() {
		m.step(m.c.After, func() {
			for _, s := range m.c.Last {
				m.step(s, last)
			}
			if len(m.c.Last) == 0 {
				end()
			}
		})
	}
	if m.c.After == (Step{}) {
		plan = end
	}
	surveyed := m.join(m.c.Photos, plan)
	for range m.c.Photos {
		m.step(m.c.Survey, surveyed)
	}
}

// join calls then when it was called n times.
func (m *model) join(n int, then func()) func() {
	return func() {
		if n--; n == 0 {
			then()
		}
	}
}

// step has one step done: out, at a worker, and back.
func (m *model) step(s Step, then func()) {
	work := m.time(s.Work)
	m.serve(m.batch, s.Batch/2, func() {
		m.serve(m.server, s.Server/2, func() {
			m.serve(m.workers, work, func() {
				m.serve(m.server, s.Server/2, func() {
					m.serve(m.batch, s.Batch/2, func() {
						if m.counted() {
							m.steps++
							m.bytes += s.Bytes
						}
						then()
					})
				})
			})
		})
	})
}

// time draws a time.
func (m *model) time(s Service) float64 {
	switch {
	case m.s.Markov:
		return s.Mean * m.rnd.ExpFloat64()
	case s.CV == 0:
		return s.Mean
	}
	v := math.Log(1 + s.CV*s.CV)
	return s.Mean * math.Exp(math.Sqrt(v)*m.rnd.NormFloat64()-v/2)
}

func (m *model) outcome() Outcome {
	slices.Sort(m.times)
	o := Outcome{
		Cases: len(m.times), Worker: m.workers.share(), Batch: m.batch.share(), Server: m.server.share(), Wait: m.workers.meanWait(),
		Waiting: m.workers.waiting(), StepsPS: float64(m.steps) / m.r.Count, BytesPS: m.bytes / m.r.Count,
	}
	if n := len(m.times); n > 0 {
		o.Median, o.P95 = m.times[n/2], m.times[n*95/100]
	}
	return o
}
