package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/notify"
	"refettorio/store"
)

// withMail gives the test server both channels.
func (s *testServer) withMail() *testServer {
	s.web.opt.Channels = []canteen.Channel{canteen.ChannelEmail, canteen.ChannelSMS}
	return s
}

// sent are the messages to an address, newest first, straight from the outbox.
func (s *testServer) sent(to string) (all []store.Message) {
	s.t.Helper()
	messages, err := s.store.PendingMessages(store.Act{Actor: canteen.Actor{Login: testOffice, Role: canteen.RoleOffice}}, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range messages {
		if m.To == to {
			all = append(all, m)
		}
	}
	return all
}

func (s *testServer) code(to string) string {
	s.t.Helper()
	all := s.sent(to)
	if len(all) == 0 || len(all[0].Facts) == 0 {
		s.t.Fatalf("no code went to %s", to)
	}
	return all[0].Facts[0].Text
}

const (
	newPassword = "una frase lunga"
	newPhone    = "+393331112223"
)

var newPerson = url.Values{"surname": {"Marrone"}, "name": {"Ada"}, "cf": {"MRRDAA85A41D643B"},
	"address": {"Via Roma 1"}, "postcode": {"71036"}, "city": {"Borgoluce"}}

// registerTo walks the registration up to the password.
func (b *browser) registerTo(email string) *page {
	b.s.t.Helper()
	p := b.submit(b.ok("/registrati"), "/registrati", url.Values{"email": {email}, "phone": {newPhone}})
	p = b.submit(p, "/registrati/codici", url.Values{"emailCode": {b.s.code(email)}, "phoneCode": {b.s.code(newPhone)}})
	return b.submit(p, "/registrati/dati", newPerson)
}

func TestRegister_fromTheLoginPageToTheEnrolments(t *testing.T) {
	s := newTestServer(t).withMail()
	b := s.stranger()
	b.click(b.ok("/accedi"), "Non hai un account? Registrati").want("Registrati", "1. Contatti")
	p := b.registerTo("ada@example.org").want("ada@example.org", "Versione 1 dell’informativa")
	p = b.submit(p, "/registrati/password", url.Values{"password": {newPassword}, "privacy": {"1"}})
	p.want("Iscrizioni", "Il tuo account è pronto. Ora iscrivi tuo figlio.")
	b.click(p, "Profilo").want("Ada Marrone", "MRRDAA85A41D643B", "verificato", "Via Roma 1")
	other := s.stranger()
	if got := other.post("/accedi", url.Values{"login": {"ADA@example.org"}, "password": {newPassword}}); got.status != http.StatusSeeOther {
		t.Errorf("login with the new account: %d", got.status)
	}
}

// Each step comes back filled with what is wrong beside the fields; a later step
// leads to the one that is open, and the form sent twice makes one account.
func TestRegister_steps(t *testing.T) {
	s := newTestServer(t).withMail()
	b := s.stranger()
	for _, path := range []string{"/registrati/codici", "/registrati/dati", "/registrati/password"} {
		if to := b.get(path).header.Get("Location"); to != "/registrati?scaduta=1" {
			t.Errorf("%s without a registration leads to %q", path, to)
		}
	}
	p := b.submit(b.ok("/registrati"), "/registrati", url.Values{"email": {"non un'e-mail"}, "phone": {"0881 123456"}}).wantStatus(http.StatusUnprocessableEntity)
	p.want("L’indirizzo e-mail non è scritto bene.")
	p = b.submit(p, "/registrati", url.Values{"email": {"ada@example.org"}, "phone": {newPhone}})
	if to := b.get("/registrati/password").header.Get("Location"); to != "/registrati/codici" {
		t.Errorf("the password before the codes leads to %q", to)
	}
	p = b.submit(p, "/registrati/codici", url.Values{"emailCode": {"000000"}, "phoneCode": {s.code(newPhone)}}).wantStatus(http.StatusUnprocessableEntity)
	p.want("Hai ancora 4 tentativi").wantNo("Codice arrivato per SMS")
	b.submit(p, "/registrati/codici/nuovi", nil).want("Puoi chiederne un altro dalle 8:46")
	p = b.submit(p, "/registrati/codici", url.Values{"emailCode": {s.code("ada@example.org")}}).want("I tuoi dati")
	wrong := url.Values{"surname": {"<script>alert(1)</script>"}, "name": {"Ada"}, "cf": {"MRRDAA85A41D643X"}, "address": {"Via Roma 1"}, "postcode": {"71036"}, "city": {"Borgoluce"}}
	p = b.submit(p, "/registrati/dati", wrong).wantStatus(http.StatusUnprocessableEntity)
	if strings.Contains(p.body, "<script>alert") {
		t.Error("a name came back as HTML")
	}
	wrong.Set("cf", "MRRDAA85A41D643B")
	p = b.submit(p, "/registrati/dati", wrong).wantStatus(http.StatusUnprocessableEntity).want("Nome e codice fiscale non sembrano della stessa persona.")
	wrong.Set("sure", "1")
	p = b.submit(p, "/registrati/dati", wrong).want("Scegli la password")
	p = b.submit(p, "/registrati/password", url.Values{"password": {"corta"}}).wantStatus(http.StatusUnprocessableEntity)
	p.want("almeno 10 caratteri", "segna la casella")
	word := url.Values{"password": {newPassword}, "privacy": {"1"}}
	cookies := b.jar.Cookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/registrati"})
	first := b.post("/registrati/password", word)
	b.jar.SetCookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/"}, cookies)
	second := b.post("/registrati/password", word)
	if first.header.Get("Location") != "/famiglia/iscrizioni" || second.header.Get("Location") != "/famiglia/iscrizioni" || !b.in() {
		t.Errorf("sent twice: %q and %q; want the enrolments both times", first.header.Get("Location"), second.header.Get("Location"))
	}
	other := s.stranger()
	other.jar.SetCookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/"}, cookies)
	if to := other.post("/registrati/password", url.Values{"password": {"un'altra frase"}, "privacy": {"1"}}).header.Get("Location"); to != "/accedi" || other.in() {
		t.Errorf("the registration's cookie and another password lead to %q", to)
	}
}

var volatile = regexp.MustCompile(`[a-z]+@example\.org|\+39\d+`)

// TestRegister_enumeration: the pages are the same, word for word, whether an
// e-mail or a codice fiscale has an account or not; the letters differ.
func TestRegister_enumeration(t *testing.T) {
	s := newTestServer(t).withMail()
	begin := func(email, phone string) (*browser, *page) {
		b := s.stranger()
		return b, b.submit(b.ok("/registrati"), "/registrati", url.Values{"email": {email}, "phone": {phone}})
	}
	same := func(what string, a, b *page) {
		t.Helper()
		if volatile.ReplaceAllString(a.text(), "") != volatile.ReplaceAllString(b.text(), "") || a.status != b.status {
			t.Errorf("%s: the answers differ:\n%d %s\n%d %s", what, a.status, a.text(), b.status, b.text())
		}
	}
	known, p1 := begin(testPaolo, "+393330000001")
	unknown, p2 := begin("nuova@example.org", "+393330000002")
	same("the contacts", p1, p2)
	w1 := known.submit(p1, "/registrati/codici", url.Values{"emailCode": {"000000"}, "phoneCode": {""}})
	w2 := unknown.submit(p2, "/registrati/codici", url.Values{"emailCode": {"000000"}, "phoneCode": {""}})
	same("a wrong code", w1, w2)
	if s.sent(testPaolo)[0].Kind != "account-exists" || s.sent("nuova@example.org")[0].Kind != "code-email" {
		t.Errorf("the letters: %q and %q", s.sent(testPaolo)[0].Kind, s.sent("nuova@example.org")[0].Kind)
	}
	// Elisa has an account; Bruno's data are at the office, and he has none.
	elisa, bruno := s.imports("Rosa", "Elisa", 'F'), s.imports("Rosa", "Bruno", 'M')
	if err := s.store.AddUser(store.Console(), store.User{Login: "elisa", Role: canteen.RoleGuardian}, elisa); err != nil {
		t.Fatal(err)
	}
	finish := func(email string, cf canteen.CodiceFiscale, clock string) *page {
		s.at(testDay, clock) // the phone may have another code
		b := s.stranger()
		p := b.registerTo(email)
		person := maps.Clone(newPerson)
		person["cf"], person["sure"] = []string{string(cf)}, []string{"1"}
		b.post("/registrati/dati", person).wantStatus(http.StatusSeeOther)
		return b.submit(p, "/registrati/password", url.Values{"password": {newPassword}, "privacy": {"1"}})
	}
	a, b := finish("uno@example.org", elisa, "09:00:00"), finish("due@example.org", bruno, "09:02:00")
	same("a codice fiscale that is known", a, b)
	a.want("Serve un passo in più")
	if x, y := s.sent("uno@example.org")[0], s.sent("due@example.org")[0]; x.Kind != y.Kind || x.Kind != "account-office" {
		t.Errorf("the letters: %q and %q, want the same", x.Kind, y.Kind)
	}
}

// imports brings a person into the record, as from the old system.
func (s *testServer) imports(surname, name string, sex byte) canteen.CodiceFiscale {
	s.t.Helper()
	cf, err := canteen.ComputeCodiceFiscale(surname, name, sex, 19850101, "D643")
	if err != nil {
		s.t.Fatal(err)
	}
	s.imported(s.store.ImportGuardians(store.Console(), []canteen.GuardianRow{{Line: 2,
		Guardian: canteen.Guardian{CodiceFiscale: cf, Surname: surname, Name: name}}}, store.ImportOptions{}))
	return cf
}

func TestRegister_withoutMail(t *testing.T) {
	s := newTestServer(t)
	p := s.stranger().ok("/registrati").want("La registrazione online non è attiva.")
	if strings.Contains(p.body, `name="email"`) {
		t.Error("the form is there although no code can be sent")
	}
	s.stranger().ok("/accedi/password").want("non possiamo mandarti un codice")
}

// TestReset_page: the same for every name, and nothing of the old session stays.
func TestReset_page(t *testing.T) {
	s := newTestServer(t).withMail()
	b := s.stranger()
	p := b.registerTo("ada@example.org")
	b.submit(p, "/registrati/password", url.Values{"password": {newPassword}, "privacy": {"1"}})
	s.at(testDay, "08:50:00")
	ask := func(login string) (*browser, *page) {
		q := s.stranger()
		return q, q.submit(q.ok("/accedi/password"), "/accedi/password", url.Values{"login": {login}})
	}
	known, p1 := ask("ada@example.org")
	unknown, p2 := ask("nessuno@example.org")
	if p1.text() != p2.text() {
		t.Errorf("the answers differ:\n%s\n%s", p1.text(), p2.text())
	}
	bad := url.Values{"code": {"000000"}, "password": {"un'altra frase"}}
	if w1, w2 := known.submit(p1, "/accedi/password/codice", bad), unknown.submit(p2, "/accedi/password/codice", bad); w1.text() != w2.text() || w1.status != http.StatusUnprocessableEntity {
		t.Errorf("wrong codes are answered differently:\n%s\n%s", w1.text(), w2.text())
	}
	known.submit(p1, "/accedi/password/codice", url.Values{"code": {s.code("ada@example.org")}, "password": {"un'altra frase"}}).want("entra con quella nuova")
	if b.in() {
		t.Error("the session of before is still open")
	}
	if got := s.stranger().post("/accedi", url.Values{"login": {"ada@example.org"}, "password": {"un'altra frase"}, "next": {"//altrove.example.org"}}); got.header.Get("Location") != "/famiglia" {
		t.Errorf("login with the new password: %d to %q", got.status, got.header.Get("Location"))
	}
}

func TestProfile_contactsAndPreferences(t *testing.T) {
	s := newTestServer(t).withMail()
	b := s.browser(testPaolo)
	p := b.ok("/famiglia/profilo").want("Paolo Rinaldi", "da verificare")
	b.click(p, "E-mail e cellulare")
	b.post("/famiglia/profilo/contatti", url.Values{"what": {"email"}, "email": {"x\r\nBcc: y@example.org"}}).wantStatus(http.StatusUnprocessableEntity)
	b.post("/famiglia/profilo/contatti", url.Values{"what": {"nothing"}}).wantStatus(http.StatusUnprocessableEntity)
	b.post("/famiglia/profilo/contatti", url.Values{"what": {"email"}, "email": {"nuova@example.org"}}).wantStatus(http.StatusSeeOther)
	b.ok("/famiglia/profilo/contatti").want("Scrivi il codice che abbiamo mandato a nuova@example.org")
	b.post("/famiglia/profilo/contatti/codice", url.Values{"what": {"email"}, "emailCode": {"1"}}).wantStatus(http.StatusUnprocessableEntity).want("Il codice non è giusto.")
	b.post("/famiglia/profilo/contatti/codice", url.Values{"what": {"email"}, "emailCode": {s.code("nuova@example.org")}}).wantStatus(http.StatusSeeOther)
	b.ok("/famiglia/profilo").want("nuova@example.org", "verificato")
	if !b.in() {
		t.Error("the session did not go on under the new login")
	}
	s.browser("nuova@example.org")
	if p := b.ok("/famiglia/profilo/preferenze"); !strings.Contains(p.body, `<html lang="it"`) {
		t.Error("the page of the preferences does not say its language")
	}
	to := b.post("/famiglia/profilo/preferenze", url.Values{"id": {"form-1"}, "lang": {"en"}, "credit": {"both"}, "service": {"email"}}).header.Get("Location")
	b.get(to)
	b.ok("/famiglia/profilo").want("Profile")
	p = b.ok("/famiglia/profilo/indirizzo")
	b.submit(p, "/famiglia/profilo/indirizzo", url.Values{"address": {"Via Nuova 2"}, "postcode": {"71036"}, "city": {"Borgoluce"}}).want("Via Nuova 2")
}

// Staff change their own password; the session they do it in goes on, others end.
func TestPassword_ofStaff(t *testing.T) {
	s := newTestServer(t)
	b, other := s.browser(testOffice), s.browser(testOffice)
	p := b.ok("/profilo/password")
	b.submit(p, "/profilo/password", url.Values{"old": {"sbagliata"}, "password": {newPassword}}).wantStatus(http.StatusUnprocessableEntity).want("La password attuale non è questa.")
	p = b.submit(p, "/profilo/password", url.Values{"old": {testPassword}, "password": {newPassword}}).want("La password è cambiata.")
	if strings.Contains(p.body, newPassword) {
		t.Error("the password is in the page")
	}
	if other.get("/ufficio").status == http.StatusOK || b.get("/ufficio").status != http.StatusOK {
		t.Error("the other session must end and this one go on")
	}
}

// letters is a mailbox of a demo.
type letters []notify.Letter

func (l letters) Letters(limit int) ([]notify.Letter, error) { return l[:min(limit, len(l))], nil }

func TestMailbox_onlyInADemo(t *testing.T) {
	s := newTestServer(t)
	s.stranger().get("/posta").wantStatus(http.StatusNotFound)
	s.web.opt.Mailbox = letters{{Channel: canteen.ChannelEmail, To: "ada@example.org", Subject: `Ciao <b>"Ada"`, Text: "Il codice è 042137 <script>", At: s.store.Now()}}
	p := s.stranger().ok("/posta").want("ada@example.org", `Ciao <b>"Ada"`, "042137 <script>")
	if strings.Contains(p.body, "042137 <script>") {
		t.Error("a letter's text is HTML in the page")
	}
}

// messageTexts are the texts of all messages of a language.
func messageTexts(t *testing.T, lang string) map[string]string {
	t.Helper()
	found := map[string]string{}
	files, err := os.ReadDir("../assets/locales")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), "."+lang+".json") {
			continue
		}
		body, err := os.ReadFile("../assets/locales/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := json.Unmarshal(body, &all); err != nil {
			t.Fatal(err)
		}
		for k, v := range all {
			if text, ok := v.(string); ok && strings.HasPrefix(k, "message.") {
				found[k] = text
			}
		}
	}
	if len(found) < 10 {
		t.Fatalf("only %d texts of messages", len(found))
	}
	return found
}

