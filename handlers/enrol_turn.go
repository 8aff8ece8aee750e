package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// EnrolPromotionPage shows next year's classes before they are made. Page name
// "enrol/promotion".
type EnrolPromotionPage struct {
	render.Page
	Years      []YearLink
	Year, Next string
	Schools    []PromotionSchool
	New        int // classes that would be made
	FormID     string
}

// PromotionSchool is what becomes of a school's classes.
type PromotionSchool struct {
	Name  string
	Lines []canteen.ClassPromotion
}

func (s *Server) enrolPromotionPage(r *http.Request) (*EnrolPromotionPage, error) {
	year, err := s.enrolYearVar(r)
	if err != nil {
		return nil, err
	}
	p := &EnrolPromotionPage{Page: s.newPage(r, "enrol.promotion.title", s.enrolOfficeCrumbs("enrol.promotion.title")...),
		Years: s.enrolYears("enrol.promotion", year), Year: year, Next: canteen.NextYear(year), FormID: newFormID()}
	plan, err := s.store.PreviewPromotion(act(r), year)
	if canteen.KindOf(err) == canteen.KindInvalid {
		return p, nil // a year without classes: the page says so
	}
	if err != nil {
		return nil, err
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return nil, err
	}
	for i := range town.Schools {
		one := PromotionSchool{Name: town.Schools[i].Name}
		for _, line := range plan {
			if line.New.School != town.Schools[i].ID {
				continue
			}
			one.Lines = append(one.Lines, line)
			if !line.Exists && !line.Leaves() {
				p.New++
			}
		}
		if len(one.Lines) > 0 {
			p.Schools = append(p.Schools, one)
		}
	}
	return p, nil
}

func (s *Server) enrolPromotion(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolPromotionPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "enrol/promotion", p)
}

// enrolPromote makes the classes; doing it again makes only what is missing.
func (s *Server) enrolPromote(w http.ResponseWriter, r *http.Request) error {
	year, err := s.enrolYearVar(r)
	if err != nil {
		return err
	}
	if _, err := s.store.PromoteClasses(act(r), year); err != nil {
		return err
	}
	return s.officeDone(w, r, "flash.enrol.promoted", s.to("enrol.office")+"?anno="+urlQuery(canteen.NextYear(year)))
}

// EnrolRenewalPage shows what a renewal would do before it does it. Page name
// "enrol/renewal".
type EnrolRenewalPage struct {
	render.Page
	Years   []YearLink
	Plan    store.RenewalPlan
	Total   store.RenewalSchool
	Classes bool // next year's classes are there
	FormID  string
}

func (s *Server) enrolRenewal(w http.ResponseWriter, r *http.Request) error {
	year, err := s.enrolYearVar(r)
	if err != nil {
		return err
	}
	p := &EnrolRenewalPage{Page: s.newPage(r, "enrol.renewal.title", s.enrolOfficeCrumbs("enrol.renewal.title")...),
		Years: s.enrolYears("enrol.renewal", year), FormID: newFormID()}
	if p.Plan, err = s.store.PreviewRenewal(act(r), year); err != nil {
		return err
	}
	for _, one := range p.Plan.Schools {
		t := &p.Total
		t.Same, t.Choose, t.Out = t.Same+one.Same, t.Choose+one.Choose, t.Out+one.Out
		t.Sent, t.Begun, t.Nobody = t.Sent+one.Sent, t.Begun+one.Begun, t.Nobody+one.Nobody
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	for i := range town.Classes {
		p.Classes = p.Classes || town.Classes[i].Year == p.Plan.Next
	}
	return s.page(w, r, http.StatusOK, "enrol/renewal", p)
}

// enrolRenew prepares or sends the applications; doing it again does only what is
// missing.
func (s *Server) enrolRenew(w http.ResponseWriter, r *http.Request) error {
	year, err := s.enrolYearVar(r)
	if err != nil {
		return err
	}
	if _, err := s.store.RenewEnrolments(act(r), year); err != nil {
		return err
	}
	return s.officeDone(w, r, "flash.enrol.renewed", s.to("enrol.office")+"?anno="+urlQuery(canteen.NextYear(year)))
}
