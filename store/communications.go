package store

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"refettorio/canteen"
)

// CommunicationRequest asks for the same thing on a range of days, both
// included, for one or several pupils. Kind 0 takes back what stands.
type CommunicationRequest struct {
	Pupils   []canteen.PAN             `json:"pupils"`
	Kind     canteen.CommunicationKind `json:"kind"`
	From, To canteen.Date
}

// DayOutcome is the answer for one day.
type DayOutcome struct {
	Day      canteen.Date          `json:"day"`
	Outcome  canteen.Outcome       `json:"outcome"`
	Closure  canteen.Closure       `json:"closure,omitzero"`
	Deadline time.Time             `json:"deadline,omitzero"` // the cut-off applied
	Receipt  canteen.ReceiptNumber `json:"receipt,omitzero"`
	Received time.Time             `json:"received,omitzero"` // what the receipt says

	replaces bool // something else stood before
}

// PupilOutcome is the answer for one pupil. Next is the first day that could
// still be changed, given when a day was too late; Limit is how many white meals
// in a row need no certificate, given when a day was over it.
type PupilOutcome struct {
	Pupil canteen.PAN  `json:"pupil"`
	Days  []DayOutcome `json:"days"`
	Next  canteen.Date `json:"next,omitempty"`
	Limit int          `json:"limit,omitempty"`
}

// Count returns how many days had an outcome.
func (o *PupilOutcome) Count(want canteen.Outcome) (n int) {
	for _, d := range o.Days {
		if d.Outcome == want {
			n++
		}
	}
	return n
}

// maxRange bounds a request: a school year fits.
const maxRange = 366

func (r *CommunicationRequest) validate() error {
	switch {
	case r.From.IsZero():
		return canteen.Invalid("from", "error.required")
	case r.To.IsZero():
		return canteen.Invalid("to", "error.required")
	case r.To < r.From:
		return canteen.Invalid("to", "error.communication.range")
	case r.From.DaysUntil(r.To) >= maxRange:
		return canteen.Invalid("to", "error.communication.long", maxRange)
	case len(r.Pupils) == 0:
		return canteen.Invalid("pupils", "error.communication.pupils")
	}
	return nil
}

// Communicate decides a request and writes what is accepted: per pupil one
// receipt for all its accepted days. It may return Invalid, NotFound (not the
// actor's pupil; then nothing is written for anybody), Unavailable. Days that
// are too late, without service or over the limit of white meals are outcomes,
// not errors.
func (s *Store) Communicate(act Act, req CommunicationRequest) (out []PupilOutcome, err error) {
	if err := req.validate(); err != nil {
		return nil, err
	}
	err = s.update(act, func(tx *tx) error { out, err = tx.communicate(req); return err })
	return out, err
}

// Communication is one act of CommunicateAll.
type Communication struct {
	Act     Act
	Request CommunicationRequest
	Out     []PupilOutcome
	Err     error
}

// CommunicateAll runs many acts, in order, sharing commits: paper forms typed
// in at the counter, a gateway's queue. Each has its own answer.
func (s *Store) CommunicateAll(all []Communication) {
	waiting := make([]*job, len(all))
	for i := range all {
		c := &all[i]
		if c.Err = c.Request.validate(); c.Err != nil {
			continue
		}
		waiting[i] = s.submit(&job{act: c.Act, do: func(tx *tx) (err error) {
			c.Out, err = tx.communicate(c.Request)
			return err
		}})
	}
	for i, j := range waiting {
		if j != nil {
			all[i].Err = j.wait()
		}
	}
}

func (tx *tx) communicate(req CommunicationRequest) ([]PupilOutcome, error) {
	if t := tx.act.Ticket; t != nil && t.revoked.Load() {
		return nil, canteen.Refuse(canteen.KindUnavailable, "error.ticket")
	}
	if err := deskNeedsPerson(tx.act.Actor); err != nil {
		return nil, err
	}
	var known []PupilOutcome
	if done, err := tx.onceDone(req, &known); done || err != nil {
		return known, err
	}
	plans := make([]*pupilDays, len(req.Pupils))
	for i, pan := range req.Pupils {
		p, err := tx.pupilFor(pan, canteen.RightCancel)
		if err != nil {
			return nil, err
		}
		plans[i] = tx.pupilDays(p)
	}
	out := make([]PupilOutcome, len(plans))
	wrote := false
	for i, plan := range plans {
		out[i] = plan.decide(req, tx.act.received(tx.now))
		wrote = tx.record(plan, req, &out[i]) || wrote
	}
	if wrote {
		tx.rememberOnce(req, out)
	}
	return out, nil
}

