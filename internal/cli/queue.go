package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"pointille/internal/batch"
	"pointille/internal/batch/seal"
)

// Queue hands the steps of batches to workers on other machines: package queue of
// pointille-queue, which pointille does without.
type Queue interface {
	Hands(batch.QueueOptions) func(context.Context, batch.Crew) (batch.Hands, error)
	Work(context.Context, batch.WorkOptions) error
}

// accessFlags let this side into a queue.
type accessFlags struct {
	QueueKey     string `type:"path" placeholder:"FILE" help:"Key that the batch and its workers share, made by pointille queue-key."`
	QueueCreds   string `type:"path" placeholder:"FILE" help:"NATS credentials."`
	QueueTLSCA   string `name:"queue-tls-ca" type:"path" placeholder:"FILE" help:"Certificates that sign the server's."`
	QueueTLSCert string `name:"queue-tls-cert" type:"path" placeholder:"FILE" help:"Certificate of this side."`
	QueueTLSKey  string `name:"queue-tls-key" type:"path" placeholder:"FILE" help:"Its key."`
}

func (f accessFlags) to(server string) batch.QueueOptions {
	return batch.QueueOptions{Server: server, CA: f.QueueTLSCA, Cert: f.QueueTLSCert, Key: f.QueueTLSKey, Creds: f.QueueCreds, Secret: f.QueueKey}
}

// queueFlags say where a queue is.
type queueFlags struct {
	Queue         string `placeholder:"SERVER" help:"Hand the work to workers on other machines over this NATS server, nats://HOST:PORT or tls://HOST:PORT; embedded: the same way inside this process."`
	accessFlags   `embed:""`
	QueuePatience time.Duration `placeholder:"TIME" help:"How long a worker may be silent before its work is given to another. Default: 30s."`
	QueueTries    int           `placeholder:"N" help:"How many workers may be lost at one step, doing nothing else, before it is given up. Default: 3."`
}

func (f queueFlags) options() batch.QueueOptions {
	o := f.to(f.Queue)
	o.Patience, o.Tries = f.QueuePatience, f.QueueTries
	return o
}

// check refuses what contradicts itself.
func (f queueFlags) check() error {
	if f.Queue == "" {
		if (f != queueFlags{}) {
			return errors.New("--queue: is missing, to which the other --queue words belong")
		}
		return nil
	}
	return f.options().Check()
}

// far reports whether the work is done on other machines.
func (f queueFlags) far() bool { return f.Queue != "" && f.Queue != batch.Embedded }

// casesHandedOut at once keep some fifty workers busy.
const casesHandedOut = 32

// hands are those of the queue that is asked for; nil where none is.
func (t *terminal) hands(f queueFlags) (func(context.Context, batch.Crew) (batch.Hands, error), error) {
	switch {
	case f.Queue == "":
		return nil, nil
	case t.queue == nil:
		return nil, errNoQueue("--queue")
	}
	return t.queue.Hands(f.options()), nil
}

// errNoQueue says how to get the program that has what was asked for.
func errNoQueue(word string) error {
	return fmt.Errorf("%s: this program works on one machine; pointille-queue, which \"make build-queue\" makes, is the same program with a queue", word)
}

type workerCmd struct {
	Queue       string `required:"" placeholder:"SERVER" help:"NATS server of the batch: nats://HOST:PORT or tls://HOST:PORT."`
	accessFlags `embed:""`
	Jobs        int    `placeholder:"N" help:"How many photos or cases at once. Default: one a processor."`
	Work        string `type:"path" placeholder:"DIR" help:"Folder to work in. Photos lie in it, readable, while they are worked on. Default: the system's for temporary files."`
}

// Help gives examples.
func (workerCmd) Help() string {
	return `Takes steps of batches from a queue, does them, and gives the results back. Photos come
encrypted, lie in the folder to work in while they are worked on and some two minutes more, and
are removed.
It works until it is interrupted, and may be stopped or killed at any moment: what it was
doing is done by another. It must be of the batch's version and have a copy of its key.

Examples:
  pointille queue-key batch.key
  pointille-queue worker --queue nats://10.0.0.5:4222 --queue-key batch.key
  pointille-queue worker --queue tls://nats.example.com:4222 --queue-key batch.key \
      --queue-creds batch.creds --queue-tls-ca ca.pem --jobs 8 --work /dev/shm/pointille

Exit codes: 0 interrupted, 1 refused or unable to work, 2 wrong usage.`
}

// Validate refuses what contradicts itself.
func (c workerCmd) Validate() error {
	switch {
	case c.Queue == batch.Embedded:
		return errors.New("--queue embedded: such a queue is its batch's alone: it brings its own workers")
	case c.Jobs < 0 || c.Jobs > mostJobs:
		return fmt.Errorf("--jobs: %d is not between 1 and %d", c.Jobs, mostJobs)
	}
	return c.to(c.Queue).Check()
}

// Run works.
func (c workerCmd) Run(ctx context.Context, t *terminal) error {
	if t.queue == nil {
		return errNoQueue("worker")
	}
	build, err := t.build()
	if err != nil {
		return err
	}
	if c.Jobs == 0 {
		c.Jobs = runtime.NumCPU()
	}
	o := batch.WorkOptions{
		Queue: c.to(c.Queue), Jobs: c.Jobs, Rooms: c.Work, Generator: t.generator(), Build: build, Note: t.note,
		Done: t.worked,
	}
	if o.Command, err = stepCommand(); err != nil {
		return err
	}
	return t.queue.Work(ctx, o)
}

// worked says what a worker has done. Why something failed is the batch's to say.
func (t *terminal) worked(file, failed string) {
	if failed != "" {
		failed = "failed"
	}
	if t.json {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.line(t.err, message{Type: "status", Stage: "step", File: file, Message: failed}, "")
		return
	}
	t.liveLine("done " + file)
}

type queueKeyCmd struct {
	File string `arg:"" type:"path" help:"File to write; one that is there stays."`
}

// Help gives an example.
func (queueKeyCmd) Help() string {
	return `Makes a new key for a batch and its workers on other machines, and writes it into a file that
only you can read. Copy it to the workers' machines over a way you trust (scp). Whoever has
it can read the photos in the queue; without it the server and its disk hold nothing readable.

Example:
  pointille queue-key batch.key

Exit codes: 0 done, 1 failed, 2 wrong usage.`
}

// Run writes a key.
func (c queueKeyCmd) Run(t *terminal) error {
	key, err := seal.New()
	if err != nil {
		return err
	}
	if err := key.Write(c.File); err != nil {
		return err
	}
	t.say("Key: "+c.File, map[string]string{"file": c.File})
	return nil
}
