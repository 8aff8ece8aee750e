package store

import (
	"bytes"
	"encoding/json"
	"time"

	"refettorio/canteen"
)

// Correction is a change of a fact about a person or a pupil: what it was and
// what it became (right of rectification, GDPR art. 16; rules R5.8).
type Correction struct {
	At    time.Time    `json:"at"`
	Role  canteen.Role `json:"by"` // of whoever changed it; empty for an import
	Field string       `json:"field"`
	Old   string       `json:"old"`
	New   string       `json:"new"`
	Pupil string       `json:"pupil,omitempty"` // first name, when it is about a child

}

// whatCorrection is the kind of a correction in the log of changes.
const whatCorrection = "correction"

// corrected writes into the log of changes that a fact about somebody was put
// right, in the transaction that does it. Whoever it is about can read it, so
// field is a word of the catalogue ("audit.field.<field>") and the values are as
// the page shows them. An unchanged value leaves no line.
func (tx *tx) corrected(subject canteen.Subject, field, before, after string) {
	if before == after {
		return
	}
	detail, err := json.Marshal(correctionDetail{field, before, after})
	if err != nil {
		panic("store: a correction that is not JSON: " + err.Error())
	}
	tx.logChange(whatCorrection, string(subject), string(detail))
}

type correctionDetail struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Corrections returns who changed what of the facts about a guardian and its
// pupils, newest first. Only a guardian asks, and only for its own.
func (s *Store) Corrections(act Act) (all []Correction, err error) {
	err = s.view(act, func(tx *tx) error {
		g, ok := tx.guardian(act.Actor.Guardian)
		if !ok {
			return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		}
		all = tx.correctionsOf(&g, tx.pupilsOf(g.ID))
		return nil
	})
	return all, err
}

// correctionsOf reads the log from its end. The bytes tell which lines are
// corrections before a line is decoded.
func (tx *tx) correctionsOf(g *canteen.Guardian, children []canteen.Pupil) (all []Correction) {
	names := map[string]canteen.Pupil{string(canteen.PersonSubject(g.Handle)): {}}
	for _, p := range children {
		names[string(canteen.PupilSubject(p.Handle))] = p
	}
	roles := map[string]canteen.Role{}
	c := tx.bucket(logs).Cursor()
	for k, stored := c.Last(); k != nil && tx.err == nil; k, stored = c.Prev() {
		v := tx.open(logs, k, stored)
		var line LogLine
		if !bytes.Contains(v, []byte(`"`+whatCorrection+`"`)) || !tx.decode(logs, k, v, &line) || line.What != whatCorrection {
			continue
		}
		pupil, own := names[line.Key]
		var d correctionDetail
		if !own || json.Unmarshal([]byte(line.Detail), &d) != nil {
			continue
		}
		all = append(all, Correction{At: line.At, Role: tx.roleOf(line.Actor, roles), Field: d.Field, Old: d.Old, New: d.New,
			Pupil: pupil.Name})
	}
	return all
}

// roleOf is the role of a login today; empty for one that is not there any more
// or never was.
func (tx *tx) roleOf(login string, known map[string]canteen.Role) canteen.Role {
	role, ok := known[login]
	if !ok {
		var u User
		tx.getJSON(users, []byte(login), &u)
		role = u.Role
		known[login] = role
	}
	return role
}
