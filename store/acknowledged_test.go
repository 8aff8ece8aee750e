package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"refettorio/canteen"
)

// acknowledged is what a parent knows of its children's acts: those that were
// answered with yes must be in the record, those answered with "unavailable"
// may be, and of each worker the act that was under way may be.
type acknowledged struct {
	errand
	acts     map[[2]int]string // worker and number -> answer
	refused  map[[2]int]bool
	next     []int // per worker, the first act nobody has answered
	paid     map[int]bool
	closed   map[canteen.Date]string // day -> what was said of it
	roots    map[canteen.Date]string // day -> its chain when it was seen first
	problems []string
}

func newAcknowledged(e errand) *acknowledged {
	return &acknowledged{errand: e, acts: map[[2]int]string{}, refused: map[[2]int]bool{}, next: make([]int, e.Workers),
		paid: map[int]bool{}, closed: map[canteen.Date]string{}, roots: map[canteen.Date]string{}}
}

func (a *acknowledged) problemf(format string, args ...any) {
	a.problems = append(a.problems, fmt.Sprintf(format, args...))
}

// hear takes a line of a child.
func (a *acknowledged) hear(line string) {
	word, rest, _ := strings.Cut(line, " ")
	var w, n int
	switch word {
	case "act":
		var answer string
		a.scan(rest, &w, &n, &answer)
		// An act that changed nothing is not remembered: asked again it is decided
		// again, and what stood in its way may be gone.
		if before, twice := a.acts[[2]int{w, n}]; twice && before != answer && before != "nothing" {
			a.problemf("act %d of family %d was answered %q and, sent again, %q", n, w, before, answer)
		}
		a.acts[[2]int{w, n}], a.next[w] = answer, max(a.next[w], n+1)
	case "refused":
		a.scan(rest, &w, &n)
		a.refused[[2]int{w, n}], a.next[w] = true, max(a.next[w], n+1)
	case "paid":
		a.scan(rest, &n)
		a.paid[n] = true
	case "closed":
		var day, said string
		a.scan(rest, &day, &said)
		date, err := canteen.ParseDate(day)
		if err != nil {
			a.problemf("line %q: %v", line, err)
		}
		a.closed[date] = said
	}
}

func (a *acknowledged) scan(text string, into ...any) {
	if _, err := fmt.Sscan(text, into...); err != nil {
		a.problemf("line %q: %v", text, err)
	}
}

// verify holds a record against what was acknowledged and returns what is
// wrong.
func (a *acknowledged) verify(s *Store) []string {
	report, err := s.Check(Console(), nil)
	if err != nil {
		a.problemf("check: %v", err)
	}
	a.problems = append(a.problems, report.Problems...)
	who, err := peopleOf(s)
	if err == nil && len(who.pupils) == 0 {
		return append(a.problems, "the town is empty")
	}
	if err == nil && a.Workers > 0 {
		err = s.view(Console(), func(tx *tx) error { a.families(tx, who); return nil })
	}
	if err == nil {
		err = s.view(Console(), func(tx *tx) error { a.payments(tx, who); return nil })
	}
	if err != nil {
		a.problemf("read: %v", err)
	}
	for _, day := range slices.Sorted(maps.Keys(a.closed)) {
		a.day(s, day)
	}
	found := a.problems
	a.problems = nil
	return found
}

// families proves that every receipt belongs to one act and every acknowledged
// act has its receipt, and that what stands is what the receipts say in their
// order.
func (a *acknowledged) families(tx *tx, who people) {
	unclaimed := map[string]Receipt{}
	stands := map[string]string{}
	for _, r := range loadAll[Receipt](tx, receipts) {
		unclaimed[r.answer()] = r
		for _, day := range r.Days {
			key := r.Pupil.String() + " " + day.String()
			if delete(stands, key); r.Kind == ReceiptCommunication {
				stands[key] = r.What + " " + r.Number.String()
			}
		}
	}
	for key, answer := range a.acts {
		in := who.intent(a.errand, key[0], key[1])
		r, ok := unclaimed[answer]
		switch {
		case answer == "nothing":
		case !ok:
			a.problemf("act %d of family %d was answered %q, which is not in the record or is another act's too", key[1], key[0], answer)
		case !in.fits(r):
			a.problemf("act %d of family %d asked for %+v and has the receipt %+v", key[1], key[0], in, r)
		}
		delete(unclaimed, answer)
	}
	a.unanswered(who, unclaimed)
	tx.scan(communications, nil, func(k, v []byte) bool {
		c, err := decodeCommunication(v)
		key := panAtEnd(k).String() + " " + dayOfKey(k).String()
		if have := c.Kind.String() + " " + c.Receipt.String(); err != nil || have != stands[key] {
			a.problemf("for %s stands %q (%v), the receipts say %q", key, have, err, stands[key])
		}
		delete(stands, key)
		return true
	})
	for key, lost := range stands {
		a.problemf("for %s stands nothing, the receipts say %q", key, lost)
	}
}

