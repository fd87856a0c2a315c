package dots

import "pointille/internal/parallel"

// chunk is how many items one goroutine takes at a time. It is fixed, so that
// what is computed per chunk does not depend on the number of threads.
const chunk = 1024

// chunks calls f for consecutive pieces [lo, hi) of 0..n, c being the number
// of the piece, on the given number of goroutines.
func chunks(n, threads int, f func(c, lo, hi int)) {
	parallel.On(threads, (n+chunk-1)/chunk, func(c int) { f(c, c*chunk, min(n, (c+1)*chunk)) })
}

// random returns 64 random bits for item i at the given step; the same
// whichever goroutine asks (splitmix64).
func random(seed, step, i uint64) uint64 {
	x := seed + 0x9e3779b97f4a7c15*(step+1) + 0xd1342543de82ef95*(i+1)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// unit returns two numbers in [0, 1) from 64 random bits.
func unit(r uint64) (a, b float64) {
	return float64(r>>32) / (1 << 32), float64(r&(1<<32-1)) / (1 << 32)
}
