package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/disintegration/imaging"
	"github.com/rogpeppe/go-internal/testscript"
)

// condition [mount] holds where a small disk can be mounted.
func condition(name string) (bool, error) {
	if name != "mount" {
		return false, fmt.Errorf("no such condition: %s", name)
	}
	dir, err := os.MkdirTemp("", "mount")
	if err != nil {
		return false, err
	}
	defer os.Remove(dir)
	return exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir).Run() == nil, nil
}

// exits CODE PROGRAM ARGS...: runs a program and wants its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 2, "exits CODE PROGRAM [ARGS]")
	err := ts.Exec(args[1], args[2:]...)
	wantCode(ts, args[0], err)
}

func wantCode(ts *testscript.TestScript, want string, err error) {
	var exit *exec.ExitError
	got := "0"
	switch {
	case errors.As(err, &exit):
		got = strconv.Itoa(exit.ExitCode()) // -1: killed by a signal
	case err != nil:
		ts.Fatalf("not run: %v", err)
	}
	if got != want {
		ts.Fatalf("exit code %s, want %s", got, want)
	}
}

// interrupt PATTERN SIGNAL PROGRAM ARGS...: starts a program, sends the signal
// when a file of the pattern is there, wants exit code 1, and leaves what the
// program said in the file said.txt.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 3, "interrupt PATTERN SIGNAL PROGRAM [ARGS]")
	signal, ok := signals()[args[1]]
	if !ok {
		ts.Fatalf("no such signal: %s", args[1])
	}
	program, err := exec.LookPath(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], args[2]))
	ts.Check(err)
	said, err := os.Create(ts.MkAbs("said.txt"))
	ts.Check(err)
	defer said.Close()
	c := exec.Command(program, args[3:]...)
	c.Dir, c.Stdout, c.Stderr = ts.MkAbs("."), said, said
	ts.Check(c.Start())
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		found, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		if len(found) > 0 {
			ts.Check(c.Process.Signal(signal))
			wantCode(ts, "1", <-ended)
			return
		}
		select {
		case err := <-ended:
			ts.Fatalf("ended before there was a %s: %v", args[0], err)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// tidy DIR...: no hidden and no empty file is in the folders; surveys have their
// maps, and all JSON and PNG files are whole.
func tidy(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) > 0, "tidy DIR...")
	for _, dir := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			return whole(path)
		}))
	}
}

func whole(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	end := map[string]string{".json": "}", ".png": "IEND\xaeB`\x82", ".jpg": "\xff\xd9", ".pdf": "%%EOF", ".html": "</html>"}[filepath.Ext(path)]
	switch {
	case strings.HasPrefix(filepath.Base(path), "."):
		return fmt.Errorf("%s was left behind", path)
	case len(data) == 0, !bytes.HasSuffix(bytes.TrimSpace(data), []byte(end)):
		return fmt.Errorf("%s is not whole", path)
	case !strings.HasSuffix(path, ".survey.json"):
		return nil
	}
	for _, suffix := range []string{".overlay.png", ".regions.png", ".hair.png", ".density.png"} {
		if _, err := os.Stat(strings.TrimSuffix(path, ".survey.json") + suffix); err != nil {
			return err
		}
	}
	return nil
}

// holds DIR [NAMES...]: the folder holds these files and no others; * stands for
// any part of a name.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) > 0, "holds DIR [NAMES]")
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	used := make([]bool, len(args))
	for _, e := range entries {
		known := false
		for i, pattern := range args[1:] {
			if ok, err := filepath.Match(pattern, e.Name()); err == nil && ok {
				known, used[i+1] = true, true
			}
		}
		if !known {
			ts.Fatalf("%s holds %s", args[0], e.Name())
		}
	}
	for i, pattern := range args[1:] {
		if !used[i+1] {
			ts.Fatalf("%s holds no %s", args[0], pattern)
		}
	}
}

// shrink SIDE DIR PHOTOS...: JPEG copies of photos, longer side SIDE pixels.
func shrink(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 3, "shrink SIDE DIR PHOTOS")
	side, err := strconv.Atoi(args[0])
	ts.Check(err)
	ts.Check(os.MkdirAll(ts.MkAbs(args[1]), 0o755))
	for _, path := range args[2:] {
		img, err := imaging.Open(ts.MkAbs(path))
		ts.Check(err)
		small := imaging.Fit(img, side, side, imaging.Box)
		ts.Check(imaging.Save(small, filepath.Join(ts.MkAbs(args[1]), filepath.Base(path)), imaging.JPEGQuality(90)))
	}
}

// gradient FILE: a PNG of colours that flow into each other, and nothing else.
func gradient(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "gradient FILE")
	img := image.NewNRGBA(image.Rect(0, 0, 480, 640))
	for y := range 640 {
		for x := range 480 {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x * 255 / 480), uint8(y * 255 / 640), 128, 255})
		}
	}
	var b bytes.Buffer
	ts.Check(png.Encode(&b, img))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
}

// header SIDE FILE: a PNG that claims to be a square of SIDE pixels.
func header(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "header SIDE FILE")
	side, err := strconv.ParseUint(args[0], 10, 32)
	ts.Check(err)
	b := []byte("\x89PNG\r\n\x1a\n")
	ihdr := binary.BigEndian.AppendUint32([]byte("IHDR"), uint32(side))
	ihdr = append(binary.BigEndian.AppendUint32(ihdr, uint32(side)), 8, 2, 0, 0, 0)
	for _, chunk := range [][]byte{ihdr, []byte("IDAT\x78\x9c\x03\x00\x00\x00\x00\x01"), []byte("IEND")} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(chunk)-4))
		b = append(b, chunk...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o666))
}

// cut FROM TO: the first half of a file.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "cut FROM TO")
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data[:len(data)/2], 0o666))
}

// edit FILE OLD NEW: puts NEW where OLD first stands.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 3, "edit FILE OLD NEW")
	before := ts.ReadFile(args[0])
	after := strings.Replace(before, args[1], args[2], 1)
	if after == before {
		ts.Fatalf("%s holds no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(after), 0o666))
}

func signals() map[string]os.Signal {
	return map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}
}

func usage(ts *testscript.TestScript, neg, ok bool, how string) {
	if neg || !ok {
		ts.Fatalf("usage: %s", how)
	}
}

// harm FILE: flips one bit in the middle of a file's first kilobyte.
func harm(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "harm FILE")
	file := ts.MkAbs(args[0])
	data, err := os.ReadFile(file)
	ts.Check(err)
	data[min(500, len(data)-1)] ^= 8
	ts.Check(os.WriteFile(file, data, 0o600))
}
