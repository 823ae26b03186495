/* factory_data.c - what the demo manufacturer sells, and to whom. All firms and people are invented. */
#include "domain/demo/factory.h"

#define T(zh, en)                                                                                            \
    {                                                                                                        \
        zh, en                                                                                               \
    }
#define N(t) (sizeof(t) / sizeof((t)[0]))

const struct demo_name FACTORY_PEOPLE[FACTORY_SELLERS] = {
    {"顾伟民", "gu.weimin"},  {"钱晓岚", "qian.xiaolan"}, {"陆一鸣", "lu.yiming"},
    {"沈佳怡", "shen.jiayi"}, {"何静", "he.jing"},        {"Daniel Krüger", "daniel.krueger"}};

const struct factory_text FACTORY_CATEGORIES[6] = {T("直线导轨", "Linear guides"),
                                                   T("滚珠丝杠", "Ball screws"),
                                                   T("直线模组", "Linear modules"),
                                                   T("电动缸", "Electric cylinders"),
                                                   T("联轴器与支撑座", "Couplings and supports"),
                                                   T("备件与服务", "Spare parts and services")};

/* clang-format off */
const struct factory_product FACTORY_PRODUCTS[] = {
    {"RZ-LG09", T("微型直线导轨 RLG09 L300", "Miniature linear guide RLG09, 300 mm"), 0, 16800, 62, 20, 240, 9, "微型导轨", "miniature guides"},
    {"RZ-LG12", T("微型直线导轨 RLG12 L400", "Miniature linear guide RLG12, 400 mm"), 0, 21500, 61, 20, 240, 9, "微型导轨", "miniature guides"},
    {"RZ-LG15", T("直线导轨 RLG15 L600", "Linear guide RLG15, 600 mm"), 0, 32600, 63, 10, 200, 12, "15 型导轨", "size 15 guides"},
    {"RZ-LG20", T("直线导轨 RLG20 L800", "Linear guide RLG20, 800 mm"), 0, 45800, 64, 10, 160, 14, "20 型导轨", "size 20 guides"},
    {"RZ-LG25", T("重载直线导轨 RLG25 L1000", "Heavy-duty linear guide RLG25, 1,000 mm"), 0, 68900, 65, 8, 100, 9, "重载导轨", "heavy-duty guides"},
    {"RZ-LG35", T("重载直线导轨 RLG35 L1500", "Heavy-duty linear guide RLG35, 1,500 mm"), 0, 129000, 66, 4, 60, 4, "重载导轨", "heavy-duty guides"},
    {"RZ-LB20", T("导轨滑块 RLG20 法兰型", "Carriage RLG20, flange"), 0, 13200, 58, 20, 300, 8, "滑块", "carriages"},
    {"RZ-LBS20", T("静音滑块 RLG20 保持器型", "Quiet carriage RLG20, caged"), 0, 18900, 55, 20, 200, 4, "静音滑块", "quiet carriages"},
    {"RZ-BS1204", T("滚珠丝杠 RBS1204 C7 L450", "Ball screw RBS1204, C7, 450 mm"), 1, 38500, 60, 10, 120, 8, "1204 丝杠", "1204 screws"},
    {"RZ-BS1605", T("滚珠丝杠 RBS1605 C7 L600", "Ball screw RBS1605, C7, 600 mm"), 1, 46800, 60, 10, 120, 11, "1605 丝杠", "1605 screws"},
    {"RZ-BS2005", T("滚珠丝杠 RBS2005 C5 L800", "Ball screw RBS2005, C5, 800 mm"), 1, 78600, 62, 6, 80, 8, "2005 丝杠", "2005 screws"},
    {"RZ-BS2510", T("滚珠丝杠 RBS2510 C5 L1000", "Ball screw RBS2510, C5, 1,000 mm"), 1, 98500, 63, 4, 60, 6, "2510 丝杠", "2510 screws"},
    {"RZ-BS3210", T("研磨级滚珠丝杠 RBS3210 C3 L1200", "Ground ball screw RBS3210, C3, 1,200 mm"), 1, 216000, 58, 2, 24, 3, "研磨丝杠", "ground screws"},
    {"RZ-BSN16", T("丝杠螺母 RBS16 双螺母", "Ball nut RBS16, double"), 1, 21800, 57, 10, 100, 3, "双螺母", "double nuts"},
    {"RZ-MD80", T("直线模组 RMD80 行程300", "Linear module RMD80, stroke 300"), 2, 168000, 61, 2, 40, 8, "80 模组", "RMD80 modules"},
    {"RZ-MD100", T("直线模组 RMD100 行程500", "Linear module RMD100, stroke 500"), 2, 235000, 61, 2, 36, 9, "100 模组", "RMD100 modules"},
    {"RZ-MD135", T("直线模组 RMD135 行程800", "Linear module RMD135, stroke 800"), 2, 328000, 62, 1, 24, 6, "135 模组", "RMD135 modules"},
    {"RZ-MDB100", T("同步带模组 RMB100 行程1500", "Belt module RMB100, stroke 1,500"), 2, 286000, 60, 1, 24, 5, "同步带模组", "belt modules"},
    {"RZ-MDC135", T("无尘型模组 RMC135 行程600", "Clean-room module RMC135, stroke 600"), 2, 468000, 56, 1, 16, 4, "无尘模组", "clean-room modules"},
    {"RZ-XYZ", T("三轴龙门平台 RXYZ 600×400×150", "Three-axis gantry RXYZ 600×400×150"), 2, 1680000, 58, 1, 6, 2, "三轴平台", "three-axis gantries"},
    {"RZ-EC40", T("电动缸 REC40 推力1kN", "Electric cylinder REC40, 1 kN"), 3, 286000, 59, 2, 24, 5, "小型电动缸", "small cylinders"},
    {"RZ-EC63", T("电动缸 REC63 推力5kN", "Electric cylinder REC63, 5 kN"), 3, 468000, 59, 1, 16, 5, "5kN 电动缸", "5 kN cylinders"},
    {"RZ-EC100", T("伺服电动缸 REC100 推力20kN", "Servo cylinder REC100, 20 kN"), 3, 986000, 57, 1, 8, 3, "20kN 电动缸", "20 kN cylinders"},
    {"RZ-EP50", T("伺服压机单元 REP50 50kN", "Servo press unit REP50, 50 kN"), 3, 2860000, 55, 1, 4, 1, "伺服压机", "servo presses"},
    {"RZ-CP25", T("膜片联轴器 RCP25", "Disc coupling RCP25"), 4, 9800, 52, 20, 200, 7, "膜片联轴器", "disc couplings"},
    {"RZ-CP40", T("梅花联轴器 RCP40", "Jaw coupling RCP40"), 4, 6800, 52, 20, 200, 6, "梅花联轴器", "jaw couplings"},
    {"RZ-BK12", T("丝杠支撑座 RBK12/RBF12 套装", "Screw supports RBK12/RBF12, set"), 4, 17600, 55, 10, 120, 8, "支撑座", "supports"},
    {"RZ-BK20", T("丝杠支撑座 RBK20/RBF20 套装", "Screw supports RBK20/RBF20, set"), 4, 28900, 55, 8, 80, 5, "支撑座", "supports"},
    {"RZ-MB57", T("电机安装座 RMB57", "Motor bracket RMB57"), 4, 12800, 50, 10, 100, 4, "电机座", "motor brackets"},
    {"RZ-GR80", T("低温润滑脂 80g 十支装", "Low-temperature grease, 80 g, pack of ten"), 5, 38000, 42, 2, 20, 6, "润滑脂", "grease"},
    {"RZ-SK20", T("导轨防尘密封套件 RLG20", "Seal kit RLG20"), 5, 7600, 45, 10, 100, 4, "密封套件", "seal kits"},
    {"RZ-CUT", T("导轨定长切割与端面处理", "Guide cut to length, ends finished"), 5, 3500, 35, 10, 200, 5, "定长切割", "cutting to length"},
    {"RZ-INST", T("现场安装调试（天）", "Installation on site (day)"), 5, 280000, 60, 1, 5, 2, "现场调试", "installation"},
    {"RZ-CAL", T("激光干涉仪精度检测", "Accuracy report by laser interferometer"), 5, 160000, 40, 1, 4, 2, "精度检测", "accuracy reports"},
};
const int FACTORY_PRODUCTS_N = N(FACTORY_PRODUCTS);

