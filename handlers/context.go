package handlers

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// state is what the chain knows about a request.
type state struct {
	received time.Time
	ticket   *store.Ticket
	ref      string // see reference
	actor    canteen.Actor
	user     *store.User
	lang     string
	route    string
	behalf   string        // the name of the person a desk user acts for
	failure  error         // what fail was given, for the log line
	body     io.ReadCloser // unbounded, for the routes that have a bound of their own
}

// reference is the short code a person can read out and that finds the request
// in the log.
func (st *state) reference() string {
	if st.ref == "" {
		st.ref = strings.ToLower(rand.Text()[:8])
	}
	return st.ref
}

type stateKey struct{}

func withState(r *http.Request, st *state) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), stateKey{}, st))
}

func stateOf(r *http.Request) *state {
	st, ok := r.Context().Value(stateKey{}).(*state)
	if !ok {
		panic("handlers: a request that did not come through the chain")
	}
	return st
}

// act makes the business act of a request: who, how, when it reached us.
func act(r *http.Request) store.Act {
	st := stateOf(r)
	a := store.Act{Actor: st.actor, Channel: canteen.ChannelWeb, Received: st.received, Ticket: st.ticket}
	if len(st.actor.Scopes) > 0 {
		a.Channel = canteen.ChannelAPI
	}
	if st.behalf != "" {
		a.Channel, a.OnBehalf = canteen.ChannelDesk, st.behalf
	}
	return a
}
