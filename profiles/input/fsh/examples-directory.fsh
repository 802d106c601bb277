// Examples: a consortium that does not exist. Region 990102 is no region, so that no credit code and
// no resident id can be somebody's; all are right by their check characters.

Instance: qingxi-health-center
InstanceOf: ReferralOrganization
Usage: #example
Title: "青溪镇中心卫生院 / Township health centre"
Description: "基层成员单位 / A primary member"
* extension[insuranceRegion].valueString = "990102"
* extension[grade].valueCodeableConcept.text = "一级甲等"
* identifier[organizationCode].system = $organization-code
* identifier[organizationCode].value = "12990102990100018H"
* identifier[insuranceInstitution].system = $insurance-institution
* identifier[insuranceInstitution].value = "H99010200001"
* active = true
* type[ws218].coding = http://referral.consortium.cn/fhir/CodeSystem/ws218-organization#C210
* name = "青溪镇中心卫生院"
* telecom.system = #phone
* telecom.value = "0999-5550101"
* address.text = "青溪县青溪镇东街1号"

Instance: qingxi-county-hospital
InstanceOf: ReferralOrganization
Usage: #example
Title: "青溪县人民医院 / County hospital"
Description: "牵头医院 / The lead hospital"
* extension[insuranceRegion].valueString = "990102"
* extension[grade].valueCodeableConcept.text = "二级甲等"
* identifier[organizationCode].system = $organization-code
* identifier[organizationCode].value = "12990102990100026C"
* identifier[insuranceInstitution].system = $insurance-institution
* identifier[insuranceInstitution].value = "H99010200002"
* active = true
* type[ws218].coding = http://referral.consortium.cn/fhir/CodeSystem/ws218-organization#A100
* name = "青溪县人民医院"
* alias = "青溪县医共体总医院"
* telecom.system = #phone
* telecom.value = "0999-5550200"
* address.text = "青溪县人民路88号"

Instance: wangjia-village-clinic
InstanceOf: ReferralOrganization
Usage: #example
Title: "王家村卫生室 / Village clinic"
Description: "属于青溪镇中心卫生院的村卫生室 / A village clinic of the health centre"
* active = true
* type[ws218].coding = http://referral.consortium.cn/fhir/CodeSystem/ws218-organization#D600
* name = "青溪镇王家村卫生室"
* partOf = Reference(qingxi-health-center)

Instance: department-cardiology
InstanceOf: ReferralDepartment
Usage: #example
Title: "心血管内科 / Cardiology"
Description: "县人民医院的科室 / A department of the county hospital"
* identifier.system = $department-no
* identifier.value = "青溪县人民医院 心血管内科"
* type[department] = $organization-type#dept
* name = "心血管内科"
* partOf = Reference(qingxi-county-hospital)

Instance: department-referral-desk
InstanceOf: ReferralDepartment
Usage: #example
Title: "双向转诊办公室 / Referral desk"
Description: "县人民医院的转诊科 / The referral desk of the county hospital"
* type[department] = $organization-type#dept
* name = "双向转诊办公室"
* telecom.system = #phone
* telecom.value = "0999-5550211"
* partOf = Reference(qingxi-county-hospital)

Instance: practitioner-zhou
InstanceOf: ReferralPractitioner
Usage: #example
Title: "周明 / Township doctor"
Description: "卫生院全科医生 / A general practitioner"
* identifier[practitionerNo].system = $practitioner-no
* identifier[practitionerNo].value = "QX-Z-0017"
* name.text = "周明"
* telecom.system = #phone
* telecom.value = "0999-5550105"
* qualification.code.text = "主治医师"

Instance: practitioner-li
InstanceOf: ReferralPractitioner
Usage: #example
Title: "李建国 / Hospital doctor"
Description: "县医院心血管内科医生 / A cardiologist"
* identifier[practitionerNo].system = $practitioner-no
* identifier[practitionerNo].value = "QX-Y-0233"
* name.text = "李建国"
* gender = #male
* qualification.code.text = "副主任医师"

Instance: role-zhou
InstanceOf: ReferralPractitionerRole
Usage: #example
Title: "周明（卫生院） / Township doctor in his role"
Description: "转诊医生 / The referring doctor"
* identifier.system = $practitioner-role-sid
* identifier.value = "青溪镇中心卫生院 周明"
* active = true
* practitioner = Reference(practitioner-zhou) "周明"
* organization = Reference(qingxi-health-center) "青溪镇中心卫生院"
* telecom.system = #phone
* telecom.value = "0999-5550105"

Instance: role-li
InstanceOf: ReferralPractitionerRole
Usage: #example
Title: "李建国（县医院） / Hospital doctor in his role"
Description: "接诊医生 / The receiving doctor"
* active = true
* practitioner = Reference(practitioner-li) "李建国"
* organization = Reference(qingxi-county-hospital) "青溪县人民医院"
* telecom.system = #phone
* telecom.value = "0999-5550233"
