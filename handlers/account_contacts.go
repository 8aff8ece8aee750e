package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// ContactsPage changes e-mail and mobile. Page name "account/contacts".
type ContactsPage struct {
	render.Page
	Contacts []ContactForm
	Demo     bool // there is a mailbox to read the codes in
}

// ContactForm is one contact: as it is, and the one that waits for its code.
type ContactForm struct {
	What     string // "email" or "phone"
	Channel  canteen.Channel
	Title    string // message key
	Current  string
	Verified bool
	Value    render.Field
	Pending  string // the new one, until it is proved
	Code     render.Field
}

func (s *Server) contactsPage(r *http.Request) (*ContactsPage, error) {
	me, err := s.store.Myself(act(r))
	if err != nil {
		return nil, err
	}
	p := &ContactsPage{Demo: s.opt.Mailbox != nil, Page: s.newPage(r, "account.contacts.title", profileCrumb(s), render.Crumb{Label: "account.contacts.title"})}
	email := ContactForm{What: "email", Channel: canteen.ChannelEmail, Title: "account.email", Current: me.Person.Email,
		Value: render.Field{Name: "email", Type: render.TypeEmail, Label: "account.contacts.newEmail", Autocomplete: "email", MaxLength: 254},
		Code:  codeField("emailCode", "account.contacts.code")}
	phone := ContactForm{What: "phone", Channel: canteen.ChannelSMS, Title: "account.mobile", Current: me.Person.Phone,
		Value: render.Field{Name: "phone", Type: render.TypeTel, Label: "account.contacts.newPhone", Autocomplete: "tel", MaxLength: 25},
		Code:  codeField("phoneCode", "account.contacts.code")}
	for _, c := range []ContactForm{email, phone} {
		c.Verified, c.Pending = me.Verified(c.Channel), me.Pending[c.Channel]
		if !c.Verified {
			c.Value.Value = c.Current
		}
		p.Contacts = append(p.Contacts, c)
	}
	return p, nil
}

// contact is the form that was sent, told by the hidden field "what".
func (p *ContactsPage) contact(r *http.Request) (*ContactForm, error) {
	if err := r.ParseForm(); err != nil {
		return nil, formError(err)
	}
	for i := range p.Contacts {
		if p.Contacts[i].What == r.PostForm.Get("what") {
			return &p.Contacts[i], nil
		}
	}
	return nil, canteen.Refuse(canteen.KindInvalid, "error.form")
}

func (s *Server) profileContacts(w http.ResponseWriter, r *http.Request) error {
	p, err := s.contactsPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "account/contacts", p)
}

// profileContactChange takes a new contact and sends the code that proves it.
func (s *Server) profileContactChange(w http.ResponseWriter, r *http.Request) error {
	p, err := s.contactsPage(r)
	if err != nil {
		return err
	}
	c, err := p.contact(r)
	if err != nil {
		return err
	}
	form := officeForm{&c.Value}
	if _, err := form.read(r); err != nil {
		return err
	}
	form.missing()
	if !form.wrong() {
		pending, err := s.store.StartContact(act(r), c.Channel, c.Value.Value, s.sends(c.Channel))
		if err == nil {
			if !pending {
				s.flash(w, "flash.account.saved")
			}
			http.Redirect(w, r, s.to("profile.contacts"), http.StatusSeeOther)
			return nil
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "account/contacts", p)
}

// profileContactProve tries the code. A new e-mail may be a new login: then the
// session goes on under it, and the others of the person end.
func (s *Server) profileContactProve(w http.ResponseWriter, r *http.Request) error {
	p, err := s.contactsPage(r)
	if err != nil {
		return err
	}
	c, err := p.contact(r)
	if err != nil {
		return err
	}
	form := officeForm{&c.Code}
	if _, err := form.read(r); err != nil {
		return err
	}
	form.missing()
	if form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "account/contacts", p)
	}
	login, err := s.store.ProveContact(act(r), c.Channel, c.Code.Value)
	if err != nil {
		c.Code.Name = "code" // the word by which the record refuses it
		refused := form.refuse(&p.Page, err)
		c.Code.Name = c.What + "Code"
		if refused != nil {
			return refused
		}
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "account/contacts", p)
	}
	if err := s.stayIn(r, login); err != nil {
		return err
	}
	s.flash(w, "flash.account.contact")
	http.Redirect(w, r, s.to("profile.contacts"), http.StatusSeeOther)
	return nil
}

