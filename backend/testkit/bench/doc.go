// Package bench compares the verbs with other programs on the same mail, the same
// servers and the same machine, in one run: mbsync, imapsync where one is named, and
// the raw limit, a pump of bytes that keeps no state and checks nothing.
//
// Every run gets a fresh account at the destination; what arrived there is read by a
// client that shares nothing with ours and compared with the source. Runs of the
// programs alternate, and the median counts. Only the ratios of one run are worth
// anything: walls change with the machine and with what else it does.
//
// It leaves out generating mail (package corpus), servers (package servers) and the
// long line (package link).
package bench
