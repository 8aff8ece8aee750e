package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"runtime"
	"sort"
	"sync"
	"time"
)

// metrics counts requests for the private address, in the Prometheus text form.
type metrics struct {
	version string
	start   time.Time
	mu      sync.Mutex
	routes  map[routeStatus]*counter
}

type routeStatus struct {
	route  string
	status int
}

type counter struct {
	n       uint64
	elapsed time.Duration
}

func newMetrics(version string) *metrics {
	return &metrics{version: version, start: time.Now(), routes: map[routeStatus]*counter{}}
}

func (m *metrics) observe(route string, status int, elapsed time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.routes[routeStatus{route, status}]
	if c == nil {
		c = &counter{}
		m.routes[routeStatus{route, status}] = c
	}
	c.n++
	c.elapsed += elapsed
}

func (m *metrics) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "# TYPE refettorio_build_info gauge\nrefettorio_build_info{version=%q,go=%q} 1\n", m.version, runtime.Version())
	fmt.Fprintf(b, "# TYPE refettorio_uptime_seconds gauge\nrefettorio_uptime_seconds %.0f\n", time.Since(m.start).Seconds())
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	fmt.Fprintf(b, "# TYPE go_memory_sys_bytes gauge\ngo_memory_sys_bytes %d\n# TYPE go_goroutines gauge\ngo_goroutines %d\n", mem.Sys, runtime.NumGoroutine())
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := make([]routeStatus, 0, len(m.routes))
	for k := range m.routes {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		return keys[i].route < keys[j].route || keys[i].route == keys[j].route && keys[i].status < keys[j].status
	})
	b.WriteString("# TYPE refettorio_requests_total counter\n")
	for _, k := range keys {
		fmt.Fprintf(b, "refettorio_requests_total{route=%q,status=\"%d\"} %d\n", k.route, k.status, m.routes[k].n)
	}
	b.WriteString("# TYPE refettorio_request_seconds_total counter\n")
	for _, k := range keys {
		fmt.Fprintf(b, "refettorio_request_seconds_total{route=%q,status=\"%d\"} %.6f\n", k.route, k.status, m.routes[k].elapsed.Seconds())
	}
}

// Operations is the handler of the private address: alive, ready, metrics.
func (s *Server) Operations() http.Handler {
	ops := http.NewServeMux()
	ops.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	ops.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := s.store.Ready(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	ops.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		var b bytes.Buffer
		s.metrics.write(&b)
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_, _ = b.WriteTo(w) // whoever scrapes and hangs up asks again
	})
	return ops
}
