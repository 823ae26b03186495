/* names.c - people, firms and towns of the countries the demo shop sells to. All invented combinations of
 * common names. */
#include "domain/demo/world.h"

#define N(t, l)                                                                                              \
    {                                                                                                        \
        t, l                                                                                                 \
    }
#define S(t)                                                                                                 \
    {                                                                                                        \
        t, t                                                                                                 \
    }
#define END                                                                                                  \
    {                                                                                                        \
        0, 0                                                                                                 \
    }

static const struct demo_name ZH_FAMILY[] = {N("王", "wang"),
                                             N("李", "li"),
                                             N("张", "zhang"),
                                             N("刘", "liu"),
                                             N("陈", "chen"),
                                             N("杨", "yang"),
                                             N("赵", "zhao"),
                                             N("黄", "huang"),
                                             N("周", "zhou"),
                                             N("吴", "wu"),
                                             N("徐", "xu"),
                                             N("孙", "sun"),
                                             N("胡", "hu"),
                                             N("朱", "zhu"),
                                             N("高", "gao"),
                                             N("林", "lin"),
                                             N("何", "he"),
                                             N("郭", "guo"),
                                             N("马", "ma"),
                                             N("罗", "luo"),
                                             N("梁", "liang"),
                                             N("宋", "song"),
                                             N("郑", "zheng"),
                                             N("谢", "xie"),
                                             N("韩", "han"),
                                             N("唐", "tang"),
                                             N("冯", "feng"),
                                             N("于", "yu"),
                                             N("董", "dong"),
                                             N("萧", "xiao"),
                                             N("程", "cheng"),
                                             N("曹", "cao"),
                                             N("袁", "yuan"),
                                             N("邓", "deng"),
                                             N("许", "xu"),
                                             N("傅", "fu"),
                                             N("沈", "shen"),
                                             N("曾", "zeng"),
                                             N("彭", "peng"),
                                             N("吕", "lv"),
                                             N("苏", "su"),
                                             N("卢", "lu"),
                                             N("蒋", "jiang"),
                                             N("蔡", "cai"),
                                             N("欧阳", "ouyang"),
                                             N("诸葛", "zhuge"),
                                             END};
static const struct demo_name ZH_MEN[] = {N("伟", "wei"),
                                          N("建国", "jianguo"),
                                          N("志强", "zhiqiang"),
                                          N("浩然", "haoran"),
                                          N("子轩", "zixuan"),
                                          N("明", "ming"),
                                          N("俊杰", "junjie"),
                                          N("国平", "guoping"),
                                          N("文博", "wenbo"),
                                          N("海涛", "haitao"),
                                          N("宇航", "yuhang"),
                                          N("磊", "lei"),
                                          N("思远", "siyuan"),
                                          N("鹏飞", "pengfei"),
                                          N("天佑", "tianyou"),
                                          N("振华", "zhenhua"),
                                          N("立新", "lixin"),
                                          N("晓东", "xiaodong"),
                                          N("家豪", "jiahao"),
                                          N("一鸣", "yiming"),
                                          N("瑞", "rui"),
                                          N("凯", "kai"),
                                          N("志远", "zhiyuan"),
                                          N("永强", "yongqiang"),
                                          END};
static const struct demo_name ZH_WOMEN[] = {N("芳", "fang"),
                                            N("秀英", "xiuying"),
                                            N("丽", "li"),
                                            N("静", "jing"),
                                            N("雨桐", "yutong"),
                                            N("子涵", "zihan"),
                                            N("欣怡", "xinyi"),
                                            N("婷婷", "tingting"),
                                            N("雪梅", "xuemei"),
                                            N("晓燕", "xiaoyan"),
                                            N("诗雅", "shiya"),
                                            N("梦琪", "mengqi"),
                                            N("佳慧", "jiahui"),
                                            N("思琪", "siqi"),
                                            N("玉兰", "yulan"),
                                            N("若曦", "ruoxi"),
                                            N("娜", "na"),
                                            N("敏", "min"),
                                            N("海燕", "haiyan"),
                                            N("美玲", "meiling"),
                                            N("文静", "wenjing"),
                                            N("可欣", "kexin"),
                                            N("慧", "hui"),
                                            N("春梅", "chunmei"),
                                            END};
