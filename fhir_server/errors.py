"""Every failure a client can meet, as one table.

A row: our code, the OperationOutcome issue type, the HTTP status, the Chinese and the English text.
Texts take named arguments that say what was expected; never the value that was received, which may
be a patient's. A code is never reused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Row(NamedTuple):
    """One kind of failure. Spec: http://hl7.org/fhir/R4/valueset-issue-type.html"""

    issue: str
    status: int
    zh: str
    en: str


ERRORS: dict[str, Row] = {}


def define(code: str, issue: str, status: int, zh: str, en: str) -> None:
    """Add a row; a second row of the same code is a programming error."""
    if code in ERRORS:
        raise ValueError(f"error code {code} is defined twice")
    ERRORS[code] = Row(issue, status, zh, en)


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding: its row in the table, where it is, and the arguments of its text.

    Shape: `at` is a FHIRPath location such as `Patient.name[0].given`, a parameter name or a box.
    """

    code: str
    at: str = ""
    args: dict[str, object] = field(default_factory=dict)
    severity: str = "error"

    @property
    def row(self) -> Row:
        return ERRORS[self.code]

    def text(self, language: str = "zh") -> str:
        template = self.row.en if language == "en" else self.row.zh
        return template.format(**self.args) if self.args else template


class FhirError(Exception):
    """A failure the client can act on: what was expected and where, never the value received."""

    def __init__(self, code: str, at: str = "", **args: object) -> None:
        self.issues: list[Issue] = [Issue(code, at, dict(args))]
        self.headers: dict[str, str] = {}
        super().__init__(f"{code}: {self.issues[0].text('en')}")

    @classmethod
    def of(cls, issues: Iterable[Issue]) -> FhirError:
        """Several findings at once; the first decides the status. Errors: ValueError when empty."""
        found = list(issues)
        if not found:
            raise ValueError("an error without an issue")
        error = cls(found[0].code, found[0].at, **found[0].args)
        error.issues = found
        return error

    @property
    def code(self) -> str:
        return self.issues[0].code

    @property
    def status(self) -> int:
        return self.issues[0].row.status


def _define_all(rows: str) -> None:
    for line in rows.strip().splitlines():
        if line and not line.startswith("#"):
            code, issue, status, zh, en = (part.strip() for part in line.split("|"))
            define(code, issue, int(status), zh, en)


_define_all(
    """
