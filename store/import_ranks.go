package store

import (
	"fmt"
	"math"
	"slices"

	"refettorio/canteen"
)

// households ranks siblings: pupils that are connected through guardians they
// share, however long the chain. Guardians are declared links (story 43), so
// surnames do not count. Every household a file touches is walked once.
type households struct {
	tx      *tx
	today   canteen.Date
	years   map[string]bool
	town    *town
	touched []*plannedPupil
	known   map[canteen.PAN]*plannedPupil          // of the plan, and of the record as far as it was needed
	of      map[canteen.GuardianID][]*plannedPupil // the plan's pupils by guardian
	walked  map[canteen.PAN]bool
	asked   map[canteen.GuardianID]bool
	members []*plannedPupil // everybody walked
	differ  bool            // a place that was there has another rank
}

func newHouseholds(tx *tx, touched []*plannedPupil, years map[string]bool, today canteen.Date) *households {
	h := &households{tx: tx, today: today, years: years, town: tx.townNow(), touched: touched,
		known: make(map[canteen.PAN]*plannedPupil, len(touched)), of: map[canteen.GuardianID][]*plannedPupil{},
		walked: make(map[canteen.PAN]bool, len(touched)), asked: map[canteen.GuardianID]bool{},
		members: make([]*plannedPupil, 0, len(touched))}
	for _, one := range touched {
		h.known[one.PAN] = one
		for _, g := range one.Guardians {
			h.of[g] = append(h.of[g], one)
		}
	}
	return h
}

// rank ranks the households of the plan's pupils, and those they have left.
func (h *households) rank() {
	for _, one := range h.touched {
		h.household(one)
		for _, g := range one.left {
			if h.asked[g] {
				continue
			}
			if home := h.pupilsOf(g); len(home) > 0 {
				h.household(home[0]) // through g to all the others
			}
			h.asked[g] = true
		}
	}
}

// household walks from a pupil to all it is connected with and ranks them.
func (h *households) household(start *plannedPupil) {
	if h.walked[start.PAN] {
		return
	}
	h.walked[start.PAN] = true
	home := []*plannedPupil{start}
	for i := 0; i < len(home); i++ {
		for _, g := range home[i].Guardians {
			if h.asked[g] {
				continue
			}
			h.asked[g] = true
			for _, other := range h.pupilsOf(g) {
				if !h.walked[other.PAN] {
					h.walked[other.PAN] = true
					home = append(home, other)
				}
			}
		}
	}
	h.members = append(h.members, home...)
	slices.SortFunc(home, func(a, b *plannedPupil) int { return canteen.ByAge(&a.Pupil, &b.Pupil) })
	for year := range h.years {
		h.rankYear(home, year)
	}
}

// pupilsOf returns the pupils a guardian will have: the plan's, and those of the
// record that the plan does not speak of.
func (h *households) pupilsOf(g canteen.GuardianID) []*plannedPupil {
	all := slices.Clone(h.of[g])
	h.tx.scan(pupilsByGuardian, key64(uint64(g)), func(k, _ []byte) bool {
		pan := panAtEnd(k)
		one := h.known[pan]
		if one == nil {
			p, ok := h.tx.pupil(pan)
			if !ok {
				return h.tx.err == nil
			}
			one = &plannedPupil{Pupil: p, known: true, sibling: true, places: placesOf(h.tx.enrolmentsOf(pan))}
			h.known[pan] = one
		}
		if one.sibling {
			all = append(all, one)
		}
		return true
	})
	return all
}

// rankYear numbers the siblings that have a place in a school year. A place that
// has ended keeps its rank and counts no more.
func (h *households) rankYear(home []*plannedPupil, year string) {
	rank := uint8(0)
	for _, one := range home {
		in := false
		for i := range one.places {
			e := &one.places[i]
			class := h.town.byClass[e.Class]
			if !e.live() || class == nil || class.Year != year || e.Until != 0 && e.Until < h.today {
				continue
			}
			if !in && rank < math.MaxUint8 {
				rank++
			}
			in = true
			if e.Rank != rank {
				e.Rank = rank
				h.differ = h.differ || e.change != placeNew
				e.touch()
			}
		}
	}
}

// settle writes the places of one pupil as they were decided, and with them the
// ranks of its household in a school year: whoever comes or goes may move its
// siblings. Places end before others begin, as the list has them.
func (tx *tx) settle(one *plannedPupil, year string) error {
	homes := newHouseholds(tx, []*plannedPupil{one}, map[string]bool{year: true}, canteen.DateOf(tx.now))
	homes.rank()
	for _, member := range homes.members {
		if err := tx.putPlaces(member); err != nil {
			return err
		}
	}
	if homes.differ {
		tx.logChange(whatRanks, one.PAN.String(), year)
	}
	return tx.err
}

func (tx *tx) putPlaces(p *plannedPupil) error {
	for i := range p.places {
		switch e := &p.places[i]; e.change {
		case placeDropped:
			tx.dropEnrolment(&e.Enrolment)
		case placeChanged, placeNew:
			if err := tx.putEnrolment(&e.Enrolment); err != nil {
				return err
			}
		}
	}
	return nil
}

// whatRanks is the line of the log that says that siblings have other ranks: the
// check reads in it that earlier prices may be of another rank.
const whatRanks = "ranks"

// rankedAgain is how many days back RankSiblings looks, so that a service that
// was away for some nights catches up.
const rankedAgain = 14

// RankSiblings ranks anew the households of which a child has left the service,
// and returns how many places have ended: until its last day the child counts.
// Done twice it changes nothing.
func (s *Store) RankSiblings(act Act) (ended int, err error) {
	err = s.update(act, func(tx *tx) error {
		ended = 0
		today := canteen.DateOf(tx.now)
		var gone []canteen.PAN
		var intern interner
		tx.scan(enrolments, nil, func(k, v []byte) bool {
			var e canteen.Enrolment
			if err := decodeEnrolment(k, v, &e, &intern); err != nil {
				tx.fail(fmt.Errorf("enrolment %x: %w", k, err))
			} else if e.Until < today && e.Until >= today.AddDays(-rankedAgain) && canteen.YearOf(e.From) == canteen.YearOf(today) {
				gone = append(gone, e.Pupil)
			}
			return tx.err == nil
		})
		for _, pan := range gone {
			p, ok := tx.pupil(pan)
			if !ok {
				continue
			}
			one := &plannedPupil{Pupil: p, known: true, places: placesOf(tx.enrolmentsOf(p.PAN))}
			if err := tx.settle(one, canteen.YearOf(today)); err != nil {
				return err
			}
		}
		ended = len(gone)
		return tx.err
	})
	return ended, err
}
