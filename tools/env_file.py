"""Write `.env` from `.env.example` with fresh secrets, once; never touch one that is there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write it unless it is there, or the environment brings its own secret."""
    target = ROOT / ".env"
    given = os.environ.get("GALLERY_SECRET_KEY") or os.environ.get("GALLERY_SECRET_KEY_FILE")
    if target.exists() or given:
        return
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    text = text.replace(
        "GALLERY_SECRET_KEY=\n", f"GALLERY_SECRET_KEY={secrets.token_urlsafe(48)}\n"
    )
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
