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

Instance: qingxi-consortium
InstanceOf: ReferralOrganization
Usage: #example
Title: "青溪县医共体 / The consortium"
Description: "医共体本身（组织） / The consortium as an organisation"
* identifier[organizationCode].system = $organization-code
* identifier[organizationCode].value = "12990102990100077L"
* active = true
* type.text = "医共体"
* name = "青溪县医疗卫生共同体"

Instance: qingxi-civil-affairs
InstanceOf: ReferralOrganization
Usage: #example
Title: "青溪县民政局 / Bureau of civil affairs"
Description: "有法定监护义务的机关 / A body with guardianship"
* identifier[organizationCode].system = $organization-code
* identifier[organizationCode].value = "12990102990100069R"
* name = "青溪县民政局"

Instance: qingxi-insurance-bureau
InstanceOf: ReferralOrganization
Usage: #example
Title: "青溪县医疗保障局 / Insurance bureau"
Description: "医保经办机构 / The insurance agency"
* identifier[organizationCode].system = $organization-code
* identifier[organizationCode].value = "12990102990100085F"
* name = "青溪县医疗保障局"

Instance: membership-health-center
InstanceOf: ConsortiumMembership
Usage: #example
Title: "成员单位：青溪镇中心卫生院 / Member: health centre"
Description: "卫生院是医共体成员 / The health centre is a member"
* active = true
* period.start = "2024-01-01"
* organization = Reference(qingxi-county-hospital)
* participatingOrganization = Reference(qingxi-health-center)
* network = Reference(qingxi-consortium)
* code = $consortium-role#member
* telecom.system = #phone
* telecom.value = "0999-5550101"

Instance: membership-county-hospital
InstanceOf: ConsortiumMembership
Usage: #example
Title: "牵头医院：青溪县人民医院 / Lead: county hospital"
Description: "县医院牵头 / The county hospital leads"
* active = true
* period.start = "2024-01-01"
* organization = Reference(qingxi-county-hospital)
* participatingOrganization = Reference(qingxi-county-hospital)
* network = Reference(qingxi-consortium)
* code = $consortium-role#lead

Instance: service-referral-desk
InstanceOf: ReferralService
Usage: #example
Title: "转诊服务：双向转诊办公室 / Service: referral desk"
Description: "工作日接受转诊 / Takes referrals on working days"
* active = true
* providedBy = Reference(qingxi-county-hospital)
* name = "双向转诊办公室"
* telecom.system = #phone
* telecom.value = "0999-5550211"
* availableTime.daysOfWeek[0] = #mon
* availableTime.daysOfWeek[+] = #tue
* availableTime.daysOfWeek[+] = #wed
* availableTime.daysOfWeek[+] = #thu
* availableTime.daysOfWeek[+] = #fri
* availableTime.availableStartTime = "08:00:00"
* availableTime.availableEndTime = "17:30:00"

Instance: service-cardiology
InstanceOf: ReferralService
Usage: #example
Title: "转诊服务：心血管内科 / Service: cardiology"
Description: "专科门诊与住院 / Outpatients and inpatients"
* active = true
* providedBy = Reference(qingxi-county-hospital)
* specialty = $department#A03.04
* name = "心血管内科"
* telecom.system = #phone
* telecom.value = "0999-5550230"

Instance: ward-cardiology
InstanceOf: ReferralLocation
Usage: #example
Title: "心血管内科病区 / Ward of cardiology"
Description: "病区 / A ward"
* identifier.system = $ward-no
* identifier.value = "XN-1"
* status = #active
* name = "心血管内科一病区"
* physicalType = http://terminology.hl7.org/CodeSystem/location-physical-type#wa
* managingOrganization = Reference(qingxi-county-hospital)

Instance: bed-cardiology-12
InstanceOf: ReferralLocation
Usage: #example
Title: "心内科12床 / Bed 12"
Description: "床位 / A bed"
* identifier.system = $bed-no
* identifier.value = "XN-1-12"
* status = #active
* operationalStatus = http://terminology.hl7.org/CodeSystem/v2-0116#O
* name = "12床"
* physicalType = http://terminology.hl7.org/CodeSystem/location-physical-type#bd
* managingOrganization = Reference(qingxi-county-hospital)
* partOf = Reference(ward-cardiology)

Instance: place-outpatient-hall
InstanceOf: ReferralLocation
Usage: #example
Title: "门诊大厅 / Outpatient hall"
Description: "会面地点 / Where staff meet the patient"
* status = #active
* name = "县人民医院门诊大厅服务台"
* managingOrganization = Reference(qingxi-county-hospital)

Instance: place-health-center-emergency
InstanceOf: ReferralLocation
Usage: #example
Title: "卫生院急诊室 / Emergency room of the health centre"
Description: "接患者地点 / Where the patient is fetched"
* status = #active
* name = "青溪镇中心卫生院急诊室"
* managingOrganization = Reference(qingxi-health-center)
