package intake

import "bytes"

// pdfTail is how far from the end the mark of the end may stand, and how far back
// an archive may hide its directory (64 KB of comment and its own 22 bytes).
const (
	pdfTail = 1024
	zipTail = 1<<16 + 22
)

// pdfActive are the words of a PDF that does something when it is opened. A
// scanned certificate has none of them; what hides them in a compressed part is
// served as a download and never run by us.
var pdfActive = []string{"/JavaScript", "/Launch", "/EmbeddedFile", "/RichMedia", "/SubmitForm"}

// checkPDF takes a PDF as it is: what it says of itself cannot be taken out
// without writing it anew, and it lies encrypted like the rest. It must end as a
// PDF does and be nothing else at the same time.
func checkPDF(raw []byte) ([]byte, error) {
	end := bytes.TrimRight(raw, " \t\r\n\x00")
	tail := end[max(0, len(end)-pdfTail):]
	switch {
	case !bytes.HasSuffix(end, []byte("%%EOF")) || !bytes.Contains(tail, []byte("startxref")):
		return nil, errDamaged()
	case bytes.Contains(raw[max(0, len(raw)-zipTail):], []byte("PK\x05\x06")):
		return nil, refuseUpload("error.upload.zip")
	}
	for _, word := range pdfActive {
		if hasPDFName(raw, word) {
			return nil, refuseUpload("error.upload.active")
		}
	}
	return end, nil
}

// hasPDFName tells whether a name stands in a file, and not only as the beginning
// of a longer one.
func hasPDFName(raw []byte, name string) bool {
	for {
		at := bytes.Index(raw, []byte(name))
		if at < 0 {
			return false
		}
		raw = raw[at+len(name):]
		if len(raw) == 0 || !isPDFRegular(raw[0]) {
			return true
		}
	}
}

func isPDFRegular(b byte) bool {
	return b > ' ' && b < 0x7f && !bytes.ContainsRune([]byte("()<>[]{}/%"), rune(b))
}
