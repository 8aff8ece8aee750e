package intake

import (
	"bytes"
	"image"
	_ "image/jpeg" // the formats whose size is read before anything else is done with them
	_ "image/png"
	"io"

	"refettorio/canteen"
)

// A document that a family sends (a certificate, a photograph of one) is a file
// from a stranger like the others of this package, so it is read here. It is
// known by its bytes, never by its name or by what the browser says of it; it is
// bounded before it is looked at; and what leaves this room is rebuilt from the
// parts we know, so that nothing rides along: no place and no phone in the
// metadata, no archive behind the last byte, no script.

// MaxUpload is the size of the largest document, in bytes: a page photographed
// by any phone fits.
const MaxUpload = 10 << 20

// maxPixels bounds an image: a small file can say that it is as large as a field,
// and who opens it pays with memory.
const maxPixels = 50_000_000

// The media types of documents.
const (
	MediaJPEG = "image/jpeg"
	MediaPNG  = "image/png"
	MediaPDF  = "application/pdf"
)

// Upload is a document that may be kept.
type Upload struct {
	Media string
	Bytes []byte
}

// ReadUpload reads a document. It never holds more than MaxUpload bytes of it;
// what it cannot take is an Invalid of field "certificate" whose sentence says
// what to do. An empty file is the zero Upload: no document was chosen.
func ReadUpload(r io.Reader) (Upload, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxUpload+1))
	switch {
	case err != nil:
		return Upload{}, err
	case len(raw) > MaxUpload:
		return Upload{}, refuseUpload("error.upload.large", MaxUpload>>20)
	case len(raw) == 0:
		return Upload{}, nil
	}
	up := Upload{Media: mediaOf(raw)}
	switch up.Media {
	case MediaJPEG:
		if err := boundPixels(raw); err != nil {
			return Upload{}, err
		}
		up.Bytes, err = cleanJPEG(raw)
	case MediaPNG:
		if err := boundPixels(raw); err != nil {
			return Upload{}, err
		}
		up.Bytes, err = cleanPNG(raw)
	case MediaPDF:
		up.Bytes, err = checkPDF(raw)
	default:
		return Upload{}, refuseUpload(whyNot(raw))
	}
	if err != nil {
		return Upload{}, err
	}
	return up, nil
}

func refuseUpload(key string, args ...any) error {
	return canteen.Invalid("certificate", key, args...)
}

// errDamaged refuses a document of a known kind that is cut off or malformed.
func errDamaged() error { return refuseUpload("error.upload.damaged") }

// mediaOf tells the kinds we take by their first bytes; empty for all others.
func mediaOf(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xd8, 0xff}):
		return MediaJPEG
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		return MediaPNG
	case bytes.HasPrefix(raw, []byte("%PDF-")):
		return MediaPDF
	}
	return ""
}

// whyNot finds the sentence for a file of another kind: the ones that people send
// by mistake have their own.
func whyNot(raw []byte) string {
	text := bytes.ToLower(bytes.TrimLeft(raw[:min(len(raw), 1024)], "\xef\xbb\xbf \t\r\n"))
	switch {
	case isHEIC(raw):
		return "error.upload.heic"
	case bytes.HasPrefix(raw, []byte("PK")):
		return "error.upload.zip"
	case bytes.HasPrefix(text, []byte("<")):
		return "error.upload.markup" // SVG, HTML: they may carry scripts
	}
	return "error.upload.kind"
}

// isHEIC tells the photographs of recent phones, and AVIF: a box "ftyp" with one
// of their brands.
func isHEIC(raw []byte) bool {
	if len(raw) < 16 || string(raw[4:8]) != "ftyp" {
		return false
	}
	for _, brand := range []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"} {
		if string(raw[8:12]) == brand {
			return true
		}
	}
	return false
}

// boundPixels reads the size an image says it has and refuses one that is too
// large to be opened.
func boundPixels(raw []byte) error {
	config, _, err := image.DecodeConfig(bytes.NewReader(raw))
	switch {
	case err != nil || config.Width <= 0 || config.Height <= 0:
		return errDamaged()
	case config.Width > maxPixels/config.Height:
		return refuseUpload("error.upload.pixels", maxPixels/1_000_000)
	}
	return nil
}
