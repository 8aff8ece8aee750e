package store

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"refettorio/canteen"
)

// Document is a certificate as it is handed over: cleaned bytes and their media
// type. The zero Document is none.
type Document struct {
	Media string
	Bytes []byte
}

// DietAsk is what a family asks for a pupil. An empty Document leaves the one
// that is there.
type DietAsk struct {
	Kind     canteen.DietKind
	Asked    string // in the family's own words
	Document Document
}

// dietAskOnce stands for an ask among the acts that were done: the document by
// its hash, so that a remembered act does not keep it.
type dietAskOnce struct {
	Subject string   `json:"subject"`
	Asked   [32]byte `json:"asked"`
	Bytes   [32]byte `json:"bytes"`
}

func (a *DietAsk) once(subject string) dietAskOnce {
	return dietAskOnce{subject, sha256.Sum256([]byte(string(a.Kind) + "\x00" + a.Asked)), sha256.Sum256(a.Document.Bytes)}
}

// sealedAsk is an ask made ready outside the transaction: sealing megabytes
// inside one would keep the writer waiting.
type sealedAsk struct {
	kind        canteen.DietKind
	words       []byte // nil: nothing was written
	media       string
	certificate []byte
}

func (s *Store) sealAsk(ask *DietAsk) (ready sealedAsk, err error) {
	ready.kind, ready.media = ask.Kind, ask.Document.Media
	ask.Asked = strings.TrimSpace(ask.Asked)
	if utf8.RuneCountInString(ask.Asked) > canteen.MaxDietWords {
		return ready, canteen.Invalid("asked", "error.tooLong", canteen.MaxDietWords)
	}
	if _, err := canteen.ParseDietKind(string(ask.Kind)); err != nil {
		return ready, err
	}
	if ask.Asked != "" {
		if ready.words, err = s.sealJSON(canteen.DietWords{Asked: ask.Asked}); err != nil {
			return ready, err
		}
	}
	if len(ask.Document.Bytes) > 0 {
		ready.certificate, err = s.sealBytes(ask.Document.Bytes)
	}
	return ready, err
}

// OpenDiet begins a diet request for a pupil of the actor's: what the family
// fills in, looks at and then sends. KindConflict when another request of the
// pupil still waits; KindNotFound for another family's child; KindUnavailable
// without a vault.
func (s *Store) OpenDiet(act Act, pan canteen.PAN, ask DietAsk) (handle string, err error) {
	ready, err := s.sealAsk(&ask)
	if err != nil {
		return "", err
	}
	request := ask.once(pan.String())
	err = s.update(act, func(tx *tx) error {
		if done, err := tx.onceDone(request, &handle); done || err != nil {
			return err
		}
		p, err := tx.ownPupil(pan)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(tx.dietsOf(pan), func(r canteen.DietRequest) bool { return r.State.Open() }) {
			return canteen.Refuse(canteen.KindConflict, "error.diet.waiting")
		}
		r := canteen.DietRequest{Handle: tx.newHandle(), State: canteen.DietIncomplete, Pupil: pan, AskedBy: act.Actor.Guardian}
		if r.AskedBy == 0 && len(p.Guardians) > 0 {
			r.AskedBy = p.Guardians[0] // the counter acts for a family
		}
		tx.takeAsk(&r, &ready)
		r.History = []canteen.StepTaken{tx.step("opened", "")}
		tx.putDietRequest(&r)
		handle = r.Handle
		tx.rememberOnce(request, handle)
		return nil
	})
	return handle, err
}

// takeAsk puts what was asked into a request, and a new document in the place of
// the old.
func (tx *tx) takeAsk(r *canteen.DietRequest, ready *sealedAsk) {
	r.Kind = ready.kind
	if ready.words != nil {
		r.Sealed = ready.words
	}
	if ready.certificate != nil {
		r.Certificate = ready.media
		tx.putCertificate(r.Handle, ready.certificate)
	}
}

