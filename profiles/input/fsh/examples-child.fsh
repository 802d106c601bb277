// Story 2: a boy of seven with an acute abdomen goes up as an emergency; his mother is the guardian.

Instance: patient-li-boy
InstanceOf: ReferralPatient
Usage: #example
Title: "李小海 / Patient of story 2"
Description: "七岁男孩，急腹症 / A boy of seven with an acute abdomen"
* extension[sex].valueCoding = $gbt2261-sex#1
* extension[civilCapacity].valueCodeableConcept = $civil-capacity#none
* identifier[residentIdHl7cn].system = $resident-id-hl7cn
* identifier[residentIdHl7cn].value = "99010220190601001X"
* name.text = "李小海"
* telecom.system = #phone
* telecom.value = "13900000001"
* gender = #male
* birthDate = "2019-06-01"
* address.text = "青溪县青溪镇王家村3号"
* contact.relationship = $v2-0131#N
* contact.relationship.text = "母亲（监护人）"
* contact.name.text = "赵春燕"

Instance: condition-abdomen-provisional
InstanceOf: ProvisionalCondition
Usage: #example
Title: "初步印象：急腹症 / Provisional: acute abdomen"
Description: "待查：急性阑尾炎？ / Appendicitis?"
* clinicalStatus = $condition-clinical#active
* verificationStatus = $condition-verification#differential
* category = $condition-category#encounter-diagnosis
* code.text = "急腹症：急性阑尾炎？"
* subject = Reference(patient-li-boy)
* recordedDate = "2026-11-22"
* recorder = Reference(role-zhou)

Instance: condition-appendicitis-final
InstanceOf: FinalCondition
Usage: #example
Title: "诊断结果：急性阑尾炎 / Final: acute appendicitis"
Description: "术后诊断 / After the operation"
* clinicalStatus = $condition-clinical#resolved
* verificationStatus = $condition-verification#confirmed
* category = $condition-category#encounter-diagnosis
* code.coding = $icd10cn#K35.800x001
* code.text = "急性阑尾炎"
* subject = Reference(patient-li-boy)
* recordedDate = "2026-11-28"
* recorder = Reference(role-li)

Instance: up-referral-child
InstanceOf: UpReferralRequest
Usage: #example
Title: "上转：儿童急腹症 / Up-referral: acute abdomen of a child"
Description: "急诊先转诊，三日内补手续，救护车转运 / An emergency by ambulance; the paperwork follows"
* extension[printedAge].valueString = "7岁5个月"
* extension[retroactive].valueBoolean = true
* extension[transportMode].valueCodeableConcept = $transport#ambulance
* extension[escortNeeded].valueBoolean = true
* extension[departurePlace].valueString = "青溪镇中心卫生院急诊室"
* identifier[requestNo].system = $request-no
* identifier[requestNo].value = "QX-2026-000461"
* status = #active
* intent = #order
* category[direction] = $category#up-referral
* priority = #stat
* code.text = "急诊转诊"
* subject = Reference(patient-li-boy) "李小海"
* authoredOn = "2026-11-22T21:40:00+08:00"
* requester = Reference(role-zhou) "周明"
* performer = Reference(qingxi-county-hospital) "青溪县人民医院"
* reasonCode.coding = $criterion#U06
* reasonCode.text = "右下腹痛12小时，压痛、反跳痛明显，本院无儿科手术条件。"
* reasonReference = Reference(condition-abdomen-provisional)

Instance: task-child-admitted
InstanceOf: ReferralTask
Usage: #example
Title: "转诊任务：已入院 / Task: admitted"
Description: "急诊转诊，已入院 / The emergency, admitted"
* extension[milestone][0].extension[code].valueCode = #reportedAt
* extension[milestone][=].extension[at].valueDateTime = "2026-11-22T21:45:00+08:00"
* extension[milestone][+].extension[code].valueCode = #arrivedAt
* extension[milestone][=].extension[at].valueDateTime = "2026-11-22T22:50:00+08:00"
* extension[milestone][+].extension[code].valueCode = #admittedAt
* extension[milestone][=].extension[at].valueDateTime = "2026-11-22T23:05:00+08:00"
* extension[milestone][=].extension[by].valueReference = Reference(qingxi-county-hospital)
* extension[milestone][=].extension[note].valueString = "急诊绿色通道"
* identifier.system = $request-no
* identifier.value = "QX-2026-000461"
* status = #in-progress
* businessStatus = $business-status#admitted
* intent = #order
* priority = #stat
* code = $task-code#fulfill
* focus = Reference(up-referral-child)
* for = Reference(patient-li-boy)
* executionPeriod.start = "2026-11-22T22:50:00+08:00"
* authoredOn = "2026-11-22T21:45:00+08:00"
* lastModified = "2026-11-22T23:05:00+08:00"
* requester = Reference(role-zhou)
* owner = Reference(qingxi-county-hospital)

Instance: down-referral-child
InstanceOf: DownReferralRequest
Usage: #example
Title: "回转：阑尾切除术后 / Return: after appendectomy"
Description: "术后回转卫生院换药、随访 / Dressings and follow-up at the health centre"
* identifier[requestNo].system = $request-no
* identifier[requestNo].value = "XRM-2026-001199"
* basedOn = Reference(up-referral-child)
* status = #active
* intent = #order
* category[direction] = $category#down-referral
* code.text = "术后康复回转"
* subject = Reference(patient-li-boy) "李小海"
* authoredOn = "2026-11-28"
* requester = Reference(role-li) "李建国"
* performer = Reference(qingxi-health-center) "青溪镇中心卫生院"
* reasonCode.coding = $criterion#D01
* reasonReference = Reference(condition-appendicitis-final)
* supportingInfo.display = "回转单（纸质）"
