# The two that matter: "make run" opens Mailroom on the practice office, "make test"
# runs everything that CI runs. Both install what is missing and do nothing twice.
.DELETE_ON_ERROR:

# Finds the Go and Node that setup fetches where the system's are too old.
export PATH := $(shell . scripts/env.sh && printf %s "$$PATH")
unexport GOROOT

BIN     := build/bin
STAMPS  := .cache/stamps
VERSION := $(shell sed -n 's/.*"productVersion": "\(.*\)".*/\1/p' wails.json)
GOFILES  = $(shell find . -name '*.go' -not -path './frontend/node_modules/*' -not -name '*_test.go') go.mod go.sum e2e_linux.c
PAGE     = $(shell find frontend/src frontend/public frontend/wailsjs -type f) frontend/index.html frontend/package.json frontend/tsconfig.json frontend/vite.config.ts
LINK    := -w -s -X main.version=$(VERSION)
TAGS    := desktop,production
ifeq ($(shell uname -s),Linux)
TAGS    := $(TAGS),webkit2_41
# The window's libraries are loaded when the window opens, not with the verbs.
LAZY    := -extldflags=-Wl,-z,lazy
endif

.PHONY: run test build build-windows installer bench soak soak-logs bindings icon fmt setup clean

run: $(BIN)/mailroom
	@scripts/run.sh $(BIN)/mailroom

build: $(BIN)/mailroom

$(BIN)/mailroom: $(GOFILES) $(STAMPS)/page | $(STAMPS)/setup
	go build -tags $(TAGS) -trimpath -ldflags "$(LINK) $(LAZY)" -o $@ .
ifneq ($(LAZY),)
	go run ./build/lazy $@
endif

# The page is built once for whatever changed in it.
$(STAMPS)/page: $(STAMPS)/npm $(PAGE)
	npm --prefix frontend run --silent build
	@touch frontend/dist/.gitkeep $@

$(STAMPS)/npm: frontend/package-lock.json | $(STAMPS)/setup
	scripts/npm.sh
	@touch $@

$(STAMPS)/setup: scripts/setup.sh scripts/env.sh go.mod
	scripts/setup.sh run
	@mkdir -p $(STAMPS) && touch $@

setup: $(STAMPS)/setup

test:
	@scripts/test.sh

# The Windows program needs no C compiler; go-winres gives it icon, manifest and version.
build-windows: $(STAMPS)/page
	go run github.com/tc-hib/go-winres@v0.3.3 make --in build/windows/winres.json --arch amd64,arm64 --out rsrc \
		--product-version $(VERSION).0 --file-version $(VERSION).0
	for arch in amd64 arm64; do \
		GOOS=windows GOARCH=$$arch CGO_ENABLED=0 go build -tags desktop,production -trimpath \
			-ldflags "$(LINK) -H windowsgui" -o $(BIN)/mailroom-$$arch.exe . || exit 1; \
	done
	rm -f rsrc_windows_*.syso

# Needs makensis. The installer of WebView2's runtime is part of the Wails module.
installer: build-windows
	makensis -V2 -INPUTCHARSET UTF8 -DVERSION=$(VERSION) -DPROGRAM=$(CURDIR)/$(BIN)/mailroom-amd64.exe \
		-DOUTPUT=$(CURDIR)/$(BIN)/mailroom-setup.exe \
		-DWEBVIEW=$$(go list -m -f '{{.Dir}}' github.com/wailsapp/wails/v2)/internal/webview2runtime/MicrosoftEdgeWebview2Setup.exe \
		build/windows/installer.nsi

bench:
	scripts/bench.sh

soak:
	scripts/soak.sh

soak-logs:
	scripts/soak.sh logs

bindings:
	scripts/bindings.sh

icon:
	go run ./build/icon

fmt: $(STAMPS)/npm
	$$(go env GOROOT)/bin/gofmt -w *.go backend build
	npm --prefix frontend run --silent format

clean:
	rm -rf $(BIN) $(STAMPS)
