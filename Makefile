# make demo                      a relay, a practice phone and a practice card on this machine
# make demo PDF=in.pdf OUT=out.pdf   the same job with nobody at the keyboard
# make test                      every suite there is
# make bench                     ratios and counts, beside a peer or a bound; BENCH=reader for a part, BENCH=build for a clean build
# make model                     the symbolic model of the hand-off, with and without each guard; a minute, after three to build its prover

CARGO ?= cargo
TOOLS := tests/end-to-end/tools

.PHONY: demo test test-rust test-pcsc test-judges test-browser bench model packages

demo:
	@$(TOOLS)/install-packages.sh demo
	@$(CARGO) build --locked --workspace --bins
	@target/debug/demo $(if $(PDF),--pdf "$(PDF)") $(if $(OUT),--out "$(OUT)")

test: packages
	@$(TOOLS)/run-suites.sh

test-rust test-pcsc test-judges test-browser: packages
	@$(TOOLS)/run-suites.sh $@

bench:
	@$(TOOLS)/install-packages.sh bench
	@$(TOOLS)/install-judges.sh
	@$(TOOLS)/run-benches.sh $(BENCH)

model:
	@$(TOOLS)/install-verifpal.sh
	@$(TOOLS)/run_model.py $(RUN)

packages:
	@$(TOOLS)/install-packages.sh test
	@$(TOOLS)/install-judges.sh
	@$(TOOLS)/install-axe.sh