const struct factory_industry FACTORY_INDUSTRIES[] = {
    {T("3C 电子设备", "Electronics equipment"), 14,
     {T("自动化设备", "Automation Equipment"), T("智能装备", "Intelligent Equipment"), T("精密电子设备", "Precision Electronics"), T("视觉科技", "Vision Technology")},
     {T("手机中框检测机", "phone frame inspection machine"), T("点胶机平台", "dispensing machine"), T("锁螺丝机", "screw driving machine"), T("AOI 检测线", "AOI line"), T("贴合机改型", "laminator redesign")}},
    {T("锂电设备", "Battery equipment"), 12,
     {T("新能源装备", "New Energy Equipment"), T("锂电智能装备", "Battery Equipment"), T("能源科技", "Energy Technology"), T("智能装备", "Intelligent Equipment")},
     {T("叠片机", "stacking machine"), T("卷绕机", "winding machine"), T("化成分容线", "formation line"), T("模组装配线", "module assembly line"), T("极片模切机", "electrode die cutter")}},
    {T("光伏设备", "Photovoltaic equipment"), 9,
     {T("光伏设备", "Photovoltaic Equipment"), T("太阳能科技", "Solar Technology"), T("自动化科技", "Automation Technology"), T("智能装备", "Intelligent Equipment")},
     {T("串焊机", "string welder"), T("硅片分选机", "wafer sorter"), T("排版机", "layup machine"), T("丝网印刷机", "screen printer"), T("花篮搬运机", "carrier handling unit")}},
    {T("半导体设备", "Semiconductor equipment"), 8,
     {T("半导体设备", "Semiconductor Equipment"), T("微电子装备", "Microelectronics"), T("精密科技", "Precision Technology"), T("半导体科技", "Semiconductor Technology")},
     {T("晶圆搬运模块", "wafer handling module"), T("探针台", "prober"), T("固晶机", "die bonder"), T("划片机升级", "dicing saw upgrade"), T("清洗机", "cleaning machine")}},
    {T("医疗器械", "Medical devices"), 8,
     {T("医疗科技", "Medical Technology"), T("医疗器械", "Medical Devices"), T("生物仪器", "Bio-Instruments"), T("诊断仪器", "Diagnostics")},
     {T("CT 检查床", "CT patient table"), T("生化分析仪", "clinical analyser"), T("自动移液工作站", "pipetting station"), T("注射器装配线", "syringe assembly line"), T("影像导管床", "imaging table")}},
    {T("包装机械", "Packaging machinery"), 9,
     {T("包装机械", "Packaging Machinery"), T("包装设备", "Packaging Equipment"), T("食品机械", "Food Machinery"), T("智能包装", "Smart Packaging")},
     {T("装盒机", "cartoner"), T("枕式包装机", "flow wrapper"), T("码垛机", "palletiser"), T("灌装线", "filling line"), T("贴标机", "labeller")}},
    {T("机床", "Machine tools"), 11,
     {T("数控机床", "CNC Machine Tools"), T("精密机械", "Precision Machinery"), T("机床", "Machine Tools"), T("数控科技", "CNC Technology")},
     {T("立式加工中心", "vertical machining centre"), T("龙门铣", "gantry mill"), T("走心机", "sliding-head lathe"), T("平面磨床", "surface grinder"), T("桁架上下料", "gantry loader")}},
    {T("汽车零部件", "Automotive parts"), 10,
     {T("汽车部件", "Automotive Parts"), T("汽车零部件", "Auto Components"), T("车身装备", "Body Equipment"), T("动力系统", "Powertrain Systems")},
     {T("电驱装配线", "e-drive assembly line"), T("座椅检测台", "seat test bench"), T("压装工作站", "pressing station"), T("气密检测台", "leak test bench"), T("焊装夹具线", "welding fixture line")}},
    {T("物流自动化", "Logistics automation"), 7,
     {T("智能物流", "Smart Logistics"), T("物流装备", "Logistics Equipment"), T("仓储科技", "Warehouse Technology"), T("机器人", "Robotics")},
     {T("堆垛机货叉", "stacker crane forks"), T("四向车", "four-way shuttle"), T("交叉带分拣机", "cross-belt sorter"), T("料箱机器人", "tote robot"), T("提升机", "lift")}},
    {T("激光设备", "Laser equipment"), 7,
     {T("激光科技", "Laser Technology"), T("激光装备", "Laser Equipment"), T("光电科技", "Optoelectronics"), T("光学设备", "Optical Equipment")},
     {T("激光切割平台", "laser cutting table"), T("振镜焊接机", "scanner welder"), T("打标机", "marking machine"), T("玻璃切割机", "glass cutter"), T("清洗设备", "laser cleaner")}},
    {T("工业品经销", "Industrial distribution"), 5,
     {T("机电", "Electromechanical"), T("传动器材", "Transmission Supplies"), T("工业自动化", "Industrial Automation"), T("轴承", "Bearings")},
     {T("年度框架采购", "annual frame contract"), T("区域备库", "regional stock"), T("终端项目报备", "registered end-customer project"), T("标准件补货", "standard parts"), T("新品推广", "new product launch")}},
};
const int FACTORY_INDUSTRIES_N = N(FACTORY_INDUSTRIES);

