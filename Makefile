# make run     the whole product with demo data on http://localhost:8080
# make test    everything that is proved, Chromium included
# make torture the safety proofs whole, some by the thousand; takes long
# make fuzz    every fuzz target with twenty thousand inputs; FUZZ=5m for so long instead
# make bench   speed as ratios within one run
# make look    pictures of every page, for looking at; anew those of README.md
.PHONY: run test torture fuzz bench look generate build

run:
	go run . demo

# The longest go first. The safety proofs say in one line each what they counted (docs/safety.md).
test:
	sh .ci/chromium
	figures=$$(mktemp) && COUNTERSIGN_FIGURES=$$figures go test -timeout 20m ./torture ./e2e ./... && cat $$figures && rm $$figures

torture:
	figures=$$(mktemp) && COUNTERSIGN_FIGURES=$$figures go test -timeout 3h ./torture -full && cat $$figures && rm $$figures

FUZZ = 20000x
fuzz:
	.ci/fuzz $(FUZZ)

bench:
	cd bench && go test -tags bench -count=1 -timeout 10m

look:
	sh .ci/chromium
	go test -count=1 -tags pictures -run TestPictures ./e2e -pictures "$(CURDIR)/pictures" -shown "$(CURDIR)/docs/pictures"

generate:
	go tool templ generate -path views

TAGS = netgo osusergo sqlite_omit_load_extension
VERSION = $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# One file without anything beside it; needs gcc and static libc.
build:
	CGO_ENABLED=1 go build -tags '$(TAGS)' -trimpath \
		-ldflags '-s -w -linkmode external -extldflags "-static" -X countersign/commands.Version=$(VERSION)' -o countersign .
