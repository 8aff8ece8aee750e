package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"refettorio/canteen"
	"refettorio/handlers"
	"refettorio/handlers/render"
	"refettorio/store"
)

// What goes on beside the logins, and after how long an answer is too late: a
// close waits for nobody longer than a request may take.
const (
	cancelEvery = 50 * time.Millisecond
	pageEvery   = 100 * time.Millisecond
	visitors    = 16 // families whose session began days ago
	benchSecret = "una frase lunga"
)

// loginTown is a town in which every pupil has a guardian with a login.
type loginTown struct {
	*ourTown
	server *httptest.Server
	token  string
}

// logins measures the minutes before the cut-off (performance.md P9): n families
// log in, ever more of them, over some time, while others cancel and look at
// their page.
func logins(dir string, n int, over time.Duration) error {
	folder := filepath.Join(dir, "logins")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	t, err := openLogins(folder, n)
	if err != nil {
		return err
	}
	defer t.Close()
	defer t.server.Close()
	known := make([]*http.Client, min(visitors, n))
	for i := range known {
		known[i] = newBrowser()
		if err := t.login(known[i], i); err != nil {
			return err
		}
	}
	stop := make(chan struct{})
	var beside sync.WaitGroup
	var cancels, looks tally
	var most int64
	beside.Go(func() { cancels.every(cancelEvery, stop, t.cancel) })
	beside.Go(func() {
		looks.every(pageEvery, stop, func(i int) error { return t.get(known[i%len(known)], "/famiglia") })
	})
	beside.Go(func() { most = watchMemory(stop) })
	var ins tally
	start := time.Now()
	var all sync.WaitGroup
	for i := range n {
		time.Sleep(time.Until(start.Add(time.Duration(float64(over) * math.Sqrt(float64(i)/float64(n))))))
		all.Go(func() {
			browser := newBrowser()
			defer browser.CloseIdleConnections()
			ins.time(func() error { return t.login(browser, i) })
		})
	}
	all.Wait()
	close(stop)
	beside.Wait()
	fmt.Printf("\n| %d logins rising over %s, with cancellations and pages | p50 | p99 | worst | answers | late or failed |\n|---|---|---|---|---|---|\n", n, over)
	for _, line := range []struct {
		what string
		of   *tally
	}{{"login", &ins}, {"cancellation", &cancels}, {"home page", &looks}} {
		line.of.print(line.what)
	}
	fmt.Printf("| peak memory, with the clients' own | %d MB | | | | |\n\n", most>>10)
	return errors.Join(ins.err, cancels.err, looks.err)
}

func openLogins(folder string, n int) (*loginTown, error) {
	ours, err := openOurs(folder, n)
	if err != nil {
		return nil, err
	}
	t := &loginTown{ourTown: ours}
	if err := errors.Join(t.families(), ours.nextDay()); err != nil {
		return nil, errors.Join(err, ours.Close())
	}
	web, err := handlers.New(handlers.Options{Store: ours.Store, Log: slog.New(slog.DiscardHandler), Town: render.Town{Name: "Bench"}})
	if err != nil {
		return nil, errors.Join(err, ours.Close())
	}
	t.server = httptest.NewServer(web)
	t.token, err = ours.AddToken(store.Console(), store.Token{Name: "bench", Scopes: []string{store.ScopeFamilyGateway}})
	return t, err
}

// families gives every pupil a guardian, and every guardian a login.
func (t *loginTown) families() error {
	hash, err := argon2id.CreateHash(benchSecret, handlers.PasswordParams)
	if err != nil {
		return err
	}
	cf := func(i int) canteen.CodiceFiscale {
		return canteen.CodiceFiscale(fmt.Sprintf("BNC%05dD643XXXXX", i)[:16])
	}
	guardians, pupils := make([]canteen.GuardianRow, len(t.pans)), make([]canteen.PupilRow, len(t.pans))
	for i, pan := range t.pans {
		guardians[i] = canteen.GuardianRow{Line: i + 2, Guardian: canteen.Guardian{CodiceFiscale: cf(i), Surname: fmt.Sprintf("Cognome%d", i), Name: "Nome"}}
		class := i / perClass
		pupils[i] = canteen.PupilRow{Line: i + 2, School: fmt.Sprintf("FGEE%06d", class/perSchool), Grade: fmt.Sprint(class%perSchool%5 + 1),
			Section: string(rune('A' + class%perSchool/5)), Band: "F1", Guardians: []canteen.CodiceFiscale{cf(i)},
			Pupil: canteen.Pupil{PAN: pan, Surname: fmt.Sprintf("Cognome%d", i), Name: "Nome", Born: canteen.NewDate(2018, 5, 1)}}
	}
	report, err := t.ImportGuardians(store.Console(), guardians, store.ImportOptions{})
	if err == nil && report.Written {
		report, err = t.ImportPupils(store.Console(), pupils, store.ImportOptions{})
	}
	if err != nil || !report.Written {
		return errors.Join(err, fmt.Errorf("the families were not imported: %d rows refused", report.Count(canteen.RowRefused)))
	}
	for i := range t.pans {
		u := store.User{Login: loginName(i), Name: "Nome C.", Role: canteen.RoleGuardian, Hash: hash}
		if err := t.AddUser(store.Console(), u, cf(i)); err != nil {
			return err
		}
	}
	return nil
}

