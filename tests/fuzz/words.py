"""What requests are put together from: right words, and words that a client may get wrong."""
# ruff: noqa: E501 - tables
# fmt: off

from __future__ import annotations

from .values import CANARY, STRINGS

TYPES = (
    "Patient", "ServiceRequest", "Task", "Observation", "Composition", "Organization", "Location",
    "Encounter", "Condition", "Bundle", "Binary", "List", "Provenance", "SearchParameter", "ValueSet",
    "CodeSystem", "Questionnaire", "Basic",
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND")
IDS = ("a", "b", "none", CANARY, "a" * 64, "a" * 65, "..", ".", "_history", "$x", "*", "-1")
VERSIONS = ("1", "2", "0", "-1", "x", CANARY, "9" * 30, "%20")
OPERATIONS = (
    "$everything", "$meta", "$meta-add", "$meta-delete", "$diff", "$lastn", "$document",
    "$referral-package", "$referral-history", "$versions", "$graphql", "$purge", "$purge-history",
    "$reindex", "$validate", "$expand", "$unknown",
)
JSON_TYPES = ("application/fhir+json", "application/json", "application/fhir+json; charset=utf-8")
FORM = "application/x-www-form-urlencoded"
JSON_PATCH = "application/json-patch+json"
MEDIA = (
    *JSON_TYPES, "application/fhir+xml", "text/xml", JSON_PATCH, "application/merge-patch+json", FORM,
    "text/csv", "application/graphql", "application/fhir+json; charset=gb2312", "", ";;;", "text/plain",
    "multipart/form-data", f"x/{CANARY}", "application/fhir+json; charset=", "\xff",
)
ACCEPTS = (
    *JSON_TYPES, "application/fhir+xml", "*/*", "text/html", f"x/{CANARY}", "", ";q=", ",",
    "application/fhir+json;q=nan", "application/fhir+json; fhirVersion=3.0",
)
ENCODINGS = ("gzip", "br", "zstd", "deflate", CANARY, "gzip, gzip")
HEADERS: dict[str, tuple[str, ...]] = {
    "If-Match": ('W/"1"', '"1"', "1", "*", 'W/"9"', f'W/"{CANARY}"', "", 'W/"', "\xe9", "9" * 400),
    "If-None-Match": ('W/"1"', "*", CANARY, "", 'W/"1", W/"2"'),
    "If-Modified-Since": ("Wed, 25 Nov 2026 08:00:00 GMT", CANARY, "0", "Wed, 99 Foo 2026"),
    "If-None-Exist": (
        "identifier=x", "", "?", CANARY, f"name={CANARY}", "_id=a", "unknown=1", "name:x=1", "Patient?",
        f"subject.name={CANARY}", "birthdate=zz", "_count=1", "%ff=%ff", "a=b;c=d",
    ),
    "Prefer": (
        "return=minimal", "return=OperationOutcome", f"return={CANARY}", "handling=lenient",
        "respond-async", ",;,=", CANARY,
    ),
    "Accept-Language": ("en", "zh-CN", CANARY, "en;q=x", "*"),
    "Accept-Encoding": ("gzip", "*;q=0", CANARY, "gzip;q=abc", "gzip;q=0, *;q=0", "identity"),
    "X-Provenance": ("{", "[]", f'{{"resourceType":"{CANARY}"}}', '{"resourceType":"Provenance"}'),
    "X-Request-Id": (CANARY, "a" * 500, "\xff", ""),
    "X-Forwarded-Host": (CANARY, "[::1", "a:b:c", "\xff", ""),
    "X-Forwarded-Proto": ("https", CANARY, ""),
    "X-Forwarded-Port": ("443", CANARY, "-1", "99999999"),
    "X-Forwarded-For": (CANARY, "::"),
    "X-Forwarded-Prefix": (CANARY, "/../x", ""),
    "Forwarded": (f"for={CANARY};host=[", 'host="', ";;", "proto=https;host=a"),
    "Host": ("", CANARY, "[::1", "a b"),
    "Origin": (f"http://{CANARY}", "null"),
    "Range": ("bytes=0-1",),
    "Authorization": (f"Bearer {CANARY}", "Basic", "Bearer "),
    "Expect": ("100-continue",),
}
VALUES = (
    *STRINGS[1:], "a", "1", "|", "a|", "|a", "a|b|c", ",", "a,b", "\\", "a\\,b", "$", "a$b", "eq", "gt",
    "eq2026", "zz2026", "2026", "2026-02-30", "ap1e400", "1e400", "1|2|3|4", "true", "5.4|http://u|mg",
    "1|2|3|km", "91|181|-1|km", "Patient/", "Patient/a/_history/1", "Patient/a,Patient/b", "http://x|",
)
HISTORY = ("_since", "_at", "_before", "_count", "_sort", "_total", "_elements", "_summary")
PARAMETERS = (
    "_id", "_lastUpdated", "_tag", "_profile", "_security", "_source", "_text", "_content", "_list",
    "_has", "_type", "_filter", "_sort", "_count", "_total", "_include", "_revinclude", "_summary",
    "_elements", "_format", "_pretty", "_contained", "_page", "_after", "_cursor", "_explain", "_query",
    "_in", *HISTORY, "near", "name.given", "subject.name", "subject:Patient.identifier",
    "_has:Observation:subject:code", "_has:x", "_has::::", "patient.organization.name", "subject:",
    ":", ".", "", "unknown", "start", "end", "mode", "code", "query", "max", "previous",
    "_include:iterate", "a" * 3000,
)
MODIFIERS = (
    "", "", "", ":missing", ":exact", ":contains", ":text", ":not", ":in", ":not-in", ":above", ":below",
    ":of-type", ":identifier", ":Patient", ":iterate", ":pinyin", ":unknown", ".name", ".",
    ":Patient.name", ":Patient.x.y",
)
VALUES_OF = {
    "_filter": (
        "name eq", f'name eq "{CANARY}', "(((", "not", "name co x and", "a.b.c eq 1", "and", "(" * 500,
        'name eq "a" or (birthdate ge 2026)', "name " * 400,
    ),
    "_sort": ("name", "-name,", "--x", ",", "_id,_id", "_lastUpdated", CANARY, "name:x", "-"),
    "_count": ("0", "-1", "1000000", "1e9", "x", "9" * 30, " 1"),
    "_include": ("*", "Patient:*", "Patient:organization", "x", "::", "Patient:x:Patient", CANARY),
    "_revinclude": ("*", "Task:*", "Observation:subject", "x:y:z:w", "Patient:"),
    "_elements": ("id", ",", "x.y", "name,name", CANARY),
    "_summary": ("true", "count", "x", "text"),
    "_total": ("none", "accurate", "estimate", "x"),
    "_format": ("json", "xml", "x", "html", "ttl"),
    "_since": ("2026-11-25T08:00:00Z", "2026", "x", "99999"),
    "_at": ("2026", "gt2026", "x", ""),
    "_type": ("Patient", "x", "Patient,Task", ",", ""),
    "near": ("1|2|3|km", "a|b", "91|0", "|||"),
    "query": ("{", "{ id }", f"{{ {CANARY} }}", "{Patient{id}}", "{" * 300, "query($a:Int){id}"),
}
BROKEN_ESCAPES = ("%", "%zz", "%00", "%ff", "%ed%a0%80", "+", "%2F", "%0d%0a")
PATCH_PATHS = ("/active", "/name/0", "/name/-", "/name/99", "", "/", "/~", "/a~2", "/unknown", "/id")
FHIRPATHS = (
    "Patient", "Patient.name", "Patient.name[0]", "(((", CANARY, "1/0", "Patient.where(", "%x", "@2026",
)
XML = (
    f'<Patient xmlns="http://hl7.org/fhir"><id value="a"/><gender value="{CANARY}"/></Patient>',
    '<Patient xmlns="http://hl7.org/fhir"><unknown value="1"/></Patient>',
    f'<!DOCTYPE a [<!ENTITY x "{CANARY}">]><Patient xmlns="http://hl7.org/fhir">&x;</Patient>',
    '<Patient xmlns="http://hl7.org/fhir">' + "<contained>" * 500,
    f"<Patient>{CANARY}</Patient>",
    "<",
    f"<?xml version='1.0' encoding='{CANARY}'?><a/>",
    '<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/></Bundle>',
    '<Patient xmlns="http://hl7.org/fhir"><text><status value="generated"/><div/></text></Patient>',
)
FORMS = (
    "/forms/national-up", "/forms/national-down", "/forms", "/forms/none/a", f"/forms/{CANARY}",
    "/forms/national-up/a", "/forms/national-up?dry-run=true", "/", "/health", "/ready", "/nowhere",
)
FORM_MEDIA = (
    "application/json", "text/csv", "\xff",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
FILLED = {
    "患者姓名": "张三", "性别": "男", "年龄": 56, "机构名称": "卫生院", "年月日": "2026-11-20",
}
