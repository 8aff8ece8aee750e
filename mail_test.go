package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"refettorio/canteen"
)

func TestConfig_refusesMailThatCannotLeave(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no sender":                      {"smtp:\n    host: smtp.example.org", "mail.from"},
		"a sender with a line break":     {"from: \"mensa@example.org\\r\\nBcc: x@example.org\"\n  smtp:\n    host: smtp.example.org", "mail.from"},
		"a port of nothing":              {"smtp:\n    port: 0", "mail.smtp.port"},
		"a way of encrypting of its own": {"smtp:\n    tls: perhaps", "mail.smtp.tls"},
		"a password in the clear":        {"smtp:\n    tls: none\n    password: x", "mail.smtp.tls"},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, errs := call(t, "config", "--config", write(t, "config.yaml", "mail:\n  "+c.text+"\n"))
			if status != 1 || !strings.Contains(errs, c.want) {
				t.Errorf("status %d, said %q; want 1 and the name %q", status, errs, c.want)
			}
		})
	}
}

func TestConfig_keepsTheMailPasswordToItself(t *testing.T) {
	t.Setenv("REFETTORIO_MAIL_SMTP_PASSWORD", "molto-segreta")
	status, out, errs := call(t, "config", "--config", write(t, "config.yaml", "listen: 127.0.0.1:1111"))
	if status != 0 || strings.Contains(out+errs, "molto-segreta") || !strings.Contains(out, "***") {
		t.Errorf("config: status %d, %s%s; want the password masked", status, out, errs)
	}
}

// What leaves by which way, for each choice of settings.
func TestPost_channels(t *testing.T) {
	for name, c := range map[string]struct {
		host, folder string
		want         []canteen.Channel
	}{
		"nothing":     {"", "", nil},
		"smtp only":   {"smtp.example.org", "", []canteen.Channel{canteen.ChannelEmail}},
		"folder only": {"", "mail", []canteen.Channel{canteen.ChannelEmail, canteen.ChannelSMS}},
		"both":        {"smtp.example.org", "mail", []canteen.Channel{canteen.ChannelEmail, canteen.ChannelSMS}},
	} {
		config, err := defaultConfig()
		if err != nil {
			t.Fatal(err)
		}
		config.Mail.SMTP.Host, config.Mail.Folder = c.host, c.folder
		var log bytes.Buffer
		router := config.post(slog.New(slog.NewTextHandler(&log, nil)))
		if got := router.Channels(); len(got) != len(c.want) {
			t.Errorf("%s: channels %v, want %v", name, got, c.want)
		}
		if silent := c.want == nil; (config.letters(router, nil) == nil) != silent || strings.Contains(log.String(), "no mail settings") != silent {
			t.Errorf("%s: the log says %q", name, log.String())
		}
	}
}
