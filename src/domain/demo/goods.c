/* goods.c - what the demo shop sells, what is written about it, and currencies. */
#include <string.h>

#include "domain/demo/world.h"

const struct demo_category DEMO_CATEGORIES[] = {
    {"TS-GREEN", "绿茶 Green tea"}, {"TS-WHITE", "白茶 White tea"},
    {"TS-OOLONG", "乌龙茶 Oolong"}, {"TS-BLACK", "红茶 Black tea"},
    {"TS-PUER", "普洱茶 Pu'er"},    {"TS-FLOWER", "花茶 Scented tea"},
    {"TS-WARE", "茶具 Teaware"},    {"TS-SET", "礼盒与套装 Gifts and sets"},
};
const size_t DEMO_CATEGORIES_N = sizeof DEMO_CATEGORIES / sizeof DEMO_CATEGORIES[0];

const struct demo_product DEMO_PRODUCTS[] = {
    {"TS-G01", "西湖龙井 明前特级 West Lake Longjing 100 g", 0, 4800, 48, 9, true},
    {"TS-G02", "龙井 雨前 Longjing Before the Rain 100 g", 0, 2600, 45, 12, true},
    {"TS-G03", "碧螺春 Biluochun 100 g", 0, 3200, 46, 8, true},
    {"TS-G04", "黄山毛峰 Huangshan Maofeng 100 g", 0, 2400, 44, 8, true},
    {"TS-G05", "六安瓜片 Lu'an Guapian 100 g", 0, 2200, 44, 5, true},
    {"TS-G06", "信阳毛尖 Xinyang Maojian 100 g", 0, 2100, 45, 4, true},
    {"TS-G07", "安吉白茶 Anji Baicha 100 g", 0, 3000, 47, 6, true},
    {"TS-G08", "太平猴魁 Taiping Houkui 100 g", 0, 4200, 50, 3, true},
    {"TS-G09", "日照绿茶 Rizhao green tea 250 g", 0, 1900, 42, 5, true},
    {"TS-W01", "白毫银针 Silver Needle 50 g", 1, 2900, 47, 7, true},
    {"TS-W02", "白牡丹 White Peony 100 g", 1, 2100, 43, 8, false},
    {"TS-W03", "寿眉老白茶 2016 Aged Shoumei cake 350 g", 1, 3800, 40, 5, false},
    {"TS-W04", "贡眉 Gongmei 100 g", 1, 1700, 42, 4, false},
    {"TS-O01", "安溪铁观音 清香 Tieguanyin, light 125 g", 2, 2300, 44, 11, false},
    {"TS-O02", "安溪铁观音 浓香 Tieguanyin, roasted 125 g", 2, 2500, 44, 8, false},
    {"TS-O03", "武夷大红袍 Da Hong Pao 100 g", 2, 3600, 48, 9, false},
    {"TS-O04", "武夷肉桂 Rougui 50 g", 2, 3400, 50, 5, false},
    {"TS-O05", "凤凰单丛 鸭屎香 Fenghuang Dancong 100 g", 2, 3300, 47, 8, false},
    {"TS-O06", "冻顶乌龙 Dong Ding Oolong 150 g", 2, 2800, 46, 6, false},
    {"TS-O07", "东方美人 Oriental Beauty 75 g", 2, 3900, 52, 5, false},
    {"TS-O08", "漳平水仙 Zhangping Shuixian 100 g", 2, 1900, 42, 3, false},
    {"TS-B01", "正山小种 Lapsang Souchong 100 g", 3, 2000, 42, 11, false},
    {"TS-B02", "金骏眉 Jin Jun Mei 50 g", 3, 3100, 47, 7, false},
    {"TS-B03", "祁门红茶 Keemun 125 g", 3, 1900, 41, 10, false},
    {"TS-B04", "滇红金芽 Yunnan Golden Buds 100 g", 3, 2400, 43, 9, false},
    {"TS-B05", "英德红茶 Yingde black 100 g", 3, 1500, 40, 4, false},
    {"TS-B06", "九曲红梅 Jiuqu Hongmei 75 g", 3, 2200, 45, 3, false},
    {"TS-P01", "普洱熟茶饼 2018 Ripe Pu'er cake 357 g", 4, 3200, 38, 9, false},
    {"TS-P02", "普洱生茶饼 冰岛 2020 Raw Pu'er Bingdao 357 g", 4, 6800, 45, 4, false},
    {"TS-P03", "普洱生茶饼 易武 2019 Raw Pu'er Yiwu 357 g", 4, 5400, 44, 4, false},
    {"TS-P04", "小青柑 Tangerine Pu'er 250 g", 4, 1800, 40, 10, false},
    {"TS-P05", "宫廷熟普散茶 Palace ripe Pu'er 200 g", 4, 2600, 39, 6, false},
    {"TS-P06", "老茶头 Lao Cha Tou 200 g", 4, 2100, 38, 5, false},
    {"TS-F01", "茉莉龙珠 Jasmine Dragon Pearls 100 g", 5, 2300, 43, 11, false},
    {"TS-F02", "碧潭飘雪 Bitan Piaoxue jasmine 100 g", 5, 2700, 44, 6, false},
    {"TS-F03", "桂花乌龙 Osmanthus oolong 100 g", 5, 1900, 41, 8, false},
    {"TS-F04", "玫瑰红茶 Rose black tea 100 g", 5, 1600, 40, 7, false},
    {"TS-F05", "菊花枸杞茶 Chrysanthemum and goji 150 g", 5, 1200, 35, 6, false},
    {"TS-T01", "宜兴紫砂壶 西施 Yixing pot Xishi 180 ml", 6, 8900, 52, 4, false},
    {"TS-T02", "宜兴紫砂壶 石瓢 Yixing pot Shipiao 200 ml", 6, 9800, 52, 3, false},
    {"TS-T03", "景德镇青花盖碗 Blue-and-white gaiwan 120 ml", 6, 3400, 45, 8, false},
    {"TS-T04", "甜白釉盖碗 White-glaze gaiwan 110 ml", 6, 2800, 44, 6, false},
    {"TS-T05", "玻璃公道杯 Glass fairness cup 250 ml", 6, 1500, 38, 7, false},
    {"TS-T06", "建盏主人杯 Jian tenmoku cup", 6, 4600, 48, 5, false},
    {"TS-T07", "汝窑品茗杯 六只 Ru-glaze cups, six", 6, 3900, 46, 4, false},
    {"TS-T08", "竹制茶盘 Bamboo tea tray", 6, 3600, 47, 4, false},
    {"TS-T09", "茶则茶针套装 Scoop and needle set", 6, 1400, 36, 6, false},
    {"TS-T10", "陶炉煮茶器 Clay tea stove", 6, 7200, 0, 2, false},
    {"TS-T11", "旅行茶具便携包 Travel tea set", 6, 3100, 43, 8, false},
    {"TS-T12", "锡茶叶罐 Pewter tea caddy", 6, 4400, 0, 3, false},
    {"TS-T13", "手工铁壶 Hand-cast iron kettle 1.2 l", 6, 12800, 55, 2, false},
    {"TS-S01", "新茶品鉴套装 Spring tasting set", 7, 3900, 45, 7, true},
    {"TS-S02", "六大茶类体验装 Six kinds of tea, sampler", 7, 2900, 42, 12, false},
    {"TS-S03", "乌龙茶礼盒 Oolong gift box", 7, 5600, 46, 6, false},
    {"TS-S04", "圣诞茶日历 Tea advent calendar", 7, 4900, 44, 5, false},
    {"TS-S05", "中秋茶点礼盒 Mid-autumn gift box", 7, 5200, 0, 4, false},
    {"TS-S06", "企业定制礼盒 Corporate gift box", 7, 6800, 47, 3, false},
    {"TS-S07", "功夫茶入门套装 Gongfu starter set", 7, 6400, 48, 8, false},
    {"TS-S08", "老白茶与煮茶壶套装 Aged white and kettle set", 7, 8800, 0, 2, false},
    {"TS-S09", "茉莉与盖碗套装 Jasmine and gaiwan set", 7, 4700, 46, 5, false},
};
const size_t DEMO_PRODUCTS_N = sizeof DEMO_PRODUCTS / sizeof DEMO_PRODUCTS[0];

