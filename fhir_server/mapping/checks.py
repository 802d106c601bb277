"""Boxes of one form that must agree with each other: 身份证号, 出生日期, 性别 and 年龄."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from . import places as at
from .converters import NEWBORN, NEWBORN_DAYS, birth_from_age, birth_of, read_age, sex_of


def disagreements(facts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs (place, kind of message) for canonical facts; the 身份证号 decides."""
    number, birth = facts.get(at.RESIDENT_ID), facts.get(at.BIRTH)
    born = birth_of(number) if number else date.fromisoformat(birth) if birth else None
    if number and birth and born and birth != born.isoformat():
        yield at.BIRTH, "id-birth"
    sex = facts.get(at.SEX)
    if number and sex in ("男", "女") and sex_of(number) != sex:
        yield at.SEX, "id-sex"
    day = facts.get(at.DATE)
    if born and day:
        on = date.fromisoformat(day[:10])
        if born > on:
            yield (at.RESIDENT_ID if number else at.BIRTH), "future"
        elif at.AGE in facts and not _age_fits(facts[at.AGE], born, on):
            yield at.AGE, "age-birth"


def _age_fits(age: str, born: date, on: date) -> bool:
    """虚岁 counts one more, so a year either way is allowed; two months, a week for infants."""
    if age in NEWBORN:
        return (on - born).days < NEWBORN_DAYS + 7
    years, months, days = read_age(age)
    if months or (days and not years):
        text = birth_from_age(age, on) or ""
        start = date.fromisoformat(text + "-15" if len(text) == 7 else text)
        return abs((start - born).days) <= (62 if months else 7)
    real = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return abs(real - years) <= 1
