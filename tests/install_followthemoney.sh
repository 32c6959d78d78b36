#!/bin/sh
# One export is validated by the followthemoney library. It gets an environment of its own, inside .venv: its PyICU is
# compiled against libicu, and it wants other versions of libraries that we use.
folder=.venv/followthemoney
"$folder/bin/python" -c "import followthemoney" 2>/dev/null && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing followthemoney, with libicu-dev for its PyICU"
    (apt-get update -qq && apt-get install -y -qq libicu-dev pkg-config g++) >/dev/null 2>&1
fi
.venv/bin/python -m venv "$folder" &&
    "$folder/bin/python" -m pip install --quiet followthemoney==4.11.2 >/dev/null 2>&1 && exit 0
echo "followthemoney could not be installed: the test of that export will be listed as not run"
exit 0
