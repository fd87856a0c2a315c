package batch_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pointille/internal/batch"
	"pointille/internal/batch/step"
	"pointille/internal/batch/summary"
	"pointille/internal/batch/thumb"
	"pointille/internal/batch/worker"
	"pointille/vision/survey"
)

// TestMain lets this test binary be a worker that measures nothing, and crashes,
// hangs or fails where a photo's content says so. What real steps write is
// tested with the real program.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_WORKER") == "" {
		os.Setenv("TEST_WORKER", "yes") // for the workers to come
		os.Exit(m.Run())
	}
	err := worker.Serve(context.Background(), worker.Serving{
		In: os.Stdin, Out: os.NewFile(worker.Reply, "reply"), Version: "test 1", Do: pretend, Quit: func() { os.Exit(1) }, Grace: time.Second,
	})
	if err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// pretend does a step: it writes a file with the step's name in it.
func pretend(ctx context.Context, line []byte) any {
	var t step.Task
	if err := json.Unmarshal(line, &t); err != nil {
		return step.Reply{Failed: err.Error(), Stop: true}
	}
	var r step.Reply
	name := map[string]string{step.Plan: "plan.json", step.Report: "report.html", step.Guide: "guide.pdf"}[t.Step]
	if t.Step == step.Survey {
		p := t.Photos[0]
		content, err := os.ReadFile(p.Path)
		if err != nil {
			return step.Reply{Failed: p.Path + ": " + err.Error()}
		}
		if reply, over := obey(ctx, string(content[4:]), p.Path); over {
			return reply
		}
		name = p.Name + ".survey.json"
		r.Result.Photo = &step.Photo{SHA256: fmt.Sprintf("%x", sha256.Sum256(content)), View: p.View, Stage: survey.Stage{Scale: "none"}}
		os.MkdirAll(t.Thumbs, 0o755)
		os.WriteFile(filepath.Join(t.Thumbs, p.Name+thumb.Found), nil, 0o600)
	}
	if t.Step == step.Plan {
		r.Result.Plan = &step.Case{Dots: 100 * len(t.Photos)}
	}
	os.MkdirAll(t.Out, 0o755)
	os.WriteFile(filepath.Join(t.Out, name), []byte(t.Step), 0o600)
	r.Result.Files = []step.File{{Name: name, Size: int64(len(t.Step))}}
	return r
}

// obey does what a photo's content says.
func obey(ctx context.Context, says, path string) (r step.Reply, over bool) {
	switch {
	case strings.HasPrefix(says, "crash"):
		fmt.Fprintln(os.Stderr, "terminate called after throwing an instance of 'std::bad_alloc'")
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		time.Sleep(time.Minute)
	case strings.HasPrefix(says, "hang"):
		time.Sleep(time.Hour)
	case strings.HasPrefix(says, "wait"):
		<-ctx.Done()
	case strings.HasPrefix(says, "bad"):
		return step.Reply{Failed: path + ": damaged or cut short"}, true
	case strings.HasPrefix(says, "full"):
		return step.Reply{Failed: "writing x: no space left on device", Stop: true}, true
	case strings.HasPrefix(says, "unplug"):
		os.Rename("photos", "unplugged")
		return step.Reply{Failed: path + ": no such file or directory"}, true
	}
	return r, false
}

