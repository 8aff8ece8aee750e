package store

import (
	"cmp"

	"refettorio/canteen"
)

// relocation is a pupil's change of school from a day on.
type relocation struct {
	from canteen.Date
	to   canteen.SchoolID
}

// movedCommunication is a communication on its way to another school.
type movedCommunication struct {
	key, value []byte
	to         canteen.SchoolID
}

// relocate hands what families have said for the rest of the school year to the
// new schools of their children: the key of a communication has its school in it.
func (tx *tx) relocate(pupils map[canteen.PAN]relocation) error {
	if len(pupils) == 0 {
		return nil
	}
	var first canteen.Date
	for _, move := range pupils {
		first = min(move.from, cmp.Or(first, move.from))
	}
	var moves []movedCommunication
	c := tx.bucket(communications).Cursor()
	for k, stored := c.Seek(keyDay(first)); k != nil; k, stored = c.Next() {
		day := dayOfKey(k)
		move, moving := pupils[panAtEnd(k)]
		if !moving || day < move.from || day > endOfYear(move.from) || be.Uint16(k[4:]) == uint16(move.to) {
			continue
		}
		if v := tx.open(communications, k, stored); v != nil {
			moves = append(moves, movedCommunication{append([]byte(nil), k...), append([]byte(nil), v...), move.to})
		}
	}
	for _, m := range moves {
		tx.del(communications, m.key)
		tx.put(communications, keyCommunication(dayOfKey(m.key), m.to, panAtEnd(m.key)), m.value)
	}
	return tx.err
}
