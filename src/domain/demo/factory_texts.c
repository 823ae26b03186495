/* factory_texts.c - what the manufacturer's sales people write down: visits and follow-ups. */
#include "domain/demo/factory.h"

#define T(zh, en)                                                                                            \
    {                                                                                                        \
        zh, en                                                                                               \
    }
#define N(t) (sizeof(t) / sizeof((t)[0]))

/* clang-format off */
const struct factory_purpose FACTORY_PURPOSES[] = {
    {"first", 8, T("初次拜访，介绍{p}", "First visit, showing {p}"),
     {T("参观了产线，现用台系品牌，对交期不满意，愿意先试两套。", "Walked the line. They use a Taiwanese brand and are unhappy with its lead times; two sets for trial."),
      T("采购态度一般，研发对精度参数感兴趣，留了样本和选型手册。", "Purchasing was cool, R&D liked the accuracy figures. Left samples and the selection guide."),
      T("客户近期无新项目，约定下季度再来。", "No new project for now; we come again next quarter.")},
     T("一周内发选型建议", "Send a selection proposal within a week")},
    {"need", 26, T("沟通{o}需求", "Needs of the {o}"),
     {T("确认行程 600、负载 12 kg、节拍 1.8 s，需要 C5 精度，下周给方案。", "Stroke 600, load 12 kg, cycle 1.8 s, accuracy C5. We propose next week."),
      T("图纸还会改一版，等研发冻结后再报价。", "The drawing changes once more; we quote when R&D has frozen it."),
      T("客户希望降本 8%，讨论了改用标准滑块的可行性。", "They want 8 % off the cost; we looked at standard carriages instead.")},
     T("提交方案和报价", "Submit proposal and quotation")},
    {"trial", 17, T("{p}试装测试", "Fitting trial of {p}"),
     {T("现场试装顺利，运行噪音 52 dB，客户认可，继续做一周老化。", "Fitting went well, 52 dB running; they agree and let it run for a week."),
      T("安装孔位差 0.2 mm，已改垫板，下次带工程师复测。", "Mounting holes off by 0.2 mm; shim changed, our engineer measures again next time."),
      T("寿命测试跑到 3,000 km 无异常，等正式报告。", "Life test at 3,000 km without findings; waiting for the report.")},
     T("跟进测试报告", "Follow the test report")},
    {"contract", 14, T("商谈{o}合同", "Contract for the {o}"),
     {T("价格谈到原报价 94 折，账期 60 天，等总经理签字。", "Price settled at 94 % of our quotation, 60 days; the general manager signs."),
      T("客户要求备货一个月用量，我们答应备半个月。", "They ask for a month of stock with us; we agreed to half a month."),
      T("竞争对手报价低 6%，准备用交期和服务争取。", "A competitor is 6 % lower; we answer with lead time and service.")},
     T("三天内回传合同", "Return the contract within three days")},
    {"service", 15, T("处理{p}售后问题", "After-sales: {p}"),
     {T("滑块异响是润滑不足引起，现场加注并培训了保养。", "The noise came from missing grease; greased on site and trained maintenance."),
      T("更换两件端盖，客户接受，要求提供 8D 报告。", "Two end caps replaced; accepted, with an 8D report to follow."),
      T("确认为安装面平面度超差，已和设备工程师改善工装。", "Mounting surface out of flatness; fixture improved together with their engineer.")},
     T("提交 8D 报告", "Send the 8D report")},
    {"payment", 9, T("对账与回款", "Statement and payment"),
     {T("对账无误，财务承诺本月底安排付款。", "Statement agreed; accounting promises payment by month end."),
      T("有两张发票未收到，当天补寄。", "Two invoices had not arrived; sent again the same day."),
      T("客户资金紧张，商量用六个月承兑支付一半。", "Cash is short; half will be paid by a six-month acceptance.")},
     T("月底确认到账", "Check the money at month end")},
    {"care", 11, T("例行回访与交流", "Regular visit"),
     {T("使用正常，下半年有扩产计划，提前沟通产能。", "All runs well; they expand in the second half, so capacity was discussed early."),
      T("新任采购经理到岗，介绍了合作历史和年度框架。", "A new purchasing manager; explained our history and the yearly frame."),
      T("送上年度检测报告，客户满意，愿意推荐给兄弟公司。", "Handed over the yearly inspection report; they are pleased and will recommend us to a sister company.")},
     T("下季度再访", "Visit again next quarter")},
};
const int FACTORY_PURPOSES_N = N(FACTORY_PURPOSES);

