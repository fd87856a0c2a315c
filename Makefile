# Pointille. "make help" lists what there is to make.

SHELL = bash

# One set of flags for build, vet, tests and staticcheck: OpenCV's bindings take minutes to compile,
# and with the same flags they are compiled once. nodynamic: HEIC files are read by the built-in decoder, never by
# whatever libheif the machine has.
TAGS = nodynamic
export GOFLAGS := $(GOFLAGS) -trimpath -buildvcs=false -tags=$(TAGS)

VERSION = $(shell scripts/version.sh)
CASE = testdata/demo
DEMO = out/demo
FUZZTIME = 30
CRASHES = 300

.PHONY: help setup readers build build-queue demo test check vet fuzz bench bench-peers crashes kills queues dots e2e clean

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## install what is missing (Debian packages); does nothing where nothing is missing
	@scripts/setup.sh

readers: setup
	@scripts/setup.sh --readers

build: setup ## bin/pointille
	go build -ldflags '-X main.version=$(VERSION)' -o bin/pointille ./cmd/pointille

build-queue: setup ## bin/pointille-queue: the same program, and batches on several machines
	go build -ldflags '-X main.version=$(VERSION)' -o bin/pointille-queue ./cmd/pointille-queue

demo: build ## plan the demo case and say where the report is
	bin/pointille plan --out $(DEMO) $(CASE)
	@echo
	@echo "The report: $(abspath $(DEMO))/report.html"

test: check readers ## set-up, tree rules, vet, staticcheck, leak tests, all tests
	go test -tags '$(TAGS) matprofile' ./internal/cvx ./vision
	go test ./...

check: setup ## tree rules, vet and staticcheck
	@scripts/check-tree.sh
	go vet ./...
	go vet -tags '$(TAGS) refit' ./planner/dots
	go vet -tags '$(TAGS) e2e' ./internal/studio
	go tool staticcheck ./...

fuzz: setup ## every fuzz target, FUZZTIME seconds each (30)
	@scripts/fuzz.sh $(FUZZTIME)

bench: setup ## our benchmarks, kept in out/bench.txt; COUNT=10 for benchstat
	@scripts/bench.sh

bench-peers: setup ## ours beside other people's code at the same work, kept in out/bench-peers.txt
	@scripts/bench.sh --peers

crashes: setup ## kill a writer of the record CRASHES times (300) and look what is left
	POINTILLE_CRASHES=$(CRASHES) go test -v -timeout 2h -run 'TestKilled$$' ./internal/records

kills: setup ## a batch over 300 photos killed 60 times, and one over 2,000 damaged photos; takes an hour
	POINTILLE_KILLS=60 POINTILLE_PHOTOS=300 POINTILLE_DAMAGED=2000 go test -v -timeout 3h -run 'BatchKilled|BatchDamaged' ./cmd/pointille
	POINTILLE_DO=plan POINTILLE_KILLS=30 POINTILLE_PHOTOS=30 go test -v -timeout 1h -run BatchKilled ./cmd/pointille

queues: setup ## a batch over 60 photos whose workers are killed and cut off 30 times, and one of plans; takes half an hour
	POINTILLE_KILLS=30 POINTILLE_PHOTOS=60 go test -v -timeout 1h -run Workers ./cmd/pointille-queue
	POINTILLE_DO=plan POINTILLE_KILLS=10 POINTILLE_PHOTOS=9 go test -v -timeout 1h -run Workers ./cmd/pointille-queue

dots: setup ## the figures dots are judged by, over five seeds, kept in out/dots.md
	@mkdir -p out
	go run ./planner/dots/figures | tee out/dots.md

e2e: ## a whole consultation in two real browsers; installs chromium and WebKit. SHOTS=DIR keeps screenshots
	@scripts/setup.sh --browser
	go test -tags '$(TAGS) e2e' -run TestConsultation -timeout 30m -v ./internal/studio

clean: ## remove bin and out
	rm -rf bin out
