// Package blocks finds and mends damage in the database file of a record.
//
// SQLite notices damage where it breaks a structure, and the cipher of the file
// (Adiantum) authenticates nothing. So beside the file lie a keyed sum of each of
// its blocks of 4 KiB, and a copy. Both are brought up to date by Sync when a
// writer ends; from the first change until then a marker says that they are
// behind. All three files are ciphertext: whoever has no key learns their sizes
// and which blocks differ.
//
// One flipped bit costs the reader a block of 4 KiB; the sums name it and the
// copy gives it back.
package blocks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"pointille/internal/atomicfile"
	"pointille/internal/records/disk"
)

// Names of the files in the folder of a record.
const (
	Data   = "data.db"
	Copy   = "data.copy.db"
	Sums   = "data.sums"
	Marker = "data.changed"
)

// Size of a block, bytes: that of the cipher and of SQLite's pages.
const Size = 4096

const (
	magic   = "pointille.sums/1\n"
	sumSize = 16
	// maxBlocks bounds what a damaged file of sums can ask for: 256 GiB of data.
	maxBlocks = 1 << 26
)

// Set is the files of one record with the key of their sums.
type Set struct {
	dir string
	key []byte
}

// New returns the files of the record in dir.
func New(dir string, key []byte) Set { return Set{dir, key} }

func (s Set) path(name string) string { return filepath.Join(s.dir, name) }

// Begin says that the database is about to change.
func (s Set) Begin() error {
	f, err := os.OpenFile(s.path(Marker), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("marking a change: %w", err)
	}
	return errors.Join(f.Sync(), f.Close(), atomicfile.SyncDir(s.dir))
}

// Behind reports whether sums and copy are behind: a writer is at work or was
// ended before its time.
func (s Set) Behind() (bool, error) {
	_, err := os.Lstat(s.path(Marker))
	return err == nil, disk.Gone(err)
}

// Sync brings sums and copy up to date. The database must be whole and at rest.
func (s Set) Sync(ctx context.Context) error {
	old, _ := s.read() // none or damaged: every block is copied
	sums, err := s.mirror(ctx, old)
	if err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	if err := atomicfile.WriteBytes(s.path(Sums), s.encode(sums)); err != nil {
		return err
	}
	if err := disk.Gone(os.Remove(s.path(Marker))); err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	return atomicfile.SyncDir(s.dir)
}

// DropCopy gives the room of the copy back, for a disk that is full. It must be
// marked as behind; Sync makes it again.
func (s Set) DropCopy() error {
	if behind, err := s.Behind(); err != nil || !behind {
		return errors.Join(err, errors.New("the copy of the database is in use"))
	}
	if err := disk.Gone(os.Truncate(s.path(Copy), 0)); err != nil {
		return fmt.Errorf("making room: %w", err)
	}
	return nil
}

// mirror writes blocks that changed to the copy and returns all sums.
func (s Set) mirror(ctx context.Context, old []sum) (sums []sum, err error) {
	from, err := os.Open(s.path(Data))
	if err != nil {
		return nil, err
	}
	defer from.Close()
	to, err := os.OpenFile(s.path(Copy), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	defer to.Close()
	if info, err := to.Stat(); err != nil || info.Size() != int64(len(old))*Size {
		old = nil
	}
	err = each(ctx, from, func(i int, block []byte) error {
		v := s.sum(i, block)
		sums = append(sums, v)
		if i < len(old) && old[i] == v {
			return nil
		}
		_, err := to.WriteAt(block, int64(i)*Size)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := to.Truncate(int64(len(sums)) * Size); err != nil {
		return nil, err
	}
	return sums, to.Sync()
}

type sum [sumSize]byte

func (s Set) sum(i int, block []byte) (v sum) {
	h := hmac.New(sha256.New, s.key)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(i)))
	h.Write(block)
	copy(v[:], h.Sum(nil))
	return v
}

// each calls with every block of a file.
func each(ctx context.Context, r io.Reader, with func(i int, block []byte) error) error {
	block := make([]byte, Size)
	for i := 0; ; i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(r, block)
		if err == io.EOF {
			return nil
		}
		if err == io.ErrUnexpectedEOF {
			clear(block[n:])
		} else if err != nil {
			return err
		}
		if err := with(i, block); err != nil {
			return err
		}
	}
}

// Damage is a block that is not as it was written.
type Damage struct {
	File  string // Data, Copy or Sums
	Block int    // from 0; -1: the whole file
	Cause string
}

// What says what is wrong, without the name of the file.
func (d Damage) What() string {
	if d.Block < 0 {
		return d.Cause
	}
	return fmt.Sprintf("block %d (bytes %d to %d) %s", d.Block, d.Block*Size, (d.Block+1)*Size-1, d.Cause)
}

