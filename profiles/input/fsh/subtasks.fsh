// Sub-Tasks of a referral: what goes on beside the main line, so that two things can be true at once.

Profile: ReferralSubTask
Parent: Task
Id: referral-sub-task
Title: "转诊子任务（通用） / Sub-task of a referral (common)"
Description: "转诊任务之下的一项工作：审批、陪同、派车、床位、补手续、收标本、回访、登记、核对等。 / One piece of work under the referral task: approval, escort, transport, bed, paperwork, specimen, follow-up, register, reconciling."
* ^abstract = true
* insert TaskCore
* insert Must(partOf, [[所属转诊任务]], [[Part of]], [[所属的转诊主任务。]], [[The main task of the referral.]])
* partOf 1..1
* partOf only Reference(ReferralTask)
* insert Must(focus, [[对象]], [[Focus]], [[所涉及的申请或资源。]], [[The request or resource that it is about.]])
* insert Must(requester, [[提出方]], [[Asked by]], [[谁要求做。]], [[Who asks for it.]])
* insert Must(owner, [[承办方]], [[Owner]], [[谁来做。]], [[Who does it.]])
* owner only Reference(ReferralOrganization or ReferralPractitionerRole or HealthcareService or CareTeam)
* insert Must(restriction, [[期限]], [[Restriction]], [[应完成的时间段。]], [[When it is to be done.]])
* insert Must(executionPeriod, [[办理起止]], [[Period]], [[实际开始与结束。]], [[When it began and ended.]])
* insert Must(output, [[结果]], [[Output]], [[办理结果。]], [[What came of it.]])

RuleSet: TaskKind(code, zh, en)
* ^abstract = false
* insert Published
* code = $task-kind#{code}
* insert Must(code, [[{zh}]], [[{en}]], [[固定为{zh}。]], [[Always {en}.]])

Profile: ApprovalTask
Parent: ReferralSubTask
Id: approval-task
Title: "院方审批 / Approval"
Description: "转诊前的院内审批：科主任、医务科、医保科逐级意见。 / Approval before the referral: head of department, medical affairs, insurance office."
* insert TaskKind(approval, [[院内审批]], [[approval]])
* insert Must(owner, [[审批人]], [[Approver]], [[审批的科室或人员，必填。]], [[The office or person that approves; mandatory.]])
* owner 1..1
* obeys cn-approval-opinion

Invariant: cn-approval-opinion
Description: "审批完成时应有审批意见 / A finished approval has an opinion"
Severity: #error
Expression: "status = 'completed' implies (note.exists() or output.exists())"

Profile: EscortTask
Parent: ReferralSubTask
Id: escort-task
Title: "陪同交接 / Escort"
Description: "客服中心人员陪同患者就诊、检查、办理手续。 / Staff accompany the patient to the specialist and the examinations."
* insert TaskKind(escort, [[陪同]], [[escort]])
* insert Must(location, [[会面地点]], [[Place]], [[会面地点。]], [[Where they meet.]])

Profile: TransportTask
Parent: ReferralSubTask
Id: transport-task
Title: "派车转运 / Transport"
Description: "入院派车或出院派车：车辆、出发与到达、随车人员。 / A vehicle to the receiver or home: vehicle, departure, arrival, crew."
* ^abstract = false
* insert Published
* code from $vs-referral-task-kind (required)
* insert Must(code, [[派车方向]], [[Direction]], [[入院派车 transport-in 或出院派车 transport-out。]], [[transport-in or transport-out.]])
* insert Must(owner, [[派车方]], [[Who sends it]], [[派车的机构，必填。]], [[The institution that sends the vehicle; mandatory.]])
* owner 1..1
* insert Must(location, [[出发地点]], [[Place of departure]], [[接患者的地点。]], [[Where the patient is fetched.]])
* insert Must(input, [[车辆与随车人员]], [[Vehicle and crew]], [[车牌、司机、电话、随车医护。]], [[Number plate, driver, telephone, crew.]])
* obeys cn-transport-kind and cn-period-end

