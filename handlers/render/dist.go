package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
)

// StaticPrefix is the path under which the static files are served.
const StaticPrefix = "/static/"

// spriteName is the logical name of the icons' file.
const spriteName = "svg/sprite.svg"

// dist is what the asset build left: logical names to hashed ones, and the icons
// in the sprite. The zero dist is a bare checkout, never built.
type dist struct {
	files map[string]string
	icons map[string]bool
}

// built tells whether the asset build has run.
func (d dist) built() bool { return d.files != nil }

func loadDist(fsys fs.FS) (dist, error) {
	data, err := fs.ReadFile(fsys, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return dist{}, nil
	}
	if err != nil {
		return dist{}, err
	}
	d := dist{icons: map[string]bool{}}
	if err := json.Unmarshal(data, &d.files); err != nil {
		return dist{}, fmt.Errorf("assets/dist/manifest.json: %w", err)
	}
	sprite, err := fs.ReadFile(fsys, d.files[spriteName])
	if err != nil {
		return dist{}, fmt.Errorf("assets/dist: the manifest and the files disagree, build again: %w", err)
	}
	for _, m := range symbolID.FindAllSubmatch(sprite, -1) {
		d.icons[string(m[1])] = true
	}
	return d, nil
}

var symbolID = regexp.MustCompile(`<symbol id="([^"]+)"`)

// path is the address of a file by its logical name.
func (d dist) path(name string) (string, error) {
	if !d.built() {
		return StaticPrefix + name, nil
	}
	hashed, ok := d.files[name]
	if !ok {
		return "", fmt.Errorf("no asset %q: build the assets again", name)
	}
	return StaticPrefix + hashed, nil
}