// No subject speaks of a debt or a diet, and a text message is one segment of
// the plain alphabet (rules R2.4, R3.3).
func TestMessages_saveTheFamilysFace(t *testing.T) {
	for _, lang := range []string{"it", "en"} {
		for key, text := range messageTexts(t, lang) {
			if strings.HasSuffix(key, ".sms") {
				if n, ok := canteen.GSM7(text); !ok || n > 150 { // 10 for what is filled in
					t.Errorf("%s, %s: %d characters, plain %t: %s", lang, key, n, ok, text)
				}
			}
			if strings.HasSuffix(key, ".subject") || strings.HasSuffix(key, ".sms") {
				for _, word := range []string{"debit", "dieta", "diete", "saldo", "euro", "€", "celiac", "debt", "diet ", "balance"} {
					if strings.Contains(strings.ToLower(text), word) {
						t.Errorf("%s, %s says %q: %s", lang, key, word, text)
					}
				}
			}
		}
	}
}

// TestPrivacyNotice holds the notice against its version: whoever changes what
// it says raises canteen.PrivacyNotice and puts the new sum here.
func TestPrivacyNotice(t *testing.T) {
	sums := map[int]string{1: "592d3241c37120cf"}
	body, err := os.ReadFile("../assets/locales/public.it.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for k, v := range all {
		if text, ok := v.(string); ok && strings.HasPrefix(k, "legal.privacy") {
			texts = append(texts, k+"="+text)
		}
	}
	slices.Sort(texts)
	sum := sha256.Sum256([]byte(strings.Join(texts, "\n")))
	if got := hex.EncodeToString(sum[:8]); got != sums[canteen.PrivacyNotice] {
		t.Errorf("the notice has the sum %s and version %d the sum %q: its texts changed without a new version", got, canteen.PrivacyNotice, sums[canteen.PrivacyNotice])
	}
}
