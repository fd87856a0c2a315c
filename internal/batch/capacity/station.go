package capacity

// station serves in the order of arrival, some at once.
type station struct {
	places   int
	busy     int
	queue    []waiting
	head     int
	from, to float64 // of what is counted
	used     float64 // place seconds
	waited   float64
	served   int
}

// waiting is one that waits.
type waiting struct {
	since float64
	time  float64
	then  func()
}

// serve has a time passed at a station, after those that came before.
func (m *model) serve(s *station, time float64, then func()) {
	w := waiting{m.now, time, then}
	if s.busy == s.places {
		s.queue = append(s.queue, w)
		return
	}
	if time == 0 {
		then() // nothing is to be waited for
		return
	}
	s.busy++
	m.start(s, w)
}

func (m *model) start(s *station, w waiting) {
	if m.now >= s.from {
		s.waited += m.now - w.since
		s.served++
	}
	end := m.now + w.time
	s.used += max(0, min(end, s.to)-max(m.now, s.from))
	m.at(end, func() {
		if next, ok := s.next(); ok {
			m.start(s, next)
		} else {
			s.busy--
		}
		w.then()
	})
}

// next takes the first of the queue.
func (s *station) next() (waiting, bool) {
	if s.head == len(s.queue) {
		return waiting{}, false
	}
	w := s.queue[s.head]
	s.queue[s.head] = waiting{}
	if s.head++; s.head > 1024 && s.head > len(s.queue)/2 {
		s.queue = append(s.queue[:0], s.queue[s.head:]...)
		s.head = 0
	}
	return w, true
}

func (s *station) waiting() int { return len(s.queue) - s.head }

// share is the busy part of all places in what was counted.
func (s *station) share() float64 { return s.used / (s.to - s.from) / float64(s.places) }

func (s *station) meanWait() float64 {
	if s.served == 0 {
		return 0
	}
	return s.waited / float64(s.served)
}

// event is something that happens. Of two at one time the one that was thought of
// first happens first, so that a seed gives one course.
type event struct {
	at    float64
	order uint64
	do    func()
}

func (e event) before(o event) bool { return e.at < o.at || e.at == o.at && e.order < o.order }

// at has something happen at a time.
func (m *model) at(when float64, do func()) {
	m.order++
	h := append(m.heap, event{when, m.order, do})
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !h[i].before(h[up]) {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
	m.heap = h
}

// pop takes what happens next.
func (m *model) pop() event {
	h := m.heap
	first, last := h[0], len(h)-1
	h[0] = h[last]
	h[last] = event{}
	h = h[:last]
	for i := 0; ; {
		least := i
		for _, k := range []int{2*i + 1, 2*i + 2} {
			if k < len(h) && h[k].before(h[least]) {
				least = k
			}
		}
		if least == i {
			break
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
	m.heap = h
	return first
}
