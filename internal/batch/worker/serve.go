package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Reply is the file descriptor on which a worker answers.
const Reply = 3

// Serving is the worker's side.
type Serving struct {
	In      io.Reader
	Out     io.Writer
	Version string

	// Do does one task. It should stop soon when ctx is cancelled.
	Do func(ctx context.Context, task []byte) any

	// Quit ends the process; it is called where a task does not stop within
	// Grace after the input has ended.
	Quit  func()
	Grace time.Duration
}

// Serve does tasks until the input ends.
func Serve(ctx context.Context, s Serving) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	out := json.NewEncoder(s.Out)
	if err := out.Encode(s.Version); err != nil {
		return fmt.Errorf("answering the batch: %w", err)
	}
	tasks := make(chan []byte)
	go func() {
		defer close(tasks)
		r := bufio.NewReaderSize(s.In, 1<<16)
		for {
			line, err := r.ReadBytes('\n')
			if err != nil {
				break
			}
			tasks <- line
		}
		stop()
		time.AfterFunc(s.Grace, s.Quit)
	}()
	for task := range tasks {
		reply := s.Do(ctx, task)
		if ctx.Err() != nil {
			return nil // nobody listens any more
		}
		if err := out.Encode(reply); err != nil {
			return fmt.Errorf("answering the batch: %w", err)
		}
	}
	return nil
}
