package studio

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"pointille/internal/studio/authority"
	"pointille/planner/settings"
)

// RunOptions are for Run.
type RunOptions struct {
	Dir     string
	Record  string // folder of the encrypted record; there must be one
	Witness string // as for records.Open
	Work    string // see Options
	// Passphrase opens the record at once; without one a tablet has to.
	Passphrase string
	CloseIdle  time.Duration // see Options
	Listen     string        // address; 127.0.0.1 and localhost: plain http, this machine only
	Port       int           // 0: any free one
	NewPIN     bool
	Idle       time.Duration
	Worker     []string
	Generator  string
	Log        io.Writer
	Announce   func(Announcement) // called once, when it listens
}

// Announcement is what the artist needs to know.
type Announcement struct {
	Address     string   `json:"address"`          // to open on the tablet
	Others      []string `json:"others,omitempty"` // other names of the same
	Trust       string   `json:"trust,omitempty"`  // where the tablet gets the certificate, the first time
	Fingerprint string   `json:"sha256,omitempty"` // of that certificate
	PIN         string   `json:"pin,omitempty"`    // where it is new
	Dir         string   `json:"dir"`              // where settings, PIN and certificates are kept
	Record      string   `json:"record"`           // where clients are kept
	Open        bool     `json:"open"`             // whether the record is; else a tablet opens it
}

// Run serves a studio until the context ends.
func Run(ctx context.Context, o RunOptions) error {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fmt.Errorf("making the studio's folder: %w", err)
	}
	// a crash, of a worker too, writes no memory with photos in it to the disk
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("forbidding core dumps: %w", err)
	}
	own, err := hold(o.Dir)
	if err != nil {
		return err
	}
	defer own.Release()
	if err := noPlainClients(o.Dir, o.Record); err != nil {
		return err
	}
	rules, err := ownSettings(o.Dir)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(o.Listen, strconv.Itoa(o.Port)))
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	defer listener.Close()
	so := Options{Dir: o.Dir, Record: o.Record, Witness: o.Witness, Work: o.Work, CloseIdle: o.CloseIdle, Worker: o.Worker, Settings: rules, Idle: o.Idle, Generator: o.Generator, Log: o.Log}
	if loopback(listener.Addr()) {
		return runPlain(ctx, o, so, listener)
	}
	return runSecure(ctx, o, so, listener)
}

// noPlainClients refuses a folder in which an earlier program kept clients that were
// not encrypted: nobody shall believe that they are now.
func noPlainClients(dir, record string) error {
	old := filepath.Join(dir, "clients")
	entries, err := os.ReadDir(old)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for clients that are not encrypted: %w", err)
	}
	return fmt.Errorf(`%s: %d client(s) lie here that an earlier Pointille kept without encryption; this one keeps clients in the record only.
Put each of them into the record:
  pointille client new --record %s CODE     (the code stands in the first line of log.jsonl)
  pointille client add --record %s CODE %s/ID/photos/*.* %s/ID/log.jsonl %s/ID/consent-*.json
Then delete %s, and its copies elsewhere`, old, len(entries), record, record, old, old, old, old)
}

// started is a new server, with its record open where the passphrase is known.
func (o RunOptions) started(ctx context.Context, so Options) (s *Server, pin string, err error) {
	if s, pin, err = New(so, o.NewPIN); err != nil || o.Passphrase == "" {
		return s, pin, err
	}
	if err := s.OpenRecord(ctx, o.Passphrase); err != nil {
		s.Close()
		return nil, "", err
	}
	return s, pin, nil
}

// ownSettings are the studio's, from settings.json in its folder; none otherwise.
func ownSettings(dir string) (settings.Settings, error) {
	path, err := settingsPath(dir)
	if err != nil {
		return settings.Settings{}, err
	}
	return settings.Read(path)
}

func loopback(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}

func port(l net.Listener) string {
	_, p, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return ""
	}
	return p
}

func runPlain(ctx context.Context, o RunOptions, so Options, l net.Listener) error {
	s, pin, err := o.started(ctx, so)
	if err != nil {
		return err
	}
	defer s.Close()
	o.Announce(Announcement{Address: "http://" + net.JoinHostPort("localhost", port(l)), PIN: pin, Dir: o.Dir, Record: s.o.Record, Open: s.RecordOpen()})
	server := serverFor(ctx, s)
	server.RegisterOnShutdown(s.End)
	return Serve(ctx, server, func() error { return server.Serve(l) })
}

// runSecure serves over TLS, and the trust page beside it over plain http on the
// next port.
func runSecure(ctx context.Context, o RunOptions, so Options, l net.Listener) error {
	hosts, err := ownHosts(l.Addr())
	if err != nil {
		return err
	}
	now := time.Now()
	a, err := authority.Open(filepath.Join(o.Dir, "tls"), hosts[0], now)
	if err != nil {
		return err
	}
	cert, err := a.Certificate(hosts, now)
	if err != nil {
		return err
	}
	so.Hosts, so.Secure, so.Authority = hosts, true, a
	s, pin, err := o.started(ctx, so)
	if err != nil {
		return err
	}
	defer s.Close()
	own, err := strconv.Atoi(port(l))
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	beside, err := net.Listen("tcp", net.JoinHostPort(o.Listen, strconv.Itoa(own+1)))
	if err != nil {
		return fmt.Errorf("listening for the trust page: %w", err)
	}
	defer beside.Close()
	said := Announcement{PIN: pin, Dir: o.Dir, Record: s.o.Record, Open: s.RecordOpen(), Fingerprint: a.Fingerprint(), Trust: "http://" + net.JoinHostPort(reach(hosts), strconv.Itoa(own+1)) + "/trust"}
	for _, h := range hosts {
		if h != "localhost" && !strings.HasPrefix(h, "127.") && h != "::1" {
			said.Others = append(said.Others, "https://"+net.JoinHostPort(h, port(l)))
		}
	}
	said.Address = "https://" + net.JoinHostPort(reach(hosts), port(l))
	o.Announce(said)
	trust := serverFor(ctx, s.TrustOnly(said.Address))
	trustCtx, end := context.WithCancel(ctx)
	defer end()
	done := make(chan error, 1)
	go func() { done <- Serve(trustCtx, trust, func() error { return trust.Serve(beside) }) }()
	server := serverFor(ctx, s)
	server.RegisterOnShutdown(s.End)
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	err = Serve(ctx, server, func() error { return server.ServeTLS(l, "", "") })
	end()
	return errors.Join(err, <-done)
}

// serverFor bounds how slow a client may be. Event streams set their own deadlines.
func serverFor(ctx context.Context, h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
}

// ownHosts are the names and addresses of this machine in its networks, best first.
func ownHosts(at net.Addr) ([]string, error) {
	var out []string
	if name, err := os.Hostname(); err == nil && name != "" {
		short, _, _ := strings.Cut(name, ".")
		out = append(out, strings.ToLower(short)+".local")
	}
	if t, ok := at.(*net.TCPAddr); ok && !t.IP.IsUnspecified() {
		return append(out, t.IP.String()), nil
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("finding this machine's addresses: %w", err)
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsPrivate() {
			out = append(out, n.IP.String())
		}
	}
	return append(out, "localhost", "127.0.0.1"), nil
}

// reach is the address a tablet reaches surely: one in numbers, because names ending
// in .local need a service that not every machine runs.
func reach(hosts []string) string {
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil && !ip.IsLoopback() {
			return h
		}
	}
	return hosts[0]
}
