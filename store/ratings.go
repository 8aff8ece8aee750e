package store

import "refettorio/canteen"

// Rate keeps what somebody thought of the service (C.SE.1.7): the stars, the
// answer, the words and the day, and nothing of the person. An act with an id is
// counted once.
func (s *Store) Rate(act Act, r canteen.Rating) error {
	if err := r.Validate(); err != nil {
		return err
	}
	return s.updateOnce(act, r, func(tx *tx) error {
		r.Day = canteen.DateOf(tx.now)
		tx.putJSON(ratings, key64(tx.next(ratings)), r)
		return nil
	})
}

// RatingSummary is what people thought of a service, over a stretch of days.
type RatingSummary struct {
	Stars   [5]int // how many gave one star, two stars…
	Count   int
	Average float64  // 0 without ratings
	Texts   []string // the newest words, newest first
}

// ratingTexts is how many of the newest texts a summary shows.
const ratingTexts = 20

// Ratings sums up the ratings of a service since a day, for the office.
func (s *Store) Ratings(act Act, service string, since canteen.Date) (sum RatingSummary, err error) {
	err = s.view(act, func(tx *tx) error {
		sum = RatingSummary{}
		if err := mayKeep(act); err != nil {
			return err
		}
		total := 0
		c := tx.bucket(ratings).Cursor()
		for k, stored := c.Last(); k != nil; k, stored = c.Prev() {
			var r canteen.Rating
			if v := tx.open(ratings, k, stored); v == nil || !tx.decode(ratings, k, v, &r) || r.Day < since {
				break
			}
			if r.Service != service || r.Stars < 1 || r.Stars > len(sum.Stars) {
				continue
			}
			sum.Stars[r.Stars-1]++
			sum.Count, total = sum.Count+1, total+r.Stars
			if r.Text != "" && len(sum.Texts) < ratingTexts {
				sum.Texts = append(sum.Texts, r.Text)
			}
		}
		if sum.Count > 0 {
			sum.Average = float64(total) / float64(sum.Count)
		}
		return nil
	})
	return sum, err
}
