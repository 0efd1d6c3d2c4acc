package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"countersign/services/gateway/sandbox"
)

// trialMerchants are the customers of a sandbox that runs alone. Their keys are
// public on purpose.
var trialMerchants = []sandbox.Merchant{
	{Family: sandbox.Apay, MerchantID: "PF0002", Key: "ThisIsYourSecretKey123", Authorization: "sandbox-authorization", Currency: "TWD", Balance: 5_000_000_00},
	{Family: sandbox.Apay, MerchantID: "PF0003", Key: "ThisIsYourSecretKey123", Authorization: "sandbox-authorization", Currency: "CNY", Balance: 2_000_000_00},
	{Family: sandbox.Cashy, MerchantID: "100001", Key: "TestApiKey0123456789abcdefABCDEF", Currency: "PEN", Balance: 500_000_00},
}

type sandboxOnly struct {
	Addr  string `help:"Address to listen on; loopback only." default:"127.0.0.1:8090"`
	Speed int    `help:"How many times faster the platform's time runs." default:"60"`
}

// Run plays both gateways until it is told to stop.
func (s sandboxOnly) Run(ctx context.Context, out io.Writer) error {
	logTo(os.Stderr, "text", slog.LevelInfo)
	listener, err := listenLoopback(s.Addr)
	if err != nil {
		return err
	}
	played := sandbox.New(sandbox.Config{Now: now, Merchants: trialMerchants, Speed: s.Speed})
	defer played.Close()
	played.Start()
	for _, m := range trialMerchants {
		path := ""
		if m.Family == sandbox.Cashy {
			path = "/stage-api"
		}
		fmt.Fprintf(out, "%s  %s  merchant %s  key %s  authorization %s  http://%s%s\n",
			m.Family, m.Currency, m.MerchantID, m.Key, m.Authorization, listener.Addr(), path)
	}
	return serveUntil(ctx, listener, played.Handler())
}

// listenLoopback refuses any address that others could reach: a sandbox has no
// secrets worth the name.
func listenLoopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("the sandbox listens on loopback only, not on %q", host)
	}
	return net.Listen("tcp", address)
}

func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return errors.Join(server.Close())
	}
}
