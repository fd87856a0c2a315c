package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// desk is a studio's folder with a record in it.
type desk struct {
	t   *testing.T
	dir string
}

func newDesk(t *testing.T) *desk {
	d := &desk{t, t.TempDir()}
	t.Chdir(d.dir)
	t.Setenv("XDG_STATE_HOME", filepath.Join(d.dir, "state"))
	t.Setenv("POINTILLE_RECORD", filepath.Join(d.dir, "studio"))
	t.Setenv("POINTILLE_PASSPHRASE", "violet harbour nine candle")
	return d
}

func (d *desk) file(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) text(name ...string) string {
	d.t.Helper()
	data, err := os.ReadFile(filepath.Join(d.dir, filepath.Join(name...)))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(data)
}

// says runs a command given as words and wants its code and what it says.
func (d *desk) says(code int, words string, wants ...string) (out string) {
	d.t.Helper()
	args := strings.Fields(words)
	got, out, errs := run(context.Background(), args...)
	if got != code {
		d.t.Errorf("%s: exit code %d, %s%s", words, got, out, errs)
	}
	for _, want := range wants {
		if ok, err := regexp.MatchString(want, out+errs); err != nil || !ok {
			d.t.Errorf("%s: lacks %q: %s%s", words, want, out, errs)
		}
	}
	return out
}

const ledgerText = `{"schema": "pointille.ledger/1", "bottles": [
  {"id": "black-1", "brand": "B", "shade": "S", "batch": "A-1", "colorants": [], "label": {"statement": true, "ingredients": true, "instructions": true}},
  {"id": "black-2", "brand": "B", "shade": "S", "batch": "B-17", "colorants": [], "label": {"statement": true, "ingredients": true, "instructions": true}}],
 "uses": [{"case": "A-17", "session": 1, "date": "2026-11-27", "bottle": "black-1"}, {"case": "C", "session": 1, "date": "2026-11-27", "bottle": "black-2"}]}`

func TestRecord(t *testing.T) {
	d := newDesk(t)
	d.says(1, "client list", "studio: there is no record here; pointille record init makes one\n$")
	t.Setenv("POINTILLE_PASSPHRASE", "short")
	d.says(1, "record init", "a passphrase needs at least 12 characters, this one has 5; four or five words")
	t.Setenv("POINTILLE_PASSPHRASE", "violet harbour nine candle")
	d.says(2, "record init --memory 7", "--memory: 7 is not between 8 and 4096")
	said := d.says(0, "record init --memory 8", `Recovery key: ([0-9A-Z]{4}-){8}[0-9A-Z]{4}\n`, "shown this once and kept nowhere")
	d.file("recovery.txt", strings.TrimSpace(regexp.MustCompile(`Recovery key: (.*)`).FindStringSubmatch(said)[1]))
	d.says(1, "record init --memory 8", "there is a record already\n$")

	d.says(0, "client new --name Anna A-17", "^A-17: added\n$")
	d.says(1, "client new a-17", "^pointille: client a-17: is in the record already\n$")
	d.says(1, "client show B", "^pointille: client B: is not in the record\n$")
	d.says(2, "client show --item x A-17", "--item and --out go together")
	d.add()
	d.shown()
	d.copied()
	d.wrongWords()
	d.deleted()
}

// add adds files: of a ledger only the client's part, documents of other cases not.
func (d *desk) add() {
	d.file("ledger.json", ledgerText)
	d.file("plan.json", `{"schema": "pointille.plan/2", "case": "anna"}`)
	d.file("front.jpg", "\xff\xd8\xff no photo")
	d.file("consent.json", `{"schema": "pointille.consent/1", "case": "A-17", "name": "Anna Example"}`)
	d.says(3, "client add A-17 front.jpg plan.json ledger.json", `photo  .*front.jpg\n`, `ledger  .*ledger.json \(1 use\(s\) of this client\)\n`,
		"plan.json: is of case anna, not A-17; if that is this client too, say --case anna\npointille: 1 of 3 files failed; the others are done\n$")
	d.says(0, "client add --case anna A-17 plan.json", `plan  .*plan.json\n$`)
	d.says(1, "client add --move A-17 ledger.json", "a ledger is about all clients and is not moved")
	d.says(1, "client add A-17 none.jpg", "^pointille: open .*none.jpg: no such file or directory\n$")
	d.says(1, "client add --kind Bad A-17 front.jpg", `"Bad" is no kind of item`)
	d.says(0, "client add --move A-17 consent.json", `consent  .*consent.json\n$`)
	for name, there := range map[string]bool{"consent.json": false, "ledger.json": true, "front.jpg": true} {
		if _, err := os.Stat(filepath.Join(d.dir, name)); (err == nil) != there {
			d.t.Errorf("%s: %v", name, err)
		}
	}
}

