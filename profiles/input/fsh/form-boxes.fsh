// Which box of which other form an element stands for (the national forms are beside the profiles).

Mapping: ReferralRequestCountyBoxes
Source: ReferralRequest
Target: "http://referral.consortium.cn/fhir/forms/county"
Id: county
Title: "县级双向转诊单（含医保、审批） / County slip with insurance and approval"
* identifier[requestNo] -> "转诊单号"
* insurance -> "医保证(卡)号"
* extension[validUntil] -> "转诊单有效期"

Mapping: ReferralCoverageCountyBoxes
Source: ReferralCoverage
Target: "http://referral.consortium.cn/fhir/forms/county"
Id: county
Title: "县级双向转诊单（含医保、审批） / County slip with insurance and approval"
* identifier -> "医保证(卡)号"

Mapping: ReferralAllergyCountyBoxes
Source: ReferralAllergy
Target: "http://referral.consortium.cn/fhir/forms/county"
Id: county
Title: "县级双向转诊单（含医保、审批） / County slip with insurance and approval"
* code -> "过敏史（有过敏史、无明确过敏史、暂不清楚）"

Mapping: ApprovalTaskCountyBoxes
Source: ApprovalTask
Target: "http://referral.consortium.cn/fhir/forms/county"
Id: county
Title: "县级双向转诊单（含医保、审批） / County slip with insurance and approval"
* note -> "院方审批意见"

Mapping: OutpatientEncounterCountyBoxes
Source: OutpatientEncounter
Target: "http://referral.consortium.cn/fhir/forms/county"
Id: county
Title: "县级双向转诊单（含医保、审批） / County slip with insurance and approval"
* class -> "就诊类型（门诊、急诊）"
* serviceProvider -> "接收安排：机构"

Mapping: InpatientEncounterCountyBoxes
Source: InpatientEncounter
Target: "http://referral.consortium.cn/fhir/forms/county"
Id: county
Title: "县级双向转诊单（含医保、审批） / County slip with insurance and approval"
* class -> "就诊类型（住院）"
* location -> "接收安排：科室、床位"

Mapping: OrganizationSealCountyBoxes
Source: OrganizationSeal
Target: "http://referral.consortium.cn/fhir/forms/county"
Id: county
Title: "县级双向转诊单（含医保、审批） / County slip with insurance and approval"
* signature -> "加盖公章"

Mapping: ReferralTaskCountyBoxes
Source: ReferralTask
Target: "http://referral.consortium.cn/fhir/forms/county"
Id: county
Title: "县级双向转诊单（含医保、审批） / County slip with insurance and approval"
* statusReason -> "关闭原因"
* executionPeriod -> "关闭时间"
* status -> "转运中、已完成、已关闭"

Mapping: UpFormCompositionCountyBoxes
Source: UpFormComposition
Target: "http://referral.consortium.cn/fhir/forms/county"
Id: county
Title: "县级双向转诊单（含医保、审批） / County slip with insurance and approval"
* section[allergies] -> "过敏史"
* section[approval] -> "院方审批意见"

Mapping: ReferralRequestReceiptFormBoxes
Source: ReferralRequest
Target: "http://referral.consortium.cn/fhir/forms/receipt-form"
Id: receipt-form
Title: "医共体转诊接收单（本项目所定） / Report of a referral (this project's own)"
* identifier[requestNo] -> "报备编号"
* category -> "上转或下接、业务类型"
* requester -> "转诊成员单位、报备人、联系电话"
* performer -> "接收成员单位、科室、医生"
* reasonCode -> "病情、转诊目的、要求检查项目"
* code -> "要求检查项目"
* extension[transportMode] -> "是否需要派车"
* extension[escortNeeded] -> "是否需要陪同"
* extension[departurePlace] -> "出发地点"
* occurrence[x] -> "预计到达、标本接收时间"

Mapping: ReferralTaskReceiptFormBoxes
Source: ReferralTask
Target: "http://referral.consortium.cn/fhir/forms/receipt-form"
Id: receipt-form
Title: "医共体转诊接收单（本项目所定） / Report of a referral (this project's own)"
* extension[milestone] -> "报备时间、接收确认时间"

Mapping: ReferralCommunicationReceiptFormBoxes
Source: ReferralCommunication
Target: "http://referral.consortium.cn/fhir/forms/receipt-form"
Id: receipt-form
Title: "医共体转诊接收单（本项目所定） / Report of a referral (this project's own)"
* sender -> "接收确认人"

