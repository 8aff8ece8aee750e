package intake

import (
	"bytes"
	"errors"
	"testing"

	"refettorio/canteen"
)

// Whatever the bytes, a file is refused or read; what is read is valid in itself
// and every line has one fate.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		schoolsHeader + "FGEE90001B;Rodari;Primaria;;Cucina;9:30\n",
		classesHeader + "FGEE90001B;1;A;LUN-MAR;2026/27;2\n",
		guardiansHeader + goodGuardian + goodGuardian,
		pupilsHeader + goodPupil + ";Rossi;\"An\nna\";;;;FGEE90001B;2ªA;;;;;;\n",
		balancesHeader + "1;2,70\n2;-1.000,00\n2;x\n\"3",
		menuHeader + goodDish,
		calendarHeader + goodYear + "classe;FGEE90001B 1A;14/04/2027;;chiuso;\n",
		"sep=,\r\nPAN,Saldo\r1,\"2,70\"\r", "\xff\xfeP\x00A\x00N\x00", "\xef\xbb\xbfPAN\tSaldo\n", "PAN;Saldo\n\xe8;1\n\x00",
	} {
		for i := range Kinds {
			f.Add(uint8(i), []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, text []byte) {
		file, err := Read(Kinds[int(kind)%len(Kinds)], bytes.NewReader(text))
		if err != nil {
			if e, ok := errors.AsType[*canteen.Error](err); !ok || e.Kind != canteen.KindInvalid || e.Key == "" {
				t.Fatalf("error %v; want a refusal of kind Invalid", err)
			}
			return
		}
		checkPeople(t, &file)
		checkPlaces(t, &file)
		checkFates(t, &file)
	})
}

func checkPeople(t *testing.T, file *File) {
	for i := range file.Pupils {
		p := &file.Pupils[i]
		validPAN(t, p.Pupil.PAN, true)
		if p.Pupil.CodiceFiscale != "" {
			validCF(t, p.Pupil.CodiceFiscale)
		}
		for _, g := range p.Guardians {
			validCF(t, g)
		}
		if p.Pupil.Surname == "" || p.Pupil.Name == "" || isFormula(p.Pupil.Surname) || isFormula(p.Diet.Name) {
			t.Errorf("pupil %+v has no name or a formula", p)
		}
	}
	for i := range file.Guardians {
		validCF(t, file.Guardians[i].Guardian.CodiceFiscale)
	}
	for _, b := range file.Balances {
		validPAN(t, b.PAN, false)
	}
}

func validPAN(t *testing.T, p canteen.PAN, mayLack bool) {
	if back, err := canteen.ParsePAN(p.String()); (err != nil || back != p) && (p != 0 || !mayLack) {
		t.Errorf("PAN %d, written %q: %v", p, p.String(), err)
	}
}

func validCF(t *testing.T, cf canteen.CodiceFiscale) {
	if back, err := canteen.ParseCodiceFiscale(string(cf)); err != nil || back != cf {
		t.Errorf("codice fiscale %q: %v", cf, err)
	}
}

func checkPlaces(t *testing.T, file *File) {
	for _, s := range file.Schools {
		if _, err := canteen.ParseSchoolCode(s.Code); err != nil || s.Kitchen == "" || s.Stage == "" {
			t.Errorf("school %+v: %v", s, err)
		}
	}
	for _, c := range file.Classes {
		if _, _, err := parseClass(c.Grade + c.Section); err != nil || c.Weekdays == 0 {
			t.Errorf("class %+v: %v", c, err)
		}
	}
	for _, m := range file.Menu {
		if m.Week < 1 || m.Week > maxWeeks || m.To < m.From || m.Dish.Name == "" || m.Dish.Course == "" {
			t.Errorf("menu line %+v", m)
		}
	}
	for _, c := range file.Calendar {
		if c.Year == nil {
			if err := c.Rule.Validate(); err != nil {
				t.Errorf("rule %+v: %v", c.Rule, err)
			}
		} else if c.Year.To < c.Year.From || c.Year.Name == "" {
			t.Errorf("school year %+v", *c.Year)
		}
	}
}

// checkFates looks that refusals and warnings say which line and why, in order.
func checkFates(t *testing.T, file *File) {
	last := 0
	for _, r := range file.Refused {
		if r.Line <= last || r.Outcome != canteen.RowRefused || r.Reason == nil || r.Reason.Key == "" {
			t.Errorf("refusal %+v after line %d", r, last)
		}
		last = r.Line
	}
	for _, w := range file.Warnings {
		if w.Line < 1 || w.Outcome != "" || w.Reason == nil || w.Reason.Key == "" {
			t.Errorf("warning %+v", w)
		}
	}
}
