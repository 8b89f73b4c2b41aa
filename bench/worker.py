"""`python -m bench.worker`: one more process of workers beside a bench, until it is ended."""

from __future__ import annotations

import signal

from bench.carrying import pointed, working
from gallery.services import Services
from gallery.settings import Settings


def main() -> None:
    """Work where the settings of the environment say."""
    services = Services.build(Settings.from_env())
    with pointed(), working(services):
        print("ready", flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    services.close()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