static const struct demo_town ZH_TOWNS[] = {{"上海", "上海"}, {"北京", "北京"}, {"广州", "广东"},
                                            {"深圳", "广东"}, {"杭州", "浙江"}, {"苏州", "江苏"},
                                            {"南京", "江苏"}, {"成都", "四川"}, {"重庆", "重庆"},
                                            {"武汉", "湖北"}, {"西安", "陕西"}, {"厦门", "福建"},
                                            {"福州", "福建"}, {"青岛", "山东"}, {"长沙", "湖南"},
                                            {"昆明", "云南"}, {"天津", "天津"}, {"宁波", "浙江"},
                                            {"郑州", "河南"}, {"大连", "辽宁"}, {0, 0}};
static const char *const ZH_FIRMS[] = {"{t}{f}记茶庄",
                                       "{t}清和茶业有限公司",
                                       "{t}云水间茶馆",
                                       "{t}{f}氏贸易有限公司",
                                       "{t}一叶文化传播有限公司",
                                       "{t}半日闲酒店管理有限公司",
                                       "{t}泊舟礼品有限公司",
                                       "{t}山月茶空间",
                                       "{t}观澜餐饮管理有限公司",
                                       0};

static const struct demo_name EN_MEN[] = {
    S("James"),   S("Robert"), S("Michael"),  S("David"), S("William"), S("Thomas"), S("Daniel"),
    S("Matthew"), S("Andrew"), S("Joshua"),   S("Ryan"),  S("Nathan"),  S("Henry"),  S("Oliver"),
    S("Jack"),    S("Samuel"), S("Benjamin"), S("Ethan"), S("Luke"),    S("Peter"),  END};
static const struct demo_name EN_WOMEN[] = {
    S("Mary"),  S("Jennifer"),  S("Elizabeth"), S("Sarah"), S("Emily"),  S("Jessica"), S("Olivia"),
    S("Emma"),  S("Charlotte"), S("Amelia"),    S("Grace"), S("Hannah"), S("Rachel"),  S("Laura"),
    S("Megan"), S("Sophie"),    S("Claire"),    S("Julia"), S("Alice"),  S("Nora"),    END};
static const struct demo_name EN_FAMILY[] = {
    S("Smith"),    S("Johnson"), S("Williams"), S("Brown"),  S("Jones"),  S("Miller"),
    S("Davis"),    S("Wilson"),  S("Anderson"), S("Taylor"), S("Moore"),  S("Martin"),
    S("Thompson"), S("White"),   S("Harris"),   S("Clark"),  S("Lewis"),  S("Walker"),
    S("Hall"),     S("Young"),   S("King"),     S("Wright"), S("Hill"),   S("Green"),
    S("Baker"),    S("Carter"),  S("Mitchell"), S("Turner"), S("Parker"), S("Evans"),
    S("Edwards"),  S("Collins"), S("Stewart"),  S("Morris"), S("Cook"),   S("Bell"),
    S("Murphy"),   S("Bailey"),  S("Cooper"),   S("Ward"),   END};
static const struct demo_town US_TOWNS[] = {
    {"New York", "NY"},    {"Los Angeles", "CA"}, {"San Francisco", "CA"},
    {"Seattle", "WA"},     {"Chicago", "IL"},     {"Boston", "MA"},
    {"Portland", "OR"},    {"Austin", "TX"},      {"Houston", "TX"},
    {"Denver", "CO"},      {"Atlanta", "GA"},     {"Philadelphia", "PA"},
    {"Minneapolis", "MN"}, {"San Diego", "CA"},   {0, 0}};
static const char *const US_FIRMS[] = {"{f} Tea House",  "{t} Leaf & Kettle LLC", "{f} & Daughters Tea Co.",
                                       "Steep {t} Inc.", "{f} Hospitality Group", 0};
static const struct demo_town GB_TOWNS[] = {{"London", "England"},  {"Manchester", "England"},
                                            {"Bristol", "England"}, {"Edinburgh", "Scotland"},
                                            {"Leeds", "England"},   {"York", "England"},
                                            {"Cardiff", "Wales"},   {"Glasgow", "Scotland"},
                                            {"Bath", "England"},    {0, 0}};
static const char *const GB_FIRMS[] = {"{f} & Sons Tea Merchants Ltd", "The {t} Tea Rooms",
                                       "{f} Fine Foods Ltd", 0};
