// Diagnoses: provisional at the sender, final at the hospital.

RuleSet: Diagnosis
* insert Published
* clinicalStatus 1..1
* insert Must(clinicalStatus, [[临床状态]], [[Clinical status]], [[现患、缓解、已愈等。]], [[Active, in remission, resolved.]])
* verificationStatus 1..1
* insert Must(category, [[类别]], [[Category]], [[就诊诊断或问题清单。]], [[Encounter diagnosis or problem.]])
* category 1..*
* insert Must(code, [[诊断]], [[Diagnosis]], [[诊断名称必填；ICD-10（国家临床版或医保版）代码有则填。]], [[The name is mandatory; a code of ICD-10 (national clinical or insurance edition) where known.]])
* code 1..1
* insert Must(code.coding, [[诊断代码]], [[Code]], [[ICD-10 代码。]], [[ICD-10 code.]])
* insert Must(code.text, [[诊断名称]], [[Name]], [[医生书写的诊断。]], [[The diagnosis as the doctor wrote it.]])
* code.text 1..1
* insert Must(subject, [[患者]], [[Patient]], [[患者。]], [[The patient.]])
* subject only Reference(ReferralPatient)
* insert Must(recordedDate, [[诊断日期]], [[Date]], [[记录日期。]], [[When it was recorded.]])
* insert Must(recorder, [[诊断医生]], [[Doctor]], [[记录诊断的医生。]], [[Who recorded it.]])
* recorder only Reference(ReferralPractitionerRole)

Profile: ProvisionalCondition
Parent: Condition
Id: provisional-condition
Title: "初步印象 / Provisional diagnosis"
Description: "转诊时转出医生的初步判断。 / The sender's diagnosis at the time of referral."
* insert Diagnosis
* verificationStatus from $vs-provisional-diagnosis-status (required)
* insert Must(verificationStatus, [[确认程度]], [[Verification]], [[初步、鉴别或未确认。]], [[Provisional, differential or unconfirmed.]])

Mapping: ProvisionalConditionUpForm
Source: ProvisionalCondition
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* code.text -> "转出单 12 初步印象"

Profile: FinalCondition
Parent: Condition
Id: final-condition
Title: "诊断结果 / Final diagnosis"
Description: "医院诊治后的诊断结果。 / The hospital's diagnosis after examination and treatment."
* insert Diagnosis
* verificationStatus = $condition-verification#confirmed
* insert Must(verificationStatus, [[确认程度]], [[Verification]], [[固定为已确认。]], [[Always confirmed.]])
* insert Must(encounter, [[就诊]], [[Encounter]], [[作出诊断的就诊或住院。]], [[The visit or stay.]])

Mapping: FinalConditionDownForm
Source: FinalCondition
Target: "http://referral.consortium.cn/fhir/forms/national-down"
Id: national-down
Title: "双向转诊（回转）单 / Return slip"
* code.text -> "回转单 11 诊断结果"
