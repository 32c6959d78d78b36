#!/bin/sh
# One export is validated by the followthemoney library, whose PyICU is compiled against libicu; get it where the
# system allows. It is no part of the lock files, so that `make test` needs no compiler.
python=${1:-.venv/bin/python}
"$python" -c "import followthemoney" 2>/dev/null && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing followthemoney, with libicu-dev for its PyICU"
    (apt-get update -qq && apt-get install -y -qq libicu-dev pkg-config g++) >/dev/null 2>&1
fi
# What is installed already keeps its version.
constraints=$(mktemp)
trap 'rm -f "$constraints"' EXIT
grep -oE '^[A-Za-z0-9._-]+==[A-Za-z0-9.+]+' requirements-dev.lock >"$constraints"
"$python" -m pip install --quiet --constraint "$constraints" followthemoney==4.11.2 >/dev/null 2>&1 && exit 0
echo "followthemoney could not be installed: the test of that export will be listed as not run"
exit 0
