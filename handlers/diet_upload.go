package handlers

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"refettorio/canteen"
	"refettorio/intake"
	"refettorio/store"
)

// uploadBounds are the routes that take a document, and how large their body may
// be: the document and a few fields around it.
var uploadBounds = map[string]int64{
	"family.diet.ask":  intake.MaxUpload + maxField*maxFields,
	"family.diet.save": intake.MaxUpload + maxField*maxFields,
}

const (
	maxField  = 8 << 10 // of a text in a form with a document
	maxFields = 20
	// uploadTime is how long a document may take to arrive: ten megabytes over the
	// slowest of mobile networks.
	uploadTime = 3 * time.Minute
)

// allowUpload gives a request the bound of its route, and time. It gives the
// gate's ticket back: a close must not wait for a photograph, and no document
// changes a meal of today.
func allowUpload(w http.ResponseWriter, r *http.Request, bound int64) {
	st := stateOf(r)
	r.Body = http.MaxBytesReader(w, st.body, bound)
	if st.ticket != nil {
		st.ticket.Leave()
		st.ticket = nil
	}
	control, until := http.NewResponseController(w), time.Now().Add(uploadTime)
	_ = control.SetReadDeadline(until) // a test's recorder has no connection to set it on
	_ = control.SetWriteDeadline(until.Add(30 * time.Second))
}

// readUpload reads a form with a document, part by part: the file goes straight
// through intake.ReadUpload and is never on a disk. A document that cannot be
// taken is refused with the other fields read, so that the form comes back filled.
func readUpload(r *http.Request) (sent url.Values, doc store.Document, refused error, err error) {
	sent = url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return sent, doc, nil, formError(err)
	}
	for range maxFields {
		part, err := parts.NextPart()
		if err == io.EOF {
			return sent, doc, refused, nil
		}
		if err != nil {
			return sent, doc, nil, formError(err)
		}
		if part.FormName() == "certificate" {
			if doc, refused, err = readDocument(part); err != nil {
				return sent, doc, nil, formError(err)
			}
			if tooLarge(refused) {
				return sent, doc, refused, nil // the rest of it is not worth waiting for
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, maxField+1))
		if err != nil || len(text) > maxField {
			return sent, doc, nil, formError(err)
		}
		sent.Add(part.FormName(), string(text))
	}
	return sent, doc, nil, formError(errors.New("a form of too many fields"))
}

// readDocument tells a document that is refused from a body that broke off.
func readDocument(part *multipart.Part) (doc store.Document, refused, err error) {
	up, err := intake.ReadUpload(part)
	if refusal, ok := errors.AsType[*canteen.Error](err); ok {
		return doc, refusal, nil
	}
	return store.Document{Media: up.Media, Bytes: up.Bytes}, nil, err
}

// tooLarge tells the refusal that is answered with status 413.
func tooLarge(err error) bool {
	e, ok := errors.AsType[*canteen.Error](err)
	return ok && e.Key == "error.upload.large"
}

// uploadStatus is the status of a form that comes back.
func uploadStatus(err error) int {
	if tooLarge(err) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusUnprocessableEntity
}

// documentPolicy lets a certificate be nothing but what it is: no script, no
// form, no request, in no frame of another site.
const documentPolicy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

// extensions name the file under which a document is saved.
var extensions = map[string]string{intake.MediaJPEG: ".jpg", intake.MediaPNG: ".png", intake.MediaPDF: ".pdf"}

// serveDocument answers with a document, kept by no cache. Its type is the one
// found when it was taken in; images are shown, everything else is saved, because
// a PDF opens in a program of its own.
func serveDocument(w http.ResponseWriter, doc store.Document) error {
	h := w.Header()
	extension, known := extensions[doc.Media]
	disposition := "attachment"
	if doc.Media == intake.MediaJPEG || doc.Media == intake.MediaPNG {
		disposition = "inline"
	}
	if !known {
		doc.Media = "application/octet-stream"
	}
	h.Set("Content-Type", doc.Media)
	h.Set("Content-Disposition", disposition+`; filename="certificato`+extension+`"`)
	h.Set("Content-Security-Policy", documentPolicy)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(doc.Bytes) // a browser that hung up has no document to lose
	return nil
}
