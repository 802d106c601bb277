// What each of three actors has to do.

RuleSet: Actor(name, title-zh, title-en, mode)
* url = "http://referral.consortium.cn/fhir/CapabilityStatement/{name}"
* title = "{title-zh} / {title-en}"
* insert Definition
* date = "2026-11-25"
* kind = #requirements
* fhirVersion = #4.0.1
* format[0] = #json
* format[+] = #xml
* patchFormat = #application/json-patch+json
* implementationGuide = "http://referral.consortium.cn/fhir/ImplementationGuide/cn.consortium.referral"
* rest.mode = #{mode}

RuleSet: Type(type)
* rest.resource[+].type = #{type}

RuleSet: Carries(profile)
* rest.resource[=].supportedProfile[+] = "http://referral.consortium.cn/fhir/StructureDefinition/{profile}"

RuleSet: Does(code, expectation)
* rest.resource[=].interaction[+].code = #{code}
* rest.resource[=].interaction[=].extension.url = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation"
* rest.resource[=].interaction[=].extension.valueCode = #{expectation}

RuleSet: Finds(name, type)
* rest.resource[=].searchParam[+].name = "{name}"
* rest.resource[=].searchParam[=].type = #{type}

RuleSet: FindsOwn(name, type)
* rest.resource[=].searchParam[+].name = "{name}"
* rest.resource[=].searchParam[=].definition = "http://referral.consortium.cn/fhir/SearchParameter/referral-{name}"
* rest.resource[=].searchParam[=].type = #{type}

RuleSet: ReadSearch
* insert Does(read, SHALL)
* insert Does(search-type, SHALL)

RuleSet: WriteToo
* insert Does(create, SHALL)
* insert Does(update, SHALL)

RuleSet: Requests
* insert Type(ServiceRequest)
* insert Carries(up-referral-request)
* insert Carries(down-referral-request)
* insert Carries(exam-request)
* insert Carries(remote-consultation-request)
* insert ReadSearch
* insert WriteToo
* insert Finds(patient, reference)
* insert Finds(status, token)
* insert Finds(authored, date)
* insert Finds(requisition, token)
* insert FindsOwn(direction, token)

RuleSet: Tasks
* insert Type(Task)
* insert Carries(referral-task)
* insert Carries(approval-task)
* insert Carries(escort-task)
* insert Carries(transport-task)
* insert Carries(bed-task)
* insert Carries(paperwork-task)
* insert Carries(specimen-pickup-task)
* insert Carries(follow-up-task)
* insert Carries(register-task)
* insert Carries(reconcile-task)
* insert Carries(insurance-filing-task)
* insert Carries(cancellation-request-task)
* insert ReadSearch
* insert Does(update, SHALL)
* insert Finds(status, token)
* insert Finds(business-status, token)
* insert Finds(owner, reference)
* insert Finds(focus, reference)
* insert FindsOwn(due, date)
* insert FindsOwn(overdue, token)
* insert FindsOwn(reported, date)

RuleSet: Patients
* insert Type(Patient)
* insert Carries(referral-patient)
* insert ReadSearch
* insert WriteToo
* insert Finds(identifier, token)
* insert Finds(name, string)

RuleSet: Documents
* insert Type(Composition)
* insert Carries(up-form-composition)
* insert Carries(return-form-composition)
* insert Carries(feedback-report-composition)
* insert Carries(consult-opinion-composition)
* insert ReadSearch
* insert Does(create, SHALL)
* insert Type(Bundle)
* insert Carries(up-form-document)
* insert Carries(return-form-document)
* insert Carries(feedback-report-document)
* insert Does(read, SHALL)
* insert Does(create, SHOULD)
* insert Type(DocumentReference)
* insert Carries(form-photo)
* insert Carries(invoice-copy)
* insert Carries(form-stub)
* insert ReadSearch
* insert Does(create, SHALL)
* insert Type(Provenance)
* insert Carries(doctor-signature)
* insert Carries(organization-seal)
* insert Does(create, SHALL)

RuleSet: Directory
* insert Type(Organization)
* insert Carries(referral-organization)
* insert Carries(referral-department)
* insert ReadSearch
* insert Finds(name, string)
* insert Finds(identifier, token)
* insert Type(OrganizationAffiliation)
* insert Carries(consortium-membership)
* insert ReadSearch
* insert FindsOwn(consortium, reference)
* insert Type(HealthcareService)
* insert Carries(referral-service)
* insert ReadSearch
* insert Type(Practitioner)
* insert Carries(referral-practitioner)
* insert ReadSearch
* insert Type(PractitionerRole)
* insert Carries(referral-practitioner-role)
* insert ReadSearch
* insert Type(Location)
* insert Carries(referral-location)
* insert ReadSearch

