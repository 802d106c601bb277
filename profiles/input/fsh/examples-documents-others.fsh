// Consultations, insurance, consent, follow-up, hand-over, two of each.

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