const struct factory_town FACTORY_TOWNS[] = {
    {T("苏州", "Suzhou"), T("江苏", "Jiangsu"), {T("工业园区星湖街", "Xinghu Street, SIP"), T("高新区鹿山路", "Lushan Road, SND"), T("吴中区越溪街道", "Yuexi, Wuzhong")}},
    {T("苏州", "Suzhou"), T("江苏", "Jiangsu"), {T("相城区澄阳路", "Chengyang Road, Xiangcheng"), T("工业园区唯亭镇", "Weiting, SIP"), T("吴江区运东大道", "Yundong Avenue, Wujiang")}},
    {T("昆山", "Kunshan"), T("江苏", "Jiangsu"), {T("玉山镇城北路", "Chengbei Road, Yushan"), T("千灯镇善浦路", "Shanpu Road, Qiandeng"), T("张浦镇俱进路", "Jujin Road, Zhangpu")}},
    {T("无锡", "Wuxi"), T("江苏", "Jiangsu"), {T("新吴区长江路", "Changjiang Road, Xinwu"), T("惠山区惠成路", "Huicheng Road, Huishan"), T("滨湖区胡埭镇", "Hudai, Binhu")}},
    {T("常州", "Changzhou"), T("江苏", "Jiangsu"), {T("武进区常武路", "Changwu Road, Wujin"), T("新北区黄河路", "Huanghe Road, Xinbei"), T("金坛区华城路", "Huacheng Road, Jintan")}},
    {T("南京", "Nanjing"), T("江苏", "Jiangsu"), {T("江宁区诚信大道", "Chengxin Avenue, Jiangning"), T("浦口区浦滨路", "Pubin Road, Pukou"), T("溧水区柘塘", "Zhetang, Lishui")}},
    {T("南通", "Nantong"), T("江苏", "Jiangsu"), {T("开发区通盛大道", "Tongsheng Avenue"), T("崇川区工农路", "Gongnong Road, Chongchuan"), T("海门区长江南路", "Changjiang South Road, Haimen")}},
    {T("上海", "Shanghai"), T("上海", "Shanghai"), {T("嘉定区曹安公路", "Cao'an Highway, Jiading"), T("松江区新桥镇", "Xinqiao, Songjiang"), T("浦东新区金桥", "Jinqiao, Pudong")}},
    {T("杭州", "Hangzhou"), T("浙江", "Zhejiang"), {T("余杭区文一西路", "Wenyi West Road, Yuhang"), T("萧山区建设一路", "Jianshe 1st Road, Xiaoshan"), T("临平区星桥街道", "Xingqiao, Linping")}},
    {T("宁波", "Ningbo"), T("浙江", "Zhejiang"), {T("北仑区黄山西路", "Huangshan West Road, Beilun"), T("鄞州区金谷路", "Jingu Road, Yinzhou"), T("慈溪市新城大道", "Xincheng Avenue, Cixi")}},
    {T("温州", "Wenzhou"), T("浙江", "Zhejiang"), {T("瓯海区高新路", "Gaoxin Road, Ouhai"), T("瑞安市滨江大道", "Binjiang Avenue, Rui'an"), T("乐清市柳市镇", "Liushi, Yueqing")}},
    {T("合肥", "Hefei"), T("安徽", "Anhui"), {T("高新区望江西路", "Wangjiang West Road"), T("经开区紫云路", "Ziyun Road"), T("新站区武里山路", "Wulishan Road, Xinzhan")}},
    {T("深圳", "Shenzhen"), T("广东", "Guangdong"), {T("宝安区福海街道", "Fuhai, Bao'an"), T("龙华区观澜", "Guanlan, Longhua"), T("光明区公明", "Gongming, Guangming")}},
    {T("东莞", "Dongguan"), T("广东", "Guangdong"), {T("松山湖工业西路", "Gongye West Road, Songshan Lake"), T("长安镇振安路", "Zhen'an Road, Chang'an"), T("塘厦镇科苑路", "Keyuan Road, Tangxia")}},
    {T("佛山", "Foshan"), T("广东", "Guangdong"), {T("顺德区大良", "Daliang, Shunde"), T("南海区狮山镇", "Shishan, Nanhai"), T("禅城区张槎", "Zhangcha, Chancheng")}},
    {T("青岛", "Qingdao"), T("山东", "Shandong"), {T("城阳区双元路", "Shuangyuan Road, Chengyang"), T("黄岛区江山路", "Jiangshan Road, Huangdao"), T("即墨区烟青路", "Yanqing Road, Jimo")}},
    {T("济南", "Jinan"), T("山东", "Shandong"), {T("高新区春暄路", "Chunxuan Road"), T("章丘区明水", "Mingshui, Zhangqiu"), T("历城区工业北路", "Gongye North Road, Licheng")}},
    {T("武汉", "Wuhan"), T("湖北", "Hubei"), {T("光谷大道", "Guanggu Avenue"), T("经开区沌口", "Zhuankou"), T("江夏区流芳", "Liufang, Jiangxia")}},
    {T("西安", "Xi'an"), T("陕西", "Shaanxi"), {T("高新区锦业路", "Jinye Road"), T("经开区凤城路", "Fengcheng Road"), T("长安区航天大道", "Hangtian Avenue, Chang'an")}},
    {T("沈阳", "Shenyang"), T("辽宁", "Liaoning"), {T("铁西区开发大路", "Kaifa Road, Tiexi"), T("浑南区浑南中路", "Hunnan Middle Road"), T("于洪区沈新路", "Shenxin Road, Yuhong")}},
};
const int FACTORY_TOWNS_N = N(FACTORY_TOWNS);

