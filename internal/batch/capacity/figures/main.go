// Figures prints the tables of docs/capacity.md: what so and so many photos a day
// need, and what becomes the limit.
package main

import (
	"fmt"
	"os"

	"pointille/internal/batch/capacity"
)

// measured is what a case of two photos of 12 megapixels costs: see
// docs/measurements/queue.md. Batch's and server's time is that of their bytes.
func measured() capacity.Case {
	step := func(mean, cv, mega float64) capacity.Step {
		return capacity.Step{
			Work: capacity.Service{Mean: mean, CV: cv}, Bytes: mega * 1e6, Batch: batchStep + mega*batchMB, Server: serverStep + mega*serverMB,
		}
	}
	return capacity.Case{
		Photos: 2, Survey: step(1.35, 0.13, 9.6), After: step(2.6, 0.12, 5.2),
		Last: []capacity.Step{step(2.65, 0.10, 40), step(0.37, 0.10, 11)},
	}
}

// Seconds of processor time: for a step, and for a megabyte in or out of the store.
const (
	batchStep  = 0.020
	batchMB    = 0.0027
	serverStep = 0.005
	serverMB   = 0.0050
)

func main() {
	if err := tables(); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

// coresAMachine of those that work.
const coresAMachine = 8

func tables() error {
	c := measured()
	system := capacity.System{BatchCores: 4, ServerCores: 2} // a store is one stream, written by one at a time
	work, batch, server, bytes := c.Load()
	fmt.Printf("A photo costs %.2f s at a worker, %.3f s of the batch, %.3f s of the server, %.0f MB through the store.\n\n", work, batch, server, bytes/1e6)
	fmt.Println("| photos a day | what | sets of batch and server | machines of 8 cores that work | workers busy | batch busy | server busy | steps/s | MB/s a store | journal, fsyncs/s a batch | median case, s | 95 of 100, s |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|---|")
	surveys := c
	surveys.After, surveys.Last = capacity.Step{}, nil
	for _, day := range []float64{1e6, 1e7, 1e8} {
		for _, what := range []struct {
			name string
			c    capacity.Case
		}{{"survey", surveys}, {"plan", c}} {
			n, err := capacity.Size(what.c, capacity.Goal{PhotosPerDay: day, P95: 30}, system, capacity.Run{Warm: 100, Count: 600, Seed: 1})
			if err != nil {
				return err
			}
			o := n.Outcome
			machines := n.Sets * ((n.Places + coresAMachine - 1) / coresAMachine)
			fmt.Printf("| %.0f million | %s | %d | %d | %.0f %% | %.0f %% | %.0f %% | %.0f | %.0f | %.0f | %.1f | %.1f |\n",
				day/1e6, what.name, n.Sets, machines, 100*o.Worker, 100*o.Batch, 100*o.Server, o.StepsPS, o.BytesPS/1e6, syncs*o.StepsPS, o.Median, o.P95)
		}
	}
	return few(c, system)
}

// syncs that the journal is made to last, for each step: one entry when it is done,
// and one of the case for every few.
const syncs = 1.2

// few says what is done by machines that a studio or school may have.
func few(c capacity.Case, system capacity.System) error {
	fmt.Print("\n| machines of 8 cores | photos a day, plans, workers 90 % busy | server busy | median case, s | 95 of 100, s |\n|---|---|---|---|---|\n")
	work, _, _, _ := c.Load()
	for _, machines := range []int{1, 2, 4, 8} {
		system.Places = machines * coresAMachine
		system.PhotosPerDay = 0.9 * float64(system.Places) / work * 86400
		o, err := capacity.Simulate(c, system, capacity.Run{Warm: 200, Count: 3000, Seed: 1})
		if err != nil {
			return err
		}
		fmt.Printf("| %d | %.0f thousand | %.0f %% | %.1f | %.1f |\n", machines, system.PhotosPerDay/1000, 100*o.Server, o.Median, o.P95)
	}
	return nil
}
