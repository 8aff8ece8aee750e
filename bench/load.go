package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"log/slog"

	"refettorio/canteen"
	"refettorio/handlers"
	"refettorio/handlers/render"
	"refettorio/store"
)

// clients is how many callers cancel at once.
const clients = 64

// cancellations measures acts over HTTP, each on the disk before its answer,
// against a bare server with the same shared commit.
func cancellations(dir string) error {
	const n = 5000
	folder := filepath.Join(dir, "cancel")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	ours, err := openOurs(folder, n)
	if err != nil {
		return err
	}
	defer ours.Close()
	if err := ours.nextDay(); err != nil {
		return err
	}
	web, err := handlers.New(handlers.Options{Store: ours.Store, Log: slog.New(slog.DiscardHandler), Town: render.Town{Name: "Bench"}})
	if err != nil {
		return err
	}
	secret, err := ours.AddToken(store.Console(), store.Token{Name: "bench", Scopes: []string{store.ScopeFamilyGateway}})
	if err != nil {
		return err
	}
	raw, err := openRaw(filepath.Join(folder, "raw.db"), n)
	if err != nil {
		return err
	}
	defer raw.db.Close()
	product, bare := httptest.NewServer(web), httptest.NewServer(bareServer(raw))
	defer product.Close()
	defer bare.Close()

	// Every call is a new act: a pupil and a day of its own.
	var next atomic.Int64
	days := make([]canteen.Date, 0, 60)
	for len(days) < cap(days) {
		if err := ours.nextDay(); err != nil {
			return err
		}
		days = append(days, ours.day)
	}
	ours.set(days[0].AddDays(-1).At(7 * 60))
	askOurs := func() *http.Request {
		i := int(next.Add(1))
		pan, day := ours.pans[i%n], days[i/n%len(days)]
		req, err := http.NewRequest(http.MethodPost, product.URL+"/api/v1/pupils/"+pan.String()+"/communications",
			strings.NewReader(`{"kind":"absence","from":"`+day.String()+`","to":"`+day.String()+`"}`))
		if err != nil {
			panic(err)
		}
		req.Header.Set("Authorization", "Bearer "+secret)
		req.Header.Set("Content-Type", "application/json")
		return req
	}
	askRaw := func() *http.Request {
		i := int(next.Add(1))
		req, err := http.NewRequest(http.MethodPost, bare.URL+"/cancel?day="+strconv.Itoa(i/n)+"&pupil="+strconv.Itoa(i%n+1), nil)
		if err != nil {
			panic(err)
		}
		return req
	}
	var a, b, p99a, p99b []time.Duration
	for range 5 {
		each, p99, err := storm(askOurs)
		if err != nil {
			return err
		}
		a, p99a = append(a, each), append(p99a, p99)
		if each, p99, err = storm(askRaw); err != nil {
			return err
		}
		b, p99b = append(b, each), append(p99b, p99)
	}
	row(fmt.Sprintf("cancellation over HTTP, %d clients, time each", clients), a, b)
	row(fmt.Sprintf("the same, p99 of the answers (%.0f/s ours, %.0f/s raw)", 1/median(a).Seconds(), 1/median(b).Seconds()), p99a, p99b)
	return nil
}

