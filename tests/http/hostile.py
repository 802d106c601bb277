"""Values and parameters for searches that nobody means well with."""
# ruff: noqa: E501 - tables
# fmt: off

from __future__ import annotations

UCUM = "http://unitsofmeasure.org"
# Of the kind a patient's data has; none may come back in a refusal.
CANARY = "机密Zq7"
VALUES: tuple[str, ...] = (
    # separators and escapes
    "", ",", ",,,", "\\", "\\,", "\\|", "\\$", "|", "||", "|||", "$", "$$", "a|b|c|d", "a$b", "a$b$c", "$a", "a$", "%", "%00", "a%", "_", ".*", "*",
    f"{CANARY}|{CANARY}|{CANARY}|x", f"\\{CANARY}", f"{CANARY}$",
    # characters
    "\x00", "\x01a", f"{CANARY}\x00", "a\nb", "\u200b", "\u3000", "\ufeff", "\U0010ffff", "e\u0301", "１２", "٣", " ", "\t", CANARY,
    # numbers
    "1e400", "1e-400", "-1e999999999", "9" * 400, "0." + "0" * 400 + "1", "NaN", "inf", "eqNaN", "gt", "eq", "sa", "ap", "lt ", "1", "0", "-0", "+5", "5.", "5..", ".5", "0x10", "1_000", f"gt{CANARY}", f"5|{CANARY}",
    # dates
    "0000", "0000-01-01", "0001-01-01T00:00:00+14:00", "9999", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-14:00", "ap9999", "ap0001", "lt0001", "10000-01-01", "2024-13", "2024-02-30", "2024-01-01T25:00", "2024-01-01T10:00:00 08:00", "2024-01-01T10:00:00+99:00", "2024-W01", f"2024-01-01{CANARY}",
    # booleans, references, uris
    "true", "TRUE", "tru", "Patient/", "/", "//", "Patient/p1/_history/1", f"Patient/{CANARY}", "http://", "http://[", "http://[::1", "http://a/b|1", "urn:uuid:", "#", "#a", f"http://{CANARY}/", "List/1", "$current-problems",
    # length
    "a" * 100_000, "中" * 3000, "a," * 500, ",".join(["a"] * 10_000), "\\" * 5001, "|" * 5000,
    # units
    f"5.4|{UCUM}|mg", f"5.4|{UCUM}|m{'g' * 500}", f"5.4|{UCUM}|{'(' * 500}", f"5.4|{UCUM}|10*400", f"5.4|{UCUM}|m99999", f"5.4|{UCUM}|10*999999999", f"1e400|{UCUM}|kg", "5.4||", "5|a", "|a|b",
    # places
    "39|116", "39|116|1e400|km", "39|116|-1|km", "999|999|1|km", "39|116|10|zz", "nan|nan", "39|116|99999999999999999999|km", "90|180|0|m",
    # words and filters
    "(", "((((", "a AND", "NOT", "OR", "\"", "\"a", "a OR OR b", "( a", "(" * 5000, "a " * 5000, "name eq", "name eq \"", "name eq 'x'", "not", "not (", "(" * 2000 + "name eq x" + ")" * 2000, "name eq x and " * 200 + "name eq x", "not(" * 15 + "name eq x" + ")" * 15, "name xx y", "_id eq 1 or", "a.b.c eq d", "a[b eq c].d eq e", f"name eq {CANARY} xor", f"name eq \"{CANARY}", "name eq \"\\u00e9\"", "name eq \"\\ud800\"",
    # includes and others
    "Patient:*", "*:*", "Patient:organization:Organization", f"Patient:{CANARY}", "-birthdate,-birthdate", "-", "--name", ",".join(["birthdate"] * 200), "json", "WyJhIl0", "b.", "WzFlNDAwXQ", "W251bGxd",
)
NAMES: dict[str, tuple[str, ...]] = {
    "Patient": (
        "name", "name:exact", "name:contains", "name:pinyin", "name:missing", "name:foo", "identifier", "identifier:of-type", "identifier:text", "identifier:not", "identifier:in", "gender", "gender:not", "gender:in", "gender:not-in", "gender:above", "gender:below", "birthdate", "birthdate:missing", "general-practitioner", "general-practitioner:Organization", "general-practitioner:identifier", "general-practitioner:above", "organization:below", "organization.name", "general-practitioner.name", "organization.partof.partof.name",
        "_has", "_has:", "_has:Observation", "_has:Observation:subject", "_has:Observation:subject:code", "_has:Foo:a:b", "_has:Observation:subject:_has:AuditEvent:entity:agent", "_id", "_id:missing", "_id:not", "_lastUpdated", "_lastUpdated:missing", "_tag", "_tag:not", "_profile", "_profile:below", "_security", "_source", "_source:below", "_text", "_content", "_filter", "_list", "_in", "_type", "_query", "_sort", "_count", "_total", "_totalMethod",
        "_include", "_include:iterate", "_revinclude", "_revinclude:iterate", "_contained", "_containedType", "_explain", "_cursor", "_summary", "_elements", "_format", "_pretty", "_score", ":", "::", "name:", "name:exact:x", "name.", "name.a", "a" * 5000, "birthdate.x", "deceased", "language", "phone", "address-city", "_", CANARY, f"name:{CANARY}", "\x00",
    ),
    "Observation": (
        "value-quantity", "component-value-quantity", "combo-value-quantity", "code-value-quantity", "code-value-concept", "component-code-value-quantity", "value-string", "value-date", "date", "code:in", "code:below", "subject.name", "patient.general-practitioner.name", "subject:Patient._has:Observation:subject:code", "derived-from.subject.name",
    ),
    "RiskAssessment": ("probability", "probability:missing"),
    "Location": ("near", "near:missing", "partof:below", "partof:above"),
    "ValueSet": ("url", "url:above", "url:below", "version", "reference"),
    "ServiceRequest": ("authored", "instantiates-canonical", "occurrence", "based-on"),
    "MolecularSequence": ("chromosome-variant-coordinate", "variant-start"),
    "Invoice": ("totalgross",),
    "": ("_id", "_type", "_lastUpdated", "_tag", "name", "_content", "_has:Observation:subject:code", "_sort", "_filter", "_list", "_source"),
}
