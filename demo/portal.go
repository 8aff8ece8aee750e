package demo

import (
	"errors"
	"fmt"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// privacyNotice is the version of the notice the town's families were given.
const privacyNotice = canteen.PrivacyNotice

// welcomeFamilies registers the guardians of the leaflet whose children come in
// with a school year: they showed their papers when the service began, so their
// contacts are proved and the notice was signed. Who has an address but was not
// there proves it on the portal, see planPortal.
func (b *builder) welcomeFamilies(back int) error {
	for _, f := range b.census.families[:len(showcases)] {
		for _, g := range f.guardians {
			if g.id != 0 || g.registered || g.byCode || !f.enrolled(back) {
				continue
			}
			g.registered = true
			if _, err := b.register(g); err != nil {
				return fmt.Errorf("registration of %s: %w", g.login, err)
			}
		}
	}
	return nil
}

// register enters somebody at the counter, from the papers.
func (b *builder) register(g *guardian) (store.Registered, error) {
	return b.store.RegisterAtDesk(atDesk(0, ""), store.DeskRegistration{CodiceFiscale: g.cf, Surname: g.surname, Name: g.name,
		Address: g.address, PostCode: g.code, City: g.city, Phone: g.phone, Email: g.email, DocumentSeen: true, Privacy: privacyNotice})
}

// enrolled tells whether a child of the family was in the service some years
// back.
func (f *family) enrolled(back int) bool {
	for _, one := range f.children {
		if one.enrolled(back) {
			return true
		}
	}
	return false
}

// planPortal is what the families of the leaflet do about themselves.
func (b *builder) planPortal(c *cast) {
	for _, g := range b.census.showcase {
		if g.byCode && g.id != 0 {
			b.plan(b.workday(20, 20*60+12), "contact of "+g.login, func() error { return b.proveEmail(g) })
		}
	}
	if mother := b.guardian("khadija.elmansouri"); mother != nil {
		b.plan(b.workday(18, 21*60+3), "preferences of "+mother.login, func() error {
			return b.store.ChangePreferences(mother.act(), store.Preferences{Lang: "en", Wants: everything(canteen.ChannelSMS)})
		})
	}
	if mother := b.guardian("elena.rossi"); mother != nil {
		b.plan(b.workday(18, 21*60+40), "preferences of "+mother.login, func() error {
			return b.store.ChangePreferences(mother.act(), store.Preferences{Lang: "it", Wants: everything(canteen.ChannelEmail)})
		})
		if b.opt.Vault != nil {
			b.planGrandmother(c, mother)
		}
	}
}

// guardian finds somebody of the leaflet who is in the record.
func (b *builder) guardian(login string) *guardian {
	for _, g := range b.census.showcase {
		if g.login == login && g.id != 0 {
			return g
		}
	}
	return nil
}

// everything wants every topic on one channel.
func everything(on canteen.Channel) map[string][]canteen.Channel {
	wants := map[string][]canteen.Channel{}
	for _, topic := range canteen.Topics {
		wants[topic] = []canteen.Channel{on}
	}
	return wants
}

// proveEmail proves the address the record has, with the code that comes there.
func (b *builder) proveEmail(g *guardian) error {
	if _, err := b.store.StartContact(g.act(), canteen.ChannelEmail, g.email, true); err != nil {
		return err
	}
	code, err := b.lastCode(g.email)
	if err != nil {
		return err
	}
	if err := b.post(); err != nil {
		return err
	}
	b.clock.set(b.notAfterNow(b.clock.now().Add(2 * time.Minute)))
	_, err = b.store.ProveContact(g.act(), canteen.ChannelEmail, code)
	return err
}

// lastCode reads the letter with a code that waits for an address, as its owner
// would.
func (b *builder) lastCode(address string) (string, error) {
	due, err := b.store.DueMessages(store.Job(), postBatch, postChannels)
	if err != nil {
		return "", err
	}
	for _, m := range due {
		if m.Message.To == address && canteen.CarriesCode(m.Kind) {
			return m.Facts[0].Text, nil
		}
	}
	return "", errors.New("no code came")
}

// planGrandmother gives a family of the leaflet a grandmother who may announce
// that the child stays at home, and nothing else.
func (b *builder) planGrandmother(c *cast, mother *guardian) {
	child := b.firstChildOf(mother)
	g := &guardian{person: person{surname: "Rizzi", name: "Lucia", sex: 'F'}, login: "lucia.rizzi", phone: "+393000000412",
		email: "lucia.rizzi@example.org", address: "Vico dei Cordari, 9", city: homeTown, code: homePostCode}
	c.registry.born(&g.person, mother.born.Year()-29, birthTowns[0])
	b.plan(b.workday(16, 10*60+20), "registration of "+g.login, func() error { return b.registerDelegate(g, child) })
	b.plan(b.workday(15, 18*60+5), "delegation to "+g.login, func() error { return b.delegate(mother, g, child) })
}

func (b *builder) firstChildOf(g *guardian) *child {
	for _, f := range b.census.families {
		for _, one := range f.children {
			for _, parent := range one.guardians {
				if parent == g {
					return one
				}
			}
		}
	}
	return nil
}

// registerDelegate registers somebody at the counter and gives a login to it.
func (b *builder) registerDelegate(g *guardian, of *child) error {
	if _, err := b.register(g); err != nil {
		return err
	}
	u := store.User{Login: g.login, Name: g.name + " " + g.surname, Role: canteen.RoleDelegate}
	if err := b.addUser(u, word(g.name), g.cf, []canteen.PAN{of.pan}); err != nil {
		return err
	}
	made, err := b.store.User(g.login)
	g.id = made.Guardian
	return err
}

// delegate has a guardian invite somebody for a child, who takes the code up.
func (b *builder) delegate(from, to *guardian, of *child) error {
	p, err := b.store.Pupil(store.Console(), of.pan)
	if err != nil {
		return err
	}
	invitation := store.InvitationRequest{Pupils: []string{p.Handle}, Rights: []canteen.Right{canteen.RightCancel}}
	if err := b.store.Invite(from.act(), invitation); err != nil {
		return err
	}
	h, err := b.store.Household(from.act())
	if err != nil {
		return err
	}
	if len(h.Invitations) == 0 {
		return errors.New("the invitation is not there")
	}
	b.clock.set(b.notAfterNow(b.clock.now().Add(35 * time.Minute)))
	act := to.act()
	act.Actor.Role = canteen.RoleDelegate
	return b.store.AcceptInvitation(act, h.Invitations[len(h.Invitations)-1].Code, "192.0.2.17")
}