// storm lets the clients ask for two seconds; it returns the mean time between
// answers and the 99th percentile of waiting.
func storm(ask func() *http.Request) (each, p99 time.Duration, err error) {
	transport := &http.Transport{MaxIdleConnsPerHost: clients, DialContext: (&net.Dialer{}).DialContext}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	end := time.Now().Add(2 * time.Second)
	waits := make([][]time.Duration, clients)
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	start := time.Now()
	for w := range clients {
		wg.Go(func() {
			for time.Now().Before(end) {
				at := time.Now()
				resp, err := client.Do(ask())
				if err == nil {
					_, _ = io.Copy(io.Discard, resp.Body) // only to free the connection
					_ = resp.Body.Close()
					if resp.StatusCode >= 300 {
						err = fmt.Errorf("status %d", resp.StatusCode)
					}
				}
				if err != nil {
					failed.Store(&err)
					return
				}
				waits[w] = append(waits[w], time.Since(at))
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	if e := failed.Load(); e != nil {
		return 0, 0, *e
	}
	all := slices.Concat(waits...)
	slices.Sort(all)
	return elapsed / time.Duration(len(all)), all[len(all)*99/100], nil
}

// bareServer cancels on raw bbolt: read two numbers, write, answer.
func bareServer(t *rawTown) http.Handler {
	w := t.writer()
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		day, err1 := strconv.Atoi(r.FormValue("day"))
		pupil, err2 := strconv.Atoi(r.FormValue("pupil"))
		if err1 != nil || err2 != nil {
			rw.WriteHeader(http.StatusBadRequest)
			return
		}
		c := rawCancel{uint32(day), uint64(pupil), make(chan error, 1)}
		w.queue <- c
		if err := <-c.done; err != nil {
			rw.WriteHeader(http.StatusInternalServerError)
			return
		}
		rw.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(rw, `{"ok":true}`) // a client that hung up has no answer to lose
	})
}

// others measures how long a small act waits while a day closes.
func others(t *ourTown) error {
	if err := t.nextDay(); err != nil {
		return err
	}
	if err := t.absences(); err != nil {
		return err
	}
	ahead := t.day.AddDays(7)
	stop, waits := make(chan struct{}), make(chan []time.Duration)
	go func() {
		var all []time.Duration
		for i := 0; ; i++ {
			select {
			case <-stop:
				waits <- all
				return
			default:
			}
			at := time.Now()
			req := store.CommunicationRequest{Pupils: []canteen.PAN{t.pans[i%len(t.pans)]}, Kind: canteen.White, From: ahead, To: ahead}
			if _, err := t.Communicate(store.Job(), req); err != nil {
				panic(err)
			}
			all = append(all, time.Since(at))
		}
	}()
	if err := t.close(); err != nil {
		return err
	}
	close(stop)
	all := <-waits
	slices.Sort(all)
	fmt.Printf("| another writer during a close of %d pupils, p99 of %d acts | %s | – | – | worst %s |\n",
		len(t.pans), len(all), short(all[len(all)*99/100]), short(all[len(all)-1]))
	return nil
}

// backups measures a verified backup under load, and the start of a file.
func backups(t *ourTown, dir string) error {
	stop, worst := make(chan struct{}), make(chan time.Duration)
	ahead := t.day.AddDays(14)
	go func() {
		var max time.Duration
		for i := 0; ; i++ {
			select {
			case <-stop:
				worst <- max
				return
			default:
			}
			at := time.Now()
			req := store.CommunicationRequest{Pupils: []canteen.PAN{t.pans[i%len(t.pans)]}, Kind: canteen.Absence, From: ahead, To: ahead}
			if _, err := t.Communicate(store.Job(), req); err != nil {
				panic(err)
			}
			if d := time.Since(at); d > max {
				max = d
			}
		}
	}()
	start := time.Now()
	size, err := t.Backup(filepath.Join(dir, "backup.db"))
	elapsed := time.Since(start)
	close(stop)
	stall := <-worst
	if err != nil {
		return err
	}
	start = time.Now()
	s, err := store.Open(filepath.Join(dir, "backup.db"), store.Options{})
	if err != nil {
		return err
	}
	opened := time.Since(start)
	fmt.Printf("| verified backup of %d MB under a writer | %s (%.1f s/GB) | – | – | worst stall %s |\n", size>>20, short(elapsed),
		elapsed.Seconds()/float64(size)*(1<<30), short(stall))
	fmt.Printf("| opening that file | %s | – | – | |\n", short(opened))
	return s.Close()
}

// year measures the file after 200 days of 1,500 pupils, and whether closing
// gets slower.
func year(dir string) error {
	folder := filepath.Join(dir, "year")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	t, err := openOurs(folder, 1500)
	if err != nil {
		return err
	}
	defer t.Close()
	var early, late []time.Duration
	for i := range 200 {
		if err := t.nextDay(); err != nil {
			return err
		}
		if err := t.absences(); err != nil {
			return err
		}
		into := new([]time.Duration)
		if i >= 5 && i < 15 {
			into = &early
		} else if i >= 190 {
			into = &late
		}
		if err := timed(into, t.close); err != nil {
			return err
		}
	}
	info, err := os.Stat(t.Path())
	if err != nil {
		return err
	}
	fmt.Printf("| 200 days of 1,500 pupils: the file | %d MB | – | – | |\n", info.Size()>>20)
	fmt.Printf("| close on days 190–200 ÷ days 6–15 | %s | %s | %.2f | |\n", short(median(late)), short(median(early)), median(late).Seconds()/median(early).Seconds())
	return nil
}
