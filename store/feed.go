package store

import (
	"sync"

	"refettorio/canteen"
)

// feed tells pages that stay open that a day changed. It carries no content:
// who hears it asks the record again.
type feed struct {
	mu     sync.Mutex
	ears   map[chan canteen.Date]struct{}
	closed bool
}

// Listen returns a channel that gets a day each time it is closed or revised,
// and a function that ends it. A slow listener misses repeats, never the last
// one. The channel is closed when the store closes.
func (s *Store) Listen() (<-chan canteen.Date, func()) {
	f := &s.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	ear := make(chan canteen.Date, 1)
	if f.closed {
		close(ear)
		return ear, func() {}
	}
	if f.ears == nil {
		f.ears = map[chan canteen.Date]struct{}{}
	}
	f.ears[ear] = struct{}{}
	return ear, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.ears, ear)
	}
}

func (f *feed) tell(day canteen.Date) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for ear := range f.ears {
		select {
		case <-ear: // an unheard older word gives way
		default:
		}
		ear <- day
	}
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for ear := range f.ears {
		close(ear)
	}
	f.ears = nil
}
