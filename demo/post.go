package demo

import (
	"fmt"
	"sync"

	"refettorio/canteen"
	"refettorio/store"
)

// postBatch bounds the messages the town's post looks at on a day: more than an
// ordinary town writes. In a town of a hundred thousand some are left to grow old.
const postBatch = 2000

// postChannels are the ways the town can write by.
var postChannels = []canteen.Channel{canteen.ChannelEmail, canteen.ChannelSMS}

// post hands the day's messages to those who can be reached, and lets the others
// grow old, as a service with a mail server does: the demo's own folder gets only
// what is written after it has begun.
func (b *builder) post() error {
	for {
		n, err := b.store.ExpireMessages(store.Job())
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	due, err := b.store.DueMessages(store.Job(), postBatch, postChannels)
	if err != nil {
		return err
	}
	errs := make([]error, len(due))
	var round sync.WaitGroup
	for i := range due {
		if len(due[i].To) == 0 {
			continue
		}
		round.Go(func() { errs[i] = b.store.RecordDeliveries(store.Job(), due[i].Number, delivered(&due[i])) })
	}
	round.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("message %d: %w", due[i].Number, err)
		}
	}
	return nil
}

func delivered(m *store.Outgoing) (all []store.Delivery) {
	for _, to := range m.To {
		all = append(all, store.Delivery{Person: to.Person, Channel: to.Channel, State: store.MessageSent,
			ID: fmt.Sprintf("borgoluce-%d-%d", m.Number, to.Person)})
	}
	return all
}
