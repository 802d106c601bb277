// Story 1: Zhang Xiulan, hypertension out of control, goes up from the health centre to the county
// hospital, is admitted, and returns.

Instance: patient-zhang
InstanceOf: ReferralPatient
Usage: #example
Title: "张秀兰 / Patient of story 1"
Description: "高血压患者，58岁 / A patient with hypertension, 58"
* extension[sex].valueCoding = $gbt2261-sex#2
* identifier[residentId].use = #official
* identifier[residentId].system = $resident-id
* identifier[residentId].value = "990102196803120028"
* identifier[healthRecordNo].system = $health-record-no
* identifier[healthRecordNo].value = "99010210320100123"
* identifier[insuranceNo].system = $insurance-no
* identifier[insuranceNo].value = "99010000000000001234567"
* name.text = "张秀兰"
* telecom.system = #phone
* telecom.value = "13800000000"
* gender = #female
* birthDate = "1968-03-12"
* address.text = "青溪县青溪镇王家村12号"

Instance: condition-hypertension-provisional
InstanceOf: ProvisionalCondition
Usage: #example
Title: "初步印象：高血压病3级 / Provisional: hypertension"
Description: "卫生院的初步印象 / The health centre's impression"
* clinicalStatus = $condition-clinical#active
* verificationStatus = $condition-verification#provisional
* category = $condition-category#encounter-diagnosis
* code.coding = $icd10cn#I10.x00x003
* code.text = "高血压病3级（极高危）"
* subject = Reference(patient-zhang)
* recordedDate = "2026-11-20"
* recorder = Reference(role-zhou)

Instance: condition-hypertension-final
InstanceOf: FinalCondition
Usage: #example
Title: "诊断结果：高血压病3级 / Final: hypertension"
Description: "县医院的出院诊断 / The hospital's diagnosis"
* clinicalStatus = $condition-clinical#active
* verificationStatus = $condition-verification#confirmed
* category = $condition-category#encounter-diagnosis
* code.text = "高血压病3级（极高危）；左心室肥厚"
* subject = Reference(patient-zhang)
* recordedDate = "2026-12-02"
* recorder = Reference(role-li)

Instance: up-referral-hypertension
InstanceOf: UpReferralRequest
Usage: #example
Title: "上转：高血压控制不佳 / Up-referral: hypertension"
Description: "卫生院上转县医院 / From the health centre to the county hospital"
* extension[printedAge].valueInteger = 58
* extension[validUntil].valueDateTime = "2026-11-27"
* identifier[requestNo].system = $request-no
* identifier[requestNo].value = "QX-2026-000456"
* requisition.system = $episode
* requisition.value = "EP-2026-0789"
* status = #active
* intent = #order
* category[direction] = $category#up-referral
* priority = #routine
* code = $sct#3457005
* code.text = "双向转诊"
* subject = Reference(patient-zhang) "张秀兰"
* authoredOn = "2026-11-20"
* requester = Reference(role-zhou) "周明"
* performer[0] = Reference(qingxi-county-hospital) "青溪县人民医院"
* performer[+] = Reference(department-cardiology) "心血管内科"
* performer[+] = Reference(role-li) "李建国"
* reasonCode.coding = $criterion#U08
* reasonCode.text = "反复头晕、头痛5年，加重3天。血压 190/110 mmHg，口服氨氯地平 5mg qd 控制不佳。"
* reasonReference = Reference(condition-hypertension-provisional)

Instance: task-hypertension-reported
InstanceOf: ReferralTask
Usage: #example
Title: "转诊任务：已报备 / Task: reported"
Description: "已报备，等待接收 / Reported, awaiting the receiver"
* extension[milestone].extension[code].valueCode = #reportedAt
* extension[milestone].extension[at].valueDateTime = "2026-11-20T09:30:00+08:00"
* extension[sla].extension[code].valueCode = #decision
* extension[sla].extension[start].valueDateTime = "2026-11-20T09:30:00+08:00"
* extension[sla].extension[due].valueDateTime = "2026-11-21T09:30:00+08:00"
* identifier.system = $request-no
* identifier.value = "QX-2026-000456"
* groupIdentifier.system = $episode
* groupIdentifier.value = "EP-2026-0789"
* status = #requested
* businessStatus = $business-status#reported
* intent = #order
* code = $task-code#fulfill
* focus = Reference(up-referral-hypertension)
* for = Reference(patient-zhang)
* authoredOn = "2026-11-20T09:30:00+08:00"
* lastModified = "2026-11-20T09:30:00+08:00"
* requester = Reference(role-zhou)
* owner = Reference(qingxi-county-hospital)

Instance: down-referral-hypertension
InstanceOf: DownReferralRequest
Usage: #example
Title: "回转：高血压病情稳定 / Return: hypertension, stable"
Description: "县医院出院后回转卫生院 / Back to the health centre after the stay"
* extension[printedAge].valueInteger = 58
* identifier[requestNo].system = $request-no
* identifier[requestNo].value = "XRM-2026-001207"
* basedOn = Reference(up-referral-hypertension)
* requisition.system = $episode
* requisition.value = "EP-2026-0789"
* status = #active
* intent = #order
* category[direction] = $category#down-referral
* code = $sct#3457005
* code.text = "双向转诊"
* subject = Reference(patient-zhang) "张秀兰"
* authoredOn = "2026-12-02"
* requester = Reference(role-li) "李建国"
* performer[0] = Reference(qingxi-health-center) "青溪镇中心卫生院"
* performer[+] = Reference(role-zhou) "周明"
* reasonCode.coding = $criterion#D07
* reasonCode.text = "血压控制平稳，需继续治疗、随访"
* reasonReference = Reference(condition-hypertension-final)
* supportingInfo.display = "回转单（纸质）"

Instance: up-referral-insisted
InstanceOf: UpReferralRequest
Usage: #example
Title: "上转：患者坚决要求 / Up-referral: the patient insists"
Description: "不符合指征，患者坚决要求并自选医院 / No criterion is met; the patient insists and chose the hospital"
* extension[patientInsisted].valueBoolean = true
* extension[patientChoice].valueBoolean = true
* extension[routingDeviation].valueCodeableConcept = $routing-deviation#patient-choice
* extension[transportMode].valueCodeableConcept = $transport#self
* identifier[requestNo].system = $request-no
* identifier[requestNo].value = "QX-2026-000490"
* status = #active
* intent = #order
* category[direction] = $category#up-referral
* category[1] = $visit-type#outpatient
* code.text = "双向转诊"
* subject = Reference(patient-wang) "王守田"
* authoredOn = "2026-12-10"
* requester = Reference(role-zhou) "周明"
* performer = Reference(qingxi-county-hospital) "青溪县人民医院"
* reasonCode.coding = $criterion#U90
* reasonCode.text = "家属坚决要求到县医院就诊，已告知不符合转诊指征。"
* reasonReference = Reference(condition-dementia-provisional)

Instance: condition-dementia-provisional
InstanceOf: ProvisionalCondition
Usage: #example
Title: "初步印象：痴呆 / Provisional: dementia"
Description: "待查 / To be examined"
* clinicalStatus = $condition-clinical#active
* verificationStatus = $condition-verification#provisional
* category = $condition-category#encounter-diagnosis
* code.text = "阿尔茨海默病？"
* subject = Reference(patient-wang)
* recordedDate = "2026-11-18"
* recorder = Reference(role-zhou)
