// Package servers runs real mail servers for tests, benchmarks and soak runs:
// Dovecot, Cyrus IMAP, Courier IMAP, Postfix and Knot from the distribution's packages and mox, as
// private processes on loopback ports with their data in temporary folders.
//
// The programs are not installed: scripts/setup.sh unpacks their packages into a
// cache folder, because each of them refuses to be installed beside the others.
// A server that cannot be started fails the test; nothing is skipped.
//
// It leaves out every judgement about mail: package corpus fills and compares.
package servers