// SaveDiet changes a request that was not sent yet, or was sent back.
func (s *Store) SaveDiet(act Act, handle string, ask DietAsk) error {
	ready, err := s.sealAsk(&ask)
	if err != nil {
		return err
	}
	return s.updateOnce(act, ask.once(handle), func(tx *tx) error {
		r, err := tx.ownDiet(handle)
		if err != nil {
			return err
		}
		if _, err := r.State.Next(canteen.DietSave); err != nil {
			return err
		}
		tx.takeAsk(&r, &ready)
		tx.putDietRequest(&r)
		return nil
	})
}

// SendDiet hands a complete request to the officer and gives its receipt.
// Invalid names what is missing.
func (s *Store) SendDiet(act Act, handle string) (receipt canteen.ReceiptNumber, err error) {
	err = s.update(act, func(tx *tx) error {
		if done, err := tx.onceDone(handle, &receipt); done || err != nil {
			return err
		}
		r, err := tx.ownDiet(handle)
		if err != nil {
			return err
		}
		state, err := r.State.Next(canteen.DietSend)
		if err != nil {
			return err
		}
		if err := r.Complete(); err != nil {
			return err
		}
		receipt = tx.issue(Receipt{Kind: ReceiptDiet, Pupil: r.Pupil, Diet: handle})
		r.State, r.Receipt, r.Sent = state, receipt, tx.act.received(tx.now)
		r.History = append(r.History, tx.step(string(state), ""))
		tx.putDietRequest(&r)
		tx.tellDiet(&r, "diet.received", Fact{Text: receipt.String()})
		tx.rememberOnce(handle, receipt)
		return nil
	})
	return receipt, err
}

// WithdrawDiet ends a request that the officer has not decided. The document goes
// with it: nobody needs it any more.
func (s *Store) WithdrawDiet(act Act, handle string) error {
	return s.updateOnce(act, handle, func(tx *tx) error {
		r, err := tx.ownDiet(handle)
		if err != nil {
			return err
		}
		if r.State, err = r.State.Next(canteen.DietWithdraw); err != nil {
			return err
		}
		tx.del(certificates, keyHandle(handle))
		r.Certificate = ""
		r.History = append(r.History, tx.step("withdrawn", ""))
		tx.putDietRequest(&r)
		return nil
	})
}

// putCertificate is the one writer of certificates; what it writes is sealed.
func (tx *tx) putCertificate(handle string, sealed []byte) {
	tx.put(certificates, keyHandle(handle), sealed)
}

// dietsOf returns the diet requests of a pupil.
func (tx *tx) dietsOf(pan canteen.PAN) (all []canteen.DietRequest) {
	tx.scan(dietRequestsByPAN, keyPAN(pan), func(k, _ []byte) bool {
		if r, ok := tx.dietRequest(string(k[8:])); ok {
			all = append(all, r)
		}
		return true
	})
	return all
}

// ownDiet returns a request that the actor may act on as its family does: a
// guardian of the pupil, who asked, or the counter and the office for them.
// Strangers, and the diets officer, do not find it.
func (tx *tx) ownDiet(handle string) (r canteen.DietRequest, err error) {
	notFound := canteen.Refuse(canteen.KindNotFound, "error.diet.notFound")
	r, ok := tx.dietRequest(handle)
	if !ok {
		return r, notFound
	}
	if a := tx.act.Actor; r.Pupil == 0 {
		if a.Guardian != 0 && a.Guardian == r.AskedBy || actsForEverybody(a) {
			return r, nil
		}
		return r, notFound
	}
	if _, err := tx.ownPupil(r.Pupil); err != nil {
		return r, notFound
	}
	return r, nil
}

// tellDiet queues a message to whoever asked. The texts speak of a request to
// the canteen service and of no diet (rules R3.3).
func (tx *tx) tellDiet(r *canteen.DietRequest, kind string, facts ...Fact) {
	if r.AskedBy != 0 {
		tx.tell(r.AskedBy, kind, facts...)
	}
}

// yearFact is the year of a day that a message names: an approval may last for
// years.
func yearFact(d canteen.Date) Fact { return Fact{Text: strconv.Itoa(d.Year())} }
