"""A made-up classification in the shapes in which ICD-10 is published in China; no real content.

Names are put together from words, codes are counted through; nothing of a licensed table is in it.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import xlsxwriter

KINDS = (
    "急性",
    "慢性",
    "原发性",
    "继发性",
    "复发性",
    "先天性",
    "创伤性",
    "药物性",
    "老年性",
    "妊娠期",
)
SITES = (
    "心",
    "肝",
    "肾",
    "肺",
    "胃",
    "脑",
    "眼",
    "耳",
    "骨",
    "皮肤",
    "血管",
    "关节",
    "甲状腺",
    "胰腺",
)
ILLS = (
    "高血压",
    "炎",
    "结石",
    "肿瘤",
    "出血",
    "梗死",
    "狭窄",
    "畸形",
    "感染",
    "功能不全",
    "损伤",
    "溃疡",
)
ENDS = ("", "伴高热", "伴出血", "伴2型糖尿病", "（轻度）", "（重度）", "个人史", "术后")
CLINICAL = ("主要编码", "附加编码", "疾病名称")
INSURANCE = ("章", "章代码范围", "章的名称", "节代码范围", "节名称", "类目代码", "类目名称",
             "亚目代码", "亚目名称", "诊断代码", "诊断名称")  # fmt: skip
Rows = Iterable[Sequence[str]]


def clinical(count: int, seed: int = 1) -> Iterator[tuple[str, str, str]]:
    """(main code, additional code, name). The first rows are always the same."""
    yield "I10.x00", "", "原发性高血压"
    yield "I10.x00x002", "", "高血压1级（高危）"
    yield "A17.000†", "G01*", "结核性脑膜炎"
    dice = random.Random(seed)
    for n in range(3, count):
        letter = "BCDEFGHJKLMNOPQRST"[n // 2000 % 18]
        code = f"{letter}{n // 20 % 100:02d}.{n // 2 % 10}{n % 2:02d}"
        if n >= 36_000:
            code += "x001"
        name = dice.choice(KINDS) + dice.choice(SITES) + dice.choice(ILLS) + dice.choice(ENDS)
        yield code, "", f"{name}{n}型"


def insurance() -> list[tuple[str, ...]]:
    """A few rows; a group is written once, as merged cells are read."""
    heart = ("9", "I00-I99", "循环病", "I10-I15", "高血压病")
    blank = ("", "", "", "", "")
    sugar = ("4", "E00-E90", "内分泌病", "E10-E14", "糖尿病")
    return [
        (*heart, "I10", "特发性高血压", "", "", "I10.x00", "高血压"),
        (*blank, "I11", "高血压心脏病", "I11.0", "伴心衰", "I11.000", "高血压心脏病伴心衰"),
        (*blank, "", "", "", "", "I11.001", "高血压心脏病伴左心衰"),
        (*blank, "", "", "I11.9", "不伴心衰", "I11.900", "高血压心脏病"),
        (*sugar, "E11", "2型糖尿病", "E11.9", "无并发症", "E11.900", "2型糖尿病"),
    ]


def write_xlsx(path: Path, head: Sequence[str], rows: Rows) -> None:
    """With a title above the header, as published."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    book.add_worksheet("说明").write(0, 0, "使用说明")
    sheet = book.add_worksheet("目录")
    sheet.write(0, 0, "疾病分类与代码（样例）")
    for column, word in enumerate(head):
        sheet.write(1, column, word)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(at + 2, column, cell)
    book.close()


def write_csv(path: Path, head: Sequence[str], rows: Rows, encoding: str = "utf-8-sig") -> None:
    with path.open("w", encoding=encoding, newline="") as text:
        writer = csv.writer(text)
        writer.writerow(head)
        writer.writerows(rows)
