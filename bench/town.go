package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// ourTown is a file of the product with n pupils in schools of about 300, its
// clock in our hand. PANs are dealt at random over the classes, as families'
// are.
type ourTown struct {
	*store.Store
	clock atomic.Pointer[time.Time]
	pans  []canteen.PAN
	day   canteen.Date // the last one used
}

const (
	perClass  = 22
	perSchool = 14 // classes
)

func openOurs(dir string, n int) (*ourTown, error) {
	t := &ourTown{day: canteen.NewDate(2026, 9, 13)}
	t.set(t.day.At(12 * 60))
	s, err := openStore(dir, t)
	if err != nil {
		return nil, err
	}
	t.Store = s
	return t, t.fill(n)
}

func openStore(dir string, t *ourTown) (*store.Store, error) {
	return store.Open(filepath.Join(dir, "ours.db"), store.Options{Now: func() time.Time { return *t.clock.Load() }})
}

func (t *ourTown) set(at time.Time) { t.clock.Store(&at) }

func (t *ourTown) fill(n int) error {
	var schools []canteen.SchoolRow
	var classes []canteen.ClassRow
	for c := 0; c*perClass < n; c++ {
		if c%perSchool == 0 {
			k := len(schools)
			schools = append(schools, canteen.SchoolRow{Line: k + 2, Code: fmt.Sprintf("FGEE%06d", k), Name: fmt.Sprintf("Scuola %d", k),
				Stage: canteen.StagePrimaria, Institute: "Istituto", Kitchen: fmt.Sprintf("Cucina %d", k%2)})
		}
		classes = append(classes, canteen.ClassRow{Line: c + 2, School: schools[len(schools)-1].Code, Grade: fmt.Sprint(c%perSchool%5 + 1),
			Section: string(rune('A' + c%perSchool/5)), Weekdays: canteen.MonToFri, Staff: 1})
	}
	order := rand.New(rand.NewPCG(1, 2)).Perm(n)
	pupils := make([]canteen.PupilRow, n)
	balances := make([]canteen.BalanceRow, n)
	for i := range pupils {
		pan := canteen.NewPAN(uint64(order[i]))
		t.pans = append(t.pans, pan)
		class := classes[i/perClass]
		pupils[i] = canteen.PupilRow{Line: i + 2, School: class.School, Grade: class.Grade, Section: class.Section, Band: "F1",
			Pupil: canteen.Pupil{PAN: pan, Surname: fmt.Sprintf("Cognome%d", i), Name: "Nome", Born: canteen.NewDate(2018, 5, 1)}}
		if i%14 == 0 {
			pupils[i].Diet = canteen.Diet{Code: "G1", Name: "senza glutine"}
		}
		balances[i] = canteen.BalanceRow{Line: i + 2, PAN: pan, Balance: canteen.Cents(2000 + i%97*1000)}
	}
	for _, step := range []func() (canteen.ImportReport, error){
		func() (canteen.ImportReport, error) {
			return t.ImportSchools(store.Console(), schools, store.ImportOptions{})
		},
		func() (canteen.ImportReport, error) {
			return t.ImportClasses(store.Console(), classes, store.ImportOptions{})
		},
		func() (canteen.ImportReport, error) {
			return t.ImportPupils(store.Console(), pupils, store.ImportOptions{})
		},
		func() (canteen.ImportReport, error) {
			return t.ImportBalances(store.Console(), balances, store.ImportOptions{})
		},
	} {
		report, err := step()
		if err != nil {
			return err
		}
		if !report.Written {
			return fmt.Errorf("import refused: %+v", report.Rows[0].Reason)
		}
	}
	return nil
}

// nextDay moves to the morning of the next service day.
func (t *ourTown) nextDay() error {
	for {
		t.day = t.day.AddDays(1)
		t.set(t.day.At(7 * 60))
		status, err := t.Day(store.Console(), t.day)
		if err != nil || status.State != canteen.DayVoid {
			return err
		}
	}
}

// absences lets a tenth of the families cancel.
func (t *ourTown) absences() error {
	r := rand.New(rand.NewPCG(uint64(t.day), 7))
	var all []store.Communication
	for _, pan := range t.pans {
		if r.IntN(10) == 0 {
			all = append(all, store.Communication{Act: store.Job(), Request: store.CommunicationRequest{
				Pupils: []canteen.PAN{pan}, Kind: canteen.Absence, From: t.day, To: t.day}})
		}
	}
	t.CommunicateAll(all)
	for i := range all {
		if all[i].Err != nil {
			return all[i].Err
		}
	}
	return nil
}

// close closes the day at its cut-off.
func (t *ourTown) close() error {
	t.set(t.day.At(9*60 + 30).Add(time.Second))
	_, err := t.CloseDue(context.Background(), store.Job())
	return err
}
