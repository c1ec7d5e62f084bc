# True North. `make` builds bin/, `make check` tests it; every variant has its own directory under build/.
#
#   make                release programs in bin/
#   make VARIANT=debug programs      the same under build/debug (also: asan)
#   make CC=clang       with another compiler; flags that it does not know are left out
#   make check          all tests on the release build, and those with bytes from outside once more under ASan+UBSan
#                       (`SANITIZED=`: only units)
#   make lint           formatting, static analysis, layers, manuals, shell scripts
#   make bench          figures, as ratios in one run; BASE=REVISION measures that revision beside this one
#   make fuzz           fuzz targets (clang), FUZZ_SECONDS each
#   make soak           the long versions of the fault tests
#   make coverage       how many branches the tests take; make mutate: whether units notice small wrong changes (hours)
#   make install        PREFIX=/usr/local DESTDIR=
#   make uninstall      takes away what install put there
#   make clean

PREFIX ?= /usr/local
BINDIR = $(DESTDIR)$(PREFIX)/bin
LIBEXECDIR = $(DESTDIR)$(PREFIX)/libexec/truenorth
MANDIR = $(DESTDIR)$(PREFIX)/share/man
SHAREDIR = $(DESTDIR)$(PREFIX)/share/truenorth
DOCDIR = $(DESTDIR)$(PREFIX)/share/doc/truenorth
BASHDIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
UNITDIR = $(DESTDIR)$(PREFIX)/lib/systemd/user
FISHDIR = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
FUZZ_SECONDS ?= 60
VARIANT ?= release
JOBS ?= $(shell nproc)
MAKEFLAGS += --no-print-directory
# `make V=1` shows whole commands.
Q := $(if $(V),,@)
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