// photos writes a tree of photos by path; each content is made its own.
func photos(t *testing.T, says map[string]string) {
	t.Helper()
	for name, s := range says {
		path := filepath.Join("photos", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("\xff\xd8\xff\xe0"+s+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func options() batch.Options {
	return batch.Options{Roots: []string{"photos"}, Out: "out", Jobs: 2, Generator: "test 1", Command: []string{"/proc/self/exe"}, TimeLimit: 10 * time.Second}
}

// TestOneBadPhoto wants photos that crash or hang the program named, their case
// done without them, and no other touched.
func TestOneBadPhoto(t *testing.T) {
	t.Chdir(t.TempDir())
	photos(t, map[string]string{"a/front.jpg": "crash", "a/left.jpg": "", "a/top.jpg": "hang", "b/front.jpg": "", "c/front.jpg": "bad"})
	o := options()
	o.TimeLimit = 500 * time.Millisecond
	var told []string
	o.Tell.Failed = func(f summary.Failure) { told = append(told, f.File+": "+f.Why) }
	r, err := batch.Run(context.Background(), o)
	var some *batch.Some
	if !errors.As(err, &some) || some.Failures != 3 || r.Totals.Done != 1 || r.Totals.Partly != 1 || r.Totals.Failed != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	failed := read(t, "out/failed.csv")
	for _, want := range []string{
		"a,photos/a/front.jpg,survey,\"the program crashed on it, twice: signal: killed: terminate called after throwing an instance of 'std::bad_alloc'\"",
		"a,photos/a/top.jpg,survey,took longer than 500ms and was stopped (see --time-limit)", "c,photos/c/front.jpg,survey,damaged or cut short",
	} {
		if !strings.Contains(failed, want) {
			t.Errorf("failed.csv does not say %s:\n%s", want, failed)
		}
	}
	if len(told) != 3 || read(t, "out/photos/a/plan.json") != "plan" {
		t.Errorf("told %q", told)
	}
}

// TestFullDisk wants a fault that is not the photo's to end the batch, and the
// photo not to be blamed for it.
func TestFullDisk(t *testing.T) {
	t.Chdir(t.TempDir())
	photos(t, map[string]string{"a/front.jpg": "", "b/front.jpg": "full", "c/front.jpg": ""})
	o := options()
	o.Jobs = 1
	if _, err := batch.Run(context.Background(), o); err == nil || err.Error() != "writing x: no space left on device" {
		t.Fatalf("error %v", err)
	}
	photos(t, map[string]string{"b/front.jpg": ""})
	r, err := batch.Run(context.Background(), o)
	if err != nil || r.Totals.Done != 3 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestUnplugged wants the disk of the photos that goes away half-way to end the
// batch, and nothing noted as failed.
func TestUnplugged(t *testing.T) {
	t.Chdir(t.TempDir())
	photos(t, map[string]string{"a/front.jpg": "", "b/front.jpg": "unplug", "c/front.jpg": "", "d/front.jpg": ""})
	if _, err := batch.Run(context.Background(), options()); err == nil || !strings.HasPrefix(err.Error(), "photos: is gone; is its disk still connected?") {
		t.Fatalf("error %v", err)
	}
	if err := os.Rename("unplugged", "photos"); err != nil {
		t.Fatal(err)
	}
	photos(t, map[string]string{"b/front.jpg": ""})
	r, err := batch.Run(context.Background(), options())
	if err != nil || r.Totals.Done != 4 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestOneAtATime wants a second batch in the same folder refused at once when
// it is interrupted, and the first to end when it is.
func TestOneAtATime(t *testing.T) {
	t.Chdir(t.TempDir())
	photos(t, map[string]string{"a/front.jpg": "wait"})
	ctx, stop := context.WithCancel(context.Background())
	began := make(chan bool, 9)
	o := options()
	o.Tell.Status = func(batch.Status) { began <- true }
	over := make(chan error, 1)
	go func() {
		_, err := batch.Run(ctx, o)
		over <- err
	}()
	<-began
	second, give := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer give()
	if _, err := batch.Run(second, options()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("second: %v", err)
	}
	stop()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("first: %v", err)
	}
	if _, err := os.Stat("out/failed.csv"); err == nil {
		t.Error("an interrupted photo was called failed")
	}
}

// TestWhatChanges wants each change to redo what depends on it, and that only.
func TestWhatChanges(t *testing.T) {
	t.Chdir(t.TempDir())
	photos(t, map[string]string{"a/front.jpg": "", "a/left.jpg": "", "b/front.jpg": ""})
	run := func(change func(*batch.Options), want string) {
		t.Helper()
		o := options()
		o.Jobs = 1
		steps := map[string]int{}
		o.Tell.Status = func(s batch.Status) { steps[s.Step]++ }
		if change != nil {
			change(&o)
		}
		if _, err := batch.Run(context.Background(), o); err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(steps["survey"]/2, steps["plan"]/2, steps["report"]/2, steps["guide"]/2) // told when it begins and ends
		if got != want {
			t.Errorf("surveys, plans, reports, guides: %s, want %s", got, want)
		}
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(nil, "3 2 2 2")
	run(nil, "0 0 0 0")
	run(func(o *batch.Options) { o.Paper = "letter" }, "0 0 0 2")
	run(nil, "0 0 0 2")
	run(func(o *batch.Options) { o.Seed = 9 }, "0 2 2 2")
	write("wishes.json", `{"schema": "pointille.wishes/1", "look": "density"}`)
	run(func(o *batch.Options) { o.Wishes = "wishes.json" }, "0 2 2 2")
	run(func(o *batch.Options) { o.Wishes = "wishes.json"; o.Do = batch.DoSurvey }, "0 0 0 0")
	run(func(o *batch.Options) { o.Wishes = "wishes.json" }, "0 0 0 0")
	write("pigments.json", `[{"name": "House", "ci": ["77266"], "absorption": [0.9, 1, 1.1], "source": "a test"}]`)
	run(func(o *batch.Options) { o.Wishes, o.Pigments = "wishes.json", "pigments.json" }, "0 2 2 2")
	run(nil, "0 2 2 2")
	photos(t, map[string]string{"a/left.jpg": "new"})
	run(nil, "1 1 1 1")
	write("photos/a/case.json", `{"photos": [{"file": "front.jpg"}, {"file": "left.jpg", "view": "top"}]}`)
	run(nil, "1 1 1 1")
	if err := os.Remove("photos/a/left.jpg"); err != nil {
		t.Fatal(err)
	}
	write("photos/a/case.json", `{"case": "A-17"}`)
	run(nil, "0 1 1 1")
	if err := os.Remove("out/photos/b/report.html"); err != nil {
		t.Fatal(err)
	}
	run(nil, "0 0 1 0")
	run(func(o *batch.Options) { o.Build = "another program" }, "2 2 2 2")
	run(func(o *batch.Options) { o.Build = "another program"; o.Anew = true }, "2 2 2 2")
}

// TestEarlierFolders wants cases of folders that are not named this time to stay
// in the table.
func TestEarlierFolders(t *testing.T) {
	t.Chdir(t.TempDir())
	photos(t, map[string]string{"2023/a/front.jpg": "", "2023/bad/front.jpg": "bad", "2024/b/front.jpg": ""})
	o := options()
	o.Roots = []string{"photos/2023"}
	var some *batch.Some
	if _, err := batch.Run(context.Background(), o); !errors.As(err, &some) {
		t.Fatal(err)
	}
	o.Roots = []string{"photos/2024"}
	r, err := batch.Run(context.Background(), o)
	if err != nil || r.Totals.Cases != 3 || r.Totals.Done != 2 || r.Totals.Failed != 1 || r.Forecast.Cases != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	// What failed and was then taken away is no longer spoken of; what was done stays.
	if err := errors.Join(os.RemoveAll("photos/2023/bad"), os.RemoveAll("photos/2023/a")); err != nil {
		t.Fatal(err)
	}
	photos(t, map[string]string{"2023/c/front.jpg": ""})
	o.Roots = []string{"photos/2023"}
	if r, err = batch.Run(context.Background(), o); err != nil || r.Totals.Cases != 3 || r.Totals.Done != 3 {
		t.Errorf("%+v, %v", r, err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestManyPhotos says what a batch itself, without the work, costs for each photo.
// POINTILLE_PHOTOS makes it larger.
func TestManyPhotos(t *testing.T) {
	n := 60
	if v, err := strconv.Atoi(os.Getenv("POINTILLE_PHOTOS")); err == nil {
		n = v
	}
	t.Chdir(t.TempDir())
	tree := map[string]string{}
	for i := range n {
		tree[fmt.Sprintf("%03d/client-%05d/%s.jpg", i/300, i/5, []string{"front", "left", "right", "back", "top"}[i%5])] = ""
	}
	photos(t, tree)
	o := options()
	o.Do = batch.DoSurvey
	began := time.Now()
	r, err := batch.Run(context.Background(), o)
	if err != nil || r.Totals.Photos != n || r.Totals.Done != n/5 {
		t.Fatalf("%+v, %v", r, err)
	}
	took := time.Since(began)
	info, err := os.Stat("out/.pointille/journal")
	if err != nil {
		t.Fatal(err)
	}
	if each := int(info.Size()) / n; each > 2000 {
		t.Errorf("%d bytes of the journal for each photo", each)
	}
	began = time.Now()
	if r, err = batch.Run(context.Background(), o); err != nil || r.Forecast.Due != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	t.Logf("%d photos: %v, again %v; journal %d bytes a photo; %s", n, took, time.Since(began), int(info.Size())/n, peak(t))
}

// peak is the most memory that this process has had.
func peak(t *testing.T) string {
	for line := range strings.Lines(read(t, "/proc/self/status")) {
		if strings.HasPrefix(line, "VmHWM") {
			return strings.Join(strings.Fields(line), " ")
		}
	}
	return ""
}
