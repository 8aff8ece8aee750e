package handlers

import (
	"fmt"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// hostile is a name as somebody may type it.
const hostile = `Montefusco Della Rovere di Castelbottaccio <script>alert(1)</script> {{.}}`

// sampleCandidate is an application with everything that can stand out.
func sampleCandidate(full bool) CandidateLine {
	line := CandidateLine{URL: "/scuola/iscrizioni/aaaaaaaaaaaaaaaa", ChangeKey: "school.change.new"}
	line.Handle, line.Year, line.State = "aaaaaaaaaaaaaaaa", "2026/27", canteen.Submitted
	line.Child = canteen.Child{Surname: hostile, Name: "Zoe", Born: 20190102}
	if full {
		line.School, line.Class = canteen.School{Name: hostile}, &canteen.Class{Grade: "2", Section: "A"}
		line.Applicant = canteen.Guardian{Surname: hostile, Name: "Ada"}
		line.ChangeKey, line.LastClass, line.Change = "school.change.school", "1A, "+hostile, canteen.PlaceSchool
		line.Late, line.Placed, line.Stranger, line.OffDays, line.Waits = true, true, true, true, true
		line.Days, line.SentOn, line.From, line.Reason = "lun, mer", testDay, testDay, hostile
	}
	return line
}

// TestSchoolPages renders every page of the area empty and full, in both
// languages: the school's own have no money and no diet's name in them.
func TestSchoolPages(t *testing.T) {
	s := newTestServer(t)
	class, school := canteen.Class{Grade: "2", Section: "A", Year: "2026/27", Weekdays: canteen.MonToFri}, canteen.School{Name: hostile, Code: testRodari}
	place := store.PupilPlace{Pupil: canteen.Pupil{Surname: hostile, Name: "Zoe", Handle: "aaaaaaaaaaaaaaaa", PAN: s.pan("Zoe")}, School: school, Class: class, From: testDay}
	roll := SchoolRollPage{ClassRoll: store.ClassRoll{School: school, Class: class}}
	for i := range 30 {
		line := store.RollLine{Pupil: place.Pupil, From: testDay, State: []store.RollState{store.RollPresent, store.RollComing, store.RollLeft}[i%3], Special: i%5 == 0}
		line.Pupil.Name = fmt.Sprintf("Maria Antonietta Immacolata %02d", i)
		roll.Rows = append(roll.Rows, RollRow{RollLine: line, URL: "/scuola/alunni/aaaaaaaaaaaaaaaa", Days: "lun", StateKey: "school.state." + string(line.State)})
	}
	debts := store.ApplicationDebts{School: hostile, Application: canteen.Application{Handle: "aaaaaaaaaaaaaaaa", State: canteen.Submitted},
		Gate:  canteen.DebtGate{Own: 40_00, Household: 12_00, Stopped: true},
		Lines: []store.OldDebtLine{{Pupil: place.Pupil, Amount: 40_00, Own: true}, {Pupil: place.Pupil, Amount: 12_00}}}
	band := BandLine{store.BandRequest{Application: canteen.Application{Handle: "aaaaaaaaaaaaaaaa", Band: "B"}, School: hostile, Decided: true, Earliest: testDay}, "/x"}
	for _, test := range []struct {
		name  string
		money bool
		page  func(render.Page) any
	}{
		{"school/home", false, func(p render.Page) any { return SchoolHomePage{Page: p} }},
		{"school/home", false, func(p render.Page) any {
			return SchoolHomePage{Page: p, Waiting: 3, Late: 1, Back: 2, Schools: []SchoolCard{{SchoolOverview: store.SchoolOverview{School: school, Year: "2026/27"},
				Rows: []ClassRow{{store.ClassOverview{Class: class, Pupils: 9, Waiting: 1}, "/x", "lun"}}}, {}}}
		}},
		{"school/applications", false, func(p render.Page) any { return &SchoolApplicationsPage{Page: p} }},
		{"school/applications", false, func(p render.Page) any {
			return &SchoolApplicationsPage{Page: p, Groups: []ApplicationGroup{{Class: "2A", Lines: []CandidateLine{sampleCandidate(true)}},
				{Lines: []CandidateLine{sampleCandidate(false)}}}, Back: []CandidateLine{sampleCandidate(true)}}
		}},
		{"school/application", false, func(p render.Page) any {
			return &SchoolApplicationPage{Page: p, CandidateLine: sampleCandidate(true), Open: true}
		}},
		{"school/application", false, func(p render.Page) any { return &SchoolApplicationPage{Page: p, CandidateLine: sampleCandidate(false)} }},
		{"school/outcome", false, func(p render.Page) any { return SchoolOutcomePage{Page: p} }},
		{"school/outcome", false, func(p render.Page) any {
			out := SchoolOutcomePage{Page: p, Done: []OutcomeLine{{Name: hostile, URL: "/x", SlipURL: "/y"}}}
			for _, o := range []canteen.ValidationOutcome{canteen.ValidationAlready, canteen.ValidationStopped, canteen.ValidationNoClass,
				canteen.ValidationOver, canteen.ValidationMoved, canteen.ValidationTwins, canteen.ValidationStranger, canteen.ValidationNotFound} {
				out.Stays = append(out.Stays, OutcomeLine{What: "school.outcome." + string(o)})
			}
			return out
		}},
		{"school/roll", false, func(p render.Page) any { return &SchoolRollPage{Page: p} }},
		{"school/roll", false, func(p render.Page) any { full := roll; full.Page = p; return &full }},
		{"school/pupil", false, func(p render.Page) any { return &SchoolPupilPage{Page: p, PupilPlace: place} }},
		{"school/slip", false, func(p render.Page) any { return &SlipPage{Page: p, PupilPlace: place, Side: 29, Code: "M0 0h1v1h-1z"} }},
		{"school/debts", true, func(p render.Page) any { return &OfficeDebtsPage{Page: p} }},
		{"school/debts", true, func(p render.Page) any {
			return &OfficeDebtsPage{Page: p, Stopped: []DebtLine{{debts, "/x"}}, Others: []DebtLine{{debts, "/y"}}}
		}},
		{"school/debt", true, func(p render.Page) any { return &OfficeDebtPage{Page: p, ApplicationDebts: debts, Open: true} }},
		{"school/debt", true, func(p render.Page) any {
			return &OfficeDebtPage{Page: p, History: []DebtStep{{canteen.StepTaken{Reason: hostile}, "school.step.noted", testDay}}}
		}},
		{"school/bands", true, func(p render.Page) any {
			return OfficeBandsPage{Page: p, ToDecide: []BandLine{band}, Waiting: []BandLine{band}, Decided: []BandLine{band}}
		}},
		{"school/band", true, func(p render.Page) any { return &OfficeBandPage{Page: p, BandRequest: band.BandRequest} }},
		{"school/family_debt", true, func(p render.Page) any {
			return FamilyDebtPage{Page: p, Stop: store.ApplicationStop{Child: "Zoe", Stopped: true, Amount: 40_00, Term: testDay, Lines: debts.Lines[:1]}}
		}},
		{"school/family_debt", true, func(p render.Page) any {
			return FamilyDebtPage{Page: p, Stop: store.ApplicationStop{Reserve: true, Amount: 1}}
		}},
		{"school/family_debt", true, func(p render.Page) any { return FamilyDebtPage{Page: p} }},
	} {
		for _, lang := range []string{"it", "en"} {
			var out strings.Builder
			if err := s.web.engine.Render(&out, lang, test.name, test.page(render.Page{Title: "school.home.title", Lang: lang, Now: s.store.Now()})); err != nil {
				t.Errorf("%s in %s: %v", test.name, lang, err)
				continue
			}
			p := &page{t: t, target: lang + " " + test.name, body: out.String()}
			p.judge()
			if strings.Contains(p.body, "<script>alert") {
				t.Errorf("%s: a name became an element", p.target)
			}
			if !test.money {
				p.wantNo("€", "Senza glutine", "glutine", "debit", "debt")
			}
		}
	}
}
