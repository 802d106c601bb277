"""What can be wrong with a patch. The place `at` names the operation that failed."""

from __future__ import annotations

from ..errors import define

define(
    "patch-document", "structure", 400,
    "补丁应为 {expected}", "the patch must be {expected}",
)  # fmt: skip
define(
    "patch-operation", "value", 400,
    "操作应为 {expected} 之一", "the operation must be one of {expected}",
)  # fmt: skip
define(
    "patch-member", "required", 400,
    "操作缺少 {name}，应为 {expected}", "the operation needs {name}: {expected}",
)  # fmt: skip
define(
    "patch-pointer", "value", 400,
    "{name} 应为 JSON Pointer（RFC 6901），如 /name/0/family",
    "{name} must be a JSON Pointer (RFC 6901), such as /name/0/family",
)  # fmt: skip
define(
    "patch-expression", "value", 400,
    "path 不是可用的 FHIRPath：{reason}", "path is no FHIRPath that can be used: {reason}",
)  # fmt: skip
define(
    "patch-target", "not-found", 422,
    "{name} 指向的位置不存在", "{name} leads to nothing in the resource",
)  # fmt: skip
define(
    "patch-index", "value", 422,
    "{name} 应在 0 至 {most} 之间", "{name} must be from 0 to {most}",
)  # fmt: skip
define(
    "patch-several", "multiple-matches", 422,
    "path 指向多个元素，应恰为一个", "path leads to several elements; exactly one was expected",
)  # fmt: skip
define(
    "patch-computed", "value", 422,
    "path 指向的不是资源中的元素", "path leads to a value that is no element of the resource",
)  # fmt: skip
define(
    "patch-root", "value", 422,
    "不能删除、移动或替换整个资源", "the resource as a whole cannot be removed, moved or replaced",
)  # fmt: skip
define(
    "patch-inside", "value", 422,
    "不能把元素移入它自身", "an element cannot be moved into itself",
)  # fmt: skip
define(
    "patch-list", "value", 422,
    "path 应指向可重复的元素", "path must lead to an element that repeats",
)  # fmt: skip
define(
    "patch-element", "structure", 422,
    "{parent} 没有此元素", "{parent} has no element of this name",
)  # fmt: skip
define(
    "patch-exists", "structure", 422,
    "元素已存在且不可重复，请用 replace", "the element exists and does not repeat; use replace",
)  # fmt: skip
define(
    "patch-type", "value", 422,
    "值的类型应为 {expected}", "the value must be of type {expected}",
)  # fmt: skip
define(
    "patch-test", "conflict", 409,
    "test 不成立，资源未改动", "the test does not hold; nothing was changed",
)  # fmt: skip
define(
    "patch-immutable", "business-rule", 422,
    "补丁不能更改 resourceType、id 和 meta.versionId",
    "a patch cannot change resourceType, id or meta.versionId",
)  # fmt: skip
define(
    "patch-too-large", "too-costly", 422,
    "补丁过大：结果最多 {limit} 个值，操作最多 {operations} 个",
    "the patch asks for too much: at most {limit} values in the result, {operations} operations",
)  # fmt: skip
define(
    "patch-selection", "value", 400,
    "sel 应为如 f:Patient/f:name[1]/f:family/@value 的路径",
    "sel must be a path such as f:Patient/f:name[1]/f:family/@value",
)  # fmt: skip
