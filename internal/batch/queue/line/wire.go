package line

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
)

// protocol is raised when batches and workers of one version, but of two builds,
// would no longer understand each other.
const protocol = "pointille queue 2"

// Streams and subjects. A step's subject ends in its channel, batch, case and
// id; an answer's in batch, case and id.
const (
	stepStream   = "pointille-steps"
	AnswerStream = "pointille-answers"
	StepSubject  = "pointille.step."
	AnswerBegin  = "pointille.answer."
	BegunBegin   = "pointille.begun." // as an answer, and the number of the delivery
	HelloSubject = "pointille.hello"
	Again        = "Pointille-Again" // header of a step that was handed out before
)

// Keep is how long messages and objects of a batch that never came back are
// kept.
const Keep = 7 * 24 * time.Hour

// HelloEvery is how often a worker says that it is there.
const HelloEvery = 10 * time.Second

// Order is a step as a message.
type Order struct {
	Task   step.Task     `json:"task"`
	File   string        `json:"file"` // photo or case, for messages
	Inputs []string      `json:"inputs"`
	Limit  time.Duration `json:"limit"`
}

// Answer is what became of it.
type Answer struct {
	Reply  step.Reply `json:"reply"`
	Object string     `json:"object,omitempty"` // with the files that were made
	Dead   int        `json:"dead,omitempty"`   // workers were lost at it so often, and it was given up
}

// Hello is how a worker asks to be taken on. It says nothing that the server
// must not know.
type Hello struct {
	Worker   string `json:"worker"`
	Host     string `json:"host"`
	Jobs     int    `json:"jobs"`
	Program  string `json:"program"`
	Build    string `json:"build"`
	Protocol string `json:"protocol"`
	Print    string `json:"key"` // of the key
}

// Welcome answers it.
type Welcome struct {
	Refused  string        `json:"refused,omitempty"` // why
	Patience time.Duration `json:"patience,omitempty"`
	Tries    int           `json:"tries,omitempty"`
}

// Identity is what batch and worker must have in common.
type Identity struct {
	Program string
	Build   string
	Key     *seal.Key
}

// Channel is where steps of an identity go: no other worker can see them.
func (i Identity) Channel() string { return Token(protocol, i.Program, i.Build, i.Key.Print()) }

// Greeting is the hello of a worker.
func (i Identity) Greeting(host string, jobs int) Hello {
	return Hello{Worker: NewID(), Host: host, Jobs: jobs, Program: i.Program, Build: i.Build, Protocol: protocol, Print: i.Key.Print()}
}

// Refuses says why a worker is not taken on; "" takes it.
func (i Identity) Refuses(h Hello) string {
	switch {
	case h.Program != i.Program:
		return fmt.Sprintf("the batch is of %s, this worker of %s: install the same version on both machines", i.Program, h.Program)
	case h.Protocol != protocol || h.Build != i.Build:
		return fmt.Sprintf("the batch and this worker are different builds of %s: copy the batch's program to this machine", i.Program)
	case h.Print != i.Key.Print():
		return "its --queue-key is not the batch's: copy the batch's key file to this machine"
	}
	return ""
}

// Workers is the name of the consumer from which workers of a channel take steps.
func Workers(channel string) string { return "workers-" + channel }

// Token is a hash that may stand in a subject.
func Token(parts ...string) string {
	data, err := json.Marshal(parts)
	if err != nil {
		return "" // strings can always be written
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:12])
}

// NewID is a name that nobody else has.
func NewID() string {
	id := make([]byte, 12)
	_, _ = rand.Read(id) // never fails
	return hex.EncodeToString(id)
}