// decide answers every day of the request without writing.
func (d *pupilDays) decide(req CommunicationRequest, received time.Time) PupilOutcome {
	out := PupilOutcome{Pupil: d.pupil.PAN, Days: make([]DayOutcome, 0, req.From.DaysUntil(req.To)+1)}
	for day := req.From; day <= req.To; day = day.AddDays(1) {
		state := d.on(day)
		answer := DayOutcome{Day: day, Closure: state.Closure, Deadline: state.Cutoff.At.Truncate(time.Second), replaces: state.Current != nil}
		if req.Kind == 0 {
			answer.Outcome = state.DecideRevocation(received)
		} else {
			answer.Outcome = state.Decide(req.Kind, received)
		}
		if answer.Outcome == canteen.Already && state.Current != nil {
			answer.Receipt, answer.Received = state.Current.Receipt, state.Current.Received
		}
		out.Days = append(out.Days, answer)
	}
	if req.Kind == canteen.White {
		d.limitWhite(&out)
	}
	if out.Count(canteen.TooLate) > 0 {
		out.Next = d.next(req.From, received)
	}
	return out
}

// record writes the accepted days of a pupil and their receipt.
func (tx *tx) record(d *pupilDays, req CommunicationRequest, out *PupilOutcome) bool {
	receipt := Receipt{Kind: ReceiptCommunication, Pupil: d.pupil.PAN, What: req.Kind.String()}
	if req.Kind == 0 {
		receipt.Kind = ReceiptRevocation
	}
	for _, answer := range out.Days {
		if answer.Outcome == canteen.Accepted {
			receipt.Days = append(receipt.Days, answer.Day)
		}
	}
	if len(receipt.Days) == 0 {
		return false
	}
	number, received := tx.issue(receipt), tx.act.received(tx.now)
	for i := range out.Days {
		answer := &out.Days[i]
		if answer.Outcome != canteen.Accepted {
			continue
		}
		answer.Receipt, answer.Received = number, received
		_, _, school := d.place(answer.Day)
		key := keyCommunication(answer.Day, school.ID, d.pupil.PAN)
		if req.Kind == 0 {
			tx.del(communications, key)
			continue
		}
		var old []byte
		if answer.replaces {
			old = tx.bucket(communications).Get(key)
		}
		tx.putSealed(communications, key, encodeCommunication(canteen.Communication{Kind: req.Kind, Received: received, Receipt: number}), old)
	}
	return true
}

// onceRecord remembers the answer to an act that carried its own id, so that a
// second click or a resend is answered and not done again.
type onceRecord struct {
	Request []byte          `json:"request"` // a hash: the same id for another request is refused
	At      time.Time       `json:"at"`
	Answer  json.RawMessage `json:"answer"`
}

func (tx *tx) onceKey() []byte {
	sum := sha256.Sum256([]byte(tx.act.Actor.Login + "\x00" + tx.act.Once))
	return sum[:16]
}

func hashOf(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic("store: a request that is not JSON: " + err.Error())
	}
	sum := sha256.Sum256(body)
	return sum[:16]
}

// onceDone fills answer when the act was done before.
func (tx *tx) onceDone(request, answer any) (bool, error) {
	if tx.act.Once == "" {
		return false, nil
	}
	var rec onceRecord
	if !tx.getJSON(once, tx.onceKey(), &rec) {
		return false, nil
	}
	if string(rec.Request) != string(hashOf(request)) {
		return false, canteen.Refuse(canteen.KindConflict, "error.once")
	}
	return true, json.Unmarshal(rec.Answer, answer)
}

func (tx *tx) rememberOnce(request, answer any) {
	if tx.act.Once == "" {
		return
	}
	body, err := json.Marshal(answer)
	if err != nil {
		panic("store: an answer that is not JSON: " + err.Error())
	}
	tx.putJSON(once, tx.onceKey(), onceRecord{Request: hashOf(request), At: tx.now, Answer: body})
}

// updateOnce is update for acts without an answer of their own: one that
// carried its own id is done once.
func (s *Store) updateOnce(act Act, request any, do func(*tx) error) error {
	return s.update(act, func(tx *tx) error {
		var nothing struct{}
		if done, err := tx.onceDone(request, &nothing); done || err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		tx.rememberOnce(request, nothing)
		return nil
	})
}
