"""Loaders: files in the shapes in which they are published, with made-up content."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from fhir_server.terminology.file import TermFile, load
from fhir_server.terminology.file.reading import FileSystem
from fhir_server.terminology.loaders import KINDS, Options
from fhir_server.terminology.loaders.icd import above
from fhir_server.terminology.loaders.tables import TableError
from tests.terminology.icd_sample import (
    CLINICAL,
    INSURANCE,
    clinical,
    insurance,
    write_csv,
    write_xlsx,
)


def loaded(tmp_path: Path, kind: str, *files: Path, options: Options | None = None) -> FileSystem:
    source = KINDS[kind].read(files, options or Options())
    path = tmp_path / "t.db"
    load(path, source.header, source.rows, grace=0)
    found = TermFile(path).find(source.header.url, source.header.version)
    assert found is not None
    return found


WAYS = ["xlsx", "utf-8-sig", "utf-8", "gb18030", "utf-16"]


@pytest.mark.parametrize("way", WAYS)
def test_the_clinical_edition_in_any_encoding(tmp_path: Path, way: str) -> None:
    path = tmp_path / ("t.xlsx" if way == "xlsx" else "t.csv")
    rows = list(clinical(30))
    if way == "xlsx":
        write_xlsx(path, CLINICAL, iter(rows))
    else:
        write_csv(path, CLINICAL, iter(rows), way)
    system = loaded(tmp_path, "icd10-clinical", path)
    assert (system.url, system.version) == ("urn:oid:2.16.156.10011.2.3.3.11", "2.0")
    assert len(system) == 30
    concept = system.get("i10.x00X002")  # case does not count
    assert concept is not None
    assert (concept.code, concept.display) == ("I10.x00x002", "高血压1级（高危）")
    assert system.above("I10.x00x002") >= {"I10.x00", "I10.x", "I10", "I00-I99"}
    assert system.filtered("concept", "is-a", "I10") == {"I10.x00", "I10.x00x002"}


def test_daggers_and_asterisks(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [("A17.000†", "G01*", "甲"), ("A18.000+", "", "乙"), ("G01.x00*", "", "丙"),
            ("A18.0+M01.1*", "", "丁"), ("M80000/0", "", "形态"),
            ("B01.000", "", "戊")]  # fmt: skip
    write_csv(path, CLINICAL, rows)
    system = loaded(tmp_path, "icd10-clinical", path)
    assert list(system.codes()) == ["A17.000", "A18.000", "G01.x00", "A18.0", "M80000/0", "B01.000"]

    def of(code: str) -> dict[str, tuple[object, ...]]:
        concept = system.get(code)
        assert concept is not None
        return dict(concept.properties)

    assert of("A17.000") == {"dagger": (True,), "additional-code": ("G01",)}
    assert of("A18.000") == {"dagger": (True,)}
    assert of("G01.x00") == {"asterisk": (True,)}
    assert of("A18.0") == {"dagger": (True,), "additional-code": ("M01.1",)}
    assert of("B01.000") == {}


def test_the_insurance_edition_brings_its_groups(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_xlsx(path, INSURANCE, insurance())
    system = loaded(tmp_path, "icd10-insurance", path)
    assert list(system.codes()) == [
        "I00-I99", "I10-I15", "I10", "I10.x00", "I11", "I11.0", "I11.000", "I11.001", "I11.9",
        "I11.900", "E00-E90", "E10-E14", "E11", "E11.9", "E11.900",
    ]  # fmt: skip
    assert system.parents("I10.x00") == ["I10"]
    assert system.parents("I11.001") == ["I11.0"]
    assert system.parents("I11") == ["I10-I15"]
    assert system.above("I11.900") == {"I11.900", "I11.9", "I11", "I10-I15", "I00-I99"}
    chapter, disease = system.get("I00-I99"), system.get("I11.900")
    assert chapter is not None
    assert disease is not None
    assert (chapter.display, chapter.abstract, disease.abstract) == ("循环病", True, False)


def test_operations(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    head = ("主要编码", "手术名称", "类别", "录入选项")
    rows = [("00.0100", "头血管超声", "治疗性操作", "必选"),
            ("00.0100x001", "又", "治疗性操作", "选择性"),
            ("0.02", "数字丢了零", "手术", "必选")]  # fmt: skip
    write_csv(path, head, rows)
    system = loaded(tmp_path, "icd9cm3-clinical", path)
    assert system.url == "urn:oid:2.16.156.10011.2.3.3.12"
    assert list(system.codes()) == ["00.0100", "00.0100x001", "00.02"]
    assert system.below("00.01") == {"00.01", "00.0100", "00.0100x001"}
    concept = system.get("00.0100")
    assert concept is not None
    assert concept.properties == {"kind": ("治疗性操作",), "entry": ("必选",)}
    grouped = tmp_path / "i.csv"
    head = ("章", "章代码范围", "章的名称", "类目代码", "类目名称", "亚目代码", "亚目名称",
            "细目代码", "细目名称", "手术操作代码", "手术操作名称")  # fmt: skip
    write_csv(
        grouped,
        head,
        [("1", "00-00", "操作", "00", "类", "00.0", "亚", "00.01", "细", "00.0100", "甲")],
    )
    other = loaded(tmp_path, "icd9cm3-insurance", grouped)
    assert other.above("00.0100") == {"00.0100", "00.01", "00.0", "00", "00-00"}


ABOVE = [
    ("I10.x00x002", True, ["I10.x00", "I10.x", "I10", "I00-I99"]),
    ("A01.1", True, ["A01", "A00-B99"]),
    ("A01", True, ["A00-B99"]),
    ("00.0100x001", False, ["00.0100", "00.01", "00.0", "00"]),
    ("88.7", False, ["88"]),
    ("M80000/0", True, []),
]


@pytest.mark.parametrize(("code", "disease", "chain"), ABOVE)
def test_a_code_says_what_lies_above_it(code: str, disease: bool, chain: list[str]) -> None:
    assert above(code, disease=disease) == chain


def test_lines_that_say_nothing_are_skipped_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [
        ("", "", ""),
        ("B01.0", "", "甲"),
        ("注：仅供参考", "", ""),
        ("B01.0", "", "重复"),
        ("", "", "乙"),
    ]
    write_csv(path, CLINICAL, rows)
    source = KINDS["icd10-clinical"].read([path], Options(version="9"))
    count = load(tmp_path / "t.db", source.header, source.rows, grace=0)
    assert (count, source.skipped(), source.header.version) == (1, 2, "9")


def test_a_generic_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    head = ("代码", "名称", "上级代码", "状态", "英文名称", "价格(元)")
    rows = [
        ("A", "甲", "", "", "first", "1"),
        ("B", "乙", "A", "停用", "", ""),
        ("", "空", "", "", "", ""),
    ]
    write_csv(path, head, rows)
    options = Options("http://x.org/cs", "3", "我院代码")
    system = loaded(tmp_path, "generic", path, options=options)
    assert (system.header["title"], system.version) == ("我院代码", "3")
    one, two = system.get("A"), system.get("B")
    assert one is not None
    assert two is not None
    assert (one.texts, two.inactive) == (["甲", "first"], True)
    assert system.parents("B") == ["A"]
    assert ("1",) in one.properties.values()


RF2 = {
    "Snapshot/Terminology/sct2_Concept_Snapshot_INT_20240101.txt": [
        "id effectiveTime active moduleId definitionStatusId",
        "138875005 20020131 1 900000000000207008 900000000000074008",
        "404684003 20020131 1 900000000000207008 900000000000074008",
        "38341003 20020131 1 900000000000207008 900000000000073002",
        "1 20020131 0 900000000000207008 900000000000074008",
    ],
    "Snapshot/Terminology/sct2_Description_Snapshot-en_INT_20240101.txt": [
        "id effectiveTime active moduleId conceptId languageCode typeId term caseSignificanceId",
        "11 20020131 1 9 138875005 en 900000000000003001 Root~(root) 9",
        "12 20020131 1 9 404684003 en 900000000000003001 Finding~(finding) 9",
        "13 20020131 1 9 38341003 en 900000000000003001 Pressure~high~(disorder) 9",
        "14 20020131 1 9 38341003 en 900000000000013009 High~pressure 9",
        "15 20020131 1 9 38341003 en 900000000000013009 HP 9",
        "16 20020131 0 9 38341003 en 900000000000013009 Old 9",
    ],
    "Snapshot/Terminology/sct2_Relationship_Snapshot_INT_20240101.txt": [
        "id effectiveTime active moduleId sourceId destinationId relationshipGroup typeId"
        " characteristicTypeId modifierId",
        "21 20020131 1 9 404684003 138875005 0 116680003 900000000000011006 9",
        "22 20020131 1 9 38341003 404684003 0 116680003 900000000000011006 9",
        "23 20020131 1 9 38341003 113257007 1 363698007 900000000000011006 9",
        "24 20020131 0 9 138875005 38341003 0 116680003 900000000000011006 9",
    ],
    "Snapshot/Refset/Language/der2_cRefset_LanguageSnapshot-en_INT_20240101.txt": [
        "id effectiveTime active moduleId refsetId referencedComponentId acceptabilityId",
        "31 20020131 1 9 9 14 900000000000548007",
        "32 20020131 1 9 9 15 900000000000549004",
        "33 20020131 1 9 9 13 900000000000548007",
    ],
}


def write_rf2(folder: Path) -> None:
    for name, lines in RF2.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "\r\n".join(line.replace(" ", "\t").replace("~", " ") for line in lines)
        path.write_text(text + "\r\n", "utf-8", newline="")


@pytest.mark.parametrize("packed", [False, True])
def test_a_snomed_release(tmp_path: Path, packed: bool) -> None:
    release = tmp_path / "SnomedCT_Release"
    write_rf2(release)
    if packed:
        archive = tmp_path / "release.zip"
        with zipfile.ZipFile(archive, "w") as target:
            for path in release.rglob("*.txt"):
                target.write(path, path.relative_to(tmp_path))
        release = archive
    system = loaded(tmp_path, "snomed", release)
    assert system.url == "http://snomed.info/sct"
    assert system.version == "http://snomed.info/sct/900000000000207008/version/20240101"
    concept = system.get("38341003")
    assert concept is not None
    assert concept.display == "High pressure"
    assert {d["value"] for d in concept.designations} == {
        "Pressure high (disorder)",
        "High pressure",
        "HP",
    }
    assert concept.properties["363698007"] == ("113257007",)
    assert concept.properties["sufficientlyDefined"] == (True,)
    assert system.above("38341003") == {"38341003", "404684003", "138875005"}
    old = system.get("1")
    assert old is not None
    assert old.inactive


def test_a_loinc_release(tmp_path: Path) -> None:
    folder = tmp_path / "Loinc_2.78" / "LoincTable"
    folder.mkdir(parents=True)
    head = (
        "LOINC_NUM",
        "COMPONENT",
        "PROPERTY",
        "SYSTEM",
        "CLASS",
        "STATUS",
        "SHORTNAME",
        "LONG_COMMON_NAME",
    )
    rows = [("1-8", "Made up", "MCnc", "Bld", "CHEM", "ACTIVE", "MU", "Made up [Mass] in Blood"),
            ("2-6", "Old", "MCnc", "Bld", "CHEM", "DEPRECATED", "", "Old thing"),
            ("", "", "", "", "", "", "", "")]  # fmt: skip
    write_csv(folder / "Loinc.csv", head, rows, "utf-8")
    more = tmp_path / "Loinc_2.78" / "AccessoryFiles"
    for name, columns, lines in (
        ("ComponentHierarchyBySystem",
         ("PATH_TO_ROOT", "SEQUENCE", "IMMEDIATE_PARENT", "CODE", "CODE_TEXT"),
         [("", "1", "", "LP1-1", "Part"), ("LP1-1", "1", "LP1-1", "1-8", "Made up")]),
        ("AnswerList", ("AnswerListId", "AnswerListName", "AnswerStringId", "DisplayText"),
         [("LL1-9", "Yes or no", "LA1-2", "Yes"), ("LL1-9", "Yes or no", "LA2-0", "No")]),
        ("zhCN5LinguisticVariant", ("LOINC_NUM", "COMPONENT", "PROPERTY", "LONG_COMMON_NAME"),
         [("1-8", "虚构", "质量", "血中虚构物")]),
    ):  # fmt: skip
        (more / name).mkdir(parents=True)
        write_csv(more / name / f"{name}.csv", columns, lines, "utf-8")
    system = loaded(tmp_path, "loinc", tmp_path / "Loinc_2.78")
    assert (system.url, system.version) == ("http://loinc.org", "2.78")
    concept, old = system.get("1-8"), system.get("2-6")
    assert concept is not None
    assert old is not None
    assert (concept.display, old.inactive) == ("Made up [Mass] in Blood", True)
    assert [d["value"] for d in concept.designations] == ["血中虚构物", "MU"]
    assert concept.properties["CLASS"] == ("CHEM",)
    assert system.below("LP1-1") == {"LP1-1", "1-8"}
    assert system.filtered("answer-list", "=", "LL1-9") == {"LA1-2", "LA2-0"}


def test_files_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "o.csv"
    write_csv(other, ("甲", "乙"), [("1", "2")])
    binary = tmp_path / "b.csv"
    binary.write_bytes(b"\x81\xff\xff\x00" * 10)
    fake = tmp_path / "f.xlsx"
    fake.write_bytes(b"no spreadsheet")
    for kind, path, word in (
        ("icd10-clinical", other, "诊断代码"),  # says what it looks for
        ("icd10-clinical", binary, "GB18030"),
        ("icd10-clinical", fake, "spreadsheet"),
        ("icd10-clinical", tmp_path / "none.csv", "no such file"),
        ("generic", other, "--url"),
        ("snomed", other, "zip"),
        ("snomed", tmp_path, "sct2_Concept_Snapshot"),
        ("loinc", tmp_path, "Loinc.csv"),
    ):
        with pytest.raises(TableError, match=word):
            KINDS[kind].read([path], Options())
