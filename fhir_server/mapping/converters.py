"""From what people write into a box to one canonical spelling, by the type of the field.

Each converter is idempotent: what it gives, it takes unchanged. Free text keeps every character
but outer white space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from ..model.dates import CHINA
from .fields import Wrong

MAX_TEXT = 20_000  # characters of one text box
MAX_LINE = 200  # characters of a name, an address or an organization

# Characters no paper can hold; those of C1 come from text read in a wrong encoding.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_SPACES = "".join(map(chr, (9, 10, 13, 32, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029)))
_OUTER = _SPACES + "\u202f\u205f\u2060\u3000\ufeff"
_LOST = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+", re.A).fullmatch
NUMERIC = frozenset({"number", "phone", "identifier", "date", "code"})  # types a number may fill
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SCORES = str.maketrans({"廿": "二十", "卄": "二十", "卅": "三十"})
_TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_DATE = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?", re.A).fullmatch
_DATE8 = re.compile(r"(\d{4})(\d\d)(\d\d)", re.A).fullmatch
_TIME = re.compile(r"(\d{1,2})(?::|时|点)(\d{1,2})?(?:(?::|分)(\d{1,2})?秒?)?", re.A).fullmatch
_ZONE = re.compile(r"(?<=\d)(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$", re.A).search
_DAY_TIME = re.compile(r"T|\s+(?=\d{1,2}\s*[:时点])|(?<=日)(?=\s*\d)").split
_MOBILE = re.compile(r"1[3-9]\d{9}", re.A).fullmatch
_LANDLINE = re.compile(
    r"(0\d{2,3})-?(\d{7,8})(?:(?:-|转|ext\.?|x)(\d{1,6}))?", re.I | re.A
).fullmatch
_SHORT = re.compile(
    r"(?:[1-9]\d{6,7}|1\d{2,4}|9\d{4}|[48]00\d{7}|[48]00-\d{3}-\d{4})", re.A
).fullmatch
_ABROAD = re.compile(r"\+[1-9]\d{6,14}", re.A).fullmatch
_DASHES = re.compile("[‐-―−－ー~]").sub
_COUNTRY = re.compile(r"^(?:\+|00)86-?").sub
_IDENTIFIER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff\-_./()〔〕\[\]#]{1,64}").fullmatch
# A number without a unit is years, and then it stands alone: 18天 is not 1 year and 8 days.
_AGE = re.compile(
    r"(?P<n>\d{1,3})"
    r"|(?:(?P<y>\d{1,3})(?:周?岁|年))?(?:(?P<m>\d{1,2})个?月)?"
    r"(?:(?P<d>\d{1,3})[天日])?(?:(?<=[月天日])龄)?",
    re.A,
).fullmatch
NEWBORN = ("新生儿", "初生儿")
NEWBORN_DAYS = 28  # to the day before, as medicine counts
PHONE_SEPARATOR = " / "  # of several numbers in one box
MAX_PHONES = 5
_BETWEEN_PHONES = re.compile(r"[/／、，,；;|｜或\n]").split


def as_text(value: object, kind: str) -> str:
    """What a box of type `kind` holds, without outer white space; line ends as \\n.

    Errors: text, control, id-precision.
    """
    if type(value) is not str:
        value = _number_text(value, kind)
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    text = value.strip(_OUTER)
    if _CONTROL.search(text):
        raise Wrong("control")
    if kind == "identifier" and _LOST(text):
        raise Wrong("id-precision")  # 4.40524E+17, as a sheet saves a long number
    return text


def _number_text(value: object, kind: str) -> str:
    if kind not in NUMERIC:
        raise Wrong("text")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Wrong("scalar")
    # A binary number is exact to 15 digits only.
    if isinstance(value, float) and abs(value) >= 10**15:
        raise Wrong("id-precision")
    if value != value or not -(10**30) < value < 10**30:
        raise Wrong("number")
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if exact.adjusted() < -30:
        raise Wrong("number")
    return str(int(exact)) if exact == exact.to_integral_value() else f"{exact:f}"


def narrow(text: str) -> str:
    """Full-width characters to ASCII, without any white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def convert_text(text: str, values: Sequence[str] = ()) -> str:
    """Errors: too-long."""
    if len(text) > MAX_TEXT:
        raise Wrong("too-long", limit=MAX_TEXT)
    return text