func loginName(i int) string { return fmt.Sprintf("famiglia%d", i) }

// newBrowser keeps one session, by hand, and follows no redirect.
func newBrowser() *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &session{next: &http.Transport{MaxIdleConnsPerHost: 1}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// session is the cookies of one browser.
type session struct {
	next *http.Transport

	mu      sync.Mutex
	cookies []*http.Cookie
}

// RoundTrip sends the cookies it was given.
func (s *session) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	for _, c := range s.cookies {
		r.AddCookie(c)
	}
	s.mu.Unlock()
	res, err := s.next.RoundTrip(r)
	if err == nil && len(res.Cookies()) > 0 {
		s.mu.Lock()
		s.cookies = res.Cookies()
		s.mu.Unlock()
	}
	return res, err
}

// CloseIdleConnections lets http.Client close what is kept open.
func (s *session) CloseIdleConnections() { s.next.CloseIdleConnections() }

func (t *loginTown) login(browser *http.Client, i int) error {
	form := url.Values{"login": {loginName(i)}, "password": {benchSecret}}
	res, err := browser.PostForm(t.server.URL+"/accedi", form)
	return expect(res, err, http.StatusSeeOther)
}

func (t *loginTown) get(browser *http.Client, path string) error {
	res, err := browser.Get(t.server.URL + path)
	return expect(res, err, http.StatusOK)
}

// cancel is a cancellation of a day ahead, through the API.
func (t *loginTown) cancel(i int) error {
	day := t.day.AddDays(1 + i/len(t.pans)%200).String()
	req, err := http.NewRequest(http.MethodPost, t.server.URL+"/api/v1/pupils/"+t.pans[i%len(t.pans)].String()+"/communications",
		strings.NewReader(`{"kind":"absence","from":"`+day+`","to":"`+day+`"}`))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+t.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	return expect(res, err, http.StatusCreated)
}

func expect(res *http.Response, err error, want int) error {
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	if err = errors.Join(err, res.Body.Close()); err == nil && res.StatusCode != want {
		err = fmt.Errorf("%s %s: %s", res.Request.Method, res.Request.URL.Path, res.Status)
	}
	return err
}

// tally keeps how long answers took.
type tally struct {
	mu    sync.Mutex
	waits []time.Duration
	late  int
	err   error // the first failure
}

func (c *tally) time(do func() error) {
	start := time.Now()
	err := do()
	wait := time.Since(start)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = append(c.waits, wait)
	if err != nil || wait > handlers.RequestTimeout {
		c.late++
	}
	if c.err == nil {
		c.err = err
	}
}

// every does something again and again, without waiting for the answers before.
func (c *tally) every(pause time.Duration, stop <-chan struct{}, do func(i int) error) {
	var all sync.WaitGroup
	defer all.Wait()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-tick.C:
			all.Go(func() { c.time(func() error { return do(i) }) })
		}
	}
}

func (c *tally) print(what string) {
	if len(c.waits) == 0 {
		return
	}
	slices.Sort(c.waits)
	n := len(c.waits)
	fmt.Printf("| %s | %s | %s | %s | %d | %d |\n", what, short(c.waits[n/2]), short(c.waits[n*99/100]), short(c.waits[n-1]), n, c.late)
}

// watchMemory returns the most memory this process held, in kilobytes, without
// the pages of the file.
func watchMemory(stop <-chan struct{}) (most int64) {
	for {
		select {
		case <-stop:
			return most
		case <-time.After(20 * time.Millisecond):
			most = max(most, held("RssAnon:"))
		}
	}
}