const struct factory_text FACTORY_BRANDS[] = {
    T("恒锐", "Hengrui"), T("科锋", "Kefeng"), T("博远", "Boyuan"), T("天准达", "Tianzhunda"), T("鑫铭", "Xinming"), T("立讯泰", "Lixuntai"),
    T("昱辰", "Yuchen"), T("华创力", "Huachuangli"), T("迈诺", "Mainuo"), T("盛弘", "Shenghong"), T("凌致", "Lingzhi"), T("嘉泰", "Jiatai"),
    T("瀚海", "Hanhai"), T("正源", "Zhengyuan"), T("晟迪", "Shengdi"), T("固德力", "Gudeli"), T("利元", "Liyuan"), T("腾跃", "Tengyue"),
    T("景瑞", "Jingrui"), T("中朗", "Zhonglang"), T("奥川", "Aochuan"), T("宏翊", "Hongyi"), T("德赛隆", "Desailong"), T("云岭", "Yunling"),
    T("启明", "Qiming"), T("万铖", "Wancheng"), T("坤达", "Kunda"), T("诺卡", "Nuoka"), T("汇川源", "Huichuanyuan"), T("锐驰", "Ruichi"),
    T("安拓", "Antuo"), T("联赢达", "Lianyingda"), T("远景通", "Yuanjingtong"), T("铭科", "Mingke"), T("优仕", "Youshi"), T("力合", "Lihe"),
    T("新诺", "Xinnuo"), T("思必得", "Sibide"), T("广日", "Guangri"), T("泰禾", "Taihe"), T("捷佳", "Jiejia"), T("双环", "Shuanghuan"),
    T("东睦", "Dongmu"), T("海格", "Haige"), T("精测", "Jingce"), T("爱科", "Aike"), T("易泰", "Yitai"), T("百凌", "Bailing"),
    T("朗宇", "Langyu"), T("宝德", "Baode"), T("信捷达", "Xinjieda"), T("森图", "Sentu"), T("卓翼", "Zhuoyi"), T("金沃", "Jinwo"), FACTORY_END};

