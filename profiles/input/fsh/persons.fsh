// Relatives, guardians.

Profile: ReferralRelatedPerson
Parent: RelatedPerson
Id: referral-related-person
Title: "家属 / Relative"
Description: "患者的家属或代办人。 / A relative of the patient, or who acts for them."
* insert Published
* insert Must(identifier, [[证件]], [[Identifiers]], [[身份证号等。]], [[Resident id and others.]])
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier ^slicing.description = "按编号系统分 / By the system of the identifier"
* identifier contains residentId 0..1 MS
* identifier[residentId].system = $resident-id (exactly)
* insert SystemOf(identifier[residentId].system)
* identifier[residentId] obeys cn-resident-id and cn-resident-id-date
* insert Says(identifier[residentId], [[居民身份证号]], [[Resident id]], [[GB 11643 公民身份号码。]], [[Citizen identity number.]])
* insert Must(patient, [[患者]], [[Patient]], [[何人的家属。]], [[Whose relative.]])
* patient only Reference(ReferralPatient)
* insert Must(relationship, [[与患者关系]], [[Relationship]], [[GB/T 4761 家庭关系。]], [[Family relation of GB/T 4761.]])
* relationship 1..*
* relationship from $vs-related-person-relation (extensible)
* insert Must(name, [[姓名]], [[Name]], [[姓名。]], [[The name.]])
* name 1..*
* name.text 1..1
* insert Must(name.text, [[姓名全文]], [[Full name]], [[完整姓名。]], [[The whole name.]])
* insert Must(telecom, [[联系电话]], [[Telephone]], [[联系电话。]], [[Telephone.]])
* telecom obeys cn-phone

Profile: ReferralGuardian
Parent: ReferralRelatedPerson
Id: referral-guardian
Title: "监护人 / Guardian"
Description: "不具备完全民事行为能力患者的监护人，代为签署知情同意。 / The guardian of a patient without full capacity, who signs the consent."
* insert Published
* relationship ^slicing.discriminator.type = #pattern
* relationship ^slicing.discriminator.path = "$this"
* relationship ^slicing.rules = #open
* relationship ^slicing.description = "含监护人代码 / Holds the code of a guardian"
* relationship contains guardian 1..1 MS
* relationship[guardian] = $v3-RoleCode#GUARD
* insert Says(relationship[guardian], [[监护人]], [[Guardian]], [[固定为监护人 GUARD；家庭关系另列。]], [[Always GUARD; the family relation stands beside it.]])
* insert Must(telecom, [[联系电话]], [[Telephone]], [[监护人电话必填。]], [[Telephone, mandatory.]])
* telecom 1..*