const struct factory_talk FACTORY_TALKS[] = {
    {"chat", "in", T("{k}微信询问{p}交期", "{k} asks on WeChat when {p} can ship"), T("需要 {n} 件，希望两周内到。", "Needs {n} pieces within two weeks."), T("已确认 12 天发货", "Confirmed: ships in 12 days")},
    {"chat", "in", T("微信发来{o}图纸，请选型", "Drawing of the {o} by WeChat, asks for a selection"), T("行程和负载见图，安装方式侧挂。", "Stroke and load as drawn, mounted on its side."), T("转技术部选型", "Passed to application engineering")},
    {"chat", "out", T("微信发送{p}选型结果与 3D 图", "Selection of {p} and 3D model sent by WeChat"), T("附寿命计算书。", "With the life calculation."), T("客户确认收到", "Received")},
    {"chat", "out", T("提醒本月对账单已寄出", "Told that this month's statement is in the post"), T("", ""), T("财务回复月底付款", "Accounting pays at month end")},
    {"chat", "in", T("催{p}发货", "Presses for delivery of {p}"), T("产线等件，问能否先发一半。", "The line is waiting; can half be sent first?"), T("先发 {n} 件，余量下周", "{n} pieces first, the rest next week")},
    {"call", "out", T("电话跟进{o}进度", "Call about progress of the {o}"), T("研发已冻结方案，采购开始比价。", "R&D has frozen the design; purchasing compares prices."), T("周五前提交报价", "Quotation by Friday")},
    {"call", "in", T("来电询价{p} {n} 件", "Call: price of {n} pieces of {p}"), T("对比另一家供应商，要求含税到厂价。", "Compares with another supplier; price delivered, tax included."), T("已报价", "Quoted")},
    {"call", "out", T("回访{p}使用情况", "Call: how {p} is running"), T("运行半年无故障，噪音正常。", "Half a year without failure, noise normal."), T("满意", "Satisfied")},
    {"call", "in", T("反映{p}运行有异响", "Reports noise from {p}"), T("设备已运行 8 个月，疑似缺油。", "Eight months in use; probably short of grease."), T("安排工程师上门", "Engineer will visit")},
    {"call", "out", T("催收逾期货款", "Call about overdue payment"), T("逾期 18 天，财务说等老板签字。", "18 days overdue; accounting waits for a signature."), T("承诺下周三付款", "Promised for next Wednesday")},
    {"call", "out", T("邀请参加苏州自动化展", "Invitation to the automation fair in Suzhou"), T("展位 B3-112，可安排接送。", "Stand B3-112; we can arrange transport."), T("{k}确认参加", "{k} will come")},
    {"mail", "out", T("{o}方案与报价单", "Proposal and quotation for the {o}"), T("含{p} {n} 件，分三档数量价，交期 25 天。", "{n} pieces of {p}, three price steps, lead time 25 days."), T("等待回复", "Waiting for an answer")},
    {"mail", "in", T("确认{p}规格书", "Datasheet of {p} confirmed"), T("请按附件 B 版图纸执行。", "Please follow drawing revision B attached."), T("已转生产", "Passed to production")},
    {"mail", "in", T("{p}来料检验不合格通知", "Incoming inspection: {p} rejected"), T("两件平行度超 0.015 mm，附检测报告。", "Two pieces out of parallel by 0.015 mm, report attached."), T("48 小时内回复 8D", "8D within 48 hours")},
    {"mail", "out", T("{p} 8D 报告", "8D report for {p}"), T("原因为夹具磨损，已更换并加检。", "Cause: a worn fixture, replaced, with an extra inspection."), T("客户关闭问题", "Closed by the customer")},
    {"mail", "out", T("下季度价格调整说明", "Price changes of the next quarter"), T("轴承钢上涨，部分型号上调 3%，框架客户保持原价。", "Bearing steel is up; some types rise by 3 %, frame contracts keep their prices."), T("客户希望延后执行", "They ask to put it off")},
    {"mail", "in", T("下达{p}订单", "Order for {p}"), T("数量 {n}，请回签并确认交期。", "{n} pieces; please countersign and confirm delivery."), T("已回签", "Countersigned")},
    {"meeting", "none", T("{o}技术评审会", "Design review of the {o}"), T("评审负载、精度与防尘等级，决定采用密封型。", "Load, accuracy and dust protection; sealed type chosen."), T("纪要已发", "Minutes sent")},
    {"meeting", "none", T("年度框架协议会议", "Meeting on the yearly frame contract"), T("预计年采购额增长 15%，争取返利 2%。", "Purchases to grow by 15 %; they want a 2 % rebate."), T("下周出协议草案", "Draft next week")},
    {"note", "none", T("采购换人，新对接人{k}", "New buyer: {k}"), T("原对接人转岗，已交接在手订单。", "The former buyer has moved on; open orders are handed over."), T("", "")},
    {"note", "none", T("客户招标，{o}预算已批", "Tender: budget for the {o} approved"), T("三家入围，我们和北辰、台岳。", "Three are shortlisted: we, Beichen and Taiyue."), T("", "")},
    {"note", "none", T("得知客户新厂动工", "Their new plant is being built"), T("明年产能翻倍，需提前备货。", "Capacity doubles next year; we need stock."), T("", "")},
};
const int FACTORY_TALKS_N = N(FACTORY_TALKS);
/* clang-format on */