func (d *desk) shown() {
	d.says(0, "client list --names", `^1 client\(s\)\nA-17  1 photo\(s\), 3 document\(s\), since ....-..-..  Anna\n$`)
	if out := d.says(0, "--json client list"); strings.Contains(out, "Anna") {
		d.t.Errorf("a name nobody asked for: %s", out)
	}
	out := d.says(0, "client show A-17", "^A-17  Anna\nsince ", "client new  A-17\n", "item added  consent consent.json\n")
	id := regexp.MustCompile(`(?m)^([0-9a-f]{16}) .* plan  plan.json`).FindStringSubmatch(out)[1]
	d.says(0, "client show --item "+id+" --out back.json A-17", "back.json\n$")
	if d.text("back.json") != d.text("plan.json") {
		d.t.Error("an item came back otherwise than it went in")
	}
	d.says(3, "client export --out anna A-17", `anna: 0 photo\(s\), 3 document\(s\); open index.html\n`, "front.jpg: the file is broken", "1 of 4 photos and documents failed")
	if strings.Contains(d.text("anna", "documents", "ledger.json"), "B-17") || !strings.Contains(d.text("anna", "index.html"), "Anna Example") {
		d.t.Error("the export lacks what is the client's, or has what is not")
	}
	d.says(1, "client export --out anna A-17", "anna: is there already; name another folder\n$")
	d.says(0, "client export --as-given --out given A-17", "1 photo.*\n.*as they were given")
}

func (d *desk) copied() {
	d.says(0, "record verify", `^1 client\(s\), 4 item\(s\) of `, "everything is in order\n$")
	d.file("names.txt", "Anna Example\n")
	d.says(1, "record verify --look-for names.txt", "FOUND consent consent.json of client A-17\n")
	d.says(0, "record backup --to backup", `backup: 4 file\(s\), of them 4 new`)
	d.says(1, "record backup --to studio/in", "lies in the record or around it")
	d.says(0, "record verify --record backup", "everything is in order\n$")
}

// wrongWords wants one sentence for a wrong passphrase, and the recovery key to set
// another.
func (d *desk) wrongWords() {
	d.t.Setenv("POINTILLE_PASSPHRASE", "violet harbour nine candls")
	d.says(1, "client list", "^pointille: the passphrase does not open this record\n$")
	d.t.Setenv("POINTILLE_PASSPHRASE", "")
	d.file("pass.txt", "violet harbour nine candle\n")
	d.file("new.txt", "another harbour nine candle\r\nnot this\n")
	d.file("empty.txt", "\nx")
	d.says(1, "client list --passphrase-file empty.txt", "its first line is empty where a passphrase is expected")
	d.says(0, "client list --passphrase-file pass.txt", `1 client\(s\)`)
	d.says(0, "record rekey --memory 8 --recovery --passphrase-file recovery.txt --new-passphrase-file new.txt", "Recovery key: ")
	d.says(1, "client list --passphrase-file pass.txt", "the passphrase does not open this record")
	d.t.Setenv("POINTILLE_PASSPHRASE", "another harbour nine candle")
	d.says(0, "client new B-1", "note: 1 attempt.* with a wrong passphrase since")
}

func (d *desk) deleted() {
	d.says(0, "client delete --yes A-17", "^A-17: deleted. The key is destroyed; ", "none is left", "Not covered: backups")
	d.says(0, "record verify --look-for names.txt", `1 client\(s\) were deleted`, `1 line\(s\) were looked for everywhere and not found\neverything is in order\n$`)
	d.says(0, "record restore --from backup --record old --passphrase-file pass.txt", `old: 4 file\(s\)`, "note: this is an older copy or another branch of the record")
	d.says(0, "record backup --to backup", `backup: 0 file\(s\), of them 0 new .*, 4 removed\n`)
	d.says(0, "record verify --record backup", "everything is in order\n$")
}

// TestRecordHelp wants help with examples for each command.
func TestRecordHelp(t *testing.T) {
	for _, words := range []string{
		"client new", "client list", "client show", "client add", "client export", "client delete",
		"record init", "record verify", "record backup", "record restore", "record rekey",
	} {
		code, out, _ := run(context.Background(), append(strings.Fields(words), "--help")...)
		if code != 0 || !strings.Contains(out, "Examples:") || !strings.Contains(out, "pointille "+words+" ") || !strings.Contains(out, "Exit codes: 0 ") {
			t.Errorf("%s: %s", words, out)
		}
	}
}
