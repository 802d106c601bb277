"""The guide as a site: which files it has, and the content of each.

A page is made when it is first asked for and kept while there is room. Every link is relative, so
that the same files serve under /guide, behind a proxy's prefix, and from a disk.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from .. import __version__
from ..definitions import r4
from ..mapping import Form, load_forms
from ..model.folders import data_folder
from ..model.json import encode, pretty
from ..xml import Xml
from .archive import build_archive
from .contents import STRUCTURES
from .describe import Highlighter, anchor
from .drawing import Drawing
from .exchange import load_exchanges
from .finding import index_script
from .library import Entry, Library
from .pages import Pages
from .texts import Text
from .workflow import load_workflow

CACHE_BYTES = 16 * 1024 * 1024
HERE = Path(__file__).parent
MEDIA = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml; charset=utf-8",
    ".json": "application/fhir+json; charset=utf-8", ".xml": "application/fhir+xml; charset=utf-8",
    ".tgz": "application/gzip",
}  # fmt: skip
# Nothing from elsewhere, and nothing written into a page runs.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
NAVIGATION = (
    ("index.html", Text("首页", "Home")),
    ("profiles.html", Text("数据规范", "Profiles")),
    ("extensions.html", Text("扩展", "Extensions")),
    ("terminology.html", Text("术语", "Terminology")),
    ("forms.html", Text("表单", "Forms")),
    ("workflow.html", Text("流程与状态", "Workflow")),
    ("exchange.html", Text("如何交换", "Exchange")),
    ("interfaces.html", Text("接口", "Interfaces")),
    ("examples.html", Text("示例", "Examples")),
    ("downloads.html", Text("下载", "Downloads")),
)
SECTIONS = {
    "profile": "profiles.html", "extension": "extensions.html", "datatype": "extensions.html",
    "logical": "extensions.html", "example": "examples.html", "CodeSystem": "terminology.html",
    "ValueSet": "terminology.html", "ConceptMap": "terminology.html",
    "NamingSystem": "terminology.html",
}  # fmt: skip
Make = Callable[[], bytes]


class Guide:
    """`files` names every file of the site; `read` gives its content."""

    def __init__(
        self,
        form_folders: Iterable[Path] = (),
        *,
        profiles: Path | None = None,
        terminology: Path | None = None,
    ) -> None:
        profiles = profiles or data_folder("profiles")
        self.library = Library(profiles, terminology or data_folder("terminology"))
        self.forms: dict[str, Form] = load_forms(tuple(form_folders))
        states = profiles / "workflow" / "states.toml"
        self.workflow = load_workflow(states) if states.is_file() else None
        self.exchanges = load_exchanges(profiles / "exchange")
        self.pages = Pages(self.library, self.forms, self.workflow)
        self._xml = Xml(r4())
        self._environment = _environment()
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[bytes, str]] = OrderedDict()
        self._size = 0
        self._makers = dict(self._all())

    @property
    def files(self) -> list[str]:
        return list(self._makers)

    def read(self, name: str) -> tuple[bytes, str] | None:
        """(content, a digest of it), or nothing where the site has no such file."""
        make = self._makers.get(name)
        if make is None:
            return None
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
                return found
        body = make()
        found = body, sha256(body).hexdigest()[:32]
        with self._lock:
            if name not in self._kept and len(body) <= CACHE_BYTES:
                self._kept[name] = found
                self._size += len(body)
                while self._size > CACHE_BYTES:
                    _, (gone, _) = self._kept.popitem(last=False)
                    self._size -= len(gone)
        return found

    def missing(self, name: str) -> bytes:
        """The page for an address that the site does not have."""
        values = {"title": Text("没有此页", "No such page"), "root": "../" * name.count("/")}
        return self._render("missing.html", values, "", "")

    def write(self, folder: Path) -> int:
        """The static site. The number of its files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.files:
            found = self.read(name)
            assert found is not None
            (folder / name).write_bytes(found[0])
        return len(self.files)

    # ── the files ──

    def _all(self) -> Iterable[tuple[str, Make]]:
        for path in sorted((HERE / "static").iterdir()):
            yield path.name, path.read_bytes
        for name, title in NAVIGATION:
            yield name, partial(self._section, name, title)
        for entry in self.library:
            yield entry.page, partial(self._entry, entry)
            yield f"{entry.name}.json", partial(self._json, entry)
            yield f"{entry.name}.xml", partial(self._as_xml, entry)
        for entry in self.library.of("profile", "extension", "datatype"):
            for case in self.pages.problems.of(entry):
                if case.base is not None:
                    yield case.file, partial(self._invalid, case)
        for form in self.forms.values():
            yield f"form-{form.id}.html", partial(self._form, form)
        for each in self.exchanges:
            yield each.page, partial(self._exchange, each)
        if self.workflow is not None:
            yield "workflow.svg", self._drawing
        yield "search-index.js", self._index
        yield self.archive_name, lambda: build_archive(self.library)

    @property
    def archive_name(self) -> str:
        package = self.library.package
        return f"{package.get('name', 'package')}-{package.get('version', '0')}.tgz"

    def _render(self, template: str, values: dict[str, Any], page: str, section: str) -> bytes:
        text = self._environment.get_template(template).render(
            guide=self, page=page, section=section, navigation=NAVIGATION, policy=POLICY,
            version=__version__, **{"root": "", **values},
        )  # fmt: skip
        return text.encode()

    def _entry(self, entry: Entry) -> bytes:
        template, values = self.pages.of(entry)
        section = SECTIONS.get(entry.group, "interfaces.html")
        return self._render(template, values, entry.page, section)

    def _section(self, name: str, title: Text) -> bytes:
        makers: dict[str, Callable[[], tuple[str, dict[str, Any]]]] = {
            "profiles.html": self.pages.profiles, "extensions.html": self.pages.extensions,
            "terminology.html": self.pages.terminology, "forms.html": self.pages.form_list,
            "interfaces.html": self.pages.interfaces, "examples.html": self.pages.examples,
        }  # fmt: skip
        if name == "workflow.html" and self.workflow is not None:
            makers[name] = self.pages.workflow_page
        if name == "index.html":
            makers[name] = lambda: ("index.html", self.pages.profiles()[1])
        template, values = makers.get(name, lambda: (name, {}))()
        return self._render(template, {"title": title, **values}, name, name)

    def _form(self, form: Form) -> bytes:
        template, values = self.pages.form(form)
        return self._render(template, values, f"form-{form.id}.html", "forms.html")

    def _exchange(self, exchange: Any) -> bytes:
        values = {
            "exchange": exchange, "title": exchange.title,
            "html": Highlighter(self.library).html,
            "before": [e for e in map(self.library.at, exchange.before) if e],
        }  # fmt: skip
        return self._render("exchange_one.html", values, exchange.page, "exchange.html")

    def _drawing(self) -> bytes:
        assert self.workflow is not None
        return str(Drawing(self.workflow).svg()).encode()

    def _json(self, entry: Entry) -> bytes:
        return entry.path.read_bytes()

    def _as_xml(self, entry: Entry) -> bytes:
        return self._xml.write(self.library.read(entry), pretty=True)

    def _invalid(self, case: Any) -> bytes:
        return pretty(encode(self.pages.problems.resource(case)))

    def _index(self) -> bytes:
        others = [(name, title, "") for name, title in NAVIGATION]
        for form in self.forms.values():
            labels = " ".join(f.label for f in form.fields)
            others.append((f"form-{form.id}.html", Text(form.title, ""), labels))
        for each in self.exchanges:
            words = " ".join(f"{s.title.both} {s.method} {s.path}" for s in each.steps)
            others.append((each.page, each.title, words))
        return index_script(self.library, others).encode()


def _environment() -> Environment:
    out = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    out.globals.update(anchor=anchor, structures=STRUCTURES)
    return out
