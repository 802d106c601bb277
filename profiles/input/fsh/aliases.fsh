// Names for the addresses used in all files. Identifier systems of the national CDA
// specifications (WS/T 500-2016) are OIDs; `sid` are the project's own.
Alias: $sd = http://referral.consortium.cn/fhir/StructureDefinition

// identifier systems
Alias: $resident-id = urn:oid:2.16.156.10011.1.3
Alias: $resident-id-hl7cn = urn:oid:2.16.840.1.113883.2.23.1.19.1
Alias: $health-record-no = urn:oid:2.16.156.10011.1.2
Alias: $medical-record-no = urn:oid:2.16.156.10011.1.13
Alias: $health-card-no = urn:oid:2.16.156.10011.1.19
Alias: $practitioner-no = urn:oid:2.16.156.10011.1.4
Alias: $organization-code = urn:oid:2.16.156.10011.1.5
Alias: $outpatient-no = urn:oid:2.16.156.10011.1.11
Alias: $inpatient-no = urn:oid:2.16.156.10011.1.12
Alias: $request-no = urn:oid:2.16.156.10011.1.24
Alias: $consent-no = urn:oid:2.16.156.10011.1.34
Alias: $ward-no = urn:oid:2.16.156.10011.1.27
Alias: $bed-no = urn:oid:2.16.156.10011.1.22
Alias: $document-no = urn:oid:2.16.156.10011.1.1
Alias: $insurance-no = http://referral.consortium.cn/fhir/sid/insurance-person
Alias: $insurance-institution = http://referral.consortium.cn/fhir/sid/insurance-institution
Alias: $department-no = http://referral.consortium.cn/fhir/sid/department
Alias: $practitioner-sid = http://referral.consortium.cn/fhir/sid/practitioner
Alias: $practitioner-role-sid = http://referral.consortium.cn/fhir/sid/practitioner-role
Alias: $episode = http://referral.consortium.cn/fhir/sid/referral-episode
Alias: $receiver-no = http://referral.consortium.cn/fhir/sid/receiver-number
Alias: $form-content = http://referral.consortium.cn/fhir/sid/form-content

// code systems of Chinese standards
Alias: $gbt2261-sex = urn:oid:2.16.156.10011.2.3.3.4
Alias: $gbt3304 = urn:oid:2.16.156.10011.2.3.3.3
Alias: $gbt4761 = urn:oid:2.16.156.10011.2.3.3.8
Alias: $icd10cn = urn:oid:2.16.156.10011.2.3.3.11
Alias: $department = urn:oid:2.16.156.10011.2.3.2.62
Alias: $departure = urn:oid:2.16.156.10011.2.3.1.265
Alias: $admission-route = urn:oid:2.16.156.10011.2.3.1.270
Alias: $outcome = urn:oid:2.16.156.10011.2.3.1.148
Alias: $followup-way = urn:oid:2.16.156.10011.2.3.1.183
Alias: $cda-document = urn:oid:2.16.156.10011.2.4

// code systems of this project
Alias: $category = http://referral.consortium.cn/fhir/CodeSystem/referral-category
Alias: $business-status = http://referral.consortium.cn/fhir/CodeSystem/cn-referral-business-status
Alias: $document-type = http://referral.consortium.cn/fhir/CodeSystem/referral-document-type
Alias: $criterion = http://referral.consortium.cn/fhir/CodeSystem/referral-criterion
Alias: $milestone = http://referral.consortium.cn/fhir/CodeSystem/referral-milestone
Alias: $task-kind = http://referral.consortium.cn/fhir/CodeSystem/referral-task-kind
Alias: $sla = http://referral.consortium.cn/fhir/CodeSystem/referral-time-limit
Alias: $transport = http://referral.consortium.cn/fhir/CodeSystem/referral-transport-mode
Alias: $visit-type = http://referral.consortium.cn/fhir/CodeSystem/referral-visit-type
Alias: $civil-capacity = http://referral.consortium.cn/fhir/CodeSystem/civil-capacity
Alias: $hospital-grade = http://referral.consortium.cn/fhir/CodeSystem/hospital-grade
Alias: $consortium-role = http://referral.consortium.cn/fhir/CodeSystem/consortium-role
Alias: $duty = http://referral.consortium.cn/fhir/CodeSystem/referral-duty
Alias: $section = http://referral.consortium.cn/fhir/CodeSystem/referral-document-section
Alias: $message-kind = http://referral.consortium.cn/fhir/CodeSystem/referral-message-kind
Alias: $workload-reason = http://referral.consortium.cn/fhir/CodeSystem/referral-workload-reason
Alias: $routing-deviation = http://referral.consortium.cn/fhir/CodeSystem/referral-routing-deviation