Invariant: cn-transport-kind
Description: "派车任务的种类应为 transport-in 或 transport-out / The kind is transport-in or transport-out"
Severity: #error
Expression: "code.coding.where(system = 'http://referral.consortium.cn/fhir/CodeSystem/referral-task-kind' and (code = 'transport-in' or code = 'transport-out')).count() = 1"

Invariant: cn-period-end
Description: "已完成的任务应有结束时间 / A completed task has its end"
Severity: #error
Expression: "status = 'completed' implies executionPeriod.end.exists()"

Profile: BedTask
Parent: ReferralSubTask
Id: bed-task
Title: "床位安排 / Bed"
Description: "需住院时通知病区联络员安排床位。 / The ward is asked for a bed."
* insert TaskKind(bed, [[安排床位]], [[bed]])
* insert Must(output, [[床位]], [[Bed]], [[安排的病区与床位。]], [[The ward and bed.]])
* obeys cn-bed-output

Invariant: cn-bed-output
Description: "床位安排完成时应写明床位 / A finished bed task names the bed"
Severity: #error
Expression: "status = 'completed' implies output.exists()"

Profile: PaperworkTask
Parent: ReferralSubTask
Id: paperwork-task
Title: "补办手续 / Paperwork"
Description: "急危重症先转诊的，三日内补办手续。 / After an emergency referral, the paperwork within three days."
* insert TaskKind(paperwork, [[补办手续]], [[paperwork]])
* insert Must(restriction, [[期限]], [[Limit]], [[补办期限，必填。]], [[The limit; mandatory.]])
* restriction 1..1
* restriction.period 1..1
* insert Says(restriction.period, [[时间段]], [[Period]], [[应完成的时间段。]], [[When it is to be done.]])
* restriction.period.end 1..1
* insert Must(restriction.period.end, [[补办截止]], [[Due]], [[应补齐的时间，默认报备后三日。]], [[When it is due, three days after the report by default.]])

Profile: SpecimenPickupTask
Parent: ReferralSubTask
Id: specimen-pickup-task
Title: "标本收取 / Specimen pick-up"
Description: "接收方约定时间上门收取标本。 / The receiver collects the specimen at an agreed time."
* insert TaskKind(specimen-pickup, [[接收标本]], [[specimen pick-up]])
* insert Must(restriction, [[约定时间]], [[Agreed time]], [[约定的收取时间，必填。]], [[When it is collected; mandatory.]])
* restriction 1..1
* restriction.period 1..1
* insert Says(restriction.period, [[时间段]], [[Period]], [[应完成的时间段。]], [[When it is to be done.]])
* restriction.period.start 1..1
* insert Must(restriction.period.start, [[收取时间]], [[Begin]], [[约定的收取时间。]], [[The agreed time.]])
* focus 1..1
* insert Must(focus, [[检验申请]], [[Request]], [[所涉的检查检验申请。]], [[The examination request.]])
* focus only Reference(ExamRequest)

Profile: FollowUpTask
Parent: ReferralSubTask
Id: follow-up-task
Title: "回访 / Follow-up"
Description: "就诊结束或出院后第3至7天回访。 / Follow-up on days 3 to 7 after the visit or the discharge."
* insert TaskKind(follow-up, [[回访]], [[follow-up]])
* insert Must(restriction, [[回访时间窗]], [[Window]], [[回访时间窗，必填。]], [[The window; mandatory.]])
* restriction 1..1
* restriction.period 1..1
* insert Says(restriction.period, [[时间段]], [[Period]], [[应完成的时间段。]], [[When it is to be done.]])
* restriction.period.start 1..1
* restriction.period.end 1..1
* insert Must(restriction.period.start, [[不早于]], [[Not before]], [[就诊结束后第3天。]], [[Day 3 after the end.]])
* insert Must(restriction.period.end, [[不晚于]], [[Not after]], [[就诊结束后第7天。]], [[Day 7 after the end.]])
* insert Must(output, [[回访记录]], [[Record]], [[回访问卷答卷。]], [[The questionnaire response.]])
* obeys cn-followup-output

