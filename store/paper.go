package store

import (
	"bytes"
	"sort"
	"time"

	"refettorio/canteen"
)

// The kinds of the receipts for what was noted on paper or at the telephone and
// entered after the cut-off (story 49): the request, and the office's answer. The
// sheet and the account are not touched by either.
const (
	ReceiptPaper       = "paper"
	ReceiptPaperAnswer = "paper-answer"
)

// The office's answers to a request, as What of the receipt.
const (
	PaperAccepted = "accepted"
	PaperRefused  = "refused"
)

// paperDays is how far back the office sees requests.
const paperDays = 60

// PaperNote is what a desk user noted while it could not be entered.
type PaperNote struct {
	Pupil  canteen.PAN               `json:"pupil"`
	Kind   canteen.CommunicationKind `json:"kind"`
	Day    canteen.Date              `json:"day"`
	Heard  canteen.ClockTime         `json:"heard"` // of Day: when the family told it
	Reason string                    `json:"reason"`
}

// PaperAnswer says what became of a note.
type PaperAnswer struct {
	Receipt canteen.ReceiptNumber `json:"receipt"`
	Request bool                  `json:"request"` // it came after the cut-off: the office decides
}

// NotePaper enters a note for the person at hand. See canteen.DecideHeard for
// what is decided and refused; the receipt tells when the family called, when the
// server received it, and why so late.
func (s *Store) NotePaper(act Act, n PaperNote) (done PaperAnswer, err error) {
	switch {
	case n.Reason == "":
		return done, canteen.Invalid("reason", "error.required")
	case n.Kind != canteen.Absence && n.Kind != canteen.White:
		return done, canteen.Invalid("kind", "error.required")
	}
	act.heard, act.why = n.Day.At(n.Heard).UTC(), n.Reason
	err = s.update(act, func(tx *tx) error {
		if err := deskNeedsPerson(act.Actor); err != nil {
			return err
		}
		if known, err := tx.onceDone(n, &done); known || err != nil {
			return err
		}
		p, err := tx.ownPupil(n.Pupil)
		if err != nil {
			return err
		}
		plan, received := tx.pupilDays(p), tx.act.received(tx.now)
		state := plan.on(n.Day)
		request, err := state.DecideHeard(n.Kind, act.heard, received)
		if err != nil {
			return err
		}
		done = PaperAnswer{Request: request}
		if request {
			done.Receipt = tx.issue(Receipt{Kind: ReceiptPaper, Pupil: n.Pupil, What: n.Kind.String(), Days: []canteen.Date{n.Day}})
		} else {
			req := CommunicationRequest{Pupils: []canteen.PAN{n.Pupil}, Kind: n.Kind, From: n.Day, To: n.Day}
			out := plan.decide(req, received)
			tx.record(plan, req, &out)
			done.Receipt = out.Days[0].Receipt
		}
		tx.rememberOnce(n, done)
		return nil
	})
	return done, err
}

// PaperRequest is a request and, once there is one, its answer.
type PaperRequest struct {
	DeskAct
	Answer *Receipt
}

// PaperRequests lists the requests of the last 60 days for the office, the
// unanswered first, then by number.
func (s *Store) PaperRequests(act Act) (all []PaperRequest, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		all = tx.paperRequests()
		sort.SliceStable(all, func(i, j int) bool { return all[i].Answer == nil && all[j].Answer != nil })
		tx.saw(look{what: "desk.paper"})
		return nil
	})
	return all, err
}

// paperWord is what the receipts of requests and answers have in common: the
// others are passed over without being decoded.
var paperWord = []byte(`"kind":"` + ReceiptPaper)

func (tx *tx) paperRequests() (all []PaperRequest) {
	at := map[canteen.ReceiptNumber]int{}
	tx.receiptsSince(canteen.DateOf(tx.now).AddDays(-paperDays), func(k, v []byte) bool {
		if !bytes.Contains(v, paperWord) {
			return true
		}
		var r Receipt
		if !tx.decode(receipts, k, v, &r) {
			return false
		}
		switch r.Kind {
		case ReceiptPaper:
			at[r.Number] = len(all)
			all = append(all, PaperRequest{DeskAct: tx.deskAct(r)})
		case ReceiptPaperAnswer:
			if i, ok := at[r.Answers]; ok {
				all[i].Answer = &r
			}
		}
		return true
	})
	return all
}

// AnswerPaper is the office's decision about a request, with its reason, as a
// receipt of its own: the request is never edited. What is owed to the family is
// then credited on the pupil's account like any other credit. KindNotFound for an
// unknown request, Conflict for one that has its answer.
func (s *Store) AnswerPaper(act Act, number canteen.ReceiptNumber, decision, reason string) error {
	switch {
	case decision != PaperAccepted && decision != PaperRefused:
		return canteen.Invalid("decision", "error.required")
	case reason == "":
		return canteen.Invalid("reason", "error.required")
	}
	act.why = reason
	return s.updateOnce(act, []string{number.String(), decision, reason}, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		for _, one := range tx.paperRequests() {
			if one.Receipt.Number != number {
				continue
			}
			if one.Answer != nil {
				return canteen.Refuse(canteen.KindConflict, "error.heard.answered")
			}
			tx.issue(Receipt{Kind: ReceiptPaperAnswer, Pupil: one.Receipt.Pupil, What: decision, Days: one.Receipt.Days, Answers: number})
			return nil
		}
		return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
	})
}

// receiptsSince visits the receipts written on a day or later, in order. Their
// numbers follow their times, so the first is found by halving.
func (tx *tx) receiptsSince(day canteen.Date, visit func(k, v []byte) bool) {
	year, last := uint16(day.Year()), 0
	if k, _ := tx.last(receipts, key16(year)); k != nil {
		last = int(be.Uint32(k[2:]))
	}
	first := 1 + sort.Search(last, func(i int) bool {
		var r struct {
			Written time.Time `json:"written"`
		}
		tx.getJSON(receipts, keyReceipt(canteen.ReceiptNumber{Year: year, N: uint32(i + 1)}), &r)
		return canteen.DateOf(r.Written) >= day
	})
	c := tx.bucket(receipts).Cursor()
	for k, stored := c.Seek(keyReceipt(canteen.ReceiptNumber{Year: year, N: uint32(first)})); k != nil; k, stored = c.Next() {
		if v := tx.open(receipts, k, stored); v == nil || !visit(k, v) {
			return
		}
	}
}
