// Communication, appointments, follow-up answers.

Profile: ReferralCommunication
Parent: Communication
Id: referral-communication
Title: "转诊沟通 / Communication about a referral"
Description: "收到确认、询问、答复、住院沟通、通知、抄送。 / Acknowledgement, question, answer, ward visit, notice, copy."
* insert Published
* insert Must(basedOn, [[转诊申请]], [[Referral]], [[所涉及的转诊申请。]], [[The referral.]])
* insert Must(partOf, [[转诊任务]], [[Task]], [[所属的转诊任务。]], [[The task of the referral.]])
* insert Must(status, [[状态]], [[Status]], [[已完成等。]], [[Completed and others.]])
* insert Must(category, [[沟通种类]], [[Kind]], [[收到、询问、住院沟通等。]], [[Acknowledgement, question, ward visit and others.]])
* category 1..*
* category from $vs-referral-message-kind (extensible)
* insert Must(medium, [[渠道]], [[Medium]], [[平台、电话、传真、当面等。]], [[Platform, telephone, fax, in person.]])
* medium from $vs-referral-contact-medium (extensible)
* insert Must(subject, [[患者]], [[Patient]], [[患者。]], [[The patient.]])
* subject only Reference(ReferralPatient)
* insert Must(encounter, [[就诊或住院]], [[Encounter]], [[住院沟通所在的住院。]], [[The stay of a ward visit.]])
* insert Must(sent, [[发出时间]], [[Sent]], [[发出或沟通的时间。]], [[When it was sent or took place.]])
* sent 1..1
* insert Must(recipient, [[接收者]], [[Recipient]], [[接收者。]], [[To whom.]])
* insert Must(sender, [[发出者]], [[Sender]], [[发出者。]], [[From whom.]])
* sender 1..1
* insert Must(payload, [[内容]], [[Content]], [[文字或附件。]], [[Text or attachment.]])
* obeys cn-message-about and cn-ward-visit

Invariant: cn-message-about
Description: "沟通应关联转诊申请或转诊任务 / A communication belongs to a referral or its task"
Severity: #error
Expression: "basedOn.exists() or partOf.exists() or about.exists()"

Invariant: cn-ward-visit
Description: "住院沟通应写明哪次住院 / A ward visit names the stay"
Severity: #error
Expression: "category.coding.where(system = 'http://referral.consortium.cn/fhir/CodeSystem/referral-message-kind' and code = 'ward-visit').exists() implies encounter.exists()"

Profile: ReferralAppointment
Parent: Appointment
Id: referral-appointment
Title: "转诊预约 / Appointment of a referral"
Description: "为转诊预约的号源、检查、床位或远程会诊。 / A slot for a visit, an examination, a bed or a remote consultation."
* insert Published
* insert Must(status, [[状态]], [[Status]], [[已预约、已到、未到、取消等。]], [[Booked, arrived, no-show, cancelled.]])
* insert Must(serviceType, [[服务]], [[Service]], [[门诊、检查、会诊等。]], [[Visit, examination, consultation.]])
* insert Must(specialty, [[科目]], [[Specialty]], [[诊疗科目代码。]], [[Clinical department code.]])
* specialty from $vs-clinical-department (preferred)
* insert Must(start, [[开始时间]], [[Start]], [[预约开始时间。]], [[When it begins.]])
* insert Must(end, [[结束时间]], [[End]], [[预约结束时间。]], [[When it ends.]])
* insert Must(basedOn, [[依据的转诊]], [[Based on]], [[依据的转诊申请。]], [[The referral.]])
* basedOn 1..*
* basedOn only Reference(ReferralRequest)
* insert Must(participant, [[参与者]], [[Participants]], [[患者、医生、科室。]], [[Patient, doctor, department.]])
* insert Must(participant.actor, [[参与者]], [[Actor]], [[何人或何处。]], [[Who or where.]])
* insert Must(patientInstruction, [[就诊须知]], [[Instruction]], [[携带证件、空腹等。]], [[What to bring, fasting.]])
* insert Must(cancelationReason, [[取消原因]], [[Reason of cancellation]], [[取消或未到的原因。]], [[Why it was cancelled.]])
* obeys cn-appointment-patient and cn-appointment-time

Invariant: cn-appointment-patient
Description: "已预约的，应有患者 / A booked appointment has its patient"
Severity: #error
Expression: "status = 'proposed' or status = 'cancelled' or participant.actor.where(reference.contains('Patient/') or reference.startsWith('urn:') or type = 'Patient').exists()"

Invariant: cn-appointment-time
Description: "已预约、已到、已完成的，应有开始时间 / A booked, arrived or fulfilled appointment has its start"
Severity: #error
Expression: "(status = 'booked' or status = 'arrived' or status = 'fulfilled' or status = 'noshow') implies start.exists()"

Profile: FollowUpResponse
Parent: QuestionnaireResponse
Id: follow-up-response
Title: "回访答卷 / Answers of a follow-up"
Description: "按回访问卷填写的回访记录：方式、是否接通、转归、满意度等。 / Answers to the follow-up questionnaire: way, reached or not, outcome, satisfaction."
* insert Published
* insert Must(basedOn, [[转诊申请]], [[Referral]], [[所回访的转诊。]], [[The referral.]])
* basedOn only Reference(ReferralRequest)
* questionnaire 1..1
* questionnaire = "http://referral.consortium.cn/fhir/Questionnaire/referral-follow-up"
* insert Must(questionnaire, [[问卷]], [[Questionnaire]], [[固定为回访问卷。]], [[Always the follow-up questionnaire.]])
* insert Must(status, [[状态]], [[Status]], [[已完成等。]], [[Completed and others.]])
* insert Must(subject, [[患者]], [[Patient]], [[患者。]], [[The patient.]])
* subject 1..1
* subject only Reference(ReferralPatient)
* insert Must(authored, [[回访时间]], [[When]], [[回访日期时间。]], [[When it took place.]])
* authored 1..1
* insert Must(author, [[回访人]], [[By whom]], [[回访人或单位。]], [[Who asked.]])
* author 1..1
* insert Must(item, [[答案]], [[Answers]], [[各题答案。]], [[The answers.]])
* item 1..*

Mapping: FollowUpResponseRecord
Source: FollowUpResponse
Target: "http://referral.consortium.cn/fhir/forms/follow-up"
Id: follow-up
Title: "回访记录 / Record of a follow-up"
* basedOn -> "回访对象/单号"
* authored -> "回访日期时间"
* author -> "回访人/单位"
* item -> "回访方式、是否接通、治疗完成、病情转归、医嘱执行、问题、满意度、再次转诊、下次回访"
