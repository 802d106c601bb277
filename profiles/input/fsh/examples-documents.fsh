// Two documents of each form: the Composition, and the Bundle with all that it refers to.

RuleSet: SectionText(slice, title, text)
* section[{slice}].title = "{title}"
* section[{slice}].text.status = #additional
* section[{slice}].text.div = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{text}</p></div>"

RuleSet: CompositionOf(number, subject, author, custodian, date, title)
* identifier.system = $document-no
* identifier.value = "{number}"
* status = #final
* subject = Reference({subject})
* date = "{date}"
* author = Reference({author})
* title = "{title}"
* custodian = Reference({custodian})

RuleSet: BundleOf(number, time)
* identifier.system = $document-no
* identifier.value = "{number}"
* type = #document
* timestamp = "{time}"



Instance: up-form-hypertension
InstanceOf: UpFormComposition
Usage: #example
Title: "双向转诊（转出）单：张秀兰 / Outward referral slip of patient 1"
Description: "双向转诊（转出）单示例 / An example of the outward referral slip"
* insert CompositionOf([[up-form-hypertension]], patient-zhang, role-zhou, qingxi-health-center, 2026-11-20, [[双向转诊（转出）单]])
* contained[0] = written-patient
* contained[1] = written-doctor
* extension[asWritten][0].valueReference = Reference(written-patient)
* extension[asWritten][1].valueReference = Reference(written-doctor)
* insert SectionText(impression, [[初步印象]], [[1. 高血压病3级（极高危）；2. 2型糖尿病]])
* insert SectionText(presentIllness, [[主要现病史（转出原因）]], [[反复头晕、头痛5年，加重3天。血压 190/110 mmHg，控制不佳，遂转诊。]])
* insert SectionText(pastHistory, [[主要既往史]], [[2型糖尿病8年。]])
* insert SectionText(course, [[治疗经过]], [[硝苯地平控释片 30mg 口服。]])

