package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/cli"
)

func ExampleRun() {
	code := cli.Run(context.Background(), "1.2", []string{"version"}, os.Stdout, os.Stdout)
	fmt.Println(code)
	// Output:
	// pointille 1.2
	// 0
}

// run is one call of the program.
func run(ctx context.Context, args ...string) (code int, out, err string) {
	var stdout, stderr bytes.Buffer
	code = cli.Run(ctx, "9.9", args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// message is a line of --json output.
type message struct {
	Type    string          `json:"message_type"`
	Stage   string          `json:"stage"`
	File    string          `json:"file"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

// messages wants every line to be a message and nothing else.
func messages(t interface{ Fatalf(string, ...any) }, text string) (out []message) {
	for line := range strings.Lines(text) {
		var m message
		d := json.NewDecoder(strings.NewReader(line))
		if err := d.Decode(&m); err != nil || d.More() || !slices.Contains([]string{"status", "error", "summary"}, m.Type) {
			t.Fatalf("no message: %q (%v)", line, err)
		}
		out = append(out, m)
	}
	return out
}

// places are a folder with a text that has a photo's name.
func places(t *testing.T) (dir, text string) {
	t.Helper()
	dir = t.TempDir()
	text = filepath.Join(dir, "front.jpg")
	if err := os.WriteFile(text, []byte("no photo"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, text
}

// TestErrors wants one sentence, its exit code, and with --json the same as JSON.
func TestErrors(t *testing.T) {
	dir, text := places(t)
	none := filepath.Join(dir, "none")
	out := filepath.Join(dir, "out")
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"nonsense"}, 2, "unexpected argument nonsense"},
		{[]string{"plan", "--out", out}, 2, `expected "<case>"`},
		{[]string{"plan", "--seed", "-1", "--out", out, dir}, 2, `--seed: expected a whole number but got "-1"`},
		{[]string{"plan", "--seed", "1.5", "--out", out, dir}, 2, `--seed: expected a whole number but got "1.5"`},
		{[]string{"survey", "--mm-per-px", "wide", "--out", out, text}, 2, `--mm-per-px: expected a number but got "wide"`},
		{[]string{"survey", "--mm-per-px", "51", "--out", out, text}, 2, "--mm-per-px: 51 is not between 0 and 50"},
		{[]string{"survey", "--mm-per-px", "+Inf", "--out", out, text}, 2, "--mm-per-px: +Inf is not between 0 and 50"},
		{[]string{"guide", "--printer-scale", "NaN", none}, 2, "--printer-scale: NaN is no length"},
		{[]string{"guide", "--printer-scale", "+Inf", none}, 2, "--printer-scale: +Inf is no length"},
		{[]string{"plan", "--paper", "a3", "--out", out, dir}, 2, "--paper must be one of"},
		{[]string{"plan", "--out", out, none}, 1, none + ": there is no such folder or photo"},
		{[]string{"plan", "--out", out, "--wishes", none, text}, 1, text + ": not a photo (text)"},
		{[]string{"guide", none}, 1, none + ": there is no such plan"},
		{[]string{"guide", dir}, 1, dir + ": a folder; name the plan.json in it"},
		{[]string{"preview", "--stage", "1y", none}, 1, none + ": there is no such plan"},
		{[]string{"score", "--truth", dir, none}, 1, none + ": there is no such plan"},
		{[]string{"score", none}, 2, "missing flags: --truth=DIR"},
		{[]string{"card", "--out", dir}, 1, dir + ": a folder has this name"},
	} {
		code, said, err := run(context.Background(), tt.args...)
		first, rest, _ := strings.Cut(err, "\n")
		if code != tt.code || said != "" || !strings.HasPrefix(first, "pointille: ") || !strings.Contains(first, tt.want) {
			t.Errorf("%v: exit code %d, %q, %q", tt.args, code, said, err)
		}
		if hint := "Try: pointille --help\n"; (code == 2) != (rest == hint) || code == 1 && rest != "" {
			t.Errorf("%v: after the sentence comes %q", tt.args, rest)
		}
		for _, args := range [][]string{append([]string{"--json"}, tt.args...), append(slices.Clone(tt.args), "--json")} {
			code, said, err := run(context.Background(), args...)
			all := messages(t, err)
			if code != tt.code || said != "" || len(all) != 1 || all[0].Type != "error" || !strings.Contains(all[0].Message, tt.want) {
				t.Errorf("%v: exit code %d, %q, %q", args, code, said, err)
			}
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a folder was made for what could not be done")
	}
}

// TestAfterTwoDashes wants what stands behind "--" to be an argument.
func TestAfterTwoDashes(t *testing.T) {
	code, _, err := run(context.Background(), "nonsense", "--", "--json")
	if code != 2 || !strings.HasPrefix(err, "pointille: ") {
		t.Errorf("exit code %d, %q", code, err)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{nil, {"--help"}, {"plan", "--help"}, {"--json", "plan", "--help"}} {
		code, out, err := run(context.Background(), args...)
		if code != 0 || !strings.Contains(out, "Exit codes: 0 done, 1 failed, 2 wrong usage") || err != "" {
			t.Errorf("%v: exit code %d, %q, %q", args, code, out, err)
		}
	}
}

func TestCard(t *testing.T) {
	file := filepath.Join(t.TempDir(), "card.pdf")
	code, out, err := run(context.Background(), "--json", "card", "--out", file)
	all := messages(t, out)
	if code != 0 || err != "" || len(all) != 1 || all[0].Type != "summary" || !strings.Contains(string(all[0].Data), "card.pdf") {
		t.Fatalf("exit code %d, %q, %q", code, out, err)
	}
	if data, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(data, []byte("%PDF")) {
		t.Errorf("no PDF: %v", err)
	}
}

// TestToldOnce wants an error about the one photo there is to be told once to a
// person, and to a program as what it is about and as the end of the work.
func TestToldOnce(t *testing.T) {
	dir, text := places(t)
	code, _, err := run(context.Background(), "survey", "--out", filepath.Join(dir, "out"), text)
	if want := "pointille: " + text + ": not a photo (text)\n"; code != 1 || err != want {
		t.Errorf("exit code %d, %q, want %q", code, err, want)
	}
	code, _, err = run(context.Background(), "--json", "survey", "--out", filepath.Join(dir, "out"), text)
	all := messages(t, err)
	if code != 1 || len(all) != 2 || all[0].File != text || all[0].Stage != "survey" || all[1].File != "" || all[1].Type != "error" {
		t.Errorf("exit code %d, %+v", code, all)
	}
}

// TestInterrupted wants an interrupt told once, whatever was going on.
func TestInterrupted(t *testing.T) {
	dir, text := places(t)
	if err := os.WriteFile(filepath.Join(dir, "left.jpg"), []byte("no photo either"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range [][]string{
		{"survey", "--out", filepath.Join(dir, "out"), text}, {"plan", "--out", filepath.Join(dir, "out"), dir},
	} {
		code, out, err := run(ctx, args...)
		if code != 1 || out != "" || err != "pointille: interrupted: nothing half-written was left\n" {
			t.Errorf("%v: exit code %d, %q, %q", args, code, out, err)
		}
	}
}

// TestAnyWords wants any words to give an exit code, and with --json among them
// nothing but messages where they are wrong.
func TestAnyWords(t *testing.T) {
	t.Chdir(t.TempDir())
	words := rapid.SliceOfN(rapid.SampledFrom([]string{
		"--json", "--json=true", "--", "-", "", "survey", "plan", "preview", "guide", "version", "card", "--bogus", "--out", "--view", "--seed",
		"nose", "front", "1", "\x00", "é\xff", "--stage=9y", "--paper", "a4", "-x",
	}), 1, 5)
	rapid.Check(t, func(t *rapid.T) {
		args := words.Draw(t, "args")
		if slices.Contains(args, "survey") && slices.Contains(args, "--out") {
			return // it may get as far as reading photos
		}
		code, _, err := run(context.Background(), args...)
		if code < 0 || code > 2 || code != 0 && err == "" {
			t.Fatalf("exit code %d, %q", code, err)
		}
		end := slices.Index(args, "--")
		if end < 0 {
			end = len(args)
		}
		if code == 2 && (slices.Contains(args[:end], "--json") || slices.Contains(args[:end], "--json=true")) {
			if all := messages(t, err); len(all) != 1 || all[0].Type != "error" || all[0].Message == "" {
				t.Fatalf("%q", err)
			}
		}
	})
}
