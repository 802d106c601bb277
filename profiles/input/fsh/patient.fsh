// The patient, relatives and guardians.

Profile: ReferralPatient
Parent: Patient
Id: referral-patient
Title: "转诊患者 / Referred patient"
Description: "被转诊的患者：姓名、性别、证件与档案编号、联系方式。编号有则填写，纸质转诊单不要求身份证号。 / The person referred: name, sex, identifiers, contact. Identifiers are given where known; the paper form asks for no resident id."
* insert Published
* obeys cn-resident-sex and cn-resident-birth
* extension contains
    Gbt2261Sex named sex 0..1 MS and
    EthnicGroup named ethnicGroup 0..1 MS and
    CivilCapacity named civilCapacity 0..1 MS
* insert Says(extension[sex], [[性别代码]], [[National sex code]], [[GB/T 2261.1 的性别代码。]], [[Sex by GB/T 2261.1.]])
* insert Says(extension[ethnicGroup], [[民族]], [[Ethnic group]], [[GB/T 3304 的民族代码。]], [[Ethnic group by GB/T 3304.]])
* insert Says(extension[civilCapacity], [[民事行为能力]], [[Civil capacity]], [[不具备完全民事行为能力者须有监护人同意。]], [[Without full capacity a guardian has to consent.]])
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier ^slicing.description = "按编号系统分 / By the system of the identifier"
* identifier contains
    residentId 0..1 MS and
    residentIdHl7cn 0..1 MS and
    healthRecordNo 0..1 MS and
    medicalRecordNo 0..* MS and
    insuranceNo 0..1 MS and
    healthCardNo 0..1 MS
* insert Must(identifier, [[证件与编号]], [[Identifiers]], [[身份证号、健康档案号、病案号、医保编号等。]], [[Resident id, health record number, medical record number, insurance number.]])
* identifier.system 1..1
* insert SystemOf(identifier.system)
* identifier.value 1..1
* insert ValueOf(identifier.value)
* identifier[residentId].system = $resident-id (exactly)
* insert SystemOf(identifier[residentId].system)
* identifier[residentId] obeys cn-resident-id and cn-resident-id-date
* insert Says(identifier[residentId], [[居民身份证号]], [[Resident id]], [[GB 11643 公民身份号码，18位，校验码为大写 X。]], [[Citizen identity number of GB 11643, 18 characters, with a capital X.]])
* identifier[residentIdHl7cn].system = $resident-id-hl7cn (exactly)
* insert SystemOf(identifier[residentIdHl7cn].system)
* identifier[residentIdHl7cn] obeys cn-resident-id and cn-resident-id-date
* insert Says(identifier[residentIdHl7cn], [[居民身份证号（HL7 中国的编号系统）]], [[Resident id in the system of HL7 China]], [[同一号码，按 HL7 中国的编号系统书写。]], [[The same number under the system that HL7 China uses.]])
* identifier[healthRecordNo].system = $health-record-no (exactly)
* insert SystemOf(identifier[healthRecordNo].system)
* identifier[healthRecordNo] obeys cn-health-record-no
* insert Says(identifier[healthRecordNo], [[健康档案编号]], [[Health record number]], [[城乡居民健康档案编号，17位。]], [[Number of the resident health record, 17 digits.]])
* identifier[medicalRecordNo].system = $medical-record-no (exactly)
* insert SystemOf(identifier[medicalRecordNo].system)
* insert Says(identifier[medicalRecordNo], [[病案号]], [[Medical record number]], [[医院的病案号；不同医院的号码可以并存。]], [[A hospital's record number; several hospitals may each have one.]])
* identifier[insuranceNo].system = $insurance-no (exactly)
* insert SystemOf(identifier[insuranceNo].system)
* insert Says(identifier[insuranceNo], [[医保人员编号]], [[Insurance person number]], [[国家医保信息平台的人员编号（psn_no）。]], [[Person number of the national insurance platform (psn_no).]])
* identifier[healthCardNo].system = $health-card-no (exactly)
* insert SystemOf(identifier[healthCardNo].system)
* insert Says(identifier[healthCardNo], [[居民健康卡号]], [[Health card number]], [[居民健康卡卡号。]], [[Number of the resident health card.]])
* insert Must(name, [[姓名]], [[Name]], [[至少一个姓名。]], [[At least one name.]])
* name 1..*
* insert Must(name.text, [[姓名全文]], [[Full name]], [[按证件书写的完整姓名，不分姓与名。]], [[The whole name as on the document, not parted.]])
* name.text 1..1
* insert Must(telecom, [[联系电话]], [[Telephone]], [[患者或家属的联系电话。]], [[Telephone of the patient or the family.]])
* telecom obeys cn-phone
* insert Must(gender, [[性别]], [[Gender]], [[FHIR 性别；国家代码见扩展。]], [[FHIR gender; the national code is in the extension.]])
* gender 1..1
* insert Must(birthDate, [[出生日期]], [[Date of birth]], [[只知年龄时可只写年份或年月。]], [[Only the year or month where just the age is known.]])
* insert Must(address, [[住址]], [[Address]], [[家庭住址。]], [[Home address.]])
* insert Must(address.text, [[住址全文]], [[Address as text]], [[一行文字的住址。]], [[The address in one line.]])
* insert Says(contact, [[联系人]], [[Contact]], [[家属等联系人。]], [[Family and other contacts.]])

Mapping: ReferralPatientUpForm
Source: ReferralPatient
Target: "http://referral.consortium.cn/fhir/forms/national-up"
Id: national-up
Title: "双向转诊（转出）单 / Outward referral slip"
* name.text -> "存根 1 患者姓名"
* extension[sex] -> "存根 2 性别"
* gender -> "存根 2 性别"
* identifier[healthRecordNo] -> "存根 4 档案编号"
* address.text -> "存根 5 家庭住址"
* telecom -> "存根 6 联系电话"
* identifier[residentId] -> "附加 附1 身份证号"
* birthDate -> "附加 附2 出生日期"

Mapping: ReferralPatientDownForm
Source: ReferralPatient
Target: "http://referral.consortium.cn/fhir/forms/national-down"
Id: national-down
Title: "双向转诊（回转）单 / Return slip"
* name.text -> "存根 1 患者姓名"
* extension[sex] -> "存根 2 性别"
* gender -> "存根 2 性别"
* identifier[medicalRecordNo] -> "存根 4 病案号"
* address.text -> "存根 5 家庭住址"
* telecom -> "存根 6 联系电话"
* identifier[residentId] -> "附加 附1 身份证号"
* birthDate -> "附加 附2 出生日期"
