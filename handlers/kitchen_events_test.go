package handlers

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// stream opens the events of the kitchen over a real connection and hands over
// its lines; the channel is closed when the stream ends.
func (s *testServer) stream(server *httptest.Server, b *browser) <-chan string {
	s.t.Helper()
	return s.streamUntil(s.t.Context(), server, b)
}

// streamUntil is stream for a client that leaves when a context ends.
func (s *testServer) streamUntil(ctx context.Context, server *httptest.Server, b *browser) <-chan string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/cucina/eventi", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	home := httptest.NewRequest("GET", "http://borgoluce.test/", nil)
	for _, c := range b.jar.Cookies(home.URL) {
		req.AddCookie(c)
	}
	res, err := server.Client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	if got := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || got != "text/event-stream" {
		s.t.Fatalf("events: status %d, %s", res.StatusCode, got)
	}
	lines := make(chan string, 16)
	go func() {
		defer close(lines)
		defer res.Body.Close()
		for scanner := bufio.NewScanner(res.Body); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	return lines
}

// next is the next line of a stream that is not empty.
func next(t testing.TB, lines <-chan string) string {
	t.Helper()
	for {
		select {
		case line, open := <-lines:
			if !open {
				return "end"
			}
			if line != "" {
				return line
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the stream said nothing for 10 seconds")
		}
	}
}

func TestKitchenPageHearsTheClose(t *testing.T) {
	s := newTestServer(t)
	server := httptest.NewUnstartedServer(s.web)
	server.Config.ReadTimeout, server.Config.WriteTimeout = 300*time.Millisecond, 300*time.Millisecond
	server.Start()
	defer server.Close()
	defer s.web.HangUp()
	lines := s.stream(server, s.browser(testKitchen))
	if got := next(t, lines); !strings.HasPrefix(got, ":") {
		t.Fatalf("first line: got %q, want a comment", got)
	}
	time.Sleep(400 * time.Millisecond) // longer than the server's own deadlines
	s.at(testDay, "09:31:00")
	s.closeDue()
	for range 4 {
		if got := next(t, lines); got == "data: "+testDay.String() {
			return
		} else if !strings.HasPrefix(got, ":") {
			t.Fatalf("after the close: got %q, want a message or a comment", got)
		}
	}
	t.Fatal("the close was not told")
}

func TestKitchenStreamEndsWhenTheServerStops(t *testing.T) {
	s := newTestServer(t)
	server := httptest.NewUnstartedServer(s.web)
	server.Config.RegisterOnShutdown(s.web.HangUp)
	server.Start()
	lines := s.stream(server, s.browser(testKitchen))
	next(t, lines)
	start := time.Now()
	if err := server.Config.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := next(t, lines); got != "end" {
		t.Errorf("got %q after the shutdown, want the end", got)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("the shutdown took %v", took)
	}
}

func TestKitchenStreamOverATransportWithoutDeadlinesEnds(t *testing.T) {
	s := newTestServer(t)
	p := s.browser(testKitchen).ok("/cucina/eventi")
	if got, want := p.body, ": "+testDay.String()+"\n\n"; got != want {
		t.Errorf("got %q, want %q and the end", got, want)
	}
}

func TestKitchenStreamEndsWithItsClient(t *testing.T) {
	s := newTestServer(t)
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		s.web.ServeHTTP(w, r)
	}))
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	next(t, s.streamUntil(ctx, server, s.browser(testKitchen)))
	leave()
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Fatal("the handler outlived its client")
	}
}
