// Photos, invoices, stubs; signatures and seals.

RuleSet: AttachmentCore
* insert Must(status, [[状态]], [[Status]], [[有效、已作废等。]], [[Current, superseded.]])
* insert Must(type, [[种类]], [[Type]], [[资料的种类。]], [[The kind of document.]])
* type 1..1
* insert Must(subject, [[患者]], [[Patient]], [[患者。]], [[The patient.]])
* subject 1..1
* subject only Reference(ReferralPatient)
* insert Must(date, [[登记时间]], [[Date]], [[登记时间。]], [[When it was registered.]])
* date 1..1
* insert Must(author, [[提供者]], [[Author]], [[提供者。]], [[Who provides it.]])
* insert Must(custodian, [[保存机构]], [[Custodian]], [[保存机构。]], [[The institution that keeps it.]])
* insert Must(content, [[内容]], [[Content]], [[文件。]], [[The file.]])
* insert Must(content.attachment.contentType, [[文件类型]], [[Media type]], [[文件类型。]], [[The media type.]])
* content.attachment.contentType 1..1
* insert Must(context.related, [[相关转诊]], [[Related]], [[所属的转诊申请。]], [[The referral that it belongs to.]])

Profile: FormPhoto
Parent: DocumentReference
Id: form-photo
Title: "单据照片 / Photo of a form"
Description: "纸质转诊单、接收单的照片，代替微信群里的照片。 / A photo of a paper form, instead of one in a chat group."
* insert Published
* insert AttachmentCore
* type from $vs-referral-document-type (extensible)
* context 1..1
* insert Says(context, [[背景]], [[Context]], [[所属的转诊或就诊。]], [[The referral or encounter that it belongs to.]])
* context.related 1..*
* obeys cn-photo-image

Invariant: cn-photo-image
Description: "照片应为图像或 PDF / A photo is an image or a PDF"
Severity: #error
Expression: "content.attachment.contentType.all(startsWith('image/') or $this = 'application/pdf')"

Profile: InvoiceCopy
Parent: DocumentReference
Id: invoice-copy
Title: "发票与费用清单复印件 / Copy of an invoice or list of charges"
Description: "门诊或住院的发票、费用清单复印件，登记和核对时使用。 / Copies of invoice and list of charges, for registering and reconciling."
* insert Published
* insert AttachmentCore
* custodian 1..1
* type.text 1..1
* insert Must(type.text, [[发票或清单]], [[Invoice or list]], [[如“门诊发票”“住院费用清单”。]], [[Such as outpatient invoice.]])
* insert Must(context.encounter, [[就诊]], [[Encounter]], [[所属就诊。]], [[The visit or stay.]])
* context 1..1
* insert Says(context, [[背景]], [[Context]], [[所属的转诊或就诊。]], [[The referral or encounter that it belongs to.]])
* obeys cn-invoice-context

Invariant: cn-invoice-context
Description: "发票或清单应关联转诊或就诊 / An invoice belongs to a referral or an encounter"
Severity: #error
Expression: "context.related.exists() or context.encounter.exists()"

Profile: FormStub
Parent: DocumentReference
Id: form-stub
Title: "转诊单存根 / Stub of a referral slip"
Description: "转出方保存的存根，或接收方保存的转诊单，写明由谁保存。 / The stub that the sender keeps, or the slip that the receiver keeps, and who keeps it."
* insert Published
* insert AttachmentCore
* type from $vs-referral-document-type (required)
* custodian 1..1
* context 1..1
* insert Says(context, [[背景]], [[Context]], [[所属的转诊或就诊。]], [[The referral or encounter that it belongs to.]])
* context.related 1..*
* obeys cn-stub-type

Invariant: cn-stub-type
Description: "存根的种类应为 up-stub 或 return-stub / The type of a stub is up-stub or return-stub"
Severity: #error
Expression: "type.coding.where(code = 'up-stub' or code = 'return-stub').exists()"

RuleSet: SignatureCore
* insert Must(target, [[所签对象]], [[Target]], [[所签的申请或文书。]], [[What is signed.]])
* insert Must(occurred[x], [[签署时间]], [[When]], [[签署时间。]], [[When it was signed.]])
* insert Must(recorded, [[登记时间]], [[Recorded]], [[登记时间。]], [[When it was recorded.]])
* insert Must(agent, [[签署人]], [[Agent]], [[签署人及其机构。]], [[Who signs, and for whom.]])
* insert Must(signature, [[签名]], [[Signature]], [[签名。]], [[The signature.]])
* signature 1..*
* insert Must(signature.type, [[签名种类]], [[Kind]], [[签名种类。]], [[The kind of signature.]])
* insert Must(signature.who, [[签名者]], [[Signer]], [[签名者。]], [[Who signed.]])
* insert Must(signature.when, [[签名时间]], [[When]], [[签名时间。]], [[When it was signed.]])

Profile: DoctorSignature
Parent: Provenance
Id: doctor-signature
Title: "医生签字 / Doctor's signature"
Description: "转诊医生（签字）：谁、何时、代表哪个机构签署了转诊单。 / Who signed the slip, when, for which institution."
* insert Published
* insert SignatureCore
* signature.who only Reference(ReferralPractitionerRole or ReferralPractitioner)
* agent.who only Reference(ReferralPractitionerRole or ReferralPractitioner)
* insert Says(agent.who, [[签署人]], [[Who]], [[签字的医生。]], [[The doctor who signs.]])
* obeys cn-author-signature

Invariant: cn-author-signature
Description: "医生签字的种类应为作者签名或共同签名 / A doctor's signature is an author's or co-author's"
Severity: #error
Expression: "signature.type.where(system = 'urn:iso-astm:E1762-95:2013' and (code = '1.2.840.10065.1.12.1.1' or code = '1.2.840.10065.1.12.1.2')).exists()"

Mapping: DoctorSignatureUpForm
Source: DoctorSignature
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* signature -> "存根 11 转诊医生(签字)"
* occurred[x] -> "存根 7 年月日"

Mapping: DoctorSignatureDownForm
Source: DoctorSignature
Target: "http://referral.consortium.cn/fhir/forms/national-down"
Id: national-down
Title: "双向转诊（回转）单 / Return slip"
* signature -> "存根 10 转诊医生(签字)"
* occurred[x] -> "存根 7 年月日"

Profile: OrganizationSeal
Parent: Provenance
Id: organization-seal
Title: "机构公章 / Seal of an institution"
Description: "医院或机构加盖公章。 / The official seal of an institution."
* insert Published
* insert SignatureCore
* signature.who only Reference(ReferralOrganization)
* agent.who only Reference(ReferralOrganization)
* insert Says(agent.who, [[盖章机构]], [[Who]], [[盖章的机构。]], [[The institution that seals.]])
* obeys cn-seal-type

Invariant: cn-seal-type
Description: "公章的签名种类应为来源签名（1.2.840.10065.1.12.1.14） / A seal is a source signature"
Severity: #error
Expression: "signature.type.where(system = 'urn:iso-astm:E1762-95:2013' and code = '1.2.840.10065.1.12.1.14').exists()"
