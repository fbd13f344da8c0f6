// Package archtest holds the rules of the house as tests: which package may import
// which, how long a file may be, where words for people live. It has no code of its
// own.
package archtest
