package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// Town is demo.json (design §10): what one needs to know to use a demo town.
// Build fills all but the addresses, which are the server's.
type Town struct {
	BaseURL       string            `json:"base_url"`
	PagoPAURL     string            `json:"pagopa_url"`
	Now           time.Time         `json:"now"`
	DB            string            `json:"db"`
	ControlSocket string            `json:"control_socket"`
	Users         []TownUser        `json:"users"`
	Tokens        map[string]string `json:"tokens"` // by scope
	Pupils        []TownPupil       `json:"pupils"`
	Schools       []TownSchool      `json:"schools"`
	PagoPA        TownPagoPA        `json:"pagopa"`
}

// TownUser is a login of the town; PANs are those of a guardian's children.
type TownUser struct {
	Role       canteen.Role  `json:"role"`
	Login      string        `json:"login"`
	Password   string        `json:"password"`
	TOTPSecret string        `json:"totp_secret"`
	PANs       []canteen.PAN `json:"pans"`
}

// TownPupil is a pupil of the present school year, School its code.
type TownPupil struct {
	PAN    canteen.PAN `json:"pan"`
	School string      `json:"school"`
	Class  string      `json:"class"`
}

// TownSchool is a school with its kitchen, both by their codes.
type TownSchool struct {
	Code    string `json:"code"`
	Kitchen string `json:"kitchen"`
}

// TownPagoPA are the town's identifiers in pagoPA: its codice fiscale, its
// intermediary (itself), its station and the segregation code of that.
type TownPagoPA struct {
	IDPA        string `json:"id_pa"`
	IDBroker    string `json:"id_broker"`
	IDStation   string `json:"id_station"`
	Segregation string `json:"segregation"`
}

// cfBody are the ten digits before the check digit of the town's codice
// fiscale, and segregationCode one of those PagoPA hands out (00 to 45).
const (
	cfBody          = "8099900071"
	segregationCode = "02"
)

func newTown(opt *Options) *Town {
	id := cfBody + string(canteen.Luhn(cfBody))
	return &Town{Now: opt.Now.In(canteen.Rome()), DB: opt.Path, Users: []TownUser{}, Tokens: map[string]string{},
		Pupils: []TownPupil{}, Schools: []TownSchool{},
		PagoPA: TownPagoPA{IDPA: id, IDBroker: id, IDStation: id + "_01", Segregation: segregationCode}}
}

// print writes what there is to know about the finished town.
func (b *builder) print() error {
	view, err := b.store.Town(store.Console())
	if err != nil {
		return err
	}
	codes := map[canteen.KitchenID]string{}
	for _, k := range view.Kitchens {
		codes[k.ID] = k.Code
	}
	for _, s := range view.Schools {
		b.leaflet.Schools = append(b.leaflet.Schools, TownSchool{Code: s.Code, Kitchen: codes[s.Kitchen]})
	}
	for _, one := range b.census.children {
		class := one.path[0]
		b.leaflet.Pupils = append(b.leaflet.Pupils, TownPupil{PAN: one.pan, School: class.school.code, Class: class.name()})
	}
	for _, pan := range b.newPupils {
		seat, err := b.store.PupilSeat(store.Console(), pan)
		if err != nil {
			return err
		}
		b.leaflet.Pupils = append(b.leaflet.Pupils, TownPupil{PAN: pan, School: seat.School.Code, Class: seat.Class})
	}
	return nil
}

// addStaff adds the logins of those who work for the service, and the tokens.
func (b *builder) addStaff() error {
	view, err := b.store.Town(store.Console())
	if err != nil {
		return err
	}
	var first []string // the schools of the first institute
	for _, s := range b.places.schools {
		if s.institute == 0 {
			first = append(first, s.code)
		}
	}
	staff := []store.User{
		{Login: "ufficio", Name: "Ufficio Pubblica Istruzione", Role: canteen.RoleOffice},
		{Login: "sportello", Name: "Sportello presso la Biblioteca", Role: canteen.RoleDesk},
		{Login: "scuola", Name: "Segreteria " + b.places.institutes[0], Role: canteen.RoleSchool, Schools: first},
		{Login: "sala", Name: "Refettorio " + b.places.institutes[0], Role: canteen.RoleRefectory, Schools: first},
		{Login: "dietista", Name: "Servizio diete", Role: canteen.RoleDiets},
		{Login: "revisore", Name: "Revisore dei conti", Role: canteen.RoleAuditor},
		{Login: "admin", Name: "Sistemi informativi", Role: canteen.RoleAdmin},
	}
	for _, k := range view.Kitchens {
		login := "cucina"
		if k.Name != kitchens[0] {
			login = "cucina2"
		}
		staff = append(staff, store.User{Login: login, Name: k.Name, Role: canteen.RoleKitchen, Kitchen: k.Code})
	}
	for _, u := range staff {
		if err := b.addUser(u, u.Login, "", nil); err != nil {
			return err
		}
	}
	return b.addTokens()
}

// addFamilies adds the logins of the showcase families, once they are in the
// record.
func (b *builder) addFamilies() error {
	have := map[string]bool{}
	for _, u := range b.leaflet.Users {
		have[u.Login] = true
	}
	for _, g := range b.census.showcase {
		if g.id == 0 || have[g.login] {
			continue
		}
		u := store.User{Login: g.login, Name: g.name + " " + g.surname, Role: canteen.RoleGuardian}
		if err := b.addUser(u, word(g.name), g.cf, b.census.pansOf(g)); err != nil {
			return err
		}
	}
	return nil
}

// pansOf lists the children of a guardian, eldest first.
func (c *census) pansOf(g *guardian) (pans []canteen.PAN) {
	for _, f := range c.families {
		for _, one := range f.children {
			for _, parent := range one.guardians {
				if parent == g {
					pans = append(pans, one.pan)
				}
			}
		}
	}
	return pans
}

// addUser adds a login with a password one can remember: "borgoluce-elena".
func (b *builder) addUser(u store.User, secret string, cf canteen.CodiceFiscale, pans []canteen.PAN) error {
	password := "borgoluce-" + secret
	hash, err := b.opt.Hash(password)
	if err != nil {
		return fmt.Errorf("password of %s: %w", u.Login, err)
	}
	u.Hash, u.Lang = hash, "it"
	if err := b.store.AddUser(store.Console(), u, cf); err != nil {
		return fmt.Errorf("user %s: %w", u.Login, err)
	}
	if pans == nil {
		pans = []canteen.PAN{}
	}
	b.leaflet.Users = append(b.leaflet.Users, TownUser{Role: u.Role, Login: u.Login, Password: password, PANs: pans})
	return nil
}

// tokenNames names the token of each scope.
var tokenNames = map[string]string{
	store.ScopeFamilyGateway: gatewayToken,
	store.ScopeKitchen:       "centro-cottura",
	store.ScopeStatistics:    "statistiche",
}

const gatewayToken = "voce-sms"

func (b *builder) addTokens() error {
	for _, scope := range store.Scopes {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s", b.opt.Seed, scope))
		secret := "rft_borgoluce_" + scope + "_" + hex.EncodeToString(sum[:8])
		token := store.Token{Name: tokenNames[scope], Scopes: []string{scope}}
		if _, err := b.store.AddTokenSecret(store.Console(), token, secret); err != nil {
			return fmt.Errorf("token %s: %w", scope, err)
		}
		b.leaflet.Tokens[scope] = secret
	}
	return nil
}
