package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// Pool has tasks done by processes.
type Pool struct {
	command []string
	limit   time.Duration
	idle    chan *process // free ones; nil stands for one to be started
}

// Options of a pool.
type Options struct {
	Command []string      // starts a process that calls Serve
	Size    int           // processes; default 1: each uses all processors by itself
	Limit   time.Duration // a task may take; default 90 s
}

// NewPool returns a pool. Processes are started when they are needed.
func NewPool(o Options) *Pool {
	if o.Size <= 0 {
		o.Size = 1
	}
	if o.Limit <= 0 {
		o.Limit = 90 * time.Second
	}
	p := &Pool{command: o.Command, limit: o.Limit, idle: make(chan *process, o.Size)}
	for range o.Size {
		p.idle <- nil
	}
	return p
}

// Error is a task that could not be done, in words for the artist.
type Error struct{ Message, Kind string }

func (e *Error) Error() string { return e.Message }

// ErrCrashed is wrapped by the error of a task whose process died; the next task
// gets a new one.
var ErrCrashed = errors.New("reading this photo ended in a crash; nothing else is affected. Take it again, or save it as JPEG")

// Do has one task done.
func (p *Pool) Do(ctx context.Context, t Task) error {
	var w *process
	select {
	case w = <-p.idle:
	case <-ctx.Done():
		return ctx.Err()
	}
	if w == nil {
		var err error
		if w, err = start(p.command); err != nil {
			p.idle <- nil
			return err
		}
	}
	done, err := w.do(ctx, t, p.limit)
	if err != nil {
		w.stop()
		p.idle <- nil
		return err
	}
	p.idle <- w
	if done.Error != "" {
		return &Error{done.Error, done.Kind}
	}
	return nil
}

// Close ends the processes; it waits for tasks that run.
func (p *Pool) Close() {
	for range cap(p.idle) {
		if w := <-p.idle; w != nil {
			w.stop()
		}
	}
}

// process is a running worker.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers chan Done // closed when it dies
	stopped sync.Once
}

func start(command []string) (*process, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the worker: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the worker: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the worker: %w", err)
	}
	w := &process{cmd: cmd, in: in, answers: make(chan Done)}
	go w.listen(out)
	return w, nil
}

func (w *process) listen(out io.Reader) {
	defer close(w.answers)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var d Done
		if json.Unmarshal(lines.Bytes(), &d) != nil {
			return
		}
		w.answers <- d
	}
}

func (w *process) do(ctx context.Context, t Task, limit time.Duration) (Done, error) {
	if err := json.NewEncoder(w.in).Encode(t); err != nil {
		return Done{}, fmt.Errorf("%w (%v)", ErrCrashed, err)
	}
	over := time.NewTimer(limit)
	defer over.Stop()
	select {
	case d, alive := <-w.answers:
		if !alive {
			return d, ErrCrashed
		}
		return d, nil
	case <-over.C:
		return Done{}, fmt.Errorf("reading this photo took longer than %v and was given up", limit)
	case <-ctx.Done():
		return Done{}, ctx.Err()
	}
}

// stop ends the process and waits until it is gone.
func (w *process) stop() {
	w.stopped.Do(func() {
		w.in.Close()
		w.cmd.Process.Kill()
		for range w.answers { // until it is closed
		}
		w.cmd.Wait()
	})
}