PROGRAMS := tn $(sort $(basename $(notdir $(wildcard src/tn-*.c))))
# Programs that only programs start; each has a library of its own in LIBS.NAME.
HELPERS := $(sort $(basename $(notdir $(wildcard src/libexec/*.c))))
LIBS.jq-runner := -ljq
LIBRARY := $(filter-out src/libexec/%,$(sort $(wildcard src/[!t]*/*.c)))
UNITS := $(sort $(basename $(notdir $(wildcard tests/unit/test-*.c))))
BENCHES := $(sort $(basename $(notdir $(wildcard tests/bench/bench-*.c))))
FUZZERS := $(sort $(basename $(notdir $(wildcard tests/fuzz/fuzz-*.c))))
SCRIPTS := $(sort $(wildcard tests/cli/*.t tests/fault/*.t))
VERSION := 0.1.0

# `make CC=…` chooses the compiler of all variants but fuzz. Which of the flags below it knows is asked once, and kept.
COMPILER := $(if $(filter default,$(origin CC)),gcc,$(CC))
CC.release := $(COMPILER)
CC.debug := $(COMPILER)
CC.asan := $(COMPILER)
CC.coverage := gcc
CC.fuzz := clang
PROBE := build/probe/$(subst /,_,$(subst $() ,_,$(CC.$(VARIANT)))).mk
-include $(PROBE)
known = $(filter $(KNOWN_FLAGS),$1)
$(PROBE): scripts/dev/probe-flags
	@mkdir -p $(@D)
	@scripts/dev/probe-flags "$(CC.$(VARIANT))" >$@.new && mv -f $@.new $@

WARN := -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wformat=2 -Wvla \
        $(if $(filter clang,$(COMPILER_NAME)),-Wno-string-conversion -Wno-format-nonliteral)
HARDEN := -fPIE -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(call known,-fstack-clash-protection -fcf-protection)
# A variant is a compiler, its flags and its linker flags; nothing is shared between two of them.
CFLAGS.release := -O2 $(HARDEN)
LDFLAGS.release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
# What every bar of a backtest passes is optimised as a whole (LTO) in the programs: a third of its time is saved, and a
# twentieth each by -O3 over -O2 and by inlining more than gcc would. Loops are aligned so that a figure does not hang on
# where they happen to fall. Unit tests link the same objects one by one. Left to itself gcc clears and copies some
# hundred bytes with `rep stos` and `rep movs`, which take longer to start than moves take to finish.
MOVES := unrolled_loop:256:noalign,libcall:-1:noalign
BLOCKS := $(call known,-mmemset-strategy=$(MOVES) -mmemcpy-strategy=$(MOVES))
WHOLE := $(filter src/backtest/% src/cost/% src/order/% src/sim/% src/risk/% src/ledger/% src/strategy/% src/indicator/% src/stat/% src/base/dec.c,\
           $(LIBRARY))
INLINE := $(call known,--param=inline-unit-growth=100 --param=max-inline-insns-auto=100)
# The objects carry plain code beside the compiler's own form: only where it can do that are the programs linked whole.
LTO := $(if $(call known,-ffat-lto-objects),$(call known,-flto=auto))
WHOLE_PROGRAM := $(BLOCKS) $(INLINE) $(call known,-falign-loops=32) $(LTO)
WHOLE.release := -O3 $(WHOLE_PROGRAM) $(if $(LTO),-ffat-lto-objects)
LINK_WHOLE.release := -O2 $(WHOLE_PROGRAM) $(HARDEN)
LINK_PARTS.release := $(if $(LTO),-fno-lto)
# Those that pass bars by the million. A whole link takes as long as compiling forty files; the rest would gain nothing.
WHOLE_PROGRAMS := tn-backtest tn-order
CFLAGS.debug := -O0 -g3 -DTN_CHECKED
LDFLAGS.debug :=
# Lines for the reports, and no more: this build is a third of the time of a clean run.
CFLAGS.asan := -Og -g1 -DTN_CHECKED -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS.asan := -fsanitize=address,undefined
# What reaches a branch is counted in files beside the objects, by every process that ends.
CFLAGS.coverage := -O0 -g --coverage -DTN_CHECKED
LDFLAGS.coverage := --coverage
CFLAGS.fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LDFLAGS.fuzz := -fsanitize=fuzzer,address,undefined

# TN_CHECKED: what is encoded for the journal is decoded again and compared.
# -Werror belongs to the one compiler whose warnings are known: gcc 12, release.
WERROR := $(if $(filter release,$(VARIANT)),$(if $(filter gcc-12,$(COMPILER_NAME)),-Werror))
B := build/$(VARIANT)
# Doubles come out the same on every machine: no contraction. Nobody asks errno or the flags of the floating-point unit
# what a square root did, which lets loops with one run in vectors.
DOUBLES := -ffp-contract=off -fno-math-errno -fno-trapping-math
COMPILE = $(CC.$(VARIANT)) -std=c17 -D_GNU_SOURCE -DTN_VERSION='"$(VERSION)"' -Isrc $(DOUBLES) -MMD -MP \
          $(WARN) $(WERROR) $(CFLAGS.$(VARIANT)) $(CFLAGS)
LIBS := -lsqlite3 -lcurl -lwslay -lzstd -lmicrohttpd -lcrypto -lxlsxwriter -lm
LINK = $(CC.$(VARIANT)) $(LDFLAGS.$(VARIANT)) -Wl,--as-needed $(LDFLAGS)

# Scripts that are commands have one place; the folders of programs point to it. What they share is share/jobs.sh.
COMMANDS := $(sort $(notdir $(wildcard scripts/tn-*)))
all: $(PROGRAMS:%=bin/%) $(HELPERS:%=bin/libexec/%) $(COMMANDS:%=bin/%) $(COMMANDS:%=$(B)/%)

bin/%: build/release/%
	@mkdir -p $(@D)
	@cp $< $@.new && mv -f $@.new $@

$(WHOLE:%.c=$(B)/%.o): CFLAGS += $(WHOLE.$(VARIANT))
# Objects are built again when a command changes, not when this file does. Several makes may look at a time (tests run
# make): each has a file of its own.
SELF := $(shell echo $$PPID)
$(B)/commands: FORCE
	$(shell mkdir -p $(@D))$(file >$@.$(SELF),$(COMPILE) $(WHOLE.$(VARIANT)))
	@cmp -s $@.$(SELF) $@ && rm -f $@.$(SELF) || mv -f $@.$(SELF) $@
FORCE:

$(B)/%.o: %.c $(B)/commands
	@mkdir -p $(@D)
	$(if $(V),,@echo "cc $@")
	$(Q)$(COMPILE) -c $< -o $@

$(B)/libtn.a: $(LIBRARY:%.c=$(B)/%.o)
	@rm -f $@
	$(if $(V),,@echo "ar $@")
	$(Q)ar rcs $@ $^

.SECONDEXPANSION:
$(COMMANDS:%=bin/%) $(COMMANDS:%=$(B)/%): scripts/$$(@F)
	@mkdir -p $(@D)
	@ln -srf $< $@

$(PROGRAMS:%=$(B)/%): $(B)/%: $(B)/src/%.o $$(addprefix $(B)/,$$(addsuffix .o,$$(basename $$(sort $$(wildcard src/$$*/*.c))))) $(B)/libtn.a
	$(if $(V),,@echo "ld $@")
	$(Q)$(LINK) $(if $(filter $*,$(WHOLE_PROGRAMS)),$(LINK_WHOLE.$(VARIANT)),$(LINK_PARTS.$(VARIANT))) -o $@ $^ $(LIBS)

$(HELPERS:%=$(B)/libexec/%): $(B)/libexec/%: $(B)/src/libexec/%.o
	@mkdir -p $(@D)
	$(if $(V),,@echo "ld $@")
	$(Q)$(LINK) -o $@ $^ $(LIBS.$*)

