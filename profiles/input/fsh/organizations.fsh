// Institutions, departments, consortiums, and who works in them.

Profile: ReferralOrganization
Parent: Organization
Id: referral-organization
Title: "医疗卫生机构 / Health institution"
Description: "医联体的成员单位及其他机构：名称、统一社会信用代码、WS 218 类别、等级、医保机构编码。 / A member of a consortium or another institution: name, unified social credit code, WS 218 class, grade, insurance code."
* insert Published
* extension contains
    HospitalGrade named grade 0..1 MS and
    InsuranceRegion named insuranceRegion 0..1
* insert Says(extension[grade], [[医院等级]], [[Hospital grade]], [[级别与等次。]], [[Level and grade.]])
* insert Says(extension[insuranceRegion], [[医保区划]], [[Insurance region]], [[就医地行政区划。]], [[Region where care is given.]])
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier ^slicing.description = "按编号系统分 / By the system of the identifier"
* identifier contains
    organizationCode 0..* MS and
    insuranceInstitution 0..1 MS
* insert Must(identifier, [[机构编号]], [[Identifiers]], [[统一社会信用代码、医保机构编码等。]], [[Unified social credit code, insurance institution code.]])
* identifier.system 1..1
* insert SystemOf(identifier.system)
* identifier.value 1..1
* insert ValueOf(identifier.value)
* identifier[organizationCode].system = $organization-code (exactly)
* insert SystemOf(identifier[organizationCode].system)
* identifier[organizationCode] obeys cn-uscc and cn-organization-code
* insert Says(identifier[organizationCode], [[医疗机构代码]], [[Organisation code]], [[统一社会信用代码（GB 32100），或旧的组织机构代码、医疗机构代码。]], [[Unified social credit code of GB 32100, or an older code.]])
* identifier[insuranceInstitution].system = $insurance-institution (exactly)
* insert SystemOf(identifier[insuranceInstitution].system)
* identifier[insuranceInstitution] obeys cn-insurance-institution
* insert Says(identifier[insuranceInstitution], [[医保机构编码]], [[Insurance institution code]], [[H 加11位数字。]], [[H and 11 digits.]])
* type ^slicing.discriminator.type = #value
* type ^slicing.discriminator.path = "coding.system"
* type ^slicing.rules = #open
* type ^slicing.description = "按代码系统分 / By code system"
* type contains ws218 0..1 MS
* insert Must(type, [[机构类别]], [[Kind]], [[WS 218 类别及其他分类。]], [[Class of WS 218 and others.]])
* type[ws218].coding 1..*
* insert Says(type[ws218].coding, [[代码]], [[Code]], [[WS 218 的代码。]], [[A code of WS 218.]])
* insert Says(type[ws218].coding.system, [[代码系统]], [[Code system]], [[固定为 WS 218。]], [[Always WS 218.]])
* type[ws218].coding.system 1..1
* type[ws218].coding.system = "http://referral.consortium.cn/fhir/CodeSystem/ws218-organization" (exactly)
* type[ws218] from $vs-ws218-organization (extensible)
* insert Says(type[ws218], [[WS 218 机构类别]], [[WS 218 class]], [[卫生机构（组织）分类与代码。]], [[Class of health institutions.]])
* insert Must(name, [[机构名称]], [[Name]], [[与公章一致的全称。]], [[The full name as on the official seal.]])
* name 1..1
* insert Must(telecom, [[联系方式]], [[Contact]], [[机构的电话等。]], [[Telephone and other contact.]])
* insert Must(partOf, [[上级机构]], [[Part of]], [[所属机构，如村卫生室所属的乡镇卫生院。]], [[The institution it belongs to.]])

Invariant: cn-insurance-institution
Description: "医保机构编码应为 H 加11位数字 / An insurance institution code is H and 11 digits"
Severity: #error
Expression: "value.matches('^H[0-9]{11}$')"

Mapping: ReferralOrganizationUpForm
Source: ReferralOrganization
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* name -> "存根 8 转入单位"
* name -> "转出单 17 机构名称"

Mapping: ReferralOrganizationDownForm
Source: ReferralOrganization
Target: "http://referral.consortium.cn/fhir/forms/national-down"
Id: national-down
Title: "双向转诊（回转）单 / Return slip"
* name -> "存根 8 转回单位"
* name -> "回转单 16 机构名称"

