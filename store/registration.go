package store

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"refettorio/canteen"
)

// Registration is a registration under way (mission 1): the contacts, what has
// been proved of them, who the person says to be. It is found by a word that
// only the person's browser knows. Known, that the e-mail has an account, is for
// the record alone: nobody is told on a page.
type Registration struct {
	Email       string           `json:"email"`
	Phone       string           `json:"phone"`
	Lang        string           `json:"lang"`
	ByText      bool             `json:"by_text"` // the phone is proved too
	EmailCode   canteen.Code     `json:"email_code"`
	PhoneCode   canteen.Code     `json:"phone_code"`
	EmailProved bool             `json:"email_proved,omitempty"`
	PhoneProved bool             `json:"phone_proved,omitempty"`
	Person      canteen.Guardian `json:"person"`
	Login       string           `json:"login,omitempty"`    // the account it became
	Refused     bool             `json:"refused,omitempty"`  // the office has to complete it
	Attempts    int              `json:"attempts,omitempty"` // that ended at the office
	Known       bool             `json:"known,omitempty"`
}

// Proved tells whether every contact that can be proved is.
func (r *Registration) Proved() bool { return r.EmailProved && (r.PhoneProved || !r.ByText) }

// Described tells whether the person has said who it is.
func (r *Registration) Described() bool { return r.Person.CodiceFiscale != "" }

// RegistrationContacts is the first step. ByText says that a text message can be
// sent, so that the phone is proved as well.
type RegistrationContacts struct {
	Email, Phone, Lang string
	ByText             bool
}

// registrationLife is how long an unfinished registration is kept: long enough
// to look for a codice fiscale, short enough for a shared computer.
const registrationLife = 2 * time.Hour

// registrationAttempts is how many codici fiscali a proved contact may try: who
// mistypes its own needs two, who looks for somebody else's needs many.
const registrationAttempts = 3

// The kinds of the messages around a registration.
const (
	kindExists   = "account-exists"
	kindTried    = "account-tried"
	kindOffice   = "account-office"
	kindWelcome  = "account-welcome"
	kindPassword = "account-password"
	kindChanged  = "account-contact"
)

// BeginRegistration takes the contacts and sends the codes that prove them. The
// word is the registration's own, drawn by the form: sent again with the same
// contacts it changes nothing, with others it starts over with those. An e-mail
// that has an account gets a letter that says so in place of a code; the answer
// is the same. It may return Invalid on "email" or "phone".
func (s *Store) BeginRegistration(act Act, word string, c RegistrationContacts) error {
	email, err := canteen.ParseEmail(c.Email)
	if err != nil {
		return canteen.Invalid("email", "error.email")
	}
	phone, err := canteen.ParsePhone(c.Phone)
	switch {
	case err != nil:
		return canteen.Invalid("phone", "error.phone")
	case !canteen.IsMobile(phone):
		return canteen.Invalid("phone", "error.phone.mobile")
	case len(word) < 16:
		return canteen.Refuse(canteen.KindInvalid, "error.form")
	}
	key := codeKey(purposeRegistration, word)
	return s.update(act, func(tx *tx) error {
		r := Registration{Email: email, Phone: phone, ByText: c.ByText}
		if rec, ok := tx.codeRecordOf(key); ok {
			if r = *rec.Registration; r.Login != "" || r.Email == email && r.Phone == phone {
				return nil
			}
			if r.Email != email {
				r.Email, r.EmailProved, r.EmailCode = email, false, canteen.Code{}
			}
			if r.Phone != phone {
				r.Phone, r.PhoneProved, r.PhoneCode = phone, false, canteen.Code{}
			}
		}
		r.Lang = c.Lang
		return tx.writeCodes(key, &r)
	})
}

// ResendCodes sends new codes to the contacts still to be proved.
func (s *Store) ResendCodes(act Act, word string) error {
	key := codeKey(purposeRegistration, word)
	return s.update(act, func(tx *tx) error {
		r, err := tx.registration(key)
		if err != nil {
			return err
		}
		r.EmailCode, r.PhoneCode = canteen.Code{}, canteen.Code{}
		return tx.writeCodes(key, &r)
	})
}

// writeCodes sends a code to each contact that is not proved and has none.
func (tx *tx) writeCodes(key []byte, r *Registration) error {
	toEmail := !r.EmailProved && r.EmailCode.At.IsZero()
	toPhone := r.ByText && !r.PhoneProved && r.PhoneCode.At.IsZero()
	if toEmail {
		if err := tx.mayWrite("email", r.Email); err != nil {
			return err
		}
	}
	if toPhone {
		if err := tx.mayWrite("phone", r.Phone); err != nil {
			return err
		}
	}
	if toEmail {
		m := Message{Kind: kindCodeEmail, To: r.Email, Channel: canteen.ChannelEmail, Lang: r.Lang}
		if r.Known = tx.has(users, []byte(CleanLogin(r.Email))); r.Known {
			m.Kind, r.EmailCode = kindExists, canteen.Code{At: tx.now}
			tx.queue(m)
		} else {
			r.EmailCode = tx.sendCode(key, m)
		}
		tx.written(r.Email)
	}
	if toPhone {
		r.PhoneCode = tx.sendCode(key, Message{Kind: kindCodePhone, To: r.Phone, Channel: canteen.ChannelSMS, Lang: r.Lang})
		tx.written(r.Phone)
	}
	tx.putRegistration(key, r)
	return nil
}

