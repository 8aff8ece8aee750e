package assets

import (
	"embed"
	"io/fs"
)

// all: is needed by a bare checkout, where dist holds .gitkeep alone.
//
//go:embed templates locales api all:dist
var files embed.FS

// Templates holds layout/, partials/ and pages/.
func Templates() fs.FS { return sub("templates") }

// Locales holds the message catalogues.
func Locales() fs.FS { return sub("locales") }

// API holds openapi.yaml, the description of the API for programs.
func API() fs.FS { return sub("api") }

// Dist holds what build.mjs made: hashed files, manifest.json, and under pdf/ the
// fonts of the documents (titillium-web-regular.ttf, titillium-web-700.ttf). On a
// checkout where the build has not run it is empty but for .gitkeep.
func Dist() fs.FS { return sub("dist") }

func sub(folder string) fs.FS {
	f, err := fs.Sub(files, folder)
	if err != nil {
		panic("assets: " + err.Error()) // only for an invalid name, and these are constants
	}
	return f
}
