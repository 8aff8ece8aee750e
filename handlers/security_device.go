package handlers

import (
	"net/netip"
	"strings"
)

// The browsers and systems we can name, in the order in which they are looked
// for: most browsers claim to be several.
var (
	browserMarks = [][2]string{{"Edg", "edge"}, {"OPR/", "opera"}, {"SamsungBrowser", "samsung"}, {"Firefox", "firefox"}, {"FxiOS", "firefox"},
		{"CriOS", "chrome"}, {"Chrome", "chrome"}, {"Safari", "safari"}}
	systemMarks = [][2]string{{"Android", "android"}, {"iPhone", "iphone"}, {"iPad", "ipad"}, {"Windows", "windows"}, {"Macintosh", "mac"},
		{"CrOS", "chromeos"}, {"Linux", "linux"}}
)

// deviceOf is a browser in a word, "firefox/android": enough to recognise one's
// own, too little to follow anybody.
func deviceOf(agent string) string {
	return markOf(agent, browserMarks) + "/" + markOf(agent, systemMarks)
}

func markOf(agent string, marks [][2]string) string {
	for _, m := range marks {
		if strings.Contains(agent, m[0]) {
			return m[1]
		}
	}
	return "other"
}

// maskAddress keeps of an address what tells one network from another: 24 bits
// of IPv4, 48 of IPv6.
func maskAddress(text string) string {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return ""
	}
	addr = addr.Unmap().WithZone("")
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	return netip.PrefixFrom(addr, bits).Masked().String()
}

// networkOf is the key by which an address is slowed down: an IPv6 network is
// one household's, however many addresses it uses.
func networkOf(text string) string {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	if addr = addr.Unmap().WithZone(""); addr.Is4() {
		return addr.String()
	}
	return netip.PrefixFrom(addr, 64).Masked().String()
}
