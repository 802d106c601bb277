"""What is wrong with a filled form, by printed label and box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import define

# Chinese and English text of each kind of wrong field. They say what was expected, and never
# repeat what was written.
MESSAGES: dict[str, tuple[str, str]] = {
    "required": ("必填，不能为空", "required; it must not be empty"),
    "unknown": (
        "此表单没有这一栏；应为以下之一：{labels}",
        "expected one of the labels of this form: {labels}",
    ),
    "unknown-many": (
        "不认识的栏目过多，只列出前 {limit} 个",
        "too many unknown fields; only the first {limit} are listed",
    ),
    "ambiguous": (
        "此栏目在表单上印有多处，请写明 {keys}",
        "this label is printed more than once; write {keys}",
    ),
    "said": ("{zh}", "{en}"),
    "text": ("应为文字", "expected text"),
    "scalar": ("应为文字或数字", "expected text or a number"),
    "too-long": ("文字过长，最多 {limit} 个字", "the text is too long; at most {limit} characters"),
    "control": ("含有不可打印的控制字符", "it holds a control character that cannot be printed"),
    "date": (
        "应为日期，如 2026-11-20 或 2026年11月20日",
        "expected a date, such as 2026-11-20 or 2026年11月20日",
    ),
    "date-calendar": ("日历上没有这一天", "there is no such day in the calendar"),
    "datetime": (
        "应为日期和时间，如 2026-11-20 09:30",
        "expected a date and time, such as 2026-11-20 09:30",
    ),
    "phone": (
        "应为电话号码：11 位手机号，或带区号的固定电话，如 0537-1234567",
        "expected a phone number: 11 digits of a mobile, or a landline such as 0537-1234567",
    ),
    "code": ("应为以下之一：{values}", "expected one of: {values}"),
    "age": (
        "应为年龄，如 56、56岁、3个月、18天（0 至 150 岁）",
        "expected an age, such as 56, 56岁, 3个月, 18天 (0 to 150 years)",
    ),
    "number": ("应为数字", "expected a number"),
    "identifier": (
        "应为 1 至 64 个字母、数字或 - _ . / ( )",
        "expected 1 to 64 letters, digits or - _ . / ( )",
    ),
    "id-15": (
        "应为 18 位公民身份号码，15 位旧号码请换成 18 位",
        "expected an 18-digit identity number; convert an old one of 15 digits",
    ),
    "id-form": (
        "应为 18 位公民身份号码：17 位数字加一位校验码（数字或 X）",
        "expected an 18-digit identity number: 17 digits and a check character (a digit or X)",
    ),
    "id-date": (
        "身份证号第 7 至 14 位不是真实的出生日期",
        "digits 7 to 14 of the identity number are not a real date of birth",
    ),
    "id-check": (
        "身份证号的校验码不符，请核对",
        "the check character of the identity number does not match",
    ),
    "id-precision": (
        "数字已失去精度，请把表格中该列设为文本格式",
        "the number has lost digits; format the column of the sheet as text",
    ),
    "id-birth": (
        "与身份证号中的出生日期不符",
        "it does not agree with the date of birth in the identity number",
    ),
    "id-sex": (
        "与身份证号中的性别不符",
        "it does not agree with the sex in the identity number",
    ),
    "age-birth": (
        "与出生日期相差超过一岁",
        "it differs from the date of birth by more than a year",
    ),
    "future": ("不能晚于填表日期", "it must not be later than the date of the form"),
    "differs": ("“{one}”与“{other}”填写的不一致", "“{one}” and “{other}” differ"),
}

define(
    "form-file", "structure", 422,
    "无法读取此文件：{reason}", "the file cannot be read: {reason_en}",
)  # fmt: skip
define("form-rows", "too-long", 413, "行数过多，最多 {limit} 行", "too many rows; at most {limit}")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field. `field` is its key in the flat JSON, `box` its place on the page."""

    field: str
    box: str
    message: str
    message_en: str

    @classmethod
    def of(cls, field: str, box: str, kind: str, **args: object) -> FieldError:
        zh, en = MESSAGES[kind]
        return cls(field, box, zh.format(**args), en.format(**args))


class FormErrors(Exception):
    """All wrong fields of a form at once. Shape: `errors` in the order of the form."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(f"{e.field}: {e.message_en}" for e in self.errors))


class Wrong(Exception):
    """Raised by a converter: which message, with its arguments. The engine adds the field."""

    def __init__(self, kind: str, **args: object) -> None:
        super().__init__(kind)
        self.kind, self.message_args = kind, args

    @classmethod
    def saying(cls, zh: str, en: str) -> Wrong:
        """A message of an adapter's own. It says what was expected, never what was written."""
        return cls("said", zh=zh, en=en)
