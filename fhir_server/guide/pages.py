"""What each page shows: the values for its template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..mapping import Form
from .contents import STRUCTURES, TERMS, grouped, kind_of
from .describe import Describer, Highlighter
from .drawing import Drawing
from .elements import Elements
from .library import Entry, Library, concept_text, concepts
from .links import canonical_link, type_link
from .paper import paper
from .problems import Problems
from .terms import CONTENT, Codes, code_rows, composed, map_groups, systems_without_page
from .texts import parse_text
from .workflow import Workflow

Json = dict[str, Any]
# The resources whose page is made for their type; the others have a table of names and values.
TEMPLATES = {
    "CodeSystem": "code_system.html",
    "ValueSet": "value_set.html",
    "ConceptMap": "concept_map.html",
    "NamingSystem": "naming_system.html",
    "SearchParameter": "search_parameter.html",
    "OperationDefinition": "operation.html",
    "CapabilityStatement": "capability.html",
}


class Pages:
    """One method for each kind of page. Shape of what they return: (template, values)."""

    def __init__(self, library: Library, forms: dict[str, Form], workflow: Workflow | None) -> None:
        self.library, self.forms, self.workflow = library, forms, workflow
        self.problems, self.codes = Problems(library), Codes(library)
        self._highlighter = Highlighter(library)

    def of(self, entry: Entry) -> tuple[str, Json]:
        values: Json = {"entry": entry, "title": entry.title, "kind": kind_of(entry.group)}
        values["users"] = self.library.users(entry)
        if entry.group == "example":
            return "example.html", {**values, **self._example(entry)}
        if entry.group in STRUCTURES:
            return "structure.html", {**values, **self._structure(entry)}
        resource = self.library.read(entry)
        values |= {"resource": resource, "json": None, "link": self._link, "text": parse_text}
        template = TEMPLATES.get(entry.type)
        if template is None:
            return "example.html", {**values, **self._example(entry)}
        special: dict[str, Callable[[Json, Entry], Json]] = {
            "CodeSystem": self._code_system,
            "ValueSet": self._value_set,
            "ConceptMap": self._concept_map,
            "NamingSystem": self._naming_system,
        }
        if entry.type in special:
            values |= special[entry.type](resource, entry)
        return template, values

    def _link(self, url: str) -> Any:
        return canonical_link(self.library, url)

    # ── structures ──

    def _structure(self, entry: Entry) -> Json:
        elements = Elements(self.library, entry)
        ours, core = elements.constraints()
        resource = elements.resource
        return {
            "resource": resource, "views": [
                ("key", elements.key()), ("diff", elements.differential()),
                ("all", elements.whole()),
            ],
            "ours": ours, "core": core, "boxes": elements.boxes(),
            "parents": self.library.chain(entry)[1:],
            "children": [e for e in self.library.of(*STRUCTURES) if e.parent == entry.url],
            "base": type_link(entry.base), "examples": self.library.examples(entry),
            "invalid": self.problems.of(entry), "contexts": resource.get("context", []),
        }  # fmt: skip

    def _example(self, entry: Entry) -> Json:
        resource = self.library.read(entry)
        profiles = [p for p in map(self.library.canonical, entry.profiles) if p]
        describer = Describer(self.library, profiles[0] if profiles else None)
        return {
            "resource": resource, "lines": describer.lines(resource),
            "json": self._highlighter.html(resource), "profiles": profiles,
        }  # fmt: skip

    # ── terminology ──

    def _code_system(self, resource: Json, entry: Entry) -> Json:
        properties, rows, count = code_rows(resource)
        return {
            "properties": properties, "rows": rows, "count": count,
            "content": CONTENT.get(resource.get("content", "")),
            "defined": any(row["says"] for row in rows),
        }  # fmt: skip

    def _value_set(self, resource: Json, entry: Entry) -> Json:
        return {"compose": composed(self.library, resource), "codes": self.codes.of(entry.url)}

    def _concept_map(self, resource: Json, entry: Entry) -> Json:
        return {"groups": map_groups(self.library, resource)}

    def _naming_system(self, resource: Json, entry: Entry) -> Json:
        return {"addresses": systems_without_page(self.library, entry)}

    # ── lists ──

    def profiles(self) -> tuple[str, Json]:
        return "profiles.html", {
            "groups": grouped(self.library.of("profile")),
            "examples": {e.url: len(self.library.examples(e)) for e in self.library.of("profile")},
        }

    def extensions(self) -> tuple[str, Json]:
        rows = [
            (e, self.library.read(e).get("context", []), self.library.users(e))
            for e in self.library.of("extension", "datatype", "logical")
        ]
        return "extensions.html", {"rows": rows}

    def terminology(self) -> tuple[str, Json]:
        return "terminology.html", {"groups": [(kind_of(t), self.library.of(t)) for t in TERMS]}

    def examples(self) -> tuple[str, Json]:
        rows = self.library.of("example")
        types = sorted({e.type for e in rows})
        known = {p.url: p for p in self.library.of("profile")}
        groups = [(type_link(t), [e for e in rows if e.type == t]) for t in types]
        return "examples.html", {"groups": groups, "known": known}

    def interfaces(self) -> tuple[str, Json]:
        rows = {k: self.library.of(k) for k in
                ("OperationDefinition", "SearchParameter", "CapabilityStatement")}  # fmt: skip
        extra = [
            e for e in self.library
            if e.group not in (*STRUCTURES, *TERMS, *rows, "example")
        ]  # fmt: skip
        read = {e.name: self.library.read(e) for each in rows.values() for e in each}
        values = {"operations": rows["OperationDefinition"], "parameters": rows["SearchParameter"],
                  "actors": rows["CapabilityStatement"], "others": extra, "read": read,
                  "kind_of": kind_of}  # fmt: skip
        return "interfaces.html", values

    # ── forms ──

    def form_list(self) -> tuple[str, Json]:
        return "forms.html", {"forms": list(self.forms.values()), "text": parse_text}

    def form(self, form: Form) -> tuple[str, Json]:
        rows = [(each, self._elements_of(form.id, each.part, each.label)) for each in form.fields]
        return "form.html", {
            "form": form,
            "parts": paper(form),
            "rows": rows,
            "text": parse_text,
            "title": parse_text(form.title),
        }

    def _elements_of(self, form: str, part: str, label: str) -> list[tuple[Entry, str]]:
        """The elements whose mapping names a box: "存根 3 年龄"."""
        found = []
        for entry in self.library.of("profile"):
            for name, box, element in entry.boxes:
                words = box.split()
                if name == form and words[:1] == [part] and words[-1:] == [label]:
                    found.append((entry, element))
        return found

    # ── the course of a referral ──

    def workflow_page(self) -> tuple[str, Json]:
        assert self.workflow is not None
        listed = ("cn-referral-business-status", "referral-milestone", "referral-time-limit")
        names = {name: self._codes_of(name) for name in listed}
        status = {c["code"]: concept_text(c) for c in names["cn-referral-business-status"]}
        return "workflow.html", {
            "workflow": self.workflow, "drawing": Drawing(self.workflow).svg(), "names": names,
            "status": status, "text": parse_text, "concept_text": concept_text,
            "system": {n: self.library.at(f"CodeSystem/{n}") for n in names},
        }  # fmt: skip

    def _codes_of(self, name: str) -> list[Json]:
        entry = self.library.at(f"CodeSystem/{name}")
        return [] if entry is None else [c for c, _ in concepts(self.library.read(entry))]
