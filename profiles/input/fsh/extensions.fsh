// Extensions. Simple ones first, in the order of the resources that carry them.

// ---- Patient ------------------------------------------------------------------------------------

Extension: Gbt2261Sex
Id: gbt2261-sex
Title: "性别代码（GB/T 2261.1） / Sex code of GB/T 2261.1"
Description: "表单上的性别代码。FHIR 的 gender 不能区分“未知的性别”与“未说明的性别”，故原代码保留在此。 / The sex code as on the form. Patient.gender cannot tell \"unknown\" from \"not stated\", so the national code is kept here."
* insert SimpleExtension(Patient)
* value[x] only Coding
* valueCoding from $vs-gbt2261-sex (required)

Extension: EthnicGroup
Id: ethnic-group
Title: "民族 / Ethnic group"
Description: "民族，代码用 GB/T 3304。 / Ethnic group by the codes of GB/T 3304."
* insert SimpleExtension(Patient)
* value[x] only CodeableConcept
* valueCodeableConcept from $vs-ethnic-group (extensible)

Extension: CivilCapacity
Id: civil-capacity
Title: "民事行为能力 / Civil capacity"
Description: "患者的民事行为能力。不具备完全民事行为能力者，转诊须由监护人同意。 / The patient's capacity for civil acts. Without full capacity, a guardian has to consent to the referral."
* insert SimpleExtension(Patient)
* value[x] only CodeableConcept
* valueCodeableConcept from $vs-civil-capacity (required)

// ---- Organization, Coverage ---------------------------------------------------------------------

Extension: HospitalGrade
Id: hospital-grade
Title: "医院等级 / Hospital grade"
Description: "医院的级别和等次，例如三级甲等。 / Level and grade of a hospital, such as level 3, grade A."
* insert SimpleExtension(Organization)
* value[x] only CodeableConcept
* valueCodeableConcept from $vs-hospital-grade (extensible)

Extension: InsuranceRegion
Id: insurance-region
Title: "医保区划 / Insurance region"
Description: "医保区划代码（行政区划六位数字）：机构的就医地，或参保地。 / Six-digit code of the administrative region: where an institution is, or where a person is insured."
* insert SimpleExtension(Organization)
* insert Context(Coverage)
* value[x] only string
* value[x] obeys cn-region

Invariant: cn-region
Description: "区划代码应为六位数字 / A region code has six digits"
Severity: #error
Expression: "matches('^[0-9]{6}$')"

// ---- ServiceRequest -----------------------------------------------------------------------------

Extension: PrintedAge
Id: printed-age
Title: "表单上的年龄 / Age as on the form"
Description: "转诊单上填写的年龄：整岁为整数，其余（如“3岁2个月”）照原文。 / The age written on the form: whole years as an integer, anything else as its text."
* insert SimpleExtension(ServiceRequest)
* value[x] only integer or string

Extension: PatientInsisted
Id: patient-insisted
Title: "患者坚决要求转诊 / Patient insists"
Description: "不符合转诊指征而患者坚决要求转诊：允许，但须登记。 / No criterion is met, yet the patient insists: allowed, and recorded."
* insert SimpleExtension(ServiceRequest)
* value[x] only boolean

Extension: PatientChoice
Id: patient-choice
Title: "患者自选接收机构 / Receiver chosen by the patient"
Description: "接收机构由患者自行选择，而非按医联体路径推荐。 / The patient chose the receiving institution rather than the consortium's path."
* insert SimpleExtension(ServiceRequest)
* value[x] only boolean

Extension: Retroactive
Id: retroactive
Title: "先转诊后补手续 / Paperwork follows"
Description: "急危重症先转诊，三日内补办手续。 / An emergency is referred first; the paperwork follows within three days."
* insert SimpleExtension(ServiceRequest)
* value[x] only boolean

Extension: TransportMode
Id: transport-mode
Title: "转运方式 / Transport"
Description: "患者如何前往接收机构：自行前往、派车、救护车等。 / How the patient gets to the receiver: on their own, by a car that is sent, by ambulance."
* insert SimpleExtension(ServiceRequest)
* value[x] only CodeableConcept
* valueCodeableConcept from $vs-referral-transport-mode (extensible)

Extension: EscortNeeded
Id: escort-needed
Title: "需要陪同 / Escort needed"
Description: "是否需要工作人员陪同转诊和就诊。 / Whether staff should accompany the patient."
* insert SimpleExtension(ServiceRequest)
* value[x] only boolean

Extension: DeparturePlace
Id: departure-place
Title: "出发地点 / Place of departure"
Description: "派车或陪同时的接患者地点。 / Where the patient is to be fetched."
* insert SimpleExtension(ServiceRequest)
* value[x] only string

Extension: ValidUntil
Id: valid-until
Title: "转诊单有效期至 / Valid until"
Description: "转诊单在此时间之前有效，过期未到诊则失效。 / The referral lapses where the patient has not come by then."
* insert SimpleExtension(ServiceRequest)
* value[x] only dateTime

Extension: RoutingDeviation
Id: routing-deviation
Title: "未按推荐路径转诊的原因 / Reason for another route"
Description: "接收机构不是医联体约定的第一上转医院时的原因。仅作提示，不阻止转诊。 / Why the receiver is not the hospital that the consortium names first. A note; it blocks nothing."
* insert SimpleExtension(ServiceRequest)
* value[x] only CodeableConcept
* valueCodeableConcept from $vs-referral-routing-deviation (extensible)

