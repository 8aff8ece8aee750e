package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"refettorio/canteen"
)

// dietOn is what the enrolment of a pupil says for a day.
func dietOn(t *testing.T, s *Store, pan canteen.PAN, day canteen.Date) string {
	t.Helper()
	list, err := s.Enrolments(Console(), pan)
	if err != nil {
		t.Fatal(err)
	}
	e := enrolmentOn(list, day)
	if e == nil {
		t.Fatalf("pupil %s has no place on %s", pan, day)
	}
	return canteen.InForce(e.Diets, day)
}

// told lists the kinds of the messages about diets, in order.
func dietsTold(t *testing.T, s *Store) (kinds []string) {
	t.Helper()
	err := s.view(Console(), func(tx *tx) error {
		for _, m := range loadAll[Message](tx, messages) {
			if strings.HasPrefix(m.Kind, "diet.") {
				kinds = append(kinds, m.Kind)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

func wantFieldRefusal(t *testing.T, what string, err error, kind canteen.Kind, field string) {
	t.Helper()
	e, ok := errors.AsType[*canteen.Error](err)
	if !ok || e.Kind != kind || e.Field != field {
		t.Errorf("%s: %v, want kind %d at %q", what, err, kind, field)
	}
}

func TestDiet_fromTheFamilyToTheKitchensSheet(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.of["primaria 1A"][2]
	c.at(monday, "09:14")
	handle := sentDiet(t, town, pan)
	file, err := s.OfficerDiet(officer(), handle)
	if err != nil || file.Asked != healthAsk().Asked || file.Standing != canteen.DietSent || file.Earliest != monday {
		t.Fatalf("the officer reads %+v, %v", file, err)
	}
	c.at(monday, "09:16") // the school's own cut-off is 9:15: today is cooked without it
	approve := DietDecision{Step: canteen.DietApprove, Code: "SG", Category: canteen.DietAllergy, From: monday}
	wantFieldRefusal(t, "from a day too late", s.DecideDiet(officer(), handle, approve), canteen.KindInvalid, "from")
	approve.From = 0
	if err := s.DecideDiet(officer(), handle, approve); err != nil {
		t.Fatal(err)
	}
	tuesday := monday.AddDays(1)
	if got := dietOn(t, s, pan, monday) + "/" + dietOn(t, s, pan, tuesday); got != "/SG" {
		t.Errorf("on Monday and Tuesday: %q, want none and SG", got)
	}
	closeDays(t, s, c, monday, tuesday)
	before, _ := town.order(t, monday, "primaria 1A", pan)
	after, _ := town.order(t, tuesday, "primaria 1A", pan)
	if before.Diet != "" || after.Diet != "SG" {
		t.Errorf("ordered with diet %q and then %q, want none and SG", before.Diet, after.Diet)
	}
	mine, err := s.FamilyDiet(town.family(pan), handle)
	if last, ok := mine.Last(); err != nil || !ok || last.Until != 20270831 || mine.Request.Receipt.IsZero() {
		t.Errorf("the family reads %+v, %v; want a decision until 31 August and a receipt", mine, err)
	}
	if got := strings.Join(dietsTold(t, s), " "); got != "diet.received diet.approved" {
		t.Errorf("the family was told %q", got)
	}
}

func TestDiet_decisionsAreRefusedInTheirField(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	handle := sentDiet(t, town, town.elder)
	good := DietDecision{Step: canteen.DietApprove, Code: "SG", Category: canteen.DietInvestigation}
	for field, spoil := range map[string]func(*DietDecision){
		"code":     func(d *DietDecision) { d.Code = "XX" },
		"category": func(d *DietDecision) { d.Category = canteen.DietBelief },
		"until":    func(d *DietDecision) { d.Until = 20270601 }, // four months are over long before
	} {
		bad := good
		spoil(&bad)
		wantFieldRefusal(t, field, s.DecideDiet(officer(), handle, bad), canteen.KindInvalid, field)
	}
	wantFieldRefusal(t, "refuse without a reason", s.DecideDiet(officer(), handle, DietDecision{Step: canteen.DietRefuse}), canteen.KindInvalid, "reason")
	wantFieldRefusal(t, "extend what is not approved", s.DecideDiet(officer(), handle, DietDecision{Step: canteen.DietExtend, Reason: "x"}), canteen.KindConflict, "")
	wantFieldRefusal(t, "a step of time's", s.DecideDiet(officer(), handle, DietDecision{Step: canteen.DietExpire}), canteen.KindConflict, "")
	for _, role := range canteen.Roles {
		if role != canteen.RoleDiets {
			act := Act{Actor: canteen.Actor{Login: "x", Role: role, Guardian: town.parent[town.elder]}}
			wantFieldRefusal(t, string(role), s.DecideDiet(act, handle, good), canteen.KindForbidden, "")
		}
	}
}

// TestDiet_aNewCertificateReplacesTheOld: and the same decision sent twice is one.
func TestDiet_aNewCertificateReplacesTheOld(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.elder
	first := sentDiet(t, town, pan)
	if _, err := s.OpenDiet(town.family(pan), pan, healthAsk()); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("a second request while one waits: %v, want a conflict", err)
	}
	act := officer()
	act.Once = "one form"
	approve := DietDecision{Step: canteen.DietApprove, Code: "SG", Category: canteen.DietCoeliac}
	for range 2 {
		if err := s.DecideDiet(act, first, approve); err != nil {
			t.Fatal(err)
		}
	}
	c.at(monday.AddDays(1), "08:00")
	second := sentDiet(t, town, pan)
	if err := s.DecideDiet(officer(), second, DietDecision{Step: canteen.DietApprove, Code: "NM", Category: canteen.DietAllergy}); err != nil {
		t.Fatal(err)
	}
	old, err := s.OfficerDiet(officer(), first)
	if err != nil || old.Standing != canteen.DietRevoked || len(old.Decisions) != 1 {
		t.Errorf("the old request is %s with %d decisions, %v; want revoked with one", old.Standing, len(old.Decisions), err)
	}
	if got := dietOn(t, s, pan, monday) + dietOn(t, s, pan, monday.AddDays(1)); got != "SGNM" {
		t.Errorf("on Monday and Tuesday %q, want SG kept for Monday and then NM", got)
	}
	if err := s.DecideDiet(officer(), second, DietDecision{Step: canteen.DietRevoke, Reason: "certificato di guarigione"}); err != nil {
		t.Fatal(err)
	}
	if got := dietOn(t, s, pan, monday.AddDays(2)); got != "" {
		t.Errorf("after the end: %q", got)
	}
}

func TestDiet_sentBackAndWithdrawn(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	pan := town.elder
	handle, err := s.OpenDiet(town.family(pan), pan, DietAsk{Kind: canteen.DietHealth, Asked: "niente latte"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.SendDiet(town.family(pan), handle)
	wantFieldRefusal(t, "a health diet without a certificate", err, canteen.KindInvalid, "certificate")
	if err := s.SaveDiet(town.family(pan), handle, healthAsk()); err != nil {
		t.Fatal(err)
	}
	act := town.family(pan)
	act.Once = "the same form"
	one, err := s.SendDiet(act, handle)
	two, again := s.SendDiet(act, handle)
	if err != nil || again != nil || one != two || one.IsZero() {
		t.Errorf("sent twice: %s, %v and %s, %v; want one receipt", one, err, two, again)
	}
	if err := s.DecideDiet(officer(), handle, DietDecision{Step: canteen.DietReturn, Reason: "la foto non si legge"}); err != nil {
		t.Fatal(err)
	}
	back, err := s.FamilyDiet(town.family(pan), handle)
	if last, ok := back.Last(); err != nil || !ok || back.Standing != canteen.DietIncomplete || last.Reason != "la foto non si legge" {
		t.Errorf("sent back the family reads %+v, %v", back, err)
	}
	if err := s.WithdrawDiet(town.family(pan), handle); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Certificate(town.family(pan), handle, ""); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the document of a withdrawn request: %v, want not found", err)
	}
}

// TestDiet_expiry: at midnight in Rome after the last day a health diet is flagged
// and still cooked, until the officer decides; an ethical one is over.
func TestDiet_expiry(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	health, ethical := town.of["primaria 1A"][2], town.of["primaria 1A"][3]
	last := monday.AddDays(11) // a Friday
	approve := func(pan canteen.PAN, ask DietAsk, category canteen.DietCategory) string {
		t.Helper()
		handle, err := s.OpenDiet(town.family(pan), pan, ask)
		if err == nil {
			_, err = s.SendDiet(town.family(pan), handle)
		}
		if err == nil {
			err = s.DecideDiet(officer(), handle, DietDecision{Step: canteen.DietApprove, Code: "SG", Category: category, Until: last})
		}
		if err != nil {
			t.Fatal(err)
		}
		return handle
	}
	first := approve(health, healthAsk(), canteen.DietAllergy)
	approve(ethical, DietAsk{Kind: canteen.DietEthical, Asked: "niente carne"}, canteen.DietBelief)
	night := func(day canteen.Date, warned, expired int) {
		t.Helper()
		c.at(day, "04:20")
		if w, e, err := s.RunDiets(Job()); w != warned || e != expired || err != nil {
			t.Errorf("night of %s: %d warned, %d expired, %v; want %d and %d", day, w, e, err, warned, expired)
		}
	}
	night(monday.AddDays(1), 2, 0) // less than thirty days are left
	night(monday.AddDays(2), 0, 0) // told once
	c.set(last.AddDays(1).At(0).Add(-1))
	if desk, err := s.DietDesk(officer()); err != nil || len(desk.Expiring) != 2 || len(desk.Expired) != 0 {
		t.Errorf("just before midnight: %d expiring, %d expired, %v", len(desk.Expiring), len(desk.Expired), err)
	}
	c.set(last.AddDays(1).At(0))
	if desk, err := s.DietDesk(officer()); err != nil || len(desk.Expiring) != 0 || len(desk.Expired) != 1 {
		t.Errorf("at midnight: %d expiring, %d expired, %v; want the health diet flagged", len(desk.Expiring), len(desk.Expired), err)
	}
	night(last.AddDays(1), 0, 2)
	night(last.AddDays(2), 0, 0)
	next := last.AddDays(3) // Monday
	if got := dietOn(t, s, health, next) + "/" + dietOn(t, s, ethical, next); got != "SG/" {
		t.Errorf("after the last day: %q, want the health diet alone", got)
	}
	c.at(next, "08:00")
	extend := DietDecision{Step: canteen.DietExtend, Category: canteen.DietAllergy, Reason: "visto il certificato nuovo"}
	if err := s.DecideDiet(officer(), first, extend); err != nil {
		t.Fatal(err)
	}
	if desk, err := s.DietDesk(officer()); err != nil || len(desk.Expired) != 0 || len(desk.Served) != 1 {
		t.Errorf("extended: %d expired, %d in force, %v", len(desk.Expired), len(desk.Served), err)
	}
}

// TestDiet_whoMayOpen: the certificate is opened by the child's guardians and by
// the diets officer who says why, and by nobody else.
func TestDiet_whoMayOpen(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	pan := town.elder
	handle := sentDiet(t, town, pan)
	want := healthAsk().Document
	got, err := s.Certificate(town.family(pan), handle, "")
	if err != nil || got.Media != want.Media || !bytes.Equal(got.Bytes, want.Bytes) {
		t.Errorf("the family gets %q, %v", got.Media, err)
	}
	if got, err = s.Certificate(officer(), handle, WhyDecide); err != nil || !bytes.Equal(got.Bytes, want.Bytes) {
		t.Errorf("the officer gets %q, %v", got.Media, err)
	}
	_, err = s.Certificate(officer(), handle, "")
	wantFieldRefusal(t, "the officer without a reason", err, canteen.KindInvalid, "why")
	if _, err := s.Certificate(town.family(town.outside), handle, ""); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("another family: %v, want not found", err)
	}
	if _, err := s.FamilyDiet(town.family(town.outside), handle); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("another family reads the request: %v, want not found", err)
	}
	for _, role := range canteen.Roles {
		if role == canteen.RoleDiets {
			continue
		}
		act := Act{Actor: canteen.Actor{Login: "x", Role: role}}
		if _, err := s.Certificate(act, handle, WhyDecide); canteen.KindOf(err) != canteen.KindNotFound {
			t.Errorf("%s opens the certificate: %v, want not found", role, err)
		}
		if f, err := s.FamilyDiet(act, handle); canteen.KindOf(err) != canteen.KindNotFound {
			t.Errorf("%s reads %q, %v; want not found", role, f.Asked, err)
		}
		if _, err := s.OfficerDiet(act, handle); canteen.KindOf(err) != canteen.KindForbidden {
			t.Errorf("%s reads as the officer: %v, want forbidden", role, err)
		}
	}
}

// TestDiet_nothingLiesOpen scans the database and a backup for the words of the
// family, the reason of the officer, the category and every window of the
// document.
func TestDiet_nothingLiesOpen(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	handle := sentDiet(t, town, town.elder)
	reason := "manca la diagnosi della specialista"
	for _, d := range []DietDecision{
		{Step: canteen.DietApprove, Code: "SG", Category: canteen.DietFavism, Reason: reason},
		{Step: canteen.DietRevoke, Reason: reason + " di nuovo"},
	} {
		if err := s.DecideDiet(officer(), handle, d); err != nil {
			t.Fatal(err)
		}
	}
	backup := filepath.Join(t.TempDir(), "copy.db")
	if _, err := s.Backup(backup); err != nil {
		t.Fatal(err)
	}
	ask := healthAsk()
	secrets := [][]byte{[]byte(ask.Asked), []byte("celiaca"), []byte(reason), []byte("diagnosi"), []byte(canteen.DietFavism)}
	for at := 0; at+12 <= len(ask.Document.Bytes); at++ {
		secrets = append(secrets, ask.Document.Bytes[at:at+12])
	}
	for _, path := range []string{s.Path(), backup} {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(file, []byte(handle)) {
			t.Fatalf("%s does not hold the request: the scan proves nothing", path)
		}
		for _, secret := range secrets {
			if bytes.Contains(file, secret) {
				t.Errorf("%q lies open in %s", secret, filepath.Base(path))
			}
		}
	}
}