// answer is a receipt as answerOf writes it.
func (r *Receipt) answer() string {
	text := r.Number.String()
	for _, day := range r.Days {
		text += "," + day.String()
	}
	return text
}

func (in intent) fits(r Receipt) bool {
	kind := ReceiptCommunication
	if in.kind == 0 {
		kind = ReceiptRevocation
	}
	return r.Pupil == in.pan && r.Kind == kind && r.What == in.kind.String() && r.Days[0] >= in.from && r.Days[len(r.Days)-1] <= in.to
}

// unanswered explains the receipts nobody was told of: each is that of a
// refused act or of the one under way, once.
func (a *acknowledged) unanswered(who people, left map[string]Receipt) {
	for w, next := range a.next {
		for n := range next + 1 {
			if n < next && !a.refused[[2]int{w, n}] {
				continue
			}
			in := who.intent(a.errand, w, n)
			for _, answer := range slices.Sorted(maps.Keys(left)) {
				if in.fits(left[answer]) {
					delete(left, answer)
					break
				}
			}
		}
	}
	for answer := range left {
		a.problemf("receipt %s is of no act that was sent, or of one that was done twice", answer)
	}
}

// payment is what the nth payment of a child pays.
func (p *people) payment(n int) OutsidePayment {
	return OutsidePayment{Pupil: p.pupils[n%len(p.pupils)], Amount: canteen.Cents(100 + n%900), Day: monday,
		Reference: fmt.Sprintf("quietanza-%d", n), Means: "post"}
}

// payments proves that every acknowledged payment is credited once and no other
// is but those under way.
func (a *acknowledged) payments(tx *tx, who people) {
	credited := map[string]int{}
	for _, e := range loadAll[entry](tx, entries) {
		if e.Kind == canteen.EntryOutside {
			credited[e.Source]++
		}
	}
	for n := range a.paid {
		p := who.payment(n)
		if credited[p.Reference] != 1 {
			a.problemf("payment %s was acknowledged and credited %d times", p.Reference, credited[p.Reference])
		}
		delete(credited, p.Reference)
	}
	for ref, n := range credited {
		if n != 1 {
			a.problemf("payment %s, not acknowledged, was credited %d times", ref, n)
		}
	}
	if len(credited) > payers {
		a.problemf("%d payments were credited and never acknowledged: %v", len(credited), credited)
	}
}

// day proves that an acknowledged close is whole and as it was when it was seen
// first.
func (a *acknowledged) day(s *Store, day canteen.Date) {
	status, err := s.Day(Console(), day)
	if err != nil {
		a.problemf("day %s: %v", day, err)
		return
	}
	if status.State != canteen.DayClosed || status.Charged.String() != a.closed[day] {
		a.problemf("day %s was acknowledged as closed with %s and is %s with %s", day, a.closed[day], status.State, status.Charged)
	}
	var root string
	err = s.view(Console(), func(tx *tx) error { root = string(tx.get(days, keyDay(day))); return nil })
	if before, seen := a.roots[day]; err != nil || seen && before != root {
		a.problemf("the chain of %s was %s and is %s (%v)", day, before, root, err)
	}
	a.roots[day] = root
	for _, kitchen := range []string{kitchenOne, kitchenTwo} {
		versions, err := s.SheetVersions(Console(), day, kitchen)
		if err != nil || len(versions) > 1 {
			a.problemf("kitchen %s has %d versions of the sheet of %s (%v)", kitchen, len(versions), day, err)
		}
	}
}
