package batch

import "time"

// Status is how far the work is.
type Status struct {
	Cases     int           // finished in this run
	OfCases   int           // to do
	Photos    int           // done of the photos to do; part of a case counts as that part of its photos
	OfPhotos  int           //
	Step      string        // under way; empty: a case was finished
	File      string        // at work
	PerMinute float64       // photos; 0: not known yet
	Left      time.Duration // 0: not known yet
}

// progress counts what is done. A case's steps count alike, one for each photo
// and one for each step of the whole case.
type progress struct {
	began    time.Time
	cases    int
	ofCases  int
	photos   float64 // done, of finished cases
	ofPhotos int
	size     map[string]int // photos, by case to do
	steps    map[string]int // done, of cases under way
	extra    int            // steps of a whole case
}

func (p *progress) begin(f *Forecast, extra int) {
	*p = progress{began: time.Now(), ofCases: f.Due, ofPhotos: f.Todo, size: f.due, steps: map[string]int{}, extra: extra}
}

func (p *progress) stepped(at string) { p.steps[at]++ }

func (p *progress) finished(at string) {
	p.cases++
	p.photos += float64(p.size[at])
	delete(p.steps, at)
}

// done is how many photos are done, in parts.
func (p *progress) done() float64 {
	sum := p.photos
	for at, n := range p.steps {
		sum += float64(p.size[at]) * min(1, float64(n)/float64(p.size[at]+p.extra))
	}
	return sum
}

// least is how much must be done before a rate is told: the first photos wait
// for the network to be loaded.
const least = 3

// status tells how far the work is; r.mu is held.
func (r *runner) status(step, file string) {
	if r.Tell.Status == nil {
		return
	}
	p := &r.told
	done := p.done()
	s := Status{Cases: p.cases, OfCases: p.ofCases, Photos: int(done), OfPhotos: p.ofPhotos, Step: step, File: file}
	if minutes := time.Since(p.began).Minutes(); done >= least && minutes > 0 {
		s.PerMinute = done / minutes
		s.Left = time.Duration((float64(p.ofPhotos) - done) / s.PerMinute * float64(time.Minute))
	}
	r.Tell.Status(s)
}
