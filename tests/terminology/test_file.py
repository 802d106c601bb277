"""The embedded file: one interface, two places for concepts, and the same answers from both."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir_server.errors import FhirError
from fhir_server.terminology import CodeSystem
from fhir_server.terminology.file import FileError, Header, Row, TermFile, load, remove
from fhir_server.terminology.file.writing import Link
from fhir_server.terminology.matching import TextFilter
from fhir_server.terminology.systems import OPERATORS, Selection, relation, satisfies

Json = dict[str, Any]
URL = "http://x.org/cs"
HEADER = Header("generic", URL, "1", "样例")
ROWS = [
    Row("I", "循环", properties=({"code": "notSelectable", "valueBoolean": True},)),
    Row("I10", "原发性高血压", ("I",), designations=({"language": "en", "value": "hypertension"},)),
    Row("I10.1", "高血压1级", ("I10",)),
    Row("I99", "旧称", ("I", "Z"), properties=({"code": "inactive", "valueBoolean": True},)),
]

WORDS = (
    "高血压",
    "高",
    "血",
    "糖尿病",
    "2型",
    "hyper",
    "tension",
    "(",
    "重度",
    "女性",
    "a",
    " ",
    "，",
)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join)
codes = st.sampled_from(["A", "B", "C", "D", "E", "A.1", "a", "b"])
rows = st.builds(
    Row,
    code=codes,
    display=texts,
    parents=st.lists(codes | st.just("out"), max_size=2, unique=True).map(tuple),
    designations=st.lists(texts.map(lambda t: {"value": t}), max_size=1).map(tuple),
    properties=st.lists(
        st.sampled_from([
            {"code": "site", "valueString": "heart"},
            {"code": "site", "valueCode": "lung"},
            {"code": "inactive", "valueBoolean": True},
            {"code": "notSelectable", "valueBoolean": True},
        ]),
        max_size=2,
    ).map(tuple),
)  # fmt: skip
systems = st.lists(rows, min_size=1, max_size=8, unique_by=lambda r: r.code.lower())
filters = st.tuples(
    st.sampled_from(["concept", "code", "display", "parent", "child", "site", "none"]),
    st.sampled_from(OPERATORS),
    st.one_of(
        codes, st.sampled_from(["true", "false", "heart", "A, heart", ".*", "[AB].*", "out"])
    ),
)
TYPED = ["gxy", "gao", "xuey", "g", "x", "2x", "nv", "hy", "zd", "A"]
typed = st.one_of(texts, st.sampled_from(TYPED))


def resource(held: list[Row], header: Header = HEADER) -> Json:
    """The same as a CodeSystem resource."""
    concepts = []
    for row in held:
        raw = row.raw
        above = [{"code": "parent", "valueCode": p} for p in row.parents if p != row.code]
        if above:
            raw["property"] = [*raw.get("property", []), *above]
        concepts.append(raw)
    return {**header.resource, "concept": concepts}


def loaded(path: Path, held: list[Row], header: Header = HEADER) -> TermFile:
    load(path, header, held, grace=0)
    return TermFile(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("terms")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(held=systems, some=st.lists(filters, max_size=2), text=st.none() | typed, page=st.booleans())
def test_the_file_and_memory_answer_alike(
    folder: Path, held: list[Row], some: list[tuple[str, str, str]], text: str | None, page: bool
) -> None:
    file = loaded(folder / "t.db", held)
    mine = file.find(URL, "1")
    assert mine is not None
    other = CodeSystem(resource(held))
    assert list(mine.codes()) == list(other.codes())
    assert len(mine) == len(other)
    for code in [*other.codes(), "out", "none"]:
        assert mine.above(code) == other.above(code)
        assert mine.below(code) == other.below(code)
        assert sorted(mine.parents(code)) == sorted(other.parents(code))
        assert sorted(mine.children(code)) == sorted(other.children(code))
        assert (mine.get(code) is None) is (other.get(code) is None)
    for each in some:
        assert mine.filtered(*each) == other.filtered(*each), each
        for code in other.codes():  # one concept by itself is judged as in the list
            concept = mine.get(code)
            assert concept is not None
            assert satisfies(mine, concept, each) is (code in mine.filtered(*each)), each
    wanted = Selection(
        tuple(some), TextFilter(text) if text is not None else None,
        active_only=page, selectable_only=page, offset=1 if page else 0, count=2 if page else None,
    )  # fmt: skip
    total, found = mine.select(wanted)
    expected_total, expected = other.select(wanted)
    assert (total, [c.code for c in found]) == (expected_total, [c.code for c in expected])
    file.close()


HOSTILE = ["*", '"', '""', "a" * 10_000, "高" * 5000, "AND OR NOT NEAR(", "words : x", "𠮷", "—",
           "gaoxueya" * 20, "高血压)", "x" * 199 + "高", "I10.1 AND", "ﬁ", "\x00", "½"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_may_be_typed(tmp_path: Path, text: str) -> None:
    file = loaded(tmp_path / "t.db", ROWS)
    mine, other = file.find(URL, "1"), CodeSystem(resource(ROWS))
    assert mine is not None
    wanted = Selection(text=TextFilter(text))
    assert [c.code for c in mine.select(wanted)[1]] == [c.code for c in other.select(wanted)[1]]
    file.close()


@settings(max_examples=40, deadline=None)
@given(held=systems, a=codes, b=codes, c=codes)
def test_subsumption_is_a_partial_order(held: list[Row], a: str, b: str, c: str) -> None:
    """Up to codes that a cycle makes the same."""
    system = CodeSystem(resource(held))
    flipped = {"subsumes": "subsumed-by", "subsumed-by": "subsumes"}
    assert relation(system, a, a) == "equivalent"
    one = relation(system, a, b)
    assert relation(system, b, a) == flipped.get(one, one)
    above = ("subsumes", "equivalent")
    if one in above and relation(system, b, c) in above:
        assert relation(system, a, c) in above


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    file = loaded(tmp_path / "t.db", ROWS)
    system = file.find(URL, "")
    assert system is not None
    concept = system.get("I10")
    assert concept is not None
    assert concept.raw == ROWS[1].raw
    assert system.get("Z") is None  # lies above I99, and is no concept
    assert "I99" in system.below("Z")
    assert (system.header["title"], system.complete) == ("样例", True)
    assert file.listed() == [(URL, "1")]
    file.close()


def test_case_does_not_count_where_the_system_says_so(tmp_path: Path) -> None:
    header = Header("generic", URL, "1", "", case_sensitive=False)
    file = loaded(tmp_path / "t.db", ROWS, header)
    system = file.find(URL, "1")
    assert system is not None
    found = system.get("i10")
    assert found is not None
    assert found.code == "I10"
    file.close()


def test_versions_are_side_by_side_and_replaced_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    file = TermFile(path)
    assert file.find(URL, "") is None  # no file yet
    for version, display in (("1.9", "旧"), ("1.10", "新")):
        load(path, Header("generic", URL, version, ""), [Row("k", display)], grace=0)
    newest, older = file.find(URL, ""), file.find(URL, "1.9")
    assert newest is not None
    assert older is not None
    assert (newest.version, older.get("k").display) == ("1.10", "旧")  # type: ignore[union-attr]
    load(path, Header("generic", URL, "1.9", ""), [Row("k", "改"), Row("l", "")], grace=0)
    changed = file.find(URL, "1.9")
    assert changed is not None
    assert (len(changed), changed.get("k").display) == (2, "改")  # type: ignore[union-attr]
    assert len(file.listed()) == 2
    assert remove(path, URL, "1.10", grace=0) == 1
    assert file.listed() == [(URL, "1.9")]
    assert remove(path, URL, grace=0) == 1
    assert file.listed() == []
    assert remove(path, URL, grace=0) == 0
    file.close()


def test_who_has_begun_to_read_can_go_on_while_a_new_edition_comes(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    file = loaded(path, ROWS)
    before = file.find(URL, "1")
    assert before is not None
    seen: list[str] = []

    def slowly() -> Iterator[Row]:
        yield Row("new", "新")
        seen.append(before.get("I10").display)  # type: ignore[union-attr]

    load(path, HEADER, slowly(), grace=0)
    assert seen == ["原发性高血压"]
    after = file.find(URL, "1")
    assert after is not None
    assert list(after.codes()) == ["new"]
    file.close()


def test_a_load_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    file = loaded(path, ROWS)

    def broken() -> Iterator[Row]:
        yield from (Row(f"n{i}", "") for i in range(3000))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        load(path, HEADER, broken(), grace=0)
    with pytest.raises(FileError):
        load(path, HEADER, [], grace=0)
    system = file.find(URL, "1")
    assert system is not None
    assert list(system.codes()) == ["I", "I10", "I10.1", "I99"]
    file.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from fhir_server.terminology.file import Header, Row, load
def rows():
    for i in range(20_000):
        yield Row(f"n{i}", "高血压")
    os.kill(os.getpid(), signal.SIGKILL)
load(Path(sys.argv[1]), Header("generic", "http://x.org/cs", "1", ""), rows(), grace=0)
"""