const struct demo_subject DEMO_SUBJECTS_ZH[] = {
    {"chat", "in", "询问 {p} 什么时候有新茶"},
    {"chat", "in", "咨询 {p} 的冲泡水温"},
    {"chat", "out", "推荐 {p}，客户说考虑一下"},
    {"chat", "in", "问订单物流，已发快递单号"},
    {"chat", "in", "反馈茶罐有磕碰，已补发"},
    {"chat", "out", "新茶到货提醒：{p}"},
    {"call", "out", "电话回访：上次的 {p} 口感满意"},
    {"call", "in", "来电要求更换收货地址"},
    {"call", "out", "节前问候并确认礼盒数量"},
    {"call", "in", "询问大宗采购 {p} 的折扣"},
    {"visit", "out", "上门拜访，现场试泡 {p}"},
    {"visit", "in", "到店品茶，对 {p} 感兴趣"},
    {"meeting", "none", "商谈年度礼品供货"},
    {"mail", "out", "发送报价单与样品清单"},
    {"mail", "in", "来信确认合同条款"},
    {"note", "none", "偏好清淡口味，不要太浓的烘焙"},
    {"note", "none", "常在双十一前集中下单"},
    {"social", "in", "朋友圈留言想要 {p}"},
    {"chat", "in", "投诉包装漏气，已退换"},
    {"chat", "out", "提醒会员生日礼可领取"},
};
const size_t DEMO_SUBJECTS_ZH_N = sizeof DEMO_SUBJECTS_ZH / sizeof DEMO_SUBJECTS_ZH[0];
const struct demo_subject DEMO_SUBJECTS_EN[] = {
    {"mail", "in", "Question about brewing {p}"},
    {"mail", "out", "Order shipped, tracking number sent"},
    {"mail", "in", "Parcel held at customs"},
    {"mail", "out", "Invoice and customs papers for the last order"},
    {"mail", "in", "When will {p} be back in stock?"},
    {"mail", "out", "New harvest: {p}"},
    {"mail", "in", "One cup arrived broken, photo attached"},
    {"mail", "out", "Replacement sent, apology and sample added"},
    {"mail", "in", "Asks for a wholesale price list"},
    {"mail", "out", "Wholesale price list sent"},
    {"chat", "in", "Which tea is low in caffeine?"},
    {"chat", "in", "Wants {p} as a gift, asks for wrapping"},
    {"chat", "out", "Suggested {p} to go with the last order"},
    {"chat", "in", "Delivery slower than promised"},
    {"call", "out", "Follow-up call: happy with {p}"},
    {"call", "in", "Called to change the delivery address"},
    {"meeting", "none", "Video meeting about next season's orders"},
    {"social", "in", "Posted a review of {p}"},
    {"social", "in", "Asked on Instagram about {p}"},
    {"note", "none", "Prefers roasted oolong, drinks it daily"},
};
const size_t DEMO_SUBJECTS_EN_N = sizeof DEMO_SUBJECTS_EN / sizeof DEMO_SUBJECTS_EN[0];

const char *const DEMO_CURRENCIES[5] = {"USD", "EUR", "GBP", "CNY", "JPY"};

/* About what one unit was worth in the middle of the 2020s. */
static const struct {
    const char *code;
    int worth;
} WORTH[] = {
    {"CNY", 10000}, {"USD", 71500}, {"EUR", 78000}, {"GBP", 91500}, {"JPY", 480},   {"AUD", 47000},
    {"CAD", 52500}, {"CHF", 81000}, {"HKD", 9200},  {"SGD", 53500}, {"NZD", 43000}, {"TWD", 2200},
    {"SEK", 6800},  {"NOK", 6700},  {"DKK", 10400}, {"THB", 2000},  {"MYR", 15500}, {"BRL", 13500},
};

int
demo_worth(const char *currency)
{
    for (size_t i = 0; i < sizeof WORTH / sizeof WORTH[0]; i++) {
        if (strcmp(WORTH[i].code, currency) == 0)
            return WORTH[i].worth;
    }
    return 0;
}
