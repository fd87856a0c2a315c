package shelf

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// privateFolder makes the folder in which a record's consultations are laid out, for
// this user only and empty. What a program that was killed left in it goes: the
// record's lock is held, so nobody else works there.
func privateFolder(parent, record string) (string, error) {
	if parent == "" {
		var err error
		if parent, err = memoryDisk(); err != nil {
			return "", err
		}
	}
	if info, err := os.Stat(parent); err != nil || !info.IsDir() {
		return "", errors.Join(fmt.Errorf("%s: is no folder to work in", parent), err)
	}
	dir := filepath.Join(parent, fmt.Sprintf("pointille-%d-%s", os.Getuid(), record))
	info, err := os.Lstat(dir)
	if err == nil && !ours(info) {
		return "", fmt.Errorf("%s: is there and is not this user's own private folder; remove it, or name another place with --work", dir)
	}
	if err := removeAll(dir); err != nil {
		return "", err
	}
	if err := os.Mkdir(dir, 0o700); err != nil { // fails where somebody was quicker
		return "", fmt.Errorf("making a private folder: %w", err)
	}
	return dir, nil
}

// ours reports whether a folder can only have been made by this user.
func ours(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && info.IsDir() && info.Mode().Perm() == 0o700 && int(s.Uid) == os.Getuid()
}

func removeAll(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("taking a private folder away: %w", err)
	}
	return nil
}

// errNoMemoryDisk says what to do where there is no such disk.
func errNoMemoryDisk(tried []string) error {
	return fmt.Errorf("%w (tried: %v)", errors.New("there is no disk in memory with room for the photos that are worked on; name a folder with --work, on an encrypted disk: what is worked on lies there unencrypted until it is put away"), tried)
}