static const struct demo_town AU_TOWNS[] = {{"Sydney", "NSW"},
                                            {"Melbourne", "VIC"},
                                            {"Brisbane", "QLD"},
                                            {"Perth", "WA"},
                                            {"Adelaide", "SA"},
                                            {"Hobart", "TAS"},
                                            {0, 0}};
static const char *const AU_FIRMS[] = {"{f} Tea Traders Pty Ltd", "{t} Leaf Pty Ltd", 0};
static const struct demo_town CA_TOWNS[] = {{"Toronto", "ON"},
                                            {"Vancouver", "BC"},
                                            {"Montreal", "QC"},
                                            {"Calgary", "AB"},
                                            {"Ottawa", "ON"},
                                            {"Victoria", "BC"},
                                            {0, 0}};
static const char *const CA_FIRMS[] = {"{f} Tea Imports Inc.", "{t} Teahouse Inc.", 0};

static const struct demo_name DE_MEN[] = {
    S("Lukas"),  S("Jonas"),  S("Maximilian"), S("Felix"),     S("Paul"),   N("Jürgen", "juergen"),
    S("Stefan"), S("Thomas"), S("Matthias"),   S("Sebastian"), S("Tobias"), S("Klaus"),
    END};
static const struct demo_name DE_WOMEN[] = {
    S("Anna"),   S("Lena"),   S("Katharina"), S("Julia"), S("Sabine"), S("Petra"), S("Claudia"),
    S("Monika"), S("Leonie"), S("Johanna"),   S("Heike"), S("Ursula"), END};
static const struct demo_name DE_FAMILY[] = {N("Müller", "mueller"),
                                             S("Schmidt"),
                                             S("Schneider"),
                                             S("Fischer"),
                                             S("Weber"),
                                             S("Meyer"),
                                             S("Wagner"),
                                             S("Becker"),
                                             S("Schulz"),
                                             S("Hoffmann"),
                                             N("Schäfer", "schaefer"),
                                             S("Koch"),
                                             S("Bauer"),
                                             S("Richter"),
                                             S("Klein"),
                                             S("Wolf"),
                                             N("Schröder", "schroeder"),
                                             S("Neumann"),
                                             N("Krüger", "krueger"),
                                             S("Vogel"),
                                             END};
static const struct demo_town DE_TOWNS[] = {{"Berlin", "Berlin"},
                                            {"Hamburg", "Hamburg"},
                                            {"München", "Bayern"},
                                            {"Köln", "Nordrhein-Westfalen"},
                                            {"Frankfurt am Main", "Hessen"},
                                            {"Leipzig", "Sachsen"},
                                            {"Stuttgart", "Baden-Württemberg"},
                                            {"Bremen", "Bremen"},
                                            {0, 0}};
static const char *const DE_FIRMS[] = {"{f} Teehandel GmbH", "Teekontor {t} GmbH", "{f} & Söhne KG", 0};
static const struct demo_name FR_MEN[] = {
    S("Pierre"), S("Louis"),   S("Antoine"),          S("Julien"),   S("Nicolas"), N("François", "francois"),
    S("Hugo"),   S("Mathieu"), N("Jérôme", "jerome"), S("Philippe"), END};
static const struct demo_name FR_WOMEN[] = {S("Marie"),
                                            S("Camille"),
                                            N("Chloé", "chloe"),
                                            S("Sophie"),
                                            N("Hélène", "helene"),
                                            S("Isabelle"),
                                            S("Manon"),
                                            N("Élodie", "elodie"),
                                            S("Juliette"),
                                            S("Nathalie"),
                                            END};
static const struct demo_name FR_FAMILY[] = {S("Martin"),
                                             S("Bernard"),
                                             S("Dubois"),
                                             S("Thomas"),
                                             S("Robert"),
                                             S("Richard"),
                                             S("Petit"),
                                             S("Durand"),
                                             S("Leroy"),
                                             S("Moreau"),
                                             S("Simon"),
                                             S("Laurent"),
                                             N("Lefèvre", "lefevre"),
                                             S("Roux"),
                                             S("Fournier"),
                                             S("Girard"),
                                             END};