Extension: DeductibleWaiver
Id: deductible-waiver
Title: "起付线减免 / Waiver of the deductible"
Description: "经医联体转诊的住院患者减免起付线（门槛费）。仅供参考，以医保结算为准。 / The inpatient deductible waived for a referral inside the consortium. For information; the settlement decides."
* insert Published
* ^context[0].type = #element
* ^context[0].expression = "ServiceRequest"
* insert Context(Coverage)
* . 0..1
* insert ComplexExtension
* extension contains
    direction 0..1 and
    amount 0..1 and
    basis 1..1
* insert Part(direction, [[方向]], [[Direction]])
* extension[direction].value[x] only code
* extension[direction].value[x] 1..1
* extension[direction].valueCode from $vs-referral-category (required)
* insert Part(amount, [[减免金额]], [[Amount waived]])
* extension[amount].value[x] only Money
* extension[amount].value[x] 1..1
* insert Part(basis, [[政策依据]], [[Policy that grants it]])
* extension[basis].value[x] only string
* extension[basis].value[x] 1..1

// ---- Task ---------------------------------------------------------------------------------------

Extension: Milestone
Id: milestone
Title: "节点时间 / Milestone"
Description: "转诊过程中的一个节点及其时间，如报备、收到、入院。可多次出现。 / One step of the referral with its time, such as reported, received, admitted. May repeat."
* insert Published
* ^context[0].type = #element
* ^context[0].expression = "Task"
* . 0..*
* insert ComplexExtension
* extension contains
    code 1..1 and
    at 1..1 and
    by 0..1 and
    note 0..1
* insert Part(code, [[哪一节点]], [[Which step]])
* extension[code].value[x] only code
* extension[code].value[x] 1..1
* extension[code].valueCode from $vs-referral-milestone (required)
* insert Part(at, [[时间]], [[When]])
* extension[at].value[x] only dateTime
* extension[at].value[x] 1..1
* insert Part(by, [[经手人或机构]], [[By whom]])
* extension[by].value[x] only Reference(Practitioner or PractitionerRole or Organization)
* extension[by].value[x] 1..1
* insert Part(note, [[说明]], [[Remark]])
* extension[note].value[x] only string
* extension[note].value[x] 1..1

Extension: Sla
Id: sla
Title: "时限 / Time limit"
Description: "一项时限：何时起算、何时到期、何时达成。超期只作标记和统计，不阻止诊疗。 / One time limit: when it began, when it is due, when it was met. A breach is marked and counted; it blocks nothing."
* insert Published
* ^context[0].type = #element
* ^context[0].expression = "Task"
* . 0..*
* insert ComplexExtension
* extension contains
    code 1..1 and
    start 1..1 and
    due 1..1 and
    met 0..1 and
    paused 0..1 and
    breached 0..1
* insert Part(code, [[哪项时限]], [[Which limit]])
* extension[code].value[x] only code
* extension[code].value[x] 1..1
* extension[code].valueCode from $vs-referral-time-limit (required)
* insert Part(start, [[起算时间]], [[Begin]])
* extension[start].value[x] only dateTime
* extension[start].value[x] 1..1
* insert Part(due, [[到期时间]], [[Due]])
* extension[due].value[x] only dateTime
* extension[due].value[x] 1..1
* insert Part(met, [[达成时间]], [[Met at]])
* extension[met].value[x] only dateTime
* extension[met].value[x] 1..1
* insert Part(paused, [[是否暂停计时]], [[Whether the clock stands still]])
* extension[paused].value[x] only boolean
* extension[paused].value[x] 1..1
* insert Part(breached, [[是否超期]], [[Whether it was missed]])
* extension[breached].value[x] only boolean
* extension[breached].value[x] 1..1
* . obeys cn-sla-order

Invariant: cn-sla-order
Description: "到期时间不得早于起算时间 / A limit is not due before it begins"
Severity: #error
Expression: "iif(extension.where(url = 'due').value < extension.where(url = 'start').value, false, true)"

Extension: WorkloadCount
Id: workload-count
Title: "是否计入工作量 / Counted as workload"
Description: "核对后是否计入转诊单位的工作量及原因：报备须早于交费或入院。 / Whether the referral counts for the sender after reconciling, and why: it has to be reported before payment or admission."
* insert Published
* ^context[0].type = #element
* ^context[0].expression = "Task"
* . 0..1
* insert ComplexExtension
* extension contains
    counted 1..1 and
    reason 0..1
* insert Part(counted, [[是否计入]], [[Counted]])
* extension[counted].value[x] only boolean
* extension[counted].value[x] 1..1
* insert Part(reason, [[原因]], [[Reason]])
* extension[reason].value[x] only CodeableConcept
* extension[reason].value[x] 1..1
* extension[reason].valueCodeableConcept from $vs-referral-workload-reason (extensible)
* . obeys cn-workload-reason

Invariant: cn-workload-reason
Description: "不计入工作量时应写明原因 / Where it does not count, a reason is given"
Severity: #error
Expression: "extension.where(url = 'counted').value = true or extension.where(url = 'reason').exists()"

// ---- Composition --------------------------------------------------------------------------------

Extension: AsWritten
Id: as-written
Title: "表单原样 / As written"
Description: "文书所载的患者或医生信息的原样（内含资源），即使登记信息后来更改，文书仍可照原样再打印。 / Patient or doctor as on this document, as a contained resource: the document prints as it was, whatever the register says later."
* insert Published
* ^context[0].type = #element
* ^context[0].expression = "Composition"
* . 0..*
* value[x] 1..1
* value[x] only Reference(Patient or PractitionerRole or Encounter)
* insert Says(value[x], [[内含资源]], [[Contained resource]], [[指向本文书内含的患者、医生或就诊。]], [[The contained patient, doctor or encounter.]])
* insert Address(url)
