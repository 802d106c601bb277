"""Chinese text as Pinyin syllables, and what people type as Pinyin cut into syllables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from .pinyin import is_han
from .text import fold

MAX_CUTS = 8  # ways to cut one word into syllables
_HELD = 60  # characters of a text that are read
_LONGEST_WORD = 5  # characters of a word of the dictionary
_ALL = """a ai an ang ao ba bai ban bang bao bei ben beng bi bian biang biao bie bin bing bo bong bu
ca cai can cang cao ce cei cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua
chuai chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den
deng di dia dian diao die din ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang fei
fen feng fiao fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun
guo ha hai han hang hao he hei hen heng hm hng hong hou hu hua huai huan huang hui hun huo ji jia
jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou
ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei len leng li lia lian liang liao lie
lin ling liu lo long lou lu luan lue lun luo lv lve m ma mai man mang mao me mei men meng mi mian
miao mie min ming miu mo mou mu n na nai nan nang nao ne nei nen neng ng ni nia nian niang niao nie
nin ning niu nong nou nu nuan nue nun nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao
pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re
ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang
shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui
sun suo ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai
wan wang wei wen weng wo wong wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya
yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai
zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi
zong zou zu zuan zui zun zuo"""
# The interjections m, n, ng, hm, hng are no names of anything, and would cut every syllable in two.
SYLLABLES = frozenset(_ALL.split()) - {"m", "n", "ng", "hm", "hng"}
_BEGUN = frozenset(s[:n] for s in SYLLABLES for n in range(1, len(s) + 1))
_PARTS = re.compile(r"[0-9]+|[a-z]+").findall
_LONGEST = max(map(len, SYLLABLES))


def runs(text: str) -> Iterator[tuple[bool, str]]:
    """The words of a folded text: (Chinese?, run of characters); all else separates them."""
    for kind, run in groupby(text, lambda c: 2 if is_han(c) else int(c.isalnum())):
        if kind:
            yield kind == 2, "".join(run)


@lru_cache(32768)
def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read a text with Chinese in it, as syllables; other words stay one each.

    By words first (重度 zhong du, 重复 chong fu), then with ü written `u` as well. Empty without
    Chinese.
    """
    folded = fold(text)[:_HELD]
    parts = list(runs(folded))
    if not any(chinese for chinese, _ in parts):
        return ()
    out: list[str] = []
    for chinese, run in parts:
        out += _read(run) if chinese else [run]
    first = tuple(s for s in out if s)
    second = tuple(s.replace("v", "u") if s in SYLLABLES else s for s in first)
    return (first,) if first == second else (first, second)


def _read(run: str) -> list[str]:
    """By the longest words that the dictionary has, from left to right."""
    # Its dictionary takes 0.2 s, and not every server needs it. Its own functions take 70 µs for a
    # name, ten times as long as looking words up.
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    out: list[str] = []
    at, size = 0, len(run)
    while at < size:
        for length in range(min(_LONGEST_WORD, size - at), 1, -1):
            word = PHRASES_DICT.get(run[at : at + length])
            if word is not None and len(word) == length:
                out += [_bare(each[0]) for each in word]
                at += length
                break
        else:
            out.append(_bare(PINYIN_DICT.get(ord(run[at]), "").partition(",")[0]))
            at += 1
    return out


@lru_cache(4096)
def _bare(reading: str) -> str:
    """Without tone, ü as v: "lǜ" → "lv"."""
    if not reading:
        return ""
    from pypinyin.contrib.tone_convert import to_normal

    return fold(str(to_normal(reading, v_to_u=False)))


@lru_cache(1024)
def cut(word: str) -> tuple[tuple[str, ...], ...]:
    """A typed word as syllables, the last of which may be begun only; numbers stay one each.

    Shape: "xian" gives ("xian",), ("xia", "n"), ("xi", "an"); "gxy" nothing.
    """
    if not word.isascii() or not word.isalnum() or len(word) > 60:
        return ()
    found: list[tuple[str, ...]] = [()]
    parts: list[str] = _PARTS(word)
    for at, part in enumerate(parts):
        whole = at < len(parts) - 1
        ways = ((part,),) if part.isdecimal() else tuple(_cuts(part, whole))
        found = [(*before, *way) for before in found for way in ways][:MAX_CUTS]
    return tuple(found)


def _cuts(letters: str, whole: bool) -> Iterator[tuple[str, ...]]:
    """Longest syllables first. `whole`: the last one is complete, too."""
    dead: set[int] = set()  # places from where nothing leads to the end

    def walk(at: int) -> Iterator[tuple[str, ...]]:
        if at in dead:
            return
        rest, any_way = letters[at:], False
        if rest in (SYLLABLES if whole else _BEGUN):
            any_way = True
            yield (rest,)
        for size in range(min(_LONGEST, len(rest) - 1), 0, -1):
            if rest[:size] in SYLLABLES:
                for further in walk(at + size):
                    any_way = True
                    yield (rest[:size], *further)
        if not any_way:
            dead.add(at)

    for count, way in enumerate(walk(0)):
        if count >= MAX_CUTS:
            return
        yield way
