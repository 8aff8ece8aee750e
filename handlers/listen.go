package handlers

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"
)

// HTTPServer is a server with every bound set: a slow or greedy client holds
// nothing for long (reliability.md).
func HTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: RequestTimeout, WriteTimeout: 30 * time.Second,
		IdleTimeout: 90 * time.Second, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
}

// TLSConfig accepts TLS 1.2 and 1.3 with the suites AgID asks for (rules §4) and
// reads the certificate again when its file changes.
func TLSConfig(certificate, key string) (*tls.Config, error) {
	pair := &keyPair{certificate: certificate, key: key}
	if _, err := pair.get(nil); err != nil {
		return nil, fmt.Errorf("tls: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.get, CipherSuites: []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	}}, nil
}

// keyPair is a certificate that may be renewed while we run.
type keyPair struct {
	certificate, key string

	mu     sync.Mutex
	loaded *tls.Certificate
	at     time.Time // the file's time when it was read
}

func (p *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	info, err := os.Stat(p.certificate)
	if err == nil && p.loaded != nil && info.ModTime().Equal(p.at) {
		return p.loaded, nil
	}
	pair, readErr := tls.LoadX509KeyPair(p.certificate, p.key)
	if readErr != nil {
		if p.loaded != nil {
			return p.loaded, nil // half-written by whoever renews it: the next handshake looks again
		}
		return nil, readErr
	}
	p.loaded = &pair
	if err == nil {
		p.at = info.ModTime()
	}
	return p.loaded, nil
}
