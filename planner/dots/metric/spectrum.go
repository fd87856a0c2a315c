package metric

import "math"

// Power is how much a flat pattern of even density varies over long distances.
type Power struct {
	Low  float64 // mean power below 0.1 cycles per spacing: blotches; unrelated points 1
	Wide float64 // mean power below 0.5 cycles per spacing: clumps and gaps
}

// Spectrum returns the power of points in the square 0..side. The square is
// not taken to repeat: points count less towards the edge (Hann window), and
// what the window alone would show is taken off. The lowest frequency used is
// 2/side.
func Spectrum(points [][2]float64, side float64) Power {
	lambda := float64(len(points)) / (side * side)
	spacing := 1 / math.Sqrt(lambda)
	w := make([]float64, len(points))
	sum2, sum := 0.0, 0.0
	for i, p := range points {
		w[i] = hann(p[0]/side) * hann(p[1]/side)
		sum2 += w[i] * w[i]
		sum += w[i]
	}
	if sum2 == 0 {
		return Power{}
	}
	return Power{Low: band(points, w, sum2, side, 0.1/spacing), Wide: band(points, w, sum2, side, 0.5/spacing)}
}

func hann(x float64) float64 {
	if x <= 0 || x >= 1 {
		return 0
	}
	return 0.5 - 0.5*math.Cos(2*math.Pi*x)
}

// band averages the power over whole frequencies below limit, 1/mm. At whole
// frequencies of 2/side and more the Hann window's own spectrum is zero.
func band(points [][2]float64, w []float64, sum2, side, limit float64) float64 {
	n := int(limit * side)
	total, count := 0.0, 0
	stride := max(1, n/24)
	for a := 0; a <= n; a += stride {
		for b := -n; b <= n; b += stride {
			if a == 0 && b <= 0 || max(a, abs(b)) < 2 || float64(a*a+b*b) > float64(n*n) {
				continue
			}
			total += power(points, w, 2*math.Pi*float64(a)/side, 2*math.Pi*float64(b)/side) / sum2
			count++
		}
	}
	if count == 0 {
		return 0
	}
	return total / float64(count)
}

func power(points [][2]float64, w []float64, kx, ky float64) float64 {
	re, im := 0.0, 0.0
	for i, p := range points {
		s, c := math.Sincos(kx*p[0] + ky*p[1])
		re += w[i] * c
		im += w[i] * s
	}
	return re*re + im*im
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}
