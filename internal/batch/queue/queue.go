// Package queue hands the steps of a batch to workers on other machines, over
// NATS JetStream.
//
// A step is a message in a work queue; the files it needs, and those it makes,
// are objects in a store. Both are sealed: the server sees neither a photo nor a
// name. A worker takes a step, lays its files into a room, has it done by a
// process of the same program, stores what was made, answers, and only then
// acknowledges. One that is killed or cut off leaves its step to the next, which
// does it alone, so that a step that ends workers is told from those beside it:
// each is done at least once, or given up. Its answer is one of its key, which is a hash of all
// that the step depends on, and the first answer counts, so that a step done
// twice is written once. When a case is finished its messages and objects are
// removed; when the batch ends, its store.
//
// Workers must be of the batch's version and have its key. Those that are not
// are refused, with the reason, on both sides, and can not even see its steps.
//
// Errors name the server or the file and what is wrong. A connection that is
// lost is no error: both sides wait until it is back.
package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"pointille/internal/batch"
	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
)

// Defaults.
const (
	Patience = 30 * time.Second // for a silent worker
	Tries    = 3                // workers that may be lost at a step, doing nothing else
)

// Queue hands steps of batches to workers; it has no state of its own.
type Queue struct{}

// Hands take on the workers of a queue for a batch: those of a server, or some in
// this process over a server that listens nowhere, which is the same way on one
// machine.
func (Queue) Hands(o batch.QueueOptions) func(context.Context, batch.Crew) (batch.Hands, error) {
	if o.Patience <= 0 {
		o.Patience = Patience
	}
	if o.Tries <= 0 {
		o.Tries = Tries
	}
	return func(ctx context.Context, crew batch.Crew) (batch.Hands, error) {
		if o.Server == batch.Embedded {
			return embedded(ctx, o, crew)
		}
		return remote(ctx, o, crew)
	}
}

// Work takes steps from the queue and does them until ctx is cancelled, which is
// no error, or it is refused, or this machine can do none.
func (Queue) Work(ctx context.Context, o batch.WorkOptions) error {
	l, err := dial(o.Queue, "pointille worker", identity{program: o.Generator, build: o.Build}, o.Note)
	if err != nil {
		return err
	}
	defer l.close()
	return work(ctx, l, o)
}

// protocol is raised when batches and workers of one version, but of two builds,
// would no longer understand each other.
const protocol = "pointille queue 1"

// Streams and subjects. A step's subject ends in its channel, batch, case and
// id; an answer's in batch, case and id.
const (
	stepStream   = "pointille-steps"
	answerStream = "pointille-answers"
	stepSubject  = "pointille.step."
	answerBegin  = "pointille.answer."
	begunBegin   = "pointille.begun." // as an answer, and the number of the delivery
	helloSubject = "pointille.hello"
	again        = "Pointille-Again" // header of a step that was handed out before
	bucketBegin  = "pointille-"
)

// keep is how long messages and objects of a batch that never came back are
// kept.
const keep = 7 * 24 * time.Hour

// order is a step as a message.
type order struct {
	Task   step.Task     `json:"task"`
	File   string        `json:"file"` // photo or case, for messages
	Inputs []string      `json:"inputs"`
	Limit  time.Duration `json:"limit"`
}

// answer is what became of a step.
type answer struct {
	Reply  step.Reply `json:"reply"`
	Object string     `json:"object,omitempty"` // with the files that were made
	Dead   int        `json:"dead,omitempty"`   // workers were lost at it so often, and it was given up
}

// hello is how a worker asks to be taken on. It says nothing that the server
// must not know.
type hello struct {
	Worker   string `json:"worker"`
	Host     string `json:"host"`
	Jobs     int    `json:"jobs"`
	Program  string `json:"program"`
	Build    string `json:"build"`
	Protocol string `json:"protocol"`
	Print    string `json:"key"` // of the key
}

// welcome answers it.
type welcome struct {
	Refused  string        `json:"refused,omitempty"` // why
	Patience time.Duration `json:"patience,omitempty"`
	Tries    int           `json:"tries,omitempty"`
}

// identity is what batch and worker must have in common.
type identity struct {
	program string
	build   string
	key     *seal.Key
}

// channel is where steps of an identity go: no other worker can see them.
func (i identity) channel() string { return token(protocol, i.program, i.build, i.key.Print()) }

// refuses says why a worker is not taken on; "" takes it.
func (i identity) refuses(h hello) string {
	switch {
	case h.Program != i.program:
		return fmt.Sprintf("the batch is of %s, this worker of %s: install the same version on both machines", i.program, h.Program)
	case h.Protocol != protocol || h.Build != i.build:
		return fmt.Sprintf("the batch and this worker are different builds of %s: copy the batch's program to this machine", i.program)
	case h.Print != i.key.Print():
		return "its --queue-key is not the batch's: copy the batch's key file to this machine"
	}
	return ""
}

// token is a hash that may stand in a subject.
func token(parts ...string) string {
	data, err := json.Marshal(parts)
	if err != nil {
		return "" // strings can always be written
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:12])
}

// backOff is how long to wait before the nth try.
func backOff(n int) time.Duration {
	return min(time.Second<<min(max(n-1, 0), 6), time.Minute)
}
