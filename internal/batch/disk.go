package batch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pointille/internal/atomicfile"
	"pointille/internal/batch/find"
	"pointille/internal/flock"
	"pointille/internal/job"
	"pointille/planner/settings"
	"pointille/planner/wishes"
)

// disk is the folder for the results, held by this batch alone.
type disk struct {
	own  string      // the batch's own folder in it
	lock *flock.Lock // workers keep it open, so that it is free when all have ended
}

// patience is how long workers of a batch that was killed may take to end.
const patience = 15 * time.Second

// hold makes the folder and takes its lock.
func hold(ctx context.Context, out string) (*disk, error) {
	d := &disk{own: filepath.Join(out, find.Marker)}
	if err := os.MkdirAll(d.own, 0o755); err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return nil, fmt.Errorf("%s: cannot be the folder for the results: %w", out, err)
	}
	for until := time.Now().Add(patience); ; {
		var held *flock.Held
		var err error
		if d.lock, err = flock.Take(filepath.Join(d.own, "lock"), 0o666, ""); err == nil {
			break
		}
		if !errors.As(err, &held) {
			return nil, fmt.Errorf("%s: cannot be the folder for the results: %w", out, err)
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%s: %w", out, ctx.Err())
		}
		if time.Now().After(until) {
			return nil, fmt.Errorf("%s: another batch is at work in it", out)
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return d, d.sweep(out, d.own, filepath.Join(out, contact))
}

// release gives the lock back.
func (d *disk) release() { _ = d.lock.Release() }

// sweep takes away what a killed writer left half-written in folders.
func (d *disk) sweep(dirs ...string) error {
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("looking for what a killed run left: %w", err)
		}
		for _, e := range entries {
			if n := e.Name(); atomicfile.Unfinished(n) {
				if err := os.Remove(filepath.Join(dir, n)); err != nil {
					return fmt.Errorf("removing what a killed run left: %w", err)
				}
			}
		}
	}
	return nil
}

// input is a file that the work depends on, as it was when the batch began: it
// may be edited in the night.
type input struct {
	path string // of the copy that workers read; empty: there is none
	sum  string
	data []byte
}

type inputs struct{ wishes, settings, pigments input }

func readInputs(o Options) (in inputs, err error) {
	for _, f := range []struct {
		path  string
		into  *input
		sound func(path string) error
	}{
		{o.Wishes, &in.wishes, func(path string) error { _, err := wishes.Read(path); return err }},
		{o.Settings, &in.settings, func(path string) error { _, err := settings.Read(path); return err }},
		{o.Pigments, &in.pigments, job.PigmentsSound},
	} {
		if f.path == "" {
			continue
		}
		if err := f.sound(f.path); err != nil {
			return in, err
		}
		if *f.into, err = readInput(f.path); err != nil {
			return in, err
		}
	}
	return in, nil
}

func readInput(path string) (input, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return input{}, fmt.Errorf("reading %s: %w", path, err)
	}
	sum := sha256.Sum256(data)
	return input{sum: hex.EncodeToString(sum[:16]), data: data}, nil
}

// keep writes the copies.
func (in *inputs) keep(own string) error {
	for name, i := range map[string]*input{"wishes.json": &in.wishes, "settings.json": &in.settings, "pigments.json": &in.pigments} {
		if i.data == nil {
			continue
		}
		i.path = filepath.Join(own, name)
		if err := atomicfile.WriteBytes(i.path, i.data); err != nil {
			return err
		}
	}
	return nil
}
