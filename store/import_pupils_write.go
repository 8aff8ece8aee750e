package store

import (
	"encoding/base32"
	"fmt"
	"io"
	"strings"

	"refettorio/canteen"
)

// write writes what was decided. Enrolments end before others begin, since two
// that hold on one day are refused; each step puts in the order of the keys.
func (p *pupilsPlan) write() error {
	if err := p.draw(); err != nil {
		return err
	}
	if err := p.tx.inKeyOrder(p.writeKnownPlaces); err != nil {
		return err
	}
	if err := p.tx.inKeyOrder(p.writePupils); err != nil {
		return err
	}
	if err := p.moveCommunications(); err != nil {
		return err
	}
	for _, d := range p.diets.changed {
		p.tx.putDiet(d)
	}
	return p.tx.err
}

// writeKnownPlaces ranks the siblings and writes the enrolments that change or
// go, among them those of children who are in no row and have a new rank.
func (p *pupilsPlan) writeKnownPlaces() error {
	homes := newHouseholds(p.tx, p.touched, p.years, p.placer.today)
	homes.rank()
	for _, one := range homes.members {
		for i := range one.places {
			e := &one.places[i]
			switch e.change {
			case placeDropped:
				p.tx.dropEnrolment(&e.Enrolment)
			case placeChanged:
				if err := p.tx.putEnrolment(&e.Enrolment); err != nil {
					return err
				}
			}
		}
	}
	return p.tx.err
}

// writePupils writes the pupils and the enrolments that begin.
func (p *pupilsPlan) writePupils() error {
	for _, one := range p.touched {
		if one.differ {
			p.tx.putPupil(one.Pupil)
		}
		for i := range one.places {
			if e := &one.places[i]; e.change == placeNew {
				if err := p.tx.putEnrolment(&e.Enrolment); err != nil {
					return err
				}
			}
		}
		p.log.step()
	}
	return p.tx.err
}

// draw gives new pupils their handles, and those without a code their PANs.
func (p *pupilsPlan) draw() error {
	for _, one := range p.touched {
		if one.known {
			continue
		}
		handle, err := p.tx.s.drawHandle()
		if err != nil {
			return err
		}
		one.Handle = handle
		if one.PAN != 0 {
			continue
		}
		if one.PAN, err = p.drawPAN(); err != nil {
			return err
		}
		for i := range one.places {
			one.places[i].Pupil = one.PAN
		}
	}
	return nil
}

// drawPAN draws a code that nobody has, in the record or in the file.
func (p *pupilsPlan) drawPAN() (canteen.PAN, error) {
	pan, err := p.tx.drawPAN(func(pan canteen.PAN) bool { _, named := p.pans[pan]; return named })
	if err == nil {
		p.pans[pan] = 0
	}
	return pan, err
}

// maxDraws bounds the search for a free code: with a million of the hundred
// million codes in use not even ten draws in a row fail.
const maxDraws = 1000

// drawHandle draws the word that stands for a thing in addresses.
func (s *Store) drawHandle() (string, error) {
	var word [handleSize * 5 / 8]byte
	if _, err := io.ReadFull(s.entropy, word[:]); err != nil {
		return "", fmt.Errorf("draw a handle: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(word[:])), nil
}

// moveCommunications hands what families have said for days after a change of
// class to the new school.
func (p *pupilsPlan) moveCommunications() error {
	moves := map[canteen.PAN]relocation{}
	for _, one := range p.touched {
		if one.moved != 0 {
			moves[one.PAN] = relocation{one.moved, one.school}
		}
	}
	return p.tx.relocate(moves)
}
