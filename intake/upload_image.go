package intake

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// The markers of a JPEG file (ITU T.81, table B.1) that are told apart here.
const (
	jpegSOI   = 0xd8
	jpegEOI   = 0xd9
	jpegSOS   = 0xda
	jpegAPP0  = 0xe0 // JFIF
	jpegAPP1  = 0xe1 // Exif, XMP
	jpegAPP14 = 0xee // Adobe: says how the colours are to be read
	jpegAPP15 = 0xef
	jpegCOM   = 0xfe
)

// cleanJPEG copies a JPEG without what says who made it, where and with what: the
// application segments and comments are left out, and all that follows the end of
// the image. The picture itself is copied bit by bit. The orientation is kept, in
// an Exif segment of our own that holds nothing else.
func cleanJPEG(raw []byte) ([]byte, error) {
	out := make([]byte, 0, len(raw))
	out = append(out, 0xff, jpegSOI)
	var orientation byte
	var body []byte
	for at := 2; ; {
		marker, next, ok := jpegMarker(raw, at)
		if !ok {
			return nil, errDamaged()
		}
		if marker == jpegEOI {
			body = append(body, 0xff, jpegEOI)
			break
		}
		if len(raw) < next+2 {
			return nil, errDamaged()
		}
		end := next + int(binary.BigEndian.Uint16(raw[next:]))
		if end < next+2 || end > len(raw) {
			return nil, errDamaged()
		}
		data := raw[next+2 : end]
		if marker == jpegAPP1 && orientation == 0 {
			orientation = exifOrientation(data)
		}
		if jpegKept(marker, data) {
			body = append(append(body, 0xff, marker), raw[next:end]...)
		}
		at = end
		if marker == jpegSOS {
			at = jpegScanEnd(raw, end)
			body = append(body, raw[end:at]...)
		}
	}
	if orientation > 1 {
		out = append(out, orientationOnly(orientation)...)
	}
	return append(out, body...), nil
}

// jpegMarker reads the marker at a place; any number of 0xff may stand before it.
func jpegMarker(raw []byte, at int) (marker byte, next int, ok bool) {
	if at >= len(raw) || raw[at] != 0xff {
		return 0, 0, false
	}
	for at < len(raw) && raw[at] == 0xff {
		at++
	}
	if at >= len(raw) || raw[at] == 0 || raw[at] == jpegSOI {
		return 0, 0, false
	}
	return raw[at], at + 1, true
}

// jpegKept tells whether a segment is part of the picture.
func jpegKept(marker byte, data []byte) bool {
	switch {
	case marker == jpegAPP0:
		return bytes.HasPrefix(data, []byte("JFIF\x00")) && len(data) == 14 // a longer one carries a thumbnail
	case marker == jpegAPP14:
		return bytes.HasPrefix(data, []byte("Adobe")) && len(data) == 12
	}
	return marker != jpegCOM && (marker < jpegAPP0 || marker > jpegAPP15)
}

// jpegScanEnd is where the coded picture ends: at the next marker that is not a
// restart (0xffd0 to 0xffd7) or a stuffed zero.
func jpegScanEnd(raw []byte, at int) int {
	for ; at+1 < len(raw); at++ {
		if raw[at] == 0xff && raw[at+1] != 0 && raw[at+1] != 0xff && (raw[at+1] < 0xd0 || raw[at+1] > 0xd7) {
			return at
		}
	}
	return len(raw)
}

const (
	exifHeader         = "Exif\x00\x00"
	exifOrientationTag = 0x0112
)

// exifOrientation reads the orientation (1 to 8) out of an Exif segment; 0 when it
// says none.
func exifOrientation(data []byte) byte {
	tiff, found := bytes.CutPrefix(data, []byte(exifHeader))
	if !found || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	n := uint64(order.Uint16(tiff[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > uint64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[entry:]) == exifOrientationTag {
			if v := order.Uint16(tiff[entry+8:]); v <= 8 {
				return byte(v)
			}
			return 0
		}
	}
	return 0
}

// orientationOnly is an Exif segment with a single entry.
func orientationOnly(orientation byte) []byte {
	tiff := []byte{'M', 'M', 0, 42, 0, 0, 0, 8, // big-endian, the directory at 8
		0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, // one entry: tag, SHORT, once, value
		0, 0, 0, 0} // no further directory
	segment := binary.BigEndian.AppendUint16([]byte{0xff, jpegAPP1}, uint16(2+len(exifHeader)+len(tiff)))
	return append(append(segment, exifHeader...), tiff...)
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that are part of the picture (PNG, third edition, §11).
// Text, Exif, times, profiles and animations are not.
var pngKept = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "pHYs"}

// cleanPNG copies the chunks of a PNG that are part of the picture, each held
// against its checksum, and nothing of what follows the last.
func cleanPNG(raw []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(raw)), pngSignature...)
	pixels := false
	for at := len(pngSignature); len(raw)-at >= 12; {
		size := binary.BigEndian.Uint32(raw[at:])
		if uint64(size) > uint64(len(raw)-at-12) {
			return nil, errDamaged()
		}
		end := at + 12 + int(size)
		kind := string(raw[at+4 : at+8])
		if crc32.ChecksumIEEE(raw[at+4:end-4]) != binary.BigEndian.Uint32(raw[end-4:]) {
			return nil, errDamaged()
		}
		if slices.Contains(pngKept, kind) {
			out = append(out, raw[at:end]...)
		}
		pixels = pixels || kind == "IDAT"
		if kind == "IEND" && pixels {
			return out, nil
		}
		at = end
	}
	return nil, errDamaged()
}