Instance: up-form-hypertension-document
InstanceOf: UpFormDocument
Usage: #example
Title: "双向转诊（转出）单文书包：张秀兰 / Document of the outward referral slip, patient 1"
Description: "双向转诊（转出）单及其引用的资源 / The outward referral slip with all that it refers to"
* insert BundleOf([[up-form-hypertension-document]], 2026-11-20T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/up-form-hypertension"
* entry[composition].resource = up-form-hypertension
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: up-form-child
InstanceOf: UpFormComposition
Usage: #example
Title: "双向转诊（转出）单：李小海 / Outward referral slip of patient 2"
Description: "双向转诊（转出）单示例 / An example of the outward referral slip"
* insert CompositionOf([[up-form-child]], patient-li-boy, role-zhou, qingxi-health-center, 2026-11-22, [[双向转诊（转出）单]])
* insert SectionText(impression, [[初步印象]], [[急腹症：急性阑尾炎？]])
* insert SectionText(presentIllness, [[主要现病史（转出原因）]], [[右下腹痛12小时，压痛、反跳痛明显，本院无手术条件。]])
* insert SectionText(allergies, [[过敏史]], [[青霉素过敏]])

Instance: up-form-child-document
InstanceOf: UpFormDocument
Usage: #example
Title: "双向转诊（转出）单文书包：李小海 / Document of the outward referral slip, patient 2"
Description: "双向转诊（转出）单及其引用的资源 / The outward referral slip with all that it refers to"
* insert BundleOf([[up-form-child-document]], 2026-11-22T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/up-form-child"
* entry[composition].resource = up-form-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: up-stub-hypertension
InstanceOf: UpStubComposition
Usage: #example
Title: "双向转诊单存根（转出）：张秀兰 / Stub of the outward slip of patient 1"
Description: "双向转诊单存根（转出）示例 / An example of the stub of the outward slip"
* insert CompositionOf([[up-stub-hypertension]], patient-zhang, role-zhou, qingxi-health-center, 2026-11-20, [[双向转诊单存根（转出）]])
* insert SectionText(referralInfo, [[转诊信息]], [[转入青溪县人民医院，心血管内科，李建国医生。]])

Instance: up-stub-hypertension-document
InstanceOf: UpStubDocument
Usage: #example
Title: "双向转诊单存根（转出）文书包：张秀兰 / Document of the stub of the outward slip, patient 1"
Description: "双向转诊单存根（转出）及其引用的资源 / The stub of the outward slip with all that it refers to"
* insert BundleOf([[up-stub-hypertension-document]], 2026-11-20T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/up-stub-hypertension"
* entry[composition].resource = up-stub-hypertension
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: up-stub-child
InstanceOf: UpStubComposition
Usage: #example
Title: "双向转诊单存根（转出）：李小海 / Stub of the outward slip of patient 2"
Description: "双向转诊单存根（转出）示例 / An example of the stub of the outward slip"
* insert CompositionOf([[up-stub-child]], patient-li-boy, role-zhou, qingxi-health-center, 2026-11-22, [[双向转诊单存根（转出）]])
* insert SectionText(referralInfo, [[转诊信息]], [[转入青溪县人民医院，急诊科。]])

Instance: up-stub-child-document
InstanceOf: UpStubDocument
Usage: #example
Title: "双向转诊单存根（转出）文书包：李小海 / Document of the stub of the outward slip, patient 2"
Description: "双向转诊单存根（转出）及其引用的资源 / The stub of the outward slip with all that it refers to"
* insert BundleOf([[up-stub-child-document]], 2026-11-22T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/up-stub-child"
* entry[composition].resource = up-stub-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: return-form-hypertension
InstanceOf: ReturnFormComposition
Usage: #example
Title: "双向转诊（回转）单：张秀兰 / Return slip of patient 1"
Description: "双向转诊（回转）单示例 / An example of the return slip"
* insert CompositionOf([[return-form-hypertension]], patient-zhang, role-li, qingxi-county-hospital, 2026-12-02, [[双向转诊（回转）单]])
* insert SectionText(diagnosis, [[诊断结果]], [[高血压病3级（极高危）；左心室肥厚]])
* insert SectionText(results, [[主要检查结果]], [[心电图：左室高电压。肌酐 88 μmol/L。]])
* insert SectionText(plan, [[治疗经过、下一步治疗方案及康复建议]], [[氨氯地平 5mg qd，缬沙坦 80mg qd，血压 135/85 mmHg。每2周测血压，1个月后复查肾功能。低盐饮食，每日步行30分钟。]])

Instance: return-form-hypertension-document
InstanceOf: ReturnFormDocument
Usage: #example
Title: "双向转诊（回转）单文书包：张秀兰 / Document of the return slip, patient 1"
Description: "双向转诊（回转）单及其引用的资源 / The return slip with all that it refers to"
* insert BundleOf([[return-form-hypertension-document]], 2026-12-02T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/return-form-hypertension"
* entry[composition].resource = return-form-hypertension
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: return-form-child
InstanceOf: ReturnFormComposition
Usage: #example
Title: "双向转诊（回转）单：李小海 / Return slip of patient 2"
Description: "双向转诊（回转）单示例 / An example of the return slip"
* insert CompositionOf([[return-form-child]], patient-li-boy, role-li, qingxi-county-hospital, 2026-11-28, [[双向转诊（回转）单]])
* insert SectionText(diagnosis, [[诊断结果]], [[急性阑尾炎]])
* insert SectionText(results, [[主要检查结果]], [[术后血常规正常。]])
* insert SectionText(plan, [[治疗经过、下一步治疗方案及康复建议]], [[阑尾切除术后，切口愈合良好。隔日换药，7天拆线。一个月内避免剧烈运动。]])

Instance: return-form-child-document
InstanceOf: ReturnFormDocument
Usage: #example
Title: "双向转诊（回转）单文书包：李小海 / Document of the return slip, patient 2"
Description: "双向转诊（回转）单及其引用的资源 / The return slip with all that it refers to"
* insert BundleOf([[return-form-child-document]], 2026-11-28T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/return-form-child"
* entry[composition].resource = return-form-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: return-stub-hypertension
InstanceOf: ReturnStubComposition
Usage: #example
Title: "双向转诊单存根（回转）：张秀兰 / Stub of the return slip of patient 1"
Description: "双向转诊单存根（回转）示例 / An example of the stub of the return slip"
* insert CompositionOf([[return-stub-hypertension]], patient-zhang, role-li, qingxi-county-hospital, 2026-12-02, [[双向转诊单存根（回转）]])
* insert SectionText(referralInfo, [[转诊信息]], [[转回青溪镇中心卫生院，周明医生。]])

Instance: return-stub-hypertension-document
InstanceOf: ReturnStubDocument
Usage: #example
Title: "双向转诊单存根（回转）文书包：张秀兰 / Document of the stub of the return slip, patient 1"
Description: "双向转诊单存根（回转）及其引用的资源 / The stub of the return slip with all that it refers to"
* insert BundleOf([[return-stub-hypertension-document]], 2026-12-02T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/return-stub-hypertension"
* entry[composition].resource = return-stub-hypertension
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: return-stub-child
InstanceOf: ReturnStubComposition
Usage: #example
Title: "双向转诊单存根（回转）：李小海 / Stub of the return slip of patient 2"
Description: "双向转诊单存根（回转）示例 / An example of the stub of the return slip"
* insert CompositionOf([[return-stub-child]], patient-li-boy, role-li, qingxi-county-hospital, 2026-11-28, [[双向转诊单存根（回转）]])
* insert SectionText(referralInfo, [[转诊信息]], [[转回青溪镇中心卫生院。]])

Instance: return-stub-child-document
InstanceOf: ReturnStubDocument
Usage: #example
Title: "双向转诊单存根（回转）文书包：李小海 / Document of the stub of the return slip, patient 2"
Description: "双向转诊单存根（回转）及其引用的资源 / The stub of the return slip with all that it refers to"
* insert BundleOf([[return-stub-child-document]], 2026-11-28T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/return-stub-child"
* entry[composition].resource = return-stub-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: receipt-form-hypertension
InstanceOf: ReceiptFormComposition
Usage: #example
Title: "医共体转诊接收单：张秀兰 / Report of a referral to the service centre of patient 1"
Description: "医共体转诊接收单示例 / An example of the report of a referral to the service centre"
* insert CompositionOf([[receipt-form-hypertension]], patient-zhang, role-zhou, qingxi-health-center, 2026-11-20, [[医共体转诊接收单]])
* insert SectionText(referralInfo, [[转诊信息]], [[上转；住院；接收单位青溪县人民医院；自行前往。]])
* insert SectionText(diagnosis, [[诊断]], [[高血压病3级]])
* insert SectionText(purpose, [[病情与转诊目的]], [[血压控制不佳，请收住院调整治疗。]])

Instance: receipt-form-hypertension-document
InstanceOf: ReceiptFormDocument
Usage: #example
Title: "医共体转诊接收单文书包：张秀兰 / Document of the report of a referral to the service centre, patient 1"
Description: "医共体转诊接收单及其引用的资源 / The report of a referral to the service centre with all that it refers to"
* insert BundleOf([[receipt-form-hypertension-document]], 2026-11-20T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/receipt-form-hypertension"
* entry[composition].resource = receipt-form-hypertension
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: receipt-form-child
InstanceOf: ReceiptFormComposition
Usage: #example
Title: "医共体转诊接收单：李小海 / Report of a referral to the service centre of patient 2"
Description: "医共体转诊接收单示例 / An example of the report of a referral to the service centre"
* insert CompositionOf([[receipt-form-child]], patient-li-boy, role-zhou, qingxi-health-center, 2026-11-22, [[医共体转诊接收单]])
* insert SectionText(referralInfo, [[转诊信息]], [[上转；急诊；接收单位青溪县人民医院；需派救护车，出发地点卫生院急诊室。]])
* insert SectionText(diagnosis, [[诊断]], [[急腹症]])
* insert SectionText(purpose, [[病情与转诊目的]], [[急诊手术。]])

Instance: receipt-form-child-document
InstanceOf: ReceiptFormDocument
Usage: #example
Title: "医共体转诊接收单文书包：李小海 / Document of the report of a referral to the service centre, patient 2"
Description: "医共体转诊接收单及其引用的资源 / The report of a referral to the service centre with all that it refers to"
* insert BundleOf([[receipt-form-child-document]], 2026-11-22T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/receipt-form-child"
* entry[composition].resource = receipt-form-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: apply-form-hypertension
InstanceOf: ApplyFormComposition
Usage: #example
Title: "转诊申请表：张秀兰 / Application for referral of patient 1"
Description: "转诊申请表示例 / An example of the application for referral"
* insert CompositionOf([[apply-form-hypertension]], patient-zhang, role-zhou, qingxi-health-center, 2026-11-20, [[转诊申请表]])
* insert SectionText(condition, [[病情描述]], [[反复头晕、头痛5年，加重3天。]])
* insert SectionText(diagnosis, [[初步诊断]], [[高血压病3级（极高危）]])
* insert SectionText(purpose, [[转诊目的]], [[明确靶器官损害，调整降压方案。]])
* insert SectionText(reason, [[转诊原因]], [[经规范治疗疗效不明确。]])
* insert SectionText(requestedCare, [[需进行的检查或治疗]], [[心脏彩超、肾功能。]])
* insert SectionText(opinion, [[目前诊疗意见]], [[建议住院治疗。]])

Instance: apply-form-hypertension-document
InstanceOf: ApplyFormDocument
Usage: #example
Title: "转诊申请表文书包：张秀兰 / Document of the application for referral, patient 1"
Description: "转诊申请表及其引用的资源 / The application for referral with all that it refers to"
* insert BundleOf([[apply-form-hypertension-document]], 2026-11-20T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/apply-form-hypertension"
* entry[composition].resource = apply-form-hypertension
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: apply-form-wang
InstanceOf: ApplyFormComposition
Usage: #example
Title: "转诊申请表：王守田 / Application for referral of patient 3"
Description: "转诊申请表示例 / An example of the application for referral"
* insert CompositionOf([[apply-form-wang]], patient-wang, role-zhou, qingxi-health-center, 2026-11-18, [[转诊申请表]])
* insert SectionText(condition, [[病情描述]], [[记忆力减退3年，近一周夜间躁动。]])
* insert SectionText(diagnosis, [[初步诊断]], [[阿尔茨海默病？]])
* insert SectionText(purpose, [[转诊目的]], [[明确诊断。]])
* insert SectionText(reason, [[转诊原因]], [[本院无神经内科。]])

Instance: apply-form-wang-document
InstanceOf: ApplyFormDocument
Usage: #example
Title: "转诊申请表文书包：王守田 / Document of the application for referral, patient 3"
Description: "转诊申请表及其引用的资源 / The application for referral with all that it refers to"
* insert BundleOf([[apply-form-wang-document]], 2026-11-18T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/apply-form-wang"
* entry[composition].resource = apply-form-wang
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-wang"
* entry[patient].resource = patient-wang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: acceptance-slip-hypertension
InstanceOf: AcceptanceSlipComposition
Usage: #example
Title: "转诊回执：张秀兰 / Receipt of a referral of patient 1"
Description: "转诊回执示例 / An example of the receipt of a referral"
* insert CompositionOf([[acceptance-slip-hypertension]], patient-zhang, role-li, qingxi-county-hospital, 2026-11-20, [[转诊回执]])
* insert SectionText(conclusion, [[接收结论]], [[同意接收。]])
* insert SectionText(arrangement, [[接收安排]], [[11月20日13:50 心血管内科门诊，李建国医生；预留12床。]])

Instance: acceptance-slip-hypertension-document
InstanceOf: AcceptanceSlipDocument
Usage: #example
Title: "转诊回执文书包：张秀兰 / Document of the receipt of a referral, patient 1"
Description: "转诊回执及其引用的资源 / The receipt of a referral with all that it refers to"
* insert BundleOf([[acceptance-slip-hypertension-document]], 2026-11-20T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/acceptance-slip-hypertension"
* entry[composition].resource = acceptance-slip-hypertension
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: acceptance-slip-wang
InstanceOf: AcceptanceSlipComposition
Usage: #example
Title: "转诊回执：王守田 / Receipt of a referral of patient 3"
Description: "转诊回执示例 / An example of the receipt of a referral"
* insert CompositionOf([[acceptance-slip-wang]], patient-wang, role-li, qingxi-county-hospital, 2026-11-19, [[转诊回执]])
* insert SectionText(conclusion, [[接收结论]], [[不予接收：本院无精神科床位，建议转市第二医院。]])

Instance: acceptance-slip-wang-document
InstanceOf: AcceptanceSlipDocument
Usage: #example
Title: "转诊回执文书包：王守田 / Document of the receipt of a referral, patient 3"
Description: "转诊回执及其引用的资源 / The receipt of a referral with all that it refers to"
* insert BundleOf([[acceptance-slip-wang-document]], 2026-11-19T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/acceptance-slip-wang"
* entry[composition].resource = acceptance-slip-wang
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-wang"
* entry[patient].resource = patient-wang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: feedback-report-hypertension
InstanceOf: FeedbackReportComposition
Usage: #example
Title: "转诊反馈报告：张秀兰 / Feedback on a referral of patient 1"
Description: "转诊反馈报告示例 / An example of the feedback on a referral"
* insert CompositionOf([[feedback-report-hypertension]], patient-zhang, role-li, qingxi-county-hospital, 2026-12-02, [[转诊反馈报告]])
* insert SectionText(diagnosis, [[诊断意见]], [[高血压病3级（极高危）；左心室肥厚]])
* insert SectionText(change, [[病情变化]], [[头晕、头痛缓解。]])
* insert SectionText(effect, [[治疗效果]], [[好转，血压 135/85 mmHg。]])
* insert SectionText(medication, [[用药方案]], [[氨氯地平 5mg qd，缬沙坦 80mg qd。]])
* insert SectionText(advice, [[治疗建议]], [[每2周测血压，1个月后复查肾功能。]])
* insert SectionText(rehabilitation, [[康复指导]], [[低盐饮食，每日步行30分钟。]])
* insert SectionText(prognosis, [[预后评估]], [[坚持服药预后良好。]])

Instance: feedback-report-hypertension-document
InstanceOf: FeedbackReportDocument
Usage: #example
Title: "转诊反馈报告文书包：张秀兰 / Document of the feedback on a referral, patient 1"
Description: "转诊反馈报告及其引用的资源 / The feedback on a referral with all that it refers to"
* insert BundleOf([[feedback-report-hypertension-document]], 2026-12-02T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/feedback-report-hypertension"
* entry[composition].resource = feedback-report-hypertension
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: feedback-report-child
InstanceOf: FeedbackReportComposition
Usage: #example
Title: "转诊反馈报告：李小海 / Feedback on a referral of patient 2"
Description: "转诊反馈报告示例 / An example of the feedback on a referral"
* insert CompositionOf([[feedback-report-child]], patient-li-boy, role-li, qingxi-county-hospital, 2026-11-28, [[转诊反馈报告]])
* insert SectionText(diagnosis, [[诊断意见]], [[急性阑尾炎]])
* insert SectionText(effect, [[治疗效果]], [[治愈。]])
* insert SectionText(advice, [[治疗建议]], [[隔日换药，7天拆线。]])

Instance: feedback-report-child-document
InstanceOf: FeedbackReportDocument
Usage: #example
Title: "转诊反馈报告文书包：李小海 / Document of the feedback on a referral, patient 2"
Description: "转诊反馈报告及其引用的资源 / The feedback on a referral with all that it refers to"
* insert BundleOf([[feedback-report-child-document]], 2026-11-28T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/feedback-report-child"
* entry[composition].resource = feedback-report-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: consult-request-zhang
InstanceOf: ConsultRequestComposition
Usage: #example
Title: "远程会诊申请单：张秀兰 / Application for a remote consultation of patient 1"
Description: "远程会诊申请单示例 / An example of the application for a remote consultation"
* insert CompositionOf([[consult-request-zhang]], patient-zhang, role-zhou, qingxi-health-center, 2026-12-14, [[远程会诊申请单]])
* insert SectionText(summary, [[病历摘要]], [[高血压病3级，回转后12天，血压波动于 150–170/90–100 mmHg。]])
* insert SectionText(reason, [[会诊理由]], [[请指导用药调整。]])
* insert SectionText(purpose, [[会诊目的]], [[拟请心血管内科副主任医师以上。]])

Instance: consult-request-zhang-document
InstanceOf: ConsultRequestDocument
Usage: #example
Title: "远程会诊申请单文书包：张秀兰 / Document of the application for a remote consultation, patient 1"
Description: "远程会诊申请单及其引用的资源 / The application for a remote consultation with all that it refers to"
* insert BundleOf([[consult-request-zhang-document]], 2026-12-14T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/consult-request-zhang"
* entry[composition].resource = consult-request-zhang
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: consult-request-child
InstanceOf: ConsultRequestComposition
Usage: #example
Title: "远程会诊申请单：李小海 / Application for a remote consultation of patient 2"
Description: "远程会诊申请单示例 / An example of the application for a remote consultation"
* insert CompositionOf([[consult-request-child]], patient-li-boy, role-zhou, qingxi-health-center, 2026-12-03, [[远程会诊申请单]])
* insert SectionText(summary, [[病历摘要]], [[阑尾切除术后5天，切口红肿渗液，体温 37.8℃。]])
* insert SectionText(reason, [[会诊理由]], [[切口感染处理。]])

Instance: consult-request-child-document
InstanceOf: ConsultRequestDocument
Usage: #example
Title: "远程会诊申请单文书包：李小海 / Document of the application for a remote consultation, patient 2"
Description: "远程会诊申请单及其引用的资源 / The application for a remote consultation with all that it refers to"
* insert BundleOf([[consult-request-child-document]], 2026-12-03T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/consult-request-child"
* entry[composition].resource = consult-request-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: consult-opinion-zhang
InstanceOf: ConsultOpinionComposition
Usage: #example
Title: "会诊意见：张秀兰 / Opinion of a consultation of patient 1"
Description: "会诊意见示例 / An example of the opinion of a consultation"
* insert CompositionOf([[consult-opinion-zhang]], patient-zhang, role-li, qingxi-county-hospital, 2026-12-16, [[会诊意见]])
* type.coding[1] = $cda-document#C0045
* insert SectionText(assessment, [[健康评估（病历摘要）]], [[血压波动，考虑夜间血压升高。]])
* insert SectionText(opinion, [[会诊意见]], [[缬沙坦增至 160mg qd，睡前服用；完善动态血压监测。]])
* insert SectionText(plan, [[治疗计划]], [[两周后复诊。]])

Instance: consult-opinion-zhang-document
InstanceOf: ConsultOpinionDocument
Usage: #example
Title: "会诊意见文书包：张秀兰 / Document of the opinion of a consultation, patient 1"
Description: "会诊意见及其引用的资源 / The opinion of a consultation with all that it refers to"
* insert BundleOf([[consult-opinion-zhang-document]], 2026-12-16T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/consult-opinion-zhang"
* entry[composition].resource = consult-opinion-zhang
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: consult-opinion-child
InstanceOf: ConsultOpinionComposition
Usage: #example
Title: "会诊意见：李小海 / Opinion of a consultation of patient 2"
Description: "会诊意见示例 / An example of the opinion of a consultation"
* insert CompositionOf([[consult-opinion-child]], patient-li-boy, role-li, qingxi-county-hospital, 2026-12-03, [[会诊意见]])
* insert SectionText(diagnosis, [[诊断]], [[切口浅层感染]])
* insert SectionText(opinion, [[会诊意见]], [[拆除一针缝线引流，每日换药，口服头孢类前先确认过敏史。]])

Instance: consult-opinion-child-document
InstanceOf: ConsultOpinionDocument
Usage: #example
Title: "会诊意见文书包：李小海 / Document of the opinion of a consultation, patient 2"
Description: "会诊意见及其引用的资源 / The opinion of a consultation with all that it refers to"
* insert BundleOf([[consult-opinion-child-document]], 2026-12-03T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/consult-opinion-child"
* entry[composition].resource = consult-opinion-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: insurance-approval-hypertension
InstanceOf: InsuranceApprovalComposition
Usage: #example
Title: "转诊审批表：张秀兰 / Approval by the insurance of patient 1"
Description: "转诊审批表示例 / An example of the approval by the insurance"
* insert CompositionOf([[insurance-approval-hypertension]], patient-zhang, role-zhou, qingxi-health-center, 2026-11-20, [[转诊审批表]])
* insert SectionText(diagnosis, [[疾病诊断]], [[高血压病3级]])
* insert SectionText(reason, [[转诊转院理由]], [[本院条件有限，转青溪县人民医院心血管内科住院。]])
* insert SectionText(hospital, [[医疗机构意见]], [[同意转诊。]])
* insert SectionText(insurance, [[医保审批意见]], [[同意备案。]])

Instance: insurance-approval-hypertension-document
InstanceOf: InsuranceApprovalDocument
Usage: #example
Title: "转诊审批表文书包：张秀兰 / Document of the approval by the insurance, patient 1"
Description: "转诊审批表及其引用的资源 / The approval by the insurance with all that it refers to"
* insert BundleOf([[insurance-approval-hypertension-document]], 2026-11-20T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/insurance-approval-hypertension"
* entry[composition].resource = insurance-approval-hypertension
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: insurance-approval-wang
InstanceOf: InsuranceApprovalComposition
Usage: #example
Title: "转诊审批表：王守田 / Approval by the insurance of patient 3"
Description: "转诊审批表示例 / An example of the approval by the insurance"
* insert CompositionOf([[insurance-approval-wang]], patient-wang, role-zhou, qingxi-health-center, 2026-12-11, [[转诊审批表]])
* insert SectionText(diagnosis, [[疾病诊断]], [[阿尔茨海默病]])
* insert SectionText(reason, [[转诊转院理由]], [[需专科住院。]])
* insert SectionText(hospital, [[医疗机构意见]], [[医务科、医保科：同意。]])

Instance: insurance-approval-wang-document
InstanceOf: InsuranceApprovalDocument
Usage: #example
Title: "转诊审批表文书包：王守田 / Document of the approval by the insurance, patient 3"
Description: "转诊审批表及其引用的资源 / The approval by the insurance with all that it refers to"
* insert BundleOf([[insurance-approval-wang-document]], 2026-12-11T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/insurance-approval-wang"
* entry[composition].resource = insurance-approval-wang
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-wang"
* entry[patient].resource = patient-wang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: consent-document-zhang
InstanceOf: ConsentFormComposition
Usage: #example
Title: "转诊知情同意书：张秀兰 / Consent form of patient 1"
Description: "转诊知情同意书示例 / An example of the consent form"
* insert CompositionOf([[consent-document-zhang]], patient-zhang, role-zhou, qingxi-health-center, 2026-11-20, [[转诊知情同意书]])
* insert SectionText(referralInfo, [[转诊信息]], [[由青溪镇中心卫生院上转青溪县人民医院；告知医生周明。]])
* insert SectionText(disclosure, [[告知事项]], [[已说明病情、转诊原因和必要性；仍须挂号、缴费。]])
* insert SectionText(risks, [[风险提示]], [[途中病情变化、交通延误、无号源或床位的可能。]])
* insert SectionText(choice, [[患者选择]], [[☑ 同意转诊 □ 不同意转诊]])
* insert SectionText(signatures, [[签署区]], [[患者本人签名，2026-11-20。]])

Instance: consent-document-zhang-document
InstanceOf: ConsentFormDocument
Usage: #example
Title: "转诊知情同意书文书包：张秀兰 / Document of the consent form, patient 1"
Description: "转诊知情同意书及其引用的资源 / The consent form with all that it refers to"
* insert BundleOf([[consent-document-zhang-document]], 2026-11-20T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/consent-document-zhang"
* entry[composition].resource = consent-document-zhang
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: consent-document-child
InstanceOf: ConsentFormComposition
Usage: #example
Title: "转诊知情同意书：李小海 / Consent form of patient 2"
Description: "转诊知情同意书示例 / An example of the consent form"
* insert CompositionOf([[consent-document-child]], patient-li-boy, role-zhou, qingxi-health-center, 2026-11-22, [[转诊知情同意书]])
* insert SectionText(referralInfo, [[转诊信息]], [[急诊上转青溪县人民医院；告知医生周明。]])
* insert SectionText(disclosure, [[告知事项]], [[已向监护人说明病情和手术可能。]])
* insert SectionText(risks, [[风险提示]], [[转运途中病情加重。]])
* insert SectionText(choice, [[患者选择]], [[☑ 同意转诊 □ 不同意转诊]])
* insert SectionText(signatures, [[签署区]], [[监护人（母亲）签名。]])

Instance: consent-document-child-document
InstanceOf: ConsentFormDocument
Usage: #example
Title: "转诊知情同意书文书包：李小海 / Document of the consent form, patient 2"
Description: "转诊知情同意书及其引用的资源 / The consent form with all that it refers to"
* insert BundleOf([[consent-document-child-document]], 2026-11-22T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/consent-document-child"
* entry[composition].resource = consent-document-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-zhou"
* entry[2].resource = role-zhou
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-zhou"
* entry[3].resource = practitioner-zhou
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-health-center"
* entry[4].resource = qingxi-health-center

Instance: followup-record-zhang
InstanceOf: FollowUpRecordComposition
Usage: #example
Title: "回访记录：张秀兰 / Record of a follow-up of patient 1"
Description: "回访记录示例 / An example of the record of a follow-up"
* insert CompositionOf([[followup-record-zhang]], patient-zhang, role-li, qingxi-county-hospital, 2026-12-07, [[回访记录]])
* insert SectionText(result, [[回访结果]], [[电话接通；按时服药；满意度5分；无问题。]])
* insert SectionText(advice, [[处理建议]], [[继续随访。]])

Instance: followup-record-zhang-document
InstanceOf: FollowUpRecordDocument
Usage: #example
Title: "回访记录文书包：张秀兰 / Document of the record of a follow-up, patient 1"
Description: "回访记录及其引用的资源 / The record of a follow-up with all that it refers to"
* insert BundleOf([[followup-record-zhang-document]], 2026-12-07T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/followup-record-zhang"
* entry[composition].resource = followup-record-zhang
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: followup-record-child
InstanceOf: FollowUpRecordComposition
Usage: #example
Title: "回访记录：李小海 / Record of a follow-up of patient 2"
Description: "回访记录示例 / An example of the record of a follow-up"
* insert CompositionOf([[followup-record-child]], patient-li-boy, role-li, qingxi-county-hospital, 2026-12-02, [[回访记录]])
* insert SectionText(result, [[回访结果]], [[电话未接通，次日再访。]])

Instance: followup-record-child-document
InstanceOf: FollowUpRecordDocument
Usage: #example
Title: "回访记录文书包：李小海 / Document of the record of a follow-up, patient 2"
Description: "回访记录及其引用的资源 / The record of a follow-up with all that it refers to"
* insert BundleOf([[followup-record-child-document]], 2026-12-02T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/followup-record-child"
* entry[composition].resource = followup-record-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: hand-over-child
InstanceOf: HandOverComposition
Usage: #example
Title: "交接单：李小海 / Hand-over of patient 2"
Description: "交接单示例 / An example of the hand-over"
* insert CompositionOf([[hand-over-child]], patient-li-boy, role-li, qingxi-county-hospital, 2026-11-22, [[交接单]])
* insert SectionText(condition, [[病情交接]], [[体温 38.2℃，脉搏 112 次/分，血压 98/60 mmHg，神志清。]])
* insert SectionText(items, [[交接物品与资料]], [[转出单、血常规报告。]])
* insert SectionText(signatures, [[交接签字]], [[卫生院随车护士、县医院急诊科护士双方签字。]])

Instance: hand-over-child-document
InstanceOf: HandOverDocument
Usage: #example
Title: "交接单文书包：李小海 / Document of the hand-over, patient 2"
Description: "交接单及其引用的资源 / The hand-over with all that it refers to"
* insert BundleOf([[hand-over-child-document]], 2026-11-22T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/hand-over-child"
* entry[composition].resource = hand-over-child
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-li-boy"
* entry[patient].resource = patient-li-boy
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital

Instance: hand-over-zhang
InstanceOf: HandOverComposition
Usage: #example
Title: "交接单：张秀兰 / Hand-over of patient 1"
Description: "交接单示例 / An example of the hand-over"
* insert CompositionOf([[hand-over-zhang]], patient-zhang, role-li, qingxi-county-hospital, 2026-11-20, [[交接单]])
* insert SectionText(condition, [[病情交接]], [[血压 168/98 mmHg，神志清，步行入院。]])
* insert SectionText(signatures, [[交接签字]], [[客服中心人员、心血管内科护士双方签字。]])

Instance: hand-over-zhang-document
InstanceOf: HandOverDocument
Usage: #example
Title: "交接单文书包：张秀兰 / Document of the hand-over, patient 1"
Description: "交接单及其引用的资源 / The hand-over with all that it refers to"
* insert BundleOf([[hand-over-zhang-document]], 2026-11-20T18:00:00+08:00)
* entry[composition].fullUrl = "http://referral.consortium.cn/fhir/Composition/hand-over-zhang"
* entry[composition].resource = hand-over-zhang
* entry[patient].fullUrl = "http://referral.consortium.cn/fhir/Patient/patient-zhang"
* entry[patient].resource = patient-zhang
* entry[2].fullUrl = "http://referral.consortium.cn/fhir/PractitionerRole/role-li"
* entry[2].resource = role-li
* entry[3].fullUrl = "http://referral.consortium.cn/fhir/Practitioner/practitioner-li"
* entry[3].resource = practitioner-li
* entry[4].fullUrl = "http://referral.consortium.cn/fhir/Organization/qingxi-county-hospital"
* entry[4].resource = qingxi-county-hospital
Instance: written-patient
InstanceOf: Patient
Usage: #inline
* name.text = "张秀兰"
* telecom.system = #phone
* telecom.value = "13800000000"
* gender = #female

Instance: written-doctor
InstanceOf: PractitionerRole
Usage: #inline
* practitioner.display = "周明"
* organization.display = "青溪镇中心卫生院"
* telecom.system = #phone
* telecom.value = "0999-5550105"