static const struct demo_town FR_TOWNS[] = {{"Paris", "Île-de-France"},
                                            {"Lyon", "Auvergne-Rhône-Alpes"},
                                            {"Bordeaux", "Nouvelle-Aquitaine"},
                                            {"Marseille", "Provence-Alpes-Côte d'Azur"},
                                            {"Nantes", "Pays de la Loire"},
                                            {"Strasbourg", "Grand Est"},
                                            {0, 0}};
static const char *const FR_FIRMS[] = {"Maison de Thé {f}", "Comptoir du Thé {t} SARL",
                                       "{f} Épicerie Fine SAS", 0};
static const struct demo_name JA_MEN[] = {N("翔太", "shota"),
                                          N("健一", "kenichi"),
                                          N("大輔", "daisuke"),
                                          N("拓也", "takuya"),
                                          N("誠", "makoto"),
                                          N("浩", "hiroshi"),
                                          N("直樹", "naoki"),
                                          N("悠斗", "yuto"),
                                          N("亮", "ryo"),
                                          N("和也", "kazuya"),
                                          END};
static const struct demo_name JA_WOMEN[] = {N("陽子", "yoko"),
                                            N("美咲", "misaki"),
                                            N("さくら", "sakura"),
                                            N("由美子", "yumiko"),
                                            N("恵", "megumi"),
                                            N("真由美", "mayumi"),
                                            N("結衣", "yui"),
                                            N("千春", "chiharu"),
                                            N("愛", "ai"),
                                            N("直子", "naoko"),
                                            END};
static const struct demo_name JA_FAMILY[] = {N("佐藤", "sato"),
                                             N("鈴木", "suzuki"),
                                             N("高橋", "takahashi"),
                                             N("田中", "tanaka"),
                                             N("伊藤", "ito"),
                                             N("渡辺", "watanabe"),
                                             N("山本", "yamamoto"),
                                             N("中村", "nakamura"),
                                             N("小林", "kobayashi"),
                                             N("加藤", "kato"),
                                             N("吉田", "yoshida"),
                                             N("山田", "yamada"),
                                             N("佐々木", "sasaki"),
                                             N("松本", "matsumoto"),
                                             N("井上", "inoue"),
                                             N("木村", "kimura"),
                                             END};
static const struct demo_town JA_TOWNS[] = {
    {"東京", "東京都"}, {"大阪", "大阪府"},   {"京都", "京都府"}, {"名古屋", "愛知県"},
    {"福岡", "福岡県"}, {"横浜", "神奈川県"}, {"札幌", "北海道"}, {0, 0}};
static const char *const JA_FIRMS[] = {"株式会社{f}茶舗", "{t}茶房合同会社", "株式会社{f}商店", 0};
static const struct demo_name KO_MEN[] = {N("민준", "minjun"),
                                          N("서준", "seojun"),
                                          N("지훈", "jihoon"),
                                          N("성민", "sungmin"),
                                          N("현우", "hyunwoo"),
                                          N("동현", "donghyun"),
                                          END};
static const struct demo_name KO_WOMEN[] = {N("서연", "seoyeon"),
                                            N("지우", "jiwoo"),
                                            N("수진", "sujin"),
                                            N("은영", "eunyoung"),
                                            N("하은", "haeun"),
                                            N("미경", "mikyung"),
                                            END};
static const struct demo_name KO_FAMILY[] = {N("김", "kim"),
                                             N("이", "lee"),
                                             N("박", "park"),
                                             N("최", "choi"),
                                             N("정", "jung"),
                                             N("강", "kang"),
                                             N("조", "cho"),
                                             N("윤", "yoon"),
                                             N("장", "jang"),
                                             N("임", "lim"),
                                             END};
static const struct demo_town KO_TOWNS[] = {{"서울", "서울특별시"},     {"부산", "부산광역시"},
                                            {"인천", "인천광역시"},     {"대구", "대구광역시"},
                                            {"제주", "제주특별자치도"}, {0, 0}};
static const char *const KO_FIRMS[] = {"(주){f}다원", "{t}찻집", 0};
static const struct demo_name RU_MEN[] = {N("Александр", "alexander"),
                                          N("Дмитрий", "dmitry"),
                                          N("Сергей", "sergey"),
                                          N("Андрей", "andrey"),
                                          N("Михаил", "mikhail"),
                                          N("Иван", "ivan"),
                                          END};
