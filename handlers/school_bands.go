package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficeBandsPage lists the bands and exemptions families have asked for. Page
// name "school/bands".
type OfficeBandsPage struct {
	render.Page
	ToDecide []BandLine
	Waiting  []BandLine // for the school
	Decided  []BandLine
}

// BandLine is one request with its address.
type BandLine struct {
	store.BandRequest
	URL string
}

func (s *Server) officeBands(w http.ResponseWriter, r *http.Request) error {
	all, err := s.store.BandRequests(act(r))
	if err != nil {
		return err
	}
	p := OfficeBandsPage{Page: s.newPage(r, "school.bands.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "school.bands.title"})}
	for _, b := range all {
		line := BandLine{b, s.to("office.band", b.Application.Handle)}
		switch {
		case b.Decided:
			p.Decided = append(p.Decided, line)
		case b.Earliest == 0:
			p.Waiting = append(p.Waiting, line)
		default:
			p.ToDecide = append(p.ToDecide, line)
		}
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "school/bands", p)
}

// OfficeBandPage decides one of them. Its title names nobody. Page name
// "school/band".
type OfficeBandPage struct {
	render.Page
	store.BandRequest
	FormID               string
	Band, From, Document render.Field
}

// noBand is the choice of no band at all: the full price.
const noBand = "-"

func (s *Server) officeBandPage(r *http.Request) (*OfficeBandPage, error) {
	request, err := s.store.BandRequest(act(r), routeVar(r, "domanda"))
	if err != nil {
		return nil, err
	}
	bands, err := s.store.Bands(act(r))
	if err != nil {
		return nil, err
	}
	p := &OfficeBandPage{Page: s.newPage(r, "school.band.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "school.bands.title", URL: s.to("office.bands")}, render.Crumb{Label: "school.band.title"}),
		BandRequest: request, FormID: newFormID(),
		Band: render.Field{Name: "band", Type: render.TypeSelect, Label: "school.band.band"},
		From: render.Field{Name: "from", Type: render.TypeDate, Label: "school.band.from", Hint: "school.band.fromHint", Short: true,
			Value: request.Earliest.String(), Min: request.Earliest.String()},
		Document: render.Field{Name: "document", Label: "school.band.document", Hint: "school.band.documentHint", MaxLength: 100}}
	for _, band := range bands {
		p.Band.Options = append(p.Band.Options, render.Option{Value: band, Text: band})
	}
	p.Band.Options = append(p.Band.Options, render.Option{Value: noBand, Text: "school.band.none"})
	pick(&p.Band, request.Application.Band)
	return p, nil
}

func (s *Server) officeBand(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeBandPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "school/band", p)
}

// officeBandAssign gives the band from a day.
func (s *Server) officeBandAssign(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeBandPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Band, &p.From, &p.Document}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	from := fieldOf(&p.From, canteen.ParseDate)
	if form.missing(); !form.wrong() {
		b := store.BandAssignment{Application: p.Application.Handle, Band: p.Band.Value, From: from, Document: p.Document.Value}
		if b.Band == noBand {
			b.Band = ""
		}
		if err = s.store.AssignBand(formAct(r), b); err == nil {
			return s.officeDone(w, r, "flash.school.band", s.to("office.bands"))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "school/band", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "school/band", p)
}
