package store

import (
	"path/filepath"
	"strings"
	"testing"

	"refettorio/canteen"
)

// applicationDamages are faults in what this area keeps, and what the check must
// say of each. The file has one application of this year, submitted.
var applicationDamages = []struct {
	name string
	do   func(tx *tx)
	says string
}{
	{"an index by person that lost a key", func(tx *tx) { tx.del(applicationsByPerson, tx.first(applicationsByPerson)) }, "the application is not in this index"},
	{"an index by school that lost a key", func(tx *tx) { tx.del(applicationsBySchool, tx.first(applicationsBySchool)) }, "the application is not in this index"},
	{"an index by child that lost a key", func(tx *tx) { tx.del(applicationsByChild, tx.first(applicationsByChild)) }, "the application is not in this index"},
	{"an index with a key of nobody", func(tx *tx) { tx.putIndex(applicationsByPerson, append(key64(1), "zzzzzzzzzzzzzzzz"...)) }, "the records ask for 1"},
	{"an applicant nobody knows", func(tx *tx) { damaged(tx, func(a *canteen.Application) { a.Applicant = 9999 }) }, "the applicant 9999 is unknown"},
	{"a school year that is none", func(tx *tx) { damaged(tx, func(a *canteen.Application) { a.Year = "2026" }) }, `the school year is "2026"`},
	{"a pupil nobody knows", func(tx *tx) { damaged(tx, func(a *canteen.Application) { a.Pupil = canteen.NewPAN(99) }) }, "is unknown"},
	{"a class of another school", func(tx *tx) { damaged(tx, func(a *canteen.Application) { a.Class = 1 }) }, "class 1 is not of school 2"},
	{"a diet request that is not there", func(tx *tx) { damaged(tx, func(a *canteen.Application) { a.DietAsked = "zzzzzzzzzzzzzzzz" }) }, "the diet request it opened does not exist"},
	{"sent without a receipt", func(tx *tx) { damaged(tx, func(a *canteen.Application) { a.Receipt = canteen.ReceiptNumber{} }) }, "with receipt"},
	{"accepted without a pupil", func(tx *tx) { damaged(tx, func(a *canteen.Application) { a.State = canteen.Validated }) }, "it was accepted and has no pupil"},
	{"another instant than its receipt's", func(tx *tx) {
		damaged(tx, func(a *canteen.Application) { a.Submitted = a.Submitted.Add(1e9) })
	}, "its receipt 2026/000001 is of application"},
	{"an application that vanished", func(tx *tx) { tx.del(applications, tx.first(applications)) }, "is of the unknown application"},
	{"a rating of six stars", func(tx *tx) {
		tx.putJSON(ratings, key64(1), canteen.Rating{Service: canteen.RatingEnrolment, Day: monday, Stars: 6})
	}, "no such rating can be"},
}

// damaged changes the one application without its writer.
func damaged(tx *tx, change func(*canteen.Application)) {
	edit(tx, applications, tx.first(applications), change)
}

func TestCheckApplications_findsDamage(t *testing.T) {
	template, c := openUnproved(t)
	town := fill(t, template)
	act := town.family(town.elder)
	if _, err := template.SubmitApplication(act, apply(t, template, act, newChild(t, 1))); err != nil {
		t.Fatal(err)
	}
	if err := template.Rate(act, canteen.Rating{Service: canteen.RatingEnrolment, Stars: 5}); err != nil {
		t.Fatal(err)
	}
	prove(t, template)
	if err := template.Close(); err != nil {
		t.Fatal(err)
	}
	for _, damage := range applicationDamages {
		t.Run(damage.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "town.db")
			if err := copyFile(template.Path(), path); err != nil {
				t.Fatal(err)
			}
			s, err := Open(path, Options{Now: c.now})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.updateAlone(Console(), func(tx *tx) error { damage.do(tx); return tx.err }); err != nil {
				t.Fatalf("damage: %v", err)
			}
			report, err := s.Check(Console(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if report.OK || !strings.Contains(strings.Join(report.Problems, "\n"), damage.says) {
				t.Errorf("want a problem with %q, got %q", damage.says, report.Problems)
			}
		})
	}
}
