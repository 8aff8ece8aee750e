package intake

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"refettorio/canteen"
)

// picture is a small image with something on it.
func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		for y := range 30 {
			m.Set(x, y, color.RGBA{uint8(6 * x), uint8(8 * y), 90, 255})
		}
	}
	return m
}

func asJPEG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const secret = "GPS 41.46 15.54, telefono di Elena"

// exif is an Exif segment with an orientation, little-endian as most phones write
// it, and more than that.
func exif(orientation byte) []byte {
	tiff := []byte{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0}
	return segment(0xe1, "Exif\x00\x00"+string(tiff)+secret)
}

func segment(marker byte, body string) []byte {
	s := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return append(s, body...)
}

// withSegments puts segments behind the first marker of a JPEG.
func withSegments(raw []byte, segments ...[]byte) []byte {
	out := bytes.Clone(raw[:2])
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, raw[2:]...)
}

func chunk(kind, body string) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	c = append(append(c, kind...), body...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}

const goodPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n42\n%%EOF\n"

func zipped(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("word/document.xml")
	if err == nil {
		_, err = f.Write([]byte("<w:document/>"))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pixelsOf decodes an image to compare it dot by dot.
func pixelsOf(t *testing.T, raw []byte) []color.Color {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("the cleaned image cannot be decoded: %v", err)
	}
	var all []color.Color
	for x := range m.Bounds().Dx() {
		for y := range m.Bounds().Dy() {
			all = append(all, m.At(x, y))
		}
	}
	return all
}

func TestReadUpload_cleansWithoutLoss(t *testing.T) {
	jpg, pic := asJPEG(t), asPNG(t)
	dirty := withSegments(jpg, exif(6), segment(0xfe, secret), segment(0xe2, "ICC_PROFILE\x00"+secret), segment(0xed, "Photoshop 3.0\x00"+secret))
	dirtyPNG := append(bytes.Clone(pic[:33]), chunk("tEXt", "Comment\x00"+secret)...)
	dirtyPNG = append(dirtyPNG, chunk("eXIf", secret)...)
	dirtyPNG = append(dirtyPNG, chunk("tIME", "1234567")...)
	dirtyPNG = append(dirtyPNG, pic[33:]...)
	for _, c := range []struct {
		name, media string
		sent, like  []byte
	}{
		{"plain JPEG", MediaJPEG, jpg, jpg},
		{"JPEG of a phone", MediaJPEG, dirty, jpg},
		{"JPEG with a ZIP behind it", MediaJPEG, append(bytes.Clone(dirty), append([]byte(secret), zipped(t)...)...), jpg},
		{"plain PNG", MediaPNG, pic, pic},
		{"PNG with texts", MediaPNG, dirtyPNG, pic},
		{"PNG with a page behind it", MediaPNG, append(bytes.Clone(dirtyPNG), "<script>alert(1)</script>"+secret...), pic},
	} {
		up, err := ReadUpload(bytes.NewReader(c.sent))
		if err != nil || up.Media != c.media {
			t.Errorf("%s: %q, %v; want %s", c.name, up.Media, err, c.media)
			continue
		}
		for _, left := range []string{secret, "script", "PK\x03\x04", "tEXt", "eXIf", "ICC_PROFILE"} {
			if bytes.Contains(up.Bytes, []byte(left)) {
				t.Errorf("%s: %q is still in it", c.name, left)
			}
		}
		got, want := pixelsOf(t, up.Bytes), pixelsOf(t, c.like)
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: dot %d changed", c.name, i)
				break
			}
		}
		again, err := ReadUpload(bytes.NewReader(up.Bytes))
		if err != nil || !bytes.Equal(again.Bytes, up.Bytes) {
			t.Errorf("%s: cleaned again it is not the same: %v", c.name, err)
		}
	}
}

func TestReadUpload_keepsTheOrientationOnly(t *testing.T) {
	for orientation := byte(0); orientation <= 9; orientation++ {
		up, err := ReadUpload(bytes.NewReader(withSegments(asJPEG(t), exif(orientation))))
		if err != nil {
			t.Fatal(err)
		}
		want := byte(0) // an upright picture needs no word about it
		if orientation >= 2 && orientation <= 8 {
			want = orientation
		}
		_, after, found := bytes.Cut(up.Bytes, []byte{0xff, 0xe1})
		if found != (want > 0) {
			t.Errorf("orientation %d: an Exif segment stays: %t", orientation, found)
		} else if found && exifOrientation(after[2:]) != want {
			t.Errorf("orientation %d: read again as %d", orientation, exifOrientation(after[2:]))
		}
		if _, err := jpeg.Decode(bytes.NewReader(up.Bytes)); err != nil {
			t.Errorf("orientation %d: %v", orientation, err)
		}
	}
}

// sized is a JPEG or PNG whose header says another size than it has.
func sized(raw []byte, at int, width, height uint32, wide int) []byte {
	out := bytes.Clone(raw)
	put := func(at int, v uint32) {
		if wide == 4 {
			binary.BigEndian.PutUint32(out[at:], v)
		} else {
			binary.BigEndian.PutUint16(out[at:], uint16(v))
		}
	}
	if wide == 4 {
		put(at, width)
		put(at+4, height)
		binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	} else {
		put(at, height)
		put(at+2, width)
	}
	return out
}

