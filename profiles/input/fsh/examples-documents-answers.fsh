// Reports, applications, receipts, feedback, two of each.

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
