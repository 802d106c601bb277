// Sub-Tasks of both stories.

RuleSet: OfZhang(status)
* status = #{status}
* intent = #order
* partOf = Reference(task-hypertension-completed)
* for = Reference(patient-zhang) "张秀兰"
* authoredOn = "2026-11-20T09:30:00+08:00"
* lastModified = "2026-12-12T16:00:00+08:00"

RuleSet: OfChild(status)
* status = #{status}
* intent = #order
* partOf = Reference(task-child-admitted)
* for = Reference(patient-li-boy) "李小海"
* authoredOn = "2026-11-22T21:45:00+08:00"
* lastModified = "2026-11-25T16:00:00+08:00"

RuleSet: TaskInput(text, value)
* input[+].type.text = "{text}"
* input[=].valueString = "{value}"

RuleSet: Performed(start, end)
* executionPeriod.start = "{start}"
* executionPeriod.end = "{end}"

Instance: task-hypertension-completed
InstanceOf: ReferralTask
Usage: #example
Title: "转诊任务：已核对 / Task: reconciled"
Description: "完成后登记、回访、核对 / Completed, registered, followed up, reconciled"
* extension[milestone][0].extension[code].valueCode = #reportedAt
* extension[milestone][=].extension[at].valueDateTime = "2026-11-20T09:30:00+08:00"
* extension[milestone][+].extension[code].valueCode = #acknowledgedAt
* extension[milestone][=].extension[at].valueDateTime = "2026-11-20T09:41:00+08:00"
* extension[milestone][=].extension[by].valueReference = Reference(department-referral-desk)
* extension[milestone][+].extension[code].valueCode = #admittedAt
* extension[milestone][=].extension[at].valueDateTime = "2026-11-20T14:20:00+08:00"
* extension[milestone][+].extension[code].valueCode = #dischargedAt
* extension[milestone][=].extension[at].valueDateTime = "2026-12-02T10:00:00+08:00"
* extension[milestone][+].extension[code].valueCode = #feedbackAt
* extension[milestone][=].extension[at].valueDateTime = "2026-12-02T15:00:00+08:00"
* extension[milestone][+].extension[code].valueCode = #decidedAt
* extension[milestone][=].extension[at].valueDateTime = "2026-11-20T10:05:00+08:00"
* extension[milestone][+].extension[code].valueCode = #firstPaymentAt
* extension[milestone][=].extension[at].valueDateTime = "2026-12-02T09:30:00+08:00"
* extension[milestone][+].extension[code].valueCode = #registeredAt
* extension[milestone][=].extension[at].valueDateTime = "2026-12-03T09:00:00+08:00"
* extension[milestone][+].extension[code].valueCode = #followupAt
* extension[milestone][=].extension[at].valueDateTime = "2026-12-07T09:20:00+08:00"
* extension[milestone][+].extension[code].valueCode = #reconciledAt
* extension[milestone][=].extension[at].valueDateTime = "2026-12-12T16:00:00+08:00"
* extension[sla].extension[code].valueCode = #decision
* extension[sla].extension[start].valueDateTime = "2026-11-20T09:30:00+08:00"
* extension[sla].extension[due].valueDateTime = "2026-11-21T09:30:00+08:00"
* extension[sla].extension[met].valueDateTime = "2026-11-20T10:05:00+08:00"
* extension[sla].extension[breached].valueBoolean = false
* extension[workload].extension[counted].valueBoolean = true
* extension[workload].extension[reason].valueCodeableConcept = $workload-reason#reported-in-time
* identifier.system = $request-no
* identifier.value = "QX-2026-000456"
* groupIdentifier.system = $episode
* groupIdentifier.value = "EP-2026-0789"
* status = #completed
* businessStatus = $business-status#counted
* intent = #order
* code = $task-code#fulfill
* focus = Reference(up-referral-hypertension)
* for = Reference(patient-zhang)
* executionPeriod.start = "2026-11-20T14:20:00+08:00"
* executionPeriod.end = "2026-12-02T15:00:00+08:00"
* authoredOn = "2026-11-20T09:30:00+08:00"
* lastModified = "2026-12-12T16:00:00+08:00"
* requester = Reference(role-zhou)
* owner = Reference(qingxi-county-hospital)
* output.type.text = "转诊反馈报告"
* output.valueReference = Reference(feedback-report-hypertension)

Instance: approval-hypertension
InstanceOf: ApprovalTask
Usage: #example
Title: "院方审批：同意 / Approval: agreed"
Description: "医务科同意转诊 / Medical affairs agrees"
* insert OfZhang(completed)
* code = $task-kind#approval
* focus = Reference(up-referral-hypertension)
* owner = Reference(qingxi-health-center)
* note.text = "同意转诊。"

Instance: approval-child
InstanceOf: ApprovalTask
Usage: #example
Title: "院方审批：待批 / Approval: pending"
Description: "急诊后补的审批，尚未批 / Of the emergency, still pending"
* insert OfChild(requested)
* code = $task-kind#approval
* focus = Reference(up-referral-child)
* owner = Reference(qingxi-health-center)

