"""Resources of any R4 type, made from the definitions: every shape the JSON form can have."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from fhir_server.definitions import Element, TypeRef, r4

Json = dict[str, Any]
NARRATIVES = (
    '<div xmlns="http://www.w3.org/1999/xhtml">转诊 &lt;1&gt; &#160;<br/></div>',
    "<div xmlns='http://www.w3.org/1999/xhtml' class='a>b'>\n <p id=\"x\">a&amp;b</p>\n</div>",
    '<div xmlns="http://www.w3.org/1999/xhtml"><!-- <div> --><![CDATA[</div>]]></div>',
    '<div xmlns="http://www.w3.org/1999/xhtml"/>',
)
# Everything that FHIR allows in a string, with what XML has to escape made likely.
TEXT = st.text(
    st.one_of(
        st.sampled_from("<>&\"'\t\n\r é张𠮷\u00a0"),
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    ),
    min_size=1,
    max_size=12,
)
DIGITS = st.from_regex(r"-?(0|[1-9][0-9]{0,20})\.[0-9]{1,20}", fullmatch=True)


def primitive(code: str) -> st.SearchStrategy[Any]:
    if code == "boolean":
        return st.booleans()
    if code in ("integer", "unsignedInt", "positiveInt"):
        return st.integers(-(2**31), 2**31 - 1)
    if code == "decimal":
        return st.one_of(st.integers(-(10**15), 10**15), DIGITS.map(Decimal))
    return TEXT


@st.composite
def extra(draw: st.DrawFn, depth: int) -> Json:
    """The id and extensions of a primitive."""
    out: Json = {"id": draw(TEXT)} if draw(st.booleans()) else {}
    if not out or draw(st.booleans()):
        out["extension"] = [draw(complex_of("Extension", depth - 1))]
    return out


@st.composite
def complex_of(draw: st.DrawFn, path: str, depth: int) -> Json:
    definition = r4().type(path)
    assert definition is not None
    if path == "Extension" and depth <= 0:
        return {"url": draw(TEXT), "valueDecimal": Decimal("1.50")}
    elements = [e for e in definition.elements.values() if e.max != 0]
    if path == "Narrative":
        return {"status": "generated", "div": draw(st.sampled_from(NARRATIVES))}
    chosen = draw(st.lists(st.sampled_from(elements), min_size=1, max_size=5, unique=True))
    out: Json = {}
    for element in chosen:
        names = list(element.json_names())
        key, ref = draw(st.sampled_from(names))
        out.update(draw(member(element, key, ref, depth)))
    if not out:
        out = {"id": "x"}
    return out


@st.composite
def member(draw: st.DrawFn, element: Element, key: str, ref: TypeRef, depth: int) -> Json:
    many = element.many
    size = draw(st.integers(1, 3)) if many else 1
    if ref.code in r4().primitives:
        if key in ("id", "url") and not many:
            return {key: draw(TEXT)}
        values: list[Any] = []
        extras: list[Any] = []
        for _ in range(size):
            has_value = draw(st.booleans()) or depth <= 0
            values.append(draw(primitive(ref.code)) if has_value else None)
            with_extra = not has_value or (depth > 0 and draw(st.booleans()))
            extras.append(draw(extra(depth)) if with_extra else None)
        out: Json = {}
        if any(v is not None for v in values):
            out[key] = values if many else values[0]
        if any(e is not None for e in extras):
            out["_" + key] = extras if many else extras[0]
        return out
    if depth <= 0:
        return {}
    found = []
    for _ in range(size):
        if ref.code == "Resource":
            found.append(draw(resource(depth - 2)))
        else:
            found.append(draw(complex_of(ref.code, depth - 1)))
    return {key: found if many else found[0]}


@st.composite
def resource(draw: st.DrawFn, depth: int = 4) -> Json:
    name = draw(st.sampled_from(r4().resource_types))
    return {"resourceType": name, **draw(complex_of(name, depth))}
