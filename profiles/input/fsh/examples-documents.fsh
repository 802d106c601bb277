// Two documents of each form: the Composition, and the Bundle with all that it refers to.

RuleSet: SectionText(slice, title, text)
* section[{slice}].title = "{title}"
* section[{slice}].text.status = #additional
* section[{slice}].text.div = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{text}</p></div>"

RuleSet: CompositionOf(number, subject, author, custodian, date, title)
* identifier.system = $document-no
* identifier.value = "{number}"
* status = #final
* subject = Reference({subject})
* date = "{date}"
* author = Reference({author})
* title = "{title}"
* custodian = Reference({custodian})

RuleSet: BundleOf(number, time)
* identifier.system = $document-no
* identifier.value = "{number}"
* type = #document
* timestamp = "{time}"
