// Command lazy takes the names of the window's libraries out of a finished Linux
// program, so that the loader does not load them at the start:
//
//	go run ./build/lazy PROGRAM
//
// The program loads them itself before it opens the window (lazy_linux.c); the calls
// into them are bound when they are made. A program in which that cannot work is left
// as it is, with the reason: it then works as before, with a slower start of the verbs.
package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: lazy PROGRAM")
		os.Exit(1)
	}
	dropped, err := loosen(os.Args[1])
	switch {
	case errors.Is(err, errEager):
		fmt.Fprintln(os.Stderr, "lazy: left as it is:", err)
	case err != nil:
		fmt.Fprintln(os.Stderr, "lazy:", err)
		os.Exit(1)
	default:
		fmt.Printf("lazy: %d libraries are loaded with the window only\n", len(dropped))
	}
}

// kept are the beginnings of the names of libraries that every program needs.
var kept = []string{"libc.", "libm.", "libdl.", "libpthread.", "librt.", "libresolv.", "libgcc_s.", "ld-linux"}

// errEager says that a program wants something of the libraries before it runs.
var errEager = errors.New("needs its libraries at the start")

// loosen rewrites the file in place and returns the names of the libraries that it
// names no longer. Only 64-bit little-endian programs are known.
func loosen(path string) (dropped []string, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if f.Class != elf.ELFCLASS64 || f.Data != elf.ELFDATA2LSB {
		return nil, fmt.Errorf("%w: not 64-bit little-endian", errEager)
	}
	if err := ready(f); err != nil {
		return nil, err
	}
	section := f.Section(".dynamic")
	names := f.SectionByType(elf.SHT_STRTAB)
	if dyn := f.Section(".dynstr"); dyn != nil {
		names = dyn
	}
	if section == nil || names == nil {
		return nil, fmt.Errorf("%w: no dynamic section", errEager)
	}
	table, err := names.Data()
	if err != nil {
		return nil, err
	}
	entries := data[section.Offset : section.Offset+section.Size]
	dropped = drop(entries, table)
	if len(dropped) == 0 {
		return nil, nil
	}
	return dropped, os.WriteFile(path, data, 0o755)
}

const entrySize = 16 // tag and value

// drop moves the entries that stay to the front; the table ends at the first zero.
func drop(entries, names []byte) (dropped []string) {
	at := 0
	for from := 0; from+entrySize <= len(entries); from += entrySize {
		entry := slices.Clone(entries[from : from+entrySize])
		tag, value := binary.LittleEndian.Uint64(entry), binary.LittleEndian.Uint64(entry[8:])
		if elf.DynTag(tag) == elf.DT_NEEDED && value < uint64(len(names)) {
			name, _, _ := bytes.Cut(names[value:], []byte{0})
			if !isKept(string(name)) {
				dropped = append(dropped, string(name))
				continue
			}
		}
		copy(entries[at:], entry)
		at += entrySize
	}
	clear(entries[at:])
	return dropped
}

func isKept(name string) bool {
	return slices.ContainsFunc(kept, func(k string) bool { return strings.HasPrefix(name, k) })
}

// ready tells why the loader would miss something, or nil: it binds calls when they
// are made, and everything else that it needs at the start comes from kept libraries.
func ready(f *elf.File) error {
	for _, flag := range []struct {
		tag elf.DynTag
		bit uint64
	}{{elf.DT_FLAGS, uint64(elf.DF_BIND_NOW)}, {elf.DT_FLAGS_1, uint64(elf.DF_1_NOW)}} {
		values, err := f.DynValue(flag.tag)
		if err != nil {
			return err
		}
		if len(values) > 0 && values[0]&flag.bit != 0 {
			return fmt.Errorf("%w: it is linked with -z now", errEager)
		}
	}
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return err
	}
	section := f.Section(".rela.dyn")
	if section == nil {
		return nil
	}
	relocations, err := section.Data()
	if err != nil {
		return err
	}
	var missing []string
	for r := range slices.Chunk(relocations, 24) {
		if len(r) < 24 {
			break
		}
		n := binary.LittleEndian.Uint64(r[8:]) >> 32
		if n == 0 || n > uint64(len(symbols)) {
			continue
		}
		s := symbols[n-1] // the list leaves out the empty first symbol
		strong := elf.ST_BIND(s.Info) == elf.STB_GLOBAL
		copied := s.Section != elf.SHN_UNDEF && elf.ST_TYPE(s.Info) == elf.STT_OBJECT && isCopy(f.Machine, binary.LittleEndian.Uint32(r[8:]))
		if strong && (s.Section == elf.SHN_UNDEF || copied) && (s.Library == "" || !isKept(s.Library)) {
			missing = append(missing, s.Name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: the addresses of %s", errEager, strings.Join(missing, ", "))
	}
	return nil
}

// isCopy tells whether a relocation copies a library's variable into the program.
func isCopy(m elf.Machine, kind uint32) bool {
	return m == elf.EM_X86_64 && elf.R_X86_64(kind) == elf.R_X86_64_COPY || m == elf.EM_AARCH64 && elf.R_AARCH64(kind) == elf.R_AARCH64_COPY
}
