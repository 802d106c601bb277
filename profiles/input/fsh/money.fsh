// Insurance: the coverage of the patient with the filing of the transfer (interface 2501A).

Extension: InsuranceFiling
Id: insurance-filing
Title: "医保转院备案 / Filing of a transfer with the insurance"
Description: "国家医保信息平台接口 2501A 转院备案的字段，其余字段见患者、申请、诊断。 / Fields of interface 2501A of the national insurance platform that have no place elsewhere."
* insert Published
* ^context[0].type = #element
* ^context[0].expression = "Coverage"
* . 0..*
* insert ComplexExtension
* extension contains
    filingNo 0..1 and
    request 0..1 and
    hospitalAgrees 1..1 and
    referralType 0..1 and
    referralDate 1..1 and
    period 1..1 and
    reason 0..1 and
    opinion 0..1 and
    receiver 1..1 and
    outOfRegion 0..1 and
    agent 0..1 and
    formerVisit 0..1
* insert Part(filingNo, [[备案号]], [[Number of the filing]])
* extension[filingNo].value[x] only string
* extension[filingNo].value[x] 1..1
* insert Part(request, [[转诊申请]], [[The referral]])
* extension[request].value[x] only Reference(ServiceRequest)
* extension[request].value[x] 1..1
* insert Part(hospitalAgrees, [[医院同意转院标志（hosp_agre_refl_flag）]], [[The hospital agrees]])
* extension[hospitalAgrees].value[x] only boolean
* extension[hospitalAgrees].value[x] 1..1
* insert Part(referralType, [[转院类型（refl_type，地方代码）]], [[Kind of transfer, local code]])
* extension[referralType].value[x] only CodeableConcept
* extension[referralType].value[x] 1..1
* insert Part(referralDate, [[转院日期（refl_date）]], [[Date of the transfer]])
* extension[referralDate].value[x] only date
* extension[referralDate].value[x] 1..1
* insert Part(period, [[备案起止（begndate、enddate）]], [[Validity]])
* extension[period].value[x] only Period
* extension[period].value[x] 1..1
* insert Part(reason, [[转院原因（refl_rea）]], [[Reason]])
* extension[reason].value[x] only string
* extension[reason].value[x] 1..1
* insert Part(opinion, [[转院意见（refl_opnn）]], [[Opinion]])
* extension[opinion].value[x] only string
* extension[opinion].value[x] 1..1
* insert Part(receiver, [[转往定点机构（reflin_medins）]], [[Receiving institution]])
* extension[receiver].value[x] only Reference(Organization)
* extension[receiver].value[x] 1..1
* insert Part(outOfRegion, [[异地标志（out_flag）]], [[Out of the region]])
* extension[outOfRegion].value[x] only boolean
* extension[outOfRegion].value[x] 1..1
* insert Part(agent, [[代办人（agnter）]], [[Who files for the patient]])
* extension[agent].value[x] only Reference(RelatedPerson)
* extension[agent].value[x] 1..1
* insert Part(formerVisit, [[原就诊ID（refl_old_mdtrt_id）]], [[Id of the former visit]])
* extension[formerVisit].value[x] only string
* extension[formerVisit].value[x] 1..1

Profile: ReferralCoverage
Parent: Coverage
Id: referral-coverage
Title: "医保与转院备案 / Insurance and filing of the transfer"
Description: "患者的医保及转院备案（接口 2501A）、起付线减免。 / The patient's insurance with the filing of the transfer (interface 2501A) and the waiver of the deductible."
* insert Published
* extension contains
    InsuranceRegion named insuranceRegion 0..1 MS and
    InsuranceFiling named filing 0..* MS and
    DeductibleWaiver named deductibleWaiver 0..1 MS
* insert Says(extension[insuranceRegion], [[参保地医保区划]], [[Insurance region]], [[参保机构医保区划（insu_optins）。]], [[Region where the person is insured (insu_optins).]])
* insert Says(extension[filing], [[转院备案]], [[Filing]], [[转院备案字段。]], [[Fields of the filing.]])
* insert Says(extension[deductibleWaiver], [[起付线减免]], [[Deductible waived]], [[起付线减免。]], [[The deductible waived.]])
* insert Must(identifier, [[医保证(卡)号]], [[Card number]], [[医保证或卡的号码。]], [[Number of the card.]])
* insert Must(status, [[状态]], [[Status]], [[有效等。]], [[Active and others.]])
* insert Must(type, [[险种]], [[Type]], [[险种类型（insutype）或医疗付费方式。]], [[Type of insurance (insutype) or way of payment.]])
* type 1..1
* type from $vs-coverage-type-cn (extensible)
* insert Must(subscriberId, [[人员编号]], [[Person number]], [[医保人员编号（psn_no）。]], [[Person number (psn_no).]])
* insert Must(beneficiary, [[患者]], [[Patient]], [[参保患者。]], [[The insured patient.]])
* beneficiary only Reference(ReferralPatient)
* insert Must(period, [[参保期间]], [[Period]], [[参保起止。]], [[Since when, until when.]])
* insert Must(payor, [[医保经办机构]], [[Payor]], [[医保局、合管办；自费时为患者。]], [[The insurance agency; the patient where self-paid.]])
* insert Must(costToBeneficiary, [[个人负担]], [[Cost to the patient]], [[起付线等。]], [[The deductible and others.]])
* obeys cn-filing-period and cn-filing-person

Invariant: cn-filing-period
Description: "备案终止日期不得早于起始日期 / A filing does not end before it begins"
Severity: #error
Expression: "extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/insurance-filing').extension.where(url = 'period').value.all(start.exists() and (end.exists().not() or start.toString() <= end.toString()))"

Invariant: cn-filing-person
Description: "转院备案须有医保人员编号 / A filing needs the person number"
Severity: #error
Expression: "extension.where(url = 'http://referral.consortium.cn/fhir/StructureDefinition/insurance-filing').exists() implies subscriberId.exists()"

Mapping: ReferralCoverage2501A
Source: ReferralCoverage
Target: "http://referral.consortium.cn/fhir/forms/insurance-2501A"
Id: insurance-2501A
Title: "医保接口 2501A 转院备案 / Insurance interface 2501A"
* subscriberId -> "psn_no 人员编号"
* type -> "insutype 险种类型"
* beneficiary -> "tel、addr 联系电话、联系地址"
* extension[insuranceRegion] -> "insu_optins 参保机构医保区划"
* extension[filing] -> "hosp_agre_refl_flag、refl_type、refl_date、begndate、enddate、refl_rea、refl_opnn、reflin_medins_no、out_flag、agnter_*、refl_old_mdtrt_id"
