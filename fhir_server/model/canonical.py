"""The addresses this project owns, in one place. The package id is the host name reversed."""

PACKAGE_ID = "cn.consortium.referral"
BASE = "http://referral.consortium.cn/fhir"


def structure_definition(name: str) -> str:
    return f"{BASE}/StructureDefinition/{name}"


def code_system(name: str) -> str:
    return f"{BASE}/CodeSystem/{name}"


def naming_system(name: str) -> str:
    """An identifier system of ours. Spec: http://hl7.org/fhir/R4/namingsystem.html"""
    return f"{BASE}/sid/{name}"


def operation_definition(name: str) -> str:
    return f"{BASE}/OperationDefinition/{name}"


# Identifier systems of the national CDA specifications (WS/T 500-2016), as urn:oid:.
OID = "urn:oid:2.16.156.10011"
RESIDENT_ID = f"{OID}.1.3"  # 居民身份证号
HEALTH_RECORD_NO = f"{OID}.1.2"  # 城乡居民健康档案编号
MEDICAL_RECORD_NO = f"{OID}.1.13"  # 病案号
ORGANIZATION_CODE = f"{OID}.1.5"  # 医疗机构代码 / 统一社会信用代码
REQUEST_NO = f"{OID}.1.24"  # 电子申请单编号
SEX_GBT2261 = f"{OID}.2.3.3.4"  # GB/T 2261.1 性别
