package records

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// lockFile is held by the one who writes; the kernel lets go of it when that
// process ends, however it ends.
const lockFile = "lock"

// takeLock locks the record in dir for writing, or returns ErrInUse.
func takeLock(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the record: %w", err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		who := holder(f)
		f.Close()
		return nil, fmt.Errorf("%s: %w%s; wait until it has ended, or only read", dir, ErrInUse, who)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("locking the record: %w", err)
	}
	note := fmt.Sprintf("process %d since %s\n", os.Getpid(), time.Now().Format(time.TimeOnly))
	if _, err := f.WriteAt([]byte(note), 0); err == nil { // only a help for people: a full disk is no reason to stop
		_ = f.Truncate(int64(len(note)))
	}
	return f, nil
}

// holder says who holds the lock, where that can be read.
func holder(f *os.File) string {
	data, err := io.ReadAll(io.LimitReader(f, 80))
	text := strings.TrimSpace(string(data))
	if err != nil || !strings.HasPrefix(text, "process ") {
		return ""
	}
	return " (" + text + ")"
}

func releaseLock(f *os.File) error {
	if f == nil {
		return nil
	}
	_ = f.Truncate(0) // only a help for people
	return f.Close()
}
