package store

import (
	"cmp"
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
	slices.SortFunc(home, byAge)
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

// byAge sorts siblings: the eldest first, those whose birth nobody has told us
// last, twins by PAN.
func byAge(a, b *plannedPupil) int {
	if (a.Born == 0) != (b.Born == 0) {
		return cmp.Compare(b.Born, a.Born)
	}
	return cmp.Or(cmp.Compare(a.Born, b.Born), cmp.Compare(a.PAN, b.PAN))
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
				e.touch()
			}
		}
	}
}
