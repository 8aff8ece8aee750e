package store

import (
	"strconv"

	"refettorio/canteen"
)

// putApplication is the one writer of applications and their indexes.
func (tx *tx) putApplication(a *canteen.Application) {
	key := keyHandle(a.Handle)
	a.Changed = tx.now
	var old canteen.Application
	if tx.getJSON(applications, key, &old) {
		if old.Applicant != a.Applicant { // two persons became one
			tx.del(applicationsByPerson, append(key64(uint64(old.Applicant)), a.Handle...))
		}
		if old.School != a.School || old.Year != a.Year {
			tx.del(applicationsBySchool, keyApplicationBySchool(&old))
		}
		if old.Child.CodiceFiscale != a.Child.CodiceFiscale || old.Year != a.Year {
			tx.del(applicationsByChild, keyApplicationByChild(&old))
		}
	}
	tx.putJSON(applications, key, a)
	tx.putIndex(applicationsByPerson, append(key64(uint64(a.Applicant)), a.Handle...))
	if a.School != 0 {
		tx.putIndex(applicationsBySchool, keyApplicationBySchool(a))
	}
	if a.Child.CodiceFiscale != "" {
		tx.putIndex(applicationsByChild, keyApplicationByChild(a))
	}
}

// application returns the application behind the word in an address. Who may see
// it is the caller's question.
func (tx *tx) application(handle string) (a canteen.Application, ok bool) {
	if len(handle) != handleSize {
		return a, false
	}
	ok = tx.getJSON(applications, keyHandle(handle), &a)
	return a, ok
}

func keyApplicationBySchool(a *canteen.Application) []byte {
	return append(append(key16(uint16(a.School)), key16(firstYear(a.Year))...), a.Handle...)
}

func keyApplicationByChild(a *canteen.Application) []byte {
	return append(append(keyCF(a.Child.CodiceFiscale), key16(firstYear(a.Year))...), a.Handle...)
}

// firstYear is the calendar year in which a school year begins; 0 when the name
// is not one.
func firstYear(name string) uint16 {
	if len(name) < 4 {
		return 0
	}
	y, err := strconv.ParseUint(name[:4], 10, 16)
	if err != nil {
		return 0
	}
	return uint16(y)
}

// putDietRequest is the one writer of diet requests and their index.
func (tx *tx) putDietRequest(r *canteen.DietRequest) {
	r.Changed = tx.now
	tx.putJSON(dietRequests, keyHandle(r.Handle), r)
	if r.Pupil != 0 {
		tx.putIndex(dietRequestsByPAN, append(keyPAN(r.Pupil), r.Handle...))
	}
}

// dietRequest returns a diet request; who may see it is the caller's question.
func (tx *tx) dietRequest(handle string) (r canteen.DietRequest, ok bool) {
	if len(handle) != handleSize {
		return r, false
	}
	ok = tx.getJSON(dietRequests, keyHandle(handle), &r)
	return r, ok
}

// step is a line of a history, by the act at hand.
func (tx *tx) step(what, reason string) canteen.StepTaken {
	return canteen.StepTaken{At: tx.now, Actor: tx.act.Actor.Login, OnBehalf: tx.act.OnBehalf, What: what, Reason: reason}
}
