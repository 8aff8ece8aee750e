package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"refettorio/canteen"
)

// Letter is one message to one address.
type Letter struct {
	ID      string          // ours, stable over repeated tries: letters and digits, dots and dashes
	Channel canteen.Channel // ChannelEmail or ChannelSMS
	To      string          // an e-mail address, or a number in E.164
	Subject string          // of an e-mail
	Text    string          // plain
	Lang    string
	At      time.Time // when it was sent, by the clock of the service
}

// Sender hands letters over to whoever carries them. Send returns the
// provider's id.
type Sender interface {
	Send(ctx context.Context, l Letter) (id string, err error)
}

// What can become of a letter, beside an error that a later try may mend. No
// error repeats an address: it goes into a log.
var (
	ErrRefused     = errors.New("refused for good")
	ErrUnknown     = errors.New("perhaps sent: the connection broke after the body")
	ErrUnreachable = errors.New("no way out: no letter can be sent now")
)

// Router sends each letter by its channel.
type Router map[canteen.Channel]Sender

// NewRouter sends e-mails and text messages each by its sender; nil is none.
func NewRouter(email, text Sender) Router {
	r := Router{}
	if email != nil {
		r[canteen.ChannelEmail] = email
	}
	if text != nil {
		r[canteen.ChannelSMS] = text
	}
	return r
}

// Send hands the letter to the sender of its channel; one without a sender is
// refused.
func (r Router) Send(ctx context.Context, l Letter) (string, error) {
	s := r[l.Channel]
	if s == nil {
		return "", fmt.Errorf("no sender for channel %q: %w", l.Channel, ErrRefused)
	}
	return s.Send(ctx, l)
}

// Channels lists the channels that have a sender, e-mail first.
func (r Router) Channels() (all []canteen.Channel) {
	for _, c := range []canteen.Channel{canteen.ChannelEmail, canteen.ChannelSMS} {
		if r[c] != nil {
			all = append(all, c)
		}
	}
	return all
}

// valid refuses what could break out of a header: no address or subject of ours
// has a line break or another control character in it.
func (l *Letter) valid() error {
	for what, value := range map[string]string{"id": l.ID, "address": l.To, "subject": l.Subject} {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("a control character in the %s: %w", what, ErrRefused)
		}
	}
	if l.To == "" || l.ID == "" {
		return fmt.Errorf("a letter without address or id: %w", ErrRefused)
	}
	return nil
}
