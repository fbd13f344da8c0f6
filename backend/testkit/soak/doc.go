// Package soak breaks moves at random moments and looks whether the promise holds:
// after further runs, every message is at the destination exactly once and
// unchanged.
//
// Everything about an iteration follows from its seed, except the timing inside the
// servers: an iteration that failed is repeated with the same seed. The outcome is
// read by a client that shares nothing with ours.
//
// It leaves out speed (package bench) and single faults at chosen bytes, which the
// tests of the engine play through.
package soak
