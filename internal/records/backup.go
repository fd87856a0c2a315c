package records

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pointille/internal/atomicfile"
	"pointille/internal/records/audit"
	"pointille/internal/records/blocks"
	"pointille/internal/records/keys"
	"pointille/internal/records/vault"
)

// manifestFile marks a folder as a backup and says of when.
const manifestFile = "backup.json"

// manifest is what stands in it.
type manifest struct {
	Schema string `json:"schema"` // pointille.backup/1
	Record string `json:"record"` // id
	Made   string `json:"made"`   // time, RFC 3339
	Seq    int64  `json:"seq"`    // entries of the log
	Head   string `json:"head"`   // hash of the last
	Whole  bool   `json:"whole"`  // false: it was interrupted
	MAC    string `json:"mac"`    // under a key of the record
}

// freshData is the database of a backup until it takes its place.
const freshData = blocks.Data + ".new"

const manifestSchema = "pointille.backup/1"

func (s *Store) seal(m manifest) string {
	h := hmac.New(sha256.New, s.ring.Derive("backups"))
	fmt.Fprintf(h, "%s\n%s\n%s\n%d\n%s\n%t", m.Schema, m.Record, m.Made, m.Seq, m.Head, m.Whole)
	return hex.EncodeToString(h.Sum(nil))
}

// BackupReport says what a backup did.
type BackupReport struct {
	Dir     string   `json:"dir"`
	Files   int      `json:"files"`   // photos and documents in it
	Copied  int      `json:"copied"`  // of them new
	Removed int      `json:"removed"` // files of what was deleted since
	Bytes   int64    `json:"bytes"`   // copied
	Damaged []string `json:"damaged"` // files that are damaged; they were copied as they are
}

// Backup writes the record to a folder: a new or empty one, or an earlier backup of
// the same record, which it brings up to date: what was deleted since goes from
// there too. Every file that it copies is opened on the way. A backup is a record
// under the same passphrase: Verify checks it and Open reads it.
func (s *Store) Backup(ctx context.Context, dest string, progress func(done, total int)) (*BackupReport, error) {
	if err := s.backupFolder(dest); err != nil {
		return nil, err
	}
	b := &backup{s: s, dest: dest, blocks: blocks.New(dest, s.ring.Derive("sums")), vault: vault.New(dest, s.ring.Derive("names")),
		r: &BackupReport{Dir: dest, Damaged: []string{}}, progress: progress}
	if err := b.run(ctx); err != nil {
		return nil, fmt.Errorf("backing up to %s: %w", dest, said(err))
	}
	return b.r, nil
}

// backupFolder wants dest to be empty or a backup of this record.
func (s *Store) backupFolder(dest string) error {
	if err := apart(s.dir, dest); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(dest, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return newFolder(dest)
	}
	if err != nil {
		return fmt.Errorf("looking at %s: %w", dest, err)
	}
	h, _, err := keys.Read(dest)
	if err != nil {
		return err
	}
	if h.ID != s.header.ID {
		return fmt.Errorf("%s: is a backup of another record", dest)
	}
	return nil
}

// apart refuses folders of which one lies in the other.
func apart(a, b string) error {
	one, err := filepath.Abs(a)
	if err != nil {
		return fmt.Errorf("%s: %w", a, err)
	}
	two, err := filepath.Abs(b)
	if err != nil {
		return fmt.Errorf("%s: %w", b, err)
	}
	one, two = one+string(filepath.Separator), two+string(filepath.Separator)
	if strings.HasPrefix(one, two) || strings.HasPrefix(two, one) {
		return fmt.Errorf("%s: lies in the record or around it; a backup needs a folder elsewhere, best on another disk", b)
	}
	return nil
}

type backup struct {
	s        *Store
	dest     string
	blocks   blocks.Set
	vault    *vault.Vault
	r        *BackupReport
	progress func(done, total int)
}

// file is a content to be copied.
type file struct {
	item   row
	client secret
}

// run copies files first and the database after them, so that a backup that is
// interrupted has no item without its file.
func (b *backup) run(ctx context.Context) error {
	if err := errors.Join(sweep(b.dest), b.s.header.Write(ctx, b.dest), b.sign(nil, false), b.vault.Create(), b.blocks.Begin()); err != nil {
		return err
	}
	fresh := filepath.Join(b.dest, freshData)
	defer os.Remove(fresh) // no-op once it is in place
	last, err := b.snapshot(ctx, fresh)
	if err != nil {
		return err
	}
	files, err := b.files(ctx)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for i, f := range files {
		wanted[f.item.File] = true
		if err := b.copy(ctx, f); err != nil {
			return err
		}
		if b.progress != nil {
			b.progress(i+1, len(files))
		}
	}
	b.r.Files = len(wanted)
	if err := os.Rename(fresh, filepath.Join(b.dest, blocks.Data)); err != nil {
		return err
	}
	if err := b.blocks.Sync(ctx); err != nil {
		return err
	}
	if err := b.prune(wanted); err != nil {
		return err
	}
	return b.sign(last, true)
}

// snapshot copies the database as it is at one moment, and returns the end of its log.
func (b *backup) snapshot(ctx context.Context, to string) (last *audit.Entry, err error) {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	conn, err := b.s.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `BEGIN DEFERRED`); err != nil {
		return nil, err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) // ends the reading
	if last, err = lastEntry(ctx, conn); err != nil {              // from here on no writer changes the file
		return nil, err
	}
	from, err := os.Open(b.s.path(blocks.Data))
	if err != nil {
		return nil, err
	}
	defer from.Close()
	return last, atomicfile.WriteContext(ctx, to, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
}

