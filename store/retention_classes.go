package store

import (
	"bytes"
	"encoding/json"
	"time"

	"refettorio/canteen"
)

// keeper knows one class of records: where they lie, when their period began and
// of whom they are, and how one is taken away. A class in order is a chain of
// which only the beginning may go: the first record that stays ends it.
type keeper struct {
	class   canteen.KeepClass
	inOrder bool
	find    func(k *keeping, visit func(key []byte) bool)
	began   func(k *keeping, key []byte) since
	drop    func(tx *tx, key []byte)
}

// since is when the period of a record began, zero when it has not, and of whom
// the record is. Bound says that a hold stands on it whoever it is of.
type since struct {
	from   canteen.Date
	person canteen.GuardianID
	pupil  canteen.PAN
	bound  bool
}

// fate is what becomes of a record today.
type fate struct {
	from      canteen.Date
	due, held bool
}

// judge decides about one record.
func (k *keeping) judge(keeper keeper, rule canteen.KeepRule, key []byte) fate {
	s := keeper.began(k, key)
	if !rule.Due(s.from, k.period.Of(rule), k.today) {
		return fate{}
	}
	return fate{from: s.from, due: true, held: s.bound || k.holdsBack(s.person, s.pupil)}
}

// keepers lists the classes, in the order of canteen.KeepRules.
var keepers = []keeper{
	{class: canteen.KeepDrafts, find: allOf(applications), began: draftBegan, drop: (*tx).dropApplication},
	{class: canteen.KeepCodes, find: allOf(codes), began: codeBegan, drop: dropFrom(codes)},
	{class: canteen.KeepInvitations, find: allOf(invitations), began: invitationBegan, drop: dropFrom(invitations)},
	{class: canteen.KeepCertificates, find: allOf(dietRequests), began: certificateBegan, drop: (*tx).dropCertificate},
	{class: canteen.KeepAppointments, find: allOf(appointments), began: appointmentBegan, drop: dropFrom(appointments)},
	{class: canteen.KeepMessages, find: talkative, began: messageBegan, drop: (*tx).quietMessage},
	{class: canteen.KeepAccesses, inOrder: true, find: allOf(accesses), began: accessBegan, drop: (*tx).dropAccess},
	{class: canteen.KeepAccounts, inOrder: true, find: allOf(days), began: dayBegan},
}

// allOf finds every record of a table.
func allOf(t table) func(*keeping, func([]byte) bool) {
	return func(k *keeping, visit func([]byte) bool) {
		k.tx.scan(t, nil, func(key, _ []byte) bool { return visit(key) })
	}
}

func dropFrom(t table) func(*tx, []byte) {
	return func(tx *tx, key []byte) { tx.del(t, key) }
}

func draftBegan(k *keeping, key []byte) (s since) {
	var a canteen.Application
	if k.tx.getJSON(applications, key, &a) && a.State == canteen.Draft {
		s = since{from: canteen.DateOf(a.Changed), person: a.Applicant, pupil: a.Pupil}
	}
	return s
}

// dropApplication takes a draft away with its indexes and with the diet request
// it had opened, if that was never sent.
func (tx *tx) dropApplication(key []byte) {
	var a canteen.Application
	if !tx.getJSON(applications, key, &a) {
		return
	}
	if r, ok := tx.dietRequest(a.DietAsked); ok && r.State == canteen.DietIncomplete && r.Application == a.Handle {
		if r.Pupil != 0 {
			tx.del(dietRequestsByPAN, append(keyPAN(r.Pupil), r.Handle...))
		}
		tx.del(certificates, keyHandle(r.Handle))
		tx.del(dietRequests, keyHandle(r.Handle))
	}
	tx.del(applicationsByPerson, append(key64(uint64(a.Applicant)), a.Handle...))
	tx.del(applicationsBySchool, keyApplicationBySchool(&a))
	tx.del(applicationsByChild, keyApplicationByChild(&a))
	tx.del(applications, key)
}

// passing is a record that lives for a while, as far as its age goes: those that
// write such records name the instants with these words.
type passing struct {
	At      time.Time `json:"at"`
	Since   time.Time `json:"since"`
	Expires time.Time `json:"expires"`
	Until   time.Time `json:"until"`
}

