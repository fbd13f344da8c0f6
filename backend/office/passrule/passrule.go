// Package passrule holds a password against what a provider demands of it, before it
// is sent, and makes initial passwords that pass.
//
// It leaves out keeping passwords and whether one is known from a breach.
package passrule

import (
	"crypto/rand"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// Broken is one demand that a password does not meet.
type Broken string

// The demands.
const (
	TooShort   Broken = "too_short"
	TooLong    Broken = "too_long"
	NoLetter   Broken = "no_letter"
	NoDigit    Broken = "no_digit"
	NoCases    Broken = "no_cases"
	NoSymbol   Broken = "no_symbol"
	FewKinds   Broken = "few_kinds"
	HasAddress Broken = "has_address"
	HasRun     Broken = "has_run"
	// Characters: one that no server keeps, such as a line break. TooManyBytes: a Chinese
	// character counts three. Both for rules that take any script.
	Characters   Broken = "characters"
	TooManyBytes Broken = "too_many_bytes"
	OddLetter    Broken = "odd_letter" // not of the keyboard's ASCII: mail programs send it in different ways
)

// kinds are which kinds of characters a password holds.
type kinds struct{ lower, upper, digit, symbol, odd bool }

func kindsOf(password string) (k kinds) {
	for _, r := range password {
		switch {
		case r >= 'a' && r <= 'z':
			k.lower = true
		case r >= 'A' && r <= 'Z':
			k.upper = true
		case r >= '0' && r <= '9':
			k.digit = true
		case r > ' ' && r < 0x7f:
			k.symbol = true
		default:
			k.odd = true
		}
	}
	return k
}

func (k kinds) count() int {
	n := 0
	for _, has := range []bool{k.lower, k.upper, k.digit, k.symbol} {
		if has {
			n++
		}
	}
	return n
}

// Check lists what of a provider's demands a password does not meet; address is the
// account's, whole or its local part.
func Check(rule provider.PasswordRule, password, address string) []Broken {
	var out []Broken
	say := func(bad bool, b Broken) {
		if bad {
			out = append(out, b)
		}
	}
	k, length := kindsOf(password), utf8.RuneCountInString(password)
	if rule.Opaque {
		kept, ok := provider.OpaquePassword(password)
		say(password == "" || ok && min(len(password), len(kept)) < rule.Min, TooShort)
		say(password != "" && !ok, Characters)
		say(rule.Max > 0 && len(kept) > rule.Max, TooManyBytes)
	} else {
		say(length < max(rule.Min, 1), TooShort)
		say(rule.Max > 0 && length > rule.Max, TooLong)
		say(k.odd, OddLetter)
	}
	say(rule.Letters && !k.lower && !k.upper, NoLetter)
	say(rule.Digits && !k.digit, NoDigit)
	say(rule.Cases && !(k.lower && k.upper), NoCases)
	say(rule.Symbols && !k.symbol, NoSymbol)
	say(rule.Kinds > k.count(), FewKinds)
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	say(rule.NoAddress && local != "" && strings.Contains(strings.ToLower(password), local), HasAddress)
	say(rule.NoRuns > 1 && longestRun(password) >= rule.NoRuns, HasRun)
	return out
}

// longestRun is the length of the longest row of equal characters, or of letters or
// digits that rise or fall by one: 111, abc, 987.
func longestRun(password string) int {
	runes := []rune(strings.ToLower(password))
	longest := min(len(runes), 1)
	for _, step := range []rune{0, 1, -1} {
		n := 1
		for i := 1; i < len(runes); i++ {
			same := runes[i]-runes[i-1] == step && (step == 0 || unicode.IsLetter(runes[i]) == unicode.IsLetter(runes[i-1]))
			if n++; !same {
				n = 1
			}
			longest = max(longest, n)
		}
	}
	return longest
}

// The characters of made passwords: none that look alike in print (0 O, 1 l I).
const (
	lowers  = "abcdefghijkmnpqrstuvwxyz"
	uppers  = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	numbers = "23456789"
	symbols = "-+=#%"
)

// Make makes an initial password that meets the demands: 12 characters, or as many as
// the provider wants. Errors: unsupported where the demands contradict each other.
func Make(rule provider.PasswordRule, address string) (secret.Value, error) {
	length := max(12, rule.Min)
	if rule.Max > 0 {
		length = min(length, rule.Max)
	}
	for range 100 {
		password, err := draw(length)
		if err != nil {
			return secret.Value{}, core.E(core.Internal, "make password", err)
		}
		if len(Check(rule, password, address)) == 0 {
			return secret.NewValue(password), nil
		}
	}
	return secret.Value{}, core.E(core.Unsupported, "make password", nil, "field", string(provider.AttrPassword))
}

// draw takes one character of each kind, fills up from all, and shuffles.
func draw(length int) (string, error) {
	var out []byte
	for _, set := range []string{lowers, uppers, numbers, symbols} {
		c, err := pick(set)
		if err != nil {
			return "", err
		}
		out = append(out, c)
	}
	for len(out) < length {
		c, err := pick(lowers + uppers + numbers)
		if err != nil {
			return "", err
		}
		out = append(out, c)
	}
	for i := len(out) - 1; i > 0; i-- {
		j, err := below(i + 1)
		if err != nil {
			return "", err
		}
		out[i], out[j] = out[j], out[i]
	}
	return string(out[:length]), nil
}

func pick(set string) (byte, error) {
	i, err := below(len(set))
	return set[i], err
}

func below(n int) (int, error) {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		return 0, err
	}
	return int(i.Int64()), nil
}
