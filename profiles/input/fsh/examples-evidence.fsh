// Photos, invoices, stubs, signatures, seals. The bytes are a few, not a picture.

RuleSet: AttachmentOf(patient, date, type)
* status = #current
* subject = Reference({patient})
* date = "{date}"
* content.attachment.contentType = #{type}

Instance: photo-receipt-form
InstanceOf: FormPhoto
Usage: #example
Title: "接收单照片 / Photo of the report"
Description: "报备时拍照上传 / Taken when reporting"
* insert AttachmentOf(patient-zhang, 2026-11-20T09:29:00+08:00, image/jpeg)
* type = $document-type#receipt-form
* content.attachment.title = "接收单.jpg"
* content.attachment.data = "/9j/4A=="
* context.related = Reference(up-referral-hypertension)

Instance: photo-up-form-child
InstanceOf: FormPhoto
Usage: #example
Title: "转出单照片 / Photo of the outward slip"
Description: "急诊纸质转出单 / The paper of the emergency"
* insert AttachmentOf(patient-li-boy, 2026-11-22T21:44:00+08:00, image/png)
* type = $document-type#up-form
* content.attachment.url = "http://referral.consortium.cn/files/photo-up-form-child.png"
* context.related = Reference(up-referral-child)

Instance: invoice-hypertension
InstanceOf: InvoiceCopy
Usage: #example
Title: "住院发票 / Invoice of the stay"
Description: "登记用 / For the register"
* insert AttachmentOf(patient-zhang, 2026-12-02T10:20:00+08:00, application/pdf)
* type = $document-type#invoice
* type.text = "住院发票"
* custodian = Reference(qingxi-county-hospital)
* content.attachment.url = "http://referral.consortium.cn/files/invoice-hypertension.pdf"
* context.encounter = Reference(inpatient-zhang)
* context.related = Reference(up-referral-hypertension)

Instance: fee-list-hypertension
InstanceOf: InvoiceCopy
Usage: #example
Title: "住院费用清单 / List of charges"
Description: "登记用 / For the register"
* insert AttachmentOf(patient-zhang, 2026-12-02T10:20:00+08:00, application/pdf)
* type = $document-type#fee-list
* type.text = "住院费用清单"
* custodian = Reference(qingxi-county-hospital)
* content.attachment.url = "http://referral.consortium.cn/files/fee-list-hypertension.pdf"
* context.encounter = Reference(inpatient-zhang)

Instance: stub-hypertension
InstanceOf: FormStub
Usage: #example
Title: "转出存根 / Stub of the outward slip"
Description: "卫生院留存 / Kept by the health centre"
* insert AttachmentOf(patient-zhang, 2026-11-20T09:25:00+08:00, application/pdf)
* type = $document-type#up-stub
* custodian = Reference(qingxi-health-center)
* content.attachment.url = "http://referral.consortium.cn/files/stub-hypertension.pdf"
* context.related = Reference(up-referral-hypertension)

Instance: stub-return-hypertension
InstanceOf: FormStub
Usage: #example
Title: "回转存根 / Stub of the return slip"
Description: "县医院留存 / Kept by the hospital"
* insert AttachmentOf(patient-zhang, 2026-12-02T10:05:00+08:00, application/pdf)
* type = $document-type#return-stub
* custodian = Reference(qingxi-county-hospital)
* content.attachment.url = "http://referral.consortium.cn/files/stub-return.pdf"
* context.related = Reference(down-referral-hypertension)

RuleSet: SignedBy(who, organization, when, type)
* recorded = "{when}"
* occurredDateTime = "{when}"
* agent.type = $participant-type#author
* agent.who = Reference({who})
* agent.onBehalfOf = Reference({organization})
* signature.type = $signature-type#{type}
* signature.when = "{when}"
* signature.who = Reference({who})

Instance: signature-zhou
InstanceOf: DoctorSignature
Usage: #example
Title: "签字：周明 / Signature of the referring doctor"
Description: "转出单签字 / On the outward slip"
* insert SignedBy(role-zhou, qingxi-health-center, 2026-11-20T09:20:00+08:00, 1.2.840.10065.1.12.1.1)
* target = Reference(up-referral-hypertension)

Instance: signature-li
InstanceOf: DoctorSignature
Usage: #example
Title: "签字：李建国 / Signature of the hospital doctor"
Description: "回转单签字 / On the return slip"
* insert SignedBy(role-li, qingxi-county-hospital, 2026-12-02T09:40:00+08:00, 1.2.840.10065.1.12.1.1)
* target = Reference(down-referral-hypertension)

Instance: seal-health-center
InstanceOf: OrganizationSeal
Usage: #example
Title: "公章：卫生院 / Seal of the health centre"
Description: "转出单盖章 / On the outward slip"
* insert SignedBy(qingxi-health-center, qingxi-health-center, 2026-11-20T09:22:00+08:00, 1.2.840.10065.1.12.1.14)
* target = Reference(up-referral-hypertension)

Instance: seal-county-hospital
InstanceOf: OrganizationSeal
Usage: #example
Title: "公章：县医院 / Seal of the hospital"
Description: "回转单盖章 / On the return slip"
* insert SignedBy(qingxi-county-hospital, qingxi-county-hospital, 2026-12-02T09:45:00+08:00, 1.2.840.10065.1.12.1.14)
* target = Reference(down-referral-hypertension)
