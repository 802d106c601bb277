// Outward and return slips with their stubs, two of each.

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
