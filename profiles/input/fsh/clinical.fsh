// Allergies and consent.

Profile: ReferralAllergy
Parent: AllergyIntolerance
Id: referral-allergy
Title: "过敏史 / Allergy"
Description: "转诊单上的过敏史：有过敏史、无明确过敏史、暂不清楚。 / Allergies as on the form: present, none known, not known."
* insert Published
* insert Must(clinicalStatus, [[临床状态]], [[Clinical status]], [[是否仍存在。]], [[Whether it is active.]])
* insert Must(verificationStatus, [[确认程度]], [[Verification]], [[确认程度。]], [[How sure.]])
* insert Must(code, [[过敏原或无过敏史]], [[Allergen or none]], [[过敏原；无明确过敏史、暂不清楚也用代码表示。]], [[The allergen; none known and not known are codes too.]])
* code 1..1
* code.text 1..1
* insert Must(code.text, [[过敏史文字]], [[Text]], [[表单上的文字。]], [[As on the form.]])
* insert Must(patient, [[患者]], [[Patient]], [[患者。]], [[The patient.]])
* patient only Reference(ReferralPatient)
* insert Must(recordedDate, [[记录日期]], [[Date]], [[记录日期。]], [[When it was recorded.]])
* insert Must(reaction, [[反应]], [[Reaction]], [[过敏反应表现。]], [[What happened.]])

RuleSet: ConsentCore
* insert Must(identifier, [[知情同意书编号]], [[Identifiers]], [[知情同意书编号。]], [[Number of the consent form.]])
* insert Must(status, [[状态]], [[Status]], [[有效、不同意等。]], [[Active, rejected and others.]])
* scope = $consent-scope#treatment
* insert Must(scope, [[范围]], [[Scope]], [[固定为治疗。]], [[Always treatment.]])
* insert Must(category, [[类别]], [[Category]], [[转诊知情同意等。]], [[Referral consent and others.]])
* category from $vs-consent-category (extensible)
* insert Must(patient, [[患者]], [[Patient]], [[患者。]], [[The patient.]])
* patient 1..1
* patient only Reference(ReferralPatient)
* insert Must(dateTime, [[签署日期]], [[Date]], [[签署日期。]], [[When it was signed.]])
* dateTime 1..1
* insert Must(performer, [[签署人]], [[Signed by]], [[患者本人、家属、监护人或有监护义务的机关。]], [[The patient, a relative, the guardian or a body with guardianship.]])
* performer 1..*
* performer only Reference(ReferralPatient or ReferralRelatedPerson or ReferralOrganization)
* insert Must(organization, [[医疗机构]], [[Institution]], [[告知的医疗机构。]], [[The institution that informed.]])
* organization 1..*
* insert Must(source[x], [[原件]], [[Source]], [[知情同意书文书或扫描件。]], [[The document or its scan.]])
* insert Must(provision, [[选择]], [[Choice]], [[同意为 permit，不同意为 deny。]], [[permit or deny.]])
* provision 1..1
* policyRule.text 1..1
* insert Must(policyRule, [[告知依据]], [[Policy]], [[所依据的制度，如双向转诊告知制度。]], [[The rule that asks for the consent.]])
* policyRule 1..1
* insert Says(policyRule.text, [[依据名称]], [[Name of the policy]], [[制度名称。]], [[The name of the rule.]])

Profile: ReferralConsent
Parent: Consent
Id: referral-consent
Title: "转诊知情同意（通用） / Referral consent (common)"
Description: "患者或其家属、监护人对转诊的知情与选择。 / What the patient, a relative or the guardian chose, being informed."
* ^abstract = true
* insert Published
* insert ConsentCore

Profile: ConsentAgreed
Parent: ReferralConsent
Id: consent-agreed
Title: "同意转诊 / Consent to the referral"
Description: "患者本人或家属同意转诊。 / The patient or a relative agrees."
* ^abstract = false
* insert Published
* status = #active
* insert Must(status, [[有效]], [[Status]], [[固定为有效。]], [[Always active.]])
* provision.type 1..1
* provision.type = #permit
* insert Must(provision.type, [[同意]], [[Permit]], [[固定为同意。]], [[Always permit.]])

Profile: ConsentRefused
Parent: ReferralConsent
Id: consent-refused
Title: "不同意转诊 / Refusal of the referral"
Description: "患者或家属不同意转诊，须予保存；申请保持草稿。 / The patient or a relative refuses; it is kept, and the request stays a draft."
* ^abstract = false
* insert Published
* status = #rejected
* insert Must(status, [[不同意]], [[Status]], [[固定为不同意。]], [[Always rejected.]])
* provision.type 1..1
* provision.type = #deny
* insert Must(provision.type, [[不同意]], [[Deny]], [[固定为不同意。]], [[Always deny.]])

Profile: ConsentByGuardian
Parent: ReferralConsent
Id: consent-by-guardian
Title: "监护人同意转诊 / Consent of the guardian"
Description: "患者不具备完全民事行为能力时，由监护人或有法定监护义务的机关同意。 / For a patient without full capacity the guardian, or a body with guardianship, agrees."
* ^abstract = false
* insert Published
* status = #active
* insert Must(status, [[有效]], [[Status]], [[固定为有效。]], [[Always active.]])
* provision.type 1..1
* provision.type = #permit
* insert Must(provision.type, [[同意]], [[Permit]], [[固定为同意。]], [[Always permit.]])
* insert Must(performer, [[监护人]], [[Guardian]], [[监护人或机关，不得是患者本人。]], [[The guardian or a body, never the patient.]])
* performer only Reference(ReferralGuardian or ReferralOrganization)
