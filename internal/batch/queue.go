package batch

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"
)

// Embedded is the server of a queue in the batch's own process.
const Embedded = "embedded"

// QueueOptions say where the queue of a batch is, how to be let in, and how long
// to wait for workers. See package queue, which this one does not need.
type QueueOptions struct {
	Server   string        // nats://HOST:PORT or tls://HOST:PORT, several with commas; or Embedded
	CA       string        // file with certificates that sign the server's; empty: the system's
	Cert     string        // file with this side's own certificate; empty: none
	Key      string        // file with its key
	Creds    string        // file with NATS credentials; empty: none
	Secret   string        // file with the key that batch and workers share
	Patience time.Duration // how long a worker may be silent before its step is given to another; default 30 s
	Tries    int           // workers that may be lost at a step, while they do nothing else, before it is given up; default 3
}

// shortest patience: workers speak three times in it.
const shortest = 500 * time.Millisecond

// Check looks at the options without connecting.
func (o QueueOptions) Check() error {
	switch {
	case o.Patience != 0 && o.Patience < shortest:
		return fmt.Errorf("--queue-patience: %v is shorter than %v", o.Patience, shortest)
	case o.Tries < 0:
		return fmt.Errorf("--queue-tries: %d is no number of workers", o.Tries)
	case o.Server == Embedded && len(o.CA+o.Cert+o.Key+o.Creds+o.Secret) > 0:
		return errors.New("--queue embedded: needs no certificates, credentials or key: nobody else can reach it")
	case o.Server == Embedded:
		return nil
	}
	for text := range strings.SplitSeq(o.Server, ",") {
		u, err := url.Parse(text)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls":
			return fmt.Errorf("--queue: %q is no server: want nats://HOST:PORT, tls://HOST:PORT or %s", text, Embedded)
		case u.User != nil:
			return errors.New("--queue: names and passwords do not belong on a command line, which all can see: put NATS credentials into a file (--queue-creds)")
		}
	}
	switch {
	case (o.Cert == "") != (o.Key == ""):
		return errors.New("--queue-tls-cert and --queue-tls-key: give both or none")
	case o.Secret == "":
		return errors.New("--queue-key: give the file of the key that the batch and its workers share; pointille queue-key FILE makes one")
	}
	return nil
}

// WorkOptions are for a worker of a queue.
type WorkOptions struct {
	Queue     QueueOptions
	Jobs      int                       // steps at once; default 1
	Rooms     string                    // folder in which steps are done; default that for temporary files
	Generator string                    // program and version
	Build     string                    // tells two programs of one version apart; may be empty
	Command   []string                  // starts a process that does steps
	Held      *os.File                  // lock that processes keep open; nil: the worker's own
	Note      func(text string)         // may be called at any time
	Done      func(file, failed string) // a step was done; may be nil
}
