# The commands of README.md.

CARGO ?= cargo
E2E = e2e/node_modules/.stamp
WEB = web/dist/manifest.json

.PHONY: demo test bench dist web check policy e2e kill bucket clean

# Build, generate a synthetic county, serve it, print address and logins.
demo: $(WEB)
	$(CARGO) build --release --locked -p yiyang
	./target/release/yiyang demo --data-dir data/demo --listen 127.0.0.1:8080

# Everything a contributor must run.
test: check policy e2e kill

check: $(WEB)
	$(CARGO) fmt --all --check
	python3 .ci/licences.py $(CARGO)
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	$(CARGO) test --workspace --exclude mqtt --locked
# By itself: its tests stop tokio's clock, and a tokio that can be stopped would have everything compiled a second time.
	$(CARGO) test -p mqtt --locked

policy: $(WEB)
	$(CARGO) build --locked -p yiyang
	./target/debug/yiyang policy check
	./target/debug/yiyang policy test

# Journeys in a real browser, then schemathesis, against a small synthetic county; for pictures, run e2e/with-server.sh by itself.
e2e: $(WEB) $(E2E)
	$(CARGO) build --locked -p yiyang
	node e2e/visit/run.mjs
	E2E_PICTURES=no e2e/with-server.sh

# The server is killed while it writes; nothing acknowledged may be lost. `make bench` does it a thousand times.
kill: $(WEB)
	$(CARGO) build --locked -p yiyang
	$(CARGO) build --locked -p mqtt --example load
	python3 benches/kill.py target/debug/yiyang 20
	python3 benches/readings.py kill target/debug/yiyang target/debug/examples/load 5

# Files in an S3-compatible store: in moto's, where it can be installed, or the one YIYANG_TEST_S3 and AWS_… name.
bucket:
	e2e/with-bucket.sh $(CARGO)

bench: $(WEB)
	$(CARGO) build --release --locked -p yiyang
	benches/run.sh
	$(CARGO) build --release --locked -p mqtt --examples
	benches/mqtt.sh
	python3 benches/readings.py load target/release/yiyang target/release/examples/load --seconds 30
	python3 benches/readings.py load target/release/yiyang target/release/examples/load --rate 1300 --seconds 60
	python3 benches/readings.py kill target/release/yiyang target/release/examples/load 100

# One binary with everything in it, its options explained, and their digests. FEATURES=object-store adds S3-compatible stores.
dist: $(WEB)
	$(CARGO) build --release --locked -p yiyang --features "$(FEATURES)"
	mkdir -p dist
	cp target/release/yiyang crates/yiyang/config.default.toml LICENSE dist/
	cd dist && sha256sum yiyang config.default.toml LICENSE > SHA256SUMS

web: $(WEB)

$(WEB): $(shell find web/src web/style web/static web/visit web/*.json web/*.mjs web/icons.txt -type f 2>/dev/null)
	cd web && npm ci --no-audit --no-fund --silent && npm run --silent build

$(E2E): e2e/package-lock.json
	cd e2e && npm ci --no-audit --no-fund --silent
	touch $@

clean:
	$(CARGO) clean
	rm -rf web/dist e2e/out dist