Invariant: cn-followup-output
Description: "回访完成时应有回访记录 / A finished follow-up has its record"
Severity: #error
Expression: "status = 'completed' implies output.where(value is Reference).exists()"

Profile: RegisterTask
Parent: ReferralSubTask
Id: register-task
Title: "登记 / Register"
Description: "就诊后登记，附发票与清单复印件。 / Registration after the visit, with copies of invoice and list."
* insert TaskKind(register, [[登记]], [[register]])
* insert Must(input, [[发票与清单]], [[Invoice and list]], [[发票复印件、费用清单。]], [[Copies of invoice and list of charges.]])
* obeys cn-register-input

Invariant: cn-register-input
Description: "登记完成时应附发票或清单（提示） / A finished registration has invoice and list (advice)"
Severity: #warning
Expression: "status = 'completed' implies input.exists()"

Profile: ReconcileTask
Parent: ReferralSubTask
Id: reconcile-task
Title: "核对 / Reconcile"
Description: "考核办将登记与实际业务核对，决定是否计入工作量。 / The assessment office compares the register with what happened, and decides what counts."
* insert TaskKind(reconcile, [[核对]], [[reconcile]])
* insert Must(owner, [[考核办]], [[Assessment office]], [[核对的机构或人员，必填。]], [[Who reconciles; mandatory.]])
* owner 1..1
* extension contains WorkloadCount named workload 0..1 MS
* insert Says(extension[workload], [[计入工作量]], [[Workload]], [[核对结果。]], [[The result.]])
* obeys cn-reconcile-result

Invariant: cn-reconcile-result
Description: "核对完成时应写明是否计入工作量 / A finished reconciliation says whether it counts"
Severity: #error
Expression: "status = 'completed' implies extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/workload-count').exists()"

Profile: InsuranceFilingTask
Parent: ReferralSubTask
Id: insurance-filing-task
Title: "医保转院备案 / Insurance filing"
Description: "在医保平台办理转院备案（接口 2501A）。 / Filing of the transfer on the insurance platform (interface 2501A)."
* insert TaskKind(insurance-filing, [[医保转院备案]], [[insurance filing]])
* insert Must(owner, [[医保科]], [[Insurance office]], [[办理的科室，必填。]], [[The office that files; mandatory.]])
* owner 1..1
* insert Must(output, [[备案结果]], [[Result]], [[备案号或医保凭证。]], [[Number of the filing, or the Coverage.]])
* obeys cn-filing-output

Invariant: cn-filing-output
Description: "备案完成时应有备案结果 / A finished filing has its result"
Severity: #error
Expression: "status = 'completed' implies output.exists()"

Profile: CancellationRequestTask
Parent: ReferralSubTask
Id: cancellation-request-task
Title: "撤销申请 / Cancellation request"
Description: "转诊开始办理后，转出方请求撤销；由接收方同意或拒绝。 / Once work has begun the sender asks for cancellation; the receiver agrees or refuses."
* ^abstract = false
* insert Published
* code = $task-code#abort
* insert Must(code, [[撤销]], [[Abort]], [[固定为 abort。]], [[Always abort.]])
* insert Must(focus, [[要撤销的任务]], [[Task to be cancelled]], [[要撤销的转诊任务，必填。]], [[The referral task that is to be cancelled; mandatory.]])
* focus 1..1
* focus only Reference(ReferralTask)
* insert Must(requester, [[申请撤销方]], [[Who asks]], [[转出方，必填。]], [[The sender; mandatory.]])
* requester 1..1
* insert Must(owner, [[接收方]], [[Receiver]], [[决定的接收方，必填。]], [[The receiver, who decides; mandatory.]])
* owner 1..1
* insert Must(reasonCode, [[撤销原因]], [[Reason]], [[为何撤销，必填。]], [[Why; mandatory.]])
* reasonCode 1..1