RuleSet: Care
* insert Type(Encounter)
* insert Carries(outpatient-encounter)
* insert Carries(inpatient-encounter)
* insert Carries(sending-encounter)
* insert ReadSearch
* insert WriteToo
* insert Type(Condition)
* insert Carries(provisional-condition)
* insert Carries(final-condition)
* insert ReadSearch
* insert Does(create, SHALL)
* insert Type(AllergyIntolerance)
* insert Carries(referral-allergy)
* insert ReadSearch
* insert Does(create, SHALL)
* insert Type(Consent)
* insert Carries(consent-agreed)
* insert Carries(consent-refused)
* insert Carries(consent-by-guardian)
* insert ReadSearch
* insert Does(create, SHALL)
* insert Type(RelatedPerson)
* insert Carries(referral-related-person)
* insert Carries(referral-guardian)
* insert ReadSearch
* insert Does(create, SHALL)
* insert Type(Coverage)
* insert Carries(referral-coverage)
* insert ReadSearch
* insert Does(create, SHOULD)
* insert Type(Appointment)
* insert Carries(referral-appointment)
* insert ReadSearch
* insert WriteToo
* insert Type(Communication)
* insert Carries(referral-communication)
* insert ReadSearch
* insert Does(create, SHALL)
* insert Type(QuestionnaireResponse)
* insert Carries(follow-up-response)
* insert ReadSearch
* insert Does(create, SHOULD)

RuleSet: Statistics
* insert Type(Measure)
* insert Carries(referral-measure)
* insert ReadSearch
* insert Type(MeasureReport)
* insert Carries(referral-measure-report)
* insert ReadSearch
* insert Does(create, SHALL)

Instance: referral-ehr
InstanceOf: CapabilityStatement
Usage: #definition
Title: "电子病历系统 / EHR system"
* name = "ReferralEhr"
* insert Actor(referral-ehr, [[电子病历系统]], [[EHR system]], client)
* description = "成员单位的电子病历（HIS）：发出转诊、办理转入的转诊、上传文书、查询进展。 / The EHR of a member: sends referrals, works on those it receives, files documents, follows progress."
* rest.documentation = "以事务提交转诊：患者、诊断、申请、任务、文书、签字一次写入；更新任务时带 If-Match。 / Submits a referral as one transaction: patient, diagnosis, request, task, document, signature. Updates of a Task carry If-Match."
* rest.security.description = "按医联体的规定认证。 / Authenticates as the consortium demands."
* rest.interaction.code = #transaction
* insert Requests
* insert Tasks
* insert Patients
* insert Care
* insert Documents
* insert Directory

Instance: referral-consortium-server
InstanceOf: CapabilityStatement
Usage: #definition
Title: "医联体转诊服务器 / Consortium server"
* name = "ReferralConsortiumServer"
* insert Actor(referral-consortium-server, [[医联体转诊服务器]], [[Consortium server]], server)
* description = "保存医联体的全部转诊，校验、检索、提醒、统计。 / Holds all referrals of the consortium; validates, searches, reminds, counts."
* rest.documentation = "校验所有写入；任务状态只按状态表变化；每次读取他院数据留痕。 / Validates every write; the state of a Task changes by the table of states only; each reading of another institution's data leaves a trace."
* rest.security.description = "按医联体的规定认证。 / Authenticates as the consortium demands."
* rest.interaction[0].code = #transaction
* rest.interaction[+].code = #batch
* rest.interaction[+].code = #search-system
* insert Requests
* insert Tasks
* insert Patients
* rest.resource[=].operation[+].name = "referral-history"
* rest.resource[=].operation[=].definition = "http://referral.consortium.cn/fhir/OperationDefinition/patient-referral-history"
* insert Care
* insert Documents
* insert Directory
* insert Statistics

Instance: referral-regional-platform
InstanceOf: CapabilityStatement
Usage: #definition
Title: "区域平台 / Regional platform"
* name = "ReferralRegionalPlatform"
* insert Actor(referral-regional-platform, [[区域平台]], [[Regional platform]], server)
* description = "区域全民健康信息平台：接收统计报告和归档文书，提供机构目录；不办理转诊。 / The regional health platform: takes in statistics and archived documents, provides the directory; it works on no referral."
* rest.documentation = "只接收统计与归档，不改变转诊状态。 / Takes in statistics and archives; changes no state of a referral."
* rest.security.description = "按区域平台的规定认证。 / Authenticates as the platform demands."
* rest.interaction.code = #batch
* insert Patients
* insert Documents
* insert Directory
* insert Statistics
