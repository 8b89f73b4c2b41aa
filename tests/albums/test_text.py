from __future__ import annotations

from gallery.albums import text


def test_controls_and_direction_overrides_go_and_joiners_stay() -> None:
    assert text.paragraphs("a\x00\x1b[1m\u202eb\ufeff\u200dc\ud800") == "a[1mb\u200dc"


def test_lines_stay_lines_without_space_at_their_ends() -> None:
    assert text.paragraphs(" one \r\ntwo\t\r\r\n\n\nthree") == "one\ntwo\n\nthree"


def test_a_line_keeps_its_indent_since_markdown_reads_it() -> None:
    assert text.paragraphs("- a\n\t- b") == "- a\n    - b"


def test_one_line_has_single_spaces() -> None:
    assert text.line(" one\n\n two\tthree ") == "one two three"


def test_what_is_cut_shows() -> None:
    assert text.shorten("12345", 5) == "12345"
    assert text.shorten("1234 6", 6) == "1234 6"
    assert text.shorten("1234 67", 6) == "1234…"
