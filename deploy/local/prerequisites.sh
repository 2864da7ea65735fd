#!/bin/sh
# Checks what planwatch needs from the machine, and installs what is missing where it may (root on Debian).
#   prerequisites.sh run    Python 3.11+ with venv, Java 17+, Maven (only while Kafka's jars are to be fetched)
#   prerequisites.sh test   also Chromium, Chinese glyphs, docker-compose, promtool, amtool
# Elsewhere it prints the one line that installs the rest and ends with 1. Node 20+ comes from a wheel when missing.
set -eu

scope=${1:-run}
python=${PYTHON:-python3}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
tools=$root/.planwatch/tools

has() { command -v "$1" >/dev/null 2>&1; }

has_python() {
    "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

has_java() {
    java=${JAVA_HOME:+$JAVA_HOME/bin/}java
    has "$java" || return 1
    major=$("$java" -version 2>&1 | sed -n '1,/version/s/.*version "\([0-9]*\).*/\1/p' | head -n 1)
    [ "${major:-0}" -ge 17 ]
}

has_maven() { has mvn || [ -e "$root/.planwatch/kafka/libs" ]; }

has_chinese_font() {
    has fc-list && [ -n "$(fc-list :lang=zh-cn family)" ]
}

missing_packages() {
    has_python || echo "python3 python3-venv"
    has_java || echo default-jre-headless
    has_maven || echo maven
    [ "$scope" = test ] || return 0
    has chromium || echo chromium
    has_chinese_font || echo fonts-noto-cjk fontconfig
    has docker-compose || echo docker-compose
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 "$@"; }

install_packages() {
    echo "Installing with apt-get: $*"
    apt update
    # Recommended packages would bring an office full of things, docker's engine among them.
    apt install -y --no-install-recommends "$@" >/dev/null
}

# A checking tool alone, without the server its package would start. Works for every user.
#   unpack_tool PACKAGE PROGRAM
unpack_tool() {
    echo "Unpacking $2 into .planwatch/tools"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$tools" "$work/lists/partial" "$work/cache/archives/partial"
    (
        cd "$work"
        apt-get -qq download "$1" 2>/dev/null || {
            private="-o Dir::State::lists=$work/lists -o Dir::Cache=$work/cache"
            # shellcheck disable=SC2086  # the options are words
            apt-get -qq $private update && apt-get -qq $private download "$1"
        }
    )
    dpkg-deb -x "$work/$1"_*.deb "$work/tree"
    mv "$work/tree/usr/bin/$2" "$tools/$2"
    rm -rf "$work"
}

ensure_tool() {
    has "$2" || [ -x "$tools/$2" ] && return 0
    has apt-get || refuse "$1"
    unpack_tool "$1" "$2"
}

refuse() {
    echo "planwatch needs what is not here; this installs it:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" >&2
    exit 1
}

# shellcheck disable=SC2046  # package names are words
set -- $(missing_packages)
if [ $# -gt 0 ]; then
    if [ "$(id -u)" -eq 0 ] && has apt-get; then install_packages "$@"; else refuse "$@"; fi
    # shellcheck disable=SC2046
    set -- $(missing_packages)
    [ $# -eq 0 ] || refuse "$@"
fi
if [ "$scope" = test ]; then
    ensure_tool prometheus promtool
    ensure_tool prometheus-alertmanager amtool
fi