Instance: escort-hypertension
InstanceOf: EscortTask
Usage: #example
Title: "陪同：完成 / Escort: done"
Description: "客服人员陪同就诊和办理入院 / Staff accompanied the visit and the admission"
* insert OfZhang(completed)
* insert Performed(2026-11-20T13:30:00+08:00, 2026-11-20T14:40:00+08:00)
* code = $task-kind#escort
* owner = Reference(department-referral-desk)
* location = Reference(place-outpatient-hall)

Instance: escort-child
InstanceOf: EscortTask
Usage: #example
Title: "陪同：进行中 / Escort: going on"
Description: "卫生院护士随车 / A nurse in the ambulance"
* insert OfChild(in-progress)
* code = $task-kind#escort
* owner = Reference(qingxi-health-center)

Instance: transport-in-child
InstanceOf: TransportTask
Usage: #example
Title: "入院派车：救护车 / Transport by ambulance"
Description: "县医院救护车接入 / The hospital's ambulance"
* insert OfChild(completed)
* insert Performed(2026-11-22T21:55:00+08:00, 2026-11-22T22:50:00+08:00)
* code = $task-kind#transport-in
* owner = Reference(qingxi-county-hospital)
* location = Reference(place-health-center-emergency)
* insert TaskInput([[车辆]], [[救护车 2 号]])
* insert TaskInput([[随车医护]], [[急诊科医生1名、护士1名]])

Instance: transport-out-hypertension
InstanceOf: TransportTask
Usage: #example
Title: "出院派车 / Transport home"
Description: "出院时送回 / Home after the stay"
* insert OfZhang(completed)
* insert Performed(2026-12-02T10:30:00+08:00, 2026-12-02T11:40:00+08:00)
* code = $task-kind#transport-out
* owner = Reference(qingxi-county-hospital)

Instance: bed-hypertension
InstanceOf: BedTask
Usage: #example
Title: "床位：已安排 / Bed: found"
Description: "心内科12床 / Bed 12 of cardiology"
* insert OfZhang(completed)
* code = $task-kind#bed
* owner = Reference(department-cardiology)
* output.type.text = "床位"
* output.valueReference = Reference(bed-cardiology-12)

Instance: bed-child
InstanceOf: BedTask
Usage: #example
Title: "床位：申请中 / Bed: asked for"
Description: "儿外科床位申请中 / A bed of paediatric surgery"
* insert OfChild(requested)
* code = $task-kind#bed
* owner = Reference(qingxi-county-hospital)

Instance: paperwork-child
InstanceOf: PaperworkTask
Usage: #example
Title: "补办手续：待办 / Paperwork: open"
Description: "三日内补办 / Within three days"
* insert OfChild(requested)
* code = $task-kind#paperwork
* restriction.period.start = "2026-11-22T21:45:00+08:00"
* restriction.period.end = "2026-11-25T23:59:59+08:00"
* owner = Reference(qingxi-health-center)

Instance: paperwork-child-done
InstanceOf: PaperworkTask
Usage: #example
Title: "补办手续：已补 / Paperwork: done"
Description: "按期补齐 / In time"
* insert OfChild(completed)
* code = $task-kind#paperwork
* restriction.period.end = "2026-11-25T23:59:59+08:00"
* owner = Reference(qingxi-health-center)
* output.type.text = "转诊单"
* output.valueReference = Reference(up-referral-child)

Instance: specimen-pickup-blood
InstanceOf: SpecimenPickupTask
Usage: #example
Title: "标本收取：已约 / Specimen pick-up: agreed"
Description: "上午十点收取 / At ten in the morning"
* identifier.system = $request-no
* identifier.value = "QX-2026-000471-S"
* status = #accepted
* intent = #order
* partOf = Reference(task-exam-blood)
* code = $task-kind#specimen-pickup
* focus = Reference(exam-request-blood)
* for = Reference(patient-zhang)
* authoredOn = "2026-11-20T08:15:00+08:00"
* owner = Reference(qingxi-county-hospital)
* restriction.period.start = "2026-11-20T10:00:00+08:00"

Instance: specimen-pickup-blood-done
InstanceOf: SpecimenPickupTask
Usage: #example
Title: "标本收取：已收 / Specimen pick-up: done"
Description: "标本已送达检验科 / The specimen has reached the laboratory"
* status = #completed
* intent = #order
* partOf = Reference(task-exam-blood)
* code = $task-kind#specimen-pickup
* focus = Reference(exam-request-blood)
* for = Reference(patient-zhang)
* insert Performed(2026-11-20T10:05:00+08:00, 2026-11-20T11:00:00+08:00)
* authoredOn = "2026-11-20T08:15:00+08:00"
* owner = Reference(qingxi-county-hospital)
* restriction.period.start = "2026-11-20T10:00:00+08:00"
* restriction.period.end = "2026-11-20T10:30:00+08:00"

