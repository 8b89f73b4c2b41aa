"""Print everything that we measure: `python -m bench`, or some of it: `python -m bench pages`."""

from __future__ import annotations

import argparse
import importlib
import time

from bench.report import machine, summary

PARTS = ("imaging", "pages", "posting")


def main() -> None:
    """Measure the parts that were named, or all. A bar that does not hold fails nothing here."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all unless named")
    parts = parser.parse_args().parts or PARTS
    if not set(parts) <= set(PARTS):
        parser.error(f"there are only {', '.join(PARTS)}")
    begun = time.monotonic()
    machine()
    for part in parts:
        importlib.import_module(f"bench.{part}").main()
    summary()
    print(f"Measured in {time.monotonic() - begun:.0f} s.")


if __name__ == "__main__":
    main()