func TestReadUpload_refuses(t *testing.T) {
	jpg, pic := asJPEG(t), asPNG(t)
	frame := bytes.Index(jpg, []byte{0xff, 0xc0}) + 5
	badSum := bytes.Clone(pic)
	badSum[len(badSum)-20]++
	heic := "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
	for _, c := range []struct {
		name string
		sent []byte
		want string
	}{
		{"a photograph of an iPhone", []byte(heic), "error.upload.heic"},
		{"AVIF", []byte(strings.Replace(heic, "heic", "avif", 1)), "error.upload.heic"},
		{"a ZIP renamed PDF", zipped(t), "error.upload.zip"},
		{"a ZIP with a PDF in front", append([]byte(goodPDF), zipped(t)...), "error.upload.damaged"},
		{"a ZIP between a PDF and its end", append(append([]byte(goodPDF), zipped(t)...), "startxref\n42\n%%EOF"...), "error.upload.zip"},
		{"an SVG with script", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "error.upload.markup"},
		{"an SVG behind a mark and blanks", []byte("\xef\xbb\xbf \n<?xml version=\"1.0\"?><svg/>"), "error.upload.markup"},
		{"a page", []byte("<!doctype html><script>alert(1)</script>"), "error.upload.markup"},
		{"a page in front of a PDF", []byte("<html>" + goodPDF), "error.upload.markup"},
		{"a program", []byte("MZ\x90\x00"), "error.upload.kind"},
		{"a GIF", []byte("GIF89a\x01\x00\x01\x00"), "error.upload.kind"},
		{"words", []byte("certifico che"), "error.upload.kind"},
		{"one byte too many", make([]byte, MaxUpload+1), "error.upload.large"},
		{"a bomb of a PNG", sized(pic, 16, 60_000, 60_000, 4), "error.upload.pixels"},
		{"a bomb of a JPEG", sized(jpg, frame, 65_500, 65_500, 2), "error.upload.pixels"},
		{"a PNG of no size", sized(pic, 16, 0, 30, 4), "error.upload.damaged"},
		{"half a JPEG", jpg[:len(jpg)/2], "error.upload.damaged"},
		{"a JPEG without its end", jpg[:len(jpg)-2], "error.upload.damaged"},
		{"half a PNG", pic[:len(pic)/2], "error.upload.damaged"},
		{"a PNG with a wrong checksum", badSum, "error.upload.damaged"},
		{"only the first bytes of a JPEG", []byte{0xff, 0xd8, 0xff}, "error.upload.damaged"},
		{"half a PDF", []byte(goodPDF[:40]), "error.upload.damaged"},
		{"a PDF with a script", []byte(strings.Replace(goodPDF, "/Catalog", "/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>", 1)), "error.upload.active"},
		{"a PDF that starts a program", []byte(strings.Replace(goodPDF, "/Catalog", "/Catalog/OpenAction<</S/Launch/F(a.exe)>>", 1)), "error.upload.active"},
	} {
		up, err := ReadUpload(bytes.NewReader(c.sent))
		refused, ok := errors.AsType[*canteen.Error](err)
		if !ok || refused.Key != c.want || refused.Field != "certificate" || refused.Kind != canteen.KindInvalid {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if up.Bytes != nil {
			t.Errorf("%s: refused and yet handed on", c.name)
		}
	}
}

func TestReadUpload_PDFAndNothing(t *testing.T) {
	sent := strings.Replace(goodPDF, "/Catalog", "/Catalog/Names/JavaScriptLess", 1) // a name that only begins like one
	up, err := ReadUpload(strings.NewReader(sent))
	if err != nil || up.Media != MediaPDF || string(up.Bytes) != strings.TrimSpace(sent) {
		t.Errorf("a good PDF: %q, %v", up.Media, err)
	}
	if up, err := ReadUpload(strings.NewReader("")); err != nil || up.Media != "" {
		t.Errorf("nothing chosen: %+v, %v; want nothing", up, err)
	}
}

// TestReadUpload_stopsReading: of 200 MB it reads no more than the bound and one.
func TestReadUpload_stopsReading(t *testing.T) {
	sent := &counted{left: 200 << 20}
	if _, err := ReadUpload(sent); err == nil {
		t.Error("200 MB are taken")
	}
	if sent.read > MaxUpload+1<<20 {
		t.Errorf("it read %d bytes of a document that is too large", sent.read)
	}
}

// counted is an endless photograph.
type counted struct{ left, read int }

func (c *counted) Read(p []byte) (int, error) {
	n := min(len(p), c.left)
	c.left, c.read = c.left-n, c.read+n
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func FuzzReadUpload(f *testing.F) {
	f.Add(asJPEG(f))
	f.Add(withSegments(asJPEG(f), exif(6)))
	f.Add(asPNG(f))
	f.Add([]byte(goodPDF))
	f.Add(zipped(f))
	f.Fuzz(func(t *testing.T, raw []byte) {
		up, err := ReadUpload(bytes.NewReader(raw))
		if err != nil {
			if refused, ok := errors.AsType[*canteen.Error](err); !ok || refused.Kind != canteen.KindInvalid {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		again, err := ReadUpload(bytes.NewReader(up.Bytes))
		if err != nil || !bytes.Equal(again.Bytes, up.Bytes) || again.Media != up.Media {
			t.Fatalf("what was taken is not taken again as it is: %v", err)
		}
	})
}
