package store

import (
	"cmp"
	"slices"
	"strings"

	"refettorio/canteen"
)

// BandRequest is an application that asks for a tariff band or an exemption.
type BandRequest struct {
	Application canteen.Application
	Applicant   canteen.Guardian
	School      string
	Class       string
	Earliest    canteen.Date // from when a band can hold; 0 while the school has not validated
	Current     string       // band in force on Earliest
	Decided     bool
}

// bandStep is the line of an application's history that says a band was decided.
const bandStep = "band"

// BandRequests returns the applications of this school year and the next that
// ask for a band: those still to decide first, then by submission.
func (s *Store) BandRequests(act Act) (all []BandRequest, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		all = nil
		for i := range tx.townNow().schools {
			for _, a := range tx.applicationsIn(tx.townNow().schools[i].ID) {
				if a.Band != "" && (a.State == canteen.Submitted || a.State == canteen.Validated) {
					tx.saw(look{what: "band", person: a.Applicant, pupil: a.Pupil})
					all = append(all, tx.bandRequest(&a))
				}
			}
		}
		slices.SortStableFunc(all, func(a, b BandRequest) int {
			if a.Decided != b.Decided {
				if a.Decided {
					return 1
				}
				return -1
			}
			return a.Application.Submitted.Compare(b.Application.Submitted)
		})
		return nil
	})
	return all, err
}

// BandRequest returns one of them; KindNotFound when the application is none.
func (s *Store) BandRequest(act Act, handle string) (r BandRequest, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		a, err := tx.bandApplication(handle)
		if err == nil {
			tx.saw(look{what: "band", person: a.Applicant, pupil: a.Pupil})
			r = tx.bandRequest(&a)
		}
		return err
	})
	return r, err
}

func (tx *tx) bandApplication(handle string) (canteen.Application, error) {
	a, ok := tx.application(handle)
	if !ok || a.Band == "" || a.State != canteen.Submitted && a.State != canteen.Validated {
		return a, canteen.Refuse(canteen.KindNotFound, "error.candidate.notFound")
	}
	return a, nil
}

func bandDecided(a *canteen.Application) bool {
	return slices.ContainsFunc(a.History, func(step canteen.StepTaken) bool { return step.What == bandStep })
}

func (tx *tx) bandRequest(a *canteen.Application) BandRequest {
	town := tx.townNow()
	r := BandRequest{Application: *a}
	r.Applicant, _ = tx.guardian(a.Applicant)
	r.Decided = bandDecided(a)
	if school := town.bySchool[a.School]; school != nil {
		r.School = school.Name
	}
	if class := town.byClass[a.Class]; class != nil {
		r.Class = class.Name()
	}
	place := tx.placeInYear(a.Pupil, a.Year)
	if a.State != canteen.Validated || place == nil {
		return r
	}
	r.Earliest = place.From
	for _, e := range tx.placesInYear(a.Pupil, a.Year) {
		school := town.byClass[e.Class].School
		r.Earliest = min(r.Earliest, e.From)
		for _, closed := range tx.closedDays(school, e.From, canteen.DateOf(tx.now)) {
			r.Earliest = max(r.Earliest, closed.AddDays(1))
		}
	}
	r.Current = canteen.InForce(place.Bands, max(r.Earliest, place.From))
	return r
}

// placesInYear returns a pupil's validated places of a school year, oldest first.
func (tx *tx) placesInYear(pan canteen.PAN, year string) (places []canteen.Enrolment) {
	for _, e := range tx.enrolmentsOf(pan) {
		if class := tx.townNow().byClass[e.Class]; class != nil && class.Year == year && e.State == canteen.Validated {
			places = append(places, e)
		}
	}
	return places
}

// Bands lists the bands the tariffs in force and to come know, the exemption
// first.
func (s *Store) Bands(act Act) (bands []string, err error) {
	err = s.view(act, func(tx *tx) error {
		bands = tx.bands()
		return mayKeep(act)
	})
	return bands, err
}

func (tx *tx) bands() []string {
	today := canteen.DateOf(tx.now)
	var bands []string
	now, _ := canteen.TariffOn(tx.townNow().tariffs, today)
	for i := range tx.townNow().tariffs {
		t := &tx.townNow().tariffs[i]
		if t.From <= today && (now == nil || t.ID != now.ID) {
			continue
		}
		for _, rate := range t.Rates {
			if rate.Band != "" && rate.Band != canteen.BandExempt {
				bands = append(bands, rate.Band)
			}
		}
	}
	slices.Sort(bands)
	return slices.Insert(slices.Compact(bands), 0, canteen.BandExempt)
}

// BandAssignment gives the pupil of an application a band from a day on, or
// none when Band is empty. Document is the act, or the ISEE statement, it rests
// on: it goes into the log with it.
type BandAssignment struct {
	Application string       `json:"application"`
	Band        string       `json:"band"`
	From        canteen.Date `json:"from"`
	Document    string       `json:"document"`
}

// AssignBand decides the band or exemption an application asks for. It never
// changes a meal that was charged: the day must be open (Invalid). It may return
// NotFound and Conflict (the school has not validated yet).
func (s *Store) AssignBand(act Act, b BandAssignment) error {
	b.Document = strings.TrimSpace(b.Document)
	return s.updateOnce(act, b, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		a, err := tx.bandApplication(b.Application)
		if err != nil {
			return err
		}
		r := tx.bandRequest(&a)
		switch {
		case r.Earliest == 0:
			return canteen.Refuse(canteen.KindConflict, "error.band.early")
		case b.Band != "" && !slices.Contains(tx.bands(), b.Band):
			return canteen.Invalid("band", "error.band.unknown", b.Band)
		case b.From < r.Earliest || canteen.YearOf(b.From) != a.Year:
			return canteen.Invalid("from", "error.band.from", r.Earliest)
		case b.Document == "":
			return canteen.Invalid("document", "error.required")
		case len(b.Document) > maxReference:
			return canteen.Invalid("document", "error.tooLong", maxReference)
		}
		return tx.assignBand(&a, &b)
	})
}

func (tx *tx) assignBand(a *canteen.Application, b *BandAssignment) error {
	for _, e := range tx.placesInYear(a.Pupil, a.Year) {
		if e.Until != 0 && e.Until < b.From {
			continue
		}
		e.Bands = canteen.SetFrom(e.Bands, max(b.From, e.From), b.Band)
		if err := tx.putEnrolment(&e); err != nil {
			return err
		}
	}
	a.History = append(a.History, tx.step(bandStep, cmp.Or(b.Band, "–")+", "+b.Document))
	tx.putApplication(a)
	tx.logChange("enrolment.band", a.Pupil.String(), cmp.Or(b.Band, "–")+", "+b.From.String()+", "+b.Document)
	tx.tell(a.Applicant, "enrolment.band", Fact{Text: a.Child.Name}, Fact{Day: b.From})
	return tx.err
}