const struct factory_abroad FACTORY_ABROAD[] = {
    {"DE", "Keller Montagetechnik GmbH", "Reutlingen", "Baden-Württemberg", 7}, {"DE", "Brandt Verpackungssysteme GmbH", "Bielefeld", "Nordrhein-Westfalen", 5},
    {"DE", "Wolff Handhabungstechnik GmbH", "Nürnberg", "Bayern", 8}, {"DE", "Lasertec Jena GmbH", "Jena", "Thüringen", 9},
    {"DE", "Hofmann Medizingeräte GmbH", "Erlangen", "Bayern", 4}, {"DE", "Nordlicht Automation GmbH & Co. KG", "Hamburg", "Hamburg", 10},
    {"DE", "Steiner Werkzeugmaschinen GmbH", "Esslingen", "Baden-Württemberg", 6}, {"IT", "Officine Marchetti S.r.l.", "Bologna", "Emilia-Romagna", 5},
    {"IT", "Tecnomoto Lineare S.r.l.", "Vicenza", "Veneto", 10}, {"IT", "Rinaldi Packaging S.p.A.", "Parma", "Emilia-Romagna", 5},
    {"IT", "Ferri Macchine Utensili S.r.l.", "Brescia", "Lombardia", 6}, {"FR", "Mécanique Delorme SAS", "Grenoble", "Auvergne-Rhône-Alpes", 3},
    {"FR", "Atelier Valmont Automation", "Lyon", "Auvergne-Rhône-Alpes", 8}, {"GB", "Ashdown Motion Ltd", "Coventry", "West Midlands", 10},
    {"GB", "Pennine Laboratory Systems Ltd", "Leeds", "West Yorkshire", 4}, {"NL", "Van Dongen Techniek B.V.", "Eindhoven", "Noord-Brabant", 3},
    {"NL", "Polder Sorting Systems B.V.", "Utrecht", "Utrecht", 8}, {"US", "Great Lakes Motion Inc.", "Cleveland", "OH", 10},
    {"US", "Redwood Lab Automation Inc.", "Fremont", "CA", 4}, {"US", "Summit Packaging Machinery LLC", "Milwaukee", "WI", 5},
    {"US", "Harlan Test Systems Inc.", "Ann Arbor", "MI", 7}, {"US", "Bluebonnet Robotics LLC", "Austin", "TX", 8},
    {"US", "Carver Laser Systems Inc.", "Worcester", "MA", 9}, {"US", "Pacific Wafer Tools Inc.", "Portland", "OR", 3},
    {"US", "Tri-State Bearing Supply", "Cincinnati", "OH", 10}, {"CA", "Laurentide Automation Inc.", "Laval", "QC", 0},
    {"CA", "Fraser Valley Machinery Ltd.", "Surrey", "BC", 5}, {"JP", "株式会社北斗精機", "Nagoya", "Aichi", 6},
    {"JP", "東浜オートメーション株式会社", "Yokohama", "Kanagawa", 0}, {"JP", "みなと機工株式会社", "Osaka", "Osaka", 10},
    {"KR", "한빛정밀 주식회사", "Changwon", "Gyeongnam", 3}, {"KR", "대성자동화 주식회사", "Suwon", "Gyeonggi", 1},
    {"KR", "서린메카 주식회사", "Ansan", "Gyeonggi", 0}, {"BR", "Movimento Linear Ltda.", "São Paulo", "SP", 10},
    {"BR", "Serra Máquinas Ltda.", "Caxias do Sul", "RS", 5}, {"DE", "Isartal Prüftechnik GmbH", "München", "Bayern", 7},
    {"IT", "Elettrica Bassano S.r.l.", "Bassano del Grappa", "Veneto", 0}, {"US", "Old Dominion Automation LLC", "Richmond", "VA", 7},
    {"GB", "Severn Vale Engineering Ltd", "Gloucester", "Gloucestershire", 6}, {"NL", "Brabant Cleanroom B.V.", "Tilburg", "Noord-Brabant", 3},
};
const int FACTORY_ABROAD_N = N(FACTORY_ABROAD);

