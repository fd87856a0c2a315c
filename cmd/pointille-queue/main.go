// Pointille-queue is pointille that can hand the work of a batch to workers on
// other machines. It is a program of its own because the queue's libraries are
// nearly as many as all others together, and few need them.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"pointille/internal/batch/queue"
	"pointille/internal/cli"
)

// version is set by the linker.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := cli.Program{Name: "pointille-queue", Version: version, Queue: queue.Queue{}}
	code := p.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
