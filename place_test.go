package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheWindowFitsTheScreensOfToday(t *testing.T) {
	one := []extent{{1920, 1080}}
	two := []extent{{1920, 1080}, {1280, 1024}}
	for _, c := range []struct {
		name    string
		was     place
		screens []extent
		want    place
		moved   bool
	}{
		{"as it was", place{100, 50, 1300, 900, false}, one, place{100, 50, 1300, 900, false}, false},
		{"maximised", place{0, 0, 1300, 900, true}, one, place{0, 0, 1300, 900, true}, false},
		{"a smaller screen", place{10, 10, 1800, 1000, false}, []extent{{1366, 768}}, place{10, 10, 1366, 768, false}, false},
		{"smaller than the least", place{10, 10, 200, 100, false}, one, place{10, 10, leastWidth, leastHeight, false}, false},
		{"a tiny screen", place{0, 0, 1280, 820, false}, []extent{{800, 600}}, place{0, 0, 800, 600, false}, false},
		{"a screen that is gone", place{2000, 100, 1280, 820, false}, one, place{2000, 100, 1280, 820, false}, true},
		{"the second screen", place{2000, 100, 1280, 820, false}, two, place{2000, 100, 1280, 820, false}, false},
		{"left of a single screen", place{-1400, 100, 1280, 820, false}, one, place{-1400, 100, 1280, 820, false}, true},
		{"left of two", place{-1400, 100, 1280, 820, false}, two, place{-1400, 100, 1280, 820, false}, false},
		{"title bar out of sight", place{100, -40, 1280, 820, false}, one, place{100, -40, 1280, 820, false}, true},
		{"no screen told", place{0, 0, 5000, 5000, false}, nil, place{0, 0, usualWidth, usualHeight, false}, false},
	} {
		if got, moved := c.was.fitted(c.screens); got != c.want || moved != c.moved {
			t.Errorf("%s: %+v %v, want %+v %v", c.name, got, moved, c.want, c.moved)
		}
	}
}

func TestThePlaceIsKeptAndABrokenFileForgotten(t *testing.T) {
	dir := t.TempDir()
	if _, ok := readPlace(dir); ok {
		t.Error("a place was read from nowhere")
	}
	want := place{7, 8, 1300, 900, true}
	if err := writePlace(dir, want); err != nil {
		t.Fatal(err)
	}
	if got, ok := readPlace(dir); !ok || got != want {
		t.Errorf("%+v %v", got, ok)
	}
	if err := os.WriteFile(filepath.Join(dir, placeFile), []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := readPlace(dir); ok {
		t.Error("half a file was believed")
	}
}

func TestTheLanguageIsThatOfTheSystem(t *testing.T) {
	for _, c := range []struct{ all, messages, lang, language, want string }{
		{"", "", "zh_CN.UTF-8", "", "zh_CN.UTF-8"},
		{"", "en_GB.UTF-8", "zh_CN.UTF-8", "", "en_GB.UTF-8"},
		{"en_US.UTF-8", "zh_CN.UTF-8", "zh_CN.UTF-8", "", "en_US.UTF-8"},
		{"", "", "en_US.UTF-8", "zh_CN:en", "zh_CN"},
		{"C", "", "zh_CN.UTF-8", "zh_CN", "C"},
		{"", "", "", "zh_CN", ""},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		t.Setenv("LANGUAGE", c.language)
		if got := locale(); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
