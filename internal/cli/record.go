package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"pointille/internal/job"
	"pointille/internal/records"
	"pointille/internal/records/keys"
)

type recordCmd struct {
	Init    recordInitCmd    `cmd:"" help:"Make a record and tell its recovery key, once."`
	Verify  recordVerifyCmd  `cmd:"" help:"Check everything in a record or a backup; mend what a copy allows."`
	Backup  recordBackupCmd  `cmd:"" help:"Copy the record to a folder, or bring an earlier backup there up to date."`
	Restore recordRestoreCmd `cmd:"" help:"Make a record from a backup."`
	Rekey   recordRekeyCmd   `cmd:"" help:"Change the passphrase, or set one with the recovery key."`
}

// recoveryText tells the one who owns the record what a recovery key is.
func recoveryText(dir, key string) string {
	return fmt.Sprintf(`%s: ready.

Recovery key: %s

Write it on paper and keep it where the record is not. It opens the record if the passphrase
is lost (pointille record rekey --recovery), and whoever has it needs no passphrase. It is
shown this once and kept nowhere. Without both nobody can open the record, Pointille's makers
included.`, dir, key)
}

// costFlags say what trying a passphrase costs.
type costFlags struct {
	Memory uint32 `default:"128" placeholder:"MIB" help:"Memory that each try of the passphrase takes, MiB, 8 to 4096: more makes guessing dearer and opening slower."`
}

// Validate wants the memory within bounds.
func (f costFlags) Validate() error {
	if f.Memory < 8 || f.Memory > 4096 {
		return fmt.Errorf("--memory: %d is not between 8 and 4096", f.Memory)
	}
	return nil
}

func (f costFlags) cost() keys.Cost { return keys.Cost{MemoryKiB: f.Memory << 10} }

type recordInitCmd struct {
	recordFlags
	costFlags
}

// Help gives examples.
func (recordInitCmd) Help() string {
	return `Makes an encrypted record in a new or empty folder. The passphrase is asked for twice and has
at least 12 characters; four or five words that have nothing to do with each other are good.

Examples:
  pointille record init --record studio.record
  POINTILLE_RECORD=studio.record pointille record init

` + exitCodes
}

// Run makes a record.
func (c recordInitCmd) Run(ctx context.Context, t *terminal) error {
	p, err := chosen(ctx, t, c.PassphraseFile, passphraseVariable)
	if err != nil {
		return err
	}
	s, recovery, err := records.Create(ctx, c.Record, p, records.Options{Witness: witnessFolder(), Cost: c.cost()})
	if err != nil {
		return err
	}
	t.say(recoveryText(c.Record, recovery), map[string]any{"record": c.Record, "id": s.ID(), "recovery_key": recovery})
	return s.Close()
}

type recordVerifyCmd struct {
	recordFlags
	Repair  bool   `help:"Mend what is damaged and whole in its copy. Takes the record for writing."`
	LookFor string `name:"look-for" type:"path" placeholder:"FILE" help:"Search everything, photos and documents included, for each line of this file, as for the name of a client that was deleted."`
}

// Help gives examples.
func (recordVerifyCmd) Help() string {
	return `Opens every photo and document, checks the database block by block and row by row against the
log of changes and the log against its own chain, and wants every file to belong to a client.
What is damaged is named; the rest stays readable. A backup is checked in the same way.

Examples:
  pointille record verify --record studio.record
  pointille record verify --repair --record studio.record
  pointille record verify --look-for names.txt --record studio.record

Exit codes: 0 everything is in order, 1 something is not, or failed, 2 wrong usage.`
}

// Run verifies a record.
func (c recordVerifyCmd) Run(ctx context.Context, t *terminal) error {
	p, err := c.passphrase(ctx, t)
	if err != nil {
		return err
	}
	o := records.VerifyOptions{Repair: c.Repair, Progress: t.step("verify")}
	if o.Words, err = lines(c.LookFor); err != nil {
		return err
	}
	v, err := records.Verify(ctx, c.Record, p, o)
	if err != nil {
		return err
	}
	if c.Repair && len(v.Problems) > 0 {
		repaired := v.Repaired
		o.Repair = false
		if v, err = records.Verify(ctx, c.Record, p, o); err != nil {
			return err
		}
		v.Repaired = repaired
	}
	t.say(verdict(v, o.Words), v)
	if n := len(v.Problems) + len(v.Found); n > 0 {
		return fmt.Errorf("%s: %d problem(s), see above", c.Record, n)
	}
	return nil
}

// lines reads a file's lines.
func lines(file string) (all [][]byte, err error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading what to look for: %w", err)
	}
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			all = append(all, line)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: has no line to look for", file)
	}
	return all, nil
}

