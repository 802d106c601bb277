// What every profile and extension carries. Texts are Chinese first, then English, parted by " / ".
RuleSet: Published
* ^status = #active
* ^experimental = false

// An element's label and meaning, in Chinese and English.
RuleSet: Says(path, zh, en, zhdef, endef)
* {path} ^short = "{zh} / {en}"
* {path} ^definition = "{zhdef} / {endef}"

// Must-support: a sender that has the datum sends it; a receiver stores it, shows it to the user
// and gives it back. See profiles/README.md.
RuleSet: Must(path, zh, en, zhdef, endef)
* {path} MS
* insert Says({path}, [[{zh}]], [[{en}]], [[{zhdef}]], [[{endef}]])

// An extension with one simple value.
RuleSet: SimpleExtension(context)
* insert Published
* ^context[0].type = #element
* ^context[0].expression = "{context}"
* . 0..1
* value[x] 1..1
* insert Says(value[x], [[值]], [[Value]], [[扩展的值。]], [[The value of the extension.]])
* insert Address(url)

RuleSet: Address(path)
* insert Says({path}, [[地址]], [[Address]], [[扩展的地址，固定。]], [[The address of the extension, fixed.]])

// An extension with parts, and one of its parts.
RuleSet: ComplexExtension
* insert Says(extension, [[组成部分]], [[Parts]], [[扩展的各组成部分。]], [[The parts of the extension.]])
* insert Address(url)

RuleSet: Part(name, zh, en)
* insert Says(extension[{name}], [[{zh}]], [[{en}]], [[{zh}。]], [[{en}.]])
* insert Says(extension[{name}].value[x], [[{zh}]], [[{en}]], [[{zh}。]], [[{en}.]])
* insert Says(extension[{name}].url, [[部分名]], [[Name of the part]], [[固定的部分名。]], [[The name of the part, fixed.]])

RuleSet: SystemOf(path)
* insert Says({path}, [[编号系统]], [[System]], [[编号的系统。]], [[The system of the number.]])

RuleSet: ValueOf(path)
* insert Says({path}, [[编号]], [[Value]], [[编号本身。]], [[The number itself.]])

RuleSet: Context(context)
* ^context[+].type = #element
* ^context[=].expression = "{context}"

// An instance that defines something, of this package's version.
RuleSet: Definition
* status = #active
* experimental = false
* version = "0.1.0"
* publisher = "医联体双向转诊项目 / Consortium referral project"
