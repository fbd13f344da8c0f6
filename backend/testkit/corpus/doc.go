// Package corpus makes mail for tests and benchmarks and judges what has become of
// it. The same seed always gives the same bytes, dates, flags and folders.
//
// [Small], [Big] and [Office] imitate ordinary mailboxes, [Awkward] holds the shapes
// that break mail programs. [Fill] puts a corpus into a server of package servers.
// [Read] reads a whole account with a client that shares nothing with ours, and
// [Compare] tells what two accounts, or an account and its corpus, differ in.
//
// It leaves out every server and everything that is being tested.
package corpus
