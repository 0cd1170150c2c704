#!/bin/sh
# Sets up .venv with one set of locked requirements: set_up.sh run | test | bench | package
#
# bench contains test, and all contain run. A stamp inside .venv keeps the checksum of every lock that is installed, so
# a second call costs nothing and a changed lock is noticed whatever the dates of the files say. Where a set-up was
# cut short, or the Python it was made with is gone, .venv is made again.
#
# PYTHON=... names the Python to use; otherwise the first suitable one on the PATH is taken.

set -eu
cd "$(dirname "$0")/.."

want=${1:?"name a set of requirements: run, test, bench or package"}
locks=packaging/requirements
venv=.venv
stamp=$venv/relevo-installed
unfinished=$venv/relevo-unfinished

case $want in
    run) sets="run" ;;
    test) sets="run test" ;;
    bench) sets="run test bench" ;;
    package) sets="run package" ;;
    *) echo "set_up.sh: no set of requirements is called '$want' (run, test, bench, package)" >&2; exit 2 ;;
esac

# Prints "3.12" if $1 is a Python that can run Relevo, "3.12 novenv" if only its venv or pip is missing, else nothing.
probe() {
    "$1" - 2>/dev/null <<'PYTHON_END' || true
import sys

version = sys.version_info[:2]
if (3, 11) <= version <= (3, 14) and sys.implementation.name == "cpython" and sys.maxsize > 2**32:
    found = "%d.%d" % version
    try:
        import ensurepip
        import venv
    except ImportError:
        found += " novenv"
    print(found)
PYTHON_END
}

# Sets $python and $version to the Python that .venv is made with, or ends with one sentence that says what to do.
find_python() {
    without_venv=
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        command -v "$python" >/dev/null 2>&1 || continue
        version=$(probe "$python")
        case $version in
            "") ;;
            *novenv) without_venv=${without_venv:-${version% novenv}} ;;
            *) return ;;
        esac
    done
    if [ -n "$without_venv" ]; then
        echo "Relevo: Python $without_venv is here without its venv module; install it first" \
             "(on Debian and Ubuntu: apt-get install python$without_venv-venv)." >&2
    elif [ -n "${PYTHON:-}" ]; then
        echo "Relevo: PYTHON=$PYTHON is not a 64-bit CPython 3.11, 3.12, 3.13 or 3.14." >&2
    else
        echo "Relevo: no Python 3.11, 3.12, 3.13 or 3.14 was found;" \
             "install one, or name it: make run PYTHON=/path/to/python3." >&2
    fi
    exit 1
}

checksums() {
    for set in ${1:-$sets}; do
        echo "$set $(cksum <"$locks/$set.txt")"
    done
}

still_installed() {
    [ ! -f $stamp ] || checksums "run test bench package" | grep -xF -f $stamp || true
}

# True if .venv holds a Python that works, whose pip works where it must, and that is the one asked for.
usable() {
    [ -x $venv/bin/python ] && [ ! -e $unfinished ] || return 1
    inside=$(probe $venv/bin/python)
    [ -n "$inside" ] || return 1
    [ -z "${PYTHON:-}" ] || [ "$(probe "$PYTHON")" = "$inside" ]
}

installed() {
    [ -f $stamp ] || return 1
    checksums | while read -r line; do
        grep -qxF "$line" $stamp || return 1
    done
}

# Two `make` at once wait for each other where the system can do that.
if command -v flock >/dev/null 2>&1; then
    exec 9<packaging/set_up.sh
    flock 9
fi

if ! usable || ! installed; then
    if ! usable || ! $venv/bin/python -m pip --version >/dev/null 2>&1; then
        find_python
        [ ! -e $venv ] || echo "Relevo: making $venv again: it was unfinished, broken or of another Python."
        echo "Relevo: making $venv with Python $version."
        rm -rf $venv
        mkdir $venv
        : >$unfinished
        "$python" -m venv $venv
    fi
    echo "Relevo: installing the locked requirements ($want); the first time this downloads 200 MB or more."
    : >$unfinished
    quiet=
    [ -t 1 ] || quiet=--quiet
    $venv/bin/python -m pip install $quiet --disable-pip-version-check --no-input --only-binary :all: \
        --require-hashes -r "$locks/$want.txt"
    # What an earlier call installed is still there, and counts where its lock has not changed since.
    { checksums; still_installed; } | sort -u >$stamp.new
    mv $stamp.new $stamp
    rm -f $unfinished
fi

exec sh packaging/system_libraries.sh $venv
