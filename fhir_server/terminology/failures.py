"""Failures of this package."""

from ..errors import define

define(
    "terminology-unknown",
    "not-found",
    400,
    "没有此{kind}",
    "no such {kind}",
)
define(
    "terminology-incomplete",
    "not-supported",
    400,
    "值集引用了本服务器没有全部内容的代码系统，无法展开",
    "the value set needs a code system whose content this server does not have in full",
)
define(
    "terminology-filter",
    "not-supported",
    400,
    "值集的过滤条件不受支持；可用运算：{expected}",
    "the value set has a filter that is not supported; operators: {expected}",
)
define(
    "terminology-too-costly",
    "too-costly",
    422,
    "值集过大，最多 {limit} 个代码",
    "the value set is too large; at most {limit} codes",
)