const struct factory_text FACTORY_POSTS[][2] = {
    {T("采购经理", "Purchasing manager"), T("采购部", "Purchasing")}, {T("机械设计主管", "Head of mechanical design"), T("研发部", "R&D")},
    {T("采购工程师", "Sourcing engineer"), T("采购部", "Purchasing")}, {T("总经理", "General manager"), T("总经办", "Management")},
    {T("设备工程师", "Equipment engineer"), T("工程部", "Engineering")}, {T("研发经理", "R&D manager"), T("研发部", "R&D")},
    {T("质量经理", "Quality manager"), T("质量部", "Quality")}, {T("财务主管", "Chief accountant"), T("财务部", "Finance")},
    {T("生产经理", "Production manager"), T("生产部", "Production")}, {FACTORY_END, FACTORY_END}};

const struct factory_text FACTORY_NOTES[] = {
    T("每季度末集中下单，注意提前备料。", "Orders pile up at the end of each quarter; stock material ahead."),
    T("图纸版本多，下单前必须与研发确认版本号。", "Many drawing versions; confirm the version with R&D before each order."),
    T("对噪音要求高，优先推荐静音滑块。", "Sensitive to noise; offer quiet carriages first."),
    T("同时用两家供应商，我们约占六成。", "Buys from two suppliers; about six tenths are ours."),
    T("对账单每月 25 日前寄出，否则顺延一个月付款。", "Statements must arrive by the 25th or payment slips by a month."),
    T("扩产中，新厂预计明年投产。", "Expanding; a new plant is planned for next year."),
    T("要求每批附出厂检验报告。", "Wants an inspection report with each lot."),
    T("决策在总经理，采购只走流程。", "The general manager decides; purchasing handles the paper."), FACTORY_END};

const char *const FACTORY_COMPETITORS[] = {"北辰传动", "台岳精密", "Nordlin", "日邦精工", 0};

const struct factory_text FACTORY_STEPS[4][3] = {
    {T("约研发确认负载和行程", "Confirm load and stroke with R&D"), T("收集图纸和年用量", "Collect drawings and yearly quantity"), T("了解现用品牌与价格", "Learn the present brand and price")},
    {T("寄出样品并跟踪测试", "Send samples and follow the test"), T("安排工程师现场试装", "Have our engineer fit a sample on site"), T("取回寿命测试报告", "Get the life test report")},
    {T("提交分级报价", "Submit a price list by quantity"), T("说明与现用品牌的差异", "Explain the difference to the present brand"), T("报交期与备货方案", "Offer lead time and stock plan")},
    {T("确认账期与违约条款", "Settle terms of payment and penalties"), T("请总经理参加最后一轮谈判", "Bring our general manager to the last round"), T("等待合同盖章", "Wait for the signed contract")}};
/* clang-format on */
