package records_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"pointille/internal/records"
	"pointille/internal/records/keys"
)

// clientsVariable makes the store of the benchmark smaller or larger.
const clientsVariable = "POINTILLE_BENCH_CLIENTS"

// BenchmarkStore10k times what a studio waits for with 10,000 clients of three
// documents each. Opening is without the key derivation, whose cost here is next to
// nothing: BenchmarkPassphrase has the real one apart.
func BenchmarkStore10k(b *testing.B) {
	clients := 10_000
	if n, err := strconv.Atoi(os.Getenv(clientsVariable)); err == nil {
		clients = n
	}
	ctx, dir := context.Background(), filepath.Join(b.TempDir(), "record")
	s, _, err := records.Create(ctx, dir, passphrase, options())
	check(b, err)
	check(b, s.Fill(ctx, clients))
	check(b, s.Close())

	open := func(o records.Options) func() {
		return func() {
			s, err := records.Open(ctx, dir, passphrase, o)
			check(b, err)
			check(b, s.Close())
		}
	}
	timed(b, "open-to-write", open(options()))
	timed(b, "open-to-read", open(records.Options{ReadOnly: true}))
	s = opened(b, dir, options())
	timed(b, "list", func() {
		if all := must[[]records.Client](b)(s.Clients(ctx)); len(all) != clients {
			b.Fatal(len(all))
		}
	})
	timed(b, "items-of-one", func() { must[[]records.Item](b)(s.Items(ctx, "c-00017")) })
	n := 0
	add := func() {
		n++
		must[records.Item](b)(s.Add(ctx, "c-00017", records.New{Kind: "note", Name: fmt.Sprint(n), Content: fmt.Appendf(nil, "%d", n)}))
	}
	timed(b, "add", add)
	timed(b, "add-and-sync", func() { add(); check(b, s.Sync(ctx)) })
}

// timed runs one benchmark and states the processor time beside the time on the
// clock: trust it where the machine is shared.
func timed(b *testing.B, name string, do func()) {
	b.Run(name, func(b *testing.B) {
		before := processor()
		for b.Loop() {
			do()
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/1e3/float64(b.N), "ms")
		b.ReportMetric(float64((processor()-before).Microseconds())/1e3/float64(b.N), "cpu-ms")
	})
}

// processor is the time this process has had of processors.
func processor() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkPassphrase times the key derivation at its usual cost.
func BenchmarkPassphrase(b *testing.B) {
	h, _, _, err := keys.Create(passphrase, keys.Cost{}, time.Now())
	check(b, err)
	timed(b, "argon2id", func() { must[*keys.Ring](b)(h.Open(passphrase)) })
}
