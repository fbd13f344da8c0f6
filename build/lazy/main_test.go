package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// program builds a library and a program that calls into it.
func program(t *testing.T, source string, flags ...string) (dir, path string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux programs are loosened")
	}
	dir = t.TempDir()
	run := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	for name, text := range map[string]string{"part.c": "int answer(void) { return 42; }\n", "main.c": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path = filepath.Join(dir, "main")
	run("-shared", "-fPIC", "-o", filepath.Join(dir, "libpart.so"), filepath.Join(dir, "part.c"))
	run(append([]string{"-no-pie", "-o", path, filepath.Join(dir, "main.c"), "-L" + dir, "-lpart", "-ldl"}, flags...)...)
	return dir, path
}

const lazySource = `
#include <dlfcn.h>
#include <stdio.h>
int answer(void);
int main(int n, char **args) {
	if (n > 1) {
		if (!dlopen(args[1], RTLD_NOW | RTLD_GLOBAL)) { puts(dlerror()); return 3; }
		printf("%d\n", answer());
	} else puts("verb");
	return 0;
}
`

func TestALoosenedProgramRunsWithoutItsLibrary(t *testing.T) {
	dir, path := program(t, lazySource, "-Wl,-z,lazy")
	if out, err := exec.Command(path).CombinedOutput(); err == nil {
		t.Fatalf("it runs without the library already: %s", out)
	}
	dropped, err := loosen(path)
	if err != nil || len(dropped) != 1 || !strings.HasPrefix(dropped[0], "libpart") {
		t.Fatalf("%v %v", dropped, err)
	}
	if out, err := exec.Command(path).CombinedOutput(); err != nil || string(out) != "verb\n" {
		t.Fatalf("%v %s", err, out)
	}
	if out, err := exec.Command(path, filepath.Join(dir, "libpart.so")).CombinedOutput(); err != nil || string(out) != "42\n" {
		t.Fatalf("with the library loaded late: %v %s", err, out)
	}
	if dropped, err = loosen(path); err != nil || len(dropped) != 0 {
		t.Fatalf("a second time: %v %v", dropped, err)
	}
}

func TestAProgramThatNeedsItsLibraryAtTheStartIsLeftAlone(t *testing.T) {
	const address = "int answer(void); int (*volatile f)(void) = answer; int main(void) { return f() != 42; }\n"
	for name, c := range map[string]struct{ source, flag string }{
		"binds everything at the start": {lazySource, "-Wl,-z,now"},
		"takes an address":              {address, "-fPIC"},
	} {
		t.Run(name, func(t *testing.T) {
			_, path := program(t, c.source, "-Wl,-z,lazy", c.flag)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := loosen(path); !errors.Is(err, errEager) {
				t.Fatalf("%v", err)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Fatal("the file was changed")
			}
		})
	}
}
