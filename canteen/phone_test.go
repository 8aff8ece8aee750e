package canteen

import (
	"strings"
	"testing"
)

func TestParsePhone_bringsEveryShapeToOne(t *testing.T) {
	for in, want := range map[string]string{
		"3331234567":                       "+393331234567",
		"333 1234567":                      "+393331234567",
		"+39 333 1234567":                  "+393331234567",
		"+39333 1234567":                   "+393331234567",
		"0039333 1234567":                  "+393331234567",
		"00393331234567":                   "+393331234567",
		"333/1234567":                      "+393331234567",
		"333-1234567":                      "+393331234567",
		"333.12.34.567":                    "+393331234567",
		"(+39) 333 1234567":                "+393331234567",
		"\u202a+39\u00a0333\u20111234567 ": "+393331234567",
		"391 1234567":                      "+393911234567", // a mobile, not the country
		"335123456":                        "+39335123456",
		"0881 123456":                      "+390881123456",
		"06-12345678":                      "+390612345678",
		"+39 0881 123456":                  "+390881123456",
		"+40 721 234 567":                  "+40721234567",
		"0040721234567":                    "+40721234567",
		"+355 69 123 4567":                 "+355691234567",
		"+378 0549 123456":                 "+3780549123456",
		"+123456":                          "+123456",
		"+123456789012345":                 "+123456789012345",
	} {
		if got, err := ParsePhone(in); err != nil || got != want {
			t.Errorf("ParsePhone(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestParsePhone_refusesTheRest(t *testing.T) {
	for _, in := range []string{
		"", " ", "+", "00", "tel. 3331234567", "333 12345x7", "33312345", "33312345678", "800123456", "112", "081",
		"012345678901", "+39", "+39 881 123456", "+39 33312345", "0039 800123456", "+12345", "+1234567890123456",
		"+0393331234567", "+00393331234567", "333+1234567", "++393331234567", "333,1234567", "333_1234567", "٣٣٣١٢٣٤٥٦٧",
	} {
		if got, err := ParsePhone(in); err == nil {
			t.Errorf("ParsePhone(%q) = %q; want an error", in, got)
		}
	}
}

func TestParseEmail_acceptsBareAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"anna@example.org":                 "anna@example.org",
		" Anna.Rossi+mensa@EXAMPLE.Org\n":  "Anna.Rossi+mensa@example.org",
		"o'neil_2@posta.comune.example.it": "o'neil_2@posta.comune.example.it",
		"a@xn--caff-8oa.it":                "a@xn--caff-8oa.it",
		"a@1and1.example":                  "a@1and1.example",
		strings.Repeat("a", 64) + "@b.it":  strings.Repeat("a", 64) + "@b.it",
	} {
		if got, err := ParseEmail(in); err != nil || got != want {
			t.Errorf("ParseEmail(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestParseEmail_refusesTheRest(t *testing.T) {
	long := strings.Repeat(strings.Repeat("d", 60)+".", 4)
	for _, in := range []string{
		"", "anna", "@example.org", "anna@", "anna@localhost", "anna@@example.org", "anna@exa mple.org", "anna @example.org",
		"Anna <anna@example.org>", "<anna@example.org>", "anna@example.org (casa)", "anna@example.org, ugo@example.org",
		`"anna rossi"@example.org`, `"anna"@example.org`, "anna@[192.0.2.1]", "anna@192.0.2.1", "anna@example..org",
		"anna@.example.org", "anna@example.org.", "anna@-example.org", "anna@example-.org", "anna@exam_ple.org",
		".anna@example.org", "anna.@example.org", "an..na@example.org", "niccolò@example.org", "anna@caffè.it",
		"anna@example.org\r\nBcc: ugo@example.org", "an\x00na@example.org", "an\tna@example.org",
		strings.Repeat("a", 65) + "@b.it", "anna@" + long + "example.org", "anna@" + strings.Repeat("d", 64) + ".it",
	} {
		if got, err := ParseEmail(in); err == nil {
			t.Errorf("ParseEmail(%q) = %q; want an error", in, got)
		}
	}
}

// Contacts are personal: a refusal goes to logs and must not carry them.
func TestParseContacts_errorsDoNotRepeatThem(t *testing.T) {
	_, phone := ParsePhone("333 12345x7")
	_, email := ParseEmail("anna.rossi@localhost")
	for _, err := range []error{phone, email} {
		if strings.Contains(err.Error(), "333") || strings.Contains(err.Error(), "rossi") {
			t.Errorf("the refusal %q repeats the contact", err)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, s := range []string{"333 1234567", "+39 333/1234567", "0039333-1234567", "+40721234567", "0881 123456"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePhone(s)
		if err != nil {
			return
		}
		if back, err := ParsePhone(p); err != nil || back != p {
			t.Errorf("ParsePhone(%q) = %q, read back as %q, %v", s, p, back, err)
		}
		if len(p) < 7 || len(p) > 16 || p[0] != '+' || strings.Trim(p[1:], "0123456789") != "" {
			t.Errorf("ParsePhone(%q) = %q, which is not E.164", s, p)
		}
	})
}

func FuzzParseEmail(f *testing.F) {
	for _, s := range []string{"anna@example.org", "Anna <anna@EXAMPLE.org>", "\"a b\"@c.it", "a@[1.2.3.4]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseEmail(s)
		if err != nil {
			return
		}
		if back, err := ParseEmail(e); err != nil || back != e {
			t.Errorf("ParseEmail(%q) = %q, read back as %q, %v", s, e, back, err)
		}
		if strings.ContainsAny(e, " \t\r\n<>,;\"\x00") || len(e) > 254 || strings.Count(e, "@") != 1 {
			t.Errorf("ParseEmail(%q) = %q, which is not a bare address", s, e)
		}
	})
}
