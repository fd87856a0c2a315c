package batch

import (
	"context"
	"fmt"
	"os"
	"time"

	"pointille/internal/batch/step"
	"pointille/internal/batch/worker"
)

// Hands do the steps of a batch: processes of this machine, or workers on others.
type Hands interface {
	// Do has a step done, its files written to their places, and its answer read
	// into reply. begun is called when it is handed out. Errors that concern one
	// photo are *worker.Crash, *worker.TooLong and *Dead; others end the batch.
	// Do is called by several goroutines.
	Do(ctx context.Context, w Work, reply *step.Reply, begun func()) error

	// Finished says that a case is written down, and nothing of it needed any more.
	Finished(at string)

	// Close lets them go. No step is under way.
	Close()
}

// Work is a step to be done.
type Work struct {
	Name string // of the step in the journal
	Key  string // a hash of everything its result depends on
	At   string // where results of its case lie below Out
	File string // photo or case, for messages
	Task step.Task
}

// Dead is a step that was given up: workers that took it were lost, so many of
// them while they did nothing else.
type Dead struct{ Tries int }

func (e *Dead) Error() string {
	often := "once"
	if e.Tries > 1 {
		often = fmt.Sprintf("%d times", e.Tries)
	}
	return "given up: a worker that did nothing else was lost at it " + often + " (killed, cut off or out of memory)"
}

// Crew is what Hands need to know of the batch.
type Crew struct {
	Own       string        // folder of the batch's own files
	Generator string        // program and version
	Build     string        // tells two programs of one version apart; may be empty
	Command   []string      // starts a process that does steps
	Jobs      int           // steps at once on this machine
	Limit     time.Duration // for one step; 0: the default
	Fresh     bool          // what was done before is not to be used
	Held      *os.File      // lock that processes keep open
	Note      func(text string)
}

func (r *runner) crew() Crew {
	note := r.Tell.Note
	if note == nil {
		note = func(string) {}
	}
	return Crew{
		Own: r.disk.own, Generator: r.Generator, Build: r.Build, Command: r.Command, Jobs: r.Jobs, Limit: r.TimeLimit,
		Fresh: r.Anew || r.Retry, Held: r.disk.lock.File(), Note: note,
	}
}

// WorkerEnv makes a worker use one processor, and little more memory than it
// needs: what it holds is a few large pictures, of which garbage is found at next
// to no cost, and libraries that need no memory for each thread that calls them, as
// only one does at a time.
func WorkerEnv() []string { return []string{"GOMAXPROCS=1", "GOGC=25", "MALLOC_ARENA_MAX=1"} }

// pool is the hands of this machine.
type pool struct{ *worker.Pool }

func processes(_ context.Context, c Crew) (Hands, error) {
	return pool{worker.New(worker.Options{Command: c.Command, Env: WorkerEnv(), Version: c.Generator, Jobs: c.Jobs, Limit: c.Limit, Held: c.Held})}, nil
}

// Do hands the task to the next free process.
func (p pool) Do(ctx context.Context, w Work, reply *step.Reply, begun func()) error {
	return p.Pool.Do(ctx, w.Task, reply, begun)
}

// Finished has nothing to clear away.
func (pool) Finished(string) {}
