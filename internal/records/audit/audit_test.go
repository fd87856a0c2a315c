package audit_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointille/internal/records/audit"
)

func Example() {
	log := audit.New([]byte("a key of the record"))
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	one := log.Next(audit.Entry{Action: audit.Created}, nil, now)
	two := log.Next(audit.Entry{Action: audit.ClientNew, Client: "17"}, &one, now)
	fmt.Println(log.Check(one, nil), log.Check(two, &one))
	two.Client = "18"
	fmt.Println(log.Check(two, &one))
	// Output:
	// <nil> <nil>
	// entry 2 (2026-11-27T12:00:00Z, client new) was changed
}

func chain(log audit.Log, n int) (all []audit.Entry) {
	var before *audit.Entry
	for i := range n {
		e := log.Next(audit.Entry{Action: audit.ItemAdded, Client: fmt.Sprint(i), Item: "a", Detail: []byte("d"), State: []byte{byte(i)}}, before, time.Unix(int64(i), 0))
		all = append(all, e)
		before = &all[i]
	}
	return all
}

func whole(log audit.Log, all []audit.Entry) bool {
	var before *audit.Entry
	for i := range all {
		if log.Check(all[i], before) != nil {
			return false
		}
		before = &all[i]
	}
	return true
}

// TestAnyChangeBreaksTheChain alters, drops, swaps and repeats entries.
func TestAnyChangeBreaksTheChain(t *testing.T) {
	log := audit.New([]byte("key"))
	rapid.Check(t, func(t *rapid.T) {
		all := chain(log, rapid.IntRange(2, 9).Draw(t, "entries"))
		if !whole(log, all) || whole(audit.New([]byte("other")), all) {
			t.Fatal("a chain does not hold under its key alone")
		}
		i := rapid.IntRange(0, len(all)-2).Draw(t, "at") // the end may be cut off: see the package comment
		e := &all[i]
		switch rapid.IntRange(0, 9).Draw(t, "change") {
		case 0:
			e.At += "x"
		case 1:
			e.Action = audit.ClientDeleted
		case 2:
			e.Client, e.Item = e.Item, e.Client+"0"
		case 3:
			e.Detail = append(bytes.Clone(e.Detail), 'd')
		case 4:
			e.State = nil
		case 5:
			e.ClockBack = !e.ClockBack
		case 6:
			all = append(all[:i], all[i+1:]...)
		case 7:
			all[i], all[i+1] = all[i+1], all[i]
		case 8:
			all = append(all[:i+1], all[i:]...)
		case 9:
			e.Detail, e.State = append(bytes.Clone(e.Detail), e.State...), nil // the same bytes, divided otherwise
		}
		if whole(log, all) {
			t.Fatal("the chain holds though it was changed")
		}
	})
}

func TestClock(t *testing.T) {
	log := audit.New([]byte("key"))
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	one := log.Next(audit.Entry{}, nil, now)
	if log.Next(audit.Entry{}, &one, now).ClockBack || !log.Next(audit.Entry{}, &one, now.Add(-time.Second)).ClockBack {
		t.Error("a clock set back is not told")
	}
	if h := one.Head(); !strings.HasPrefix(h, "1-") || len(h) != 66 {
		t.Error(h)
	}
}

// TestBrief: lines that follow each other are one, and nothing else is.
func TestBrief(t *testing.T) {
	line := func(client, at string) audit.Entry {
		return audit.Entry{Action: audit.LineAdded, Client: client, At: at, Text: "wishes"}
	}
	item := audit.Entry{Action: audit.ItemAdded, Client: "a", At: "3", Text: "photo"}
	got := ""
	for _, e := range audit.Brief([]audit.Entry{line("a", "1"), line("a", "2"), item, line("a", "4"), line("b", "5"), line("b", "6"), line("b", "7")}) {
		got += fmt.Sprintf("%s %s %s %s; ", e.At, e.Client, e.Action, e.Text)
	}
	if want := "1 a journal 2 lines, until 2; 3 a item added photo; 4 a journal wishes; 5 b journal 3 lines, until 7; "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
