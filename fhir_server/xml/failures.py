"""What can be wrong with a document in XML, beside what is wrong with any resource."""

from __future__ import annotations

from ..errors import define

PLACE_ZH = "（第 {line} 行第 {column} 列）"
PLACE = "(line {line}, column {column})"


def _define(code: str, issue: str, status: int, zh: str, en: str) -> None:
    define(code, issue, status, zh + PLACE_ZH, f"{en} {PLACE}")


_define(
    "xml-invalid", "structure", 400, "请求体不是格式良好的 XML", "the body is not well-formed XML"
)
_define(
    "xml-doctype", "security", 400,
    "不接受 DTD 和实体声明", "a DTD or an entity declaration is not accepted",
)  # fmt: skip
_define(
    "xml-entity", "structure", 400,
    "未定义的实体；只能用 &lt; &gt; &amp; &quot; &apos; 和数字字符引用",
    "undefined entity; only &lt; &gt; &amp; &quot; &apos; and numeric references are known",
)  # fmt: skip
_define(
    "xml-instruction", "structure", 400,
    "内容中不能有处理指令", "a processing instruction is not allowed in the content",
)  # fmt: skip
define(
    "xml-not-utf8", "structure", 400,
    "XML 应为 UTF-8 编码，声明亦然", "the XML must be UTF-8, and declare no other encoding",
)  # fmt: skip
define(
    "xml-too-deep", "too-long", 400,
    "XML 嵌套过深，最多 {limit} 层", "the XML is nested too deep; at most {limit} levels",
)  # fmt: skip
_define(
    "xml-namespace", "structure", 422,
    "元素的命名空间应为 {expected}", "the element must be in the namespace {expected}",
)  # fmt: skip
_define(
    "xml-unknown", "structure", 422,
    "不认识的元素，{parent} 没有此元素", "unknown element; {parent} has none of this name",
)  # fmt: skip
_define(
    "xml-attribute", "structure", 422,
    "不认识的属性，此处只能有 {expected}", "unknown attribute; allowed here: {expected}",
)  # fmt: skip
_define(
    "xml-text", "structure", 422,
    "元素中不能有文字；值写在 value 属性中",
    "an element holds no text; a value goes into the attribute `value`",
)  # fmt: skip
_define(
    "xml-empty", "structure", 422,
    "元素须有 value 属性或子元素", "an element needs an attribute `value` or children",
)  # fmt: skip
_define(
    "xml-repeated", "structure", 422,
    "此元素只能出现一次", "this element may appear only once",
)  # fmt: skip
_define(
    "xml-resource", "structure", 422,
    "此处应恰好有一个 R4 资源", "exactly one resource of R4 is expected here",
)  # fmt: skip
define(
    "xml-unwritable", "not-supported", 406,
    "此内容无法用 XML 表示，请用 JSON", "this content cannot be written as XML; ask for JSON",
)  # fmt: skip