$(UNITS:%=$(B)/%): $(B)/%: $(B)/tests/unit/%.o $(B)/libtn.a
	$(if $(V),,@echo "ld $@")
	$(Q)$(LINK) $(LINK_PARTS.$(VARIANT)) -o $@ $^ $(LIBS)

$(BENCHES:%=$(B)/%): $(B)/%: $(B)/tests/bench/%.o $(B)/libtn.a
	$(if $(V),,@echo "ld $@")
	$(Q)$(LINK) $(LINK_WHOLE.$(VARIANT)) -o $@ $^ $(LIBS)

$(FUZZERS:%=$(B)/%): $(B)/%: $(B)/tests/fuzz/%.o $(B)/libtn.a
	$(if $(V),,@echo "ld $@")
	$(Q)$(LINK) -o $@ $^ $(LIBS)

programs: $(PROGRAMS:%=$(B)/%) $(HELPERS:%=$(B)/libexec/%) $(COMMANDS:%=$(B)/%)
units: $(UNITS:%=$(B)/%) $(HELPERS:%=$(B)/libexec/%)
benches: $(BENCHES:%=$(B)/%)
fuzzers: $(FUZZERS:%=$(B)/%)

# One prove run, so that its last line speaks for all: the unit tests, each also under the sanitizers, and the programs.
# Scripts that hand programs bytes from outside (files, servers, posts, damage) run under the sanitizers too. Those in which
# programs only read each other, and the long ones (live, books, agree, exec: feeds, sources, coprocesses), do in `make soak`:
# their parsers are sanitized in units.
# Tests that strike system calls or limit memory are about the release build alone.
RELEASE_ONLY := tests/cli/replace.t tests/cli/tn.t
OUTSIDE := $(patsubst %,tests/cli/%.t,backtest backup badinput bot cache calendars damage doctor expr fees fixtures halt \
             health instruments journal journal-versions notify num order pack providers quote recording records report \
             reports returns risk rules service signal sources stream stream-decoders stream-flow study sweep ticks \
             tn-order-watch trades webhook wire)
sanitized = $(patsubst %,build/asan/%,$(filter-out $(RELEASE_ONLY),$(filter tests/cli/%,$1)))
SANITIZED := $(call sanitized,$(filter $(OUTSIDE),$(SCRIPTS)))
INSIDE := $(call sanitized,$(filter-out $(OUTSIDE),$(SCRIPTS)))
# What takes longest begins first, so that no processor waits for the last test alone.
LONG := $(patsubst %,%.t,conventions morning-scan badinput manual live schedule reference order notify exec dec damage \
          rule-files examples quote stream report sources journal health bot agree consensus)
TESTS := $(SANITIZED) $(SCRIPTS) $(UNITS:%=build/asan/%) $(UNITS:%=build/release/%)
LONGEST := $(foreach name,$(LONG),$(filter %/$(name),$(TESTS)))
check: all programs units asan $(SANITIZED)
	TN_BIN=build/release prove --exec '' -j$(JOBS) $(LONGEST) $(filter-out $(LONGEST),$(TESTS))

asan:
	@$(MAKE) VARIANT=asan programs units

# The script of a test beside other programs, whose findings end them with a code that no program of ours has.
build/asan/tests/cli/%.t: tests/cli/%.t
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nTN_BIN=build/asan ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 exec %s\n' $< >$@
	@chmod +x $@

soak: all programs units asan $(INSIDE)
	build/release/test-conservation 10000
	build/release/test-parity 20
	build/release/test-brokers 10000
	build/release/test-steps 8
	TN_BIN=build/release TN_SOAK=1 prove --exec '' --timer $(SCRIPTS)
	prove --exec '' --timer $(INSIDE)
	rm -rf build/lint/src
	@$(MAKE) -k -j$(JOBS) tidy NODES=100000

# Which branches the tests take, by folder: of the units and the scripts that run the programs.
COVERED := journal broker db ledger cost order sim
coverage:
	@$(MAKE) VARIANT=coverage programs units
	@find build/coverage -name '*.gcda' -delete
	TN_BIN=build/coverage prove --exec '' -j$(JOBS) $(UNITS:%=build/coverage/%) $(filter-out $(RELEASE_ONLY),$(filter tests/cli/%,$(SCRIPTS)))
	build/coverage/test-failing 3 | grep -v '^ok'
	@scripts/dev/coverage -m 90 $(wildcard $(COVERED:%=src/%))

mutate:
	@scripts/dev/mutate