// files lists what is to be copied.
func (b *backup) files(ctx context.Context) (all []file, err error) {
	clients, err := b.s.secrets(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range clients {
		rows, err := b.s.rows(ctx, c, `client = ?`, c.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			all = append(all, file{r, c})
		}
	}
	return all, nil
}

// copy copies a file that the backup lacks.
func (b *backup) copy(ctx context.Context, f file) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	name := f.item.File
	size, err := b.s.vault.Size(name)
	if errors.Is(err, fs.ErrNotExist) {
		if known, err := b.s.known(ctx)(name); err != nil || !known {
			return err // deleted meanwhile
		}
		b.r.Damaged = append(b.r.Damaged, b.s.vault.Path(name)+": the file is missing")
		return nil
	}
	if err != nil {
		return err
	}
	to := b.vault.Path(name)
	if there, err := os.Stat(to); err == nil && there.Size() == size {
		return nil
	}
	sealed, err := b.s.vault.Sealed(name)
	if err != nil {
		return err
	}
	if err := b.s.proven(f.item, f.client, sealed); err != nil {
		b.r.Damaged = append(b.r.Damaged, err.Error())
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	b.r.Copied++
	b.r.Bytes += int64(len(sealed))
	return atomicfile.WriteBytes(to, sealed)
}

// prune takes files away that the record no longer has.
func (b *backup) prune(wanted map[string]bool) error {
	return b.vault.All(func(name, path string) error {
		if wanted[name] {
			return nil
		}
		b.r.Removed++
		return os.Remove(path)
	})
}

// sign says of when the backup is, and whether it was finished.
func (b *backup) sign(last *audit.Entry, whole bool) error {
	m := manifest{Schema: manifestSchema, Record: b.s.header.ID, Made: b.s.o.Now().UTC().Format(time.RFC3339), Whole: whole}
	if last != nil {
		m.Seq, m.Head = last.Seq, hex.EncodeToString(last.Hash)
	}
	m.MAC = b.s.seal(m)
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.WriteBytes(filepath.Join(b.dest, manifestFile), append(data, '\n'))
}

// decodeManifest reads what a backup says of itself.
func decodeManifest(data []byte) (m manifest, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("%s is damaged: %w", manifestFile, err)
	}
	if m.Schema != manifestSchema {
		return m, fmt.Errorf("%s is of schema %q; this program reads %s", manifestFile, m.Schema, manifestSchema)
	}
	return m, nil
}

// manifest returns what the record says of itself where it is a backup; ok is false
// where it is none.
func (s *Store) manifest() (m manifest, ok bool, err error) {
	data, err := os.ReadFile(s.path(manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	if m, err = decodeManifest(data); err != nil {
		return m, true, fmt.Errorf("%s: %w", s.dir, err)
	}
	if !hmac.Equal([]byte(m.MAC), []byte(s.seal(m))) {
		return m, true, fmt.Errorf("%s: %s was changed or is damaged", s.dir, manifestFile)
	}
	return m, true, nil
}

// Restore makes a record in dir, a new or empty folder, from a backup. The log of
// the restored record says from what it was restored.
func Restore(ctx context.Context, from, dir, passphrase string, o Options, progress func(done, total int)) (*Store, *BackupReport, error) {
	o = o.applyDefaults()
	if err := newFolder(dir); err != nil {
		return nil, nil, err
	}
	source := o
	source.ReadOnly, source.Witness = true, ""
	old, err := Open(ctx, from, passphrase, source)
	if err != nil {
		return nil, nil, err
	}
	defer old.Close()
	m, is, err := old.manifest()
	if err != nil {
		return nil, nil, err
	}
	r, err := old.Backup(ctx, dir, progress)
	if err != nil {
		return nil, nil, err
	}
	if err := os.Remove(filepath.Join(dir, manifestFile)); err != nil {
		return nil, nil, fmt.Errorf("restoring: %w", err)
	}
	s, err := Open(ctx, dir, passphrase, o)
	if err != nil {
		return nil, nil, err
	}
	what := "a copy of the record"
	if is {
		what = fmt.Sprintf("a backup of %s with %d entries of the log", m.Made, m.Seq)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.change(ctx, "", func(*sql.Tx) ([]audit.Entry, error) {
		return []audit.Entry{{Action: audit.Restored, Detail: []byte(what)}}, nil
	})
	if err != nil {
		return nil, nil, errors.Join(err, s.release())
	}
	return s, r, nil
}

// Rekey sets another passphrase and another recovery key, which it returns; the old
// ones open this record no longer. They do open what was copied before: a backup
// made earlier keeps its passphrase until it is brought up to date.
func (s *Store) Rekey(ctx context.Context, passphrase string) (recovery string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.ReadOnly {
		return "", ErrReadOnly
	}
	h, recovery, err := s.header.Change(s.ring, passphrase, s.o.Cost)
	if err != nil {
		return "", err
	}
	if err := h.Write(ctx, s.dir); err != nil {
		return "", said(err)
	}
	s.header = h
	err = s.change(ctx, "", func(*sql.Tx) ([]audit.Entry, error) { return []audit.Entry{{Action: audit.Rekeyed}}, nil })
	return recovery, err
}
