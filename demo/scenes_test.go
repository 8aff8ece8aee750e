package demo

import (
	"bytes"
	"image/jpeg"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// TestScenes looks at one town with the eyes of those who live in it.
func TestScenes(t *testing.T) {
	b := buildTown(t, optionsOf(t, 300, 90))
	s := reopen(t, b)
	for _, c := range []struct {
		name string
		look func(*testing.T, *builder, *store.Store)
	}{
		{"families can be written to", familiesCanBeWrittenTo},
		{"a grandmother may only cancel", grandmotherMayOnlyCancel},
		{"both windows are open", windowsAreOpen},
		{"applications wait in every way", applicationsWait},
		{"a debt stops one of them", debtStops},
		{"new children were welcomed", newChildrenWereWelcomed},
		{"every diet of the leaflet has its request", dietsHaveRequests},
		{"the officer has something of everything", officerHasWork},
		{"the counter has a queue and acts", counterHasWork},
		{"retention has left a report", retentionHasReported},
		{"the register has lines", registerHasLines},
		{"one login has a second factor", oneSecondFactor},
	} {
		t.Run(c.name, func(t *testing.T) { c.look(t, b, s) })
	}
}

func mustFind(t *testing.T, b *builder, login string) *guardian {
	t.Helper()
	g := b.guardian(login)
	if g == nil {
		t.Fatalf("%s is not in the town", login)
	}
	return g
}

func familiesCanBeWrittenTo(t *testing.T, b *builder, s *store.Store) {
	for _, g := range b.census.showcase {
		v, err := s.Myself(g.act())
		if err != nil {
			t.Fatal(err)
		}
		if !v.Verified(canteen.ChannelEmail) {
			t.Errorf("the e-mail %q of %s is not proved", g.email, g.login)
		}
		if got := len(v.Profile.Privacy); got != 1 && !g.byCode {
			t.Errorf("%s has seen %d privacy notices, want 1", g.login, got)
		}
	}
	if v, err := s.Myself(mustFind(t, b, "khadija.elmansouri").act()); err != nil || v.Profile.Lang != "en" {
		t.Errorf("language: got %q, %v, want en", v.Profile.Lang, err)
	}
	if v, err := s.Myself(mustFind(t, b, "andrea.rizzi").act()); err != nil || v.Profile.Email.Source != "self" {
		t.Errorf("who proved its own address: got %q, %v", v.Profile.Email.Source, err)
	}
}

func grandmotherMayOnlyCancel(t *testing.T, _ *builder, s *store.Store) {
	u, err := s.User("lucia.rizzi")
	if err != nil || u.Role != canteen.RoleDelegate {
		t.Fatalf("got %q, %v, want a delegate", u.Role, err)
	}
	all, err := s.Family(store.Act{Actor: u.Actor()}, 5)
	if err != nil || len(all) != 1 {
		t.Fatalf("children: got %d, %v, want 1", len(all), err)
	}
	for right, want := range map[canteen.Right]bool{canteen.RightSee: true, canteen.RightCancel: true, canteen.RightPay: false, canteen.RightOwn: false} {
		if got := all[0].May(right); got != want {
			t.Errorf("may %s: got %v, want %v", right, got, want)
		}
	}
}

func windowsAreOpen(t *testing.T, b *builder, s *store.Store) {
	set, err := s.EnrolmentSettings(office)
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[int]canteen.WindowState{b.present: canteen.WindowLate, b.present + 1: canteen.WindowOpen} {
		w := set.Window(schoolYear(year).Name)
		if got := w.On(b.today); got != want {
			t.Errorf("window of %d: got %s, want %s", year, got, want)
		}
	}
}

func applicationsWait(t *testing.T, b *builder, s *store.Store) {
	all, err := s.SchoolApplications(secretary)
	if err != nil {
		t.Fatal(err)
	}
	late, waiting, returned, next := 0, 0, 0, 0
	for _, a := range all {
		switch {
		case a.State == canteen.Returned:
			returned++
			if a.Reason == "" {
				t.Error("an application was sent back without a reason")
			}
		case a.Year != schoolYear(b.present).Name:
			next++
		default:
			waiting++
		}
		if a.Late && a.State == canteen.Submitted {
			late++
		}
	}
	if late < 1 || waiting < 3 || returned != 1 || next < 1 {
		t.Errorf("got %d late, %d of this year, %d of the next, %d sent back; want at least 1, 3, 1 and one", late, waiting, next, returned)
	}
	drafts, err := s.Applications(mustFind(t, b, "francesca.marino").act())
	if err != nil || len(drafts) != 1 || drafts[0].Application.State != canteen.Draft {
		t.Errorf("the draft of a family of the leaflet: got %v, %v", drafts, err)
	}
}

func debtStops(t *testing.T, b *builder, s *store.Store) {
	cases, err := s.DebtCases(office)
	if err != nil || len(cases) != 1 || !cases[0].Gate.Stopped {
		t.Fatalf("stopped applications: got %v, %v, want 1", cases, err)
	}
	if got, want := cases[0].Applicant.ID, mustFind(t, b, "giuseppe.petrone").id; got != want {
		t.Errorf("the debt is of person %d, want %d, of the leaflet", got, want)
	}
}

func newChildrenWereWelcomed(t *testing.T, b *builder, s *store.Store) {
	o, err := s.EnrolmentOverview(office, schoolYear(b.present).Name)
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for _, row := range o.Schools {
		accepted += row.States[canteen.Validated]
	}
	if accepted != 2 || len(b.newPupils) != 2 {
		t.Errorf("got %d accepted and %d counted, want 2", accepted, len(b.newPupils))
	}
}

func dietsHaveRequests(t *testing.T, b *builder, s *store.Store) {
	for _, f := range b.census.families[:len(showcases)] {
		for _, one := range f.children {
			if one.diet == "" {
				continue
			}
			all, err := s.FamilyDiets(one.guardians[0].act())
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, d := range all {
				found = found || d.Request.Pupil == one.pan && d.Request.State == canteen.DietApproved && d.Request.Code == one.diet
			}
			if !found {
				t.Errorf("%s eats %s and has no approved request", one.name, one.diet)
			}
		}
	}
}

func officerHasWork(t *testing.T, b *builder, s *store.Store) {
	d, err := s.DietDesk(officer)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.ToCheck) != 2 || len(d.Expiring) != 1 || len(d.Expired) != 1 || len(d.Served) < 5 {
		t.Fatalf("got %d to check, %d expiring, %d expired, %d served; want 2, 1, 1, 5 or more",
			len(d.ToCheck), len(d.Expiring), len(d.Expired), len(d.Served))
	}
	if r := d.Expired[0].Request; !r.Served(b.today) {
		t.Error("the diet that has expired is not served")
	}
	doc, err := s.Certificate(officer, d.ToCheck[0].Request.Handle, store.CertificateReasons[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jpeg.Decode(bytes.NewReader(doc.Bytes)); err != nil || doc.Media != "image/jpeg" {
		t.Errorf("the certificate is no picture: %q, %v", doc.Media, err)
	}
}

func counterHasWork(t *testing.T, b *builder, s *store.Store) {
	queue, err := s.DeskQueue(atDesk(0, ""), b.today)
	if err != nil || len(queue) != 3 {
		t.Errorf("queue: got %d, %v, want 3", len(queue), err)
	}
	acts, err := s.DeskDay(atDesk(0, ""), b.today)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, a := range acts {
		kinds[a.Receipt.Kind]++
	}
	if kinds[store.ReceiptRegistration] != 1 || kinds[store.ReceiptApplication] != 1 {
		t.Errorf("acts of today: got %v, want a registration and an application", kinds)
	}
	found, err := s.FindFamilies(atDesk(0, ""), "Trombetta Vito", 5)
	if err != nil || len(found.Found) != 1 || found.Found[0].Person.Email != "" {
		t.Errorf("the family without an e-mail: got %v, %v", found.Found, err)
	}
	paper, err := s.PaperRequests(office)
	if err != nil || len(paper) != 1 {
		t.Errorf("calls on paper: got %d, %v, want 1", len(paper), err)
	}
}

func retentionHasReported(t *testing.T, _ *builder, s *store.Store) {
	periods, err := s.Periods(auditor)
	if err != nil || periods[canteen.KeepDrafts] != 60 {
		t.Errorf("periods: got %v, %v", periods, err)
	}
	reports, err := s.Disposals(auditor, 10)
	if err != nil || len(reports) == 0 {
		t.Fatalf("reports: got %d, %v, want some", len(reports), err)
	}
}

func registerHasLines(t *testing.T, _ *builder, s *store.Store) {
	page, err := s.Accesses(auditor, store.AccessFilter{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, line := range page.Lines {
		seen[line.What] = true
	}
	for _, what := range []string{store.AccessLogin, store.SawPupil, store.SawAccount} {
		if !seen[what] {
			t.Errorf("no line of %q: %v", what, seen)
		}
	}
}

func oneSecondFactor(t *testing.T, b *builder, s *store.Store) {
	var with []string
	for _, u := range b.leaflet.Users {
		if u.TOTPSecret != "" {
			with = append(with, u.Login)
		}
		have, err := s.User(u.Login)
		if err != nil {
			t.Fatal(err)
		}
		if have.Factor.IsZero() != (u.TOTPSecret == "") {
			t.Errorf("%s: the leaflet says %q, the record has a factor: %v", u.Login, u.TOTPSecret, !have.Factor.IsZero())
		}
	}
	if got := strings.Join(with, " "); got != guarded {
		t.Errorf("second factors: got %q, want %q", got, guarded)
	}
}

// TestScenes_withoutAVault builds a town that has no key: nothing sealed, and
// everything else.
func TestScenes_withoutAVault(t *testing.T) {
	opt := optionsOf(t, 60, 5)
	opt.Vault = nil
	b := buildTown(t, opt)
	rep, err := store.CheckFile(b.opt.Path)
	if err != nil || !rep.OK {
		t.Errorf("check: got %v, %v, want no problem", rep.Problems, err)
	}
	for _, u := range b.leaflet.Users {
		if u.TOTPSecret != "" || u.Role == canteen.RoleDelegate {
			t.Errorf("%s needs a key", u.Login)
		}
	}
}

func TestCertificate_hasALetterForEverySign(t *testing.T) {
	for _, f := range []string{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"} {
		for _, r := range f {
			if _, ok := letters[r]; !ok {
				t.Errorf("no letter %q", r)
			}
		}
	}
}