Mapping: ReferralPatientReceiptFormBoxes
Source: ReferralPatient
Target: "http://referral.consortium.cn/fhir/forms/receipt-form"
Id: receipt-form
Title: "医共体转诊接收单（本项目所定） / Report of a referral (this project's own)"
* name -> "患者姓名"
* gender -> "性别"
* birthDate -> "年龄"
* identifier[residentId] -> "身份证号"
* telecom -> "患者电话"

Mapping: ProvisionalConditionReceiptFormBoxes
Source: ProvisionalCondition
Target: "http://referral.consortium.cn/fhir/forms/receipt-form"
Id: receipt-form
Title: "医共体转诊接收单（本项目所定） / Report of a referral (this project's own)"
* code -> "诊断（门诊诊断）"

Mapping: FormPhotoReceiptFormBoxes
Source: FormPhoto
Target: "http://referral.consortium.cn/fhir/forms/receipt-form"
Id: receipt-form
Title: "医共体转诊接收单（本项目所定） / Report of a referral (this project's own)"
* content -> "单据照片"

Mapping: ReceiptFormCompositionReceiptFormBoxes
Source: ReceiptFormComposition
Target: "http://referral.consortium.cn/fhir/forms/receipt-form"
Id: receipt-form
Title: "医共体转诊接收单（本项目所定） / Report of a referral (this project's own)"
* section[referralInfo] -> "上转或下接、业务类型、接收成员单位、派车与陪同"
* section[diagnosis] -> "诊断（门诊诊断）"
* section[purpose] -> "病情、转诊目的、要求检查项目"

Mapping: ReferralPatientApplyFormBoxes
Source: ReferralPatient
Target: "http://referral.consortium.cn/fhir/forms/apply-form"
Id: apply-form
Title: "转诊申请表 / Application for referral"
* name -> "姓名"
* gender -> "性别"
* birthDate -> "年龄"
* identifier[residentId] -> "身份证"
* telecom -> "电话"
* address -> "住址"

Mapping: ReferralRequestApplyFormBoxes
Source: ReferralRequest
Target: "http://referral.consortium.cn/fhir/forms/apply-form"
Id: apply-form
Title: "转诊申请表 / Application for referral"
* note -> "病情描述、治疗要求、目前诊疗意见"
* reasonCode -> "转诊原因、转诊目的"
* code -> "需要进行的检查或治疗"
* supportingInfo -> "相关病历资料、检查报告"

Mapping: ProvisionalConditionApplyFormBoxes
Source: ProvisionalCondition
Target: "http://referral.consortium.cn/fhir/forms/apply-form"
Id: apply-form
Title: "转诊申请表 / Application for referral"
* code -> "诊断结果、初步诊断"

Mapping: DoctorSignatureApplyFormBoxes
Source: DoctorSignature
Target: "http://referral.consortium.cn/fhir/forms/apply-form"
Id: apply-form
Title: "转诊申请表 / Application for referral"
* signature -> "初级医生签字、专科医生签字"

Mapping: OrganizationSealApplyFormBoxes
Source: OrganizationSeal
Target: "http://referral.consortium.cn/fhir/forms/apply-form"
Id: apply-form
Title: "转诊申请表 / Application for referral"
* signature -> "医院印章"

Mapping: ApplyFormCompositionApplyFormBoxes
Source: ApplyFormComposition
Target: "http://referral.consortium.cn/fhir/forms/apply-form"
Id: apply-form
Title: "转诊申请表 / Application for referral"
* section[patientInfo] -> "患者基本信息"
* section[condition] -> "病情描述"
* section[diagnosis] -> "诊断结果、初步诊断"
* section[purpose] -> "转诊目的"
* section[reason] -> "转诊原因"
* section[requestedCare] -> "需要进行的检查或治疗、治疗要求"
* section[course] -> "治疗经过"
* section[opinion] -> "目前诊疗意见"
* section[pastHistory] -> "既往病史"
* section[examination] -> "全面体格检查结果"

Mapping: ReferralRequestFeedbackBoxes
Source: ReferralRequest
Target: "http://referral.consortium.cn/fhir/forms/feedback"
Id: feedback
Title: "转诊回执、转诊反馈报告 / Receipt and feedback"
* identifier[requestNo] -> "转诊单号"