Profile: ReferralDepartment
Parent: Organization
Id: referral-department
Title: "科室 / Department"
Description: "机构内的科室，是机构的下级组织。 / A department, as an organisation within its institution."
* insert Published
* insert Must(identifier, [[科室编号]], [[Department number]], [[本院的科室编号。]], [[The institution's own number.]])
* insert Must(type, [[类别：科室]], [[Kind: department]], [[固定含 dept；可另加诊疗科目代码。]], [[Holds dept; may hold the clinical department code too.]])
* type 1..*
* type ^slicing.discriminator.type = #value
* type ^slicing.discriminator.path = "$this"
* type ^slicing.rules = #open
* type ^slicing.description = "含 dept / Holds dept"
* type contains department 1..1 MS
* type[department] = $organization-type#dept
* insert Says(type[department], [[科室]], [[Department]], [[固定为 dept。]], [[Always dept.]])
* insert Must(name, [[科室名称]], [[Name]], [[科室名称。]], [[The name of the department.]])
* name 1..1
* insert Must(partOf, [[所属机构]], [[Institution]], [[科室所属的机构。]], [[The institution of the department.]])
* partOf 1..1

Mapping: ReferralDepartmentUpForm
Source: ReferralDepartment
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* name -> "存根 9 科室"

Profile: ReferralPractitioner
Parent: Practitioner
Id: referral-practitioner
Title: "医务人员 / Practitioner"
Description: "转诊医生、接诊医生及工作人员。 / Referring and receiving doctors, and staff."
* insert Published
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier ^slicing.description = "按编号系统分 / By the system of the identifier"
* identifier contains
    practitionerNo 0..1 MS and
    residentId 0..1 MS
* insert Must(identifier, [[编号]], [[Identifiers]], [[医务人员编号等。]], [[Staff number and others.]])
* identifier[practitionerNo].system = $practitioner-no (exactly)
* insert SystemOf(identifier[practitionerNo].system)
* identifier[practitionerNo].value 1..1
* insert ValueOf(identifier[practitionerNo].value)
* insert Says(identifier[practitionerNo], [[医务人员编号]], [[Staff number]], [[医务人员编号。]], [[Number of the staff member.]])
* identifier[residentId].system = $resident-id (exactly)
* insert SystemOf(identifier[residentId].system)
* identifier[residentId] obeys cn-resident-id and cn-resident-id-date
* insert Says(identifier[residentId], [[居民身份证号]], [[Resident id]], [[GB 11643 公民身份号码。]], [[Citizen identity number.]])
* insert Must(name, [[姓名]], [[Name]], [[姓名。]], [[The name.]])
* name 1..*
* insert Must(name.text, [[姓名全文]], [[Full name]], [[完整姓名。]], [[The whole name.]])
* name.text 1..1
* insert Must(telecom, [[电话]], [[Telephone]], [[联系电话。]], [[Telephone.]])
* telecom obeys cn-phone
* insert Must(qualification, [[职称]], [[Title]], [[专业技术职务（GB/T 8561）。]], [[Professional title of GB/T 8561.]])
* insert Says(qualification.code, [[职称代码]], [[Title]], [[GB/T 8561 的代码或文字。]], [[A code of GB/T 8561, or text.]])
* qualification.code from $vs-gbt8561-title (extensible)

Profile: ReferralPractitionerRole
Parent: PractitionerRole
Id: referral-practitioner-role
Title: "医务人员岗位 / Practitioner in a role"
Description: "医务人员在某机构某科室的岗位；转诊单上的医生与签字均指向岗位。 / A person in an institution; doctors and signatures of a referral point to it."
* insert Published
* insert Must(identifier, [[岗位编号]], [[Identifiers]], [[岗位的编号。]], [[Number of the role.]])
* insert Must(practitioner, [[人员]], [[Person]], [[何人。]], [[Who.]])
* practitioner 1..1
* insert Must(organization, [[机构]], [[Institution]], [[在何机构。]], [[At which institution.]])
* organization 1..1
* insert Must(code, [[岗位或职责]], [[Duty]], [[医生、转诊联络员、总值班、客服、考核等。]], [[Doctor, liaison, on call, service centre, assessment.]])
* code from $vs-referral-duty (extensible)
* insert Must(specialty, [[诊疗科目]], [[Specialty]], [[诊疗科目代码。]], [[Clinical department code.]])
* specialty from $vs-clinical-department (extensible)
* insert Must(telecom, [[联系电话]], [[Telephone]], [[岗位的联系电话，转诊单上须填写。]], [[Telephone of the role; the form asks for it.]])
* telecom obeys cn-phone

Mapping: ReferralPractitionerRoleUpForm
Source: ReferralPractitionerRole
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* practitioner -> "存根 10 接诊医生"
* practitioner -> "存根 11 转诊医生(签字)"
* telecom -> "转出单 16 联系电话"

Mapping: ReferralPractitionerRoleDownForm
Source: ReferralPractitionerRole
Target: "http://referral.consortium.cn/fhir/forms/national-down"
Id: national-down
Title: "双向转诊（回转）单 / Return slip"
* practitioner -> "存根 9 接诊医生"
* practitioner -> "存根 10 转诊医生(签字)"
* telecom -> "回转单 15 联系电话"
