package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"pointille/internal/records"
)

// Errors of asking that commands tell apart.
var (
	errNoTerminal   = errors.New("there is no terminal to ask for the passphrase; name --passphrase-file or set " + passphraseVariable)
	errNothingTyped = errors.New("nothing was typed")
)

// Environment variables in place of options.
const passphraseVariable = "POINTILLE_PASSPHRASE"

// recordFlags say which record, and what opens it.
type recordFlags struct {
	Record         string `required:"" type:"path" env:"POINTILLE_RECORD" placeholder:"DIR" help:"Folder of the record."`
	PassphraseFile string `name:"passphrase-file" type:"path" placeholder:"FILE" help:"File whose first line is the passphrase. Default: $POINTILLE_PASSPHRASE, else it is asked for."`
}

// passphrase returns what opens the record.
func (f recordFlags) passphrase(ctx context.Context, t *terminal) (string, error) {
	return word(ctx, t, "Passphrase of the record: ", f.PassphraseFile, passphraseVariable)
}

// recoveryKey returns the other thing that opens the record. No variable holds it.
func (f recordFlags) recoveryKey(ctx context.Context, t *terminal) (string, error) {
	return word(ctx, t, "Recovery key: ", f.PassphraseFile, "")
}

// open opens the record, with its recovery key where o says so, and says what opening
// found.
func (f recordFlags) open(ctx context.Context, t *terminal, o records.Options) (*records.Store, error) {
	ask := f.passphrase
	if o.Recovery {
		ask = f.recoveryKey
	}
	p, err := ask(ctx, t)
	if err != nil {
		return nil, err
	}
	o.Witness = witnessFolder()
	s, err := records.Open(ctx, f.Record, p, o)
	if err != nil {
		return nil, err
	}
	for _, n := range s.Notes() {
		t.note(n)
	}
	return s, nil
}

// with opens the record, does something and closes it.
func (f recordFlags) with(ctx context.Context, t *terminal, o records.Options, do func(*records.Store) error) error {
	s, err := f.open(ctx, t, o)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// witnessFolder is where this machine remembers how far the log of a record went;
// empty where the system has no such place.
func witnessFolder() string {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "pointille", "records")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "state", "pointille", "records")
}

// maxWord is longer than any passphrase, bytes.
const maxWord = 4096

// word returns a secret: the first line of a file, an environment variable, or what
// is typed unseen on the terminal.
func word(ctx context.Context, t *terminal, prompt, file, variable string) (string, error) {
	if file != "" {
		return firstLine(file)
	}
	if v := os.Getenv(variable); variable != "" && v != "" {
		return v, nil
	}
	return typed(ctx, t, prompt)
}

func firstLine(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("reading the passphrase: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxWord))
	if err != nil {
		return "", fmt.Errorf("reading the passphrase: %w", err)
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	text := strings.TrimSuffix(string(line), "\r")
	if text == "" {
		return "", fmt.Errorf("%s: its first line is empty where a passphrase is expected", file)
	}
	return text, nil
}

// typed asks on the terminal, also where input and output are redirected.
// An interrupt ends the asking and leaves the terminal as it was.
func typed(ctx context.Context, t *terminal, prompt string) (string, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return "", errNoTerminal
	}
	defer tty.Close()
	t.clear()
	fmt.Fprint(tty, prompt)
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		return "", fmt.Errorf("reading the passphrase: %w", err)
	}
	answer := make(chan typedText, 1)
	go func() {
		text, err := term.ReadPassword(int(tty.Fd()))
		answer <- typedText{text, err}
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(tty)
		return "", errors.Join(ctx.Err(), term.Restore(int(tty.Fd()), before))
	case a := <-answer:
		fmt.Fprintln(tty)
		return a.read()
	}
}

// typedText is what came from the terminal.
type typedText struct {
	text []byte
	err  error
}

func (a typedText) read() (string, error) {
	if a.err != nil {
		return "", fmt.Errorf("reading the passphrase: %w", a.err)
	}
	if len(a.text) == 0 {
		return "", errNothingTyped
	}
	return string(a.text), nil
}

// chosen asks for a new passphrase twice where it is typed.
func chosen(ctx context.Context, t *terminal, file, variable string) (string, error) {
	p, err := word(ctx, t, "New passphrase, at least 12 characters: ", file, variable)
	if err != nil || file != "" || variable != "" && os.Getenv(variable) != "" {
		return p, err
	}
	again, err := typed(ctx, t, "The same again: ")
	if err != nil {
		return "", err
	}
	if p != again {
		return "", errors.New("the two passphrases are not the same; nothing was done")
	}
	return p, nil
}

// confirm wants a code typed on the terminal before something that cannot be undone.
func confirm(t *terminal, question, want string) error {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return errors.New("there is no terminal to ask on; --yes does it without asking")
	}
	defer tty.Close()
	t.clear()
	fmt.Fprint(tty, question)
	line, err := bufio.NewReader(io.LimitReader(tty, maxWord)).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != want {
		return errors.New("not confirmed; nothing was done")
	}
	return nil
}
