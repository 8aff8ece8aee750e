package store

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"refettorio/canteen"
)

// The logins of those who come in by a digital identity only: no password, no
// name of theirs in them.
const (
	identityLogin = "spid:"
	foreignLogin  = "eidas:"
	signinLogin   = "signin:" // begins the name under which a provider acts
)

// Vouched is what a provider of identities says of a person who has just come in
// by it. Either CodiceFiscale or Foreign is set (rules R1.4).
type Vouched struct {
	Provider      string
	CodiceFiscale canteen.CodiceFiscale
	Foreign       string
	Surname, Name string
	Email, Phone  string
	ACR, Message  string // the level, the provider's number of the login (R1.13)
	Address       string // masked
}

// SignIn finds the person a provider vouches for, or adds one, and returns the
// login to begin a session with. Names never overwrite the record: where they
// differ the office is told (R1.7). A new person's contacts are what the provider
// gives, still to be proved. KindForbidden when every login of the person is
// disabled.
func (s *Store) SignIn(act Act, v Vouched) (u User, err error) {
	act.Actor = canteen.Actor{Login: signinLogin + v.Provider}
	err = s.update(act, func(tx *tx) error {
		u, err = tx.signIn(v)
		return err
	})
	return u, err
}

func (tx *tx) signIn(v Vouched) (User, error) {
	u, known, err := tx.loginOf(&v)
	if err != nil {
		return u, err
	}
	if !known {
		u = tx.admit(&v)
	} else if v.CodiceFiscale != "" {
		tx.compareNames(u.Guardian, &v)
		u = tx.proved(u, &v)
	}
	tx.logChange("signin", u.Login, strings.Join([]string{v.Provider, v.ACR, v.Message, v.Address}, " "))
	return u, tx.err
}

// loginOf finds the login of a person who has been here before: a password's as
// well as an identity's, since both are the same person's.
func (tx *tx) loginOf(v *Vouched) (u User, known bool, err error) {
	logins := []string{foreignName(v.Foreign)}
	if v.CodiceFiscale != "" {
		id, found := tx.guardianByCF(v.CodiceFiscale)
		if !found {
			return u, false, nil
		}
		logins = tx.loginsOf(id)
	}
	disabled := false
	for _, login := range logins {
		var one User
		if !tx.getJSON(users, []byte(login), &one) || Staff(one.Role) {
			continue
		}
		if !one.Disabled {
			return one, true, nil
		}
		disabled = true
	}
	if disabled {
		return u, false, canteen.Refuse(canteen.KindForbidden, "error.signin.disabled")
	}
	return u, false, nil
}

// proved is what the first sign-in by a provider means for a person that nobody
// has seen: it registered itself and gave a codice fiscale, which may have been
// somebody else's. Where the provider knows the same e-mail or number it is one
// person. Where it does not, whoever registered may be a stranger who waits for
// the real one to bring its children: the passwords and sessions of that
// registration end, its contacts have to be proved again, so that no reset
// reaches them, and the office finds it in the log.
func (tx *tx) proved(u User, v *Vouched) User {
	p := tx.profile(u.Guardian)
	if !p.Unproved {
		return u
	}
	p.Unproved = false
	g, _ := tx.guardian(u.Guardian)
	email, _ := canteen.ParseEmail(v.Email)
	phone, _ := canteen.ParsePhone(v.Phone)
	if email != "" && strings.EqualFold(email, p.Email.Value) || phone != "" && phone == p.Phone.Value {
		tx.putProfile(g.ID, p)
		return u
	}
	g.Email, g.Phone = email, phone
	p.Email, p.Phone = ContactMark{}, ContactMark{}
	tx.putGuardian(g)
	tx.putProfile(g.ID, p)
	for _, login := range tx.loginsOf(g.ID) {
		var one User
		if tx.getJSON(users, []byte(login), &one) {
			one.Hash, one.Epoch = "", one.Epoch+1
			tx.putUser(one)
			if one.Login == u.Login {
				u = one
			}
		}
	}
	tx.logChange("person.proved", g.Handle, v.Provider)
	return u
}

// foreignName is the login of a foreign identifier, which must not be readable
// in it.
func foreignName(foreign string) string {
	sum := sha256.Sum256([]byte(foreign))
	return foreignLogin + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// admit adds a login, and the person when it is new.
func (tx *tx) admit(v *Vouched) User {
	id, found := tx.guardianByCF(v.CodiceFiscale)
	if v.CodiceFiscale == "" || !found {
		id = tx.newcomer(v)
	}
	g, _ := tx.guardian(id)
	u := User{Login: identityLogin + g.Handle, Name: shortName(&g), Role: canteen.RoleGuardian, Guardian: id, Since: tx.now}
	if v.CodiceFiscale == "" {
		u.Login = foreignName(v.Foreign)
	}
	tx.putUser(u)
	tx.logChange("user.add", u.Login, string(u.Role))
	return u
}

// newcomer adds a person nobody has told us of.
func (tx *tx) newcomer(v *Vouched) canteen.GuardianID {
	g := canteen.Guardian{ID: canteen.GuardianID(tx.next(guardians)), CodiceFiscale: v.CodiceFiscale, Surname: v.Surname, Name: v.Name}
	if email, err := canteen.ParseEmail(v.Email); err == nil {
		g.Email = email
	}
	if phone, err := canteen.ParsePhone(v.Phone); err == nil {
		g.Phone = phone
	}
	tx.putGuardian(g)
	if v.Foreign != "" {
		p := tx.profile(g.ID)
		p.Foreign = v.Foreign
		tx.putProfile(g.ID, p)
	}
	return g.ID
}

// shortName is how pages greet a person: "Elena R."
func shortName(g *canteen.Guardian) string {
	if g.Surname == "" {
		return g.Name
	}
	return strings.TrimSpace(g.Name + " " + string([]rune(g.Surname)[:1]) + ".")
}

// compareNames notes for the office that a provider calls a person otherwise
// than the record does. It notes each name once.
func (tx *tx) compareNames(id canteen.GuardianID, v *Vouched) {
	g, ok := tx.guardian(id)
	claimed := canteen.FoldKey(v.Surname, v.Name)
	if !ok || v.Surname == "" || claimed == canteen.FoldKey(g.Surname, g.Name) {
		return
	}
	p := tx.profile(id)
	said := v.Surname + " " + v.Name
	if p.Claimed == said {
		return
	}
	p.Claimed = said
	tx.putProfile(id, p)
	tx.logChange("person.names", g.Handle, v.Provider)
}

// NeedsContacts tells whether a person still has to give or prove an e-mail
// address and a mobile number (rules R1.7).
func (s *Store) NeedsContacts(act Act) (needs bool, err error) {
	err = s.view(act, func(tx *tx) error {
		g, ok := tx.guardian(act.Actor.Guardian)
		if !ok {
			return nil
		}
		p := tx.profile(g.ID)
		needs = g.Email == "" || g.Phone == "" || p.Email.Value != g.Email || p.Phone.Value != g.Phone
		return nil
	})
	return needs, err
}
