package commands

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

type health struct {
	Addr string `help:"Address that the dashboard listens on." default:"127.0.0.1:8080"`
}

// Run asks the running dashboard whether it is ready, for a container's health
// check.
func (c health) Run(ctx context.Context) error {
	_, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+port+"/readyz", nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{Proxy: nil}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: HTTP %d", response.StatusCode)
	}
	return nil
}
