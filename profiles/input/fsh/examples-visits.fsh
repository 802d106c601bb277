// Visits and stays, appointments, communication.

Instance: outpatient-zhang
InstanceOf: OutpatientEncounter
Usage: #example
Title: "门诊：张秀兰到诊 / Outpatient visit"
Description: "上转后的门诊 / After the referral"
* identifier.system = $outpatient-no
* identifier.value = "MZ20261120087"
* status = #finished
* class = $v3-ActCode#AMB
* subject = Reference(patient-zhang)
* basedOn = Reference(up-referral-hypertension)
* participant.type = $v3-ParticipationType#ATND
* participant.individual = Reference(role-li)
* period.start = "2026-11-20T13:50:00+08:00"
* period.end = "2026-11-20T14:10:00+08:00"
* reasonReference = Reference(condition-hypertension-provisional)
* serviceProvider = Reference(qingxi-county-hospital)

Instance: emergency-child
InstanceOf: OutpatientEncounter
Usage: #example
Title: "急诊：李小海到诊 / Emergency visit"
Description: "急诊就诊中 / Going on"
* status = #in-progress
* class = $v3-ActCode#EMER
* subject = Reference(patient-li-boy)
* basedOn = Reference(up-referral-child)
* period.start = "2026-11-22T22:50:00+08:00"
* serviceProvider = Reference(qingxi-county-hospital)

Instance: inpatient-zhang
InstanceOf: InpatientEncounter
Usage: #example
Title: "住院：张秀兰 / Inpatient stay of patient 1"
Description: "转诊住院，回转出院 / Admitted by referral, returned"
* identifier.system = $inpatient-no
* identifier.value = "ZY20261120001"
* status = #finished
* class = $v3-ActCode#IMP
* subject = Reference(patient-zhang)
* basedOn = Reference(up-referral-hypertension)
* period.start = "2026-11-20T14:20:00+08:00"
* period.end = "2026-12-02T10:00:00+08:00"
* diagnosis[0].condition = Reference(condition-hypertension-provisional)
* diagnosis[=].use = $diagnosis-role#AD
* diagnosis[+].condition = Reference(condition-hypertension-final)
* diagnosis[=].use = $diagnosis-role#DD
* hospitalization.admitSource = $admission-route#3
* hospitalization.origin = Reference(qingxi-health-center)
* hospitalization.dischargeDisposition = $departure#3
* location.location = Reference(bed-cardiology-12)
* serviceProvider = Reference(qingxi-county-hospital)

Instance: inpatient-child
InstanceOf: InpatientEncounter
Usage: #example
Title: "住院：李小海 / Inpatient stay of patient 2"
Description: "手术住院中 / In hospital for surgery"
* status = #in-progress
* class = $v3-ActCode#IMP
* subject = Reference(patient-li-boy)
* basedOn = Reference(up-referral-child)
* period.start = "2026-11-22T23:05:00+08:00"
* hospitalization.admitSource = $admission-route#3
* hospitalization.origin = Reference(qingxi-health-center)
* serviceProvider = Reference(qingxi-county-hospital)

Instance: sending-stay-zhang
InstanceOf: SendingEncounter
Usage: #example
Title: "回转前的住院 / Stay before the return"
Description: "回转单上的住院 / As on the return slip"
* identifier.system = $medical-record-no
* identifier.value = "ZY20261120001"
* status = #finished
* class = $v3-ActCode#IMP
* subject = Reference(patient-zhang)
* period.end = "2026-12-02"
* diagnosis.condition = Reference(condition-hypertension-final)
* hospitalization.dischargeDisposition = $departure#3
* serviceProvider = Reference(qingxi-county-hospital)

Instance: sending-visit-zhang
InstanceOf: SendingEncounter
Usage: #example
Title: "上转前的门诊 / Visit before the up-referral"
Description: "卫生院门诊 / At the health centre"
* status = #finished
* class = $v3-ActCode#AMB
* subject = Reference(patient-zhang)
* period.start = "2026-11-20T08:30:00+08:00"
* period.end = "2026-11-20T09:20:00+08:00"
* serviceProvider = Reference(qingxi-health-center)

