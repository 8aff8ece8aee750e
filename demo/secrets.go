package demo

import (
	"encoding/base32"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// guarded is the login of the staff with a second factor.
const guarded = "revisore"

// planSecrets are a second factor and what stands in the register of accesses:
// who came in, who of the staff opened whose file.
func (b *builder) planSecrets() {
	b.plan(b.workday(21, 15*60+12), "second factor", b.secondFactor)
	for i, login := range []string{"ufficio", "dietista", "scuola", "sportello", "revisore", "elena.rossi", "khadija.elmansouri"} {
		b.plan(b.workday(i%4, canteen.ClockTime(8*60+2+4*i)), "login", func() error {
			return b.store.RecordLogin(store.Login{Login: login, Provider: "local", Address: "192.0.2.40"})
		})
	}
	for i, f := range b.census.families[:len(showcases)] {
		one := f.children[0]
		b.plan(b.workday(1+i%5, canteen.ClockTime(9*60+37+11*i)), "a file is opened", func() error { return b.openFile(one) })
	}
	b.plan(b.workday(2, 11*60+52), "a call at the counter", func() error {
		_, err := b.store.FindFamilies(atDesk(0, ""), b.census.families[2].children[0].surname, 10)
		return err
	})
	b.plan(b.workday(3, 15*60+20), "the register is read", func() error {
		_, err := b.store.Accesses(auditor, store.AccessFilter{})
		return err
	})
}

// openFile is the office looking at a pupil and its account.
func (b *builder) openFile(one *child) error {
	if _, err := b.store.Pupil(office, one.pan); err != nil {
		return err
	}
	_, err := b.store.Account(office, one.pan, 0, 0)
	return err
}

// secondFactor gives a login of the staff its second factor, and the leaflet the
// secret to go with it.
func (b *builder) secondFactor() error {
	secret := seedOf(b.opt.Seed, "second factor of "+guarded)
	key := secret[:canteen.TOTPSecretSize]
	word := base32.StdEncoding.EncodeToString(key)
	before := time.Now().Add(-canteen.TOTPPeriod) // a code serves once: the present one is the visitor's
	if _, err := b.store.SetFactor(auditor, guarded, word, canteen.TOTPCode(key, before)); err != nil {
		return err
	}
	for i := range b.leaflet.Users {
		if b.leaflet.Users[i].Login == guarded {
			b.leaflet.Users[i].TOTPSecret = word
		}
	}
	return nil
}
