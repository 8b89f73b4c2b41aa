"""Run `flask …` in this process."""

from __future__ import annotations

import json
from typing import Any

from click.testing import Result
from flask import Flask


def flask(app: Flask, *words: str, stdin: str = "") -> Result:
    """Run `flask WORDS…`; its output and errors are kept apart."""
    return app.test_cli_runner().invoke(args=list(words), input=stdin)


def done(app: Flask, *words: str, stdin: str = "") -> str:
    """Run `flask WORDS…`, which must do what it should; what it said on standard output."""
    result = flask(app, *words, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result.stdout


def answer(app: Flask, *words: str) -> Any:
    """The one JSON object that `flask WORDS… --json` answers."""
    return json.loads(done(app, *words, "--json"))


def refused(app: Flask, *words: str, stdin: str = "") -> str:
    """Run `flask WORDS…`, which must refuse; its one sentence."""
    result = flask(app, *words, stdin=stdin)
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    sentence = result.stderr.strip()
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence
