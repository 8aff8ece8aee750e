package jobs

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"refettorio/canteen"
	"refettorio/notify"
	"refettorio/store"
)

// How the outbox is emptied. The record rings when there is something to send;
// the bell is for what is due again later.
const (
	postEvery   = 5 * time.Second
	expireEvery = time.Minute
	postBatch   = 20 // after so many the record is asked again: a code may have come
	sendTimeout = time.Minute
	restFor     = 30 * time.Second // when there is no way out at all
)

// Post is what it takes to send a message.
type Post struct {
	Sender   notify.Sender
	Channels []canteen.Channel // those the sender has
	Words    Words
	Town     string // who writes: "Comune di Borgoluce"
	Service  string // "Refezione scolastica"
	Site     string // where people log in
	Domain   string // of the ids of our letters
}

// Words are the texts of the messages in every language.
type Words interface {
	T(lang, key string, args ...any) string
	Has(key string) bool
}

// listen sends what the record rings for, until ctx ends.
func (r *Runner) listen(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.store.Outbox():
			r.Deliver(ctx)
		}
	}
}

// Deliver sends the messages that are due. A message is marked as sent after it
// was: a crash in between sends it again, under the same id, and nobody goes
// without.
func (r *Runner) Deliver(ctx context.Context) {
	select {
	case r.posting <- struct{}{}:
		defer func() { <-r.posting }()
	case <-ctx.Done():
		return
	}
	r.attempt("messages", canteen.DateOf(r.store.Now()).String(), func() (string, error) {
		if err := r.expire(); err != nil || r.opt.Post == nil || r.resting() {
			return "", err
		}
		for ctx.Err() == nil {
			due, err := r.store.DueMessages(store.Job(), postBatch, r.opt.Post.Channels)
			if err != nil || len(due) == 0 {
				return "", err
			}
			for i := range due {
				if ctx.Err() != nil {
					return "", nil
				}
				if err := r.deliver(ctx, &due[i]); err != nil {
					return "", err
				}
			}
		}
		return "", nil
	})
}

// resting tells whether the way out was closed a moment ago.
func (r *Runner) resting() bool {
	since := r.store.Now().Sub(r.closed)
	return since >= 0 && since < restFor
}

// expire ends, once a minute, what is not worth sending any more.
func (r *Runner) expire() error {
	now := r.store.Now()
	if since := now.Sub(r.swept); since >= 0 && since < expireEvery {
		return nil
	}
	r.swept = now
	for {
		n, err := r.store.ExpireMessages(store.Job())
		if err != nil || n == 0 {
			return err
		}
		r.log.Info("messages expired", "count", n)
	}
}

// deliver sends a message to each of its people and writes what became of it.
func (r *Runner) deliver(ctx context.Context, m *store.Outgoing) error {
	tried := make([]store.Delivery, 0, len(m.To))
	for _, to := range m.To {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		id, err := r.opt.Post.Sender.Send(ctx, r.opt.Post.letter(m, to, r.store.Now()))
		cancel()
		if errors.Is(err, notify.ErrUnreachable) {
			r.closed = r.store.Now()
			return errors.Join(err, r.record(m, tried))
		}
		d := store.Delivery{Person: to.Person, Channel: to.Channel, State: outcome(err), ID: id}
		if err != nil { // without the address: it is personal
			r.log.Warn("message not delivered", "message", m.Number, "kind", m.Kind, "channel", to.Channel, "state", d.State, "error", err)
		}
		tried = append(tried, d)
	}
	return r.store.RecordDeliveries(store.Job(), m.Number, tried)
}

// record writes what was done before the way out closed, if anything was: the
// message itself has lost no try.
func (r *Runner) record(m *store.Outgoing, tried []store.Delivery) error {
	if len(tried) == 0 {
		return nil
	}
	tried = append(tried, store.Delivery{State: store.MessageQueued})
	return r.store.RecordDeliveries(store.Job(), m.Number, tried)
}

// outcome is the state a delivery is in after a try.
func outcome(err error) string {
	switch {
	case err == nil:
		return store.MessageSent
	case errors.Is(err, notify.ErrUnknown):
		return store.MessageUnknown
	case errors.Is(err, notify.ErrRefused):
		return store.MessageFailed
	}
	return store.MessageQueued
}

// letter puts a message into words. A text message is the short form of a kind
// that has one, else its subject.
func (p *Post) letter(m *store.Outgoing, to store.Recipient, now time.Time) notify.Letter {
	args := make([]any, len(m.Facts))
	for i, f := range m.Facts {
		args[i] = f.Value()
	}
	base := "message." + m.Kind
	l := notify.Letter{Channel: to.Channel, To: to.Address, Lang: to.Lang, At: now, ID: p.id(m, to),
		Subject: p.Words.T(to.Lang, base+".subject", args...)}
	if to.Channel == canteen.ChannelSMS {
		if l.Text = l.Subject; p.Words.Has(base + ".sms") {
			l.Text = p.Words.T(to.Lang, base+".sms", args...)
		}
		return l
	}
	l.Text = p.Words.T(to.Lang, base+".text", args...) + "\n\n" + p.Words.T(to.Lang, "message.footer", p.Service, p.Town, p.Site)
	return l
}

// id is the same however often the letter is tried, and names nobody.
func (p *Post) id(m *store.Outgoing, to store.Recipient) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %s", m.Number, m.At.UnixNano(), to.Person, to.Channel))
	return fmt.Sprintf("%d.%x@%s", m.Number, sum[:8], p.Domain)
}
