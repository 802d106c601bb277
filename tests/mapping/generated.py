"""Generated filled forms: canonical values for every field of a form's definition."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from fhir_server.mapping import Field, Form
from fhir_server.mapping import places as at
from fhir_server.mapping.converters import WEIGHTS, as_text

Draw = Any
OUTER = as_text  # outer white space is no part of a text
CHARACTERS = st.characters(
    exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
) | st.sampled_from("\n\t　𠮷䶮㊣：，。；、（）<>&\"'{}|$\\=+@-#%…— é́")
TEXTS = st.text(CHARACTERS, min_size=1, max_size=60).map(lambda s: as_text(s, "text")).filter(bool)
LINES = TEXTS.map(lambda s: " ".join(s.split())).filter(bool)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
LANDLINES = st.from_regex(r"0[1-9][0-9]{1,2}-[2-9][0-9]{6,7}(-[0-9]{1,6})?", fullmatch=True)
PHONES = st.lists(MOBILES | LANDLINES, min_size=1, max_size=3, unique=True).map(" / ".join)
NUMBERS = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z\-]{0,31}", fullmatch=True).filter(
    lambda s: as_text(s, "text") == s and not _as_a_sheet_writes(s)
)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def _as_a_sheet_writes(text: str) -> bool:
    head, _, tail = text.upper().partition("E")
    return head[:1].isdigit() and len(head) == 1 and tail.isdigit()


@st.composite
def resident_ids(draw: Draw, born: date, sex: str) -> str:
    district = draw(st.integers(110000, 659999))
    order = draw(st.integers(0, 499)) * 2 + (sex == "男")
    head = f"{district}{born:%Y%m%d}{order:03d}"
    total = sum(w * int(d) for w, d in zip(WEIGHTS, head, strict=True))
    return head + "10X98765432"[total % 11]


@st.composite
def filled(draw: Draw, form: Form) -> dict[str, Any]:
    """Every required field and some of the others; boxes that must agree do."""
    on = draw(DAYS)
    born = on - timedelta(days=draw(st.integers(0, 120 * 365)))
    months = (on.year - born.year) * 12 + on.month - born.month
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    sex = draw(st.sampled_from(["男", "女"]))
    ages = [f"{years}岁", str(years), years, years + 1]
    if 0 < months <= 24:
        ages += [f"{months}月龄", f"{months}个月"]
    if on - born < timedelta(days=28):
        ages += ["新生儿", f"{(on - born).days}日龄"]
    special = {
        at.SEX: st.just(sex),
        at.AGE: st.sampled_from(ages),
        at.BIRTH: st.just(born.isoformat()),
        at.DATE: st.just(on.isoformat()),
        at.RESIDENT_ID: resident_ids(born, sex),
    }
    out = {}
    for each in form.fields:
        if each.required or draw(st.booleans()):
            out[each.key] = draw(special.get(each.to, of_type(each)))
    return out


def of_type(each: Field) -> st.SearchStrategy[Any]:
    if each.type == "code":
        return st.sampled_from(each.values)
    if each.type in ("organization", "practitioner", "department"):
        return LINES
    days = DAYS.map(date.isoformat)
    table = {"phone": PHONES, "date": days, "identifier": NUMBERS, "number": NUMBERS}
    return table.get(each.type, TEXTS)
