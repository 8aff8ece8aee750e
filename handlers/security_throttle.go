package handlers

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"refettorio/store"
)

// A password may be tried this often per account from browsers we do not know,
// per browser we know, and per address. The last counts only what was wrong: a
// whole school, or all of a mobile operator's customers, may share one.
const (
	loginEvery   = 20 * time.Second
	loginBurst   = 8
	addressEvery = 2 * time.Second
	addressBurst = 100
	factorEvery  = time.Minute
	factorBurst  = 6
)

// try is an attempt at a password.
type try struct {
	login   string
	address string
	device  string // of a browser that has been in with this account before; empty for any other
}

// tryOf tells who is trying. A browser that was let in with an account keeps a
// cookie that says so, so that whoever hammers an account from elsewhere cannot
// lock its owner out.
func (s *Server) tryOf(r *http.Request, login string, u store.User) try {
	t := try{login: store.CleanLogin(login), address: networkOf(s.client(r))}
	if c, err := r.Cookie(s.deviceCookie()); err == nil && u.Hash != "" {
		if id, mac, ok := strings.Cut(c.Value, "."); ok && hmac.Equal([]byte(mac), []byte(deviceMark(id, u))) {
			t.device = id
		}
	}
	return t
}

// deviceMark binds the word of a browser to an account and its password: with
// another password, every browser is a stranger again.
func deviceMark(id string, u store.User) string {
	mac := hmac.New(sha256.New, []byte(u.Hash))
	mac.Write([]byte("device\x00" + u.Login + "\x00" + id))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func (s *Server) deviceCookie() string {
	if s.opt.Secure {
		return "__Host-device"
	}
	return "device"
}

// knowDevice gives a browser that was let in the cookie that says so.
func (s *Server) knowDevice(w http.ResponseWriter, t try, u store.User) {
	id := t.device
	if id == "" {
		id = rand.Text()
	}
	http.SetCookie(w, &http.Cookie{Name: s.deviceCookie(), Value: id + "." + deviceMark(id, u), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.opt.Secure, SameSite: http.SameSiteLaxMode})
}

// mayTry spends one try of a browser we know, else of the account.
func (s *Server) mayTry(t try) bool {
	if t.device != "" {
		return s.logins.allow("device:" + t.login + ":" + t.device)
	}
	return s.addresses.ready(t.address) && s.logins.allow("account:"+t.login)
}

// missed counts a wrong try against its address.
func (s *Server) missed(t try) { s.addresses.allow(t.address) }
