"""The text filter: ways of typing, and that the index of the file says the same as memory."""

from __future__ import annotations

import pytest

from fhir_server.model.syllables import cut, readings
from fhir_server.terminology.matching import TextFilter

HBP = ("I10.x00", ["原发性高血压", "Essential (primary) hypertension"])
T2D = ("E11.900", ["2型糖尿病"])
FEMALE = ("2", ["女性"])
HEAVY = ("X", ["重度损伤", "重复"])

# typed, (code, texts), fits. The first row of each group is its positive control.
CASES: list[tuple[str, tuple[str, list[str]], bool]] = [
    ("高血压", HBP, True),
    ("血压", HBP, True),
    ("压", HBP, True),
    ("高压", HBP, False),  # not next to each other
    ("血压原发", HBP, False),
    ("原发 血压", HBP, True),
    ("原发 糖尿", HBP, False),
    ("hyper", HBP, True),
    ("HYPERTENSION", HBP, True),
    ("primary", HBP, True),
    ("tension", HBP, False),  # not the beginning of a word
    ("I10", HBP, True),
    ("i10.X", HBP, True),
    ("I10x0", HBP, True),
    ("10.x", HBP, False),
    ("gaoxueya", HBP, True),
    ("gaoxuey", HBP, True),
    ("xueya", HBP, True),
    ("aoxueya", HBP, False),  # in the middle of a syllable
    ("gxy", HBP, True),
    ("yfxgxy", HBP, True),
    ("gy", HBP, False),
    ("Ｇｘｙ", HBP, True),  # full width
    ("2型", T2D, True),
    ("2xtnb", T2D, True),
    ("2xingtangniaobing", T2D, True),
    ("tnb", T2D, True),
    ("nvxing", FEMALE, True),
    ("nuxing", FEMALE, True),
    ("zhongdu", HEAVY, True),  # read by the word
    ("chongfu", HEAVY, True),
    ("", HBP, True),
    ("!", HBP, True),
]


@pytest.mark.parametrize(("typed", "concept", "fits"), CASES)
def test_what_fits(typed: str, concept: tuple[str, list[str]], fits: bool) -> None:
    assert TextFilter(typed).fits(*concept) is fits


CUTS = [
    ("xian", {("xian",), ("xi", "an")}),
    ("gxy", set()),
    ("gaox", {("gao", "x")}),
    ("zhuang", {("zhuang",), ("zhu", "ang")}),
    ("2xing", {("2", "xing")}),
    ("uvw", set()),
    ("高", set()),
]


@pytest.mark.parametrize(("typed", "ways"), CUTS)
def test_typed_pinyin_is_cut_into_syllables(typed: str, ways: set[tuple[str, ...]]) -> None:
    found = set(cut(typed))
    assert ways <= found
    assert bool(ways) is bool(found)


def test_long_nonsense_is_cut_quickly() -> None:
    assert cut("xiaoxian" * 7) != ()
    assert cut("a" * 59 + "v") == ()


def test_what_comes_first() -> None:
    ranks = [TextFilter("高血压").rank(t) for t in ("高血压", "高血压病", "原发性高血压")]
    assert ranks == [0, 1, 2]


def test_text_without_chinese_has_no_readings() -> None:
    assert readings("hypertension") == ()
    assert readings("高血压")[0] == ("gao", "xue", "ya")
