// Command office starts the practice office's two mail servers for end-to-end tests,
// prints where they are and who has a mailbox as one line of JSON, and ends when its
// input does. Only tests use it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"mailroom/backend/provider/practice"
)

type side struct {
	Host string `json:"host"`
	Port int    `json:"port"`
}

type person struct {
	Old      string `json:"old"`
	New      string `json:"new"`
	Password string `json:"password"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "office:", err)
		os.Exit(1)
	}
}

func run() error {
	office, err := practice.Start(context.Background(), practice.Options{Size: 200})
	if err != nil {
		return err
	}
	told := struct {
		Old    side     `json:"old"`
		New    side     `json:"new"`
		People []person `json:"people"`
	}{
		Old: side{office.Old().Host, office.Old().Port}, New: side{office.New().Host, office.New().Port},
	}
	for _, p := range office.People() {
		told.People = append(told.People, person{p.OldAddress, p.NewAddress, p.Password})
	}
	if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	return office.Close()
}
