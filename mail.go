package main

import (
	"log/slog"
	"net/url"
	"slices"

	"refettorio/jobs"
	"refettorio/notify"
)

// validateMail names every setting with which no letter would leave.
func (c *Config) validateMail(wrong func(key, why string)) {
	m := &c.Mail
	if m.SMTP.Host != "" && notify.CheckFrom(m.From) != nil {
		wrong("mail.from", "an address like Mensa scolastica <mensa@comune.example.it> is needed to send e-mail")
	}
	if m.SMTP.Port < 1 || m.SMTP.Port > 65535 {
		wrong("mail.smtp.port", "not a port")
	}
	if !slices.Contains(notify.TLSModes, m.SMTP.TLS) {
		wrong("mail.smtp.tls", "mandatory, implicit or none")
	}
	if m.SMTP.TLS == notify.TLSNone && m.SMTP.Password != "" {
		wrong("mail.smtp.tls", "a password is not sent without encryption")
	}
}

// post is how letters leave: e-mail by SMTP, what has no sender of its own into
// the folder. Without either they wait in the record.
func (c *Config) post(log *slog.Logger) notify.Router {
	m := &c.Mail
	var email, text notify.Sender
	if m.Folder != "" {
		folder := notify.Folder{Dir: m.Folder}
		email, text = folder, folder
	}
	if m.SMTP.Host != "" {
		email = &notify.SMTP{Host: m.SMTP.Host, Port: m.SMTP.Port, User: m.SMTP.User, Password: m.SMTP.Password, From: m.From, TLS: m.SMTP.TLS}
	}
	router := notify.NewRouter(email, text)
	if len(router) == 0 {
		log.Warn("no mail settings: messages are kept and not sent, and nobody can register online")
	}
	return router
}

// letters is what the scheduler needs to write them; nil when none can leave.
func (c *Config) letters(router notify.Router, words jobs.Words) *jobs.Post {
	if len(router) == 0 {
		return nil
	}
	post := &jobs.Post{Sender: router, Channels: router.Channels(), Words: words, Town: c.Town.Name, Service: c.Town.Service, Site: c.PublicURL}
	if u, err := url.Parse(c.PublicURL); err == nil { // Validate has read it
		post.Domain = u.Hostname()
	}
	return post
}
