package store

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"strconv"
	"time"

	"refettorio/canteen"
)

// tryRecord counts in the table of codes how often somebody has guessed.
type tryRecord struct {
	Purpose string        `json:"purpose"` // purposeTries
	Tries   canteen.Tries `json:"tries"`
	Expires time.Time     `json:"expires"`
}

// purposeTries tells these records from the other short-lived ones of the table.
const purposeTries = "tries"

func keyTries(what, who string) []byte {
	sum := sha256.Sum256([]byte(purposeTries + "\x00" + what + "\x00" + who))
	return sum[:16]
}

// tryCounters are the two counters an attempt is held against: the person's and
// its network address's.
func (tx *tx) tryCounters(what, address string) []tryCounter {
	return []tryCounter{
		{keyTries(what, "person "+strconv.FormatUint(uint64(tx.act.Actor.Guardian), 10)), canteen.PersonTries},
		{keyTries(what, "address "+address), canteen.AddressTries},
	}
}

type tryCounter struct {
	key   []byte
	limit canteen.TryLimit
}

// spendTry refuses an attempt when the person or the address has none left. It
// writes nothing: countTry does.
func (tx *tx) spendTry(what, address string) error {
	for _, c := range tx.tryCounters(what, address) {
		var have tryRecord
		tx.getJSON(codes, c.key, &have)
		if _, err := c.limit.Spend(have.Tries, tx.now); err != nil {
			return err
		}
	}
	return nil
}

// countTry counts a failed attempt. Its act must return nil, so that the count is
// kept, and refuse afterwards.
func (tx *tx) countTry(what, address string) error {
	for _, c := range tx.tryCounters(what, address) {
		var have tryRecord
		tx.getJSON(codes, c.key, &have)
		next, err := c.limit.Spend(have.Tries, tx.now)
		if err != nil {
			return err
		}
		tx.putJSON(codes, c.key, tryRecord{Purpose: purposeTries, Tries: next, Expires: next.Since.Add(c.limit.In)})
	}
	return nil
}

// Pairing is what a parent types from the child's papers (rules R1.10).
type Pairing struct {
	PAN           canteen.PAN           `json:"pan"`
	CodiceFiscale canteen.CodiceFiscale `json:"cf"`
}

// PairPupil makes the actor a guardian of the pupil of which it knows both the
// PAN and the codice fiscale. A PAN alone opens nothing and confirms nothing: an
// unknown PAN, a wrong codice fiscale and both are one refusal, after the same
// work, and each counts as a try of the person and of its network address
// (KindConflict when there is none left). The other guardians are told, and the
// office sees it among the changes of households.
func (s *Store) PairPupil(act Act, pair Pairing, address string) error {
	if act.Actor.Guardian == 0 {
		return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	return s.guess(act, "pairing", address, pair, func(tx *tx) error {
		p, fits := tx.pairOf(pair)
		if !fits {
			return wrongGuess{canteen.Refuse(canteen.KindInvalid, "error.pairing")}
		}
		if len(p.Guardians) >= canteen.MaxGuardians && !p.HasGuardian(tx.me()) {
			return canteen.Refuse(canteen.KindConflict, "error.household.full", canteen.MaxGuardians)
		}
		tx.link(&p, tx.me(), LinkPairing, "")
		return nil
	})
}

// wrongGuess is a refusal that counts as a try.
type wrongGuess struct{ error }

// guess runs an act that opens something to whoever knows a secret. While there
// are tries left it is done, once for each form; a wrongGuess is counted in the
// same transaction and then refused.
func (s *Store) guess(act Act, what, address string, request any, do func(*tx) error) error {
	var wrong error
	err := s.update(act, func(tx *tx) error {
		wrong = nil
		var nothing struct{}
		if done, err := tx.onceDone(request, &nothing); done || err != nil {
			return err
		}
		if err := tx.spendTry(what, address); err != nil {
			return err
		}
		err := do(tx)
		if counted, ok := errors.AsType[wrongGuess](err); ok {
			wrong = counted.error
			return tx.countTry(what, address)
		}
		if err == nil {
			tx.rememberOnce(request, nothing)
		}
		return err
	})
	return cmp.Or(err, wrong)
}

// pairOf finds the pupil of a PAN and compares its codice fiscale. A PAN that is
// nobody's is compared as well, and against a pupil that exists where there is
// one, so that the time of the answer says nothing.
func (tx *tx) pairOf(pair Pairing) (canteen.Pupil, bool) {
	var decoy canteen.Pupil
	if k, _ := tx.last(pupils, nil); k != nil {
		decoy, _ = tx.pupil(panAtEnd(k))
	}
	p, known := tx.pupil(pair.PAN)
	if !known {
		p = decoy
	}
	have, typed := sha256.Sum256([]byte(p.CodiceFiscale)), sha256.Sum256([]byte(pair.CodiceFiscale))
	same := subtle.ConstantTimeCompare(have[:], typed[:]) == 1
	return p, known && same && p.CodiceFiscale != ""
}
