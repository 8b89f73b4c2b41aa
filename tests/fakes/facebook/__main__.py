"""Serve the pretended Facebook: `python -m tests.fakes.facebook --port N`."""

from __future__ import annotations

import argparse
import sys
import threading

from tests.fakes.facebook import FacebookFake


def main() -> None:
    """Print the address, the Page and its token; serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.facebook")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    given = parser.parse_args()
    fake = FacebookFake(given.port)
    fake.control.latency_s = given.latency
    lines = {
        "address": fake.url,
        "page": fake.page_id,
        "token": fake.page_token,
        "app": fake.app_id,
        "secret": fake.app_secret,
    }
    sys.stdout.write("".join(f"{name} {value}\n" for name, value in lines.items()))
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        fake.close()


if __name__ == "__main__":
    main()
