// The follow-up after a visit or a discharge, and the report of a referral to the service centre.

RuleSet: Question(link, type, text, required)
* item[+].linkId = "{link}"
* item[=].type = #{type}
* item[=].text = "{text}"
* item[=].required = {required}

Instance: referral-follow-up
InstanceOf: Questionnaire
Usage: #definition
Title: "回访问卷 / Follow-up questionnaire"
* url = "http://referral.consortium.cn/fhir/Questionnaire/referral-follow-up"
* name = "ReferralFollowUp"
* title = "转诊回访问卷 / Follow-up of a referral"
* description = "就诊结束或出院后第3至7天的回访。 / The follow-up on days 3 to 7 after a visit or discharge."
* insert Definition
* subjectType = #Patient
* insert Question(way, choice, [[回访方式 / Way of the follow-up]], true)
* item[=].answerValueSet = $vs-referral-contact-medium
* insert Question(contact, choice, [[是否接通 / Reached or not]], true)
* item[=].answerValueSet = $vs-followup-contact
* insert Question(finished, boolean, [[就诊或治疗是否完成 / Treatment finished]], false)
* insert OnlyIfReached
* insert Question(outcome, choice, [[病情转归 / Outcome]], false)
* item[=].answerValueSet = $vs-emr0101001-discharge-condition
* insert OnlyIfReached
* insert Question(medication, text, [[用药与医嘱执行情况 / Medication and orders followed]], false)
* insert OnlyIfReached
* insert Question(problem, text, [[就医治疗过程中的问题 / Problems in the course of care]], false)
* insert OnlyIfReached
* insert Question(satisfaction, integer, [[满意度评分（1至5） / Satisfaction, 1 to 5]], false)
* item[=].extension[0].url = "http://hl7.org/fhir/StructureDefinition/minValue"
* item[=].extension[0].valueInteger = 1
* item[=].extension[1].url = "http://hl7.org/fhir/StructureDefinition/maxValue"
* item[=].extension[1].valueInteger = 5
* insert OnlyIfReached
* insert Question(again, boolean, [[是否需要再次转诊 / Another referral needed]], false)
* insert OnlyIfReached
* insert Question(next, date, [[下次回访日期 / Next follow-up]], false)

RuleSet: OnlyIfReached
* item[=].enableWhen[0].question = "contact"
* item[=].enableWhen[0].operator = #=
* item[=].enableWhen[0].answerCoding = http://referral.consortium.cn/fhir/CodeSystem/followup-contact#reached

Instance: referral-receipt-form
InstanceOf: Questionnaire
Usage: #definition
Title: "医共体转诊接收单 / Report of a referral to the service centre"
* url = "http://referral.consortium.cn/fhir/Questionnaire/referral-receipt-form"
* name = "ReferralReceiptForm"
* title = "医共体转诊接收单 / Report of a referral to the service centre"
* description = "来源文件未公布接收单的栏目，本问卷由本项目按登记要求设计，可替换。 / The sources publish no fields of this form; it is this project's own, made from what the register needs, and may be replaced."
* insert Definition
* subjectType = #Patient
* insert Question(number, string, [[报备编号 / Number]], true)
* insert Question(direction, choice, [[上转或下接 / Direction]], true)
* item[=].answerValueSet = $vs-referral-category
* insert Question(kind, choice, [[业务类型 / Kind of visit]], true)
* item[=].answerValueSet = $vs-referral-visit-type
* insert Question(sender, string, [[转诊成员单位 / Sending member]], true)
* insert Question(reporter, string, [[报备人 / Reported by]], true)
* insert Question(reporter-phone, string, [[联系电话 / Telephone]], true)
* insert Question(receiver, string, [[接收成员单位 / Receiving member]], true)
* insert Question(department, string, [[接收科室 / Department]], false)
* insert Question(doctor, string, [[接诊医生 / Doctor]], false)
* insert Question(patient-name, string, [[患者姓名 / Name of the patient]], true)
* insert Question(sex, choice, [[性别 / Sex]], true)
* item[=].answerValueSet = $vs-gbt2261-sex
* insert Question(age, string, [[年龄 / Age]], true)
* insert Question(resident-id, string, [[身份证号 / Resident id]], true)
* item[=].maxLength = 18
* insert Question(patient-phone, string, [[患者电话 / Telephone of the patient]], true)
* insert Question(diagnosis, text, [[诊断 / Diagnosis]], true)
* insert Question(purpose, text, [[病情、转诊目的、要求检查项目 / Condition, purpose, what is asked]], true)
* insert Question(transport, choice, [[转运方式 / Transport]], true)
* item[=].answerValueSet = $vs-referral-transport-mode
* insert Question(escort, boolean, [[是否需要陪同 / Escort needed]], false)
* insert Question(place, string, [[出发地点 / Place of departure]], false)
* insert Question(expected, dateTime, [[预计到达或标本接收时间 / Expected arrival or pick-up]], false)
* insert Question(photo, attachment, [[单据照片 / Photo of the form]], false)
* item[=].repeats = true