Instance: acknowledgement-hypertension
InstanceOf: ReferralCommunication
Usage: #example
Title: "收到 / Acknowledgement"
Description: "转诊科确认收到 / The desk has it"
* basedOn = Reference(up-referral-hypertension)
* partOf = Reference(task-hypertension-completed)
* status = #completed
* category = $message-kind#acknowledgement
* medium = http://referral.consortium.cn/fhir/CodeSystem/referral-contact-medium#platform
* subject = Reference(patient-zhang)
* sent = "2026-11-20T09:41:00+08:00"
* recipient = Reference(role-zhou)
* sender = Reference(department-referral-desk)
* payload.contentString = "收到，请患者下午一点半到门诊大厅服务台。"

Instance: ward-visit-hypertension
InstanceOf: ReferralCommunication
Usage: #example
Title: "住院沟通 / Ward visit"
Description: "住院期间到病房沟通 / A visit on the ward"
* basedOn = Reference(up-referral-hypertension)
* status = #completed
* category = $message-kind#ward-visit
* medium = http://referral.consortium.cn/fhir/CodeSystem/referral-contact-medium#face
* subject = Reference(patient-zhang)
* encounter = Reference(inpatient-zhang)
* sent = "2026-11-25T10:00:00+08:00"
* sender = Reference(role-li)
* payload.contentString = "患者血压平稳，情绪良好，无特殊要求。"

Instance: appointment-zhang
InstanceOf: ReferralAppointment
Usage: #example
Title: "预约：心血管内科门诊 / Appointment with cardiology"
Description: "已到诊 / Arrived"
* status = #fulfilled
* specialty = $department#A03.04
* start = "2026-11-20T13:50:00+08:00"
* end = "2026-11-20T14:10:00+08:00"
* basedOn = Reference(up-referral-hypertension)
* patientInstruction = "携带身份证、医保卡和转诊单"
* participant[0].actor = Reference(patient-zhang)
* participant[=].status = #accepted
* participant[+].actor = Reference(role-li)
* participant[=].status = #accepted

Instance: appointment-consultation
InstanceOf: ReferralAppointment
Usage: #example
Title: "预约：远程会诊 / Appointment for a remote consultation"
Description: "已预约 / Booked"
* status = #booked
* start = "2026-12-16T15:00:00+08:00"
* end = "2026-12-16T15:30:00+08:00"
* basedOn = Reference(remote-consultation-zhang)
* participant[0].actor = Reference(patient-zhang)
* participant[=].status = #accepted
* participant[+].actor = Reference(role-zhou)
* participant[=].status = #accepted
* participant[+].actor = Reference(role-li)
* participant[=].status = #tentative

Instance: follow-up-answers-zhang
InstanceOf: FollowUpResponse
Usage: #example
Title: "回访答卷：张秀兰 / Follow-up answers of patient 1"
Description: "电话接通 / Reached by telephone"
* basedOn = Reference(up-referral-hypertension)
* status = #completed
* subject = Reference(patient-zhang)
* authored = "2026-12-07T09:20:00+08:00"
* author = Reference(role-li)
* item[0].linkId = "way"
* item[=].answer.valueCoding = http://referral.consortium.cn/fhir/CodeSystem/referral-contact-medium#phone
* item[+].linkId = "contact"
* item[=].answer.valueCoding = http://referral.consortium.cn/fhir/CodeSystem/followup-contact#reached
* item[+].linkId = "finished"
* item[=].answer.valueBoolean = true
* item[+].linkId = "outcome"
* item[=].answer.valueCoding = http://referral.consortium.cn/fhir/CodeSystem/emr0101001-discharge-condition#2
* item[+].linkId = "medication"
* item[=].answer.valueString = "按时服药，每周自测血压"
* item[+].linkId = "satisfaction"
* item[=].answer.valueInteger = 5
* item[+].linkId = "again"
* item[=].answer.valueBoolean = false

Instance: follow-up-answers-child
InstanceOf: FollowUpResponse
Usage: #example
Title: "回访答卷：未接通 / Follow-up: not reached"
Description: "电话未接通，约定再访 / To be tried again"
* basedOn = Reference(up-referral-child)
* status = #completed
* subject = Reference(patient-li-boy)
* authored = "2026-12-02T10:00:00+08:00"
* author = Reference(role-li)
* item[0].linkId = "way"
* item[=].answer.valueCoding = http://referral.consortium.cn/fhir/CodeSystem/referral-contact-medium#phone
* item[+].linkId = "contact"
* item[=].answer.valueCoding = http://referral.consortium.cn/fhir/CodeSystem/followup-contact#not-reached
* item[+].linkId = "next"
* item[=].answer.valueDate = "2026-12-03"
