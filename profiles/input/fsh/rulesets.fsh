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

RuleSet: Context(context)
* ^context[+].type = #element
* ^context[=].expression = "{context}"

// An instance that defines something, of this package's version.
RuleSet: Definition
* status = #active
* experimental = false
* version = "0.1.0"
* publisher = "医联体双向转诊项目 / Consortium referral project"
