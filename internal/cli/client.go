package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pointille/internal/atomicfile"
	"pointille/internal/job"
	"pointille/internal/records"
	"pointille/internal/records/audit"
	"pointille/internal/records/erasure"
	"pointille/internal/records/export"
)

type clientCmd struct {
	New    clientNewCmd    `cmd:"" help:"Add a client."`
	List   clientListCmd   `cmd:"" help:"List clients."`
	Show   clientShowCmd   `cmd:"" help:"Say what is held of a client, or write one item to a file."`
	Add    clientAddCmd    `cmd:"" help:"Add photos and documents to a client."`
	Export clientExportCmd `cmd:"" help:"Write everything held of a client to a plain folder."`
	Delete clientDeleteCmd `cmd:"" help:"Delete a client for good."`
}

type clientNewCmd struct {
	recordFlags
	Name    string `help:"Name; nothing needs one. What stands here may stay in the shell's history: --ask-name asks for it."`
	AskName bool   `name:"ask-name" help:"Ask for the name on the terminal, unseen."`
	Code    string `arg:"" help:"Code by which the client goes, as A-17: better no name."`
}

// Help gives examples.
func (clientNewCmd) Help() string {
	return `Examples:
  pointille client new --record studio.record A-17
  pointille client new --ask-name --record studio.record A-18

` + exitCodes
}

// Run adds a client.
func (c clientNewCmd) Run(ctx context.Context, t *terminal) error {
	name := c.Name
	if c.AskName {
		var err error
		if name, err = typed(ctx, t, "Name: "); err != nil {
			return err
		}
	}
	return c.with(ctx, t, records.Options{}, func(s *records.Store) error {
		client, err := s.NewClient(ctx, c.Code, name)
		if err == nil {
			t.say(client.Code+": added", client)
		}
		return err
	})
}

type clientListCmd struct {
	recordFlags
	Names bool `help:"Show names too."`
}

// Help gives examples.
func (clientListCmd) Help() string {
	return `Examples:
  pointille client list --record studio.record
  pointille client list --names --record studio.record

` + exitCodes
}

// Run lists clients.
func (c clientListCmd) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, records.Options{ReadOnly: true}, func(s *records.Store) error {
		clients, err := s.Clients(ctx)
		if err != nil {
			return err
		}
		lines := []string{fmt.Sprintf("%d client(s)", len(clients))}
		for i, k := range clients {
			line := fmt.Sprintf("%s  %d photo(s), %d document(s), since %s", k.Code, k.Photos, k.Items-k.Photos, k.Created.Format(time.DateOnly))
			if c.Names && k.Name != "" {
				line += "  " + k.Name
			}
			if !c.Names {
				clients[i].Name = ""
			}
			lines = append(lines, line)
		}
		t.say(strings.Join(lines, "\n"), map[string]any{"clients": append([]records.Client{}, clients...)})
		return nil
	})
}

type clientShowCmd struct {
	recordFlags
	Item string `placeholder:"ID" help:"Write this item to the file of --out, as it was given: a photo with all that its camera wrote into it."`
	Out  string `type:"path" placeholder:"FILE" help:"File for --item; it is not encrypted."`
	Code string `arg:"" help:"Code of the client."`
}

// Validate wants item and file together.
func (c clientShowCmd) Validate() error {
	if (c.Item == "") != (c.Out == "") {
		return errors.New("--item and --out go together")
	}
	return nil
}

// Help gives examples.
func (clientShowCmd) Help() string {
	return `Examples:
  pointille client show --record studio.record A-17
  pointille client show --item 4f0c9a7be2d15583 --out plan.json --record studio.record A-17

` + exitCodes
}

// Run shows a client.
func (c clientShowCmd) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, records.Options{ReadOnly: true}, func(s *records.Store) error {
		if c.Item != "" {
			return c.write(ctx, t, s)
		}
		client, err := s.Client(ctx, c.Code)
		if err != nil {
			return err
		}
		items, err := s.Items(ctx, c.Code)
		if err != nil {
			return err
		}
		log, err := s.Audit(ctx, c.Code)
		if err != nil {
			return err
		}
		lines := []string{strings.TrimSpace(fmt.Sprintf("%s  %s", client.Code, client.Name)), "since " + client.Created.Format(time.DateOnly)}
		for _, i := range items {
			lines = append(lines, fmt.Sprintf("%s  %s  %s  %s  %s", i.ID, i.Added.Format(time.DateOnly), i.Kind, i.Name, bytesText(i.Size)))
		}
		for _, e := range audit.Brief(log) {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s  %s  %s", e.At, e.Action, e.Text)))
		}
		t.say(strings.Join(lines, "\n"), map[string]any{"client": client, "items": append([]records.Item{}, items...), "history": log})
		return nil
	})
}

// write writes one item to a file.
func (c clientShowCmd) write(ctx context.Context, t *terminal, s *records.Store) error {
	item, err := s.Item(ctx, c.Item)
	if err != nil {
		return err
	}
	if !strings.EqualFold(item.Client, c.Code) {
		return fmt.Errorf("item %s is not of client %s", c.Item, c.Code)
	}
	data, err := s.Read(ctx, c.Item)
	if err != nil {
		return err
	}
	if err := atomicfile.WriteBytes(c.Out, data); err != nil {
		return err
	}
	t.say(c.Out, map[string]any{"file": c.Out, "item": item})
	return nil
}

