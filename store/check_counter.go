package store

import (
	"encoding/binary"

	"refettorio/canteen"
)

// counter holds appointments, holds, disposals and ratings together.
func (c *checker) counter() {}

// deskReceipt says that a receipt of the counter names a person who exists, and
// that the registration of a person names one.
func (c *checker) deskReceipt(k []byte, r *Receipt) {
	if r.Person == 0 && r.Kind != ReceiptRegistration {
		return
	}
	if c.value(guardians, binary.BigEndian.AppendUint64(nil, uint64(r.Person))) == nil {
		c.wrong(receipts, k, "receipt %s is for the unknown person %d", r.Number, r.Person)
	}
	if r.Channel != canteen.ChannelDesk {
		c.wrong(receipts, k, "receipt %s names person %d and came by %s", r.Number, r.Person, r.Channel)
	}
}
