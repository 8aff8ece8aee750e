package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/notify"
)

// Mailbox shows the letters that were sent. Only a demo has one: there nobody's
// real mail is in it, and a stranger can read the codes.
type Mailbox interface {
	Letters(limit int) ([]notify.Letter, error)
}

// MailboxPage lists every letter, newest first. Page name "account/mailbox".
type MailboxPage struct {
	render.Page
	Letters []MailboxLetter
}

// MailboxLetter is one letter with the word for its channel.
type MailboxLetter struct {
	notify.Letter
	Day     canteen.Date
	Channel string // message key
}

// mailboxShown is how many letters the page lists.
const mailboxShown = 100

func (s *Server) mailbox(w http.ResponseWriter, r *http.Request) error {
	if s.opt.Mailbox == nil {
		return canteen.Refuse(canteen.KindNotFound, "error.notFound")
	}
	letters, err := s.opt.Mailbox.Letters(mailboxShown)
	if err != nil {
		return err
	}
	p := &MailboxPage{Page: s.newPage(r, "account.mailbox.title")}
	for _, l := range letters {
		p.Letters = append(p.Letters, MailboxLetter{l, canteen.DateOf(l.At), "account.channel." + string(l.Channel)})
	}
	return s.page(w, r, http.StatusOK, "account/mailbox", p)
}

// Catalog is the catalogue of the pages; letters are written with it too.
func (s *Server) Catalog() *render.Catalog { return s.catalog }
