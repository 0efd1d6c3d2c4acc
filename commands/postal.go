package commands

import (
	"fmt"
	"os"
	"strings"

	"countersign/services"
)

// postal is the mail server that this program writes by.
type postal struct {
	MailServer       string `help:"Mail server: smtps://host:465, or smtp://host:587 with STARTTLS." placeholder:"URL"`
	MailFrom         string `help:"Address that mail comes from." placeholder:"ADDRESS"`
	MailUser         string `help:"User at the mail server, if it asks for one." placeholder:"NAME"`
	MailPassword     string `help:"Password of that user." placeholder:"TEXT"`
	MailPasswordFile string `help:"File with that password, instead." placeholder:"FILE" type:"path"`
}

// mail is the server with whom to write to.
func (p postal) mail(to []string) (services.Mail, error) {
	m := services.Mail{Server: p.MailServer, User: p.MailUser, Password: p.MailPassword, From: p.MailFrom, To: to}
	if p.MailPasswordFile == "" {
		return m, nil
	}
	text, err := os.ReadFile(p.MailPasswordFile)
	if err != nil {
		return m, fmt.Errorf("password of the mail server: %w", err)
	}
	m.Password = strings.TrimSpace(string(text))
	return m, nil
}
