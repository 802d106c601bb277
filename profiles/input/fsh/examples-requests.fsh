// Examinations and remote consultations.

Instance: exam-request-ct
InstanceOf: ExamRequest
Usage: #example
Title: "检查申请：胸部CT / Examination: CT of the chest"
Description: "卫生院申请县医院CT / The health centre asks for a CT"
* identifier[requestNo].system = $request-no
* identifier[requestNo].value = "QX-2026-000470"
* status = #active
* intent = #order
* category[direction] = $category#exam-request
* code.text = "胸部CT平扫"
* subject = Reference(patient-zhang)
* authoredOn = "2026-11-19"
* requester = Reference(role-zhou)
* performer = Reference(qingxi-county-hospital)
* reasonCode.text = "咳嗽三周，排除肺部感染"
* bodySite.text = "胸部"

Instance: exam-request-blood
InstanceOf: ExamRequest
Usage: #example
Title: "检验申请：糖化血红蛋白 / Laboratory: HbA1c"
Description: "标本由县医院上门收取 / The hospital collects the specimen"
* identifier[requestNo].system = $request-no
* identifier[requestNo].value = "QX-2026-000471"
* status = #active
* intent = #order
* category[direction] = $category#exam-request
* code = $loinc#4548-4
* code.text = "糖化血红蛋白"
* subject = Reference(patient-zhang)
* occurrenceDateTime = "2026-11-20T10:00:00+08:00"
* authoredOn = "2026-11-20T08:10:00+08:00"
* requester = Reference(role-zhou)
* performer = Reference(qingxi-county-hospital)
* reasonCode.text = "2型糖尿病随访"
* patientInstruction = "无需空腹"

Instance: remote-consultation-zhang
InstanceOf: RemoteConsultationRequest
Usage: #example
Title: "远程会诊申请：血压调整 / Remote consultation: blood pressure"
Description: "请心血管内科会诊 / Asks cardiology"
* identifier[requestNo].system = $request-no
* identifier[requestNo].value = "QX-2026-000480"
* status = #active
* intent = #order
* category[direction] = $category#remote-consultation
* code.text = "远程会诊"
* subject = Reference(patient-zhang)
* occurrenceDateTime = "2026-12-16T15:00:00+08:00"
* authoredOn = "2026-12-14"
* requester = Reference(role-zhou)
* performer[0] = Reference(qingxi-county-hospital)
* performer[+] = Reference(role-li)
* reasonCode.text = "回转后血压波动，请指导用药调整"
* supportingInfo.display = "病历摘要（纸质）"

Instance: remote-consultation-child
InstanceOf: RemoteConsultationRequest
Usage: #example
Title: "远程会诊申请：术后切口 / Remote consultation: wound after surgery"
Description: "紧急，未指定医师 / Urgent, no doctor named"
* identifier[requestNo].system = $request-no
* identifier[requestNo].value = "QX-2026-000485"
* status = #active
* intent = #order
* category[direction] = $category#remote-consultation
* priority = #urgent
* code.text = "远程会诊"
* subject = Reference(patient-li-boy)
* occurrencePeriod.start = "2026-12-03T14:00:00+08:00"
* occurrencePeriod.end = "2026-12-03T17:00:00+08:00"
* authoredOn = "2026-12-03T10:20:00+08:00"
* requester = Reference(role-zhou)
* performerType.text = "小儿外科，主治医师以上"
* performer = Reference(qingxi-county-hospital)
* reasonCode.text = "切口红肿渗液，请指导处理"
* supportingInfo.display = "病历摘要（纸质）"
