package handlers

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"time"

	"refettorio/canteen"
)

// streamBeat is how often an open page is told that the connection lives, and
// looks whether the forecast moved. A proxy drops what is silent for longer.
const streamBeat = 15 * time.Second

// kitchenEvents tells an open page that its sheet changed: a text/event-stream
// with a message each time what the page shows would be different. It carries
// only the day; the page asks again for the content.
func (s *Server) kitchenEvents(w http.ResponseWriter, r *http.Request) error {
	kitchen, err := s.kitchenOf(r)
	if err != nil {
		return err
	}
	day, err := dayVar(r, "giorno", s.today())
	if err != nil {
		return err
	}
	shown, err := s.sheetMark(r, day, kitchen.Code)
	if err != nil {
		return err
	}
	ear, hush := s.store.Listen()
	defer hush()
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	// The server's read deadline is for requests, and would end the stream too.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // not every transport has one
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	for say(w, ": "+day.String()+"\n\n") {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.hungUp.Done():
			return nil
		case _, open := <-ear:
			if !open {
				return nil
			}
		case <-beat.C:
		}
		mark, err := s.sheetMark(r, day, kitchen.Code)
		if err != nil {
			return nil // the stream has begun: the browser comes back by itself
		}
		if mark != shown && !say(w, "data: "+day.String()+"\n\n") {
			return nil
		}
		shown = mark
	}
	return nil
}

// say writes to a stream; false when it cannot go on. Each write has its own
// deadline: the server's would end every stream with it. Over a transport without
// deadlines a client that went away would hold us for ever, so there a stream
// ends after its first words, and the browser comes back for more.
func say(w http.ResponseWriter, text string) bool {
	control := http.NewResponseController(w)
	bounded := control.SetWriteDeadline(time.Now().Add(streamBeat))
	if _, err := w.Write([]byte(text)); err != nil {
		return false
	}
	return control.Flush() == nil && bounded == nil
}

// sheetMark is a fingerprint of what a kitchen's page shows of a day.
func (s *Server) sheetMark(r *http.Request, day canteen.Date, kitchen string) (mark [32]byte, err error) {
	all, err := s.store.Sheets(act(r), day, kitchen, 0, true)
	if err != nil {
		return mark, err
	}
	body, err := json.Marshal(all)
	if err != nil {
		return mark, err
	}
	for i := range all {
		if all[i].Version == 0 && s.store.Now().After(all[i].Cutoff) {
			body = append(body, "closing"...)
		}
	}
	return sha256.Sum256(body), nil
}
