// Package parallel shares work out to the processors there are.
//
// Work must not depend on who does it or when; then results are the same
// whatever the number of processors. Nothing here fails.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each calls f once with each of 0..n-1 and returns when all calls have.
func Each(n int, f func(i int)) { On(runtime.GOMAXPROCS(0), n, f) }

// On is Each with at most so many goroutines.
func On(threads, n int, f func(i int)) {
	workers := min(threads, n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	all.Wait()
}

// bandsEach is how many bands each processor gets, so that none waits long for
// one that got the harder ones.
const bandsEach = 4

// Bands calls f with ranges of rows that together are 0..n-1.
func Bands(n int, f func(from, to int)) {
	bands := min(bandsEach*runtime.GOMAXPROCS(0), n)
	Each(bands, func(i int) { f(i*n/bands, (i+1)*n/bands) })
}
