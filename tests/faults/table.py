"""Counts the cases of the fault matrix and prints them as a table at the end of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

PROPERTY = "fault case"
COLUMNS = [(point, db) for point in ("commit", "call", "other") for db in ("sqlite", "postgresql")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Note which case of the matrix a test is."""
    if item.get_closest_marker("faults") is not None:
        item.user_properties.append((PROPERTY, list(_case_of(item))))
    yield


def _case_of(item: pytest.Item) -> tuple[str, str, str, str]:
    """Network class, fault, point, database."""
    callspec = getattr(item, "callspec", None)
    params = callspec.params if callspec else {}
    fixtures = getattr(item, "fixturenames", ())
    marked = item.get_closest_marker("fault")
    fault = str(marked.args[0]) if marked else str(params.get("fault", "other"))
    point = str(params.get("kind", "call" if "call" in params else "other"))
    network = "facebook" if "facebook_fake" in fixtures else "practice"
    return network, fault, point, str(params.get("database", "sqlite"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many cases of each row and column held."""
    cases: Counter[tuple[str, ...]] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        cases.update(tuple(value) for name, value in report.user_properties if name == PROPERTY)
    if not cases:
        return
    terminalreporter.section("fault matrix: cases that held")
    heads = "".join(f"{point + ' ' + db:>19}" for point, db in COLUMNS)
    terminalreporter.write_line(f"{'network and fault':<46}{heads}")
    for network, fault in sorted({(case[0], case[1]) for case in cases}):
        counts = [cases[network, fault, point, db] for point, db in COLUMNS]
        line = "".join(f"{count or '':>19}" for count in counts)
        terminalreporter.write_line(f"{network + ': ' + fault:<46.46}{line}")
    terminalreporter.write_line(f"{sum(cases.values())} cases in all")
