package store

import (
	"cmp"
	"slices"
	"strings"

	"refettorio/canteen"
)

// DietFile is a diet request as one who may read it sees it. Asked and Decisions
// are open only in the file of one request (FamilyDiet, OfficerDiet), not in lists.
type DietFile struct {
	Request   canteen.DietRequest
	Standing  canteen.DietState // today
	Served    bool              // today
	Expiring  bool              // within the days of warning
	Child     string            // name and surname
	Name      string            // first name
	Born      canteen.Date
	School    string
	Class     string
	Stage     canteen.Stage
	Grade     string
	Earliest  canteen.Date // the first day a decision can still be cooked
	Asked     string
	Decisions []canteen.DietNote
}

// Last returns the most recent decision; ok is false when there is none.
func (f *DietFile) Last() (note canteen.DietNote, ok bool) {
	if len(f.Decisions) == 0 {
		return note, false
	}
	return f.Decisions[len(f.Decisions)-1], true
}

// dietFile describes a request without what is sealed in it.
func (tx *tx) dietFile(r canteen.DietRequest) DietFile {
	today, where := canteen.DateOf(tx.now), tx.dietPlace(&r)
	f := DietFile{Request: r, Standing: r.Standing(today), Served: r.Served(today),
		Expiring: r.Expiring(today, tx.townNow().dietRules.Warn), School: where.school.Name, Class: where.class,
		Stage: where.stage, Grade: where.grade, Earliest: where.earliest}
	if p, ok := tx.pupil(r.Pupil); ok {
		f.Child, f.Name, f.Born = strings.TrimSpace(p.Name+" "+p.Surname), p.Name, p.Born
	} else if a, ok := tx.application(r.Application); ok {
		f.Child, f.Name, f.Born = strings.TrimSpace(a.Child.Name+" "+a.Child.Surname), a.Child.Name, a.Child.Born
	}
	return f
}

// openDietFile reads what is sealed in a file, outside any transaction.
func (s *Store) openDietFile(f *DietFile) error {
	var words canteen.DietWords
	if err := s.openJSON(f.Request.Sealed, &words); err != nil {
		return err
	}
	f.Asked = words.Asked
	return s.openJSON(f.Request.Notes, &f.Decisions)
}

// FamilyDiets lists the diet requests of a guardian's children, newest first,
// those of an application without a PAN included. Both guardians of a child see
// its requests (rules R5.8).
func (s *Store) FamilyDiets(act Act) (all []DietFile, err error) {
	err = s.view(act, func(tx *tx) error {
		all = nil
		g := act.Actor.Guardian
		if g == 0 {
			return nil
		}
		for _, p := range tx.pupilsOf(g) {
			for _, r := range tx.dietsOf(p.PAN) {
				all = append(all, tx.dietFile(r))
			}
		}
		tx.scan(applicationsByPerson, key64(uint64(g)), func(k, _ []byte) bool {
			a, _ := tx.application(string(k[8:]))
			if r, ok := tx.dietRequest(a.DietAsked); ok && r.Pupil == 0 {
				all = append(all, tx.dietFile(r))
			}
			return true
		})
		slices.SortStableFunc(all, func(a, b DietFile) int { return b.Request.Changed.Compare(a.Request.Changed) })
		return nil
	})
	return all, err
}

// FamilyDiet opens a request to a guardian of its pupil or to who asked;
// KindNotFound for anybody else, the office included. The counter that acts for
// a family reads the words of what is being written with it, and of what was sent
// neither the words nor the reasons: the family and the officer alone do (rules
// R5.2).
func (s *Store) FamilyDiet(act Act, handle string) (f DietFile, err error) {
	err = s.view(act, func(tx *tx) error {
		r, err := tx.ownDiet(handle)
		if err != nil {
			return err
		}
		if act.Actor.Guardian == 0 {
			return canteen.Refuse(canteen.KindNotFound, "error.diet.notFound")
		}
		f = tx.dietFile(r)
		return nil
	})
	if err != nil || act.Actor.Role == canteen.RoleDesk && f.Request.State != canteen.DietIncomplete {
		return f, err
	}
	err = s.openDietFile(&f)
	if act.Actor.Role == canteen.RoleDesk {
		f.Decisions = nil
	}
	return f, err
}

// OfficerDiet opens a request to the diets officer and notes that it was read
// (rules R5.6).
func (s *Store) OfficerDiet(act Act, handle string) (f DietFile, err error) {
	if err := mayDecideDiets(act); err != nil {
		return f, err
	}
	err = s.view(act, func(tx *tx) error {
		r, err := tx.anyDiet(handle)
		if err != nil {
			return err
		}
		tx.saw(look{what: "diet", person: r.AskedBy, pupil: r.Pupil})
		f = tx.dietFile(r)
		return nil
	})
	if err != nil {
		return f, err
	}
	return f, s.openDietFile(&f)
}

// DietDesk is what the diets officer has on the table. Expired are the health
// diets past their last day, which the kitchens go on cooking.
type DietDesk struct {
	ToCheck  []DietFile // sent, oldest first
	Expiring []DietFile // in force, ending within the days of warning, soonest first
	Expired  []DietFile // longest first
	Served   []DietFile // in force, by child
	Warn     int        // the days of warning
}

// DietDesk reads the officer's table.
func (s *Store) DietDesk(act Act) (d DietDesk, err error) {
	if err := mayDecideDiets(act); err != nil {
		return d, err
	}
	err = s.view(act, func(tx *tx) error {
		d = DietDesk{Warn: tx.townNow().dietRules.Warn}
		tx.saw(look{what: "diets"})
		for _, r := range loadAll[canteen.DietRequest](tx, dietRequests) {
			if r.State != canteen.DietSent && r.State != canteen.DietApproved && r.State != canteen.DietExpired {
				continue
			}
			d.add(tx.dietFile(r))
		}
		return nil
	})
	slices.SortFunc(d.ToCheck, func(a, b DietFile) int { return a.Request.Sent.Compare(b.Request.Sent) })
	for _, list := range [][]DietFile{d.Expiring, d.Expired} {
		slices.SortFunc(list, func(a, b DietFile) int {
			return cmp.Or(cmp.Compare(a.Request.Until, b.Request.Until), cmp.Compare(a.Child, b.Child))
		})
	}
	slices.SortFunc(d.Served, func(a, b DietFile) int {
		return cmp.Or(cmp.Compare(canteen.Fold(a.Child), canteen.Fold(b.Child)), cmp.Compare(a.Request.Handle, b.Request.Handle))
	})
	return d, err
}

func (d *DietDesk) add(f DietFile) {
	switch {
	case f.Standing == canteen.DietSent:
		d.ToCheck = append(d.ToCheck, f)
	case f.Standing == canteen.DietExpired && f.Request.Kind == canteen.DietHealth:
		d.Expired = append(d.Expired, f)
	case f.Standing == canteen.DietExpired:
	case f.Expiring:
		d.Expiring = append(d.Expiring, f)
	default:
		d.Served = append(d.Served, f)
	}
}

// The reasons for which an officer opens a certificate (rules R5.6: a why-field).
const (
	WhyDecide = "decide" // to decide the request
	WhyRenew  = "renew"  // to decide on an expiry
	WhyReport = "report" // because of a report by school, kitchen or family
)

// CertificateReasons lists the reasons an officer may give.
var CertificateReasons = [...]string{WhyDecide, WhyRenew, WhyReport}

// Certificate opens the document of a request: to a guardian of the pupil, or to
// the diets officer who says why, which is noted. Everybody else, the office and
// the counter included, finds nothing (design §12). KindUnavailable when it does
// not open with the key at hand.
func (s *Store) Certificate(act Act, handle, why string) (d Document, err error) {
	officer := act.Actor.Role == canteen.RoleDiets
	if officer && !slices.Contains(CertificateReasons[:], why) {
		return d, canteen.Invalid("why", "error.diet.why")
	}
	var sealed []byte
	err = s.view(act, func(tx *tx) error {
		r, err := tx.anyDiet(handle)
		if err == nil && !officer {
			r, err = tx.ownDiet(handle)
		}
		if err != nil {
			return err
		}
		sealed = append([]byte(nil), tx.get(certificates, keyHandle(handle))...)
		if len(sealed) == 0 || !officer && (act.Actor.Guardian == 0 || act.Actor.Role == canteen.RoleDesk) {
			return canteen.Refuse(canteen.KindNotFound, "error.diet.notFound")
		}
		if officer {
			tx.saw(look{what: "certificate", person: r.AskedBy, pupil: r.Pupil, why: why})
		}
		d.Media = r.Certificate
		return nil
	})
	if err != nil {
		return Document{}, err
	}
	if d.Bytes, err = s.openBytes(sealed); err != nil {
		return Document{}, err
	}
	return d, nil
}
