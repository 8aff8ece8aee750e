package documents

import (
	"encoding/binary"
	"errors"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// A PDF leaves out, without a word, the letters its font does not have. So we
// read from the font which ones it has, and replace the others in sight.

// glyphs is the set of letters of a font.
type glyphs map[rune]bool

var errFont = errors.New("documents: not a TrueType font with a Unicode table")

// readGlyphs reads the character map of a TrueType font: its subtable of format
// 4, which holds the Basic Multilingual Plane.
func readGlyphs(font []byte) (set glyphs, err error) {
	defer func() {
		if recover() != nil { // a table that points outside the file
			set, err = nil, errFont
		}
	}()
	be := binary.BigEndian
	for i := range int(be.Uint16(font[4:])) {
		entry := font[12+16*i:]
		if string(entry[:4]) == "cmap" {
			return readCmap(font[be.Uint32(entry[8:]):])
		}
	}
	return nil, errFont
}

func readCmap(table []byte) (glyphs, error) {
	be := binary.BigEndian
	for i := range int(be.Uint16(table[2:])) {
		record := table[4+8*i:]
		sub := table[be.Uint32(record[4:]):]
		if be.Uint16(sub) == 4 && (be.Uint16(record) == 0 || be.Uint16(record) == 3) {
			return readSegments(sub), nil
		}
	}
	return nil, errFont
}

// readSegments reads a subtable of format 4: parallel arrays of ranges.
func readSegments(sub []byte) glyphs {
	be := binary.BigEndian
	size := int(be.Uint16(sub[6:])) // two bytes for each segment
	ends, starts, deltas, offsets := sub[14:], sub[16+size:], sub[16+2*size:], sub[16+3*size:]
	set := glyphs{}
	for i := 0; i < size; i += 2 {
		first, last, offset := int(be.Uint16(starts[i:])), int(be.Uint16(ends[i:])), int(be.Uint16(offsets[i:]))
		for r := first; r <= last && r != 0xffff; r++ {
			glyph := uint16(r)
			if offset != 0 {
				glyph = be.Uint16(offsets[i+offset+2*(r-first):])
			}
			if glyph != 0 && glyph+be.Uint16(deltas[i:]) != 0 {
				set[rune(r)] = true
			}
		}
	}
	return set
}

// clean makes a line of text the font can draw: composed letters, one space for
// any white space, the nearest letter with fewer accents for one the font lacks,
// and a question mark for what is left.
func (g glyphs) clean(s string) string {
	s = norm.NFC.String(strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " "))
	return strings.Map(func(r rune) rune {
		if g[r] {
			return r
		}
		return g.nearest(r)
	}, s)
}

// nearest strips accents, the last first, until the font has the letter.
func (g glyphs) nearest(r rune) rune {
	parts := []rune(norm.NFD.String(string(r)))
	for n := len(parts) - 1; n > 0; n-- {
		if letter := []rune(norm.NFC.String(string(parts[:n]))); len(letter) == 1 && g[letter[0]] {
			return letter[0]
		}
	}
	return '?'
}
