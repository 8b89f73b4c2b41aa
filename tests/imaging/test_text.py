"""Letters, their fonts and directions, lines and their ends."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from gallery.imaging.bidi import is_rtl, levels, visual
from gallery.imaging.fonts import STRONG, Script, Type, font, has_letter, script_of
from gallery.imaging.text import Line, Run, draw_line, drawable, line_width, runs, wrap

JAWI, CHINESE = "مجليس ڤمبوكاءن", "青年工作坊"
MIXED = f"Bengkel Café {JAWI} 2026 {CHINESE}, semua!"
TYPE = Type(32)


@pytest.mark.parametrize(
    ("paragraph", "rtl"),
    [("Bengkel", False), (JAWI, True), ("2026 – " + JAWI, True), (CHINESE, False), ("2026", False)],
)
def test_the_first_letter_decides_the_direction(paragraph: str, rtl: bool) -> None:
    assert is_rtl(paragraph) is rtl


@pytest.mark.parametrize(
    ("line", "rtl", "expected"),
    [
        # Rules of Unicode Standard Annex 9, one line each.
        ("abc", False, "000"),
        ("abc", True, "222"),
        ("אבג", False, "111"),
        ("אבג", True, "111"),
        ("a אב b", False, "001100"),
        ("א 12 ב", True, "112211"),  # numbers keep their own order
        ("ا 12 ب", False, "112211"),
        ("ا١٢", False, "122"),
        ("a 12 b", True, "222222"),  # W7: numbers after Latin are Latin
        ("א 1,2 ב", True, "1122211"),  # W4
        ("א 1-2 ב", True, "1122211"),
        ("ا ١,٢ ب", True, "1122211"),
        ("ا 1+2 ب", True, "1121211"),  # a plus joins European numbers only
        ("א 5% ב", True, "112211"),  # W5
        ("א $5 ב", True, "112211"),
        ("א % ב", True, "11111"),  # W6
        ("أ\u064bب", True, "111"),  # W1: marks follow their letter
        ("\u064bا", False, "01"),
        ("(א)", False, "010"),
        ("א (a) ב", True, "1112111"),
        ("א - a", False, "10000"),  # N2: between unlike sides the line decides
        ("א  ", False, "100"),  # L1: what trails takes the line's level
        ("", False, ""),
    ],
)
def test_levels(line: str, rtl: bool, expected: str) -> None:
    assert "".join(map(str, levels(line, rtl=rtl))) == expected


def test_runs_stand_in_visual_order() -> None:
    order = [("a", 0), ("b", 1), ("c", 2), ("d", 1), ("e", 0)]

    assert [name for name, _ in visual(order, lambda run: run[1])] == list("adcbe")
    assert visual([], len) == []


def test_each_script_gets_its_font_and_direction() -> None:
    found = [(run.text.strip(), run.script, run.direction) for run in runs(MIXED, rtl=False)]

    assert found == [
        ("Bengkel Café", Script.LATIN, "ltr"),
        (JAWI, Script.ARABIC, "rtl"),
        ("2026", Script.LATIN, "ltr"),
        ("", Script.LATIN, "ltr"),
        (CHINESE + ",", Script.CJK, "ltr"),
        ("semua!", Script.LATIN, "ltr"),
    ]


@pytest.mark.parametrize("letter", "aÉñЖΩ9€“·ڤڠڬۏڽﷲ青鬱。「ーハ한")
def test_every_letter_that_people_here_write_has_a_font(letter: str) -> None:
    assert script_of(letter, None) is not None


@pytest.mark.parametrize("letter", ["🎉", "\U0010fffe", "ᚠ", "ກ"])
def test_a_letter_without_a_font_has_none(letter: str) -> None:
    assert [has_letter(script, letter) for script in Script] == [False] * 3
    assert script_of(letter, Script.LATIN) is None


def test_signs_stay_with_the_font_of_the_letter_before_them() -> None:
    assert script_of("“", None) is Script.LATIN
    assert script_of("“", Script.CJK) is Script.CJK
    assert script_of(" ", Script.ARABIC) is Script.ARABIC
    assert script_of("a", Script.CJK) is Script.LATIN
    assert script_of("،", Script.LATIN) is Script.ARABIC


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Selamat 🎉 datang 👩‍👩‍👧", "Selamat datang"),
        ("Cafe\u0301\x07 \u202etxt", "Café txt"),
        ("one\n\n🎉\n two ", "one\ntwo"),
        ("🎉🎉", ""),
        ("10\u00a0km\tto\u3000go\r\nnow", "10 km to go\nnow"),
        ("...", ""),
        (MIXED, MIXED),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_only_what_can_be_drawn_is_kept(text: str, kept: str) -> None:
    assert drawable(text) == kept


def test_lines_break_at_spaces_and_between_ideographs_and_none_is_too_wide() -> None:
    for text in (MIXED * 6, CHINESE * 12, (JAWI + " ") * 9, "x" * 300, "https://example.org/" * 9):
        lines = wrap(text, TYPE, 400, 99)
        assert all(line_width(line.text, TYPE, rtl=line.rtl) <= 400 for line in lines)
        assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")


def test_closing_signs_never_begin_a_line_and_opening_ones_never_end_one() -> None:
    text = "欢迎大家，参加这次活动。「青年工作坊」（开幕式）！" * 5

    for width in range(200, 420, 20):
        for line in wrap(text, TYPE, width, 99):
            assert line.text[0] not in "，。」）！"
            assert line.text[-1] not in "「（"


def test_what_does_not_fit_ends_in_an_ellipsis_after_a_whole_word() -> None:
    lines = wrap("A caption that goes on for longer than anybody reads it", TYPE, 300, 2)

    assert lines == [Line("A caption that goes", False), Line("on for longer…", False)]
    assert wrap(CHINESE * 30, TYPE, 300, 1)[0].text == "青年工作坊青年工…"
    assert wrap("x" * 90, TYPE, 100, 1)[0].text == "xxxx…"
    assert wrap("", TYPE, 100, 1) == []
    assert wrap("wide", TYPE, 1, 1) == [Line("…", False)]


def test_each_paragraph_has_its_own_direction() -> None:
    assert [line.rtl for line in wrap(f"Bengkel\n{JAWI}\n{CHINESE}", TYPE, 900, 9)] == [
        False,
        True,
        False,
    ]


def test_a_left_to_right_line_begins_left_and_a_right_to_left_one_right() -> None:
    def ink(line: Line, **options: bool) -> tuple[int, int, int, int]:
        sheet = Image.new("L", (1000, 60), 255)
        canvas = ImageDraw.Draw(sheet)
        draw_line(canvas, line, TYPE, left=100, width=800, baseline=40, fill="#000000", **options)
        box = sheet.point(lambda value: 255 - value).getbbox()
        assert box is not None
        return box

    assert 98 <= ink(Line("Bengkel", False))[0] <= 104
    assert 896 <= ink(Line(JAWI, True))[2] <= 902
    assert 896 <= ink(Line("Bengkel", False), flush_right=True)[2] <= 902
    assert 98 <= ink(Line(JAWI, True), flush_right=False)[0] <= 104


def test_letters_join_as_they_do_in_writing() -> None:
    joined = line_width("بب", TYPE, rtl=True)

    assert joined < 2 * line_width("ب", TYPE, rtl=True)


def test_signs_in_a_right_to_left_run_are_turned_round() -> None:
    def ink(text: str, *, rtl: bool) -> tuple[int, int, int, int] | None:
        sheet = Image.new("L", (200, 60))
        draw_line(
            ImageDraw.Draw(sheet), Line(text, rtl), TYPE, left=0, width=200, baseline=40,
            fill="#ffffff", flush_right=False,
        )  # fmt: skip
        return sheet.crop((0, 0, 12, 60)).getbbox()

    assert ink("با(", rtl=True) == ink(")", rtl=False), (
        "the bracket opens to the right, at the left"
    )


def test_the_language_chooses_among_shapes_of_one_character() -> None:
    def shape(language: str) -> bytes:
        return bytes(font(Script.CJK, Type(48, language=language)).getmask("骨直"))

    shapes = {tag: shape(tag) for tag in ("zh", "zh-Hant", "zh-TW", "ja", "en", "ms-Arab", "ja-JP")}
    assert shapes["zh"] == shapes["en"] == shapes["ms-Arab"]
    assert shapes["zh-Hant"] == shapes["zh-TW"] != shapes["zh"]
    assert shapes["ja"] == shapes["ja-JP"] != shapes["zh"]


def test_a_strong_weight_is_stronger_in_every_script() -> None:
    def ink(text: str, type_: Type) -> int:
        sheet = Image.new("L", (600, 90))
        draw_line(
            ImageDraw.Draw(sheet), Line(text, is_rtl(text)), type_, left=9, width=580,
            baseline=60, fill="#ffffff",
        )  # fmt: skip
        return sum(sheet.tobytes())

    for text in ("Bengkel", JAWI, CHINESE):
        assert ink(text, Type(48, STRONG)) > 1.08 * ink(text, Type(48))


def test_no_run_shows_the_empty_box_of_a_missing_letter() -> None:
    def box(found: ImageFont.FreeTypeFont) -> bytes:
        return bytes(found.getmask("\U0010fffe"))

    for run in runs(drawable(MIXED + " 🎉 ᚠ"), rtl=False):
        used = font(run.script, TYPE)
        for letter in run.text.strip():
            assert bytes(used.getmask(letter)) != box(used), letter


def test_a_run_knows_its_direction() -> None:
    assert [Run("x", Script.LATIN, level).direction for level in (0, 1, 2)] == ["ltr", "rtl", "ltr"]
