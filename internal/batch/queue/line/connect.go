package line

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"pointille/internal/batch"
	"pointille/internal/batch/seal"
)

// Dial connects; note is told when the connection is lost and back.
func Dial(o batch.QueueOptions, name string, id Identity, note func(string)) (*Line, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	var err error
	if id.Key, err = seal.Read(o.Secret); err != nil {
		return nil, err
	}
	l := &Line{Where: o.Server, Identity: id}
	opts, err := natsOptions(o, name)
	if err != nil {
		return nil, err
	}
	opts = append(opts, l.watched(note)...)
	if l.Conn, err = nats.Connect(o.Server, opts...); err != nil {
		return nil, refused(o, err)
	}
	return l, nil
}

// refused says in words of its user why there is no connection.
func refused(o batch.QueueOptions, err error) error {
	var unknown x509.UnknownAuthorityError
	var verify *tls.CertificateVerificationError
	switch {
	case errors.Is(err, nats.ErrAuthorization) || strings.Contains(strings.ToLower(err.Error()), "authorization violation") || errors.Is(err, nats.ErrAuthExpired):
		if o.Creds == "" && o.Cert == "" {
			return fmt.Errorf("%s: the server wants credentials: give their file with --queue-creds", o.Server)
		}
		return fmt.Errorf("%s: the server refuses the credentials of %s", o.Server, strings.Join(given(o.Creds, o.Cert), " and "))
	case errors.As(err, &unknown), errors.As(err, &verify):
		return fmt.Errorf("%s: the server's certificate is not trusted: %w; give the one that signed it with --queue-tls-ca", o.Server, err)
	case errors.Is(err, nats.ErrSecureConnRequired), strings.Contains(err.Error(), "secure connection"):
		return fmt.Errorf("%s: %w: give the certificate that signed the server's with --queue-tls-ca", o.Server, err)
	case errors.Is(err, nats.ErrNoServers):
		return fmt.Errorf("%s: no server answers there", o.Server)
	}
	return fmt.Errorf("%s: %w", o.Server, err)
}

func given(names ...string) (out []string) {
	for _, n := range names {
		if n != "" {
			out = append(out, n)
		}
	}
	return out
}

// natsOptions are those of the connection; files are read now, so that what is
// wrong with them is said of them.
func natsOptions(o batch.QueueOptions, name string) ([]nats.Option, error) {
	opts := []nats.Option{nats.Name(name), nats.Timeout(10 * time.Second)}
	secure := o.CA != "" || o.Cert != "" || strings.Contains(o.Server, "tls://")
	if secure {
		config := &tls.Config{MinVersion: tls.VersionTLS12}
		if o.CA != "" {
			pem, err := os.ReadFile(o.CA)
			if err != nil {
				return nil, fmt.Errorf("--queue-tls-ca: %w", err)
			}
			config.RootCAs = x509.NewCertPool()
			if !config.RootCAs.AppendCertsFromPEM(pem) {
				return nil, fmt.Errorf("--queue-tls-ca: %s: holds no certificate", o.CA)
			}
		}
		if o.Cert != "" {
			pair, err := tls.LoadX509KeyPair(o.Cert, o.Key)
			if err != nil {
				return nil, fmt.Errorf("--queue-tls-cert: %s, %s: %w", o.Cert, o.Key, err)
			}
			config.Certificates = []tls.Certificate{pair}
		}
		opts = append(opts, nats.Secure(config))
	}
	if o.Creds != "" {
		if _, err := os.ReadFile(o.Creds); err != nil {
			return nil, fmt.Errorf("--queue-creds: %w", err)
		}
		opts = append(opts, nats.UserCredentials(o.Creds))
	}
	return opts, nil
}

// watched are options that keep a connection for ever, and tell of it.
func (l *Line) watched(note func(string)) []nats.Option {
	return []nats.Option{
		nats.MaxReconnects(-1), nats.ReconnectWait(time.Second), nats.PingInterval(20 * time.Second),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				note(fmt.Sprintf("%s: the connection is lost (%s); trying again until it is back", l.Where, OneLine(err)))
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { note(l.Where + ": connected again") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			if errors.Is(err, nats.ErrPermissionViolation) {
				note(l.Where + ": " + OneLine(err))
			}
		}),
	}
}

// Embed starts a server in this process that listens nowhere, with its files in
// a folder.
func Embed(dir string) (*server.Server, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "pointille", DontListen: true, NoSigs: true, NoLog: true, JetStream: true, StoreDir: dir, MaxPayload: 8 << 20,
		JetStreamMaxMemory: 64 << 20,
	})
	if err != nil {
		return nil, fmt.Errorf("starting the queue in this process: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		s.Shutdown()
		return nil, fmt.Errorf("starting the queue in this process: it is not ready after 20 s (its files lie in %s)", dir)
	}
	return s, nil
}

// AnswersWithin is how long the other side may take to answer.
const AnswersWithin = time.Second

// Close hands over what is still to be sent, and ends the connection.
func (l *Line) Close() {
	_ = l.Conn.FlushTimeout(AnswersWithin) // it may be lost
	l.Conn.Close()
}

// Within connects to a server in this process.
func Within(s *server.Server, id Identity) (*Line, error) {
	l := &Line{Where: "the queue in this process", Identity: id}
	var err error
	if l.Conn, err = nats.Connect("", nats.InProcessServer(s)); err != nil {
		return nil, fmt.Errorf("%s: %w", l.Where, err)
	}
	return l, nil
}
