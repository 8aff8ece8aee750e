package handlers

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// testServer is the whole server over a real store and a clock the test sets.
type testServer struct {
	t     testing.TB
	clock atomic.Pointer[time.Time]
	store *store.Store
	web   *Server
	log   bytes.Buffer
}

// The small town of the tests. Its clock stands at 8:45 of testDay, a Wednesday;
// Monday and Tuesday are closed.
const (
	testRodari     = "FGEE82001P" // Primaria Rodari, cooked by "nord"
	testArcobaleno = "FGAA82002Q" // Infanzia Arcobaleno, cooked by "sud", Mondays and Wednesdays
	testAct        = "Delibera di Giunta 41/2026"
)

var testDay = canteen.NewDate(2026, 10, 14)

// The logins of the small town; every password is testPassword. Elena and Paolo
// are the guardians of Giulia and Nicolò, Ugo of Sara, Ada of four children with
// long names, Ines of nobody.
const (
	testElena    = "elena"
	testPaolo    = "paolo@example.org"
	testUgo      = "ugo"
	testAda      = "ada"
	testInes     = "ines"
	testOffice   = "ufficio"
	testKitchen  = "cucina"
	testPassword = "prova"
)

// Pupils of the small town, by first name.
var testPupils = map[string]string{"Giulia": "100200307", "Nicolò": "100200315", "Sara": "0042",
	"Maria Antonietta": "100200403", "Massimiliano": "100200411", "Zoe": "100200429", "Bobby": "100200437"}

