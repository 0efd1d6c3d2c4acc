// Package handlers speaks HTTP: it reads the request, asks one service and
// answers with a page. Routes stand on one screen, in routes.go.
package handlers

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"countersign/models"
	"countersign/services"
)

// Config is what the pages need: the services and how this installation is reached.
type Config struct {
	*services.Core
	People  *services.People
	SignIn  *services.SignIn
	Factors *services.Factors
	StepUp  *services.StepUp
	Policy  *services.Policy
	Limits  *services.Limits
	Hub     *services.Hub

	Payouts  *services.Payouts
	Payees   *services.Payees
	Sender   *services.Sender
	Notices  *services.Notices
	Verdicts *services.Verdicts
	Accounts *services.Accounts
	Proof    *services.Proof
	Heads    *services.Heads
	Evidence *services.Evidence
	Bundles  *services.Bundles
	Sandbox  SandboxControl // the sandbox that this process runs; nil if it runs none

	Demo           bool                 // a demonstration: one click signs in
	DemoPeople     []DemoPerson         // who may be picked there
	PublicURL      string               // where people reach it, as its start was told; "" takes the setting that notices use
	Secure         bool                 // reached by https; off only on loopback
	CookieKey      []byte               // at least 32 bytes; signs cookies and form keys
	Registry       *prometheus.Registry // figures of other parts; nil makes an own one
	MetricsToken   string               // "" shows metrics to this machine alone
	Version        string
	TrustedProxies []string // addresses whose word on the client's address counts
}

// DemoPerson is somebody whom a visitor of the demonstration can be.
type DemoPerson struct {
	Login string
	Story string // catalogue key: what they can do in the story
}

// Handlers is the web side of Countersign. Services are reached as its fields.
type Handlers struct {
	Config
	changes    *services.Changes
	engine     *gin.Engine
	origin     *http.CrossOriginProtection
	sessions   *sessionStore
	formKeys   *formKeys
	challenges *formKeys // of passkeys: made in the same way, answered within minutes
	refusals   *limiter
	intake     *intake
	streams    *streams
	metrics    *metrics
	routed     []Route
}

// minCookieKey is the least that the key of cookies must have.
const minCookieKey = 32

// New puts the routes together. A route without a declared permission is an
// error: nothing starts with a door that nobody guards (I23).
func New(config Config) (*Handlers, error) {
	h, err := build(config)
	if err != nil {
		return nil, err
	}
	in := &registrar{h: h}
	h.routes(in)
	if err := in.check(); err != nil {
		return nil, err
	}
	h.routed = in.routes
	return h, nil
}

func build(config Config) (*Handlers, error) {
	if len(config.CookieKey) < minCookieKey {
		return nil, fmt.Errorf("the cookie key has %d bytes; it needs %d", len(config.CookieKey), minCookieKey)
	}
	cookies, err := derive(config.CookieKey, "countersign cookies")
	if err != nil {
		return nil, err
	}
	forms, err := derive(config.CookieKey, "countersign form keys")
	if err != nil {
		return nil, err
	}
	passkeys, err := derive(config.CookieKey, "countersign passkey challenges")
	if err != nil {
		return nil, err
	}
	h := &Handlers{
		changes:    &services.Changes{Core: config.Core},
		challenges: newFormKeys(passkeys, services.StepLasts),
		Config:     config, origin: crossOrigin(), sessions: newSessionStore(config, cookies),
		formKeys: newFormKeys(forms, services.FormKeyLasts), refusals: newLimiter(refusalsNoted, time.Minute), intake: newIntake(), streams: newStreams(),
	}
	if h.metrics, err = newMetrics(config.Registry, h); err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	h.engine, err = newEngine(h)
	return h, err
}

func derive(key []byte, use string) ([]byte, error) {
	return hkdf.Key(sha256.New, key, nil, use, minCookieKey)
}

func newEngine(h *Handlers) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.ContextWithFallback = true
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.RemoteIPHeaders = []string{"X-Forwarded-For"} // proxies add to it; others they may pass on as they came
	if err := engine.SetTrustedProxies(h.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	engine.Use(h.enter)
	engine.NoRoute(h.page(Route{Verb: models.VerbPublic, body: formBytes}, noSuchPage))
	engine.NoMethod(h.page(Route{Verb: models.VerbPublic, body: formBytes}, noSuchMethod))
	return engine, nil
}

// ServeHTTP answers a request.
func (h *Handlers) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.engine.ServeHTTP(w, r) }

// Routes lists every route with its permission.
func (h *Handlers) Routes() []Route { return h.routed }

// Server is an HTTP server with limits on headers and times (S14). When it shuts
// down, the open streams end first, so that it need not wait for them.
func Server(addr string, h *Handlers) *http.Server {
	server := &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10,
		ErrorLog:       slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(h.Hub.Close)
	return server
}

var errNoMethod = errors.New("this page does not answer that method")

func noSuchPage(*gin.Context) error   { return models.Refuse(models.Missing, "error.no_page") }
func noSuchMethod(*gin.Context) error { return errNoMethod }
