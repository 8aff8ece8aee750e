package handlers

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/handlers/render"
	"refettorio/store"
)

// SchoolRollPage is the roll of a class. Page name "school/roll".
type SchoolRollPage struct {
	render.Page
	store.ClassRoll
	Days     string
	Rows     []RollRow
	PDFURL   string
	CSVURL   string
	SlipsURL string
}

// RollRow is a pupil of the roll with its words.
type RollRow struct {
	store.RollLine
	URL      string // of the pupil, while it has a place
	Days     string
	StateKey string
}

// rollAsked reads the roll an address names.
func (s *Server) rollAsked(r *http.Request) (store.ClassRoll, error) {
	class, err := s.classAsked(r)
	if err != nil {
		return store.ClassRoll{}, err
	}
	return s.store.ClassRoll(act(r), class)
}

func (s *Server) schoolRoll(w http.ResponseWriter, r *http.Request) error {
	roll, err := s.rollAsked(r)
	if err != nil {
		return err
	}
	slug, year := classSlug(&roll.School, &roll.Class), "?"+yearQuery+"="+strings.Replace(roll.Class.Year, "/", "-", 1)
	p := SchoolRollPage{Page: s.newPage(r, "school.roll.title", s.schoolCrumbs("school.roll.title")...), ClassRoll: roll,
		PDFURL: s.to("school.roll.file", slug, "pdf") + year, CSVURL: s.to("school.roll.file", slug, "csv") + year,
		SlipsURL: s.to("school.slips", slug) + year}
	p.Days = s.weekdayWords(p.Lang, roll.Class.Weekdays)
	for _, line := range roll.Lines {
		row := RollRow{RollLine: line, Days: s.weekdayWords(p.Lang, line.Weekdays), StateKey: "school.state." + string(line.State)}
		if line.State != store.RollLeft {
			row.URL = s.to("school.pupil", line.Pupil.Handle)
		}
		p.Rows = append(p.Rows, row)
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "school/roll", &p)
}

// schoolRollFile gives a roll as a file, called elenco-FGEE00002B-2A.pdf.
func (s *Server) schoolRollFile(w http.ResponseWriter, r *http.Request) error {
	roll, err := s.rollAsked(r)
	if err != nil {
		return err
	}
	lang := s.langOf(r)
	t := func(key string, args ...any) string { return s.catalog.T(lang, key, args...) }
	doc := documents.Roll{Town: s.opt.Town.Name, School: roll.School.Name, Class: roll.Class.Name(), Year: roll.Class.Year, Issued: s.store.Now()}
	for _, l := range roll.Lines {
		doc.Lines = append(doc.Lines, documents.RollLine{Name: l.Pupil.Surname + " " + l.Pupil.Name, Days: s.weekdayWords(lang, l.Weekdays),
			State: t("school.state." + string(l.State)), From: l.From, Until: l.Until, Special: l.Special})
	}
	var body bytes.Buffer
	format := routeVar(r, "format")
	if format == "csv" {
		err = documents.RollCSV(&body, t, &doc)
	} else if err = s.printable(); err == nil {
		err = documents.RollPDF(&body, t, s.fonts, &doc)
	}
	if err != nil {
		return err
	}
	kind := map[string]string{"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}[format]
	s.sendFile(w, kind, "elenco-"+asciiName(classSlug(&roll.School, &roll.Class))+"."+format, &body)
	return nil
}

// printable refuses a PDF where the fonts are not built.
func (s *Server) printable() error {
	if len(s.fonts.Regular) == 0 {
		return canteen.Refuse(canteen.KindUnavailable, "kitchen.error.fonts")
	}
	return nil
}

// sendFile answers with a document made whole.
func (s *Server) sendFile(w http.ResponseWriter, kind, name string, body *bytes.Buffer) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	_, _ = w.Write(body.Bytes()) // a client that hung up has no file to lose
}

// asciiName keeps what a header may say of a file's name.
func asciiName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, name)
}

// schoolSlips prints the slips of everybody in a class, on sheets to be cut.
func (s *Server) schoolSlips(w http.ResponseWriter, r *http.Request) error {
	roll, err := s.rollAsked(r)
	if err != nil {
		return err
	}
	doc := documents.Slips{Town: s.opt.Town.Name, Year: roll.Class.Year, Issued: s.store.Now()}
	for _, l := range roll.Lines {
		if l.State != store.RollLeft {
			doc.Slips = append(doc.Slips, slipOf(&l.Pupil, &roll.Class, &roll.School))
		}
	}
	if len(doc.Slips) == 0 {
		return canteen.Refuse(canteen.KindNotFound, "error.slips.none")
	}
	return s.sendSlips(w, r, &doc, "tesserini-"+asciiName(classSlug(&roll.School, &roll.Class)))
}

func slipOf(p *canteen.Pupil, class *canteen.Class, school *canteen.School) documents.Slip {
	return documents.Slip{Child: p.Surname + " " + p.Name, Class: class.Name(), School: school.Name, PAN: p.PAN}
}

func (s *Server) sendSlips(w http.ResponseWriter, r *http.Request, doc *documents.Slips, name string) error {
	if err := s.printable(); err != nil {
		return err
	}
	lang := s.langOf(r)
	var body bytes.Buffer
	t := func(key string, args ...any) string { return s.catalog.T(lang, key, args...) }
	if err := documents.SlipsPDF(&body, t, s.fonts, doc); err != nil {
		return err
	}
	s.sendFile(w, "application/pdf", name+".pdf", &body)
	return nil
}

// SlipPage shows one PAN slip, for the school, the counter and the office. Its
// title names nobody. Page name "school/slip".
type SlipPage struct {
	render.Page
	store.PupilPlace
	Side   int    // of the QR picture, in modules
	Code   string // its dark modules, an SVG path
	PDFURL string
}

func (s *Server) slip(w http.ResponseWriter, r *http.Request) error {
	place, err := s.store.PupilPlace(act(r), routeVar(r, "pupil"))
	if err != nil {
		return err
	}
	code, err := documents.NewQR(place.Pupil.PAN.String())
	if err != nil {
		return err
	}
	p := SlipPage{Page: s.newPage(r, "school.slip.title", render.Crumb{Label: "school.slip.title"}), PupilPlace: place,
		Side: code.Side(), Code: code.Path(), PDFURL: s.to("slip.pdf", place.Pupil.Handle)}
	return s.page(w, r, http.StatusOK, "school/slip", &p)
}

func (s *Server) slipPDF(w http.ResponseWriter, r *http.Request) error {
	place, err := s.store.PupilPlace(act(r), routeVar(r, "pupil"))
	if err != nil {
		return err
	}
	doc := documents.Slips{Town: s.opt.Town.Name, Year: place.Class.Year, Issued: s.store.Now(),
		Slips: []documents.Slip{slipOf(&place.Pupil, &place.Class, &place.School)}}
	return s.sendSlips(w, r, &doc, "tesserino")
}
