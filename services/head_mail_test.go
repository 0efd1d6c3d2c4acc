package services_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/notary"
	"countersign/services/servicestest"
)

// postOffice is a mail server with a certificate; mails are what it was given.
type postOffice struct {
	address string
	roots   *x509.CertPool
	mails   chan string
	secure  *tls.Config
}

func newPostOffice(t *testing.T, fromTheBeginning, offersTLS bool) *postOffice {
	t.Helper()
	web := httptest.NewTLSServer(nil)
	t.Cleanup(web.Close)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	o := &postOffice{address: listener.Addr().String(), roots: roots, mails: make(chan string, 10), secure: &tls.Config{Certificates: web.TLS.Certificates}}
	go func() {
		for {
			line, err := listener.Accept()
			if err != nil {
				return
			}
			if fromTheBeginning {
				line = tls.Server(line, o.secure)
			}
			go o.serve(line, offersTLS)
		}
	}()
	return o
}

// serve speaks as much of the protocol as one mail needs.
func (o *postOffice) serve(line net.Conn, offersTLS bool) {
	defer line.Close()
	in := bufio.NewReader(line)
	fmt.Fprint(line, "220 here\r\n")
	for {
		said, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(said)[0]); {
		case verb == "EHLO" && offersTLS:
			fmt.Fprint(line, "250-here\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n")
		case verb == "EHLO":
			fmt.Fprint(line, "250-here\r\n250 AUTH PLAIN\r\n")
		case verb == "STARTTLS" && !offersTLS:
			fmt.Fprint(line, "502 unknown\r\n")
		case verb == "STARTTLS":
			fmt.Fprint(line, "220 go on\r\n")
			line = tls.Server(line, o.secure)
			in = bufio.NewReader(line)
		case verb == "AUTH":
			if !strings.Contains(said, base64.StdEncoding.EncodeToString([]byte("\x00heads\x00secret"))) {
				fmt.Fprint(line, "535 no\r\n")
				continue
			}
			fmt.Fprint(line, "235 yes\r\n")
		case verb == "DATA":
			fmt.Fprint(line, "354 go on\r\n")
			var mail strings.Builder
			for {
				text, err := in.ReadString('\n')
				if err != nil || text == ".\r\n" {
					break
				}
				mail.WriteString(text)
			}
			o.mails <- mail.String()
			fmt.Fprint(line, "250 taken\r\n")
		case verb == "QUIT":
			fmt.Fprint(line, "221 bye\r\n")
			return
		default:
			fmt.Fprint(line, "250 fine\r\n")
		}
	}
}

func (o *postOffice) mail(scheme string) services.Mail {
	return services.Mail{Server: scheme + "://" + o.address, User: "heads", Password: "secret", From: "pay@example.com", To: []string{"audit@example.com"}, Roots: o.roots}
}

func TestI19_AHeadLeavesByMailToTheByteAndOnlyOverTLS(t *testing.T) {
	for scheme, office := range map[string]*postOffice{"smtps": newPostOffice(t, true, false), "smtp": newPostOffice(t, false, true)} {
		town := servicestest.New(t)
		outlet, err := services.MailOutlet(office.mail(scheme), town.Now)
		town.Must(err)
		town.Heads.Outlets = append(town.Heads.Outlets, outlet)
		town.Must(town.Heads.Round(t.Context()))
		mail := <-office.mails
		_, attached, _ := strings.Cut(mail, "attachment")
		_, attached, _ = strings.Cut(attached, "\r\n\r\n")
		attached, _, _ = strings.Cut(attached, "--")
		note, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(attached, "\r\n", ""))
		town.Must(err)
		verifier, err := town.Heads.Verifier(t.Context())
		town.Must(err)
		if _, err := notary.Open(note, verifier); err != nil {
			t.Errorf("%s: %v in\n%s", scheme, err, mail)
		}
	}
	town, plain := servicestest.New(t), newPostOffice(t, false, false)
	outlet, err := services.MailOutlet(plain.mail("smtp"), town.Now)
	town.Must(err)
	town.Heads.Outlets = append(town.Heads.Outlets, outlet)
	if err := town.Heads.Round(t.Context()); err == nil {
		t.Error("a head left over a line that others can read")
	}
	waiting, stuck, err := models.StuckHeads(town.Store.Read(t.Context()))
	if err != nil || waiting != 1 || !strings.Contains(stuck.Problem, "takes no TLS") || stuck.Place != "audit@example.com" {
		t.Errorf("%d %+v %v", waiting, stuck, err)
	}
}

func TestAMailOutletSaysWhatIsWrongWithItsAddresses(t *testing.T) {
	for _, m := range []services.Mail{
		{Server: "mail.example", From: "a@example.com", To: []string{"b@example.com"}},
		{Server: "http://mail.example", From: "a@example.com", To: []string{"b@example.com"}},
		{Server: "smtps://mail.example", From: "", To: []string{"b@example.com"}},
		{Server: "smtps://mail.example", From: "a@example.com", To: []string{"b@example.com\r\nBcc: c@example.com"}},
	} {
		if _, err := services.MailOutlet(m, time.Now); err == nil {
			t.Errorf("%+v was taken", m)
		}
	}
}