static const struct demo_name RU_WOMEN[] = {N("Анна", "anna"),
                                            N("Екатерина", "ekaterina"),
                                            N("Ольга", "olga"),
                                            N("Мария", "maria"),
                                            N("Наталья", "natalya"),
                                            N("Елена", "elena"),
                                            END};
static const struct demo_name RU_FAMILY[] = {N("Иванов", "ivanov"),
                                             N("Смирнов", "smirnov"),
                                             N("Кузнецов", "kuznetsov"),
                                             N("Попов", "popov"),
                                             N("Соколов", "sokolov"),
                                             N("Лебедев", "lebedev"),
                                             N("Козлов", "kozlov"),
                                             N("Новиков", "novikov"),
                                             N("Морозов", "morozov"),
                                             N("Волков", "volkov"),
                                             END};
static const struct demo_name RU_FAMILY_WOMEN[] = {N("Иванова", "ivanova"),
                                                   N("Смирнова", "smirnova"),
                                                   N("Кузнецова", "kuznetsova"),
                                                   N("Попова", "popova"),
                                                   N("Соколова", "sokolova"),
                                                   N("Лебедева", "lebedeva"),
                                                   N("Козлова", "kozlova"),
                                                   N("Новикова", "novikova"),
                                                   N("Морозова", "morozova"),
                                                   N("Волкова", "volkova"),
                                                   END};
static const struct demo_town RU_TOWNS[] = {{"Москва", "Москва"},
                                            {"Санкт-Петербург", "Санкт-Петербург"},
                                            {"Казань", "Татарстан"},
                                            {"Новосибирск", "Новосибирская область"},
                                            {"Екатеринбург", "Свердловская область"},
                                            {0, 0}};
static const char *const RU_FIRMS[] = {"ООО «Чайный дом {f}»", "ООО «Чайная лавка»", 0};
static const struct demo_name BR_MEN[] = {N("João", "joao"), S("Pedro"),  S("Lucas"), S("Gabriel"),
                                          S("Rafael"),       S("Felipe"), S("Bruno"), END};
static const struct demo_name BR_WOMEN[] = {
    S("Ana"), S("Mariana"), S("Juliana"), S("Beatriz"), S("Larissa"), S("Camila"), N("Letícia", "leticia"),
    END};
static const struct demo_name BR_FAMILY[] = {
    S("Silva"), S("Santos"),  S("Oliveira"), S("Souza"), S("Rodrigues"),        S("Ferreira"),
    S("Alves"), S("Pereira"), S("Lima"),     S("Gomes"), N("Araújo", "araujo"), S("Ribeiro"),
    END};
static const struct demo_town BR_TOWNS[] = {{"São Paulo", "SP"},      {"Rio de Janeiro", "RJ"},
                                            {"Curitiba", "PR"},       {"Porto Alegre", "RS"},
                                            {"Belo Horizonte", "MG"}, {0, 0}};
static const char *const BR_FIRMS[] = {"Casa do Chá {f} Ltda.", "Empório {f} Ltda.", 0};
static const struct demo_name IT_MEN[] = {S("Marco"), S("Luca"), S("Alessandro"), S("Matteo"), S("Giovanni"),
                                          S("Paolo"), END};
static const struct demo_name IT_WOMEN[] = {S("Giulia"), S("Francesca"), S("Chiara"), S("Elena"),
                                            S("Sara"),   S("Martina"),   END};
static const struct demo_name IT_FAMILY[] = {S("Rossi"),   S("Russo"),  S("Ferrari"), S("Esposito"),
                                             S("Bianchi"), S("Romano"), S("Colombo"), S("Ricci"),
                                             S("Marino"),  S("Greco"),  END};
static const struct demo_town IT_TOWNS[] = {{"Milano", "Lombardia"},       {"Roma", "Lazio"},
                                            {"Torino", "Piemonte"},        {"Firenze", "Toscana"},
                                            {"Bologna", "Emilia-Romagna"}, {0, 0}};
static const char *const IT_FIRMS[] = {"La Casa del Tè {f} S.r.l.", "{f} Erboristeria S.n.c.", 0};
static const struct demo_name NL_MEN[] = {S("Jan"),    S("Daan"),  S("Sem"), S("Pieter"),
                                          S("Willem"), S("Thijs"), END};