// stayIn lets the session go on under a login that was renamed; the counter's own
// session has nothing to do with it.
func (s *Server) stayIn(r *http.Request, login string) error {
	if st := stateOf(r); st.behalf != "" || login == st.actor.Login {
		return nil
	}
	u, err := s.store.User(login)
	if err != nil {
		return err
	}
	return s.begin(r, u, s.sessionOf(r).Provider)
}

// PreferencesPage chooses language and channels. Page name
// "account/preferences".
type PreferencesPage struct {
	render.Page
	FormID   string
	Language render.Field
	Topics   []render.Field
	Mobile   bool // text messages can reach the person
}

func (p *PreferencesPage) fields() officeForm {
	f := officeForm{&p.Language}
	for i := range p.Topics {
		f = append(f, &p.Topics[i])
	}
	return f
}

// wayChannels are the choices of channels, as forms write them.
var wayChannels = map[string][]canteen.Channel{"email": {canteen.ChannelEmail}, "sms": {canteen.ChannelSMS},
	"both": {canteen.ChannelEmail, canteen.ChannelSMS}}

// wayOf is the choice a list of channels stands for.
func wayOf(channels []canteen.Channel) string {
	switch {
	case len(channels) > 1:
		return "both"
	case len(channels) == 1 && channels[0] == canteen.ChannelSMS:
		return "sms"
	}
	return "email"
}

func (s *Server) preferencesPage(r *http.Request) (*PreferencesPage, error) {
	me, err := s.store.Myself(act(r))
	if err != nil {
		return nil, err
	}
	p := &PreferencesPage{Page: s.newPage(r, "account.preferences.title", profileCrumb(s), render.Crumb{Label: "account.preferences.title"}),
		FormID: newFormID(), Mobile: me.Verified(canteen.ChannelSMS),
		Language: render.Field{Name: "lang", Type: render.TypeSelect, Label: "account.preferences.lang"}}
	for _, l := range s.catalog.Languages() {
		p.Language.Options = append(p.Language.Options, render.Option{Value: l.Code, Text: l.Name})
	}
	pick(&p.Language, me.Profile.Lang)
	if me.Profile.Lang == "" {
		pick(&p.Language, p.Lang)
	}
	for _, topic := range canteen.Topics {
		f := render.Field{Name: topic, Type: render.TypeRadio, Label: "account.topic." + topic}
		for _, way := range []string{"email", "sms", "both"} {
			f.Options = append(f.Options, render.Option{Value: way, Text: "account.way." + way})
		}
		pick(&f, wayOf(me.Profile.Wants[topic]))
		p.Topics = append(p.Topics, f)
	}
	return p, nil
}

func (s *Server) profilePreferences(w http.ResponseWriter, r *http.Request) error {
	p, err := s.preferencesPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "account/preferences", p)
}

func (s *Server) profilePrefer(w http.ResponseWriter, r *http.Request) error {
	p, err := s.preferencesPage(r)
	if err != nil {
		return err
	}
	form := p.fields()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	want := store.Preferences{Lang: s.catalog.Negotiate(p.Language.Value, ""), Wants: map[string][]canteen.Channel{}}
	for i, topic := range canteen.Topics {
		want.Wants[topic] = wayChannels[p.Topics[i].Value]
	}
	form.missing()
	if !form.wrong() {
		err := s.store.ChangePreferences(formAct(r), want)
		if err == nil {
			s.flash(w, "flash.account.saved") // and the pages change language at once
			http.Redirect(w, r, s.to("language", want.Lang)+"?next="+urlQuery(s.to("profile")), http.StatusSeeOther)
			return nil
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "account/preferences", p)
}
