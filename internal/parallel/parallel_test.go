package parallel_test

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"pointille/internal/parallel"
)

func ExampleEach() {
	squares := make([]int, 5)
	parallel.Each(len(squares), func(i int) { squares[i] = i * i })
	fmt.Println(squares)
	// Output: [0 1 4 9 16]
}

// TestOnce wants every index once, whatever the number of processors.
func TestOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		for _, n := range []int{0, 1, 3, 100} {
			each, bands := make([]atomic.Int32, n), make([]atomic.Int32, n)
			parallel.Each(n, func(i int) { each[i].Add(1) })
			parallel.Bands(n, func(from, to int) {
				for i := from; i < to; i++ {
					bands[i].Add(1)
				}
			})
			for i := range n {
				if each[i].Load() != 1 || bands[i].Load() != 1 {
					t.Errorf("%d processors: %d of %d is done %d and %d times", procs, i, n, each[i].Load(), bands[i].Load())
				}
			}
		}
	}
}
