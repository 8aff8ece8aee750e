package store

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

// registered is the whole register, opened, oldest line first.
func registerLines(t testing.TB, s *Store) (lines []Access) {
	t.Helper()
	err := s.view(Job(), func(tx *tx) error {
		tx.scan(accesses, nil, func(k, v []byte) bool {
			var rec accessRecord
			if !tx.decode(accesses, k, v, &rec) {
				return false
			}
			a, err := s.openAccess(be.Uint64(k), &rec)
			if err != nil {
				tx.fail(err)
			}
			lines = append(lines, a)
			return err == nil
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func deskAlone() Act {
	return Act{Actor: canteen.Actor{Login: "sportello", Role: canteen.RoleDesk}, Channel: canteen.ChannelDesk}
}

// personalReads are the queries by which somebody's file is opened, with the word
// they leave in the register.
func personalReads(s *Store, town *smallTown, receipt canteen.ReceiptNumber) map[string]struct {
	what string
	read func(Act) error
} {
	handle := "h000000000000000"
	type row = struct {
		what string
		read func(Act) error
	}
	pan := town.pupils[0]
	day := monday
	return map[string]row{
		"Pupil":         {SawPupil, func(a Act) error { _, err := s.Pupil(a, pan); return err }},
		"PupilByHandle": {SawPupil, func(a Act) error { _, err := s.PupilByHandle(a, handle); return err }},
		"Account":       {SawAccount, func(a Act) error { _, err := s.Account(a, pan, day, day); return err }},
		"PupilSeat":     {SawAccount, func(a Act) error { _, err := s.PupilSeat(a, pan); return err }},
		"Enrolments":    {SawEnrolments, func(a Act) error { _, err := s.Enrolments(a, pan); return err }},
		"PupilCalendar": {SawCalendar, func(a Act) error { _, err := s.PupilCalendar(a, pan, day, day); return err }},
		"MealPrice":     {SawPrice, func(a Act) error { _, _, err := s.MealPrice(a, pan, day); return err }},
		"Receipt":       {SawReceipt, func(a Act) error { _, err := s.Receipt(a, receipt); return err }},
		"Preview": {SawCalendar, func(a Act) error {
			_, err := s.Preview(a, CommunicationRequest{Pupils: []canteen.PAN{pan}, Kind: canteen.Absence, From: day, To: day})
			return err
		}},
	}
}

// TestAccesses_everyReadOfTheStaff: each query leaves exactly one line for each
// role of the staff that may ask it, none for the family, for a program and for
// the console, and none when it is refused.
func TestAccesses_everyReadOfTheStaff(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	said := town.say(t, town.pupils[0], canteen.Absence, monday.AddDays(2))
	gateway := Act{Actor: canteen.Actor{Login: "token:voce", Scopes: []string{ScopeFamilyGateway}}}
	school := Act{Actor: canteen.Actor{Login: "scuola", Role: canteen.RoleSchool}}
	for name, q := range personalReads(s, town, said.Receipt) {
		for _, who := range []struct {
			act   Act
			lines int
		}{{office(), 1}, {deskAlone(), 1}, {town.family(town.pupils[0]), 0}, {gateway, 0}, {Console(), 0}, {school, 0}} {
			before := len(registerLines(t, s))
			err := q.read(who.act)
			if refused := who.act.Actor.Role == canteen.RoleSchool; refused != (err != nil) {
				t.Errorf("%s as %s: %v", name, who.act.Actor.Login, err)
			}
			lines := registerLines(t, s)[before:]
			if len(lines) != who.lines {
				t.Errorf("%s as %s leaves %d lines, want %d", name, who.act.Actor.Login, len(lines), who.lines)
				continue
			}
			if len(lines) == 1 && (lines[0].What != q.what || lines[0].Login != who.act.Actor.Login || lines[0].Pupil != "h000000000000000") {
				t.Errorf("%s as %s leaves %+v", name, who.act.Actor.Login, lines[0])
			}
		}
	}
}

func TestAccesses_guardiansAndSearch(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	if _, err := s.Guardians(office(), town.pupils[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.FindPupils(office(), "Verdi", 10); err != nil {
		t.Fatal(err)
	}
	lines := registerLines(t, s)
	if len(lines) != 2 || lines[0].What != SawGuardians || lines[1].What != SawSearch {
		t.Fatalf("the register holds %+v", lines)
	}
	if lines[1].Pupil != "" || lines[1].Person != "" {
		t.Errorf("a search is about somebody: %+v", lines[1])
	}
}

// TestAccesses_anOperatorActingForAFamily: the counter notes the opening of the
// person; the pages behind it leave nothing more.
func TestAccesses_anOperatorActingForAFamily(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act := deskAlone()
	act.Actor.Guardian = town.parent[town.pupils[0]]
	if _, err := s.Account(act, town.pupils[0], monday, monday); err != nil {
		t.Fatal(err)
	}
	if lines := registerLines(t, s); len(lines) != 0 {
		t.Errorf("the register holds %+v", lines)
	}
}

// TestAccesses_anActThatReads: what an act has shown is in the register with the
// act, and not when it was refused.
func TestAccesses_anActThatReads(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	for _, refusal := range []error{nil, canteen.Refuse(canteen.KindConflict, "error.once")} {
		err := s.update(office(), func(tx *tx) error {
			tx.saw(look{what: SawPupil, pupil: town.elder, person: town.parent[town.elder], why: "ricorso"})
			return refusal
		})
		if !errors.Is(err, refusal) {
			t.Fatalf("got %v, want %v", err, refusal)
		}
	}
	lines := registerLines(t, s)
	if len(lines) != 1 || lines[0].Why != "ricorso" || lines[0].Person == "" || lines[0].Pupil == "" {
		t.Errorf("the register holds %+v, want one line with its reason", lines)
	}
}

// TestAccesses_noKeyNoFile: without a key the staff is refused, and a family is
// not.
func TestAccesses_noKeyNoFile(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	s.opt.Vault = nil
	if _, err := s.Pupil(office(), town.elder); canteen.KindOf(err) != canteen.KindUnavailable {
		t.Errorf("a read of the staff without a key: %v, want a refusal as unavailable", err)
	}
	if _, err := s.Pupil(town.family(town.elder), town.elder); err != nil {
		t.Errorf("a read of the family without a key: %v", err)
	}
	c.advance(time.Second)
	if err := s.RecordLogin(Login{Login: "ufficio", Provider: "local"}); err != nil {
		t.Errorf("a login without a key: %v", err)
	}
}

// TestAccesses_sealed: neither names nor what was read lie readable in the file.
func TestAccesses_sealed(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	if _, err := s.Account(office(), town.elder, monday, monday); err != nil {
		t.Fatal(err)
	}
	p, err := s.Pupil(Console(), town.elder)
	if err != nil {
		t.Fatal(err)
	}
	err = s.view(Job(), func(tx *tx) error {
		k, v := tx.last(accesses, nil)
		for _, plain := range []string{"ufficio", p.Handle, SawAccount, town.elder.String()} {
			if bytes.Contains(v, []byte(plain)) {
				t.Errorf("line %x holds %q readable", k, plain)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAccesses_chain: a line changed or taken out behind our back is reported,
// also by somebody who puts the digests right.
func TestAccesses_chain(t *testing.T) {
	for _, tt := range []struct {
		what   string
		damage func(tx *tx)
		want   string
	}{
		{"changed", func(tx *tx) {
			var rec accessRecord
			tx.getJSON(accesses, key64(2), &rec)
			rec.Sealed[0] ^= 1
			tx.putJSON(accesses, key64(2), rec)
		}, "does not fit the one before it"},
		{"taken out of the middle", func(tx *tx) { tx.del(accesses, key64(2)) }, "stands where 2 should"},
		{"taken from the beginning", func(tx *tx) { tx.del(accesses, key64(1)) }, "stands where 1 should"},
		{"taken from the end", func(tx *tx) { tx.del(accesses, key64(3)) }, "counter stands at 3"},
		{"taken from the beginning with a false anchor", func(tx *tx) {
			tx.del(accesses, key64(1))
			tx.putJSON(settings, []byte(settingAccessAnchor), accessAnchor{1, bytes.Repeat([]byte{7}, 32)})
		}, "does not fit the one before it"},
		{"backdated", func(tx *tx) {
			var rec accessRecord
			tx.getJSON(accesses, key64(1), &rec)
			rec.At = rec.At.Add(-time.Hour)
			tx.putJSON(accesses, key64(1), rec)
		}, "does not fit the one before it"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			s, _ := openUnproved(t)
			town := fill(t, s)
			for range 3 {
				if _, err := s.Pupil(office(), town.elder); err != nil {
					t.Fatal(err)
				}
			}
			if report := prove(t, s); !report.OK {
				t.Fatal("the register is broken before it was touched")
			}
			if err := s.updateAlone(Job(), func(tx *tx) error { tt.damage(tx); return nil }); err != nil {
				t.Fatal(err)
			}
			report, err := s.Check(Console(), nil)
			if err != nil || !strings.Contains(strings.Join(report.Problems, "\n"), tt.want) {
				t.Errorf("the check says %q, %v; want %q", report.Problems, err, tt.want)
			}
		})
	}
}

func TestRecordLogin(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	if err := s.AddUser(Console(), User{Login: "famiglia", Role: canteen.RoleGuardian}, "GRD0000000000000"); err != nil {
		t.Fatal(err)
	}
	must := func(l Login) {
		t.Helper()
		if err := s.RecordLogin(l); err != nil {
			t.Fatal(err)
		}
	}
	must(Login{Login: " Famiglia", Provider: "spid", ACR: "https://www.spid.gov.it/SpidL2", Message: "_a1", Address: "192.0.2.7"})
	must(Login{Login: "la mia password", Provider: "local", Address: "192.0.2.8", Refused: true})
	lines := registerLines(t, s)
	if len(lines) != 2 {
		t.Fatalf("the register holds %+v", lines)
	}
	if in := lines[0]; in.What != AccessLogin || in.Login != "famiglia" || in.Role != canteen.RoleGuardian || in.Person == "" ||
		in.Provider != "spid" || in.ACR == "" || in.Message != "_a1" || in.Address != "192.0.2.7" || in.Result != AccessDone || !in.At.Equal(c.now()) {
		t.Errorf("a login is registered as %+v", in)
	}
	if out := lines[1]; out.Login != "" || out.Result != AccessRefused || out.Address != "192.0.2.8" {
		t.Errorf("a refused login of nobody is registered as %+v", out)
	}
}

// TestRecordLogin_bounded: a guesser makes the register grow by sixty lines a
// minute, and the lines left out are counted.
func TestRecordLogin_bounded(t *testing.T) {
	s, c := open(t)
	for range 100 {
		if err := s.RecordLogin(Login{Provider: "local", Refused: true}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(registerLines(t, s)); n != refusalsPerMinute {
		t.Errorf("%d lines in a minute, want %d", n, refusalsPerMinute)
	}
	c.advance(time.Minute)
	if err := s.RecordLogin(Login{Provider: "local"}); err != nil {
		t.Fatal(err)
	}
	lines := registerLines(t, s)
	if last := lines[len(lines)-1]; last.Missed != 100-refusalsPerMinute || last.Result != AccessDone {
		t.Errorf("the line after is %+v, want the missed counted", last)
	}
}

// TestStory34_readingManyFilesShows (LunchMaster: somebody inside read hundreds of
// children's data and nobody could say whose): each file opened is a line with
// its child, and the auditor counts them.
func TestStory34_readingManyFilesShows(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	for _, pan := range town.pupils {
		if _, err := s.Account(office(), pan, monday, monday); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.Accesses(auditor(), AccessFilter{Login: "ufficio", What: SawAccount, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, l := range page.Lines {
		read[l.Pupil] = true
	}
	if len(read) != len(town.pupils) {
		t.Errorf("the register names %d children, %d files were opened", len(read), len(town.pupils))
	}
}
