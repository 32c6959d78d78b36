#!/bin/sh
# The viewer and Neo4j Browser are tested in a real Chromium; get one where none is found and the system allows it.
for name in chromium chromium-browser google-chrome chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium and a Chinese font for the browser tests"
    (apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk) >/dev/null 2>&1 && exit 0
fi
echo "No Chromium found and none could be installed: the browser tests will be listed as not run"
exit 0
