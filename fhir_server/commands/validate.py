"""`fhir-server validate`: resources in files against R4 and profiles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ..definitions import r4
from ..errors import FhirError
from ..model.json import decode_object
from ..validation import ValidationIssue, Validator
from ..validation.packages import PackageError, missing, read_package
from ..validation.positions import XmlPositions, locate_json
from ..xml import Xml

Json = dict[str, Any]
SUFFIXES = (".json", ".xml", ".ndjson")
PARALLEL_FROM = 16  # fewer inputs are done before other processes have started
_KNOWN = frozenset(("StructureDefinition", "ValueSet", "CodeSystem", "Questionnaire", "Bundle"))


class UsageError(Exception):
    """The command was called wrongly. The text is Chinese and English."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What each worker builds its validator from: resources to know, and profiles asked for."""

    resources: list[Json]
    profiles: list[str]
    unknown_extensions: str = "information"


@dataclass(frozen=True, slots=True)
class Source:
    """One resource to be checked: a file, a line of an NDJSON file (from 1), or the input."""

    file: str
    data: bytes = field(repr=False)
    line: int = 0

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Row:
    """One issue with its place. `line` and `column` are 0 where they are not known."""

    issue: ValidationIssue
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in one resource. `unreadable`: Chinese and English, of no resource at all."""

    source: str
    file: str
    resource_type: str = ""
    rows: tuple[Row, ...] = ()
    unreadable: tuple[str, str] = ("", "")

    def count(self, severity: str) -> int:
        return sum(1 for row in self.rows if row.issue.severity == severity)

    @property
    def valid(self) -> bool:
        return not self.unreadable[0] and self.count("error") == 0


def prepare(
    profiles: Sequence[str],
    known: Sequence[Path],
    packages: Sequence[Path],
    unknown_extensions: str = "information",
) -> tuple[Setup, list[str]]:
    """The setup, and what packages ask for that is not among them.

    A profile is a canonical, or a file whose StructureDefinition is meant.
    Errors: UsageError.
    """
    resources: list[Json] = []
    for path in known:
        resources += _resources_in(path)
    held = []
    for path in packages:
        try:
            held.append(read_package(path))
        except (PackageError, OSError) as error:
            raise UsageError(str(error)) from None
    for package in held:
        resources += package.resources
    urls = [_profile(text, resources) for text in profiles]
    kept = [r for r in resources if r.get("resourceType") in _KNOWN]
    return Setup(kept, urls, unknown_extensions), missing(held)


def _resources_in(path: Path) -> list[Json]:
    files = [path] if path.is_file() else sorted(_files(path)) if path.is_dir() else []
    if not files:
        raise UsageError(f"没有此文件或文件夹 / no such file or folder: {path}")
    found: list[Json] = []
    for each in files:
        try:
            found += read_resources(each)
        except FhirError as error:
            if path.is_file():
                text = error.issues[0]
                raise UsageError(f"{each}: {text.text('zh')} / {text.text('en')}") from None
        except OSError:
            raise UsageError(f"无法读取 / cannot be read: {each}") from None
    return found


def read_resources(path: Path) -> list[Json]:
    """The resources of a file: JSON, XML, NDJSON. Errors: OSError, FhirError (json-*, xml-*)."""
    data = path.read_bytes()
    if path.suffix == ".xml":
        return [Xml(r4()).read(data)]
    if path.suffix == ".ndjson":
        return [decode_object(line) for line in data.splitlines() if line.strip()]
    return [decode_object(data)]


def _profile(text: str, resources: list[Json]) -> str:
    if ":" in text.partition("/")[0] and not Path(text).exists():
        return text
    path = Path(text)
    if not path.is_file():
        raise UsageError(f"--profile 应为 canonical 或文件 / must be a canonical or a file: {text}")
    found = _resources_in(path)
    resources += found
    for each in found:
        if each.get("resourceType") == "StructureDefinition" and each.get("url"):
            return str(each["url"])
    raise UsageError(f"文件中没有 StructureDefinition / holds no StructureDefinition: {text}")


def _files(folder: Path) -> Iterator[Path]:
    for each in folder.rglob("*"):
        # Hidden files are no resources, such as the .index.json of a package.
        if each.suffix in SUFFIXES and each.is_file() and not each.name.startswith("."):
            yield each


def sources(paths: Sequence[str]) -> Iterator[Source]:
    """Every resource to be checked. Errors: UsageError for a path that is not there."""
    for text in paths:
        if text == "-":
            yield from _split("-", sys.stdin.buffer.read(), ndjson=None)
            continue
        path = Path(text)
        if path.is_dir():
            for each in sorted(_files(path)):
                yield from _of_file(each)
        elif path.is_file():
            yield from _of_file(path)
        else:
            raise UsageError(f"没有此文件或文件夹 / no such file or folder: {text}")


def _of_file(path: Path) -> Iterator[Source]:
    try:
        data = path.read_bytes()
    except OSError:
        raise UsageError(f"无法读取 / cannot be read: {path}") from None
    yield from _split(str(path), data, ndjson=path.suffix == ".ndjson")


def _split(name: str, data: bytes, *, ndjson: bool | None) -> Iterator[Source]:
    """`ndjson` None: by what it looks like, as of standard input."""
    lines = data.splitlines()
    if ndjson is None:
        begins = [line for line in lines if line.strip()]
        ndjson = len(begins) > 1 and all(line.startswith(b"{") for line in begins)
    if not ndjson:
        yield Source(name, data)
        return
    for i, line in enumerate(lines, 1):
        if line.strip():
            yield Source(name, line, i)


class Worker:
    """Checks sources in one process."""

    def __init__(self, setup: Setup) -> None:
        self._validator = Validator(setup.resources, unknown_extensions=setup.unknown_extensions)
        self._profiles = setup.profiles

    def check(self, source: Source) -> Result:
        is_xml = source.data.lstrip()[:1] == b"<" or source.file.endswith(".xml")
        try:
            resource = Xml(r4()).read(source.data) if is_xml else decode_object(source.data)
        except FhirError as error:
            text = error.issues[0]
            return Result(source.name, source.file, unreadable=(text.text("zh"), text.text("en")))
        issues = self._validator.validate(resource, profiles=self._profiles)
        name = resource.get("resourceType")
        return Result(
            source.name,
            source.file,
            name if type(name) is str else "",
            tuple(_placed(source, issues, is_xml)),
        )


def _placed(source: Source, issues: Iterable[ValidationIssue], is_xml: bool) -> Iterator[Row]:
    held = list(issues)
    if not held:
        return
    xml = XmlPositions(source.data) if is_xml else None
    text = source.data.decode("utf-8-sig", "replace")
    for issue in held:
        found = xml.locate(issue.expression) if xml is not None else None
        if xml is None:
            found = locate_json(text, issue.expression)
        if found is None:
            yield Row(issue)
        else:
            yield Row(issue, found.line + max(0, source.line - 1), found.column)


_worker: list[Worker] = []


def _start(setup: Setup) -> None:
    _worker[:] = [Worker(setup)]


def _run(source: Source) -> Result:
    return _worker[0].check(source)


def check_all(
    setup: Setup, found: Sequence[Source], jobs: int, advance: Callable[[], None]
) -> list[Result]:
    """Results in the order of the sources; in several processes where that is worth it."""
    if jobs <= 1 or len(found) < PARALLEL_FROM:
        worker = Worker(setup)
        results = []
        for each in found:
            results.append(worker.check(each))
            advance()
        return results
    out: list[Result] = []
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_start, initargs=(setup,)) as pool:
        size = max(1, min(32, len(found) // (jobs * 4)))
        for result in pool.map(_run, found, chunksize=size):
            out.append(result)
            advance()
    return out