# The parts of lint, each beside the others: every part runs, even when one fails.
LINTS := cppcheck layout layers house manuals
SHELLS := $(sort $(shell grep -rlE '^.!/(usr/)?bin/(env )?(ba)?sh' scripts tests examples .ci 2>/dev/null) $(wildcard share/*.sh share/*/*.sh))
lint: all
	@$(MAKE) -k -Otarget -j$(JOBS) $(LINTS:%=lint-%) shell tidy && echo "lint: clean"
lint-%: FORCE
	@scripts/dev/lint $*

shell: $(SHELLS:%=build/lint/%.shell)
build/lint/%.shell: % tests/cli/lib.sh
	@mkdir -p $(@D)
	@shellcheck -x -P SCRIPTDIR -P . $<
	@touch $@

# clang-tidy looks again at a file only when its object was built again. A smaller state space than the default (225,000
# nodes a function) makes it six times as fast; it still finds what lies within a function. `make soak` looks deeper.
NODES ?= 10000
tidy: $(patsubst %.c,build/lint/%.ok,$(sort $(wildcard src/*.c src/*/*.c)))
build/lint/%.ok: build/release/%.o .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $*.c -- -std=c17 -D_GNU_SOURCE -DTN_VERSION='"$(VERSION)"' -Isrc \
	    -Xclang -analyzer-config -Xclang max-nodes=$(NODES) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

# A benchmark is a program (tests/bench/bench-*.c) or a script beside it; each compares with a yardstick of its own, and
# with BASE=REVISION also with that revision, built and run beside this one. ONLY='NAME…' chooses some.
bench: all programs benches
	@scripts/dev/bench $(if $(BASE),-b $(BASE)) $(ONLY)

fuzz:
	@$(MAKE) VARIANT=fuzz fuzzers
	@for f in $(FUZZERS:fuzz-%=%); do \
	    echo "# $$f"; mkdir -p build/fuzz/corpus/$$f; \
	    build/fuzz/fuzz-$$f -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -print_final_stats=1 \
	        -artifact_prefix=build/fuzz/$$f- build/fuzz/corpus/$$f $$(ls -d tests/fuzz/corpus/$$f 2>/dev/null) || exit 1; done

# What is installed is listed once; uninstall removes the same list.
PAGES := $(sort $(wildcard man/man[157]/*.[157]))
SHARED := $(sort $(shell find share -type f 2>/dev/null))
DOCS := $(sort README.md LICENSE $(shell find examples -type f 2>/dev/null) \
        $(filter-out scripts/install-deps scripts/test scripts/demo scripts/tn-%,$(shell find scripts -maxdepth 1 -type f 2>/dev/null)))
INSTALLED = $(PROGRAMS:%=$(BINDIR)/%) $(HELPERS:%=$(LIBEXECDIR)/%) $(COMMANDS:%=$(BINDIR)/%) $(PAGES:man/%=$(MANDIR)/%) \
            $(SHARED:share/%=$(SHAREDIR)/%) $(DOCS:%=$(DOCDIR)/%) \
            $(patsubst systemd/%,$(UNITDIR)/%,$(wildcard systemd/*)) \
            $(patsubst completions/bash/%,$(BASHDIR)/%,$(wildcard completions/bash/*)) \
            $(patsubst completions/zsh/%,$(ZSHDIR)/%,$(wildcard completions/zsh/*)) \
            $(patsubst completions/fish/%,$(FISHDIR)/%,$(wildcard completions/fish/*))

install: all $(INSTALLED)
$(BINDIR)/%: bin/%
	install -D -m 755 $< $@
$(LIBEXECDIR)/%: bin/libexec/%
	install -D -m 755 $< $@
$(MANDIR)/%: man/%
	install -D -m 644 $< $@
$(SHAREDIR)/%: share/%
	install -D -m 644 $< $@
$(UNITDIR)/%: systemd/%
	@install -d $(@D)
	sed 's|@BINDIR@|$(PREFIX)/bin|' $< >$@.new && chmod 644 $@.new && mv -f $@.new $@
$(BASHDIR)/%: completions/bash/%
	install -D -m 644 $< $@
$(ZSHDIR)/%: completions/zsh/%
	install -D -m 644 $< $@
$(FISHDIR)/%: completions/fish/%
	install -D -m 644 $< $@
$(DOCDIR)/%: %
	install -D -m $$(test -x $< && echo 755 || echo 644) $< $@

uninstall:
	rm -f $(INSTALLED)
	@for folder in $(SHAREDIR) $(DOCDIR) $(LIBEXECDIR); do [ ! -d "$$folder" ] || find "$$folder" -depth -type d -empty -delete; done

clean:
	rm -rf build bin

# Of this variant alone: under build are other trees too (make bench BASE=).
-include $(shell find $(B) -name '*.d' 2>/dev/null)

.PHONY: all programs units benches fuzzers check asan soak coverage mutate lint tidy shell bench fuzz install uninstall clean FORCE
