"""Failures of this package."""

from ..errors import define

define(
    "terminology-unknown", "not-found", 400,
    "没有此{kind}", "no such {kind}",
)  # fmt: skip
define(
    "value-set-unknown", "not-found", 404,
    "本服务器没有该值集（或该版本）", "this server has no such value set, or not this version",
)  # fmt: skip
define(
    "value-set-import", "not-found", 422,
    "值集引用的另一值集不在本服务器上",
    "the value set refers to another one that this server does not have",
)  # fmt: skip
define(
    "code-system-unknown", "not-found", 422,
    "本服务器没有该代码系统（或该版本），无法判断",
    "this server does not have this code system, or not this version: it cannot tell",
)  # fmt: skip
define(
    "code-unknown", "not-found", 404,
    "代码系统 {expected} 中没有此代码", "the code system {expected} has no such code",
)  # fmt: skip
define(
    "code-not-here", "not-found", 404,
    "本服务器只有代码系统 {expected} 的一部分，其中没有此代码；代码未必有误",
    "this server has only a part of the code system {expected}, without this code; the code may be"
    " right",
)  # fmt: skip
define(
    "concept-map-unknown", "not-found", 404,
    "本服务器没有该概念映射（或该版本）",
    "this server has no such concept map, or not this version",
)  # fmt: skip
define(
    "terminology-incomplete", "not-supported", 422,
    "值集引用了本服务器没有全部内容的代码系统 {expected}，无法展开",
    "the value set needs the code system {expected}, whose content this server does not have in"
    " full",
)  # fmt: skip
define(
    "terminology-filter", "not-supported", 422,
    "值集的过滤条件不受支持；可用运算：{expected}",
    "the value set has a filter that is not supported; operators: {expected}",
)  # fmt: skip
define(
    "terminology-too-costly", "too-costly", 422,
    "值集过大，最多 {limit} 个代码；请用 filter 或 offset、count",
    "the value set is too large; at most {limit} codes: use filter, or offset and count",
)  # fmt: skip
define(
    "terminology-version", "conflict", 422,
    "值集指定的代码系统版本不是 {expected}",
    "the value set names another version of the code system than {expected}",
)  # fmt: skip
define(
    "terminology-ecl", "not-supported", 422,
    "不支持 SNOMED CT 的表达式（ecl）与参考集；可用：{expected}",
    "expressions (ecl) and reference sets of SNOMED CT are not supported; available: {expected}",
)  # fmt: skip
define(
    "terminology-date", "not-supported", 422,
    "本服务器没有该日期之前的版本", "this server has no version from before this date",
)  # fmt: skip
define(
    "terminology-parameters", "invalid", 400,
    "参数组合有误，应为：{expected}", "a wrong combination of parameters; expected: {expected}",
)  # fmt: skip
define(
    "terminology-file", "transient", 503,
    "术语文件暂时无法读取，请稍后重试；管理员可用 fhir-server terminology list 查看",
    "the terminology file cannot be read; try again later, an administrator looks with"
    " fhir-server terminology list",
)  # fmt: skip
define(
    "terminology-systems", "not-supported", 422,
    "两个代码须属于同一代码系统", "both codes must be of one code system",
)  # fmt: skip
