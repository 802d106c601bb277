// The consortium: who belongs to it, what it offers, where.

Profile: ConsortiumMembership
Parent: OrganizationAffiliation
Id: consortium-membership
Title: "医联体成员关系 / Membership of a consortium"
Description: "机构在医联体中的角色与期限：牵头医院、成员单位、分院等。 / What an institution is in a consortium, and since when: lead, member, branch."
* insert Published
* insert Must(active, [[是否有效]], [[Active]], [[成员关系是否有效。]], [[Whether it is in force.]])
* active 1..1
* insert Must(period, [[期限]], [[Period]], [[加入与退出时间。]], [[Since when, until when.]])
* insert Must(organization, [[牵头单位]], [[Lead]], [[医联体或牵头医院。]], [[The consortium or its lead hospital.]])
* organization 1..1
* organization only Reference(ReferralOrganization)
* insert Must(participatingOrganization, [[成员单位]], [[Member]], [[成员单位。]], [[The member.]])
* participatingOrganization 1..1
* participatingOrganization only Reference(ReferralOrganization)
* insert Must(network, [[医联体]], [[Consortium]], [[所属医联体（组织）。]], [[The consortium as an organisation.]])
* insert Must(code, [[角色]], [[Role]], [[牵头、分院、成员等。]], [[Lead, branch, member and others.]])
* code 1..*
* code from $vs-consortium-role (extensible)
* insert Must(specialty, [[专科]], [[Specialty]], [[协作的专科。]], [[Specialties of the co-operation.]])
* insert Must(telecom, [[联系方式]], [[Contact]], [[转诊联系方式。]], [[Contact for referrals.]])
* obeys cn-membership-other and cn-membership-ended

Invariant: cn-membership-other
Description: "成员单位不应是牵头单位自己 / The member is not the lead itself"
Severity: #error
Expression: "organization.reference.exists().not() or participatingOrganization.reference.exists().not() or code.coding.where(code = 'lead').exists() or organization.reference != participatingOrganization.reference"

Invariant: cn-membership-ended
Description: "已停止的成员关系应写明结束时间 / A membership that ended says when"
Severity: #warning
Expression: "active = true or period.end.exists()"

Profile: ReferralService
Parent: HealthcareService
Id: referral-service
Title: "转诊服务 / Referral service"
Description: "双向转诊办公室、专科、检查中心等可转诊的服务：科目、电话、工作时间。 / What can be referred to: referral desk, specialty, examination centre, with telephone and hours."
* insert Published
* insert Must(active, [[是否开放]], [[Active]], [[是否接受转诊。]], [[Whether it takes referrals.]])
* insert Must(providedBy, [[提供机构]], [[Provided by]], [[提供服务的机构。]], [[The institution.]])
* providedBy 1..1
* providedBy only Reference(ReferralOrganization)
* insert Must(specialty, [[诊疗科目]], [[Specialty]], [[诊疗科目代码。]], [[Clinical department code.]])
* specialty from $vs-clinical-department (extensible)
* insert Must(name, [[服务名称]], [[Name]], [[服务名称。]], [[The name.]])
* name 1..1
* insert Must(telecom, [[联系电话]], [[Telephone]], [[转诊联系电话，必填。]], [[Telephone for referrals; mandatory.]])
* telecom 1..*
* telecom obeys cn-phone
* insert Must(availableTime, [[工作时间]], [[Hours]], [[接受转诊的时间。]], [[When it takes referrals.]])
* insert Must(referralMethod, [[转诊方式]], [[Method]], [[平台、电话等。]], [[Platform, telephone and others.]])

Profile: ReferralLocation
Parent: Location
Id: referral-location
Title: "地点与床位 / Place and bed"
Description: "院区、病区、病床、诊室、接送地点。 / Site, ward, bed, room, pick-up place."
* insert Published
* insert Must(identifier, [[编号]], [[Identifiers]], [[病区号、床位号。]], [[Number of ward or bed.]])
* insert Must(status, [[状态]], [[Status]], [[启用、停用。]], [[Active or not.]])
* status 1..1
* insert Must(operationalStatus, [[床位状态]], [[Bed status]], [[空床、占用等。]], [[Free, occupied and others.]])
* insert Must(name, [[名称]], [[Name]], [[名称。]], [[The name.]])
* name 1..1
* insert Must(physicalType, [[类型]], [[Kind]], [[院区、病区、床位等。]], [[Site, ward, bed.]])
* insert Must(managingOrganization, [[所属机构]], [[Institution]], [[所属机构。]], [[The institution.]])
* managingOrganization 1..1
* insert Must(partOf, [[上级地点]], [[Part of]], [[床位所属的病区。]], [[The ward of a bed.]])
* obeys cn-bed-status

Invariant: cn-bed-status
Description: "床位应属于病区（上级地点） / A bed is part of a ward"
Severity: #error
Expression: "physicalType.coding.where(system = 'http://terminology.hl7.org/CodeSystem/location-physical-type' and code = 'bd').exists() implies partOf.exists()"
