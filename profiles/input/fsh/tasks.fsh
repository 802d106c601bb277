// The state of a referral: one coordinating Task, and sub-Tasks for what goes on beside it.

RuleSet: TaskCore
* insert Published
* insert Must(identifier, [[编号]], [[Identifiers]], [[任务编号。]], [[Numbers of the Task.]])
* insert Must(status, [[状态]], [[Status]], [[FHIR 任务状态。]], [[Status of the Task.]])
* insert Must(statusReason, [[状态原因]], [[Reason of the status]], [[不接收、撤销、暂停、失败的原因。]], [[Why it was refused, cancelled, held or failed.]])
* statusReason from $vs-referral-status-reason (extensible)
* insert Must(intent, [[意图]], [[Intent]], [[固定为 order。]], [[Always order.]])
* intent = #order
* insert Must(code, [[任务种类]], [[Kind]], [[任务种类。]], [[The kind of the Task.]])
* code 1..1
* insert Must(for, [[患者]], [[Patient]], [[患者。]], [[The patient.]])
* for only Reference(ReferralPatient)
* insert Must(authoredOn, [[创建时间]], [[Created]], [[创建时间。]], [[When it was made.]])
* authoredOn 1..1
* insert Must(lastModified, [[最近更改]], [[Last change]], [[最近一次更改的时间。]], [[When it was changed last.]])
* insert Must(note, [[说明]], [[Notes]], [[说明。]], [[Notes.]])
* obeys cn-status-reason

Invariant: cn-status-reason
Description: "不接收、撤销、暂停、失败时应写明原因 / A reason is given where it is refused, cancelled, held or failed"
Severity: #error
Expression: "(status = 'rejected' or status = 'cancelled' or status = 'on-hold' or status = 'failed') implies (statusReason.text.exists() or statusReason.coding.exists())"

Profile: ReferralTask
Parent: Task
Id: referral-task
Title: "转诊任务 / Referral task"
Description: "一次转诊的过程与状态：由接收方办理，转出方可见。主状态用 status，细分用 businessStatus，时间用节点扩展。 / Progress and state of a referral: worked by the receiver, seen by the sender. status is the main state, businessStatus the detail, milestones the times."
* insert TaskCore
* obeys cn-task-ready and cn-task-business and cn-task-output
* extension contains
    Milestone named milestone 0..* MS and
    Sla named sla 0..* MS and
    WorkloadCount named workload 0..1 MS
* insert Says(extension[milestone], [[节点时间]], [[Milestones]], [[报备、收到、到院等时间。]], [[Times of the steps.]])
* insert Says(extension[sla], [[时限]], [[Time limits]], [[各项时限的到期与达成。]], [[When limits are due and met.]])
* insert Says(extension[workload], [[计入工作量]], [[Workload]], [[核对后是否计入。]], [[Whether it counts.]])
* identifier 1..*
* insert Must(groupIdentifier, [[诊疗过程编号]], [[Episode]], [[与申请的 requisition 相同。]], [[Same as requisition of the request.]])
* insert Must(businessStatus, [[业务状态]], [[Business status]], [[转诊业务状态，如已报备、已入院。]], [[The detailed state, such as reported or admitted.]])
* businessStatus 1..1
* businessStatus from $vs-cn-referral-business-status (required)
* code = $task-code#fulfill
* insert Must(focus, [[转诊申请]], [[Referral]], [[所办理的转诊申请。]], [[The request that is worked on.]])
* focus 1..1
* focus only Reference(ReferralRequest)
* for 1..1
* lastModified 1..1
* insert Must(executionPeriod, [[办理起止]], [[Period]], [[实际开始与结束。]], [[When it began and ended.]])
* insert Must(requester, [[转出方]], [[Sender]], [[转诊医生或转诊科。]], [[The referring doctor or desk.]])
* requester 1..1
* requester only Reference(ReferralPractitionerRole or ReferralOrganization)
* insert Must(owner, [[接收方]], [[Receiver]], [[当前办理的机构。]], [[The institution that works on it.]])
* owner 1..1
* owner only Reference(ReferralOrganization or ReferralPractitionerRole or HealthcareService or CareTeam)
* insert Must(restriction, [[期限]], [[Restriction]], [[答复期限。]], [[Limit for the decision.]])
* insert Must(input, [[输入]], [[Input]], [[接收单、补充资料等。]], [[Forms, further information.]])
* insert Must(output, [[输出]], [[Output]], [[回执、反馈报告、检查报告、会诊意见等。]], [[Receipt, feedback, reports, opinion.]])

Invariant: cn-task-ready
Description: "转诊任务不使用 ready 状态 / A referral task is never ready"
Severity: #error
Expression: "status != 'ready'"

Invariant: cn-task-output
Description: "已完成的转诊应有反馈或报告 / A completed referral has a feedback or a report"
Severity: #error
Expression: "status = 'completed' implies output.exists()"

Invariant: cn-task-business
Description: "业务状态与任务状态不相符 / The business status does not belong to the status"
Severity: #error
Expression: "status = 'entered-in-error' or businessStatus.coding.where(system = 'http://referral.consortium.cn/fhir/CodeSystem/cn-referral-business-status').code.all((' draft:drafting draft:retro-done requested:reported requested:retro-done received:acknowledged received:more-info received:under-review received:approved received:retro-done accepted:accepted accepted:slot-reserved accepted:bed-reserved accepted:specimen-scheduled accepted:consult-scheduled accepted:retro-open accepted:retro-done rejected:declined rejected:forwarded rejected:retro-done in-progress:slot-reserved in-progress:bed-reserved in-progress:retro-open in-progress:vehicle-dispatched in-progress:in-transit in-progress:arrived in-progress:handed-over in-progress:visit-started in-progress:visit-finished in-progress:admitted in-progress:in-hospital in-progress:ward-visited in-progress:discharge-planned in-progress:discharged in-progress:down-referral-started in-progress:specimen-collected in-progress:testing in-progress:report-issued in-progress:consulting in-progress:opinion-issued in-progress:feedback-sent in-progress:cancel-requested in-progress:retro-done on-hold:suspended on-hold:retro-done failed:no-show failed:unable failed:deceased failed:retro-done cancelled:cancelled-by-sender cancelled:cancelled-by-patient cancelled:cancel-confirmed cancelled:expired cancelled:forwarded cancelled:retro-done completed:feedback-sent completed:feedback-confirmed completed:registered completed:followup-due completed:followup-done completed:followup-missed completed:reconciled completed:counted completed:not-counted completed:retro-done ').contains(' ' & %resource.status & ':' & $this & ' '))"