def convert_line(text: str, values: Sequence[str] = ()) -> str:
    """A name of an institution or a doctor: one line, by which it is found. Errors: too-long."""
    line = " ".join(text.split())
    if len(line) > MAX_LINE:
        raise Wrong("too-long", limit=MAX_LINE)
    return line


def chinese_digits(text: str) -> str:
    """二〇二六年十一月二十日 → 2026年11月20日; 廿 is twenty, 卅 thirty."""

    def tens(found: re.Match[str]) -> str:
        return (found[1] or "一").translate(_DIGITS) + (found[2] or "〇").translate(_DIGITS)

    return _TENS.sub(tens, text.translate(_SCORES)).translate(_DIGITS)


def read_date(text: str) -> date:
    """Chinese and Western spellings of a day. Errors: date, date-calendar."""
    plain = chinese_digits(narrow(text).replace("元月", "1月"))
    plain = plain.replace("號", "日").replace("号", "日")
    found = _DATE(plain) or _DATE8(plain)
    if found is None:
        raise Wrong("date")
    year, month, day = (int(part) for part in found.groups())
    if not 1850 <= year <= 2200:
        raise Wrong("date-calendar")
    try:
        return date(year, month, day)
    except ValueError:
        raise Wrong("date-calendar") from None


def convert_date(text: str, values: Sequence[str] = ()) -> str:
    return read_date(text).isoformat()


def convert_datetime(text: str, values: Sequence[str] = ()) -> str:
    """YYYY-MM-DDTHH:MM:SS+08:00, or the day alone.

    Units: Chinese standard time, unless the text names another zone. Errors: datetime,
    date-calendar.
    """
    plain = chinese_digits(unicodedata.normalize("NFKC", text)).strip()
    zone = _ZONE(plain)
    parts = _DAY_TIME(plain[: zone.start()] if zone else plain, maxsplit=1)
    try:
        day = read_date(parts[0])
    except Wrong as wrong:
        raise Wrong("datetime" if wrong.kind == "date" else wrong.kind) from None
    if len(parts) == 1:
        return day.isoformat()
    found = _TIME(narrow(parts[1]))
    hour, minute, second = (int(g or 0) for g in found.groups()) if found else (99, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Wrong("datetime")
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=CHINA)
    if zone and zone[0] != "+08:00":
        iso = moment.replace(tzinfo=None).isoformat() + zone[0].replace("Z", "+00:00")
        moment = datetime.fromisoformat(iso).astimezone(CHINA)
    return moment.isoformat(timespec="seconds")


def convert_phone(text: str, values: Sequence[str] = ()) -> str:
    """A mobile without +86 and separators; a landline as 0537-1234567.

    Several numbers, between / 、 , ; 或 or blanks, each so: 13800000000 / 0571-8888888.
    Errors: phone.
    """
    try:
        return _phone(text)
    except Wrong:
        parts = [p for p in _BETWEEN_PHONES(text) if p.strip()]
        if len(parts) < 2:
            parts = text.split()
        if not 2 <= len(parts) <= MAX_PHONES:
            raise
        return PHONE_SEPARATOR.join(dict.fromkeys(map(_phone, parts)))


def _phone(text: str) -> str:
    plain = _DASHES("-", narrow(text)).replace("(", "").replace(")", "-").strip("-")
    local = _COUNTRY("", plain)
    digits = local.replace("-", "").replace(".", "")
    if _MOBILE(digits):
        return digits
    if local != plain and local[:1] != "0":
        local = "0" + local  # +86-537-…: the zero of the area code falls away
    found = _LANDLINE(local)
    if found is not None:
        return f"{found[1]}-{found[2]}" + (f"-{found[3]}" if found[3] else "")
    if _SHORT(local) or _ABROAD(plain):
        return local
    raise Wrong("phone")


SEXES = {
    "男": ("男", "男性", "1", "M", "MALE", "男士", "先生"),
    "女": ("女", "女性", "2", "F", "FEMALE", "女士"),
    "未知的性别": ("未知的性别", "未知", "0", "不详", "未知性别"),
    "未说明的性别": ("未说明的性别", "未说明", "9", "其他"),
}  # GB/T 2261.1-2003
_SEX_OF = {spelling: name for name, spellings in SEXES.items() for spelling in spellings}