// code systems of HL7 and others
Alias: $v2-0203 = http://terminology.hl7.org/CodeSystem/v2-0203
Alias: $v2-0131 = http://terminology.hl7.org/CodeSystem/v2-0131
Alias: $v3-ActCode = http://terminology.hl7.org/CodeSystem/v3-ActCode
Alias: $v3-RoleCode = http://terminology.hl7.org/CodeSystem/v3-RoleCode
Alias: $v3-ParticipationType = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
Alias: $task-code = http://hl7.org/fhir/CodeSystem/task-code
Alias: $organization-type = http://terminology.hl7.org/CodeSystem/organization-type
Alias: $condition-clinical = http://terminology.hl7.org/CodeSystem/condition-clinical
Alias: $condition-verification = http://terminology.hl7.org/CodeSystem/condition-ver-status
Alias: $condition-category = http://terminology.hl7.org/CodeSystem/condition-category
Alias: $diagnosis-role = http://terminology.hl7.org/CodeSystem/diagnosis-role
Alias: $allergy-clinical = http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical
Alias: $allergy-verification = http://terminology.hl7.org/CodeSystem/allergyintolerance-verification
Alias: $consent-scope = http://terminology.hl7.org/CodeSystem/consentscope
Alias: $participant-type = http://terminology.hl7.org/CodeSystem/provenance-participant-type
Alias: $signature-type = urn:iso-astm:E1762-95:2013
Alias: $measure-scoring = http://terminology.hl7.org/CodeSystem/measure-scoring
Alias: $measure-population = http://terminology.hl7.org/CodeSystem/measure-population
Alias: $sct = http://snomed.info/sct
Alias: $loinc = http://loinc.org

// value sets of this project (files of terminology/)
Alias: $vs-civil-capacity = http://referral.consortium.cn/fhir/ValueSet/civil-capacity
Alias: $vs-clinical-department = http://referral.consortium.cn/fhir/ValueSet/clinical-department
Alias: $vs-cn-referral-business-status = http://referral.consortium.cn/fhir/ValueSet/cn-referral-business-status
Alias: $vs-consent-category = http://referral.consortium.cn/fhir/ValueSet/consent-category
Alias: $vs-consortium-role = http://referral.consortium.cn/fhir/ValueSet/consortium-role
Alias: $vs-coverage-type-cn = http://referral.consortium.cn/fhir/ValueSet/coverage-type-cn
Alias: $vs-cv0600226-discharge-way = http://referral.consortium.cn/fhir/ValueSet/cv0600226-discharge-way
Alias: $vs-cv0900403-admission-route = http://referral.consortium.cn/fhir/ValueSet/cv0900403-admission-route
Alias: $vs-emr0101001-discharge-condition = http://referral.consortium.cn/fhir/ValueSet/emr0101001-discharge-condition
Alias: $vs-ethnic-group = http://referral.consortium.cn/fhir/ValueSet/ethnic-group
Alias: $vs-followup-contact = http://referral.consortium.cn/fhir/ValueSet/followup-contact
Alias: $vs-gbt2261-sex = http://referral.consortium.cn/fhir/ValueSet/gbt2261-sex
Alias: $vs-gbt8561-title = http://referral.consortium.cn/fhir/ValueSet/gbt8561-title
Alias: $vs-hospital-grade = http://referral.consortium.cn/fhir/ValueSet/hospital-grade
Alias: $vs-provisional-diagnosis-status = http://referral.consortium.cn/fhir/ValueSet/provisional-diagnosis-status
Alias: $vs-referral-category = http://referral.consortium.cn/fhir/ValueSet/referral-category
Alias: $vs-referral-contact-medium = http://referral.consortium.cn/fhir/ValueSet/referral-contact-medium
Alias: $vs-referral-criterion = http://referral.consortium.cn/fhir/ValueSet/referral-criterion
Alias: $vs-referral-document-type = http://referral.consortium.cn/fhir/ValueSet/referral-document-type
Alias: $vs-referral-down-criterion = http://referral.consortium.cn/fhir/ValueSet/referral-down-criterion
Alias: $vs-referral-duty = http://referral.consortium.cn/fhir/ValueSet/referral-duty
Alias: $vs-referral-message-kind = http://referral.consortium.cn/fhir/ValueSet/referral-message-kind
Alias: $vs-referral-milestone = http://referral.consortium.cn/fhir/ValueSet/referral-milestone
Alias: $vs-referral-request-category = http://referral.consortium.cn/fhir/ValueSet/referral-request-category
Alias: $vs-referral-routing-deviation = http://referral.consortium.cn/fhir/ValueSet/referral-routing-deviation
Alias: $vs-referral-status-reason = http://referral.consortium.cn/fhir/ValueSet/referral-status-reason
Alias: $vs-referral-task-kind = http://referral.consortium.cn/fhir/ValueSet/referral-task-kind
Alias: $vs-referral-time-limit = http://referral.consortium.cn/fhir/ValueSet/referral-time-limit
Alias: $vs-referral-transport-mode = http://referral.consortium.cn/fhir/ValueSet/referral-transport-mode
Alias: $vs-referral-up-criterion = http://referral.consortium.cn/fhir/ValueSet/referral-up-criterion
Alias: $vs-referral-visit-type = http://referral.consortium.cn/fhir/ValueSet/referral-visit-type
Alias: $vs-referral-workload-reason = http://referral.consortium.cn/fhir/ValueSet/referral-workload-reason
Alias: $vs-related-person-relation = http://referral.consortium.cn/fhir/ValueSet/related-person-relation
Alias: $vs-ws218-organization = http://referral.consortium.cn/fhir/ValueSet/ws218-organization
