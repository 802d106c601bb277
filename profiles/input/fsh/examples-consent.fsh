// Consents, allergies, insurance.

RuleSet: ConsentExample(date)
* scope = $consent-scope#treatment
* category.coding[0] = http://referral.consortium.cn/fhir/CodeSystem/consent-category#referral-consent
* category.coding[1] = $loinc#59284-0
* dateTime = "{date}"
* policyRule.text = "青溪县医共体双向转诊告知制度"

Instance: consent-zhang
InstanceOf: ConsentAgreed
Usage: #example
Title: "同意：张秀兰 / Patient 1 agrees"
Description: "患者本人签署 / Signed by the patient"
* insert ConsentExample(2026-11-20)
* identifier.system = $consent-no
* identifier.value = "TY-2026-0456"
* status = #active
* patient = Reference(patient-zhang)
* performer = Reference(patient-zhang)
* organization = Reference(qingxi-health-center)
* provision.type = #permit

Instance: consent-zhang-return
InstanceOf: ConsentAgreed
Usage: #example
Title: "同意回转：家属 / A relative agrees to the return"
Description: "家属签署 / Signed by the son"
* insert ConsentExample(2026-12-01)
* status = #active
* patient = Reference(patient-zhang)
* performer = Reference(relative-zhang-son)
* organization = Reference(qingxi-county-hospital)
* provision.type = #permit

Instance: consent-refused-wang
InstanceOf: ConsentRefused
Usage: #example
Title: "不同意：监护人 / The guardian refuses"
Description: "不同意上转，要求在社区治疗 / Wants treatment nearby"
* insert ConsentExample(2026-11-18)
* status = #rejected
* patient = Reference(patient-wang)
* performer = Reference(guardian-wang-son)
* organization = Reference(qingxi-health-center)
* provision.type = #deny

Instance: consent-refused-zhang
InstanceOf: ConsentRefused
Usage: #example
Title: "不同意：患者本人 / The patient refuses"
Description: "首次建议时不同意 / At the first advice"
* insert ConsentExample(2026-11-10)
* status = #rejected
* patient = Reference(patient-zhang)
* performer = Reference(patient-zhang)
* organization = Reference(qingxi-health-center)
* provision.type = #deny

Instance: consent-guardian-child
InstanceOf: ConsentByGuardian
Usage: #example
Title: "监护人同意：李小海之母 / The mother agrees"
Description: "未成年人由监护人签署 / For a minor"
* insert ConsentExample(2026-11-22)
* status = #active
* patient = Reference(patient-li-boy)
* performer = Reference(guardian-li-mother)
* organization = Reference(qingxi-health-center)
* provision.type = #permit

Instance: consent-guardian-body
InstanceOf: ConsentByGuardian
Usage: #example
Title: "机关同意：民政局 / A body agrees"
Description: "由有监护义务的机关同意 / By a body with guardianship"
* insert ConsentExample(2026-12-10)
* status = #active
* patient = Reference(patient-wang)
* performer = Reference(qingxi-civil-affairs)
* organization = Reference(qingxi-health-center)
* provision.type = #permit

Instance: allergy-penicillin
InstanceOf: ReferralAllergy
Usage: #example
Title: "过敏史：青霉素 / Allergy: penicillin"
Description: "有过敏史 / Present"
* clinicalStatus = $allergy-clinical#active
* verificationStatus = $allergy-verification#confirmed
* code.text = "青霉素过敏"
* patient = Reference(patient-li-boy)
* recordedDate = "2026-11-22"
* reaction.manifestation.text = "皮疹"

Instance: allergy-none
InstanceOf: ReferralAllergy
Usage: #example
Title: "无明确过敏史 / No known allergy"
Description: "无明确过敏史 / None known"
* clinicalStatus = $allergy-clinical#active
* verificationStatus = $allergy-verification#confirmed
* code = http://referral.consortium.cn/fhir/CodeSystem/allergy-statement#no
* code.text = "无明确过敏史"
* patient = Reference(patient-zhang)

Instance: coverage-zhang
InstanceOf: ReferralCoverage
Usage: #example
Title: "医保与备案：张秀兰 / Insurance of patient 1"
Description: "城乡居民医保，转院已备案 / With the filing"
* extension[insuranceRegion].valueString = "990102"
* extension[filing].extension[filingNo].valueString = "BA20261120000456"
* extension[filing].extension[request].valueReference = Reference(up-referral-hypertension)
* extension[filing].extension[hospitalAgrees].valueBoolean = true
* extension[filing].extension[referralDate].valueDate = "2026-11-20"
* extension[filing].extension[period].valuePeriod.start = "2026-11-20"
* extension[filing].extension[period].valuePeriod.end = "2026-12-31"
* extension[filing].extension[reason].valueString = "血压控制不佳，需上级医院诊治"
* extension[filing].extension[receiver].valueReference = Reference(qingxi-county-hospital)
* extension[filing].extension[outOfRegion].valueBoolean = false
* extension[filing].extension[agent].valueReference = Reference(relative-zhang-son)
* extension[deductibleWaiver].extension[direction].valueCode = #up-referral
* extension[deductibleWaiver].extension[amount].valueMoney.value = 300
* extension[deductibleWaiver].extension[amount].valueMoney.currency = #CNY
* extension[deductibleWaiver].extension[basis].valueString = "医共体内上转患者减免起付线"
* identifier.system = $insurance-no
* identifier.value = "99010000000000001234567"
* status = #active
* type = http://referral.consortium.cn/fhir/CodeSystem/insutype#390
* subscriberId = "99010000000000001234567"
* beneficiary = Reference(patient-zhang)
* period.start = "2026-01-01"
* period.end = "2026-12-31"
* payor = Reference(qingxi-insurance-bureau)

Instance: coverage-wang
InstanceOf: ReferralCoverage
Usage: #example
Title: "医保：王守田 / Insurance of patient 3"
Description: "职工医保，无备案 / Without a filing"
* extension[insuranceRegion].valueString = "990102"
* status = #active
* type = http://referral.consortium.cn/fhir/CodeSystem/insutype#310
* subscriberId = "99010000000000007654321"
* beneficiary = Reference(patient-wang)
* payor = Reference(qingxi-insurance-bureau)
