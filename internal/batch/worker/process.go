package worker

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startLimit is how long a worker may take to say its version: a busy machine
// that loads its libraries from a slow disk.
const startLimit = 2 * time.Minute

// process is one worker.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers chan []byte // closed when the worker ends
	said    tail
	ended   chan struct{}
	state   error
}

// start starts a worker and waits until it is ready.
func start(ctx context.Context, o Options) (*process, error) {
	p := &process{answers: make(chan []byte, 1), ended: make(chan struct{})}
	answer, theirs, err := os.Pipe()
	if err != nil {
		return nil, &NoWorker{err}
	}
	p.cmd = exec.Command(o.Command[0], o.Command[1:]...)
	p.cmd.Args[0] = os.Args[0] // the program's name
	p.cmd.Env = append(os.Environ(), o.Env...)
	p.cmd.Stderr = &p.said
	p.cmd.Stdout = &p.said
	p.cmd.ExtraFiles = []*os.File{theirs}
	if o.Held != nil {
		p.cmd.ExtraFiles = append(p.cmd.ExtraFiles, o.Held)
	}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is the parent's to hear
	if p.in, err = p.cmd.StdinPipe(); err == nil {
		err = p.cmd.Start()
	}
	theirs.Close() // or the end of the worker would not end its answers
	if err != nil {
		answer.Close()
		return nil, &NoWorker{err}
	}
	go p.listen(answer)
	if err := p.greeted(ctx, o.Version); err != nil {
		p.end(o.Grace, false)
		return nil, err
	}
	return p, nil
}

// greeted waits for the worker's version.
func (p *process) greeted(ctx context.Context, version string) error {
	select {
	case line, ok := <-p.answers:
		var hello string
		if !ok || json.Unmarshal(line, &hello) != nil {
			<-p.ended
			return &NoWorker{errors.New(p.how())}
		}
		if hello != version {
			return &NoWorker{fmt.Errorf("the program on the disk is %s now, this is %s: start again", hello, version)}
		}
		return nil
	case <-time.After(startLimit):
		return &NoWorker{fmt.Errorf("it is not ready after %v", startLimit)}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listen hands on answers until the worker ends.
func (p *process) listen(answer *os.File) {
	defer answer.Close()
	r := bufio.NewReaderSize(answer, 1<<16)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			break
		}
		p.answers <- line
	}
	close(p.answers)
	p.state = p.cmd.Wait()
	close(p.ended)
}

// do has one task done within a limit.
func (p *process) do(ctx context.Context, task []byte, reply any, within time.Duration) error {
	if _, err := p.in.Write(append(task, '\n')); err != nil {
		return new(Crash)
	}
	limit := time.NewTimer(within)
	defer limit.Stop()
	select {
	case line, ok := <-p.answers:
		if !ok || json.Unmarshal(line, reply) != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return new(Crash)
		}
		return nil
	case <-limit.C:
		return &TooLong{within}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end ends the worker, gently if there is time to put away what it was writing.
func (p *process) end(grace time.Duration, gently bool) {
	p.in.Close()
	if gently {
		select {
		case <-p.ended:
			return
		case <-time.After(grace):
		}
	}
	_ = p.cmd.Process.Kill()
	for range p.answers { // an answer nobody waits for must not keep listen
	}
	<-p.ended
}

// how says how an ended worker came to its end.
func (p *process) how() string {
	how := "it ended without a word"
	var exit *exec.ExitError
	if errors.As(p.state, &exit) {
		how = exit.ProcessState.String()
	} else if p.state != nil {
		how = p.state.Error()
	}
	if last := p.said.telling(); last != "" {
		how += ": " + last
	}
	return how
}

// tail keeps the beginning and the end of what a worker says.
type tail struct {
	mu    sync.Mutex
	first []byte
	last  []byte
}

const tailBytes = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.first = append(t.first, p[:min(len(p), tailBytes-len(t.first))]...)
	t.last = append(t.last, p...)
	if extra := len(t.last) - tailBytes; extra > 0 {
		t.last = append([]byte(nil), t.last[extra:]...)
	}
	return len(p), nil
}

// telling is the line that tells most: of a Go program's last words the one
// that says what went wrong, otherwise the last.
func (t *tail) telling() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	best := ""
	for _, text := range [][]byte{t.first, t.last} {
		for line := range bytes.Lines(text) {
			s := strings.TrimSpace(string(line))
			for _, begin := range []string{"panic: ", "fatal error: ", "runtime: ", "SIGSEGV", "SIGABRT", "terminate called", "pointille: "} {
				if strings.HasPrefix(s, begin) {
					return s
				}
			}
			if s != "" {
				best = s
			}
		}
	}
	return best
}