Instance: task-exam-blood
InstanceOf: ReferralTask
Usage: #example
Title: "检验任务：已约标本 / Task of an examination"
Description: "接收方已约定收标本 / A pick-up is agreed"
* identifier.system = $request-no
* identifier.value = "QX-2026-000471"
* status = #accepted
* businessStatus = $business-status#specimen-scheduled
* intent = #order
* code = $task-code#fulfill
* focus = Reference(exam-request-blood)
* for = Reference(patient-zhang)
* authoredOn = "2026-11-20T08:12:00+08:00"
* lastModified = "2026-11-20T08:15:00+08:00"
* requester = Reference(role-zhou)
* owner = Reference(qingxi-county-hospital)

Instance: follow-up-hypertension
InstanceOf: FollowUpTask
Usage: #example
Title: "回访：完成 / Follow-up: done"
Description: "出院后第5天电话回访 / By telephone on day 5"
* insert OfZhang(completed)
* code = $task-kind#follow-up
* restriction.period.start = "2026-12-05T00:00:00+08:00"
* restriction.period.end = "2026-12-09T23:59:59+08:00"
* owner = Reference(department-referral-desk)
* output.type.text = "回访记录"
* output.valueReference = Reference(follow-up-answers-zhang)

Instance: follow-up-child
InstanceOf: FollowUpTask
Usage: #example
Title: "回访：待办 / Follow-up: due"
Description: "术后回访 / After the operation"
* insert OfChild(requested)
* code = $task-kind#follow-up
* restriction.period.start = "2026-12-01T00:00:00+08:00"
* restriction.period.end = "2026-12-05T23:59:59+08:00"
* owner = Reference(department-referral-desk)

Instance: register-hypertension
InstanceOf: RegisterTask
Usage: #example
Title: "登记：完成 / Register: done"
Description: "附住院发票与清单 / With invoice and list of charges"
* insert OfZhang(completed)
* code = $task-kind#register
* owner = Reference(department-referral-desk)
* input.type.text = "住院发票"
* input.valueReference = Reference(invoice-hypertension)

Instance: register-child
InstanceOf: RegisterTask
Usage: #example
Title: "登记：待办 / Register: open"
Description: "出院后登记 / To be done after discharge"
* insert OfChild(requested)
* code = $task-kind#register
* owner = Reference(department-referral-desk)

Instance: reconcile-hypertension
InstanceOf: ReconcileTask
Usage: #example
Title: "核对：计入 / Reconciled: counts"
Description: "报备早于入院，计入工作量 / Reported before admission"
* insert OfZhang(completed)
* extension[workload].extension[counted].valueBoolean = true
* extension[workload].extension[reason].valueCodeableConcept = $workload-reason#reported-in-time
* code = $task-kind#reconcile
* owner = Reference(qingxi-consortium)

Instance: reconcile-child
InstanceOf: ReconcileTask
Usage: #example
Title: "核对：不计入 / Reconciled: does not count"
Description: "缺发票 / The invoice is missing"
* insert OfChild(completed)
* extension[workload].extension[counted].valueBoolean = false
* extension[workload].extension[reason].valueCodeableConcept = $workload-reason#attachments-missing
* code = $task-kind#reconcile
* owner = Reference(qingxi-consortium)

Instance: insurance-filing-hypertension
InstanceOf: InsuranceFilingTask
Usage: #example
Title: "医保备案：完成 / Insurance filing: done"
Description: "已在医保平台备案 / Filed on the platform"
* insert OfZhang(completed)
* code = $task-kind#insurance-filing
* owner = Reference(qingxi-health-center)
* output.type.text = "备案"
* output.valueReference = Reference(coverage-zhang)

Instance: insurance-filing-child
InstanceOf: InsuranceFilingTask
Usage: #example
Title: "医保备案：办理中 / Insurance filing: going on"
Description: "急诊转诊的备案 / Of the emergency"
* insert OfChild(in-progress)
* code = $task-kind#insurance-filing
* owner = Reference(qingxi-health-center)

Instance: cancellation-exam
InstanceOf: CancellationRequestTask
Usage: #example
Title: "撤销申请：待决定 / Cancellation: asked"
Description: "患者改期，请求撤销检验 / The patient cannot come"
* status = #requested
* intent = #order
* partOf = Reference(task-exam-blood)
* code = $task-code#abort
* focus = Reference(task-exam-blood)
* for = Reference(patient-zhang)
* authoredOn = "2026-11-20T09:00:00+08:00"
* requester = Reference(role-zhou)
* owner = Reference(qingxi-county-hospital)
* reasonCode.text = "患者外出，改期检查"

Instance: cancellation-child-refused
InstanceOf: CancellationRequestTask
Usage: #example
Title: "撤销申请：被拒绝 / Cancellation: refused"
Description: "手术已开始，接收方拒绝撤销 / Surgery has begun"
* insert OfChild(rejected)
* statusReason.text = "手术已开始，不能撤销"
* code = $task-code#abort
* focus = Reference(task-child-admitted)
* requester = Reference(role-zhou)
* owner = Reference(qingxi-county-hospital)
* reasonCode.text = "家属要求转往市医院"
