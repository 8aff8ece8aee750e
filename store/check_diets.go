package store

import (
	"encoding/json"
	"slices"

	"refettorio/canteen"
)

// dietRequests holds diet requests and certificates against each other: every
// document has its request and the other way round, nothing of a family's words
// lies open, a pupil has one request waiting and one in force at most, and what
// was says what and from when.
func (c *checker) dietRequests() {
	codes, indexed, documents := map[string]bool{}, 0, 0
	c.each(diets, nil, func(k, _ []byte) { codes[string(k)] = true })
	inForce := map[canteen.PAN]int{}
	c.each(dietRequests, nil, func(k, v []byte) {
		r, ok := asJSON[canteen.DietRequest](c, dietRequests, k, v)
		if !ok {
			return
		}
		if r.Handle != string(k) {
			c.wrong(dietRequests, k, "the record calls itself %q", r.Handle)
		}
		c.dietRequest(k, &r, codes)
		if r.Pupil != 0 {
			key := append(append([]byte(nil), keyOfPAN(r.Pupil)...), k...)
			c.indexed(dietRequestsByPAN, key, &indexed, "the diet request")
		}
		if has := c.value(certificates, k) != nil; has != (r.Certificate != "") {
			c.wrong(dietRequests, k, "the request names the document %q and there is one: %t", r.Certificate, has)
		} else if has {
			documents++
		}
		if r.State == canteen.DietApproved || r.State == canteen.DietExpired {
			inForce[r.Pupil]++
		}
	})
	c.countIndex(dietRequestsByPAN, indexed)
	c.countIndex(certificates, documents)
	for pan, n := range inForce {
		if pan != 0 && n > 1 {
			c.problemf("diet_requests: pupil %s has %d diets in force", pan, n)
		}
	}
}

// dietRequest looks at one request by itself.
func (c *checker) dietRequest(k []byte, r *canteen.DietRequest, codes map[string]bool) {
	if _, known := c.byPAN[r.Pupil]; !known && r.Pupil != 0 {
		c.wrong(dietRequests, k, "the request is of the unknown pupil %s", r.Pupil)
	}
	if r.Pupil == 0 && c.value(applications, padded16(r.Application)) == nil {
		c.wrong(dietRequests, k, "the request is of no pupil and of no application")
	}
	if !slices.Contains(canteen.DietStates[:], r.State) {
		c.wrong(dietRequests, k, "there is no state %q", r.State)
	}
	if r.Kind != canteen.DietHealth && r.Kind != canteen.DietEthical {
		c.wrong(dietRequests, k, "there is no kind %q", r.Kind)
	}
	if json.Valid(r.Sealed) || json.Valid(r.Notes) {
		c.wrong(dietRequests, k, "what should be sealed lies open")
	}
	if r.State == canteen.DietSent && r.Receipt.IsZero() {
		c.wrong(dietRequests, k, "the request was sent and has no receipt")
	}
	if !r.Receipt.IsZero() {
		c.dietReceipt(k, r)
	}
	if r.State != canteen.DietApproved && r.State != canteen.DietExpired {
		return
	}
	switch {
	case !codes[r.Code]:
		c.wrong(dietRequests, k, "the approved diet %q is unknown", r.Code)
	case r.From == 0 || r.Until != 0 && r.Until < r.From:
		c.wrong(dietRequests, k, "the diet is approved from %s until %s", r.From, r.Until)
	case len(r.Notes) == 0 && len(r.Sealed) > 0: // what is older than its term has neither
		c.wrong(dietRequests, k, "the diet is approved by no decision")
	}
}

// dietReceipt holds a request against its receipt.
func (c *checker) dietReceipt(k []byte, r *canteen.DietRequest) {
	key := []byte{byte(r.Receipt.Year >> 8), byte(r.Receipt.Year), byte(r.Receipt.N >> 24), byte(r.Receipt.N >> 16), byte(r.Receipt.N >> 8), byte(r.Receipt.N)}
	v := c.value(receipts, key)
	if v == nil {
		c.wrong(dietRequests, k, "its receipt %s is not there", r.Receipt)
		return
	}
	if receipt, ok := asJSON[Receipt](c, receipts, key, v); ok && (receipt.Kind != ReceiptDiet || receipt.Diet != r.Handle) {
		c.wrong(dietRequests, k, "its receipt %s is of something else", r.Receipt)
	}
}

// keyOfPAN is a PAN as the first part of a key.
func keyOfPAN(pan canteen.PAN) []byte {
	k := make([]byte, 8)
	for i := range k {
		k[i] = byte(uint64(pan) >> (56 - 8*i))
	}
	return k
}