static const struct demo_name NL_WOMEN[] = {S("Sanne"), S("Emma"),    S("Lotte"), S("Anouk"),
                                            S("Femke"), S("Marijke"), END};
static const struct demo_name NL_FAMILY[] = {N("de Jong", "dejong"),
                                             N("Jansen", "jansen"),
                                             N("de Vries", "devries"),
                                             N("van den Berg", "vandenberg"),
                                             N("Bakker", "bakker"),
                                             N("Visser", "visser"),
                                             N("Smit", "smit"),
                                             N("Mulder", "mulder"),
                                             END};
static const struct demo_town NL_TOWNS[] = {{"Amsterdam", "Noord-Holland"},
                                            {"Rotterdam", "Zuid-Holland"},
                                            {"Utrecht", "Utrecht"},
                                            {"Groningen", "Groningen"},
                                            {0, 0}};
static const char *const NL_FIRMS[] = {"Theehuis {f} B.V.", "{t} Thee & Koffie B.V.", 0};

/* The first is China; its share is of people in China, see people.c for those abroad. */
const struct demo_country DEMO_COUNTRIES[] = {
    {"CN", "CNY", 280, true, "", ZH_MEN, ZH_WOMEN, ZH_FAMILY, 0, ZH_TOWNS, "+861n5xxxxxxxx", ZH_FIRMS},
    {"US", "USD", 200, false, " ", EN_MEN, EN_WOMEN, EN_FAMILY, 0, US_TOWNS, "+1n0555501xx", US_FIRMS},
    {"GB", "GBP", 90, false, " ", EN_MEN, EN_WOMEN, EN_FAMILY, 0, GB_TOWNS, "+447700900xxx", GB_FIRMS},
    {"DE", "EUR", 70, false, " ", DE_MEN, DE_WOMEN, DE_FAMILY, 0, DE_TOWNS, "+4917xxxxxxxxx", DE_FIRMS},
    {"FR", "EUR", 55, false, " ", FR_MEN, FR_WOMEN, FR_FAMILY, 0, FR_TOWNS, "+336xxxxxxxx", FR_FIRMS},
    {"JP", "JPY", 60, true, " ", JA_MEN, JA_WOMEN, JA_FAMILY, 0, JA_TOWNS, "+8190nxxxxxxx", JA_FIRMS},
    {"KR", "USD", 35, true, "", KO_MEN, KO_WOMEN, KO_FAMILY, 0, KO_TOWNS, "+8210nxxxxxxx", KO_FIRMS},
    {"AU", "USD", 35, false, " ", EN_MEN, EN_WOMEN, EN_FAMILY, 0, AU_TOWNS, "+61491570xxx", AU_FIRMS},
    {"CA", "USD", 35, false, " ", EN_MEN, EN_WOMEN, EN_FAMILY, 0, CA_TOWNS, "+1604555010x", CA_FIRMS},
    {"RU", "USD", 25, false, " ", RU_MEN, RU_WOMEN, RU_FAMILY, RU_FAMILY_WOMEN, RU_TOWNS, "+79nxxxxxxxx",
     RU_FIRMS},
    {"BR", "USD", 20, false, " ", BR_MEN, BR_WOMEN, BR_FAMILY, 0, BR_TOWNS, "+55119nxxxxxxx", BR_FIRMS},
    {"IT", "EUR", 15, false, " ", IT_MEN, IT_WOMEN, IT_FAMILY, 0, IT_TOWNS, "+393xxxxxxxxx", IT_FIRMS},
    {"NL", "EUR", 15, false, " ", NL_MEN, NL_WOMEN, NL_FAMILY, 0, NL_TOWNS, "+316xxxxxxxx", NL_FIRMS},
};
const size_t DEMO_COUNTRIES_N = sizeof DEMO_COUNTRIES / sizeof DEMO_COUNTRIES[0];

const char *const DEMO_ABROAD[] = {"US", "US", "US", "CA", "CA", "AU", "AU", "GB", "JP", 0};

const struct demo_name DEMO_SELLERS[DEMO_USERS] = {N("林悦", "lin.yue"), N("陈思远", "chen.siyuan"),
                                                   N("周敏", "zhou.min"), N("Emily Carter", "emily.carter"),
                                                   N("佐藤美咲", "sato.misaki")};
