// Pointille measures scalps in photos and plans scalp micropigmentation.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"pointille/internal/cli"
)

// version is set by the linker.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, version, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
