package servers

import (
	"os/exec"
	"syscall"
)

// detach puts the child at the head of its own process group, gives it an
// unprivileged identity where we are root, and lets the kernel end it when the
// thread that started it dies, however that comes.
func detach(cmd *exec.Cmd, id identity, death syscall.Signal) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: death}
	if id.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(id.uid), Gid: uint32(id.gid)}
	}
}

// killGroup sends sig to every process of the group; that it is gone is no error.
func killGroup(pgid int, sig syscall.Signal) {
	_ = syscall.Kill(-pgid, sig)
}

// groupAlive tells whether any process of the group is left.
func groupAlive(pgid int) bool {
	return syscall.Kill(-pgid, 0) == nil
}
