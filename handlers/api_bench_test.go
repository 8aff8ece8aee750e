package handlers

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// BenchmarkAPICommunications is the rush before the cut-off (goal P5): 64
// clients, each communication accepted and on the disk before its answer.
// "http" is through a socket, "handler" without one, "store" is the record alone.
func BenchmarkAPICommunications(b *testing.B) {
	for _, way := range []struct {
		name string
		send func(*apiKit) func(*testing.B, apiTurn)
	}{
		{"http", (*apiKit).overHTTP},
		{"handler", (*apiKit).intoHandler},
		{"store", (*apiKit).intoStore},
	} {
		b.Run(way.name, func(b *testing.B) {
			k := newAPIKit(b)
			pans := k.crowd(2000)
			send, turns := way.send(k), atomic.Int64{}
			b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					send(b, turnOf(pans, int(turns.Add(1))))
				}
			})
		})
	}
}

// apiTurn is one communication of the rush.
type apiTurn struct {
	pan  canteen.PAN
	kind canteen.CommunicationKind
	day  canteen.Date
}

// turnOf gives every turn something new to say: each pupil is away on a day,
// then eats in bianco on it, then goes on to the next Wednesday.
func turnOf(pans []canteen.PAN, n int) apiTurn {
	round := n / len(pans)
	return apiTurn{pans[n%len(pans)], canteen.CommunicationKind(1 + round%2), apiWednesday.AddDays(7 * (1 + round/2%8))}
}

func (n apiTurn) path() string { return "/api/v1/pupils/" + n.pan.String() + "/communications" }
func (n apiTurn) body() string {
	return `{"kind":"` + n.kind.String() + `","from":"` + n.day.String() + `"}`
}

// crowd adds pupils, 25 to a class.
func (k *apiKit) crowd(n int) (pans []canteen.PAN) {
	k.t.Helper()
	var classes []canteen.ClassRow
	var pupils []canteen.PupilRow
	for i := range n {
		section := fmt.Sprintf("K%d", i/25)
		if i%25 == 0 {
			classes = append(classes, canteen.ClassRow{Line: len(classes) + 2, School: apiRodari, Grade: "4", Section: section, Weekdays: canteen.MonToFri})
		}
		pan := canteen.NewPAN(uint64(20_000_000 + i))
		pans = append(pans, pan)
		pupils = append(pupils, canteen.PupilRow{Line: i + 2, School: apiRodari, Grade: "4", Section: section,
			Pupil: canteen.Pupil{PAN: pan, Name: "Nome" + section, Surname: fmt.Sprintf("Cognome%d", i), Born: canteen.NewDate(2017, 1+i%12, 1+i%28)}})
	}
	if report, err := k.store.ImportClasses(store.Console(), classes, store.ImportOptions{}); err != nil || !report.Written {
		k.t.Fatal(err, report)
	}
	if report, err := k.store.ImportPupils(store.Console(), pupils, store.ImportOptions{}); err != nil || !report.Written {
		k.t.Fatal(err, report)
	}
	return pans
}

func (k *apiKit) overHTTP() func(*testing.B, apiTurn) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}
	k.t.Cleanup(client.CloseIdleConnections)
	return func(b *testing.B, n apiTurn) {
		req, err := http.NewRequest(http.MethodPost, k.http.URL+n.path(), strings.NewReader(n.body()))
		if err != nil {
			b.Error(err)
			return
		}
		req.Header.Set("Authorization", "Bearer family")
		req.Header.Set("Content-Type", "application/json")
		res, err := client.Do(req)
		if err != nil {
			b.Error(err)
			return
		}
		if _, err = io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusCreated {
			b.Errorf("%s %s: got %d %v, want 201", n.path(), n.body(), res.StatusCode, err)
		}
		_ = res.Body.Close() // read to its end
	}
}

func (k *apiKit) intoHandler() func(*testing.B, apiTurn) {
	return func(b *testing.B, n apiTurn) {
		req := httptest.NewRequest(http.MethodPost, n.path(), strings.NewReader(n.body()))
		req.Header.Set("Authorization", "Bearer family")
		req.Header.Set("Content-Type", "application/json")
		res := httptest.NewRecorder()
		if k.server.ServeHTTP(res, req); res.Code != http.StatusCreated {
			b.Errorf("%s %s: got %d %s, want 201", n.path(), n.body(), res.Code, res.Body)
		}
	}
}

func (k *apiKit) intoStore() func(*testing.B, apiTurn) {
	act := store.Act{Actor: tokenActor(k, "family"), Channel: canteen.ChannelAPI, Received: k.store.Now()}
	return func(b *testing.B, n apiTurn) {
		out, err := k.store.Communicate(act, store.CommunicationRequest{Pupils: []canteen.PAN{n.pan}, Kind: n.kind, From: n.day, To: n.day})
		if err != nil || out[0].Count(canteen.Accepted) != 1 {
			b.Errorf("%s %s: got %v %v, want one accepted day", n.path(), n.body(), out, err)
		}
	}
}
