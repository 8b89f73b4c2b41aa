"""Serve a site with sample photos that posts to a pretended Facebook Page on this machine.

Nothing leaves the machine. Everything is made in a temporary folder and is gone afterwards.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.fakes.facebook import FacebookFake

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
SIGN_IN = ("demo@example.org", "a password for the demo")


def main() -> None:
    """Set the site up, print how to sign in, and serve until interrupted."""
    fake = FacebookFake()
    with tempfile.TemporaryDirectory(prefix="afterglow-demo-") as folder:
        environ = {**os.environ, **_settings(Path(folder), fake)}
        _fill(environ, Path(folder), fake)
        print(f"Sign in at {environ['GALLERY_PUBLIC_URL']}/studio as {SIGN_IN[0]}: {SIGN_IN[1]}")
        print("The Page is pretended: what is posted to it is seen by nobody.", flush=True)
        server = [PYTHON, "-m", "gunicorn", "-c", "python:gallery.server", "wsgi:app"]
        try:
            subprocess.run(server, cwd=ROOT, env=environ, check=False)
        except KeyboardInterrupt:
            print("The demo is over; nothing of it is left.")
    fake.close()


def _settings(folder: Path, fake: FacebookFake) -> dict[str, str]:
    bind = os.environ.get("GALLERY_BIND", "127.0.0.1:8000")
    return {
        "GALLERY_SECRET_KEY": secrets.token_urlsafe(48),
        "GALLERY_BIND": bind,
        "GALLERY_PUBLIC_URL": f"http://{bind}",
        "GALLERY_INSTANCE": f"{folder}/instance",
        "GALLERY_STORAGE": f"{folder}/uploads",
        "GALLERY_FACEBOOK_GRAPH_URL": fake.url,
        "GALLERY_FACEBOOK_DIALOG_URL": fake.url,
        "GALLERY_SETTLE_S": "5",
    }


def _fill(environ: dict[str, str], folder: Path, fake: FacebookFake) -> None:
    """A person, a Page, and an album of drawn photos."""

    def flask(*words: str, secret: str = "") -> None:
        command: Sequence[str] = [PYTHON, "-m", "flask", *words]
        subprocess.run(command, cwd=ROOT, env=environ, input=secret, text=True, check=True)

    photos = folder / "photos"
    draw = "from pathlib import Path; from gallery.imaging import draw_sample_photos as draw; draw"
    subprocess.run(
        [PYTHON, "-c", f"{draw}(Path({str(photos)!r}), 12)"], cwd=ROOT, env=environ, check=True
    )
    event = ["--title", "Open house by the river", "--venue", "Kampong Ayer", "--public"]
    flask("person", "add", SIGN_IN[0], "--role", "owner", secret=SIGN_IN[1])
    flask("import", str(photos), *event, "--date", "2026-06-20")
    flask("connect", "facebook", "--page", fake.page_id, secret=fake.page_token)
    flask("connect", "practice", "--name", "Rehearsal")


if __name__ == "__main__":
    main()