// codeBegan: a code's period begins when it is made.
func codeBegan(k *keeping, key []byte) since {
	return since{from: k.firstOf(codes, key, func(p passing) []time.Time { return []time.Time{p.At, p.Since, p.Expires, p.Until} })}
}

// invitationBegan: an invitation's period begins when it can no longer be taken
// up.
func invitationBegan(k *keeping, key []byte) since {
	return since{from: k.firstOf(invitations, key, func(p passing) []time.Time { return []time.Time{p.Expires, p.Until, p.At, p.Since} })}
}

// firstOf is the day of the first instant a record has. One with none of them
// stays: it is not for this job to guess.
func (k *keeping) firstOf(t table, key []byte, in func(passing) []time.Time) canteen.Date {
	var p passing
	if v := k.tx.get(t, key); v == nil || json.Unmarshal(v, &p) != nil {
		return 0
	}
	for _, at := range in(p) {
		if !at.IsZero() {
			return canteen.DateOf(at)
		}
	}
	return 0
}

// certificateBegan: the period begins on the last day of validity, or when the
// diet was refused or revoked. A diet for the whole school cycle has no end.
func certificateBegan(k *keeping, key []byte) (s since) {
	var r canteen.DietRequest
	if !k.tx.getJSON(dietRequests, key, &r) || r.Certificate == "" && len(r.Sealed) == 0 && len(r.Notes) == 0 {
		return s
	}
	s = since{from: r.Until, person: r.AskedBy, pupil: r.Pupil}
	if r.State == canteen.DietRefused || r.State == canteen.DietRevoked {
		s.from = canteen.DateOf(r.Changed)
	}
	return s
}

// dropCertificate takes the document, the family's words and the officer's away; that there was
// a diet, its code and its days stay with the meals.
func (tx *tx) dropCertificate(key []byte) {
	var r canteen.DietRequest
	if !tx.getJSON(dietRequests, key, &r) {
		return
	}
	tx.del(certificates, key)
	r.Certificate, r.Sealed, r.Notes = "", nil, nil
	tx.putDietRequest(&r)
}

// appointmentBegan: the period of a visit to the counter begins on its day.
func appointmentBegan(k *keeping, key []byte) (s since) {
	var a canteen.Appointment
	if k.tx.getJSON(appointments, key, &a) {
		s = since{from: a.Day, person: a.Person}
	}
	return s
}

// talkative finds the messages that still say something: of the others only the
// fact that they were sent is left. The bytes tell before the record is decoded,
// because most messages say nothing of their own.
func talkative(k *keeping, visit func([]byte) bool) {
	k.tx.scan(messages, nil, func(key, v []byte) bool {
		if !bytes.Contains(v, []byte(`"facts":`)) && !bytes.Contains(v, []byte(`"to":`)) {
			return k.tx.err == nil
		}
		return visit(key)
	})
}

func messageBegan(k *keeping, key []byte) (s since) {
	var m Message
	if k.tx.getJSON(messages, key, &m) && (len(m.Facts) > 0 || m.To != "") {
		s = since{from: canteen.DateOf(m.At), person: m.Person, pupil: m.Pupil}
	}
	return s
}

// quietMessage takes away what a message said and the address of somebody
// outside the record; that it was sent stays.
func (tx *tx) quietMessage(key []byte) {
	var m Message
	if tx.getJSON(messages, key, &m) {
		m.Facts, m.To = nil, ""
		tx.putJSON(messages, key, m)
	}
}

// accessBegan: a line of the register is bound when a hold stands on somebody it
// may be about; a debt does not bind it, or the register would never end.
func accessBegan(k *keeping, key []byte) (s since) {
	var rec accessRecord
	if k.tx.getJSON(accesses, key, &rec) {
		s = since{from: canteen.DateOf(rec.At), bound: rec.marked(k.holds)}
	}
	return s
}

// dropAccess takes the first line of the register away and leaves its hash as
// the anchor of the next.
func (tx *tx) dropAccess(key []byte) {
	tx.putJSON(settings, []byte(settingAccessAnchor), accessAnchor{Number: be.Uint64(key), Hash: accessHash(key, tx.get(accesses, key))})
	tx.del(accesses, key)
}

// dayBegan: the meals and movements of a day are due ten years after its school
// year.
func dayBegan(_ *keeping, key []byte) since { return since{from: endOfYear(dayOfKey(key))} }
