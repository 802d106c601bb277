// The documents of a referral: for each form a Composition, and a Bundle that holds it with what it
// refers to. Sections have LOINC codes where one fits, else codes of referral-document-section.

Profile: ReferralComposition
Parent: Composition
Id: referral-composition
Title: "转诊文书（通用） / Referral document (common)"
Description: "各种转诊文书的共同要求：编号、种类、患者、日期、医生、机构、段落。 / What all documents of a referral share: number, type, patient, date, doctor, institution, sections."
* ^abstract = true
* insert Published
* extension contains AsWritten named asWritten 0..* MS
* insert Says(extension[asWritten], [[表单原样]], [[As written]], [[文书所载患者、医生的原样。]], [[Patient and doctor as on this document.]])
* insert Must(identifier, [[文书编号]], [[Identifier]], [[文书编号。]], [[The number of the document.]])
* identifier 1..1
* insert Must(status, [[状态]], [[Status]], [[定稿 final、更正 amended 等。]], [[final, amended and others.]])
* insert Must(type, [[文书种类]], [[Type]], [[转诊文书种类。]], [[The type of document.]])
* type from $vs-referral-document-type (extensible)
* insert Must(subject, [[患者]], [[Patient]], [[患者。]], [[The patient.]])
* subject 1..1
* subject only Reference(ReferralPatient)
* insert Must(date, [[日期]], [[Date]], [[文书日期。]], [[The date of the document.]])
* insert Must(author, [[医生]], [[Author]], [[填写的医生或人员。]], [[Who wrote it.]])
* author only Reference(ReferralPractitionerRole or ReferralPractitioner or ReferralOrganization)
* insert Must(title, [[标题]], [[Title]], [[文书标题，如省定名称。]], [[The title, such as that of the province.]])
* insert Must(custodian, [[出具机构]], [[Custodian]], [[出具文书的机构。]], [[The institution that issues it.]])
* custodian 1..1
* custodian only Reference(ReferralOrganization)
* insert Must(section, [[段落]], [[Sections]], [[文书的段落。]], [[The sections.]])
* section 1..*
* section ^slicing.discriminator.type = #pattern
* section ^slicing.discriminator.path = "code"
* section ^slicing.rules = #open
* section ^slicing.description = "按段落代码分 / By the code of the section"

Profile: ReferralDocument
Parent: Bundle
Id: referral-document
Title: "转诊文书包（通用） / Document Bundle (common)"
Description: "转诊文书及其引用的全部资源，可独立保存、归档、交换。 / A document with all that it refers to, to be kept, archived and exchanged on its own."
* ^abstract = true
* insert Published
* type = #document
* insert Must(identifier, [[文书包编号]], [[Identifier]], [[文档流水号。]], [[The number of the Bundle.]])
* identifier 1..1
* identifier.system 1..1
* identifier.value 1..1
* insert Must(type, [[文档]], [[Document]], [[固定为 document。]], [[Always document.]])
* insert Must(timestamp, [[生成时间]], [[Timestamp]], [[生成时间。]], [[When it was made.]])
* timestamp 1..1
* insert Must(entry, [[条目]], [[Entries]], [[首个条目为文书，其后为其引用的资源。]], [[The document first, then what it refers to.]])
* entry 2..*
* entry ^slicing.discriminator.type = #type
* entry ^slicing.discriminator.path = "resource"
* entry ^slicing.rules = #open
* entry ^slicing.description = "按资源类型分 / By the type of the resource"
* entry contains
    composition 1..1 MS and
    patient 1..* MS
* entry[composition].resource 1..1
* entry[composition].resource only ReferralComposition
* insert Says(entry[composition].resource, [[文书]], [[Composition]], [[文书本身。]], [[The document itself.]])
* insert Says(entry[patient].resource, [[患者]], [[Patient]], [[文书的患者。]], [[The patient of the document.]])
* insert Says(identifier.system, [[编号系统]], [[System]], [[编号的系统。]], [[The system of the number.]])
* insert Says(identifier.value, [[编号]], [[Value]], [[编号。]], [[The number.]])
* insert Says(entry[composition], [[文书]], [[Composition]], [[文书本身。]], [[The document itself.]])
* entry[patient].resource 1..1
* entry[patient].resource only ReferralPatient
* insert Says(entry[patient], [[患者]], [[Patient]], [[文书的患者。]], [[The patient of the document.]])