def test_a_kill_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    loaded(path, ROWS).close()
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    file = TermFile(path)
    system = file.find(URL, "1")
    assert system is not None
    assert list(system.codes()) == ["I", "I10", "I10.1", "I99"]
    load(path, HEADER, [Row("new", "")], grace=0)  # and the next load goes through
    assert file.find(URL, "1").get("new") is not None  # type: ignore[union-attr]
    file.close()


def test_two_loads_at_once_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.db"
    monkeypatch.setattr("fhir_server.terminology.file.schema.BUSY_SECONDS", 0.1)

    def nested() -> Iterator[Row]:
        yield Row("a", "")
        with pytest.raises(FileError, match="another load"):
            load(path, Header("generic", "urn:b", "", ""), [Row("b", "")], grace=0)

    assert load(path, HEADER, nested(), grace=0) == 1


def test_what_is_no_terminology_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    path.write_bytes(b"no database, and longer than a header of one" * 50)
    with pytest.raises(FileError):
        TermFile(path).rows()
    with pytest.raises(FhirError) as refused:
        TermFile(path).find(URL, "")
    assert refused.value.code == "terminology-file"
    with pytest.raises(FileError):
        load(path, HEADER, ROWS, grace=0)


def test_a_costly_pattern_is_refused(tmp_path: Path) -> None:
    file = loaded(tmp_path / "t.db", ROWS)
    system = file.find(URL, "1")
    assert system is not None
    for name, operator, value in (("code", "regex", "(a+)+b"), ("code", "other", "x")):
        with pytest.raises(FhirError) as refused:
            system.select(Selection(((name, operator, value),)))
        assert refused.value.code == "terminology-filter"
    file.close()


def test_links_make_no_concepts(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    held = [Link("I10", "I00-I99"), Row("I10.1", "一", ("I10",))]
    assert load(path, HEADER, held, grace=0) == 1
    file = TermFile(path)
    system = file.find(URL, "1")
    assert system is not None
    assert system.below("I00-I99") == {"I00-I99", "I10", "I10.1"}
    assert system.filtered("concept", "is-a", "I00-I99") == {"I10.1"}
    file.close()


def test_the_script_of_the_kill_is_python() -> None:
    compile(textwrap.dedent(KILLED), "killed", "exec")
