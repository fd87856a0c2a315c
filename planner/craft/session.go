package craft

// SessionHours is how long session n (from 1) lasts.
func SessionHours(n int) Quantity {
	q := Quantity{Name: "session length", Unit: "h", Source: "the studio's rule (treatment sheet)"}
	switch n {
	case 1:
		q.Low, q.Value, q.High = 2, 3, 4
	case 2:
		q.Low, q.Value, q.High = 2, 2.5, 3
	default:
		q.Low, q.Value, q.High = 1, 2, 2.5
	}
	return q
}

// SessionGap is the time between two sessions.
func SessionGap() Quantity {
	return Quantity{"gap between sessions", 14, 14, 21, "days", "2-3 weeks, the studio's rule; trade 7-30 days"}
}

// SessionShares is how the dots are shared over three sessions.
func SessionShares() []float64 {
	// cumulative 30 %, 70 %, 100 % of the final spacing (Liu 2025)
	return []float64{0.3, 0.4, 0.3}
}
