package services

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"countersign/models"
)

// Mail is a mail server and who writes to whom by it.
type Mail struct {
	Server   string // smtps://host:465, or smtp://host:587 with STARTTLS
	User     string
	Password string
	From     string
	To       []string
	Roots    *x509.CertPool // nil: the system's
}

// mailTimeout is the deadline for handing over one message.
const mailTimeout = 30 * time.Second

// MailOutlet sends each head by mail, as an attachment that is the head to the byte.
// Nothing is sent over a line that others can read (S13).
func MailOutlet(m Mail, now func() time.Time) (Outlet, error) {
	server, err := url.Parse(m.Server)
	if err != nil || server.Hostname() == "" || server.Scheme != "smtps" && server.Scheme != "smtp" {
		return Outlet{}, fmt.Errorf("%q is no mail server: it has to be smtps://host:465 or smtp://host:587", m.Server)
	}
	from, err := mail.ParseAddress(m.From)
	if err != nil {
		return Outlet{}, fmt.Errorf("the sender of heads %q is no mail address", m.From)
	}
	var to []string
	for _, text := range m.To {
		address, err := mail.ParseAddress(text)
		if err != nil {
			return Outlet{}, fmt.Errorf("%q is no mail address for heads", text)
		}
		to = append(to, address.Address)
	}
	return Outlet{Name: "mail", Place: strings.Join(to, ", "), Leave: func(ctx context.Context, h models.SignedHead) error {
		message, err := headMessage(h, from.Address, to, now())
		if err != nil {
			return err
		}
		return m.hand(ctx, server, from.Address, to, message)
	}}, nil
}

// headMessage is the mail: a few words, and the head.
func headMessage(h models.SignedHead, from string, to []string, at time.Time) ([]byte, error) {
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	words := fmt.Sprintf("Signed head of the log: %d events, signed %s.\r\nKeep the attached file: countersign head check %s holds a log against it.\r\n",
		h.Size, h.SignedAt.UTC().Format("2006-01-02 15:04:05 UTC"), HeadName(h))
	for _, part := range []struct {
		kind, name, encoding string
		content              []byte
	}{{"text/plain; charset=utf-8", "", "7bit", []byte(words)}, {"application/octet-stream", HeadName(h), "base64", wrapped([]byte(h.Note))}} {
		header := textproto.MIMEHeader{"Content-Type": {part.kind}, "Content-Transfer-Encoding": {part.encoding}}
		if part.name != "" {
			header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": part.name}))
		}
		into, err := parts.CreatePart(header)
		if err != nil {
			return nil, err
		}
		if _, err := into.Write(part.content); err != nil {
			return nil, err
		}
	}
	if err := parts.Close(); err != nil {
		return nil, err
	}
	head := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: Countersign head, %s, %d events\r\nDate: %s\r\nMessage-ID: <%s@%s>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=%s\r\n\r\n",
		from, strings.Join(to, ", "), h.Kind, h.Size, at.UTC().Format(time.RFC1123Z), strings.TrimSuffix(HeadName(h), ".txt"), from[strings.LastIndex(from, "@")+1:], parts.Boundary())
	return append([]byte(head), body.Bytes()...), nil
}

// wrapped is base64 in lines as mail wants them.
func wrapped(content []byte) []byte {
	text := base64.StdEncoding.EncodeToString(content)
	var lines bytes.Buffer
	for len(text) > 0 {
		n := min(len(text), 76)
		lines.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	return lines.Bytes()
}

// hand gives the message to the server, which answers for it from then on.
func (m Mail) hand(ctx context.Context, server *url.URL, from string, to []string, message []byte) (err error) {
	client, err := m.dial(ctx, server)
	if err != nil {
		return err
	}
	defer client.Close()
	if m.User != "" {
		if err := client.Auth(smtp.PlainAuth("", m.User, m.Password, server.Hostname())); err != nil {
			return fmt.Errorf("sign in to the mail server: %w", err)
		}
	}
	if err := client.Mail(from); err != nil {
		return err
	}
	for _, address := range to {
		if err := client.Rcpt(address); err != nil {
			return err
		}
	}
	data, err := client.Data()
	if err != nil {
		return err
	}
	if err := errors.Join(write(data, message), data.Close()); err != nil {
		return err
	}
	_ = client.Quit() // it is taken already
	return nil
}

func write(into io.Writer, content []byte) error {
	_, err := into.Write(content)
	return err
}

// dial opens a line that nobody else can read: TLS from the beginning, or before anything
// is said but the greeting.
func (m Mail) dial(ctx context.Context, server *url.URL) (*smtp.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	address := net.JoinHostPort(server.Hostname(), cmp.Or(server.Port(), map[string]string{"smtps": "465", "smtp": "587"}[server.Scheme]))
	line, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	secure := &tls.Config{ServerName: server.Hostname(), MinVersion: tls.VersionTLS12, RootCAs: m.Roots}
	deadline, _ := ctx.Deadline()
	if err := line.SetDeadline(deadline); err != nil {
		return nil, errors.Join(err, line.Close())
	}
	if server.Scheme == "smtps" {
		line = tls.Client(line, secure)
	}
	client, err := smtp.NewClient(line, server.Hostname())
	if err != nil {
		return nil, errors.Join(err, line.Close())
	}
	if server.Scheme == "smtps" {
		return client, nil
	}
	if err := client.StartTLS(secure); err != nil {
		return nil, errors.Join(fmt.Errorf("the mail server takes no TLS: %w", err), client.Close())
	}
	return client, nil
}
