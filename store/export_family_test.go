package store

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

var update = flag.Bool("update", false, "write the golden files anew")

// separated gives a pupil of the small town a second parent, with everything in
// the record that could name one to the other.
type separated struct {
	s            *Store
	town         *smallTown
	pan          canteen.PAN
	mother, dad  canteen.Guardian
	motherSecret []string // what only the mother may read
	dadSecret    []string
}

func separatedFamily(t *testing.T, s *Store, c *clock) *separated {
	t.Helper()
	f := &separated{s: s, town: fill(t, s)}
	f.pan = f.town.pupils[8] // it pays, and has credit
	err := s.update(Job(), func(tx *tx) error {
		p, _ := tx.pupil(f.pan)
		f.mother, _ = tx.guardian(p.Guardians[0])
		f.mother.Phone, f.mother.Email, f.mother.Address = "+393401111111", "madre@example.org", "Via della Madre 1"
		f.mother.Name = "Margherita"
		tx.putGuardian(f.mother)
		f.mother, _ = tx.guardian(f.mother.ID)
		f.dad = canteen.Guardian{ID: canteen.GuardianID(tx.next(guardians)), Surname: "Bianchetti", Name: "Ottavio", CodiceFiscale: "GRD9990000000000",
			Phone: "+393402222222", Email: "padre@example.org", Address: "Via del Padre 2"}
		tx.putGuardian(f.dad)
		f.dad, _ = tx.guardian(f.dad.ID)
		p.Guardians = append(p.Guardians, f.dad.ID)
		tx.putPupil(p)
		for _, g := range []canteen.Guardian{f.mother, f.dad} {
			tx.putProfile(g.ID, Profile{Lang: "it", Email: ContactMark{Value: g.Email, Source: "self", At: tx.now},
				Privacy: []PrivacySeen{{Version: 1, At: tx.now}}})
			tx.tell(g.ID, "prova", Fact{Text: "detto a " + g.Email})
			tx.corrected(canteen.PersonSubject(g.Handle), "address", "Via vecchia di "+g.Name, g.Address)
			tx.putApplication(&canteen.Application{Handle: (strings.ToLower(g.Name) + "0000000000000000")[:16], State: canteen.Draft, Applicant: g.ID,
				Year: "2027/28", Band: "fascia di " + g.Name, Started: tx.now, Child: canteen.Child{Surname: "Verdi", Name: "Aria"},
				History: []canteen.StepTaken{{At: tx.now, Actor: strings.ToLower(g.Name), What: "draft"}}})
		}
		tx.corrected(canteen.PupilSubject(p.Handle), "birthplace", "Foggia", "Lucera")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []canteen.Guardian{f.mother, f.dad} {
		login := strings.ToLower(g.Name)
		if err := s.AddUser(Console(), User{Login: login, Role: canteen.RoleGuardian, Hash: "argon2id di " + login}, g.CodiceFiscale); err != nil {
			t.Fatal(err)
		}
		act := f.act(g)
		day := monday.AddDays(2)
		if g.ID == f.dad.ID {
			day = day.AddDays(1)
		}
		f.town.sayAs(t, act, f.pan, canteen.Absence, day)
		if err := s.RecordOutsidePayment(office(), OutsidePayment{Pupil: f.pan, Amount: 20_00, Day: monday, Reference: "bonifico di " + login, Means: "conto di " + login}); err != nil {
			t.Fatal(err)
		}
		session := Session{Login: login, Began: time.Now(), Deadline: time.Now().Add(time.Hour), Device: "browser-di-" + login, Address: "192.0.2.x", Provider: "spid"}
		if err := s.Sessions().Commit("token of "+login, session.Line(), session.Deadline); err != nil {
			t.Fatal(err)
		}
		if err := s.RecordLogin(Login{Login: login, Provider: "local", Address: "192.0.2." + map[bool]string{true: "1", false: "2"}[g.ID == f.mother.ID]}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Account(office(), f.pan, monday, monday); err != nil {
		t.Fatal(err)
	}
	closeDays(t, s, c, monday, monday)
	secrets := func(g canteen.Guardian) []string {
		login := strings.ToLower(g.Name)
		return []string{g.Phone, g.Email, g.Address, g.Name, g.Handle, string(g.CodiceFiscale), login, "fascia di " + g.Name}
	}
	f.motherSecret, f.dadSecret = secrets(f.mother), secrets(f.dad)
	return f
}

func (f *separated) act(g canteen.Guardian) Act {
	return Act{Actor: canteen.Actor{Login: strings.ToLower(g.Name), Role: canteen.RoleGuardian, Guardian: g.ID}, Channel: canteen.ChannelWeb}
}

func (f *separated) export(t testing.TB, g canteen.Guardian) (FamilyExport, string) {
	t.Helper()
	x, err := f.s.FamilyData(f.act(g))
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return x, string(body)
}

// TestFamilyData_separatedParents scans the export of each parent for every known
// value of the other: contacts, login, requests, payments.
func TestFamilyData_separatedParents(t *testing.T) {
	s, c := openUnproved(t)
	f := separatedFamily(t, s, c)
	for _, who := range []struct {
		self           canteen.Guardian
		own, notTheirs []string
	}{{f.mother, f.motherSecret, f.dadSecret}, {f.dad, f.dadSecret, f.motherSecret}} {
		x, body := f.export(t, who.self)
		for _, secret := range who.notTheirs {
			if strings.Contains(body, secret) {
				t.Errorf("the export of %s contains %q of the other parent", who.self.Name, secret)
			}
		}
		for _, own := range append(slices.Clone(who.own[:4]), who.own[5:]...) { // the handle is of addresses
			if !strings.Contains(body, own) {
				t.Errorf("the export of %s lacks its own %q", who.self.Name, own)
			}
		}
		if strings.Contains(body, "bonifico di") || strings.Contains(body, "conto di") || strings.Contains(body, "argon2id") {
			t.Errorf("the export of %s tells who paid, or the hash of a password", who.self.Name)
		}
		child := x.Children[0]
		if child.Guardians != 2 || len(child.Communications) != 2 || len(child.Movements) != 4 || child.Balance != child.Movements[3].Balance {
			t.Errorf("the child of %s is %+v", who.self.Name, child)
		}
		by := []string{child.Communications[0].By, child.Communications[1].By}
		if slices.Sort(by); !slices.Equal(by, []string{ExportGuardian, ExportYou}) {
			t.Errorf("the receipts of %s are by %q", who.self.Name, by)
		}
		if len(x.Corrections) != 2 || len(x.Messages) == 0 || len(x.Applications) != 1 {
			t.Errorf("%s: %d corrections, %d messages, %d applications", who.self.Name, len(x.Corrections), len(x.Messages), len(x.Applications))
		}
		if len(x.Accesses) != 2 || x.Accesses[0].What != AccessLogin || x.Accesses[1].By != canteen.RoleOffice || x.Accesses[1].Child == "" {
			t.Errorf("%s reads of the register: %+v", who.self.Name, x.Accesses)
		}
	}
}

func TestFamilyData_onlyForTheFamily(t *testing.T) {
	s, c := openUnproved(t)
	f := separatedFamily(t, s, c)
	operator := f.act(f.dad)
	operator.Actor.Role = canteen.RoleDesk
	for _, act := range []Act{office(), deskAlone(), auditor(), Console(), {}, operator} {
		if _, err := s.FamilyData(act); canteen.KindOf(err) != canteen.KindForbidden {
			t.Errorf("as %q: %v, want a refusal", act.Actor.Login, err)
		}
	}
	other := f.town.family(f.town.coeliac)
	x, err := s.FamilyData(other)
	if err != nil || len(x.Children) != 1 || x.Children[0].PAN != f.town.coeliac {
		t.Errorf("another family gets %+v, %v", x.Children, err)
	}
}

// keysOf lists the paths of the keys of a decoded JSON value.
func keysOf(v any, at string, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			into[at+"."+k] = true
			keysOf(inner, at+"."+k, into)
		}
	case []any:
		for _, inner := range v {
			keysOf(inner, at+"[]", into)
		}
	}
}

// TestFamilyData_keys holds the keys of an export against the golden file: who
// reads exports by program counts on them. -update writes it anew.
func TestFamilyData_keys(t *testing.T) {
	s, c := openUnproved(t)
	f := separatedFamily(t, s, c)
	err := s.update(Job(), func(tx *tx) error {
		sealed, err := s.opt.Vault.Seal([]byte("niente maiale"))
		if err != nil {
			return err
		}
		tx.putDietRequest(&canteen.DietRequest{Handle: "dieta00000000000", State: canteen.DietApproved, Kind: canteen.DietEthical, Pupil: f.pan,
			AskedBy: f.dad.ID, Sealed: sealed, Code: "NM", From: monday, Until: 20270630, Sent: tx.now, Certificate: "image/png",
			History: []canteen.StepTaken{{At: tx.now, Actor: "dietista", What: "approved", Reason: "va bene"}}})
		tx.putJSON(delegations, append(keyPAN(f.pan), key64(uint64(f.town.parent[f.town.coeliac]))...), canteen.Delegation{Pupil: f.pan,
			Delegate: f.town.parent[f.town.coeliac], Rights: []canteen.Right{canteen.RightSee}, Until: 20270630, By: f.dad.ID, Since: tx.now})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	x, body := f.export(t, f.mother)
	if d := x.Children[0].Diets[0]; d.Words != "niente maiale" || d.AskedBy != ExportGuardian {
		t.Errorf("the diet is %+v", d)
	}
	var decoded any
	if err := json.Unmarshal([]byte(body), &decoded); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	keysOf(decoded, "", keys)
	var list []string
	for k := range keys {
		list = append(list, k)
	}
	slices.Sort(list)
	got := strings.Join(list, "\n") + "\n"
	path := filepath.Join("testdata", "family_export_keys.txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the keys of the export changed:\n%s\nwant\n%s", got, want)
	}
}

// TestFamilyData_tenYears: the export of a child that ate for ten school years
// needs a few megabytes (story 48: families hold their own statements).
func TestFamilyData_tenYears(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.pupils[0]
	err := s.updateAlone(Job(), func(tx *tx) error {
		for i := range 4000 { // with the days of a year: what ten years leave
			tx.post(canteen.Entry{ID: "test/" + time.Unix(int64(i), 0).String(), Kind: canteen.EntryAdjustment, Day: monday, At: tx.now, Actor: "job",
				Postings: canteen.Transfer(canteen.LedgerIncome, canteen.LedgerOf(pan), 1)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.advance(time.Minute)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	x, err := s.FamilyData(town.family(pan))
	runtime.ReadMemStats(&after)
	if err != nil || len(x.Children[0].Movements) < 4000 {
		t.Fatalf("%d movements, %v", len(x.Children[0].Movements), err)
	}
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 50 {
		t.Errorf("the export allocated %d MB in all", used)
	}
}

// TestStory48_aFamilyCanCheckItsBills (Bondy: ransomware erased the files, and
// years later bills came that nobody could check): the export alone proves the
// balance, line by line from the first.
func TestStory48_aFamilyCanCheckItsBills(t *testing.T) {
	s, c := openUnproved(t)
	f := separatedFamily(t, s, c)
	closeDays(t, s, c, monday.AddDays(1), monday.AddDays(4))
	x, _ := f.export(t, f.mother)
	child := x.Children[0]
	if len(child.Movements) < 5 {
		t.Fatalf("only %d movements", len(child.Movements))
	}
	var balance canteen.Cents
	for i, m := range child.Movements {
		balance += m.Amount
		if m.Line != uint32(i+1) || m.Balance != balance || m.Kind == canteen.EntryCharge && (m.Tariff == "" && m.Meal == "") {
			t.Errorf("line %d is %+v, the sum is %s", i+1, m, balance)
		}
	}
	if child.Balance != balance {
		t.Errorf("the export says %s and its lines make %s", child.Balance, balance)
	}
}
