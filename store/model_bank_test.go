package store

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"refettorio/canteen"
)

// The bank test: sixty-four callers move money, close days and cancel, and every
// snapshot anybody takes sums to zero.
func TestModel_everySnapshotSumsToZero(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	moves := 30
	if testing.Short() {
		moves = 5
	}
	var all sync.WaitGroup
	for w := range 64 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for n := range moves {
				pan := town.pupils[r.IntN(len(town.pupils))]
				switch w % 4 {
				case 0:
					p := OutsidePayment{Pupil: pan, Amount: canteen.Cents(1 + r.IntN(5000)), Day: monday, Reference: fmt.Sprint(w, "/", n), Means: "post"}
					if err := s.RecordOutsidePayment(office(), p); err != nil {
						t.Error(err)
					}
				case 1:
					tomorrow := canteen.DateOf(c.now()).AddDays(1)
					if _, err := s.Communicate(town.family(pan), CommunicationRequest{Pupils: []canteen.PAN{pan},
						Kind: canteen.CommunicationKind(r.IntN(3)), From: tomorrow, To: tomorrow}); err != nil {
						t.Error(err)
					}
				case 2:
					if w == 2 { // the only one that moves the clock
						c.at(weekday(n), "10:00")
					}
					if _, err := s.CloseDue(t.Context(), Job()); err != nil {
						t.Error(err)
					}
				case 3:
					if sum := sumOf(t, s); sum != 0 {
						t.Errorf("a snapshot sums to %s, want 0", sum)
					}
				}
			}
		})
	}
	all.Wait()
	if sum := sumOf(t, s); sum != 0 {
		t.Errorf("the end sums to %s, want 0", sum)
	}
}

// sumOf adds up every account and ledger in one read.
func sumOf(t *testing.T, s *Store) (sum canteen.Cents) {
	t.Helper()
	err := s.view(Console(), func(tx *tx) error {
		tx.scan(accounts, nil, func(_, v []byte) bool {
			a, err := decodeAccount(v)
			sum += a.balance
			return err == nil
		})
		tx.scan(ledgers, nil, func(_, v []byte) bool {
			sum += canteen.Cents(be.Uint64(v))
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