def convert_sex(text: str, values: Sequence[str] = ()) -> str:
    """The printed word for a word or a code of GB/T 2261.1. Errors: code."""
    found = _SEX_OF.get(narrow(text).upper())
    if found is None:
        raise Wrong("code", values="、".join(values or SEXES))
    return found


def convert_code(text: str, values: Sequence[str] = ()) -> str:
    """One of the printed choices. Errors: code."""
    plain = narrow(text)
    for each in values:
        if plain == narrow(each):
            return each
    raise Wrong("code", values="、".join(values))


def read_age(text: str) -> tuple[int, int, int]:
    """Years, months, days; a newborn is of none. Errors: age."""
    plain = narrow(text)
    if plain in NEWBORN:
        return 0, 0, 0
    found = _AGE(chinese_digits(plain))
    if found is None or not any(found.groups()):
        raise Wrong("age")
    years, months, days = (int(found[g] or 0) for g in "ymd")
    years = int(found["n"] or years)
    if years > 150 or months > 24 or days > 366:
        raise Wrong("age")
    return years, months, days


def convert_age(text: str, values: Sequence[str] = ()) -> str:
    """As it is printed, in narrow characters: 56, 56岁, 3个月, 6月龄, 新生儿. Errors: age."""
    read_age(text)
    return narrow(text)


def convert_number(text: str, values: Sequence[str] = ()) -> str:
    plain = narrow(text)
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", plain, re.A):
        raise Wrong("number")
    return plain


def convert_identifier(text: str, values: Sequence[str] = ()) -> str:
    plain = narrow(text)
    if not _IDENTIFIER(plain) or not any(c.isalnum() for c in plain):
        raise Wrong("identifier")
    return plain


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def convert_resident_id(text: str, values: Sequence[str] = ()) -> str:
    """公民身份号码 with a real date and its check character; any district code is taken.

    Spec: GB 11643-1999 (ISO 7064 MOD 11-2). Errors: id-15, id-form, id-date, id-check.
    """
    number = narrow(text).upper()
    if re.fullmatch(r"\d{15}", number, re.A):
        raise Wrong("id-15")
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        raise Wrong("id-form")
    born = birth_of(number)
    if born is None:
        raise Wrong("id-date")
    total = sum(w * int(d) for w, d in zip(WEIGHTS, number[:17], strict=True))
    if "10X98765432"[total % 11] != number[17]:
        raise Wrong("id-check")
    return number


def birth_of(resident_id: str) -> date | None:
    """Digits 7 to 14, where they are a day that can be a birthday."""
    try:
        born = date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))
    except ValueError:
        return None
    return born if 1850 <= born.year <= 2200 else None


def sex_of(resident_id: str) -> str:
    """The 17th digit: odd for a man."""
    return "男" if int(resident_id[16]) % 2 else "女"


def birth_from_age(age: str, on: date) -> str | None:
    """The date of birth an age gives, as exact as the age is: a year, a month or a day.

    Shape: YYYY, YYYY-MM or YYYY-MM-DD; None for a newborn who may be of the year before.
    """
    if narrow(age) in NEWBORN:
        first = on - timedelta(days=NEWBORN_DAYS - 1)
        return f"{on:%Y-%m}" if first.month == on.month else _year_of_both(first, on)
    years, months, days = read_age(age)
    if days and not years:
        whole = on - timedelta(days=days)
        return _months_before(whole, months)[:10] if months else whole.isoformat()
    if months:
        return _months_before(on, years * 12 + months)[:7]
    return f"{on.year - years:04d}"


def _year_of_both(first: date, last: date) -> str | None:
    return f"{last:%Y}" if first.year == last.year else None


def _months_before(on: date, months: int) -> str:
    count = on.year * 12 + on.month - 1 - months
    year, month = divmod(count, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(on.day, last)).isoformat()


CONVERTERS: dict[str, Callable[[str, Sequence[str]], str]] = {
    "text": convert_text,
    "line": convert_line,
    "date": convert_date,
    "datetime": convert_datetime,
    "phone": convert_phone,
    "code": convert_code,
    "sex": convert_sex,
    "age": convert_age,
    "number": convert_number,
    "identifier": convert_identifier,
    "resident-id": convert_resident_id,
    "organization": convert_line,
    "practitioner": convert_line,
    "department": convert_line,
}
