// Search parameters for what R4 has none for. `business-status`, `requisition`, `category` and
// OrganizationAffiliation?network are R4's own.

RuleSet: Parameter(code, base, type)
* url = "http://referral.consortium.cn/fhir/SearchParameter/referral-{code}"
* status = #active
* experimental = false
* version = "0.1.0"
* code = #{code}
* base = #{base}
* type = #{type}
* xpathUsage = #normal

RuleSet: MilestoneParameter(code, name, milestone, zh, en)
* insert Parameter({code}, Task, date)
* name = "{name}"
* description = "{zh}的时间（节点 {milestone}）。 / When: {en} (milestone {milestone})."
* expression = "Task.extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/milestone' and extension.where(url = 'code' and value = '{milestone}').exists()).extension.where(url = 'at').value"


Instance: referral-direction
InstanceOf: SearchParameter
Usage: #definition
Title: "转诊方向 / Direction of the referral"
* insert Parameter(direction, ServiceRequest, token)
* name = "ReferralDirection"
* description = "转诊类别：上转、下转、检查检验、远程会诊。 / The category of the referral: up, down, examination, consultation."
* expression = "ServiceRequest.category.coding.where(system = 'http://referral.consortium.cn/fhir/CodeSystem/referral-category')"

Instance: referral-patient-insisted
InstanceOf: SearchParameter
Usage: #definition
Title: "患者坚决要求 / Patient insists"
* insert Parameter(patient-insisted, ServiceRequest, token)
* name = "ReferralPatientInsisted"
* description = "患者坚决要求的转诊。 / Referrals on which the patient insisted."
* expression = "ServiceRequest.extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/patient-insisted').value"

Instance: referral-retroactive
InstanceOf: SearchParameter
Usage: #definition
Title: "后补手续 / Paperwork follows"
* insert Parameter(retroactive, ServiceRequest, token)
* name = "ReferralRetroactive"
* description = "先转诊后补手续的转诊。 / Referrals whose paperwork follows."
* expression = "ServiceRequest.extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/retroactive').value"

Instance: referral-valid-until
InstanceOf: SearchParameter
Usage: #definition
Title: "有效期 / Valid until"
* insert Parameter(valid-until, ServiceRequest, date)
* name = "ReferralValidUntil"
* description = "转诊单的有效期。 / Until when the referral is valid."
* expression = "ServiceRequest.extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/valid-until').value"

Instance: referral-due
InstanceOf: SearchParameter
Usage: #definition
Title: "到期时间 / Due"
* insert Parameter(due, Task, date)
* name = "ReferralDue"
* description = "未达成的时限的到期时间。 / When limits that are not met yet are due."
* expression = "Task.extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/sla' and extension.where(url = 'met').empty()).extension.where(url = 'due').value"

Instance: referral-deadline
InstanceOf: SearchParameter
Usage: #definition
Title: "办理期限 / Deadline"
* insert Parameter(deadline, Task, date)
* name = "ReferralDeadline"
* description = "子任务的办理期限。 / The period in which a sub-task is to be done."
* expression = "Task.restriction.period"

Instance: referral-overdue
InstanceOf: SearchParameter
Usage: #definition
Title: "超期 / Overdue"
* insert Parameter(overdue, Task, token)
* name = "ReferralOverdue"
* description = "有时限已超期的转诊。 / Referrals with a limit that was missed."
* expression = "Task.extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/sla').extension.where(url = 'breached').value"

Instance: referral-counted
InstanceOf: SearchParameter
Usage: #definition
Title: "计入工作量 / Counted"
* insert Parameter(counted, Task, token)
* name = "ReferralCounted"
* description = "计入或不计入工作量的转诊。 / Whether the referral counts as workload."
* expression = "Task.extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/workload-count').extension.where(url = 'counted').value"

Instance: referral-consortium
InstanceOf: SearchParameter
Usage: #definition
Title: "医联体 / Consortium"
* insert Parameter(consortium, OrganizationAffiliation, reference)
* name = "ReferralConsortium"
* description = "所属医联体。 / The consortium of the membership."
* expression = "OrganizationAffiliation.network"
* target = #Organization

Instance: referral-reported
InstanceOf: SearchParameter
Usage: #definition
Title: "报备时间 / Reported"
* insert MilestoneParameter(reported, ReferralReported, reportedAt, 报备, reported)

Instance: referral-acknowledged
InstanceOf: SearchParameter
Usage: #definition
Title: "收到时间 / Acknowledged"
* insert MilestoneParameter(acknowledged, ReferralAcknowledged, acknowledgedAt, 收到, acknowledged)

Instance: referral-decided
InstanceOf: SearchParameter
Usage: #definition
Title: "答复时间 / Decided"
* insert MilestoneParameter(decided, ReferralDecided, decidedAt, 答复, decided)

Instance: referral-arrived
InstanceOf: SearchParameter
Usage: #definition
Title: "到院时间 / Arrived"
* insert MilestoneParameter(arrived, ReferralArrived, arrivedAt, 到院, arrived)

Instance: referral-visit-ended
InstanceOf: SearchParameter
Usage: #definition
Title: "就诊结束时间 / End of the visit"
* insert MilestoneParameter(visit-ended, ReferralVisitEnded, visitEndAt, 就诊结束, end of the visit)

Instance: referral-admitted
InstanceOf: SearchParameter
Usage: #definition
Title: "入院时间 / Admitted"
* insert MilestoneParameter(admitted, ReferralAdmitted, admittedAt, 入院, admitted)

Instance: referral-discharged
InstanceOf: SearchParameter
Usage: #definition
Title: "出院时间 / Discharged"
* insert MilestoneParameter(discharged, ReferralDischarged, dischargedAt, 出院, discharged)

Instance: referral-feedback
InstanceOf: SearchParameter
Usage: #definition
Title: "反馈时间 / Feedback"
* insert MilestoneParameter(feedback, ReferralFeedback, feedbackAt, 反馈, feedback)

Instance: referral-first-payment
InstanceOf: SearchParameter
Usage: #definition
Title: "首次交费时间 / First payment"
* insert MilestoneParameter(first-payment, ReferralFirstPayment, firstPaymentAt, 首次交费, first payment)

Instance: referral-followed-up
InstanceOf: SearchParameter
Usage: #definition
Title: "回访时间 / Followed up"
* insert MilestoneParameter(followed-up, ReferralFollowedUp, followupAt, 回访, followed up)

Instance: referral-registered
InstanceOf: SearchParameter
Usage: #definition
Title: "登记时间 / Registered"
* insert MilestoneParameter(registered, ReferralRegistered, registeredAt, 登记, registered)

Instance: referral-reconciled
InstanceOf: SearchParameter
Usage: #definition
Title: "核对时间 / Reconciled"
* insert MilestoneParameter(reconciled, ReferralReconciled, reconciledAt, 核对, reconciled)
