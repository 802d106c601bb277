"""Readings of Chinese names: "zhangsan" and "zs" for 张三.

Spec: GB/T 28039-2011 for surnames; several readings of a character are all kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

from .text import fold

MAX_READINGS = 8  # combinations of one name
_EACH = 2  # readings of one character of a given name

# As surnames these are read otherwise than the dictionary says first; the usual slip is kept too.
SURNAMES: dict[str, tuple[str, ...]] = {
    "仇": ("qiu",), "曾": ("zeng",), "单": ("shan",), "解": ("xie",), "查": ("zha",),
    "区": ("ou",), "朴": ("piao",), "盖": ("ge", "gai"), "任": ("ren",), "尉": ("wei",),
    "翟": ("zhai",), "缪": ("miao",), "覃": ("qin", "tan"), "员": ("yun",), "乐": ("yue", "le"),
    "召": ("shao",), "燕": ("yan",), "华": ("hua",), "宁": ("ning",), "秘": ("bi",),
    "洗": ("xian",), "冼": ("xian",), "黑": ("he",), "逄": ("pang",), "牟": ("mu", "mou"),
    "隗": ("wei", "kui"), "长孙": ("zhangsun",), "尉迟": ("yuchi",), "万俟": ("moqi",),
    "单于": ("chanyu",), "澹台": ("tantai",), "宿": ("su",), "种": ("chong",), "折": ("she",),
    "繁": ("po",), "晁": ("chao",), "令狐": ("linghu",), "佴": ("nai",), "郗": ("xi", "chi"),
    "芮": ("rui",), "车": ("che",), "哈": ("ha",), "那": ("na",), "能": ("nai",), "乜": ("nie",),
    "应": ("ying",), "相": ("xiang",), "盛": ("sheng",), "石": ("shi",), "沈": ("shen",),
    "曲": ("qu",), "葛": ("ge",), "卜": ("bu",), "柏": ("bai", "bo"), "卢": ("lu",),
    "祭": ("zhai",), "句": ("gou",), "过": ("guo",), "干": ("gan",), "都": ("du",),
    "纪": ("ji",), "贾": ("jia",), "谌": ("chen", "shen"), "訾": ("zi",), "幺": ("yao",),
}  # fmt: skip
COMPOUND = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳"  # noqa: SIM905
    " 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西"
    " 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生"
    " 梁丘 左丘 东门 西门 第五 单于".split()
)


def is_han(character: str) -> bool:
    """A Chinese character, those beyond the basic plane included."""
    code = ord(character)
    return 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x3FFFF


def has_han(text: str) -> bool:
    return not text.isascii() and any(map(is_han, text))


@lru_cache(8192)
def _readings(character: str) -> tuple[str, ...]:
    """Without tones, the commonest first; ü as `v` and as `u`, as keyboards and passports do."""
    if not is_han(character):
        kept = fold(character)
        return (kept if kept.isalnum() else "",)
    from pypinyin import Style, pinyin  # its dictionary takes 0.2 s; not every server needs it

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    plain = dict.fromkeys(found[0][: _EACH + 1] if found else [])
    out = list(plain)[:_EACH]
    return tuple(out + [r.replace("v", "u") for r in out if "v" in r])


def split_name(text: str) -> tuple[str, str]:
    """Surname and given name of a Chinese name written as one."""
    size = 2 if len(text) > 2 and text[:2] in COMPOUND else 1
    return text[:size], text[size:]


def _surname(text: str) -> list[str]:
    known = SURNAMES.get(text)
    if known is not None and len(text) > 1:
        return list(known)
    parts = [dict.fromkeys((*SURNAMES.get(c, ()), *_readings(c))) for c in text]
    return ["".join(each) for each in islice(product(*parts), MAX_READINGS)]


def _combined(surname: str, given: str) -> Iterator[tuple[str, str]]:
    """Readings of the whole name with their initials."""
    first = _surname(surname) if surname else [""]
    rest = [_readings(c) for c in given]
    # The surname varies fastest, so that none of its readings falls to the limit.
    for *others, own in islice(product(*rest, first), MAX_READINGS):
        initials = "".join(r[:1] for r in others)
        if len(surname) > 1:
            initials = "".join(_readings(c)[0][:1] for c in surname) + initials
        yield own + "".join(others), own[:1] * (len(surname) == 1) + initials


@lru_cache(8192)
def name_readings(family: str, given: str) -> tuple[str, ...]:
    """The whole name, its initials, and the given name alone. Shape: ("zhangsan", "zs", "san")."""
    out: dict[str, None] = {}
    for whole, initials in _combined(family, given):
        out[whole] = None
        if len(family) + len(given) > 1:
            out[initials] = None
    if family and given:
        out.update(dict.fromkeys(whole for whole, _ in _combined("", given)))
    return tuple(r for r in out if r)


def text_readings(text: str) -> tuple[str, ...]:
    """Readings of a name of a place or an organisation, or of a search value, and its initials."""
    kept = text.strip()[:40]
    return name_readings("", kept) if has_han(kept) else ()


def person_readings(names: Iterable[tuple[str, str]]) -> dict[str, None]:
    """Shape of `names`: (family, given) in Chinese; others give nothing."""
    out: dict[str, None] = {}
    for family, given in names:
        if has_han(family + given):
            out.update(dict.fromkeys(name_readings(family[:10], given[:10])))
    return out
