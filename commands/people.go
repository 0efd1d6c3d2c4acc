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
	"time"

	"countersign/models"
	"countersign/services"
)

type user struct {
	Add   userAdd   `cmd:"" help:"Add a person who can sign in."`
	Roles userRoles `cmd:"" help:"Give a person other roles at once, for instance the first controller, who confirms all others."`
	Link  userLink  `cmd:"" help:"Make a link by which a person chooses their password, where no two people can agree on one."`
	List  userList  `cmd:"" help:"List people and their roles."`
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
	return u.use(func(h *house) error {
		p, err := h.people.Add(ctx, operator(), services.NewPerson{Login: u.Login, Name: u.Name, Zone: u.Zone, Password: password, Roles: asRoles(u.Roles)}, services.Signed{})
		if err == nil {
			fmt.Fprintf(out, "%s can sign in as %s.\n", p.Name, p.Login)
			warnApart(out, p.Roles)
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

type userRoles struct {
	place
	Login  string   `arg:"" help:"Whose roles."`
	Roles  []string `arg:"" help:"All roles that they hold from now on, with commas between them."`
	Reason string   `help:"Why no second person confirms it; goes on record." required:""`
}

// Run gives the roles. Whoever has the machine has the database as well: here no second
// person is asked, and the log says that the machine did it.
func (u userRoles) Run(ctx context.Context, out io.Writer) error {
	return u.use(func(h *house) error {
		p, err := models.FindPersonByLogin(h.core.Store.Read(ctx), u.Login)
		if err != nil {
			return err
		}
		if _, err := h.people.SetRoles(ctx, operator(), p.ID, services.Wanted{Roles: asRoles(u.Roles), Scope: p.Scope, Reason: u.Reason}, services.Signed{}); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s is %s from now on.\n", p.Name, join(asRoles(u.Roles)))
		warnApart(out, asRoles(u.Roles))
		return nil
	})
}

type userLink struct {
	place
	Login  string `arg:"" help:"Who is to come in."`
	Reason string `help:"Why no second person confirms it; goes on record." required:""`
}

// Run prints the end of a link that works once and without a code. It is for the first
// controller, and for the only one who has lost their password: nobody could confirm theirs.
func (u userLink) Run(ctx context.Context, out io.Writer) error {
	return u.use(func(h *house) error {
		p, err := models.FindPersonByLogin(h.core.Store.Read(ctx), u.Login)
		if err != nil {
			return err
		}
		secret, err := h.people.Invite(ctx, operator(), p.ID, u.Reason, services.Signed{})
		if err == nil {
			fmt.Fprintf(out, "%s chooses a password at /invitations/%s of your address, once, within %d hours.\n", p.Name, secret, int(services.InvitationLasts/time.Hour))
		}
		return err
	})
}

// warnApart says which of the roles are kept apart on the pages. The machine may give them:
// the page of people lists who holds them.
func warnApart(out io.Writer, roles []models.Role) {
	for _, pair := range models.Conflicts(roles) {
		fmt.Fprintf(out, "Careful: %s and %s are kept apart. They stand in the list of people as an exception without an end.\n", pair.One, pair.Other)
	}
}

func asRoles(names []string) []models.Role {
	roles := make([]models.Role, len(names))
	for i, name := range names {
		roles[i] = models.Role(name)
	}
	return roles
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
