// Relatives and guardians.

Instance: relative-zhang-son
InstanceOf: ReferralRelatedPerson
Usage: #example
Title: "张秀兰之子 / Son of patient 1"
Description: "家属、代办人 / A relative who files for her"
* identifier[residentId].system = $resident-id
* identifier[residentId].value = "990102198507300058"
* patient = Reference(patient-zhang)
* relationship = $gbt4761#2
* name.text = "陈志强"
* telecom.system = #phone
* telecom.value = "13800000011"

Instance: relative-li-grandmother
InstanceOf: ReferralRelatedPerson
Usage: #example
Title: "李小海的祖母 / Grandmother of patient 2"
Description: "陪同的家属 / Who accompanies him"
* patient = Reference(patient-li-boy)
* relationship = $gbt4761#6
* name.text = "李桂英"

Instance: guardian-li-mother
InstanceOf: ReferralGuardian
Usage: #example
Title: "李小海的母亲（监护人） / Mother and guardian of patient 2"
Description: "签署知情同意 / Signs the consent"
* identifier[residentId].system = $resident-id
* identifier[residentId].value = "990102199011050045"
* patient = Reference(patient-li-boy)
* relationship[guardian] = $v3-RoleCode#GUARD
* relationship[1] = $gbt4761#5
* name.text = "赵春燕"
* telecom.system = #phone
* telecom.value = "13900000001"

Instance: patient-wang
InstanceOf: ReferralPatient
Usage: #example
Title: "王守田 / Patient of story 3"
Description: "75岁，认知障碍，无民事行为能力 / 75, without civil capacity"
* extension[sex].valueCoding = $gbt2261-sex#1
* extension[ethnicGroup].valueCodeableConcept = $gbt3304#03
* extension[civilCapacity].valueCodeableConcept = $civil-capacity#none
* identifier[residentId].system = $resident-id
* identifier[residentId].value = "990102195109200031"
* identifier[medicalRecordNo].system = $medical-record-no
* identifier[medicalRecordNo].value = "0045678"
* name.text = "王守田"
* telecom.system = #phone
* telecom.value = "13700000021"
* gender = #male
* birthDate = "1951-09-20"
* address.text = "青溪县东关社区5号楼"

Instance: guardian-wang-son
InstanceOf: ReferralGuardian
Usage: #example
Title: "王守田之子（监护人） / Son and guardian of patient 3"
Description: "法定监护人 / The legal guardian"
* identifier[residentId].system = $resident-id
* identifier[residentId].value = "990102197802140013"
* patient = Reference(patient-wang)
* relationship[guardian] = $v3-RoleCode#GUARD
* name.text = "王建军"
* telecom.system = #phone
* telecom.value = "13700000021"
