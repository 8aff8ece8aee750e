package store

import (
	"testing"

	"refettorio/canteen"
)

// TestCorrectPerson_leavesTheOldValue holds the correction log (rules R5.8).
func TestCorrectPerson_leavesTheOldValue(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	parent := personByID(t, s, town.parent[town.elder])
	parent.CodiceFiscale = "RSSMRA80A01H501U" // those of the small town are not real ones
	parent.Surname, parent.Phone = "Verdi Bianchi", "333 7654321"
	if err := s.CorrectPerson(office(), parent.Handle, parent); err != nil {
		t.Fatal(err)
	}
	f, err := s.PersonFile(office(), parent.Handle)
	if err != nil || f.Person.Phone != "+393337654321" {
		t.Fatalf("after the correction: %+v, %v", f.Person, err)
	}
	said := map[string]string{}
	for _, line := range f.Log {
		said[line.What] = line.Detail
	}
	if said["correction.phone"] != "+393330000000 → +393337654321" || said["correction.surname"] == "" || said["correction.email"] != "" {
		t.Errorf("the log of corrections: %v", said)
	}
	if found, err := s.FindPersons(office(), "Verdi Bianchi", 5); err != nil || len(found) != 1 {
		t.Errorf("by the new surname: %d, %v", len(found), err)
	}
	other := newPerson(t, s, "Altra", "Persona")
	other.CodiceFiscale = parent.CodiceFiscale
	wantRefusal(t, "the code of another", s.CorrectPerson(office(), other.Handle, other), canteen.KindConflict)
	wantRefusal(t, "by a family", s.CorrectPerson(as(parent), parent.Handle, parent), canteen.KindForbidden)
}

// TestCorrectPupilCode_keepsPANAndAccount (rules R11.1).
func TestCorrectPupilCode_keepsPANAndAccount(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	balance, lines := town.balance(t, town.elder)
	handle := pupilHandle(t, s, town.elder)
	if err := s.CorrectPupilCode(office(), handle, "RSSMRA80A01H501U", "codice definitivo"); err != nil {
		t.Fatal(err)
	}
	if found, err := s.FindPupils(office(), "RSSMRA80A01H501U", 5); err != nil || len(found) != 1 || found[0].PAN != town.elder {
		t.Errorf("by the final code: %+v, %v", found, err)
	}
	if after, n := town.balance(t, town.elder); after != balance || n != lines {
		t.Errorf("the account changed: %s in %d lines, was %s in %d", after, n, balance, lines)
	}
	wantRefusal(t, "another pupil's code", s.CorrectPupilCode(office(), pupilHandle(t, s, town.coeliac), "RSSMRA80A01H501U", "errore"), canteen.KindConflict)
}

// TestFindPersons_byWhatOneKnows also finds pupils by their guardians' contacts.
func TestFindPersons_byWhatOneKnows(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	handle, err := s.AddPerson(office(), canteen.Guardian{Name: "Anna", Surname: "D'Amico", Email: "Anna@Example.org", Phone: "320 1112223", CodiceFiscale: "RSSMRA80A01H501U"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.LinkGuardian(office(), LinkChange{Person: handle, Pupil: town.elder, Reason: "stato civile"}); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"damico", "D'Amico an", "anna@example.org", "ANNA@EXAMPLE.ORG", "+39 320 111 2223", "3201112223", "RSSMRA80A01H501U"} {
		if found, err := s.FindPersons(office(), query, 5); err != nil || len(found) != 1 || found[0].Handle != handle {
			t.Errorf("persons by %q: %+v, %v", query, found, err)
		}
	}
	for _, query := range []string{"anna@example.org", "320 1112223", "RSSMRA80A01H501U"} {
		if found, err := s.FindPupils(office(), query, 5); err != nil || len(found) != 1 || found[0].PAN != town.elder {
			t.Errorf("pupils by %q: %+v, %v", query, found, err)
		}
	}
	_, err = s.FindPersons(town.family(town.elder), "damico", 5)
	wantRefusal(t, "a family searches persons", err, canteen.KindForbidden)
	_, err = s.AddPerson(office(), canteen.Guardian{Name: "Anna", Surname: "Damico", CodiceFiscale: "RSSMRA80A01H501U"})
	wantRefusal(t, "the same code again", err, canteen.KindConflict)
}

// TestUnidentified_listsWhoHasNoFinalCode (rules R11.2).
func TestUnidentified_listsWhoHasNoFinalCode(t *testing.T) {
	s, _ := open(t)
	fill(t, s)
	nobody := newPerson(t, s, "Senza", "Codice")
	if _, err := s.AddPerson(office(), canteen.Guardian{Name: "Codice", Surname: "Provvisorio", CodiceFiscale: "12345678903"}); err != nil {
		t.Fatal(err)
	}
	err := s.update(office(), func(tx *tx) error {
		tx.putPupil(canteen.Pupil{PAN: canteen.NewPAN(50_000), Handle: tx.newHandle(), Surname: "Senza", Name: "Codice", Born: 20200101, Guardians: []canteen.GuardianID{nobody.ID}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.Unidentified(office(), 10)
	if err != nil || len(u.Pupils) != 1 || len(u.Persons) != 2 || u.More {
		t.Errorf("without a final code: %+v, %v", u, err)
	}
	if u, err = s.Unidentified(office(), 1); err != nil || !u.More {
		t.Errorf("more than the limit: %+v, %v", u, err)
	}
}
