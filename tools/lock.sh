#!/usr/bin/env bash
# Write requirements/*.txt from *.in: every package pinned, with hashes, for Python 3.11 to 3.13.
set -eu
cd "$(dirname "$0")/../requirements"
python3 -m venv ../.venv/lock
../.venv/lock/bin/pip install --quiet uv
for name in run dev bench; do
  ../.venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-emit-index-url "$name.in" -o "$name.txt"
done
