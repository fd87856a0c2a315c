// Package audit is the log of every change to a record: entries that are only
// ever added, each bound to the one before by a keyed hash.
//
// An entry says in the clear when, what, and about which client and item by
// their random ids. What would tell something of the client (codes, names of
// files) stands in Detail, sealed under the client's key: once that key is
// destroyed the chain still holds and the words are gone. State is the keyed
// hash of what the change left, so that a row that was altered behind the
// program's back is found.
//
// The hash is keyed with a key of the record: without it nobody can add, drop
// or alter an entry and make the chain fit. What no chain can show is that its
// end was cut off together with everything else, as an old copy put back does;
// see Witness.
package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"time"
)

// Actions.
const (
	Created       = "record created"
	ClientNew     = "client new"
	ClientDeleted = "client deleted"
	ItemAdded     = "item added"
	ItemRemoved   = "item removed"
	LineAdded     = "journal"
	Exported      = "client exported"
	Restored      = "record restored from a backup"
	Rolled        = "record is older than it was seen here"
	Rekeyed       = "passphrase changed"
	Guessed       = "wrong passphrases tried"
	Repaired      = "record repaired"
	Migrated      = "record brought to a new version"
)

// Entry is one change.
type Entry struct {
	Seq       int64  `json:"seq"` // from 1
	At        string `json:"at"`  // time, RFC 3339, of this machine's clock
	Action    string `json:"action"`
	Client    string `json:"client,omitempty"` // its id
	Item      string `json:"item,omitempty"`   // its id
	Detail    []byte `json:"-"`                // sealed
	State     []byte `json:"-"`                // keyed hash of what is now so; empty: it is gone
	ClockBack bool   `json:"clock_back,omitempty"`
	Hash      []byte `json:"-"`
	Text      string `json:"detail,omitempty"` // Detail opened, where its key is there
}

// Brief is a log for people to read: of lines of a journal that follow each other only
// one entry is left, which says how many there were and until when.
func Brief(all []Entry) []Entry {
	var out []Entry
	run := 0
	for _, e := range all {
		if e.Action != LineAdded || run == 0 || out[len(out)-1].Client != e.Client {
			run = 0
			if e.Action == LineAdded {
				run = 1
			}
			out = append(out, e)
			continue
		}
		run++
		out[len(out)-1].Text = fmt.Sprintf("%d lines, until %s", run, e.At)
	}
	return out
}

// Log makes and checks entries with the key of a record.
type Log struct{ key []byte }

// New returns the log with a key.
func New(key []byte) Log { return Log{key} }

// Next fills in what binds e to the entry before it (nil: e is the first).
// A clock that was set back is told by the entry; the order is that of Seq.
func (l Log) Next(e Entry, before *Entry, now time.Time) Entry {
	e.Seq, e.At, e.ClockBack = 1, now.UTC().Format(time.RFC3339), false
	var prev []byte
	if before != nil {
		e.Seq, prev = before.Seq+1, before.Hash
		e.ClockBack = back(before.At, e.At)
	}
	e.Hash = l.hash(prev, e)
	return e
}

// back reports whether a time lies before another.
func back(before, at string) bool {
	a, err1 := time.Parse(time.RFC3339, before)
	b, err2 := time.Parse(time.RFC3339, at)
	return err1 == nil && err2 == nil && b.Before(a)
}

// Check reports why e cannot follow before (nil: be the first).
func (l Log) Check(e Entry, before *Entry) error {
	var prev []byte
	seq := int64(1)
	if before != nil {
		prev, seq = before.Hash, before.Seq+1
	}
	if e.Seq != seq {
		return fmt.Errorf("entry %d is missing", seq)
	}
	if !hmac.Equal(e.Hash, l.hash(prev, e)) {
		return fmt.Errorf("entry %d (%s, %s) was changed", e.Seq, e.At, e.Action)
	}
	return nil
}

func (l Log) hash(prev []byte, e Entry) []byte {
	h := hmac.New(sha256.New, l.key)
	number := binary.BigEndian.AppendUint64(nil, uint64(e.Seq))
	flag := []byte{0}
	if e.ClockBack {
		flag[0] = 1
	}
	parts(h, prev, number, []byte(e.At), []byte(e.Action), []byte(e.Client), []byte(e.Item), e.Detail, e.State, flag)
	return h.Sum(nil)
}

// parts writes each part behind its length: no two lists of parts look alike.
func parts(h hash.Hash, list ...[]byte) {
	for _, p := range list {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write(p)
	}
}

// State is the keyed hash of the values of a row.
func (l Log) State(values ...string) []byte {
	h := hmac.New(sha256.New, l.key)
	h.Write([]byte("state"))
	for _, v := range values {
		parts(h, []byte(v))
	}
	return h.Sum(nil)
}

// Head names the chain up to an entry, for people to write down.
func (e Entry) Head() string { return fmt.Sprintf("%d-%s", e.Seq, hex.EncodeToString(e.Hash)) }