// newTestServer builds the small town. Whatever the test does, the record must
// still pass its own check at the end.
func newTestServer(t testing.TB) *testServer {
	t.Helper()
	s := &testServer{t: t}
	s.at(canteen.NewDate(2026, 9, 1), "08:00:00")
	var err error
	s.store, err = store.Open(filepath.Join(t.TempDir(), "town.db"), store.Options{Now: func() time.Time { return *s.clock.Load() },
		Wall: func() time.Time { return *s.clock.Load() }, Vault: testVault{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		report, err := s.store.Check(store.Console(), nil)
		if err != nil || !report.OK {
			t.Errorf("check: %v %v", err, report.Problems)
		}
		if err := s.store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	s.fillTown()
	s.fillUsers()
	for _, day := range []canteen.Date{testDay.AddDays(-2), testDay.AddDays(-1)} {
		s.at(day, "09:31:00")
		s.closeDue()
	}
	s.at(testDay, "08:45:00")
	s.web, err = New(Options{Store: s.store, Log: slog.New(slog.NewTextHandler(&s.log, nil)), Version: "test", engine: theEngine.Load(),
		Town: render.Town{Name: "Comune di Borgoluce", Crest: "B", Region: "Regione Puglia", Service: "Refezione scolastica"}})
	if err != nil {
		t.Fatal(err)
	}
	theEngine.Store(s.web.engine)
	return s
}

// theEngine is one for all servers of the tests: their templates and addresses
// are the same, and to parse them takes longer than most tests.
var theEngine atomic.Pointer[render.Engine]

// at sets the clock: "09:29:59", with decimals if need be.
func (s *testServer) at(day canteen.Date, clock string) {
	s.t.Helper()
	c, err := time.Parse("15:04:05", clock)
	if err != nil {
		s.t.Fatal(err)
	}
	now := day.At(0).Add(c.Sub(c.Truncate(24 * time.Hour)))
	s.clock.Store(&now)
}

// closeDue closes what the clock says is due.
func (s *testServer) closeDue() {
	s.t.Helper()
	if _, err := s.store.CloseDue(s.t.Context(), store.Job()); err != nil {
		s.t.Fatal(err)
	}
}

// imported fails the test unless an import wrote every row.
func (s *testServer) imported(report canteen.ImportReport, err error) {
	s.t.Helper()
	if err != nil || !report.Written || report.Count(canteen.RowRefused) > 0 {
		s.t.Fatalf("import: %v %+v", err, report.Rows)
	}
}

func (s *testServer) fillTown() {
	s.t.Helper()
	act, opt := store.Console(), store.ImportOptions{}
	s.imported(s.store.ImportSchools(act, []canteen.SchoolRow{
		{Line: 2, Code: testRodari, Name: "Primaria Rodari", Stage: canteen.StagePrimaria, Institute: "IC Pascoli", Kitchen: "Nord"},
		{Line: 3, Code: testArcobaleno, Name: "Infanzia Arcobaleno", Stage: canteen.StageInfanzia, Institute: "IC Pascoli", Kitchen: "Sud"},
	}, opt))
	s.imported(s.store.ImportClasses(act, []canteen.ClassRow{
		{Line: 2, School: testRodari, Grade: "2", Section: "A", Weekdays: canteen.MonToFri, Staff: 1},
		{Line: 3, School: testArcobaleno, Grade: "3", Section: "A", Weekdays: 0b0000101},
		{Line: 4, School: testRodari, Year: "2025/26", Grade: "1", Section: "A", Weekdays: canteen.MonToFri},
	}, opt))
	guardians := []canteen.GuardianRow{}
	for i, g := range []canteen.Guardian{
		{CodiceFiscale: "RNLLNE85A41D643X", Surname: "Rinaldi", Name: "Elena", Email: "elena@example.org"},
		{CodiceFiscale: "RNLPLA83B02D643X", Surname: "Rinaldi", Name: "Paolo", Email: testPaolo},
		{CodiceFiscale: "CNTGUO80C03D643X", Surname: "Conti", Name: "Ugo"},
		{CodiceFiscale: "MNTDAA82D44D643X", Surname: "Montefusco", Name: "Ada"},
		{CodiceFiscale: "SLTNSI84E45D643X", Surname: "Solitario", Name: "Ines"},
	} {
		guardians = append(guardians, canteen.GuardianRow{Line: i + 2, Guardian: g})
	}
	s.imported(s.store.ImportGuardians(act, guardians, opt))
	s.imported(s.store.ImportPupils(act, s.pupilRows(), opt))
	if err := s.store.AddTariff(act, canteen.Tariff{From: canteen.NewDate(2026, 9, 1), Act: testAct, ActDate: canteen.NewDate(2026, 6, 3),
		Rates: []canteen.Rate{{Band: canteen.BandExempt}, {Band: "B", Price: 1_80}, {Price: 2_70}}}); err != nil {
		s.t.Fatal(err)
	}
	s.imported(s.store.ImportBalances(act, []canteen.BalanceRow{
		{Line: 2, PAN: s.pan("Giulia"), Balance: 29_70}, {Line: 3, PAN: s.pan("Nicolò"), Balance: 7_20},
		{Line: 4, PAN: s.pan("Sara"), Balance: -4_00}, {Line: 5, PAN: s.pan("Zoe"), Balance: 2_70},
	}, opt))
	s.imported(s.store.ImportMenus(act, []canteen.MenuRow{
		menuRow(2, canteen.CourseFirst, "Pasta al pomodoro"), menuRow(3, canteen.CourseSecond, "Platessa al forno"),
		menuRow(4, canteen.CourseSide, "Carote e mela"),
	}, opt))
}

func (s *testServer) pupilRows() []canteen.PupilRow {
	elena, paolo := canteen.CodiceFiscale("RNLLNE85A41D643X"), canteen.CodiceFiscale("RNLPLA83B02D643X")
	ada := canteen.CodiceFiscale("MNTDAA82D44D643X")
	rows := []canteen.PupilRow{
		{Pupil: canteen.Pupil{Name: "Giulia", Surname: "Rinaldi", Born: canteen.NewDate(2018, 3, 4)}, School: testRodari, Grade: "2", Section: "A",
			Guardians: []canteen.CodiceFiscale{elena, paolo}},
		{Pupil: canteen.Pupil{Name: "Nicolò", Surname: "Rinaldi", Born: canteen.NewDate(2022, 5, 6)}, School: testArcobaleno, Grade: "3", Section: "A",
			Guardians: []canteen.CodiceFiscale{elena, paolo}, Band: "B"},
		{Pupil: canteen.Pupil{Name: "Sara", Surname: "Conti", Born: canteen.NewDate(2018, 7, 8)}, School: testRodari, Grade: "2", Section: "A",
			Guardians: []canteen.CodiceFiscale{"CNTGUO80C03D643X"}},
		{Pupil: canteen.Pupil{Name: "Maria Antonietta", Surname: "Montefusco Della Rovere", Born: canteen.NewDate(2018, 1, 2)}, School: testRodari, Grade: "2", Section: "A",
			Guardians: []canteen.CodiceFiscale{ada}, Diet: canteen.Diet{Code: "G1", Name: "Senza glutine"}, Band: canteen.BandExempt},
		{Pupil: canteen.Pupil{Name: "Massimiliano", Surname: "Montefusco Della Rovere", Born: canteen.NewDate(2018, 1, 3)}, School: testRodari, Grade: "2", Section: "A",
			Guardians: []canteen.CodiceFiscale{ada}, Diet: canteen.Diet{Code: "L1", Name: "Senza latte e derivati"}},
		{Pupil: canteen.Pupil{Name: "Zoe", Surname: "Montefusco Della Rovere", Born: canteen.NewDate(2022, 1, 4)}, School: testArcobaleno, Grade: "3", Section: "A",
			Guardians: []canteen.CodiceFiscale{ada}},
		{Pupil: canteen.Pupil{Name: "Bobby", Surname: `O'Neill "<script>alert(1)</script>`, Born: canteen.NewDate(2023, 1, 5)}, School: testRodari, Year: "2025/26",
			Grade: "1", Section: "A", Guardians: []canteen.CodiceFiscale{ada}},
	}
	for i := range rows {
		rows[i].Line, rows[i].Pupil.PAN = i+2, s.pan(rows[i].Pupil.Name)
	}
	return rows
}

func menuRow(line int, course canteen.Course, name string) canteen.MenuRow {
	return canteen.MenuRow{Line: line, Season: "autunno", From: canteen.NewDate(2026, 9, 1), To: canteen.NewDate(2027, 1, 31), Week: 1,
		Weekday: time.Wednesday, Dish: canteen.Dish{Course: course, Name: name, Allergens: []int{1}}}
}

func (s *testServer) fillUsers() {
	s.t.Helper()
	hash, err := argon2id.CreateHash(testPassword, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, u := range []struct {
		user     store.User
		guardian canteen.CodiceFiscale
	}{
		{store.User{Login: testElena, Name: "Elena R.", Role: canteen.RoleGuardian}, "RNLLNE85A41D643X"},
		{store.User{Login: testPaolo, Name: "Paolo R.", Role: canteen.RoleGuardian}, "RNLPLA83B02D643X"},
		{store.User{Login: testUgo, Name: "Ugo C.", Role: canteen.RoleGuardian}, "CNTGUO80C03D643X"},
		{store.User{Login: testAda, Name: "Ada M.", Role: canteen.RoleGuardian}, "MNTDAA82D44D643X"},
		{store.User{Login: testInes, Name: "Ines S.", Role: canteen.RoleGuardian}, "SLTNSI84E45D643X"},
		{store.User{Login: testOffice, Name: "Carla U.", Role: canteen.RoleOffice}, ""},
		{store.User{Login: testKitchen, Name: "Bruno C.", Role: canteen.RoleKitchen, Kitchen: "nord"}, ""},
	} {
		u.user.Hash = hash
		if err := s.store.AddUser(store.Console(), u.user, u.guardian); err != nil {
			s.t.Fatal(err)
		}
	}
}

// pan is the code of a pupil of the small town.
func (s *testServer) pan(name string) canteen.PAN {
	s.t.Helper()
	pan, err := canteen.ParsePAN(testPupils[name])
	if err != nil {
		s.t.Fatalf("pupil %q: %v", name, err)
	}
	return pan
}

// handle is the word that stands for a pupil in addresses.
func (s *testServer) handle(name string) string {
	s.t.Helper()
	p, err := s.store.Pupil(store.Console(), s.pan(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Handle
}

// contents is a hash of the record's file, for tests that nothing was written.
func (s *testServer) contents() string {
	s.t.Helper()
	file, err := os.ReadFile(s.store.Path())
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(file))
}

// testVault seals by turning every bit: fast, and no plain text stays.
type testVault struct{}

func (testVault) Seal(plain []byte) ([]byte, error)  { return turned(plain), nil }
func (testVault) Open(sealed []byte) ([]byte, error) { return turned(sealed), nil }
func (testVault) Recipient() string                  { return "test" }

func turned(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = ^b[i]
	}
	return out
}