// Check compares database and copy with the sums. It must not be called while
// they are behind.
func (s Set) Check(ctx context.Context) ([]Damage, error) {
	sums, err := s.read()
	if err != nil {
		return []Damage{{Sums, -1, err.Error()}}, nil
	}
	var found []Damage
	for _, name := range []string{Data, Copy} {
		d, err := s.checkFile(ctx, name, sums)
		if err != nil {
			return found, fmt.Errorf("checking the database: %w", err)
		}
		found = append(found, d...)
	}
	return found, nil
}

func (s Set) checkFile(ctx context.Context, name string, sums []sum) (found []Damage, err error) {
	f, err := os.Open(s.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return []Damage{{name, -1, "the file is missing"}}, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	n := 0
	err = each(ctx, f, func(i int, block []byte) error {
		n++
		if i < len(sums) && s.sum(i, block) != sums[i] {
			found = append(found, Damage{name, i, "is damaged"})
		}
		return nil
	})
	if n != len(sums) {
		found = append(found, Damage{name, -1, fmt.Sprintf("has %d blocks where %d are expected", n, len(sums))})
	}
	return found, err
}

// Repair puts blocks back that are damaged in one of database and copy and whole
// in the other, and returns what it could not mend.
func (s Set) Repair(ctx context.Context) (left []Damage, err error) {
	sums, err := s.read()
	if err != nil {
		return []Damage{{Sums, -1, err.Error()}}, nil
	}
	a, err := os.OpenFile(s.path(Data), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("repairing: %w", err)
	}
	defer a.Close()
	b, err := os.OpenFile(s.path(Copy), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("repairing: %w", err)
	}
	defer b.Close()
	for i, want := range sums {
		if err := ctx.Err(); err != nil {
			return left, err
		}
		d, err := s.mend(a, b, i, want)
		if err != nil {
			return left, fmt.Errorf("repairing: %w", err)
		}
		left = append(left, d...)
	}
	size := int64(len(sums)) * Size
	if err := errors.Join(a.Truncate(size), b.Truncate(size), a.Sync(), b.Sync()); err != nil {
		return left, fmt.Errorf("repairing: %w", err)
	}
	return left, nil
}

// mend makes block i whole in both files.
func (s Set) mend(a, b *os.File, i int, want sum) ([]Damage, error) {
	one, two := blockAt(a, i), blockAt(b, i)
	okOne, okTwo := s.sum(i, one) == want, s.sum(i, two) == want
	switch {
	case okOne && okTwo:
		return nil, nil
	case okOne:
		_, err := b.WriteAt(one, int64(i)*Size)
		return nil, err
	case okTwo:
		_, err := a.WriteAt(two, int64(i)*Size)
		return nil, err
	}
	return []Damage{{Data, i, "is damaged, and so is its copy"}}, nil
}

// blockAt reads a block; what cannot be read is zero, which fits no sum.
func blockAt(f *os.File, i int) []byte {
	block := make([]byte, Size)
	n, _ := f.ReadAt(block, int64(i)*Size)
	clear(block[n:])
	return block
}

func (s Set) read() ([]sum, error) {
	f, err := os.Open(s.path(Sums))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("the file is missing")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(len(magic))+maxBlocks*sumSize+sha256.Size+1))
	if err != nil {
		return nil, err
	}
	return s.decode(data)
}

func (s Set) encode(sums []sum) []byte {
	out := []byte(magic)
	for _, v := range sums {
		out = append(out, v[:]...)
	}
	return append(out, s.seal(out)...)
}

func (s Set) seal(data []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte("sums"))
	h.Write(data)
	return h.Sum(nil)
}

func (s Set) decode(data []byte) ([]sum, error) {
	if !bytes.HasPrefix(data, []byte(magic)) {
		if bytes.HasPrefix(data, []byte("pointille.sums/")) {
			return nil, errors.New("was written by a newer Pointille")
		}
		return nil, errors.New("is damaged: it does not begin as it should")
	}
	if len(data) < len(magic)+sha256.Size || (len(data)-len(magic)-sha256.Size)%sumSize != 0 {
		return nil, errors.New("is damaged: its length is impossible")
	}
	body, seal := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if !hmac.Equal(seal, s.seal(body)) {
		return nil, errors.New("is damaged: its own sum does not fit")
	}
	body = body[len(magic):]
	sums := make([]sum, len(body)/sumSize)
	for i := range sums {
		copy(sums[i][:], body[i*sumSize:])
	}
	return sums, nil
}