RuleSet: FormType(code, zh, en)
* ^abstract = false
* insert Published
* type = $document-type#{code}
* insert Must(type, [[{zh}]], [[{en}]], [[固定为{zh}。]], [[Always {en}.]])

RuleSet: FormSection(slice, card, code, zh, en, zhdef, endef)
* section contains {slice} {card} MS
* insert Says(section[{slice}], [[{zh}]], [[{en}]], [[{zhdef}]], [[{endef}]])
* section[{slice}].title 1..1
* section[{slice}].code 1..1
* section[{slice}].code = {code}
* insert Says(section[{slice}].title, [[段落标题]], [[Title]], [[表单上的栏目名。]], [[The heading on the form.]])
* insert Says(section[{slice}].code, [[段落代码]], [[Code]], [[固定的段落代码。]], [[The code of the section, fixed.]])

RuleSet: FormDocument(composition)
* ^abstract = false
* insert Published
* entry[composition].resource only {composition}
* insert Says(entry[composition].resource, [[文书]], [[Composition]], [[本种表单的文书。]], [[The document of this form.]])


Profile: UpFormComposition
Parent: ReferralComposition
Id: up-form-composition
Title: "双向转诊（转出）单 / Outward referral slip"
Description: "基层上转的转出单，交接收方。 / The slip that goes with the patient to the receiver."
* insert FormType(up-form, [[双向转诊（转出）单]], [[outward referral slip]])
* insert FormSection(impression, 1..1, $loinc#29548-5, [[初步印象]], [[Provisional diagnosis]], [[转诊时的初步判断。]], [[The diagnosis at the time of referral.]])
* insert FormSection(presentIllness, 1..1, $loinc#10164-2, [[主要现病史（转出原因）]], [[Present illness and reason]], [[转诊时的主要临床问题。]], [[The main clinical problem.]])
* insert FormSection(pastHistory, 0..1, $loinc#11348-0, [[主要既往史]], [[Past history]], [[既往的主要疾病史。]], [[Main past diseases.]])
* insert FormSection(course, 0..1, $loinc#8648-8, [[治疗经过]], [[Treatment so far]], [[经治医生的主要诊治措施。]], [[What was done.]])
* insert FormSection(allergies, 0..1, $loinc#48765-2, [[过敏史]], [[Allergies]], [[有过敏史、无明确过敏史、暂不清楚。]], [[Present, none known, not known.]])
* insert FormSection(approval, 0..1, $section#approval-opinion, [[院方审批意见]], [[Approval]], [[院方审批意见。]], [[The opinion of the institution.]])

Mapping: UpFormCompositionForm
Source: UpFormComposition
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* subject -> "存根 1 患者姓名"
* date -> "存根 7 年月日"
* custodian -> "转出单 17 机构名称"
* section[impression] -> "转出单 12 初步印象"
* section[presentIllness] -> "转出单 13 主要现病史(转出原因)"
* section[pastHistory] -> "转出单 14 主要既往史"
* section[course] -> "转出单 15 治疗经过"

Profile: UpFormDocument
Parent: ReferralDocument
Id: up-form-document
Title: "双向转诊（转出）单文书包 / Document of the outward referral slip"
Description: "双向转诊（转出）单及其引用的资源。 / The outward referral slip with all that it refers to."
* insert FormDocument(UpFormComposition)

Profile: UpStubComposition
Parent: ReferralComposition
Id: up-stub-composition
Title: "双向转诊单存根（转出） / Stub of the outward slip"
Description: "转出方留存的存根：转入单位、科室、接诊医生。 / What the sender keeps: receiver, department, doctor."
* insert FormType(up-stub, [[双向转诊单存根（转出）]], [[stub of the outward slip]])
* insert FormSection(referralInfo, 1..1, $section#referral-info, [[转诊信息]], [[Referral]], [[转入单位、科室、接诊医生。]], [[Receiver, department, doctor.]])

Mapping: UpStubCompositionForm
Source: UpStubComposition
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* subject -> "存根 1 患者姓名"
* date -> "存根 7 年月日"
* custodian -> "转出单 17 机构名称"
* section[referralInfo] -> "存根 8 转入单位"
* section[referralInfo] -> "存根 9 科室"
* section[referralInfo] -> "存根 10 接诊医生"

Profile: UpStubDocument
Parent: ReferralDocument
Id: up-stub-document
Title: "双向转诊单存根（转出）文书包 / Document of the stub of the outward slip"
Description: "双向转诊单存根（转出）及其引用的资源。 / The stub of the outward slip with all that it refers to."
* insert FormDocument(UpStubComposition)

Profile: ReturnFormComposition
Parent: ReferralComposition
Id: return-form-composition
Title: "双向转诊（回转）单 / Return slip"
Description: "医院回转基层的回转单。 / The slip with which a hospital returns the patient."
* insert FormType(return-form, [[双向转诊（回转）单]], [[return slip]])
* insert FormSection(diagnosis, 1..1, $loinc#29548-5, [[诊断结果]], [[Diagnosis]], [[医院的诊断结果。]], [[The diagnosis of the hospital.]])
* insert FormSection(results, 1..1, $loinc#30954-2, [[主要检查结果]], [[Main results]], [[主要检查检验结果。]], [[Main results of examinations.]])
* insert FormSection(plan, 1..1, $loinc#18776-5, [[治疗经过、下一步治疗方案及康复建议]], [[Course, next steps and advice]], [[治疗经过、下一步治疗方案及康复建议。]], [[Course of treatment, next steps, advice for rehabilitation.]])

Mapping: ReturnFormCompositionForm
Source: ReturnFormComposition
Target: "http://referral.consortium.cn/fhir/forms/national-down"
Id: national-down
Title: "双向转诊（回转）单 / Return slip"
* subject -> "存根 1 患者姓名"
* date -> "存根 7 年月日"
* custodian -> "回转单 16 机构名称"
* section[diagnosis] -> "回转单 11 诊断结果"
* section[results] -> "回转单 13 主要检查结果"
* section[plan] -> "回转单 14 治疗经过、下一步治疗方案及康复建议"

Profile: ReturnFormDocument
Parent: ReferralDocument
Id: return-form-document
Title: "双向转诊（回转）单文书包 / Document of the return slip"
Description: "双向转诊（回转）单及其引用的资源。 / The return slip with all that it refers to."
* insert FormDocument(ReturnFormComposition)

Profile: ReturnStubComposition
Parent: ReferralComposition
Id: return-stub-composition
Title: "双向转诊单存根（回转） / Stub of the return slip"
Description: "医院留存的回转存根。 / What the hospital keeps."
* insert FormType(return-stub, [[双向转诊单存根（回转）]], [[stub of the return slip]])
* insert FormSection(referralInfo, 1..1, $section#referral-info, [[转诊信息]], [[Referral]], [[转回单位、接诊医生。]], [[Receiver and doctor.]])

Mapping: ReturnStubCompositionForm
Source: ReturnStubComposition
Target: "http://referral.consortium.cn/fhir/forms/national-down"
Id: national-down
Title: "双向转诊（回转）单 / Return slip"
* subject -> "存根 1 患者姓名"
* date -> "存根 7 年月日"
* custodian -> "回转单 16 机构名称"
* section[referralInfo] -> "存根 8 转回单位"
* section[referralInfo] -> "存根 9 接诊医生"

Profile: ReturnStubDocument
Parent: ReferralDocument
Id: return-stub-document
Title: "双向转诊单存根（回转）文书包 / Document of the stub of the return slip"
Description: "双向转诊单存根（回转）及其引用的资源。 / The stub of the return slip with all that it refers to."
* insert FormDocument(ReturnStubComposition)

Profile: ReceiptFormComposition
Parent: ReferralComposition
Id: receipt-form-composition
Title: "医共体转诊接收单 / Report of a referral to the service centre"
Description: "成员单位报备用的接收单。 / By which a member reports a referral."
* insert FormType(receipt-form, [[医共体转诊接收单]], [[report of a referral to the service centre]])
* insert FormSection(referralInfo, 1..1, $section#referral-info, [[转诊信息]], [[Referral]], [[上转或下接、业务类型、接收单位、车辆与陪同。]], [[Direction, kind, receiver, vehicle and escort.]])
* insert FormSection(diagnosis, 1..1, $section#preliminary-impression, [[诊断]], [[Diagnosis]], [[门诊诊断。]], [[The diagnosis.]])
* insert FormSection(purpose, 1..1, $section#referral-purpose, [[病情与转诊目的]], [[Condition and purpose]], [[病情、目的、要求的检查项目。]], [[Condition, purpose, what is asked.]])

Profile: ReceiptFormDocument
Parent: ReferralDocument
Id: receipt-form-document
Title: "医共体转诊接收单文书包 / Document of the report of a referral to the service centre"
Description: "医共体转诊接收单及其引用的资源。 / The report of a referral to the service centre with all that it refers to."
* insert FormDocument(ReceiptFormComposition)

Profile: ApplyFormComposition
Parent: ReferralComposition
Id: apply-form-composition
Title: "转诊申请表 / Application for referral"
Description: "详细的转诊申请表，附病历资料。 / The detailed application, with records."
* insert FormType(apply-form, [[转诊申请表]], [[application for referral]])
* insert FormSection(patientInfo, 0..1, $section#patient-info, [[患者基本信息]], [[Patient]], [[姓名、性别、年龄、证件、电话、住址。]], [[Name, sex, age, id, telephone, address.]])
* insert FormSection(condition, 1..1, $loinc#10164-2, [[病情描述]], [[Present illness]], [[病情描述。]], [[The condition.]])
* insert FormSection(diagnosis, 1..1, $loinc#29548-5, [[初步诊断]], [[Provisional diagnosis]], [[诊断结果或初步诊断。]], [[The diagnosis.]])
* insert FormSection(purpose, 1..1, $section#referral-purpose, [[转诊目的]], [[Purpose]], [[转诊目的。]], [[What the referral is for.]])
* insert FormSection(reason, 1..1, $section#referral-reason, [[转诊原因]], [[Reason]], [[转诊原因。]], [[Why.]])
* insert FormSection(requestedCare, 0..1, $section#requested-care, [[需进行的检查或治疗]], [[Care requested]], [[需要的检查、治疗及要求。]], [[Examinations and treatment asked for.]])
* insert FormSection(course, 0..1, $loinc#8648-8, [[治疗经过]], [[Treatment so far]], [[治疗经过。]], [[What was done.]])
* insert FormSection(opinion, 0..1, $section#current-opinion, [[目前诊疗意见]], [[Present opinion]], [[目前诊疗意见。]], [[The present opinion.]])
* insert FormSection(pastHistory, 0..1, $loinc#11348-0, [[既往病史]], [[Past history]], [[既往病史。]], [[Past diseases.]])
* insert FormSection(examination, 0..1, $loinc#29545-1, [[体格检查]], [[Physical examination]], [[全面体格检查结果。]], [[Findings on examination.]])

Profile: ApplyFormDocument
Parent: ReferralDocument
Id: apply-form-document
Title: "转诊申请表文书包 / Document of the application for referral"
Description: "转诊申请表及其引用的资源。 / The application for referral with all that it refers to."
* insert FormDocument(ApplyFormComposition)

Profile: AcceptanceSlipComposition
Parent: ReferralComposition
Id: acceptance-slip-composition
Title: "转诊回执 / Receipt of a referral"
Description: "接收方对转诊的答复：接收或不接收及原因。 / The receiver's answer: accepted or refused, and why."
* insert FormType(acceptance-slip, [[转诊回执]], [[receipt of a referral]])
* insert FormSection(conclusion, 1..1, $section#receipt-conclusion, [[接收结论]], [[Conclusion]], [[接收，或不接收及原因。]], [[Accepted, or refused with the reason.]])
* insert FormSection(arrangement, 0..1, $section#referral-info, [[接收安排]], [[Arrangement]], [[到诊时间、科室、医生、床位。]], [[When, where, by whom.]])

Profile: AcceptanceSlipDocument
Parent: ReferralDocument
Id: acceptance-slip-document
Title: "转诊回执文书包 / Document of the receipt of a referral"
Description: "转诊回执及其引用的资源。 / The receipt of a referral with all that it refers to."
* insert FormDocument(AcceptanceSlipComposition)

Profile: FeedbackReportComposition
Parent: ReferralComposition
Id: feedback-report-composition
Title: "转诊反馈报告 / Feedback on a referral"
Description: "接收方诊治后向转出方的反馈。 / What the receiver reports to the sender."
* insert FormType(feedback-report, [[转诊反馈报告]], [[feedback on a referral]])
* insert FormSection(diagnosis, 1..1, $loinc#29548-5, [[诊断意见]], [[Diagnosis]], [[诊断意见。]], [[The diagnosis.]])
* insert FormSection(change, 0..1, $section#condition-change, [[病情变化]], [[Change of condition]], [[病情变化。]], [[How the condition changed.]])
* insert FormSection(results, 0..1, $loinc#30954-2, [[检查结果]], [[Results]], [[检查结果。]], [[Results.]])
* insert FormSection(effect, 1..1, $section#treatment-effect, [[治疗效果]], [[Effect of treatment]], [[治疗结果。]], [[What the treatment achieved.]])
* insert FormSection(medication, 0..1, $section#medication-plan, [[用药方案]], [[Medication]], [[用药方案。]], [[Medicines to take.]])
* insert FormSection(advice, 1..1, $section#treatment-advice, [[治疗建议]], [[Advice]], [[治疗建议与下一步计划。]], [[Advice and next steps.]])
* insert FormSection(rehabilitation, 0..1, $section#rehabilitation-advice, [[康复指导]], [[Rehabilitation]], [[康复指导。]], [[Advice for rehabilitation.]])
* insert FormSection(prognosis, 0..1, $section#prognosis, [[预后评估]], [[Prognosis]], [[预后评估。]], [[The prognosis.]])

Profile: FeedbackReportDocument
Parent: ReferralDocument
Id: feedback-report-document
Title: "转诊反馈报告文书包 / Document of the feedback on a referral"
Description: "转诊反馈报告及其引用的资源。 / The feedback on a referral with all that it refers to."
* insert FormDocument(FeedbackReportComposition)

Profile: ConsultRequestComposition
Parent: ReferralComposition
Id: consult-request-composition
Title: "远程会诊申请单 / Application for a remote consultation"
Description: "远程会诊申请单。 / By which a remote consultation is asked for."
* insert FormType(consult-request, [[远程会诊申请单]], [[application for a remote consultation]])
* insert FormSection(summary, 1..1, $section#case-summary, [[病历摘要]], [[Case summary]], [[拟会诊患者的病历摘要。]], [[Summary of the case.]])
* insert FormSection(reason, 1..1, $section#consult-reason, [[会诊理由]], [[Reason]], [[会诊理由。]], [[Why.]])
* insert FormSection(purpose, 0..1, $section#consult-purpose, [[会诊目的]], [[Purpose]], [[会诊目的、拟请医师或专业。]], [[Purpose, and whom.]])

Profile: ConsultRequestDocument
Parent: ReferralDocument
Id: consult-request-document
Title: "远程会诊申请单文书包 / Document of the application for a remote consultation"
Description: "远程会诊申请单及其引用的资源。 / The application for a remote consultation with all that it refers to."
* insert FormDocument(ConsultRequestComposition)

Profile: ConsultOpinionComposition
Parent: ReferralComposition
Id: consult-opinion-composition
Title: "会诊意见 / Opinion of a consultation"
Description: "会诊医师的意见，与 WS/T 500 会诊记录（C0045）对应。 / The opinion of the consultants; answers to the consultation record C0045 of WS/T 500."
* insert FormType(consult-opinion, [[会诊意见]], [[opinion of a consultation]])
* insert FormSection(assessment, 0..1, $loinc#51848-0, [[健康评估（病历摘要）]], [[Assessment]], [[病历摘要。]], [[Summary of the case.]])
* insert FormSection(diagnosis, 0..1, $loinc#29548-5, [[诊断]], [[Diagnosis]], [[会诊诊断。]], [[The diagnosis.]])
* insert FormSection(opinion, 1..1, $section#consult-opinion, [[会诊意见]], [[Opinion]], [[会诊意见。]], [[The opinion.]])
* insert FormSection(plan, 0..1, $loinc#18776-5, [[治疗计划]], [[Plan]], [[治疗方案。]], [[The plan of treatment.]])

Profile: ConsultOpinionDocument
Parent: ReferralDocument
Id: consult-opinion-document
Title: "会诊意见文书包 / Document of the opinion of a consultation"
Description: "会诊意见及其引用的资源。 / The opinion of a consultation with all that it refers to."
* insert FormDocument(ConsultOpinionComposition)

Profile: InsuranceApprovalComposition
Parent: ReferralComposition
Id: insurance-approval-composition
Title: "转诊审批表 / Approval by the insurance"
Description: "医保（新农合）转诊转院审批表。 / Approval of a transfer by the medical insurance."
* insert FormType(insurance-approval, [[转诊审批表]], [[approval by the insurance]])
* insert FormSection(diagnosis, 1..1, $loinc#29548-5, [[疾病诊断]], [[Diagnosis]], [[疾病诊断。]], [[The diagnosis.]])
* insert FormSection(reason, 1..1, $section#referral-reason, [[转诊转院理由]], [[Reason]], [[转诊转院理由、去向。]], [[Why and where to.]])
* insert FormSection(hospital, 1..1, $section#approval-opinion, [[医疗机构意见]], [[Opinion of the institution]], [[科主任、医务科、医保科意见。]], [[Opinion of head, medical affairs, insurance office.]])
* insert FormSection(insurance, 0..1, $section#insurance-opinion, [[医保审批意见]], [[Opinion of the insurance]], [[医保经办机构审批意见。]], [[Opinion of the insurance agency.]])

Profile: InsuranceApprovalDocument
Parent: ReferralDocument
Id: insurance-approval-document
Title: "转诊审批表文书包 / Document of the approval by the insurance"
Description: "转诊审批表及其引用的资源。 / The approval by the insurance with all that it refers to."
* insert FormDocument(InsuranceApprovalComposition)

Profile: ConsentFormComposition
Parent: ReferralComposition
Id: consent-composition
Title: "转诊知情同意书 / Consent form"
Description: "患者或其家属、监护人签署的转诊知情同意书。 / Signed by the patient, a relative or the guardian."
* insert FormType(consent, [[转诊知情同意书]], [[consent form]])
* insert FormSection(referralInfo, 1..1, $section#referral-info, [[转诊信息]], [[Referral]], [[转出、转入机构，方向，原因，告知医生。]], [[Institutions, direction, reason, who informed.]])
* insert FormSection(disclosure, 1..1, $section#disclosure, [[告知事项]], [[Disclosure]], [[告知的内容。]], [[What was explained.]])
* insert FormSection(risks, 1..1, $section#risk-notice, [[风险提示]], [[Risks]], [[转运等风险。]], [[Risks of the transfer and others.]])
* insert FormSection(choice, 1..1, $section#patient-choice, [[患者选择]], [[Choice]], [[同意或不同意转诊。]], [[Agreed or refused.]])
* insert FormSection(signatures, 0..1, $section#signatures, [[签署区]], [[Signatures]], [[签署人、关系、电话、日期。]], [[Who signed, relation, telephone, date.]])

Profile: ConsentFormDocument
Parent: ReferralDocument
Id: consent-document
Title: "转诊知情同意书文书包 / Document of the consent form"
Description: "转诊知情同意书及其引用的资源。 / The consent form with all that it refers to."
* insert FormDocument(ConsentFormComposition)

Profile: FollowUpRecordComposition
Parent: ReferralComposition
Id: followup-record-composition
Title: "回访记录 / Record of a follow-up"
Description: "就诊或出院后的回访记录。 / The follow-up after visit or discharge."
* insert FormType(followup-record, [[回访记录]], [[record of a follow-up]])
* insert FormSection(result, 1..1, $section#followup-result, [[回访结果]], [[Result]], [[是否接通、治疗完成情况、满意度、问题。]], [[Reached or not, treatment, satisfaction, problems.]])
* insert FormSection(advice, 0..1, $section#treatment-advice, [[处理建议]], [[Advice]], [[进一步处理建议。]], [[Further advice.]])

Profile: FollowUpRecordDocument
Parent: ReferralDocument
Id: followup-record-document
Title: "回访记录文书包 / Document of the record of a follow-up"
Description: "回访记录及其引用的资源。 / The record of a follow-up with all that it refers to."
* insert FormDocument(FollowUpRecordComposition)

Profile: HandOverComposition
Parent: ReferralComposition
Id: hand-over-composition
Title: "交接单 / Hand-over"
Description: "转运或到院时双方医务人员的交接单。 / Hand-over between the two sides on transport or arrival."
* insert FormType(hand-over, [[交接单]], [[hand-over]])
* insert FormSection(condition, 1..1, $section#handover-condition, [[病情交接]], [[Condition]], [[生命体征、病情。]], [[Vital signs and condition.]])
* insert FormSection(items, 0..1, $section#handover-items, [[交接物品与资料]], [[Items]], [[随带病历、物品。]], [[Records and items handed over.]])
* insert FormSection(signatures, 1..1, $section#signatures, [[交接签字]], [[Signatures]], [[双方签字。]], [[Signed by both sides.]])

Profile: HandOverDocument
Parent: ReferralDocument
Id: hand-over-document
Title: "交接单文书包 / Document of the hand-over"
Description: "交接单及其引用的资源。 / The hand-over with all that it refers to."
* insert FormDocument(HandOverComposition)
