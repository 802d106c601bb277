// The referral itself: one ServiceRequest for each up-referral, return, examination or consultation.

Profile: ReferralRequest
Parent: ServiceRequest
Id: referral-request
Title: "转诊申请（通用） / Referral request (common)"
Description: "四类转诊申请的共同要求。只有转出方可以修改申请；过程和状态在 Task 中。 / What all four kinds of request share. Only the sender changes the request; progress and state are in the Task."
* ^abstract = true
* insert Published
* obeys cn-one-category and cn-reason and cn-insisted and cn-retroactive and cn-not-to-self and cn-valid-until
* extension contains
    PrintedAge named printedAge 0..1 MS and
    PatientInsisted named patientInsisted 0..1 MS and
    PatientChoice named patientChoice 0..1 MS and
    Retroactive named retroactive 0..1 MS and
    TransportMode named transportMode 0..1 MS and
    EscortNeeded named escortNeeded 0..1 MS and
    DeparturePlace named departurePlace 0..1 MS and
    ValidUntil named validUntil 0..1 MS and
    RoutingDeviation named routingDeviation 0..1 MS and
    DeductibleWaiver named deductibleWaiver 0..1
* insert Says(extension[printedAge], [[年龄]], [[Age]], [[表单上填写的年龄。]], [[The age as written on the form.]])
* insert Says(extension[patientInsisted], [[患者坚决要求]], [[Patient insists]], [[不符合指征而患者坚决要求。]], [[No criterion is met, yet the patient insists.]])
* insert Says(extension[patientChoice], [[患者自选机构]], [[Chosen by the patient]], [[接收机构由患者自选。]], [[The patient chose the receiver.]])
* insert Says(extension[retroactive], [[后补手续]], [[Paperwork follows]], [[先转诊，三日内补手续。]], [[Referred first, paperwork within three days.]])
* insert Says(extension[transportMode], [[转运方式]], [[Transport]], [[患者如何前往。]], [[How the patient travels.]])
* insert Says(extension[escortNeeded], [[需要陪同]], [[Escort needed]], [[是否派人陪同。]], [[Whether staff accompany.]])
* insert Says(extension[departurePlace], [[出发地点]], [[Place of departure]], [[接患者的地点。]], [[Where the patient is fetched.]])
* insert Says(extension[validUntil], [[有效期至]], [[Valid until]], [[过期未到诊则失效。]], [[The referral lapses after this.]])
* insert Says(extension[routingDeviation], [[未按路径的原因]], [[Reason for another route]], [[不选第一上转医院的原因。]], [[Why not the first hospital.]])
* insert Says(extension[deductibleWaiver], [[起付线减免]], [[Deductible waived]], [[起付线减免，供参考。]], [[For information.]])
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier ^slicing.description = "按编号系统分 / By the system of the identifier"
* identifier contains
    requestNo 0..1 MS and
    receiverNo 0..1 MS
