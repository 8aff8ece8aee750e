package demo

import (
	"errors"
	"fmt"
	"sync"

	"refettorio/canteen"
	"refettorio/store"
)

// payers is how many payments the office's file has under way at once: those
// that wait at the same time share a commit, and a year of them takes seconds.
const payers = 256

// The ways of paying outside the portal, and how common they are.
var (
	means       = []string{"bank", "post", "cash"}
	meansWeight = []int{6, 3, 1}
)

// payIn records what families have paid: it reaches the office with the
// treasurer's list of the day.
func (l *life) payIn(day canteen.Date) error {
	var due []store.OutsidePayment
	for _, one := range l.seated {
		if n := one.purse.topUp(l.money); n > 0 {
			p := l.payment(one, one.purse.meals(n))
			if l.money.chance(40) && !l.firstDay(day) {
				p.Day = day.AddDays(-1)
			}
			one.purse.balance += p.Amount
			due = append(due, p)
		}
	}
	return l.record(due)
}

// payment is a payment for a child, made today, with the next receipt's number.
func (l *life) payment(one *child, amount canteen.Cents) store.OutsidePayment {
	l.payments++
	day := canteen.DateOf(l.b.clock.now())
	return store.OutsidePayment{Pupil: one.pan, Amount: amount, Day: day,
		Reference: fmt.Sprintf("BRG-%d-%06d", day.Year(), l.payments), Means: means[l.money.weighted(meansWeight)]}
}

// record enters payments, many at a time. They are of different pupils, so
// their order changes no balance and no line of an account.
func (l *life) record(due []store.OutsidePayment) error {
	errs := make([]error, len(due))
	queue := make(chan int)
	var desks sync.WaitGroup
	for range min(payers, len(due)) {
		desks.Go(func() {
			for i := range queue {
				errs[i] = l.b.store.RecordOutsidePayment(office, due[i])
			}
		})
	}
	for i := range due {
		queue <- i
	}
	close(queue)
	desks.Wait()
	for i, err := range errs {
		if err != nil {
			errs[i] = fmt.Errorf("payment %s: %w", due[i].Reference, err)
		}
	}
	return errors.Join(errs...)
}
