// Statistics: measures and their reports.

Profile: ReferralMeasure
Parent: Measure
Id: referral-measure
Title: "转诊统计指标 / Measure of referrals"
Description: "转诊统计与考核的指标：定义、分子、分母；目标值是数据，不写死。 / A measure for statistics and assessment: definition, numerator, denominator. Targets are data."
* insert Published
* insert Must(url, [[地址]], [[Address]], [[指标的地址。]], [[The canonical address.]])
* url 1..1
* insert Must(name, [[名称]], [[Name]], [[计算机用名称。]], [[Name for computers.]])
* name 1..1
* insert Must(title, [[标题]], [[Title]], [[指标名称。]], [[The title.]])
* title 1..1
* insert Must(description, [[说明]], [[Description]], [[指标含义与来源。]], [[What it means and where it is from.]])
* description 1..1
* insert Must(scoring, [[计分方式]], [[Scoring]], [[比例、计数、比值。]], [[Proportion, cohort, ratio.]])
* scoring 1..1
* insert Must(improvementNotation, [[改进方向]], [[Improvement]], [[越高越好或越低越好。]], [[Whether more or less is better.]])
* insert Must(group, [[人群]], [[Group]], [[分子与分母。]], [[Numerator and denominator.]])
* group 1..*
* insert Must(group.population, [[统计对象]], [[Populations]], [[分子、分母等。]], [[Numerator, denominator and others.]])
* group.population 1..*
* group.population.code 1..1
* insert Says(group.population.code, [[对象种类]], [[Kind]], [[分子、分母、初始人群。]], [[Numerator, denominator, initial population.]])

Profile: ReferralMeasureReport
Parent: MeasureReport
Id: referral-measure-report
Title: "转诊统计报告 / Report of a measure"
Description: "成员单位每月10日前上报的统计结果，供考核办核对、行政部门查阅。 / The monthly figures, due on day 10 of the next month, for reconciling and for the authority."
* insert Published
* insert Must(status, [[状态]], [[Status]], [[完成、待定、错误。]], [[Complete, pending, error.]])
* insert Must(type, [[种类]], [[Type]], [[汇总报告。]], [[A summary.]])
* type = #summary
* insert Must(measure, [[指标]], [[Measure]], [[所统计的指标。]], [[The measure.]])
* insert Must(date, [[上报时间]], [[Date]], [[上报时间。]], [[When it was reported.]])
* date 1..1
* insert Must(reporter, [[上报单位]], [[Reporter]], [[上报单位。]], [[Who reports.]])
* reporter 1..1
* reporter only Reference(ReferralOrganization)
* insert Must(period, [[统计期间]], [[Period]], [[统计起止，通常为一个月。]], [[The period, mostly a month.]])
* period.start 1..1
* period.end 1..1
* insert Says(period.start, [[起始]], [[Begin]], [[期间第一天。]], [[The first day.]])
* insert Says(period.end, [[截止]], [[End]], [[期间最后一天。]], [[The last day.]])
* insert Must(group, [[结果]], [[Result]], [[统计结果。]], [[The result.]])
* group 1..*
* insert Must(group.measureScore, [[得分]], [[Score]], [[比例或数量。]], [[Proportion or number.]])
* insert Must(group.population, [[各项计数]], [[Counts]], [[分子、分母的数量。]], [[Counts of numerator and denominator.]])
* obeys cn-report-after-period and cn-report-numerator

Invariant: cn-report-after-period
Description: "统计报告不应早于统计期间结束 / A report is not made before its period ends"
Severity: #error
Expression: "date.toString().substring(0, 10) >= period.end.toString().substring(0, 10)"

Invariant: cn-report-numerator
Description: "分子不得大于分母 / The numerator is not larger than the denominator"
Severity: #error
Expression: "group.all(iif(population.where(code.coding.code = 'numerator').first().count > population.where(code.coding.code = 'denominator').first().count, false, true))"
