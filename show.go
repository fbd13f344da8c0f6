package main

import (
	"os/exec"

	"mailroom/backend/core"
)

// ShowFolder shows a folder in the file manager, or a file in the program it belongs to,
// and does not wait for it to close.
func (d *desktop) ShowFolder(path string) error {
	cmd := exec.Command(fileManager, path)
	if err := cmd.Start(); err != nil {
		return core.E(core.Unsupported, "show folder", err, "path", path)
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