func (tx *tx) putRegistration(key []byte, r *Registration) {
	tx.putCode(key, codeRecord{Purpose: purposeRegistration, Expires: tx.now.Add(registrationLife), Registration: r})
}

func (tx *tx) registration(key []byte) (Registration, error) {
	rec, ok := tx.codeRecordOf(key)
	if !ok {
		return Registration{}, canteen.Refuse(canteen.KindNotFound, "error.registration.notFound")
	}
	return *rec.Registration, nil
}

// Registration returns a registration under way; KindNotFound when there is none
// or it has expired.
func (s *Store) Registration(word string) (r Registration, err error) {
	err = s.view(Act{}, func(tx *tx) error {
		r, err = tx.registration(codeKey(purposeRegistration, word))
		return err
	})
	return r, err
}

// ProveRegistration tries the codes somebody typed; an empty one is not tried.
// A wrong one is a try spent, and Invalid on "emailCode" or "phoneCode".
func (s *Store) ProveRegistration(act Act, word, emailCode, phoneCode string) error {
	key := codeKey(purposeRegistration, word)
	var refused error
	err := s.update(act, func(tx *tx) error {
		r, err := tx.registration(key)
		if err != nil {
			return err
		}
		refused = nil
		try := func(field, typed string, c *canteen.Code, proved *bool) {
			if *proved || strings.TrimSpace(typed) == "" {
				return
			}
			outcome := c.Try(string(key), typed, tx.now)
			*proved = outcome == canteen.CodeRight
			if no := codeRefusal(field, outcome, c); no != nil && refused == nil {
				refused = no
			}
		}
		try("emailCode", emailCode, &r.EmailCode, &r.EmailProved)
		if r.ByText {
			try("phoneCode", phoneCode, &r.PhoneCode, &r.PhoneProved)
		}
		tx.putRegistration(key, &r)
		return nil
	})
	if err != nil {
		return err
	}
	return refused
}

// checkPerson refuses a person's data that cannot be right; the fields are named
// as in the form.
func checkPerson(g *canteen.Guardian) error {
	g.Surname, g.Name = strings.Join(strings.Fields(g.Surname), " "), strings.Join(strings.Fields(g.Name), " ")
	for _, f := range []struct{ name, value string }{{"surname", g.Surname}, {"name", g.Name}} {
		if canteen.Fold(f.value) == "" || utf8.RuneCountInString(f.value) > 60 {
			return canteen.Invalid(f.name, "error.name.letters")
		}
	}
	cf, err := canteen.ParseCodiceFiscale(string(g.CodiceFiscale))
	if err != nil {
		refusal := canteen.Invalid("cf", "error.codiceFiscale.form")
		if e, ok := err.(*canteen.Error); ok {
			refusal.Key = e.Key
		}
		return refusal
	}
	g.CodiceFiscale = cf
	return checkAddress(g)
}

// checkAddress refuses an address without its parts. Codes of other countries
// are no Italian ones, so only their length is looked at.
func checkAddress(g *canteen.Guardian) error {
	for _, f := range []struct {
		name  string
		value *string
		max   int
	}{{"address", &g.Address, 120}, {"postcode", &g.PostCode, 10}, {"city", &g.City, 80}} {
		*f.value = strings.Join(strings.Fields(*f.value), " ")
		if n := utf8.RuneCountInString(*f.value); n == 0 || n > f.max {
			return canteen.Invalid(f.name, "error.required")
		}
	}
	return nil
}

// DescribeRegistration takes who the person is and where it lives.
func (s *Store) DescribeRegistration(act Act, word string, g canteen.Guardian) error {
	if err := checkPerson(&g); err != nil {
		return err
	}
	key := codeKey(purposeRegistration, word)
	return s.update(act, func(tx *tx) error {
		r, err := tx.registration(key)
		if err != nil {
			return err
		}
		if !r.Proved() {
			return canteen.Refuse(canteen.KindConflict, "error.registration.step")
		}
		if r.Login != "" {
			return nil
		}
		r.Person, r.Refused = canteen.Guardian{Surname: g.Surname, Name: g.Name, CodiceFiscale: g.CodiceFiscale,
			Address: g.Address, PostCode: g.PostCode, City: g.City}, r.Attempts >= registrationAttempts
		tx.putRegistration(key, &r)
		return nil
	})
}

