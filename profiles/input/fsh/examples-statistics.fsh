// Measures of this project, and monthly reports.

RuleSet: MeasureOf(name, zh, en)
* url = "http://referral.consortium.cn/fhir/Measure/{name}"
* title = "{zh} / {en}"
* insert Definition

RuleSet: Population(code, expression)
* group.population[+].code = $measure-population#{code}
* group.population[=].criteria.language = http://www.iana.org/assignments/media-types#application/x-fhir-query
* group.population[=].criteria.expression = "{expression}"

Instance: referral-count
InstanceOf: ReferralMeasure
Usage: #definition
Title: "转诊人次 / Number of referrals"
* name = "ReferralCount"
* insert MeasureOf(referral-count, [[转诊人次]], [[Number of referrals]])
* description = "统计期间报备的转诊数量，按单位、方向、月份。 / Referrals reported in the period, by institution, direction and month."
* scoring = $measure-scoring#cohort
* insert Population(initial-population, [[Task?code=http://hl7.org/fhir/CodeSystem/task-code|fulfill]])

Instance: referral-success-rate
InstanceOf: ReferralMeasure
Usage: #definition
Title: "转诊成功率 / Share of referrals that arrived"
* name = "ReferralSuccessRate"
* insert MeasureOf(referral-success-rate, [[转诊成功率]], [[Share of referrals that arrived]])
* description = "分母：报备的转诊，不含误录。分子：患者到诊或其后状态。来源只给目标（80%）未给定义，此定义为本项目所定。 / Denominator: referrals reported, without those in error. Numerator: the patient arrived. The source gives a target (80 %) and no definition; this one is ours."
* scoring = $measure-scoring#proportion
* improvementNotation = http://terminology.hl7.org/CodeSystem/measure-improvement-notation#increase
* insert Population(denominator, [[Task?code=http://hl7.org/fhir/CodeSystem/task-code|fulfill&status:not=entered-in-error]])
* insert Population(numerator, [[Task?code=http://hl7.org/fhir/CodeSystem/task-code|fulfill&status=in-progress,completed]])

Instance: decision-in-time
InstanceOf: ReferralMeasure
Usage: #definition
Title: "答复及时率 / Share of decisions in time"
* name = "DecisionInTime"
* insert MeasureOf(decision-in-time, [[答复及时率]], [[Share of decisions in time]])
* description = "分母：已到答复期限的转诊。分子：期限内答复的转诊。 / Denominator: referrals whose decision was due. Numerator: decided in time."
* scoring = $measure-scoring#proportion
* improvementNotation = http://terminology.hl7.org/CodeSystem/measure-improvement-notation#increase
* insert Population(denominator, [[Task?code=http://hl7.org/fhir/CodeSystem/task-code|fulfill]])
* insert Population(numerator, [[Task?code=http://hl7.org/fhir/CodeSystem/task-code|fulfill&status=accepted,in-progress,completed,rejected]])

Instance: referral-count-november
InstanceOf: ReferralMeasureReport
Usage: #example
Title: "11月转诊人次 / Referrals of November"
Description: "卫生院11月上报 / Of the health centre"
* status = #complete
* type = #summary
* measure = "http://referral.consortium.cn/fhir/Measure/referral-count"
* date = "2026-12-08"
* reporter = Reference(qingxi-health-center)
* period.start = "2026-11-01"
* period.end = "2026-11-30"
* group.population.code = $measure-population#initial-population
* group.population.count = 37
* group.measureScore.value = 37

Instance: referral-success-november
InstanceOf: ReferralMeasureReport
Usage: #example
Title: "11月转诊成功率 / Success of November"
Description: "医共体11月上报 / Of the consortium"
* status = #complete
* type = #summary
* measure = "http://referral.consortium.cn/fhir/Measure/referral-success-rate"
* date = "2026-12-09T11:00:00+08:00"
* reporter = Reference(qingxi-consortium)
* period.start = "2026-11-01"
* period.end = "2026-11-30"
* group.population[0].code = $measure-population#denominator
* group.population[=].count = 210
* group.population[+].code = $measure-population#numerator
* group.population[=].count = 183
* group.measureScore.value = 0.871