Mapping: ReferralTaskFeedbackBoxes
Source: ReferralTask
Target: "http://referral.consortium.cn/fhir/forms/feedback"
Id: feedback
Title: "转诊回执、转诊反馈报告 / Receipt and feedback"
* status -> "接收结论（接收、不接收）"
* statusReason -> "不接收原因"
* output -> "反馈报告"
* owner -> "接收机构、科室、医生"
* extension[milestone] -> "到诊日期"

Mapping: AcceptanceSlipCompositionFeedbackBoxes
Source: AcceptanceSlipComposition
Target: "http://referral.consortium.cn/fhir/forms/feedback"
Id: feedback
Title: "转诊回执、转诊反馈报告 / Receipt and feedback"
* section[conclusion] -> "接收结论"
* section[arrangement] -> "到诊日期、接收科室、医生"

Mapping: FeedbackReportCompositionFeedbackBoxes
Source: FeedbackReportComposition
Target: "http://referral.consortium.cn/fhir/forms/feedback"
Id: feedback
Title: "转诊回执、转诊反馈报告 / Receipt and feedback"
* subject -> "患者"
* author -> "医生签字"
* date -> "日期"
* custodian -> "机构"
* section[diagnosis] -> "诊断意见"
* section[change] -> "病情变化"
* section[results] -> "检查结果"
* section[effect] -> "治疗结果、治疗效果"
* section[medication] -> "用药方案"
* section[advice] -> "治疗建议、下一步计划"
* section[rehabilitation] -> "康复指导"
* section[prognosis] -> "预后评估"

Mapping: ReferralAppointmentFeedbackBoxes
Source: ReferralAppointment
Target: "http://referral.consortium.cn/fhir/forms/feedback"
Id: feedback
Title: "转诊回执、转诊反馈报告 / Receipt and feedback"
* start -> "回访、复诊时间"

Mapping: ReferralConsentConsentFormBoxes
Source: ReferralConsent
Target: "http://referral.consortium.cn/fhir/forms/consent-form"
Id: consent-form
Title: "转诊知情同意书 / Consent form"
* patient -> "一、患者基本信息"
* organization -> "二、转出机构"
* provision -> "五、患者选择（同意、不同意转诊）"
* performer -> "六、患者或家属签名、与患者关系、联系电话"
* dateTime -> "六、签署日期"
* source[x] -> "知情同意书原件"

Mapping: ConsentFormCompositionConsentFormBoxes
Source: ConsentFormComposition
Target: "http://referral.consortium.cn/fhir/forms/consent-form"
Id: consent-form
Title: "转诊知情同意书 / Consent form"
* section[referralInfo] -> "二、转诊信息"
* section[disclosure] -> "三、告知事项"
* section[risks] -> "四、风险提示"
* section[choice] -> "五、患者选择"
* section[signatures] -> "六、签署区"

Mapping: ReferralGuardianConsentFormBoxes
Source: ReferralGuardian
Target: "http://referral.consortium.cn/fhir/forms/consent-form"
Id: consent-form
Title: "转诊知情同意书 / Consent form"
* name -> "六、家属签名"
* relationship -> "六、与患者关系"
* telecom -> "六、联系电话"

Mapping: DoctorSignatureConsentFormBoxes
Source: DoctorSignature
Target: "http://referral.consortium.cn/fhir/forms/consent-form"
Id: consent-form
Title: "转诊知情同意书 / Consent form"
* signature -> "六、告知医生签名、日期"

Mapping: OrganizationSealConsentFormBoxes
Source: OrganizationSeal
Target: "http://referral.consortium.cn/fhir/forms/consent-form"
Id: consent-form
Title: "转诊知情同意书 / Consent form"
* signature -> "六、医疗机构盖章、日期"

Mapping: ReferralPatientInsuranceApprovalBoxes
Source: ReferralPatient
Target: "http://referral.consortium.cn/fhir/forms/insurance-approval"
Id: insurance-approval
Title: "新农合、医保转诊审批表 / Approval by the insurance"
* name -> "姓名"
* gender -> "性别"
* birthDate -> "年龄"
* address -> "地址"

Mapping: ReferralCoverageInsuranceApprovalBoxes
Source: ReferralCoverage
Target: "http://referral.consortium.cn/fhir/forms/insurance-approval"
Id: insurance-approval
Title: "新农合、医保转诊审批表 / Approval by the insurance"
* identifier -> "医疗证号"