// FinishRegistration makes the account: a new person, or the one the record has
// already under this codice fiscale when one of the contacts it knows was
// proved. Otherwise the office completes it: ok is false, the same whether the
// person has an account or only none of the contacts fits, and letters say the
// rest. Done twice it is done once. The hash is that of the password, version
// that of the privacy notice shown (rules R5.9).
func (s *Store) FinishRegistration(act Act, word, hash string, version int) (u User, ok bool, err error) {
	key := codeKey(purposeRegistration, word)
	err = s.update(act, func(tx *tx) error {
		u, ok = User{}, false
		r, err := tx.registration(key)
		if err != nil {
			return err
		}
		switch {
		case r.Login != "":
			ok = tx.getJSON(users, []byte(r.Login), &u)
			return nil
		case r.Refused:
			return nil
		case !r.Proved() || !r.Described():
			return canteen.Refuse(canteen.KindConflict, "error.registration.step")
		}
		id, known := tx.guardianByCF(r.Person.CodiceFiscale)
		g, fits := tx.registering(&r, id, known)
		if !fits || tx.has(users, []byte(CleanLogin(r.Email))) {
			tx.leaveToOffice(key, &r, id)
			return nil
		}
		u, ok = tx.openAccount(&r, g, hash, version), true
		tx.putRegistration(key, &Registration{Email: r.Email, Login: u.Login, EmailProved: true})
		return nil
	})
	return u, ok, err
}

// registering is the person a registration is of; false when the record knows
// somebody under the codice fiscale and nothing proves that it is the same.
func (tx *tx) registering(r *Registration, id canteen.GuardianID, known bool) (g canteen.Guardian, ok bool) {
	if !known {
		g = r.Person
		g.Email, g.Phone = r.Email, r.Phone
		return g, true
	}
	g, _ = tx.guardian(id)
	same := strings.EqualFold(g.Email, r.Email) && r.EmailProved || g.Phone == r.Phone && r.PhoneProved
	if !same || len(tx.loginsOf(id)) > 0 {
		return g, false
	}
	g.Email, g.Phone = r.Email, r.Phone
	g.Address, g.PostCode, g.City = r.Person.Address, r.Person.PostCode, r.Person.City
	return g, true
}

// openAccount writes the person, its profile and its login. Names the record
// has stay as they are.
func (tx *tx) openAccount(r *Registration, g canteen.Guardian, hash string, version int) User {
	isNew := g.ID == 0
	if isNew {
		g.ID, g.Handle = canteen.GuardianID(tx.next(guardians)), tx.newHandle()
	}
	tx.putGuardian(g)
	p := tx.profile(g.ID)
	p.Unproved = p.Unproved || isNew
	p.Lang, p.Email = r.Lang, ContactMark{Value: r.Email, Source: "self", At: tx.now}
	if r.PhoneProved {
		p.Phone = ContactMark{Value: r.Phone, Source: "self", At: tx.now}
	}
	p.Privacy = append(p.Privacy, PrivacySeen{Version: version, At: tx.now})
	tx.putProfile(g.ID, p)
	u := User{Login: CleanLogin(r.Email), Name: ShortName(&g), Role: canteen.RoleGuardian, Guardian: g.ID, Lang: r.Lang, Hash: hash, Since: tx.now}
	tx.putUser(u)
	tx.tell(g.ID, kindWelcome)
	tx.logChange("person.register", g.Handle, "")
	return u
}

// leaveToOffice ends a registration that has to be completed by somebody who
// sees an identity document. The contacts the record knows are told, so that
// nobody is registered behind their back.
func (tx *tx) leaveToOffice(key []byte, r *Registration, id canteen.GuardianID) {
	r.Refused, r.Attempts = true, r.Attempts+1
	tx.putRegistration(key, r)
	tx.queue(Message{Kind: kindOffice, To: r.Email, Channel: canteen.ChannelEmail, Lang: r.Lang})
	if id != 0 {
		tx.tell(id, kindTried)
	}
	tx.logChange("person.register.office", "", "")
}

// ShortName is how a person is called on a page others may see: "Elena R.".
func ShortName(g *canteen.Guardian) string {
	first, _ := utf8.DecodeRuneInString(g.Surname)
	return strings.TrimSpace(g.Name + " " + string(first) + ".")
}

// CodiceFiscaleDoubts names the fields that do not agree with a codice fiscale,
// "surname" or "name": a reason to look again, never to refuse (rules R11.1).
func CodiceFiscaleDoubts(g *canteen.Guardian) []string {
	cf, err := canteen.ParseCodiceFiscale(string(g.CodiceFiscale))
	if err != nil {
		return nil
	}
	return slices.Clone(cf.Mismatch(g.Surname, g.Name, 0, 0))
}
