"""From what people write to one canonical spelling, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.mapping.converters import (
    CONVERTERS,
    MAX_LINE,
    MAX_TEXT,
    as_text,
    birth_from_age,
    birth_of,
    sex_of,
)
from fhir_server.mapping.fields import Wrong

DAY = "2026-11-20"
GOOD = [  # converter, written, canonical
    ("date", "2026-11-20", DAY),
    ("date", "2026年11月20日", DAY),
    ("date", "2026/11/20", DAY),
    ("date", "2026.11.20", DAY),
    ("date", "20261120", DAY),
    ("date", "二〇二六年十一月二十日", DAY),
    ("date", "二零二六年十一月二十日", DAY),
    ("date", "２０２６年１１月２０日", DAY),
    ("date", "2026 年 11 月 20 日", DAY),
    ("date", "2026年1月5号", "2026-01-05"),
    ("date", "二〇二六年十月三十一日", "2026-10-31"),
    ("date", "二〇二四年二月二十九日", "2024-02-29"),
    ("datetime", "2026-11-20 09:30", "2026-11-20T09:30:00+08:00"),
    ("datetime", "2026年11月20日9时30分", "2026-11-20T09:30:00+08:00"),
    ("datetime", "2026年11月20日 9时", "2026-11-20T09:00:00+08:00"),
    ("datetime", "2026-11-20T09:30:15+08:00", "2026-11-20T09:30:15+08:00"),
    ("datetime", "2026-11-20T20:30:00Z", "2026-11-21T04:30:00+08:00"),
    ("datetime", "2026-11-20", DAY),
    ("sex", "男", "男"),
    ("sex", "女性", "女"),
    ("sex", "未知", "未知的性别"),
    ("sex", "未说明", "未说明的性别"),
    ("sex", "0", "未知的性别"),  # GB/T 2261.1-2003
    ("sex", "１", "男"),
    ("sex", "2", "女"),
    ("sex", "9", "未说明的性别"),
    ("phone", "13800000000", "13800000000"),
    ("phone", "+86 138-0000-0000", "13800000000"),
    ("phone", "0086 138 0000 0000", "13800000000"),
    ("phone", "１３８００００００００", "13800000000"),
    ("phone", "0537-1234567", "0537-1234567"),
    ("phone", "05371234567", "0537-1234567"),
    ("phone", "(0537) 1234567", "0537-1234567"),
    ("phone", "010-12345678", "010-12345678"),
    ("phone", "0537-1234567转801", "0537-1234567-801"),
    ("phone", "0537—1234567", "0537-1234567"),
    ("phone", "+86-537-1234567", "0537-1234567"),
    ("phone", "120", "120"),
    ("phone", "12320", "12320"),
    ("phone", "2234567", "2234567"),
    ("phone", "400-123-4567", "400-123-4567"),
    ("phone", "+852 9123 4567", "+85291234567"),
    # Several numbers in one box.
    ("phone", "13800000000 / 0571-8888888", "13800000000 / 0571-8888888"),
    ("phone", "138 0000 0000、(0571) 8888888", "13800000000 / 0571-8888888"),
    ("phone", "13800000000，13900000000；120", "13800000000 / 13900000000 / 120"),
    ("phone", "13800000000 13900000000", "13800000000 / 13900000000"),
    ("phone", "１３８００００００００或13900000000", "13800000000 / 13900000000"),
    ("phone", "13800000000\n0571-8888888转12", "13800000000 / 0571-8888888-12"),
    ("phone", "13800000000/+86 13800000000", "13800000000"),
    ("age", "56", "56"),
    ("age", "５６ 岁", "56岁"),
    ("age", "3个月", "3个月"),
    ("age", "18天", "18天"),
    ("age", "1岁3个月", "1岁3个月"),
    ("age", "6月龄", "6月龄"),
    ("age", "６ 个月龄", "6个月龄"),
    ("age", "12日龄", "12日龄"),
    ("age", "3月12天", "3月12天"),
    ("age", "新生儿", "新生儿"),
    ("age", "廿五岁", "廿五岁"),
    ("age", "五十六岁", "五十六岁"),
    ("age", "0", "0"),
    ("resident-id", "11010519491231002X", "11010519491231002X"),  # GB 11643-1999, sample
    ("resident-id", "11010519491231002x", "11010519491231002X"),
    ("resident-id", "440524188001010014", "440524188001010014"),  # GB 11643-1999, sample
    ("resident-id", "４４０５２４ 18800101 0014", "440524188001010014"),
    ("identifier", "37012610320100123", "37012610320100123"),
    ("identifier", "ZY-2026/001", "ZY-2026/001"),
    ("identifier", "B〔2026〕12号", "B〔2026〕12号"),
    ("organization", "某县人民医院（南院区）", "某县人民医院（南院区）"),
    ("organization", "某县 \n 人民医院", "某县 人民医院"),
    ("text", "一、𠮷　二；（三）\n\n  四", "一、𠮷　二；（三）\n\n  四"),
    ("number", "３６.5", "36.5"),
]
GOOD += [  # 廿 and 卅 on a calendar leaf, 元月 for January
    ("date", "二〇二六年十一月廿日", "2026-11-20"),
    ("date", "二〇二六年十一月廿三日", "2026-11-23"),
    ("date", "2026年11月卅日", "2026-11-30"),
    ("date", "二〇二六年元月卅一日", "2026-01-31"),
    ("datetime", "二〇二六年十一月廿日 9:30", "2026-11-20T09:30:00+08:00"),
]
BAD = [  # converter, written, message
    ("date", "昨天", "date"),
    ("date", "2026-11", "date"),
    ("date", "26-11-20", "date"),
    ("date", "٢٠٢٦-11-20", "date"),
    ("date", "2026-02-29", "date-calendar"),
    ("date", "二〇二六年二月卅日", "date-calendar"),
    ("date", "2026年13月1日", "date-calendar"),
    ("date", "2026-11-00", "date-calendar"),
    ("date", "1066-10-14", "date-calendar"),
    ("datetime", "2026-11-20 25:00", "datetime"),
    ("datetime", "9:30", "datetime"),
    ("datetime", "2026-02-30 09:00", "date-calendar"),
    ("sex", "雄", "code"),
    ("sex", "3", "code"),
    ("phone", "1380000000", "phone"),
    ("phone", "23800000000", "phone"),
    ("phone", "138000000000", "phone"),
    ("phone", "无", "phone"),
    ("phone", "12", "phone"),
    ("phone", "13800000000/1380000000", "phone"),
    ("phone", "0571-88888888/99", "phone"),
    ("phone", " / ".join(["13800000000"] * 6), "phone"),
    ("phone", "/", "phone"),
    ("age", "五岁半", "age"),
    ("age", "龄", "age"),
    ("age", "3龄", "age"),
    ("age", "新生", "age"),
    ("age", "151", "age"),
    ("age", "-1", "age"),
    ("age", "56.5", "age"),
    ("age", "25个月", "age"),
    ("age", "岁", "age"),
    ("resident-id", "110105194912310021", "id-check"),
    ("resident-id", "440524188001010041", "id-check"),
    ("resident-id", "11010519491331002X", "id-date"),
    ("resident-id", "110105491231002", "id-15"),
    ("resident-id", "11010519491231002", "id-form"),
    ("resident-id", "11010519491231002Y", "id-form"),
    ("identifier", "一" * 65, "identifier"),
    ("identifier", "--", "identifier"),
    ("identifier", "a,b", "identifier"),
    ("organization", "院" * (MAX_LINE + 1), "too-long"),
    ("text", "字" * (MAX_TEXT + 1), "too-long"),
    ("number", "很多", "number"),
]


@pytest.mark.parametrize(("name", "written", "canonical"), GOOD)
def test_canonical_spelling(name: str, written: str, canonical: str) -> None:
    convert = CONVERTERS[name]
    assert convert(written, ()) == canonical
    assert convert(canonical, ()) == canonical


@pytest.mark.parametrize(("name", "written", "kind"), BAD)
def test_refused(name: str, written: str, kind: str) -> None:
    with pytest.raises(Wrong) as caught:
        CONVERTERS[name](written, ())
    assert caught.value.kind == kind


@given(name=st.sampled_from(sorted(CONVERTERS)), text=st.text(max_size=30))
def test_a_converter_fails_only_with_a_message_and_is_idempotent(name: str, text: str) -> None:
    try:
        done = CONVERTERS[name](text, ("甲", "乙"))
    except Wrong:
        return
    assert CONVERTERS[name](done, ("甲", "乙")) == done


SCALARS: list[tuple[Any, str, str]] = [  # as decoded from JSON or a sheet, type, text
    (56, "number", "56"),
    (56.0, "number", "56"),
    (Decimal("56.0"), "number", "56"),
    (Decimal("1E+2"), "number", "100"),
    (36.5, "number", "36.5"),
    (13800000000.0, "phone", "13800000000"),
    (440524188001010014, "identifier", "440524188001010014"),
    (20261120, "date", "20261120"),
    (1, "code", "1"),
    ("　 甲\u00a0乙\u200b\r\n丙\r\n", "text", "甲\u00a0乙\u200b\n丙"),
]


@pytest.mark.parametrize(("value", "kind", "text"), SCALARS)
def test_scalars(value: Any, kind: str, text: str) -> None:
    assert as_text(value, kind) == text


REFUSED: list[tuple[Any, str, str]] = [
    (1, "text", "text"),
    (True, "text", "text"),
    (["甲"], "text", "text"),
    ({"甲": "乙"}, "organization", "text"),
    (True, "number", "scalar"),
    ([56], "number", "scalar"),
    (4.40524188001010014e17, "identifier", "id-precision"),
    ("4.40524E+17", "identifier", "id-precision"),
    (10**40, "identifier", "number"),
    (float("nan"), "number", "number"),
    (Decimal("NaN"), "number", "number"),
    (Decimal("1E-40"), "number", "number"),
    ("甲\x00", "text", "control"),
    ("甲\x1b[0m", "text", "control"),
    ("甲\x85乙", "text", "control"),
    ("\ud800", "text", "control"),
]


@pytest.mark.parametrize(("value", "kind", "message"), REFUSED)
def test_refused_scalars(value: Any, kind: str, message: str) -> None:
    with pytest.raises(Wrong) as caught:
        as_text(value, kind)
    assert caught.value.kind == message


BIRTHS = [  # age, on, date of birth as exact as the age
    ("56", date(2026, 11, 20), "1970"),
    ("56岁", date(2026, 1, 1), "1970"),
    ("0", date(2026, 1, 1), "2026"),
    ("3个月", date(2026, 2, 28), "2025-11"),
    ("1岁3个月", date(2026, 11, 20), "2025-08"),
    ("18天", date(2026, 11, 2), "2026-10-15"),
    ("1个月3天", date(2026, 3, 31), "2026-02-28"),
    ("12个月", date(2026, 12, 31), "2025-12"),
    ("24个月", date(2026, 1, 1), "2024-01"),
    ("6月龄", date(2026, 11, 20), "2026-05"),
    ("12日龄", date(2026, 11, 20), "2026-11-08"),
    ("3月12天", date(2026, 11, 20), "2026-08-08"),
    ("廿五岁", date(2026, 11, 20), "2001"),
    ("新生儿", date(2026, 11, 28), "2026-11"),
    ("新生儿", date(2026, 11, 20), "2026"),
    ("新生儿", date(2026, 1, 20), None),
]


@pytest.mark.parametrize(("age", "on", "born"), BIRTHS)
def test_birth_from_age(age: str, on: date, born: str | None) -> None:
    assert birth_from_age(age, on) == born


def test_resident_id_tells_birth_and_sex() -> None:
    assert birth_of("11010519491231002X") == date(1949, 12, 31)
    assert sex_of("11010519491231002X") == "女"
    assert sex_of("440524188001010014") == "男"
