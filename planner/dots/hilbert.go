package dots

import "pointille/internal/headframe"

// hilbertBits is the number of bits per axis of a place on the curve.
const hilbertBits = 12

// hilbert returns the place of p along a Hilbert curve through the cube of
// the given lowest corner and side (Skilling, "Programming the Hilbert curve",
// 2004). Every cube of the octree is one stretch of the curve.
func hilbert(p, corner headframe.Vec, side float64) uint64 {
	var x [3]uint32
	for k := range 3 {
		v := (p[k] - corner[k]) / side * (1 << hilbertBits)
		x[k] = uint32(min(max(v, 0), 1<<hilbertBits-1))
	}
	return interleave(skilling(x))
}

func skilling(x [3]uint32) [3]uint32 {
	for q := uint32(1 << (hilbertBits - 1)); q > 1; q >>= 1 {
		p := q - 1
		for i := range 3 {
			if x[i]&q != 0 {
				x[0] ^= p
				continue
			}
			t := (x[0] ^ x[i]) & p
			x[0] ^= t
			x[i] ^= t
		}
	}
	x[1] ^= x[0]
	x[2] ^= x[1]
	var t uint32
	for q := uint32(1 << (hilbertBits - 1)); q > 1; q >>= 1 {
		if x[2]&q != 0 {
			t ^= q - 1
		}
	}
	return [3]uint32{x[0] ^ t, x[1] ^ t, x[2] ^ t}
}

func interleave(x [3]uint32) uint64 {
	var key uint64
	for b := hilbertBits - 1; b >= 0; b-- {
		for k := range 3 {
			key = key<<1 | uint64(x[k]>>b&1)
		}
	}
	return key
}

// byKey returns the order that sorts keys of 3*hilbertBits bits; equal keys
// keep their order (radix sort).
func byKey(keys []uint64) []int32 {
	order, other := make([]int32, len(keys)), make([]int32, len(keys))
	for i := range order {
		order[i] = int32(i)
	}
	var count [1<<hilbertBits + 1]int32
	for shift := 0; shift < 3*hilbertBits; shift += hilbertBits {
		clear(count[:])
		for _, k := range keys {
			count[k>>shift&(1<<hilbertBits-1)+1]++
		}
		for d := 1; d < len(count); d++ {
			count[d] += count[d-1]
		}
		for _, i := range order {
			d := keys[i] >> shift & (1<<hilbertBits - 1)
			other[count[d]] = i
			count[d]++
		}
		order, other = other, order
	}
	return order
}

// box returns the smallest cube that holds all points.
func box(n int, at func(int) headframe.Vec) (corner headframe.Vec, side float64) {
	if n == 0 {
		return corner, 1
	}
	lo, hi := at(0), at(0)
	for i := 1; i < n; i++ {
		p := at(i)
		for k := range 3 {
			lo[k], hi[k] = min(lo[k], p[k]), max(hi[k], p[k])
		}
	}
	side = max(hi[0]-lo[0], hi[1]-lo[1], hi[2]-lo[2])
	return lo, side*(1+1e-9) + 1e-9
}