Mapping: ReferralRequestInsuranceApprovalBoxes
Source: ReferralRequest
Target: "http://referral.consortium.cn/fhir/forms/insurance-approval"
Id: insurance-approval
Title: "新农合、医保转诊审批表 / Approval by the insurance"
* authoredOn -> "转诊转院日期"
* performer -> "转诊转院去向、转入医院科室"
* reasonCode -> "转诊转院理由"

Mapping: SendingEncounterInsuranceApprovalBoxes
Source: SendingEncounter
Target: "http://referral.consortium.cn/fhir/forms/insurance-approval"
Id: insurance-approval
Title: "新农合、医保转诊审批表 / Approval by the insurance"
* period -> "首诊医院住院日期"
* serviceProvider -> "就诊医院科室"

Mapping: ApprovalTaskInsuranceApprovalBoxes
Source: ApprovalTask
Target: "http://referral.consortium.cn/fhir/forms/insurance-approval"
Id: insurance-approval
Title: "新农合、医保转诊审批表 / Approval by the insurance"
* owner -> "科主任、医务科、医保科"
* note -> "科主任签字、医疗机构意见"

Mapping: InsuranceApprovalCompositionInsuranceApprovalBoxes
Source: InsuranceApprovalComposition
Target: "http://referral.consortium.cn/fhir/forms/insurance-approval"
Id: insurance-approval
Title: "新农合、医保转诊审批表 / Approval by the insurance"
* section[diagnosis] -> "疾病诊断"
* section[reason] -> "转诊转院理由、去向"
* section[hospital] -> "医疗机构意见（医务科、医保科主任签字）"
* section[insurance] -> "市合管中心审批意见、审核人签字、签章"

Mapping: RemoteConsultationRequestConsultationBoxes
Source: RemoteConsultationRequest
Target: "http://referral.consortium.cn/fhir/forms/consultation"
Id: consultation
Title: "远程会诊申请单、会诊记录（C0045） / Remote consultation"
* identifier[requestNo] -> "电子申请单编号"
* performer -> "拟邀请的远程会诊医师"
* performerType -> "会诊医师专业及技术职务要求"
* reasonCode -> "会诊理由 DE06.00.039.00"
* occurrence[x] -> "时间"
* requester -> "会诊申请医师、会诊申请医疗机构与科室"

Mapping: ConsultRequestCompositionConsultationBoxes
Source: ConsultRequestComposition
Target: "http://referral.consortium.cn/fhir/forms/consultation"
Id: consultation
Title: "远程会诊申请单、会诊记录（C0045） / Remote consultation"
* section[summary] -> "拟会诊患者病历摘要 DE06.00.182.00"
* section[reason] -> "会诊理由 DE06.00.039.00"
* section[purpose] -> "会诊目的 DE06.00.214.00"

Mapping: ConsultOpinionCompositionConsultationBoxes
Source: ConsultOpinionComposition
Target: "http://referral.consortium.cn/fhir/forms/consultation"
Id: consultation
Title: "远程会诊申请单、会诊记录（C0045） / Remote consultation"
* author -> "会诊医师签名"
* custodian -> "会诊医师所在医疗机构名称"
* date -> "会诊日期时间"
* section[assessment] -> "病历摘要 DE06.00.182.00"
* section[diagnosis] -> "西医诊断 DE05.01.024.00、DE05.01.025.00"
* section[opinion] -> "会诊意见 DE06.00.018.00"
* section[plan] -> "诊疗过程、治则治法 DE06.00.297.00、DE06.00.300.00"

Mapping: TransportTaskHandOverBoxes
Source: TransportTask
Target: "http://referral.consortium.cn/fhir/forms/hand-over"
Id: hand-over
Title: "派车、陪同、交接单 / Transport, escort, hand-over"
* input -> "车辆、司机、电话、随车医护"
* executionPeriod -> "出发时间、到达时间"
* location -> "出发地点"
* owner -> "派车单位"

Mapping: EscortTaskHandOverBoxes
Source: EscortTask
Target: "http://referral.consortium.cn/fhir/forms/hand-over"
Id: hand-over
Title: "派车、陪同、交接单 / Transport, escort, hand-over"
* owner -> "陪同人员"
* location -> "会面地点"

Mapping: HandOverCompositionHandOverBoxes
Source: HandOverComposition
Target: "http://referral.consortium.cn/fhir/forms/hand-over"
Id: hand-over
Title: "派车、陪同、交接单 / Transport, escort, hand-over"
* section[condition] -> "病情交接（生命体征）"
* section[items] -> "交接物品与资料"
* section[signatures] -> "交接双方签字"
