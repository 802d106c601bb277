"""Every message of the validator: id, issue type, Chinese and English text. One row a line.

Texts say what was expected, never what was found.
"""

from __future__ import annotations

from ..errors import define

ROWS = """
# what an element or a profile asks for
valid-min            | required   | 缺少必填元素，至少 {min} 个 | a required element is missing; at least {min} expected
valid-max            | structure  | 元素过多，最多 {max} 个 | too many; at most {max} allowed
valid-forbidden      | structure  | 此处不得使用该元素 | this element is not allowed here
valid-type           | structure  | 类型应为 {expected} 之一 | the type must be one of {expected}
valid-fixed          | value      | 值应恰为 profile 规定的固定值 | the value must be exactly the fixed value of the profile
valid-pattern        | value      | 值应符合 profile 规定的模式 {expected} | the value must match the pattern {expected} of the profile
valid-min-value      | value      | 值不得小于 {expected} | the value must not be less than {expected}
valid-max-value      | value      | 值不得大于 {expected} | the value must not be greater than {expected}
valid-max-length     | too-long   | 最多 {expected} 个字符 | at most {expected} characters are allowed
valid-required-code  | code-invalid | 代码应在值集 {expected} 中（必须） | the code must be one of the value set {expected} (required binding)
valid-extensible-code | code-invalid | 代码不在值集 {expected} 中；该值集有适用代码时应使用其中的代码（可扩展绑定） | the code is not in the value set {expected}; where a code of it applies, use that (extensible binding)
valid-preferred-code | code-invalid | 建议使用值集 {expected} 中的代码 | a code of the value set {expected} is preferred
valid-unknown-set    | not-found  | 无法核对代码：此处没有值集 {expected} 的全部内容 | the code could not be checked: the value set {expected} is not here, or not as a whole
valid-unknown-code   | code-invalid | 代码系统 {expected} 中没有此代码 | the code system {expected} has no such code
valid-display        | code-invalid | 显示名与代码系统 {expected} 的不同 | the display is not that of the code system {expected}
valid-slice-min      | required   | 切片 {slice} 至少 {min} 个 | slice {slice}: at least {min} expected
valid-slice-max      | structure  | 切片 {slice} 最多 {max} 个 | slice {slice}: at most {max} allowed
valid-slice-closed   | structure  | 不属于任何切片，而此处只允许 {expected} | belongs to no slice, and only {expected} are allowed here
valid-slice-order    | structure  | 切片应按此顺序：{expected} | the slices must stand in this order: {expected}
valid-slice-end      | structure  | 不属于任何切片的元素应放在最后 | what belongs to no slice must come last
valid-invariant      | invariant  | 不满足约束 {constraint}：{text} | constraint {constraint} is not met: {text}
valid-invariant-run  | not-supported | 约束 {constraint} 无法求值 | constraint {constraint} could not be evaluated
valid-target         | structure  | 引用的目标应为 {expected} 之一 | the reference must be to one of {expected}
valid-aggregation    | structure  | 引用的方式应为 {expected} 之一 | the reference must be one of {expected}
valid-contained-missing | not-found | 引用指向的内含资源（contained）不存在 | the reference leads to no contained resource
valid-extension-unknown | informational | 不认识的扩展，未作检查 | this extension is not known here and was not checked
valid-modifier-unknown | informational | 不认识的修饰扩展，未作检查；接收方不得忽略它 | this modifier extension is not known here and was not checked; a receiver must not ignore it
valid-extension-context | structure | 该扩展不能用在此处，只能用于 {expected} | this extension is not allowed here, only on {expected}
valid-extension-modifier | structure | 应放在 {expected} 中 | it belongs in {expected}
valid-profile-unknown | not-found | 此处没有 profile {expected}，未作检查 | the profile {expected} is not known here and was not checked
valid-profile-type   | structure  | profile {expected} 是针对另一类型的 | the profile {expected} is of another type
valid-profile-broken | invalid    | profile {expected} 有误，无法使用：{reason} | the profile {expected} is broken and cannot be used: {reason}
valid-profile-any    | structure  | 应符合其中一个 profile：{expected} | it must conform to one of the profiles {expected}
valid-profile-required | structure | 此类型资源应符合其中一个 profile：{expected} | a resource of this type must carry one of the profiles {expected}
valid-narrative      | structure  | 叙述只能用 XHTML 的基本格式元素和属性（txt-1） | the narrative may hold only basic XHTML formatting elements and attributes (txt-1)
valid-narrative-empty | structure | 叙述应有内容（txt-2） | the narrative must have some content (txt-2)
valid-base64-size    | value      | 附件的 size 应为 {expected} | the size of the attachment must be {expected}
valid-contained-unused | structure | 内含资源应被引用（dom-3） | a contained resource must be referred to (dom-3)
valid-contained-id   | required   | 内含资源应有 id | a contained resource must have an id
valid-contained-nested | structure | 内含资源不得再内含资源（dom-2） | a contained resource must not contain others (dom-2)
# Bundles
bundle-full-url      | value      | fullUrl 应为绝对地址或 urn:uuid、urn:oid | fullUrl must be an absolute URL, or urn:uuid, or urn:oid
bundle-full-url-id   | value      | fullUrl 应以 {expected} 结尾，与资源一致 | fullUrl must end with {expected}, as the resource does
bundle-document-url  | required   | 文档中的条目应有 fullUrl | an entry of a document must have a fullUrl
bundle-unresolved    | not-found  | 文档中引用的资源不在该 Bundle 中 | the resource that the document refers to is not in the Bundle
bundle-several       | multiple-matches | 该引用在 Bundle 中对应多个资源 | the reference leads to several resources of the Bundle
bundle-search-id     | required   | 检索结果中的资源应有 id | a resource in a search result must have an id
bundle-search-outcome | structure  | search.mode 为 outcome 的条目应为 OperationOutcome | an entry of search.mode outcome must be an OperationOutcome
# a QuestionnaireResponse against its Questionnaire
questionnaire-unknown | not-found  | 此处没有该 Questionnaire，未作核对 | the Questionnaire is not here, so the answers were not checked
questionnaire-none   | required   | 没有写明 Questionnaire，未作核对 | no Questionnaire is named, so the answers were not checked
questionnaire-link   | structure  | 问卷的此处没有该 linkId | the Questionnaire has no such linkId here
questionnaire-required | required   | 必答项 {expected} 没有回答 | the required item {expected} has no answer
questionnaire-once   | structure  | 该项只能回答一次 | this item may be answered once only
questionnaire-few    | required   | 至少需要 {min} 个回答 | at least {min} answers are needed
questionnaire-many   | structure  | 最多 {max} 个回答 | at most {max} answers are allowed
questionnaire-no-answer | structure  | {expected} 类型的项不能有回答 | an item of type {expected} has no answers
questionnaire-order  | structure  | 各项应按问卷中的顺序 | the items must stand in the order of the Questionnaire
questionnaire-disabled | structure  | 该项按 enableWhen 未启用，不应有回答 | by enableWhen this item is not enabled, and has no answers
questionnaire-text   | informational | 题目文字与问卷不同 | the text differs from that of the Questionnaire
# one answer
answer-type          | structure  | 回答的类型应为 {expected} | the answer must be of the type {expected}
answer-option        | code-invalid | 回答不在问卷给出的选项中 | the answer is none of the options of the Questionnaire
answer-set           | code-invalid | 回答的代码不在值集 {expected} 中 | the code of the answer is not in the value set {expected}
answer-long          | too-long   | 回答最多 {expected} 个字符 | the answer may have at most {expected} characters
answer-short         | value      | 回答至少 {expected} 个字符 | the answer must have at least {expected} characters
answer-low           | value      | 回答不得小于 {expected} | the answer must not be less than {expected}
answer-high          | value      | 回答不得大于 {expected} | the answer must not be greater than {expected}
answer-incomparable  | value      | 回答的单位无法与 {expected} 比较 | the unit of the answer cannot be compared with {expected}
answer-places        | value      | 最多 {expected} 位小数 | at most {expected} decimal places are allowed
answer-unit          | code-invalid | 单位应为 {expected} 之一 | the unit must be one of {expected}
answer-size          | too-long   | 附件最大 {expected} 字节 | the attachment may have at most {expected} bytes
answer-mime          | value      | 附件类型应为 {expected} 之一 | the attachment must be one of {expected}
answer-target        | structure  | 引用的目标应为 {expected} | the reference must be to {expected}
# profiles
profile-broken       | invalid    | profile 无法使用：{reason} | the profile cannot be used: {reason}
profile-base-unknown | not-found  | 此处没有它所派生的 {expected}，未核对 | the base {expected} is not here, so it was not compared
profile-cardinality  | invalid    | 基数应在基础定义的 {expected} 之内 | the cardinality must stay within {expected} of the base
profile-types        | invalid    | 类型应是基础定义的类型之一：{expected} | the types must be among those of the base: {expected}
profile-fixed        | invalid    | 固定值不得与基础定义的不同 | the fixed value must be that of the base
profile-discriminator | invalid    | 鉴别路径不是 {expected} 的元素 | the path of the discriminator is no element of {expected}
profile-constraint   | invalid    | 约束 {constraint} 的表达式无法编译：{reason} | the expression of {constraint} cannot be compiled: {reason}
"""

for _line in ROWS.strip().splitlines():
    if not _line.startswith("#"):
        _code, _issue, _zh, _en = (part.strip() for part in _line.split("|"))
        define(_code, _issue, 422, _zh, _en)
