package commands

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"countersign/models"
	"countersign/services"
)

type user struct {
	Add  userAdd  `cmd:"" help:"Add a person who can sign in."`
	List userList `cmd:"" help:"List people and their roles."`
}

type userAdd struct {
	place
	Login        string   `arg:"" help:"What the person signs in with, for instance an e-mail address."`
	Name         string   `help:"Name as colleagues read it." required:""`
	Roles        []string `help:"Roles: maker, approver, resolver, controller, auditor, gateway_admin, people_admin." required:""`
	Zone         string   `help:"Time zone, for instance Asia/Taipei." default:"UTC"`
	PasswordFile string   `help:"File whose first line is the password; otherwise it is read from standard input." placeholder:"FILE" type:"path"`
}

// Run adds the person.
func (u userAdd) Run(ctx context.Context, out io.Writer) error {
	password, err := u.password(out)
	if err != nil {
		return err
	}
	roles := make([]models.Role, len(u.Roles))
	for i, role := range u.Roles {
		roles[i] = models.Role(role)
	}
	return u.use(func(h *house) error {
		p, err := h.people.Add(ctx, operator(), services.NewPerson{Login: u.Login, Name: u.Name, Zone: u.Zone, Password: password, Roles: roles})
		if err == nil {
			fmt.Fprintf(out, "%s can sign in as %s.\n", p.Name, p.Login)
		}
		return err
	})
}

func (u userAdd) password(out io.Writer) (string, error) {
	source := io.Reader(os.Stdin)
	if u.PasswordFile != "" {
		file, err := os.Open(u.PasswordFile)
		if err != nil {
			return "", err
		}
		defer file.Close()
		source = file
	} else {
		fmt.Fprint(out, "Password (at least 15 characters): ")
	}
	line, err := bufio.NewReader(source).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

type userList struct{ place }

// Run lists everybody.
func (u userList) Run(ctx context.Context, out io.Writer) error {
	return u.use(func(h *house) error {
		people, err := models.People(h.core.Store.Read(ctx))
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "LOGIN\tNAME\tROLES\tACTIVE")
		for _, p := range people {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", p.Login, p.Name, join(p.Roles), map[bool]string{true: "yes", false: "no"}[p.Active])
		}
		return table.Flush()
	})
}

func join(roles []models.Role) string {
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = string(role)
	}
	return strings.Join(words, ", ")
}