type clientAddCmd struct {
	recordFlags
	Kind  string   `placeholder:"KIND" help:"Kind of all these files. Default: told by the content: photo, survey, plan, wishes, answers, schedule, consent, ledger, document."`
	Case  string   `placeholder:"CODE" help:"Code of the case in the documents, where it is not the client's."`
	Move  bool     `help:"Take the plain files away once they are in the record, as for a signed consent."`
	Code  string   `arg:"" help:"Code of the client."`
	Files []string `arg:"" name:"file" type:"path" help:"Photos, and documents of any kind."`
}

// Help gives examples.
func (clientAddCmd) Help() string {
	return `Photos are kept as they are given, encrypted. Of a ledger only what was used in this client's case is
taken over. With --move the plain files are deleted after; a disk may keep remains of them.

Examples:
  pointille client add --record studio.record A-17 photos/anna/*.jpg
  pointille client add --record studio.record A-17 out/anna/plan.json out/anna/*.survey.json ledger.json
  pointille client add --move --record studio.record A-17 anna.consent.json

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some of many files failed.`
}

// Run adds files.
func (c clientAddCmd) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, records.Options{}, func(s *records.Store) error {
		done, err := job.AddToRecord(ctx, s, job.AddOptions{Client: c.Code, Files: c.Files, Case: c.Case, Kind: c.Kind, Move: c.Move, Event: t.progress})
		if len(done) == 0 {
			return err
		}
		var lines []string
		for _, a := range done {
			line := fmt.Sprintf("%s  %s  %s", a.Item.ID, a.Item.Kind, a.File)
			if a.Uses > 0 {
				line += fmt.Sprintf(" (%d use(s) of this client)", a.Uses)
			}
			lines = append(lines, line)
		}
		t.say(strings.Join(lines, "\n"), map[string]any{"added": done})
		return err
	})
}

type clientExportCmd struct {
	recordFlags
	Out     string `required:"" type:"path" placeholder:"DIR" help:"Folder to write; it must not exist."`
	AsGiven bool   `name:"as-given" help:"Photos with all that cameras wrote into them: place, time, camera, serial numbers."`
	Code    string `arg:"" help:"Code of the client."`
}

// Help gives examples.
func (clientExportCmd) Help() string {
	return `Writes photos, documents, tables (CSV), client.json and index.html, which any browser shows. Place, time,
serial numbers and camera are taken out of photos; the pictures are unchanged. The folder is not
encrypted. That data were handed out is written in the record's log.

Examples:
  pointille client export --out anna --record studio.record A-17

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some photos or documents were left out; the page names them.`
}

// Run exports a client.
func (c clientExportCmd) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, records.Options{}, func(s *records.Store) error {
		r, err := export.Client(ctx, s, c.Code, c.Out, export.Options{AsGiven: c.AsGiven, Generator: t.generator(), Progress: t.step("export")})
		if err != nil {
			return err
		}
		text := fmt.Sprintf("%s: %d photo(s), %d document(s); open index.html", r.Dir, r.Photos, r.Documents)
		switch {
		case c.AsGiven:
			text += "\nThe photos are as they were given: place, time and camera may stand in them"
		case r.Stripped > 0:
			text += fmt.Sprintf("\nPlace, time, serial numbers and camera were taken out of %d photo(s)", r.Stripped)
		}
		t.say(text, r)
		for _, l := range r.LeftOut {
			t.progress(job.Event{Stage: "export", Err: errors.New(l)})
		}
		if n := len(r.LeftOut); n > 0 {
			return &job.SomeFailed{Failed: n, Of: n + r.Photos + r.Documents, What: "photos and documents"}
		}
		return nil
	})
}

type clientDeleteCmd struct {
	recordFlags
	Yes  bool   `help:"Do not ask."`
	Code string `arg:"" help:"Code of the client."`
}

// Help gives examples.
func (clientDeleteCmd) Help() string {
	return `Destroys the client's key, so that nothing encrypted under it can be read again, removes photos,
documents and rows, writes the database anew and searches it for what was deleted. The log keeps that
a client was deleted, under a random number. Backups and copies made before keep the client until
they are brought up to date or destroyed, and a disk may keep remains of what was deleted, encrypted.

Examples:
  pointille client delete --record studio.record A-17

` + exitCodes
}

// Run deletes a client.
func (c clientDeleteCmd) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, records.Options{}, func(s *records.Store) error {
		client, err := s.Client(ctx, c.Code)
		if err != nil {
			return err
		}
		if !c.Yes {
			question := fmt.Sprintf("%d photo(s) and %d document(s) of client %s will be gone for good.\nType the code to delete them: ", client.Photos, client.Items-client.Photos, client.Code)
			if err := confirm(t, question, client.Code); err != nil {
				return err
			}
		}
		r, err := s.Delete(ctx, c.Code)
		if err != nil {
			return err
		}
		t.say(gone(client.Code, r), r)
		if len(r.Found) > 0 {
			return fmt.Errorf("%s: something of the client is left: %s", c.Record, strings.Join(r.Found, "; "))
		}
		return nil
	})
}

func gone(code string, r *erasure.Report) string {
	return fmt.Sprintf(`%s: deleted. The key is destroyed; %d traces were looked for in %s of the record's database and files
and in %d names, and %s.
Not covered: backups and copies made before (bring them up to date with pointille record backup), and what
the disk itself keeps of deleted blocks, which is encrypted.`, code, r.Traces, bytesText(r.Bytes), r.Names, map[bool]string{true: "none is left", false: "SOME ARE LEFT"}[len(r.Found) == 0])
}
