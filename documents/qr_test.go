package documents

import (
	gray "image/color"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"

	"refettorio/canteen"
)

// TestQR_isTheCodeOfThePAN holds our modules against the library's own picture,
// and what is drawn from them against the modules.
func TestQR_isTheCodeOfThePAN(t *testing.T) {
	text := canteen.NewPAN(100_200_30).String()
	q, err := NewQR(text)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := qr.Encode(text, qr.Q, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	dark := 0
	for y := range q.Size {
		for x := range q.Size {
			black := picture.At(x, y) == gray.Black
			if q.Dark(x, y) != black {
				t.Fatalf("module %d,%d: dark %t, want %t", x, y, q.Dark(x, y), black)
			}
			if black {
				dark++
			}
		}
	}
	drawn := 0
	q.runs(func(x, y, length int) {
		for i := range length {
			if !q.Dark(x+i, y) {
				t.Errorf("the bar at %d,%d covers a light module", x, y)
			}
		}
		drawn += length
	})
	if drawn != dark || picture.Content() != text {
		t.Errorf("%d modules drawn of %d, coding %q", drawn, dark, picture.Content())
	}
	if bars := strings.Count(q.Path(), "M"); bars == 0 || q.Side() != q.Size+8 {
		t.Errorf("the path has %d bars in a side of %d", bars, q.Side())
	}
}

func TestNewQR_tooLong(t *testing.T) {
	if _, err := NewQR(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text longer than any code was coded")
	}
}
