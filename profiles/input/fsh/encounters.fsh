// Visits and stays: where the patient is received, and where the referral came from.

RuleSet: EncounterCore
* insert Must(identifier, [[就诊编号]], [[Identifiers]], [[门诊号、住院号、病案号等。]], [[Outpatient, inpatient, medical record number.]])
* insert Must(status, [[状态]], [[Status]], [[预约、到达、就诊中、结束等。]], [[Planned, arrived, in progress, finished.]])
* insert Must(class, [[就诊类别]], [[Class]], [[门诊、急诊、住院、远程。]], [[Outpatient, emergency, inpatient, virtual.]])
* insert Must(subject, [[患者]], [[Patient]], [[患者。]], [[The patient.]])
* subject 1..1
* subject only Reference(ReferralPatient)
* insert Must(participant, [[医务人员]], [[Participants]], [[接诊医生等。]], [[The receiving doctor and others.]])
* insert Must(period, [[起止时间]], [[Period]], [[就诊或住院的起止。]], [[Begin and end.]])
* insert Must(diagnosis, [[诊断]], [[Diagnoses]], [[入院、出院诊断。]], [[Diagnoses on admission and discharge.]])
* insert Must(serviceProvider, [[机构]], [[Institution]], [[接诊机构。]], [[The institution.]])
* serviceProvider 1..1
* serviceProvider only Reference(ReferralOrganization)
* obeys cn-encounter-period

Invariant: cn-encounter-period
Description: "就诊中须有开始时间，已结束须有结束时间 / A visit in progress has its begin, a finished one its end"
Severity: #error
Expression: "((status = 'in-progress' or status = 'onleave') implies period.start.exists()) and (status = 'finished' implies period.end.exists())"

Profile: ReceivingEncounter
Parent: Encounter
Id: receiving-encounter
Title: "接收方就诊（通用） / Receiving encounter (common)"
Description: "因转诊而发生的就诊或住院，依据转诊申请。 / The visit or stay that a referral leads to."
* ^abstract = true
* insert Published
* insert EncounterCore
* insert Must(basedOn, [[依据的转诊]], [[Based on]], [[依据的转诊申请。]], [[The referral.]])
* basedOn 1..*
* basedOn only Reference(ReferralRequest)
* insert Must(reasonReference, [[初步印象]], [[Reason]], [[转诊的初步印象。]], [[The provisional diagnosis of the referral.]])

Profile: OutpatientEncounter
Parent: ReceivingEncounter
Id: outpatient-encounter
Title: "转诊门诊 / Outpatient visit"
Description: "转诊患者的门诊或急诊就诊。 / An outpatient or emergency visit of a referred patient."
* ^abstract = false
* insert Published
* insert Must(class, [[门诊或急诊]], [[Class]], [[门诊 AMB、急诊 EMER 或远程 VR。]], [[AMB, EMER or VR.]])
* obeys cn-outpatient-class
* hospitalization 0..0
* insert Says(hospitalization, [[无住院信息]], [[No hospitalization]], [[门诊没有住院信息。]], [[An outpatient visit has none.]])

Invariant: cn-outpatient-class
Description: "门诊就诊的类别应为 AMB、EMER 或 VR / The class of an outpatient visit is AMB, EMER or VR"
Severity: #error
Expression: "class.code = 'AMB' or class.code = 'EMER' or class.code = 'VR'"

Mapping: OutpatientEncounterUpForm
Source: OutpatientEncounter
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* serviceProvider -> "存根 8 转入单位"
* participant -> "存根 10 接诊医生"

Profile: InpatientEncounter
Parent: ReceivingEncounter
Id: inpatient-encounter
Title: "转诊住院 / Inpatient stay"
Description: "转诊患者的住院：入院途径、来源机构、离院方式。 / The stay of a referred patient: route of admission, origin, way of leaving."
* ^abstract = false
* insert Published
* class = $v3-ActCode#IMP
* insert Must(class, [[住院]], [[Class]], [[固定为住院 IMP。]], [[Always IMP.]])
* insert Must(hospitalization, [[住院信息]], [[Hospitalization]], [[入院与离院。]], [[Admission and discharge.]])
* insert Must(hospitalization.origin, [[来源机构]], [[Origin]], [[转出机构。]], [[The sending institution.]])
* insert Must(hospitalization.admitSource, [[入院途径]], [[Admit source]], [[其他医疗机构转入为 3。]], [[3: from another institution.]])
* hospitalization.admitSource from $vs-cv0900403-admission-route (extensible)
* insert Must(hospitalization.dischargeDisposition, [[离院方式]], [[Discharge disposition]], [[回转基层为 3。]], [[3: to primary care.]])
* hospitalization.dischargeDisposition from $vs-cv0600226-discharge-way (extensible)
* insert Must(location, [[病区床位]], [[Ward and bed]], [[病区与床位。]], [[Ward and bed.]])
* obeys cn-discharge

Invariant: cn-discharge
Description: "出院时应写明离院方式 / At the end of a stay the way of leaving is given"
Severity: #error
Expression: "status = 'finished' implies hospitalization.dischargeDisposition.exists()"

Profile: SendingEncounter
Parent: Encounter
Id: sending-encounter
Title: "转出前的就诊 / Encounter before the referral"
Description: "患者从哪次门诊或住院转出，如回转单上的住院。 / The visit or stay from which the patient is referred, such as the stay on a return slip."
* insert Published
* insert EncounterCore
* insert Must(hospitalization.dischargeDisposition, [[离院方式]], [[Discharge disposition]], [[离院方式代码。]], [[How the patient left.]])
* hospitalization.dischargeDisposition from $vs-cv0600226-discharge-way (extensible)

Mapping: SendingEncounterDownForm
Source: SendingEncounter
Target: "http://referral.consortium.cn/fhir/forms/national-down"
Id: national-down
Title: "双向转诊（回转）单 / Return slip"
* identifier -> "回转单 12 住院病案号"
* diagnosis -> "回转单 11 诊断结果"
* serviceProvider -> "回转单 16 机构名称"