// verdict says what was found.
func verdict(v *records.Verification, words [][]byte) string {
	out := []string{fmt.Sprintf("%d client(s), %d item(s) of %s, %d entries of the log; its head is %s", v.Clients, v.Items, bytesText(v.Bytes), v.Entries, v.Head)}
	if v.Deleted > 0 {
		out = append(out, fmt.Sprintf("%d client(s) were deleted: no row, file or key of theirs is left, every file belongs to a client that is there", v.Deleted))
	}
	out = append(out, v.Notes...)
	for _, r := range v.Repaired {
		out = append(out, "repaired: "+r)
	}
	for _, p := range v.Problems {
		out = append(out, "PROBLEM "+p.String())
	}
	for _, f := range v.Found {
		out = append(out, "FOUND "+f)
	}
	if len(words) > 0 && len(v.Found) == 0 {
		out = append(out, fmt.Sprintf("%d line(s) were looked for everywhere and not found", len(words)))
	}
	if len(v.Problems)+len(v.Found) == 0 {
		out = append(out, "everything is in order")
	}
	return strings.Join(out, "\n")
}

func bytesText(n int64) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%d kB", (n+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

type recordBackupCmd struct {
	recordFlags
	To string `required:"" type:"path" placeholder:"DIR" help:"Folder for the backup, best on another disk: new, empty, or an earlier backup of this record."`
}

// Help gives examples.
func (recordBackupCmd) Help() string {
	return `The backup is encrypted as the record is, under the same passphrase. Every file that is copied is
opened on the way. In an earlier backup only what is new is copied, and what was deleted since is
deleted there too. Other copies that you made keep what they held.

Examples:
  pointille record backup --record studio.record --to /media/usb/studio.backup

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some files are damaged; all others are in the backup.`
}

// Run backs a record up.
func (c recordBackupCmd) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, records.Options{ReadOnly: true}, func(s *records.Store) error {
		r, err := s.Backup(ctx, c.To, t.step("backup"))
		if err != nil {
			return err
		}
		t.say(copied(r), r)
		return damaged(t, r)
	})
}

func copied(r *records.BackupReport) string {
	return fmt.Sprintf("%s: %d file(s), of them %d new (%s), %d removed", r.Dir, r.Files, r.Copied, bytesText(r.Bytes), r.Removed)
}

// damaged says which files a copy holds as damaged as they were.
func damaged(t *terminal, r *records.BackupReport) error {
	for _, d := range r.Damaged {
		t.progress(job.Event{Stage: "backup", Err: errors.New(d)})
	}
	if len(r.Damaged) > 0 {
		return &job.SomeFailed{Failed: len(r.Damaged), Of: r.Files, What: "files"}
	}
	return nil
}

type recordRestoreCmd struct {
	recordFlags
	From string `required:"" type:"path" placeholder:"DIR" help:"The backup."`
}

// Help gives examples.
func (recordRestoreCmd) Help() string {
	return `Makes a record in a new or empty folder from a backup, under the backup's passphrase. The log of
the restored record says from which backup it comes.

Examples:
  pointille record restore --from /media/usb/studio.backup --record studio.record

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some files are damaged; all others are restored.`
}

// Run restores a record.
func (c recordRestoreCmd) Run(ctx context.Context, t *terminal) error {
	p, err := c.passphrase(ctx, t)
	if err != nil {
		return err
	}
	s, r, err := records.Restore(ctx, c.From, c.Record, p, records.Options{Witness: witnessFolder()}, t.step("restore"))
	if err != nil {
		return err
	}
	for _, n := range s.Notes() {
		t.note(n)
	}
	t.say(copied(r), r)
	return errors.Join(s.Close(), damaged(t, r))
}

type recordRekeyCmd struct {
	recordFlags
	costFlags
	Recovery          bool   `help:"Open the record with its recovery key: it is asked for, or the file of --passphrase-file holds it."`
	NewPassphraseFile string `name:"new-passphrase-file" type:"path" placeholder:"FILE" help:"File whose first line is the new passphrase. Default: it is asked for."`
}

// Help gives examples.
func (recordRekeyCmd) Help() string {
	return `Sets a new passphrase and tells a new recovery key; the old ones no longer open this record. Backups
keep theirs until they are brought up to date. What is inside is not encrypted anew: whoever has a
copy of the record and its old passphrase keeps what that copy holds.

Examples:
  pointille record rekey --record studio.record
  pointille record rekey --recovery --record studio.record

` + exitCodes
}

// Run changes the passphrase.
func (c recordRekeyCmd) Run(ctx context.Context, t *terminal) error {
	s, err := c.open(ctx, t, records.Options{Recovery: c.Recovery, Cost: c.cost()})
	if err != nil {
		return err
	}
	fresh, err := chosen(ctx, t, c.NewPassphraseFile, "")
	if err != nil {
		return errors.Join(err, s.Close())
	}
	recovery, err := s.Rekey(ctx, fresh)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	t.say(recoveryText(c.Record, recovery), map[string]any{"record": c.Record, "recovery_key": recovery})
	return s.Close()
}