* insert Must(identifier, [[编号]], [[Identifiers]], [[转诊单号等；至少一个，重复提交据此识别。]], [[Number of the slip and others; at least one, by which a repeated submission is known.]])
* identifier 1..*
* identifier.system 1..1
* insert SystemOf(identifier.system)
* identifier.value 1..1
* insert ValueOf(identifier.value)
* identifier[requestNo].system = $request-no (exactly)
* insert SystemOf(identifier[requestNo].system)
* insert Says(identifier[requestNo], [[转诊单号]], [[Referral number]], [[转出方的电子申请单编号。]], [[The sender's number of the request.]])
* identifier[receiverNo].system = $receiver-no (exactly)
* insert SystemOf(identifier[receiverNo].system)
* insert Says(identifier[receiverNo], [[接收方编号]], [[Receiver's number]], [[接收方为本次转诊给的编号。]], [[The number that the receiver gives.]])
* insert Must(basedOn, [[依据的申请]], [[Based on]], [[回转所依据的上转，或再次转诊的前一次。]], [[The up-referral that a return answers, or the one before.]])
* insert Must(replaces, [[代替的申请]], [[Replaces]], [[被拒或失效后重新发出时，指向原申请。]], [[Sent anew after a refusal: the former request.]])
* insert Must(requisition, [[诊疗过程编号]], [[Episode]], [[同一患者同一病程的多次转诊共用。]], [[Shared by the referrals of one episode.]])
* insert Must(status, [[申请状态]], [[Status]], [[草稿、有效、已撤销、已完成等；过程状态见 Task。]], [[Draft, active, revoked, completed; progress is in the Task.]])
* insert Must(intent, [[意图]], [[Intent]], [[正式转诊用 order，建议用 proposal。]], [[order for a referral, proposal for advice.]])
* insert Must(category, [[转诊类别]], [[Category]], [[上转、下转、检查检验、远程会诊；另可有就诊类型。]], [[Up, down, examination, consultation; and the kind of visit.]])
* category 1..*
* category from $vs-referral-request-category (extensible)
* insert Must(priority, [[紧急程度]], [[Priority]], [[常规、紧急、立即。]], [[Routine, urgent, stat.]])
* insert Must(code, [[申请内容]], [[What is asked]], [[转诊，或检查检验、会诊项目。]], [[Referral, or the examination or consultation.]])
* code 1..1
* insert Must(subject, [[患者]], [[Patient]], [[被转诊的患者。]], [[The person referred.]])
* subject only Reference(ReferralPatient)
* insert Must(encounter, [[转出前的就诊]], [[Encounter before]], [[从哪次就诊或住院转出。]], [[The visit or stay from which the patient is referred.]])
* insert Must(occurrence[x], [[预约时间]], [[When]], [[预计到达或预约的时间，或有效起止。]], [[The expected time, or the period.]])
* insert Must(authoredOn, [[转诊日期]], [[Date]], [[填写日期。]], [[The date of the form.]])
* authoredOn 1..1
* insert Must(requester, [[转诊医生]], [[Referring doctor]], [[提出转诊的医生及其机构（岗位）。]], [[The doctor with the institution, as a role.]])
* requester 1..1
* requester only Reference(ReferralPractitionerRole)
* insert Must(performer, [[接收方]], [[Receiver]], [[接收机构，及科室、医生、家庭医生团队（有则填）。]], [[The receiving institution, and department, doctor or team where known.]])
* performer 1..*
* performer only Reference(ReferralOrganization or ReferralPractitionerRole or HealthcareService or CareTeam)
* insert Must(reasonCode, [[转诊原因]], [[Reason]], [[转诊指征代码和原因文字。]], [[Criterion and text.]])
* reasonCode from $vs-referral-criterion (extensible)
* insert Must(reasonReference, [[诊断]], [[Diagnosis]], [[初步印象或诊断结果。]], [[Provisional or final diagnosis.]])
* reasonReference only Reference(Condition or Observation or DiagnosticReport or DocumentReference)
* insert Must(insurance, [[医保]], [[Insurance]], [[患者的医保及转院备案。]], [[Coverage and its filing.]])
* insert Must(supportingInfo, [[附件]], [[Supporting information]], [[转诊单文书、知情同意书、病历和检查资料。]], [[The document of the form, consent, records and reports.]])
* insert Must(note, [[病情与说明]], [[Notes]], [[病情描述、目前诊疗意见等。]], [[Description, present opinion.]])

Invariant: cn-one-category
Description: "应恰有一个转诊类别（上转、下转、检查检验、远程会诊） / Exactly one category of referral is given"
Severity: #error
Expression: "category.coding.where(system = 'http://referral.consortium.cn/fhir/CodeSystem/referral-category').count() = 1"

Invariant: cn-reason
Description: "应写明转诊原因或诊断 / A reason or a diagnosis is given"
Severity: #error
Expression: "status = 'draft' or status = 'entered-in-error' or reasonCode.exists() or reasonReference.exists()"

Invariant: cn-insisted
Description: "患者坚决要求转诊的，应有情况说明 / Where the patient insists, a note says so"
Severity: #error
Expression: "extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/patient-insisted' and value = true).exists() implies (note.exists() or reasonCode.text.exists())"

Invariant: cn-retroactive
Description: "先转诊后补手续只用于紧急（urgent、asap、stat）转诊 / Only an urgent referral may precede its paperwork"
Severity: #error
Expression: "extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/retroactive' and value = true).exists() implies (priority = 'urgent' or priority = 'asap' or priority = 'stat')"

Invariant: cn-not-to-self
Description: "接收方不应是转诊医生本人 / The receiver is not the referring doctor"
Severity: #error
Expression: "requester.reference.exists().not() or performer.reference.where($this = %resource.requester.reference).empty()"

Invariant: cn-valid-until
Description: "有效期不应早于转诊日期 / The referral is valid at least on its date"
Severity: #warning
Expression: "extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/valid-until').empty() or authoredOn.empty() or extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/valid-until').first().value.toString().substring(0, 10) >= authoredOn.toString().substring(0, 10)"

// The category that makes a request one of the four kinds.
RuleSet: Direction(code, zh, en)
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category ^slicing.description = "转诊类别 / The category of the referral"
* category contains direction 1..1 MS
* category[direction] = $category#{code}
* insert Says(category[direction], [[{zh}]], [[{en}]], [[固定为{zh}。]], [[Always {en}.]])

Profile: UpReferralRequest
Parent: ReferralRequest
Id: up-referral-request
Title: "上转申请 / Up-referral request"
Description: "基层机构将患者转往上级医院的申请，即双向转诊（转出）单。 / A primary institution refers a patient to a hospital: the outward slip."
* ^abstract = false
* insert Published
* insert Direction(up-referral, [[上转]], [[up-referral]])
* insert Must(reasonCode, [[转出原因]], [[Reason]], [[上转指征代码（U01 至 U12）和主要现病史、转出原因。]], [[Criterion (U01 to U12), and the present illness and reason as text.]])
* reasonCode 1..*
* reasonCode from $vs-referral-up-criterion (extensible)
* insert Must(reasonReference, [[初步印象]], [[Provisional diagnosis]], [[转诊时的初步判断。]], [[The diagnosis at the time of referral.]])
* reasonReference 1..*
* reasonReference only Reference(ProvisionalCondition)

Mapping: UpReferralRequestUpForm
Source: UpReferralRequest
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* -> "双向转诊（转出）单"
* extension[printedAge] -> "存根 3 年龄"
* authoredOn -> "存根 7 年月日"
* performer -> "存根 8 转入单位"
* performer -> "存根 9 科室"
* performer -> "存根 10 接诊医生"
* requester -> "存根 11 转诊医生(签字)"
* reasonReference -> "转出单 12 初步印象"
* reasonCode -> "转出单 13 主要现病史(转出原因)"
* identifier[requestNo] -> "附加 附3 转诊单号"

Profile: DownReferralRequest
Parent: ReferralRequest
Id: down-referral-request
Title: "回转申请 / Return request"
Description: "医院将病情稳定的患者转回基层机构继续治疗、康复的申请，即双向转诊（回转）单。诊断结果和文书必填。 / A hospital returns a stable patient to primary care for further treatment and rehabilitation: the return slip. Diagnosis and document are mandatory."
* ^abstract = false
* insert Published
* insert Direction(down-referral, [[下转（回转）]], [[down-referral]])
* basedOn only Reference(UpReferralRequest or DownReferralRequest or RemoteConsultationRequest)
* reasonCode from $vs-referral-down-criterion (extensible)
* insert Must(reasonReference, [[诊断结果]], [[Final diagnosis]], [[医院的诊断结果。]], [[The diagnosis of the hospital.]])
* reasonReference 1..*
* reasonReference only Reference(FinalCondition)
* insert Must(supportingInfo, [[回转单与资料]], [[Slip and records]], [[回转单文书（主要检查结果、治疗经过、下一步方案、康复建议）。]], [[The document with results, course, next steps and advice.]])
* supportingInfo 1..*

Mapping: DownReferralRequestDownForm
Source: DownReferralRequest
Target: "http://referral.consortium.cn/fhir/forms/national-down"
Id: national-down
Title: "双向转诊（回转）单 / Return slip"
* -> "双向转诊（回转）单"
* extension[printedAge] -> "存根 3 年龄"
* authoredOn -> "存根 7 年月日"
* performer -> "存根 8 转回单位"
* performer -> "存根 9 接诊医生"
* requester -> "存根 10 转诊医生(签字)"
* reasonReference -> "回转单 11 诊断结果"
* encounter -> "回转单 12 住院病案号"
* supportingInfo -> "回转单 13 主要检查结果"
* supportingInfo -> "回转单 14 治疗经过、下一步治疗方案及康复建议"
* identifier[requestNo] -> "附加 附3 转诊单号"
* basedOn -> "附加 附4 原转诊单号"

Profile: ExamRequest
Parent: ReferralRequest
Id: exam-request
Title: "检查检验申请 / Examination request"
Description: "成员单位申请由上级医院或共享中心检查、检验或判读；接收方凭此免挂号执行。 / A member asks a hospital or a shared centre to examine, test or read; the receiver does so without registration."
* ^abstract = false
* insert Published
* insert Direction(exam-request, [[检查检验]], [[exam-request]])
* insert Must(code, [[检查检验项目]], [[Examination]], [[项目代码或名称。]], [[Code or name of the examination.]])
* code.text 1..1
* insert Says(code.text, [[项目名称]], [[Name]], [[检查检验项目的名称。]], [[The name of the examination.]])
* insert Must(specimen, [[标本]], [[Specimen]], [[送检标本。]], [[The specimen sent.]])
* insert Must(bodySite, [[部位]], [[Body site]], [[检查部位。]], [[The part of the body.]])
* insert Must(reasonCode, [[检查目的]], [[Purpose]], [[检查目的或临床诊断。]], [[Purpose or clinical diagnosis.]])
* insert Must(patientInstruction, [[注意事项]], [[Instruction]], [[空腹等检查前注意事项。]], [[Such as fasting.]])

Profile: RemoteConsultationRequest
Parent: ReferralRequest
Id: remote-consultation-request
Title: "远程会诊申请 / Remote consultation request"
Description: "成员单位邀请上级医院专家远程会诊的申请：会诊理由、病历摘要、拟邀请的专家或专业、时间。 / A member invites specialists to a remote consultation: reason, summary, whom, when."
* ^abstract = false
* insert Published
* insert Direction(remote-consultation, [[远程会诊]], [[remote-consultation]])
* insert Must(reasonCode, [[会诊理由]], [[Reason]], [[会诊目的与理由，须有文字。]], [[Purpose and reason; a text is mandatory.]])
* reasonCode 1..*
* insert Must(reasonCode.text, [[会诊理由文字]], [[Reason as text]], [[会诊理由。]], [[The reason.]])
* reasonCode.text 1..1
* insert Must(performerType, [[会诊医师专业]], [[Specialty]], [[未指定医师时，所需专业及职称。]], [[Specialty and title, where no doctor is named.]])
* insert Must(occurrence[x], [[拟会诊时间]], [[When]], [[拟会诊时间。]], [[The proposed time.]])
* insert Must(supportingInfo, [[病历摘要等]], [[Summary]], [[病历摘要、检查资料、会诊知情同意书。]], [[Case summary, reports, consent.]])
* supportingInfo 1..*