# the JSON edge
json-invalid      | structure | 400 | 请求体不是有效的 JSON（第 {line} 行第 {column} 列） | the body is not valid JSON (line {line}, column {column})
json-duplicate    | structure | 400 | JSON 对象中有重复的键（第 {line} 行第 {column} 列） | an object in the JSON has the same key twice (line {line}, column {column})
json-not-utf8     | structure | 400 | 请求体不是 UTF-8 编码 | the body is not UTF-8
json-not-object   | structure | 400 | 请求体应为一个 JSON 对象（FHIR 资源） | the body must be one JSON object, a FHIR resource
json-empty        | structure | 400 | 请求体为空，应为一个 FHIR 资源 | the body is empty; a FHIR resource was expected
json-control      | structure | 400 | 字符串中有 FHIR 不允许的控制字符 | a string holds a control character that FHIR does not allow
json-too-deep     | too-long  | 400 | JSON 嵌套过深，最多 {limit} 层 | the JSON is nested too deep; at most {limit} levels
body-too-large    | too-long  | 413 | 请求体过大，最多 {limit} 字节 | the body is too large; at most {limit} bytes
media-unsupported | not-supported | 415 | 不支持此 Content-Type，应为 {expected} | this Content-Type is not supported; use {expected}
media-encoding    | not-supported | 415 | 不支持此 Content-Encoding；可用 {expected} | this Content-Encoding is not supported; use {expected}
media-charset     | not-supported | 415 | 字符集应为 UTF-8 | the charset must be UTF-8
media-not-acceptable | not-supported | 406 | 无法按 Accept 或 _format 返回；可用 {expected} | cannot answer in the format asked for; available: {expected}
# resources
type-unknown      | not-supported | 404 | R4 没有此资源类型 | R4 has no such resource type
type-mismatch     | invalid   | 422 | resourceType 应为 {expected} | resourceType must be {expected}
type-missing      | structure | 422 | 缺少 resourceType | resourceType is missing
id-invalid        | value     | 400 | id 应为 1 至 64 个字母、数字、- 或 . | an id is 1 to 64 letters, digits, - or .
id-mismatch       | invalid   | 400 | 资源中的 id 应与地址中的一致 | the id in the resource must equal the id in the address
id-missing        | required  | 400 | 更新时资源中必须有 id | an update needs the id in the resource
read-unknown      | not-found | 404 | 没有此资源 | no such resource
read-deleted      | deleted   | 410 | 此资源已删除 | this resource was deleted
version-unknown   | not-found | 404 | 没有此版本 | no such version
version-conflict  | conflict  | 412 | 资源已被更改：If-Match 的版本不是当前版本 | the resource has changed: If-Match does not name its current version
version-etag      | value     | 400 | If-Match 应为 W/"版本号" 或 * | If-Match must be W/"version" or *
write-contended   | conflict  | 409 | 多个写入同时进行，请重试 | too many writers at once; try again
duplicate-found   | multiple-matches | 412 | 条件匹配到多个资源，应至多一个 | the criteria match several resources; at most one was expected
criteria-empty    | invalid   | 400 | 条件中没有检索参数 | the criteria hold no search parameter
criteria-value    | invalid   | 400 | 条件中的每个检索参数都须有值 | each search parameter of the criteria needs a value
# routes
route-unknown     | not-found | 404 | 没有此地址 | no such address
method-unsupported| not-supported | 405 | 此地址不支持该方法；可用 {expected} | this address does not support the method; use {expected}
operation-unknown | not-supported | 404 | 没有此操作；可用 {expected} | no such operation; available: {expected}
parameter-missing | required  | 400 | 缺少参数 {name} | the parameter {name} is missing
parameter-value   | value     | 400 | 参数 {name} 应为 {expected} | the parameter {name} must be {expected}
header-value      | value     | 400 | 请求头 {name} 应为 {expected} | the header {name} must be {expected}
# structure of a resource
structure-unknown | structure | 422 | 不认识的元素，{parent} 没有此元素 | unknown element; {parent} has none of this name
structure-type    | structure | 422 | 应为 {expected} | expected {expected}
structure-required| required  | 422 | 缺少必填元素，至少 {min} 个 | a required element is missing; at least {min} expected
structure-max     | structure | 422 | 元素过多，最多 {max} 个 | too many; at most {max} allowed
structure-choice  | structure | 422 | {element} 只能用一种类型 | only one type of {element} is allowed
structure-empty   | structure | 422 | 对象和数组不能为空 | an object or array must not be empty
structure-null    | structure | 422 | null 只能在与扩展对应的原始类型数组中出现 | null is only allowed in an array of primitives that pairs with extensions
structure-length  | structure | 422 | 值与其扩展（_元素）的数组长度应相同 | the arrays of values and of their extensions must have the same length
structure-primitive | value   | 422 | 值不合 {expected} 的格式 | the value is not a valid {expected}
structure-code    | code-invalid | 422 | 代码应为值集 {expected} 中之一 | the code must be one of the value set {expected}
structure-resource | structure | 422 | 应为一个带 resourceType 的 R4 资源 | expected a resource with a resourceType of R4
structure-many    | too-long  | 422 | 问题过多，只列出前 {limit} 个 | too many issues; only the first {limit} are listed
# search
search-unknown    | not-supported | 400 | 不认识的检索参数；{resource_type} 可用：{expected} | unknown search parameter; {resource_type} has: {expected}
search-modifier   | not-supported | 400 | 此参数不支持该修饰符；可用：{expected} | this parameter does not support the modifier; available: {expected}
search-value      | value     | 400 | 检索值应为 {expected} | the search value must be {expected}
search-prefix     | value     | 400 | 前缀应为 {expected} 之一 | the prefix must be one of {expected}
search-chain      | not-supported | 400 | 链式检索应为 引用参数[:类型].参数 | a chain must be reference-parameter[:Type].parameter
search-sort       | not-supported | 400 | 不能按此参数排序；可用：{expected} | cannot sort by this parameter; available: {expected}
search-include    | not-supported | 400 | 应为 源类型:引用参数[:目标类型] | expected SourceType:reference-parameter[:TargetType]
search-page       | value     | 400 | 翻页链接无效或已过期，请重新检索 | the paging link is not valid; search again
search-ignored    | not-supported | 200 | 已忽略不认识的检索参数 | an unknown search parameter was ignored
search-too-costly | too-costly | 422 | 检索代价过大，请缩小范围 | the search is too costly; narrow it
# bundles
bundle-type       | value     | 400 | Bundle.type 应为 batch 或 transaction | Bundle.type must be batch or transaction
bundle-entry      | required  | 400 | 每个 entry 须有 request.method 和 request.url | each entry needs request.method and request.url
bundle-method     | not-supported | 400 | Bundle 中可用的方法为 {expected} | methods available in a Bundle: {expected}
bundle-resource   | required  | 400 | POST、PUT 和 PATCH 的 entry 须有 resource | an entry with POST, PUT or PATCH needs a resource
bundle-url        | value     | 400 | request.url 与方法或资源不符 | request.url does not fit the method or the resource
bundle-duplicate  | duplicate | 400 | 一个事务中同一资源只能写一次 | a transaction may write a resource only once
bundle-fullurl    | duplicate | 400 | fullUrl 重复 | the fullUrl occurs twice
bundle-reference  | not-found | 400 | 引用指向的 urn:uuid 不在此 Bundle 中 | a urn:uuid reference points to no entry of this Bundle
bundle-conditional| not-found | 412 | 条件引用应匹配恰好一个资源 | a conditional reference must match exactly one resource
bundle-too-large  | too-long  | 413 | entry 过多，最多 {limit} 个 | too many entries; at most {limit}
# the store
store-down        | transient | 503 | 数据库暂时不可用，请稍后重试 | the database is not available; try again later
store-full        | no-store  | 507 | 存储空间已满 | the storage is full
store-no-transaction | not-supported | 501 | 此 MongoDB 为单机，不支持事务；请配置为副本集（一个节点即可） | this MongoDB is a standalone server without transactions; configure a replica set (one node is enough)
store-schema      | exception | 500 | 数据库文件的结构版本是 {found}，本程序需要 {expected} | the database file has schema version {found}; this program needs {expected}
store-not-supported | not-supported | 501 | 此存储不支持该检索 | this store does not support the search
store-too-large   | too-long  | 413 | 资源过大，此存储每个资源最多 {limit} 字节 | the resource is too large; this store takes at most {limit} bytes
internal          | exception | 500 | 服务器内部错误，已记录 | internal error; it was logged
"""
)
