package services

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// Outlet is a way by which heads leave.
type Outlet struct {
	Name  string // folder, webhook, mail
	Place string // where to, for people
	Leave func(context.Context, models.SignedHead) error
}

// waitingMany is how many heads one round tries to let go.
const waitingMany = 200

// webhookTimeout is the deadline for the whole exchange.
const webhookTimeout = 15 * time.Second

func (s *Heads) outlets() (names []string) {
	for _, outlet := range s.Outlets {
		names = append(names, outlet.Name)
	}
	return names
}

// Leave lets go what has not left yet, oldest first. An outlet that fails is left
// alone until the next round; what waits is shown.
func (s *Heads) Leave(ctx context.Context) error {
	waiting, err := models.Waiting(s.Store.Read(ctx), s.outlets(), waitingMany)
	if err != nil {
		return err
	}
	failed := map[string]bool{}
	var faults []error
	for _, d := range waiting {
		if failed[d.Outlet] {
			continue
		}
		if problem, err := s.try(ctx, d); err != nil || problem != nil {
			failed[d.Outlet] = true
			faults = append(faults, problem, err)
		}
	}
	return errors.Join(faults...)
}

// try lets one head go by one outlet and keeps how that went.
func (s *Heads) try(ctx context.Context, d models.Departure) (problem, err error) {
	head, err := models.FindHead(s.Store.Read(ctx), d.HeadID)
	if err != nil {
		return nil, err
	}
	for _, outlet := range s.Outlets {
		if outlet.Name != d.Outlet {
			continue
		}
		problem = outlet.Leave(ctx, head)
		d.Place, d.Tries, d.TriedAt, d.Problem = outlet.Place, d.Tries+1, s.Now(), ""
		if problem == nil {
			d.LeftAt = s.Now()
		} else {
			d.Problem = problem.Error()
			problem = fmt.Errorf("head %d to the %s: %w", head.ID, d.Outlet, problem)
		}
	}
	return problem, s.Store.Write(ctx, func(tx *gorm.DB) error { return models.NoteTry(tx, d) })
}

// HeadName is what the file of a head is called: kind, time and how many events.
func HeadName(h models.SignedHead) string {
	return fmt.Sprintf("%s-%s-%012d.txt", h.Kind, h.SignedAt.UTC().Format("20060102T150405Z"), h.Size)
}

// FolderOutlet puts each head into a file of its own in a folder, which should be
// on another disk or machine. A file that is there is never written again.
func FolderOutlet(folder string) Outlet {
	return Outlet{Name: "folder", Place: folder, Leave: func(_ context.Context, h models.SignedHead) error {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		return putOnce(filepath.Join(folder, HeadName(h)), []byte(h.Note))
	}}
}

// putOnce makes a file whole or not at all: it is written and synced under another
// name first, and gets its own by a link, which fails where one is there already.
func putOnce(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".head-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	err = os.Link(file.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return sameFile(path, content)
	}
	return errors.Join(err, syncFolder(filepath.Dir(path)))
}

// sameFile takes a file that an earlier try has left for this one's.
func sameFile(path string, content []byte) error {
	there, err := os.ReadFile(path)
	if err == nil && string(there) != string(content) {
		return fmt.Errorf("%s is there with another content", path)
	}
	return err
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// WebhookOutlet posts each head, as plain text, to an address outside: https, or
// this machine itself. Any answer of 2xx says that it was taken (S13).
func WebhookOutlet(address string, now func() time.Time) (Outlet, error) {
	to, err := url.Parse(address)
	if err != nil || to.Host == "" || to.User != nil {
		return Outlet{}, fmt.Errorf("%q is no address for heads", address)
	}
	local := loopback(to.Hostname())
	if to.Scheme != "https" && !(to.Scheme == "http" && local) {
		return Outlet{}, fmt.Errorf("the address for heads has to begin with https://")
	}
	account := gateway.Account{BaseURL: to.Scheme + "://" + to.Host, Timeout: webhookTimeout, AllowLoopback: local}
	place := account.BaseURL + to.Path // a token in its query is nobody's business
	return Outlet{Name: "webhook", Place: place, Leave: func(ctx context.Context, h models.SignedHead) error {
		return post(gateway.Exchange(ctx, account, gateway.Request{
			Method: http.MethodPost, URL: withPath(to).String(), Body: []byte(h.Note),
			Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Countersign-Head": {HeadName(h)}},
		}, now))
	}}, nil
}

func withPath(to *url.URL) *url.URL {
	whole := *to
	if whole.Path == "" {
		whole.Path = "/"
	}
	return &whole
}

func post(answer gateway.Response) error {
	switch {
	case answer.Fault != "" && answer.Status == 0:
		return fmt.Errorf("%s (%s)", answer.Detail, answer.Fault)
	case answer.Status < 200 || answer.Status > 299:
		return fmt.Errorf("HTTP %d", answer.Status)
	}
	return nil
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && net.IP(addr.AsSlice()).IsLoopback()
}
