package rooms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"pointille/internal/batch/queue/objects"
	"pointille/internal/batch/room"
	"pointille/internal/batch/seal"
)

// Cache keeps what a worker fetched and made for the steps that follow in the
// same case, which often come to the same worker: a third less goes over the
// network. It lies among the rooms and is forgotten soon, for photos are in it.
type Cache struct {
	dir string

	mu      sync.Mutex
	entries map[string]*entry
	number  int
}

// entry is an object, as files.
type entry struct {
	mu    sync.Mutex // held while it is fetched
	dir   string
	files []seal.File
	used  time.Time
	whole bool
}

// forgetAfter is how long nobody may have asked for an entry: the steps of a case
// follow each other sooner.
const forgetAfter = 2 * time.Minute

// NewCache makes an empty one among rooms.
func NewCache(r *Rooms) *Cache {
	return &Cache{dir: filepath.Join(r.dir, "kept"), entries: map[string]*entry{}}
}

// entry finds one or makes it; it may be empty.
func (c *Cache) entry(name string) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[name]
	if e == nil {
		c.number++
		e = &entry{dir: filepath.Join(c.dir, strconv.Itoa(c.number))}
		c.entries[name] = e
	}
	e.used = time.Now()
	return e
}

// Lay lays the files of an object into a room, and fetches them first if they are
// not here.
func (c *Cache) Lay(ctx context.Context, s *objects.Store, name string, r *room.Room) error {
	e := c.entry(name)
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.whole {
		if err := e.fetch(ctx, s, name); err != nil {
			return err
		}
	}
	for _, f := range e.files {
		if err := r.Link(f); err != nil {
			return err
		}
	}
	return nil
}

func (e *entry) fetch(ctx context.Context, s *objects.Store, name string) error {
	e.files = nil
	if err := os.MkdirAll(e.dir, 0o700); err != nil {
		return fmt.Errorf("keeping what was fetched: %w", err)
	}
	err := s.Get(ctx, name, func(file string, data io.Reader) error {
		f, err := os.OpenFile(filepath.Join(e.dir, strconv.Itoa(len(e.files))), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return fmt.Errorf("keeping what was fetched: %w", err)
		}
		e.files = append(e.files, seal.File{Name: file, Path: f.Name()})
		_, err = io.Copy(f, data)
		return errors.Join(err, f.Close())
	})
	e.whole = err == nil
	return err
}

// Keep keeps what a step made, which is in the store under a name now.
func (c *Cache) Keep(name string, made []seal.File) {
	e := c.entry(name)
	e.mu.Lock()
	defer e.mu.Unlock()
	if os.MkdirAll(e.dir, 0o700) != nil {
		return // it is fetched when it is needed
	}
	e.files = nil
	for i, f := range made {
		path := filepath.Join(e.dir, strconv.Itoa(i))
		if os.Link(f.Path, path) != nil {
			return
		}
		e.files = append(e.files, seal.File{Name: f.Name, Path: path})
	}
	e.whole = true
}

// Forget removes what nobody has asked for lately.
func (c *Cache) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, e := range c.entries {
		if time.Since(e.used) > forgetAfter && e.mu.TryLock() {
			delete(c.entries, name)
			_ = os.RemoveAll(e.dir) // or the worker's end does
			e.mu.Unlock()
		}
	}
}
