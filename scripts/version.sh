#!/usr/bin/env bash
# Prints the version that goes into the program: the nearest tag and commit, or "dev" outside a git checkout.
set -eu
cd "$(dirname "$0")/.."
git describe --tags --always --dirty 2>/dev/null || echo dev
