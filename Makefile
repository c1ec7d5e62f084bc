# True North. `make` builds bin/, `make check` tests it; every variant has its own directory under build/.
#
#   make                release programs in bin/
#   make check          all tests (release), then unit tests under ASan+UBSan
#   make lint           formatting, static analysis, layers, manuals, shell scripts
#   make bench          figures, as ratios in one run
#   make fuzz           fuzz targets (clang), FUZZ_SECONDS each
#   make soak           the long versions of the fault tests
#   make install        PREFIX=/usr/local DESTDIR=
#   make uninstall clean

PREFIX ?= /usr/local
VARIANT ?= release
JOBS ?= $(shell nproc)
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

PROGRAMS := tn $(sort $(basename $(notdir $(wildcard src/tn-*.c))))
LIBRARY := $(sort $(wildcard src/[!t]*/*.c))
UNITS := $(sort $(basename $(notdir $(wildcard tests/unit/test-*.c))))
VERSION := 0.1.0

WARN := -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wformat=2 -Wvla
HARDEN := -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
# A variant is a compiler, its flags and its linker flags; nothing is shared between two of them.
CC.release := gcc
CFLAGS.release := -O2 $(HARDEN)
LDFLAGS.release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
CC.debug := gcc
CFLAGS.debug := -O0 -g3
LDFLAGS.debug :=
CC.asan := gcc
CFLAGS.asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS.asan := -fsanitize=address,undefined
CC.fuzz := clang
CFLAGS.fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LDFLAGS.fuzz := -fsanitize=fuzzer,address,undefined

# -Werror belongs to the one compiler whose warnings are known: gcc 12, release.
WERROR := $(if $(filter release,$(VARIANT)),$(if $(filter 12,$(shell gcc -dumpversion | cut -d. -f1)),-Werror))
B := build/$(VARIANT)
COMPILE = $(CC.$(VARIANT)) -std=c17 -D_GNU_SOURCE -DTN_VERSION='"$(VERSION)"' -Isrc -ffp-contract=off -MMD -MP \
          $(WARN) $(WERROR) $(CFLAGS.$(VARIANT)) $(CFLAGS)
LIBS := -lsqlite3 -lcsv -lconfuse -lcrypto -lm
LINK = $(CC.$(VARIANT)) $(LDFLAGS.$(VARIANT)) -Wl,--as-needed $(LDFLAGS)

all: $(PROGRAMS:%=bin/%)

bin/%: build/release/%
	@mkdir -p bin
	@cp $< $@.new && mv -f $@.new $@

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -c $< -o $@

$(B)/libtn.a: $(LIBRARY:%.c=$(B)/%.o)
	@rm -f $@
	ar rcs $@ $^

.SECONDEXPANSION:
$(PROGRAMS:%=$(B)/%): $(B)/%: $(B)/src/%.o $$(patsubst %.c,$(B)/%.o,$$(sort $$(wildcard src/$$*/*.c))) $(B)/libtn.a
	$(LINK) -o $@ $^ $(LIBS)

$(UNITS:%=$(B)/%): $(B)/%: $(B)/tests/unit/%.o $(B)/libtn.a
	$(LINK) -o $@ $^ $(LIBS)

programs: $(PROGRAMS:%=$(B)/%)
units: $(UNITS:%=$(B)/%)

clean:
	rm -rf build bin

-include $(shell find build -name '*.d' 2>/dev/null)

.PHONY: all programs units clean
