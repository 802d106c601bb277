// Rules of identifiers that FHIRPath can check.

Invariant: cn-resident-id
Description: "居民身份证号应为17位数字加校验码，校验码按 GB 11643 计算 / A resident id has 17 digits and a check character by GB 11643"
Severity: #error
Expression: "value.matches('^[0-9]{17}[0-9X]$') and '10X98765432'.substring((value.substring(0,1).toInteger()*7 + value.substring(1,1).toInteger()*9 + value.substring(2,1).toInteger()*10 + value.substring(3,1).toInteger()*5 + value.substring(4,1).toInteger()*8 + value.substring(5,1).toInteger()*4 + value.substring(6,1).toInteger()*2 + value.substring(7,1).toInteger() + value.substring(8,1).toInteger()*6 + value.substring(9,1).toInteger()*3 + value.substring(10,1).toInteger()*7 + value.substring(11,1).toInteger()*9 + value.substring(12,1).toInteger()*10 + value.substring(13,1).toInteger()*5 + value.substring(14,1).toInteger()*8 + value.substring(15,1).toInteger()*4 + value.substring(16,1).toInteger()*2) mod 11, 1) = value.substring(17,1)"

Invariant: cn-resident-id-date
Description: "居民身份证号的第7至14位应为真实的出生日期 / Digits 7 to 14 of a resident id are a real date"
Severity: #error
Expression: "value.matches('^[0-9]{17}[0-9X]$').not() or (value.substring(6,4) & '-' & value.substring(10,2) & '-' & value.substring(12,2)).toDate().exists()"

Invariant: cn-resident-sex
Description: "性别与居民身份证号第17位（男单女双）不一致，请核对 / The gender differs from digit 17 of the resident id (odd: male), please check"
Severity: #warning
Expression: "gender.exists().not() or (gender = 'male' or gender = 'female').not() or identifier.where(system = 'urn:oid:2.16.156.10011.1.3' or system = 'urn:oid:2.16.840.1.113883.2.23.1.19.1').value.where(matches('^[0-9]{17}[0-9X]$')).all(iif(substring(16,1).toInteger() mod 2 = 1, 'male', 'female') = %resource.gender)"

Invariant: cn-resident-birth
Description: "出生日期与居民身份证号第7至14位不一致，请核对 / The date of birth differs from digits 7 to 14 of the resident id, please check"
Severity: #warning
Expression: "birthDate.exists().not() or identifier.where(system = 'urn:oid:2.16.156.10011.1.3' or system = 'urn:oid:2.16.840.1.113883.2.23.1.19.1').value.where(matches('^[0-9]{17}[0-9X]$')).all((substring(6,4) & '-' & substring(10,2) & '-' & substring(12,2)).startsWith(%resource.birthDate.toString()))"

Invariant: cn-health-record-no
Description: "健康档案编号应为17位数字 / A health record number has 17 digits"
Severity: #warning
Expression: "value.matches('^[0-9]{17}$')"

Invariant: cn-uscc
Description: "18位的统一社会信用代码应只含允许的字符，且校验码按 GB 32100 计算 / A unified social credit code of 18 characters has a check character by GB 32100"
Severity: #error
Expression: "value.length() != 18 or (value.matches('^[0-9A-HJ-NPQRTUWXY]{18}$') and '0123456789ABCDEFGHJKLMNPQRTUWXY'.substring((31 - ('0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(0,1)) + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(1,1))*3 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(2,1))*9 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(3,1))*27 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(4,1))*19 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(5,1))*26 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(6,1))*16 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(7,1))*17 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(8,1))*20 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(9,1))*29 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(10,1))*25 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(11,1))*13 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(12,1))*8 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(13,1))*24 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(14,1))*10 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(15,1))*30 + '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(value.substring(16,1))*28) mod 31) mod 31, 1) = value.substring(17,1))"

Invariant: cn-organization-code
Description: "机构代码应为18位统一社会信用代码、9位组织机构代码或22位医疗机构代码 / An organisation code has 18 (credit code), 9 (organisation code) or 22 characters (institution code)"
Severity: #warning
Expression: "value.length() = 18 or value.replace('-', '').length() = 9 or value.length() = 22"

Invariant: cn-phone
Description: "电话号码应含3位以上数字 / A telephone number has at least three digits"
Severity: #error
Expression: "value.exists().not() or system != 'phone' or value.matches('[0-9].*[0-9].*[0-9]')"
