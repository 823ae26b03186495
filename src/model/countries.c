/* countries.c - ISO 3166-1 countries: names in English and Chinese, and the names people write.
 *
 * Names follow Unicode CLDR (English, Chinese) and the ISO 3166-1 list with its Chinese translation; plus
 * names seen in order files. Codes that are no country of ISO 3166-1 but kept: EU (European Union, European
 * Community), XK (Kosovo). "Channel Islands" has no code; it is kept as GG (Guernsey), the nearest that has
 * one. COUNTRY_NAMES is sorted by bytes and holds folded names (text_fold), so that a name is found by binary
 * search.
 */
#include "model/countries.h"

#include "core/text.h"

/* clang-format off */
const struct country COUNTRIES[] = {
    {"AD", "Andorra", "安道尔"}, {"AE", "United Arab Emirates", "阿拉伯联合酋长国"}, {"AF", "Afghanistan", "阿富汗"},
    {"AG", "Antigua & Barbuda", "安提瓜和巴布达"}, {"AI", "Anguilla", "安圭拉"}, {"AL", "Albania", "阿尔巴尼亚"},
    {"AM", "Armenia", "亚美尼亚"}, {"AO", "Angola", "安哥拉"}, {"AQ", "Antarctica", "南极洲"}, {"AR", "Argentina", "阿根廷"},
    {"AS", "American Samoa", "美属萨摩亚"}, {"AT", "Austria", "奥地利"}, {"AU", "Australia", "澳大利亚"},
    {"AW", "Aruba", "阿鲁巴"}, {"AX", "Åland Islands", "奥兰群岛"}, {"AZ", "Azerbaijan", "阿塞拜疆"},
    {"BA", "Bosnia & Herzegovina", "波斯尼亚和黑塞哥维那"}, {"BB", "Barbados", "巴巴多斯"}, {"BD", "Bangladesh", "孟加拉国"},
    {"BE", "Belgium", "比利时"}, {"BF", "Burkina Faso", "布基纳法索"}, {"BG", "Bulgaria", "保加利亚"}, {"BH", "Bahrain", "巴林"},
    {"BI", "Burundi", "布隆迪"}, {"BJ", "Benin", "贝宁"}, {"BL", "St. Barthélemy", "圣巴泰勒米"}, {"BM", "Bermuda", "百慕大"},
    {"BN", "Brunei", "文莱"}, {"BO", "Bolivia", "玻利维亚"}, {"BQ", "Caribbean Netherlands", "荷属加勒比区"},
    {"BR", "Brazil", "巴西"}, {"BS", "Bahamas", "巴哈马"}, {"BT", "Bhutan", "不丹"}, {"BV", "Bouvet Island", "布韦岛"},
    {"BW", "Botswana", "博茨瓦纳"}, {"BY", "Belarus", "白俄罗斯"}, {"BZ", "Belize", "伯利兹"}, {"CA", "Canada", "加拿大"},
    {"CC", "Cocos (Keeling) Islands", "科科斯（基林）群岛"}, {"CD", "DR Congo", "刚果（金）"},
    {"CF", "Central African Republic", "中非共和国"}, {"CG", "Congo", "刚果（布）"}, {"CH", "Switzerland", "瑞士"},
    {"CI", "Côte d'Ivoire", "科特迪瓦"}, {"CK", "Cook Islands", "库克群岛"}, {"CL", "Chile", "智利"},
    {"CM", "Cameroon", "喀麦隆"}, {"CN", "China", "中国"}, {"CO", "Colombia", "哥伦比亚"}, {"CR", "Costa Rica", "哥斯达黎加"},
    {"CU", "Cuba", "古巴"}, {"CV", "Cape Verde", "佛得角"}, {"CW", "Curaçao", "库拉索"}, {"CX", "Christmas Island", "圣诞岛"},
    {"CY", "Cyprus", "塞浦路斯"}, {"CZ", "Czechia", "捷克"}, {"DE", "Germany", "德国"}, {"DJ", "Djibouti", "吉布提"},
    {"DK", "Denmark", "丹麦"}, {"DM", "Dominica", "多米尼克"}, {"DO", "Dominican Republic", "多米尼加共和国"},
    {"DZ", "Algeria", "阿尔及利亚"}, {"EC", "Ecuador", "厄瓜多尔"}, {"EE", "Estonia", "爱沙尼亚"}, {"EG", "Egypt", "埃及"},
    {"EH", "Western Sahara", "西撒哈拉"}, {"ER", "Eritrea", "厄立特里亚"}, {"ES", "Spain", "西班牙"},
    {"ET", "Ethiopia", "埃塞俄比亚"}, {"EU", "European Union", "欧盟"}, {"FI", "Finland", "芬兰"}, {"FJ", "Fiji", "斐济"},
    {"FK", "Falkland Islands", "福克兰群岛"}, {"FM", "Micronesia", "密克罗尼西亚"}, {"FO", "Faroe Islands", "法罗群岛"},
    {"FR", "France", "法国"}, {"GA", "Gabon", "加蓬"}, {"GB", "United Kingdom", "英国"}, {"GD", "Grenada", "格林纳达"},
    {"GE", "Georgia", "格鲁吉亚"}, {"GF", "French Guiana", "法属圭亚那"}, {"GG", "Guernsey", "根西岛"}, {"GH", "Ghana", "加纳"},
    {"GI", "Gibraltar", "直布罗陀"}, {"GL", "Greenland", "格陵兰"}, {"GM", "Gambia", "冈比亚"}, {"GN", "Guinea", "几内亚"},
    {"GP", "Guadeloupe", "瓜德罗普"}, {"GQ", "Equatorial Guinea", "赤道几内亚"}, {"GR", "Greece", "希腊"},
    {"GS", "South Georgia & South Sandwich Islands", "南乔治亚和南桑威奇群岛"}, {"GT", "Guatemala", "危地马拉"},
    {"GU", "Guam", "关岛"}, {"GW", "Guinea-Bissau", "几内亚比绍"}, {"GY", "Guyana", "圭亚那"}, {"HK", "Hong Kong", "中国香港"},
    {"HM", "Heard & McDonald Islands", "赫德岛和麦克唐纳群岛"}, {"HN", "Honduras", "洪都拉斯"}, {"HR", "Croatia", "克罗地亚"},
    {"HT", "Haiti", "海地"}, {"HU", "Hungary", "匈牙利"}, {"ID", "Indonesia", "印度尼西亚"}, {"IE", "Ireland", "爱尔兰"},
    {"IL", "Israel", "以色列"}, {"IM", "Isle of Man", "马恩岛"}, {"IN", "India", "印度"},
    {"IO", "British Indian Ocean Territory", "英属印度洋领地"}, {"IQ", "Iraq", "伊拉克"}, {"IR", "Iran", "伊朗"},
    {"IS", "Iceland", "冰岛"}, {"IT", "Italy", "意大利"}, {"JE", "Jersey", "泽西岛"}, {"JM", "Jamaica", "牙买加"},
    {"JO", "Jordan", "约旦"}, {"JP", "Japan", "日本"}, {"KE", "Kenya", "肯尼亚"}, {"KG", "Kyrgyzstan", "吉尔吉斯斯坦"},
    {"KH", "Cambodia", "柬埔寨"}, {"KI", "Kiribati", "基里巴斯"}, {"KM", "Comoros", "科摩罗"},
    {"KN", "St. Kitts & Nevis", "圣基茨和尼维斯"}, {"KP", "North Korea", "朝鲜"}, {"KR", "South Korea", "韩国"},
    {"KW", "Kuwait", "科威特"}, {"KY", "Cayman Islands", "开曼群岛"}, {"KZ", "Kazakhstan", "哈萨克斯坦"}, {"LA", "Laos", "老挝"},
    {"LB", "Lebanon", "黎巴嫩"}, {"LC", "St. Lucia", "圣卢西亚"}, {"LI", "Liechtenstein", "列支敦士登"},
    {"LK", "Sri Lanka", "斯里兰卡"}, {"LR", "Liberia", "利比里亚"}, {"LS", "Lesotho", "莱索托"}, {"LT", "Lithuania", "立陶宛"},
    {"LU", "Luxembourg", "卢森堡"}, {"LV", "Latvia", "拉脱维亚"}, {"LY", "Libya", "利比亚"}, {"MA", "Morocco", "摩洛哥"},
    {"MC", "Monaco", "摩纳哥"}, {"MD", "Moldova", "摩尔多瓦"}, {"ME", "Montenegro", "黑山"}, {"MF", "St. Martin", "法属圣马丁"},
    {"MG", "Madagascar", "马达加斯加"}, {"MH", "Marshall Islands", "马绍尔群岛"}, {"MK", "North Macedonia", "北马其顿"},
    {"ML", "Mali", "马里"}, {"MM", "Myanmar", "缅甸"}, {"MN", "Mongolia", "蒙古"}, {"MO", "Macao", "中国澳门"},
    {"MP", "Northern Mariana Islands", "北马里亚纳群岛"}, {"MQ", "Martinique", "马提尼克"}, {"MR", "Mauritania", "毛里塔尼亚"},
    {"MS", "Montserrat", "蒙特塞拉特"}, {"MT", "Malta", "马耳他"}, {"MU", "Mauritius", "毛里求斯"}, {"MV", "Maldives", "马尔代夫"},
    {"MW", "Malawi", "马拉维"}, {"MX", "Mexico", "墨西哥"}, {"MY", "Malaysia", "马来西亚"}, {"MZ", "Mozambique", "莫桑比克"},
    {"NA", "Namibia", "纳米比亚"}, {"NC", "New Caledonia", "新喀里多尼亚"}, {"NE", "Niger", "尼日尔"},
    {"NF", "Norfolk Island", "诺福克岛"}, {"NG", "Nigeria", "尼日利亚"}, {"NI", "Nicaragua", "尼加拉瓜"},
    {"NL", "Netherlands", "荷兰"}, {"NO", "Norway", "挪威"}, {"NP", "Nepal", "尼泊尔"}, {"NR", "Nauru", "瑙鲁"},
    {"NU", "Niue", "纽埃"}, {"NZ", "New Zealand", "新西兰"}, {"OM", "Oman", "阿曼"}, {"PA", "Panama", "巴拿马"},
    {"PE", "Peru", "秘鲁"}, {"PF", "French Polynesia", "法属波利尼西亚"}, {"PG", "Papua New Guinea", "巴布亚新几内亚"},
    {"PH", "Philippines", "菲律宾"}, {"PK", "Pakistan", "巴基斯坦"}, {"PL", "Poland", "波兰"},
    {"PM", "St. Pierre & Miquelon", "圣皮埃尔和密克隆群岛"}, {"PN", "Pitcairn Islands", "皮特凯恩群岛"},
    {"PR", "Puerto Rico", "波多黎各"}, {"PS", "Palestine", "巴勒斯坦领土"}, {"PT", "Portugal", "葡萄牙"}, {"PW", "Palau", "帕劳"},
    {"PY", "Paraguay", "巴拉圭"}, {"QA", "Qatar", "卡塔尔"}, {"RE", "Réunion", "留尼汪"}, {"RO", "Romania", "罗马尼亚"},
    {"RS", "Serbia", "塞尔维亚"}, {"RU", "Russia", "俄罗斯"}, {"RW", "Rwanda", "卢旺达"}, {"SA", "Saudi Arabia", "沙特阿拉伯"},
    {"SB", "Solomon Islands", "所罗门群岛"}, {"SC", "Seychelles", "塞舌尔"}, {"SD", "Sudan", "苏丹"}, {"SE", "Sweden", "瑞典"},
    {"SG", "Singapore", "新加坡"}, {"SH", "St. Helena", "圣赫勒拿"}, {"SI", "Slovenia", "斯洛文尼亚"},
    {"SJ", "Svalbard & Jan Mayen", "斯瓦尔巴和扬马延"}, {"SK", "Slovakia", "斯洛伐克"}, {"SL", "Sierra Leone", "塞拉利昂"},
    {"SM", "San Marino", "圣马力诺"}, {"SN", "Senegal", "塞内加尔"}, {"SO", "Somalia", "索马里"}, {"SR", "Suriname", "苏里南"},
    {"SS", "South Sudan", "南苏丹"}, {"ST", "São Tomé & Príncipe", "圣多美和普林西比"}, {"SV", "El Salvador", "萨尔瓦多"},
    {"SX", "Sint Maarten", "荷属圣马丁"}, {"SY", "Syria", "叙利亚"}, {"SZ", "Eswatini", "斯威士兰"},
    {"TC", "Turks & Caicos Islands", "特克斯和凯科斯群岛"}, {"TD", "Chad", "乍得"},
    {"TF", "French Southern Territories", "法属南部领地"}, {"TG", "Togo", "多哥"}, {"TH", "Thailand", "泰国"},
    {"TJ", "Tajikistan", "塔吉克斯坦"}, {"TK", "Tokelau", "托克劳"}, {"TL", "Timor-Leste", "东帝汶"},
    {"TM", "Turkmenistan", "土库曼斯坦"}, {"TN", "Tunisia", "突尼斯"}, {"TO", "Tonga", "汤加"}, {"TR", "Türkiye", "土耳其"},
    {"TT", "Trinidad & Tobago", "特立尼达和多巴哥"}, {"TV", "Tuvalu", "图瓦卢"}, {"TW", "Taiwan", "中国台湾"},
    {"TZ", "Tanzania", "坦桑尼亚"}, {"UA", "Ukraine", "乌克兰"}, {"UG", "Uganda", "乌干达"},
    {"UM", "U.S. Outlying Islands", "美国本土外小岛屿"}, {"US", "United States", "美国"}, {"UY", "Uruguay", "乌拉圭"},
    {"UZ", "Uzbekistan", "乌兹别克斯坦"}, {"VA", "Vatican City", "梵蒂冈"}, {"VC", "St. Vincent & Grenadines", "圣文森特和格林纳丁斯"},
    {"VE", "Venezuela", "委内瑞拉"}, {"VG", "British Virgin Islands", "英属维尔京群岛"},
    {"VI", "U.S. Virgin Islands", "美属维尔京群岛"}, {"VN", "Vietnam", "越南"}, {"VU", "Vanuatu", "瓦努阿图"},
    {"WF", "Wallis & Futuna", "瓦利斯和富图纳"}, {"WS", "Samoa", "萨摩亚"}, {"XK", "Kosovo", "科索沃"}, {"YE", "Yemen", "也门"},
    {"YT", "Mayotte", "马约特"}, {"ZA", "South Africa", "南非"}, {"ZM", "Zambia", "赞比亚"}, {"ZW", "Zimbabwe", "津巴布韦"},
};

static const struct {
    const char *name;
    char code[3];
} COUNTRY_NAMES[] = {
    {"abw", "AW"}, {"afg", "AF"}, {"afghanistan", "AF"}, {"ago", "AO"}, {"aia", "AI"}, {"ala", "AX"},
    {"aland islands", "AX"}, {"alb", "AL"}, {"albania", "AL"}, {"algeria", "DZ"}, {"america", "US"},
    {"american samoa", "AS"}, {"and", "AD"}, {"andorra", "AD"}, {"angola", "AO"}, {"anguilla", "AI"},
    {"antarctica", "AQ"}, {"antigua & barbuda", "AG"}, {"antigua and barbuda", "AG"},
    {"arab republic of egypt", "EG"}, {"are", "AE"}, {"arg", "AR"}, {"argentina", "AR"},
    {"argentine republic", "AR"}, {"arm", "AM"}, {"armenia", "AM"}, {"aruba", "AW"}, {"asm", "AS"}, {"ata", "AQ"},
    {"atf", "TF"}, {"atg", "AG"}, {"aus", "AU"}, {"australia", "AU"}, {"austria", "AT"}, {"aut", "AT"},
    {"aze", "AZ"}, {"azerbaijan", "AZ"}, {"bahamas", "BS"}, {"bahrain", "BH"}, {"bangladesh", "BD"},
    {"barbados", "BB"}, {"bdi", "BI"}, {"bel", "BE"}, {"belarus", "BY"}, {"belgium", "BE"}, {"belize", "BZ"},
    {"ben", "BJ"}, {"benin", "BJ"}, {"bermuda", "BM"}, {"bes", "BQ"}, {"bfa", "BF"}, {"bgd", "BD"}, {"bgr", "BG"},
    {"bhr", "BH"}, {"bhs", "BS"}, {"bhutan", "BT"}, {"bih", "BA"}, {"blm", "BL"}, {"blr", "BY"}, {"blz", "BZ"},
    {"bmu", "BM"}, {"bol", "BO"}, {"bolivarian republic of venezuela", "VE"}, {"bolivia", "BO"},
    {"bolivia, plurinational state of", "BO"}, {"bonaire, sint eustatius and saba", "BQ"},
    {"bosnia & herzegovina", "BA"}, {"bosnia and herzegovina", "BA"}, {"botswana", "BW"}, {"bouvet island", "BV"},
    {"bra", "BR"}, {"brazil", "BR"}, {"brb", "BB"}, {"british indian ocean territory", "IO"},
    {"british virgin islands", "VG"}, {"brn", "BN"}, {"brunei", "BN"}, {"brunei darussalam", "BN"}, {"btn", "BT"},
    {"bulgaria", "BG"}, {"burkina faso", "BF"}, {"burma", "MM"}, {"burundi", "BI"}, {"bvt", "BV"}, {"bwa", "BW"},
    {"cabo verde", "CV"}, {"caf", "CF"}, {"cambodia", "KH"}, {"cameroon", "CM"}, {"can", "CA"}, {"canada", "CA"},
    {"cape verde", "CV"}, {"caribbean netherlands", "BQ"}, {"cayman islands", "KY"}, {"cck", "CC"},
    {"central african republic", "CF"}, {"chad", "TD"}, {"channel islands", "GG"}, {"che", "CH"}, {"chile", "CL"},
    {"china", "CN"}, {"chinese taipei", "TW"}, {"chl", "CL"}, {"chn", "CN"}, {"christmas island", "CX"},
    {"civ", "CI"}, {"cmr", "CM"}, {"cocos (keeling) islands", "CC"}, {"cod", "CD"}, {"cog", "CG"}, {"cok", "CK"},
    {"col", "CO"}, {"colombia", "CO"}, {"com", "KM"}, {"commonwealth of dominica", "DM"},
    {"commonwealth of the bahamas", "BS"}, {"commonwealth of the northern mariana islands", "MP"},
    {"comoros", "KM"}, {"congo", "CG"}, {"congo - brazzaville", "CG"}, {"congo - kinshasa", "CD"},
    {"congo, the democratic republic of the", "CD"}, {"cook islands", "CK"}, {"costa rica", "CR"},
    {"cote d'ivoire", "CI"}, {"cote divoire", "CI"}, {"cpv", "CV"}, {"cri", "CR"}, {"croatia", "HR"}, {"cub", "CU"},
    {"cuba", "CU"}, {"curacao", "CW"}, {"cuw", "CW"}, {"cxr", "CX"}, {"cym", "KY"}, {"cyp", "CY"}, {"cyprus", "CY"},
    {"cze", "CZ"}, {"czech republic", "CZ"}, {"czechia", "CZ"}, {"democratic people's republic of korea", "KP"},
    {"democratic republic of sao tome and principe", "ST"}, {"democratic republic of the congo", "CD"},
    {"democratic republic of timor-leste", "TL"}, {"democratic socialist republic of sri lanka", "LK"},
    {"denmark", "DK"}, {"deu", "DE"}, {"deutschland", "DE"}, {"dji", "DJ"}, {"djibouti", "DJ"}, {"dma", "DM"},
    {"dnk", "DK"}, {"dom", "DO"}, {"dominica", "DM"}, {"dominican republic", "DO"}, {"dr congo", "CD"},
    {"drc", "CD"}, {"dza", "DZ"}, {"eastern republic of uruguay", "UY"}, {"ecu", "EC"}, {"ecuador", "EC"},
    {"eec", "EU"}, {"egy", "EG"}, {"egypt", "EG"}, {"eire", "IE"}, {"el salvador", "SV"}, {"england", "GB"},
    {"equatorial guinea", "GQ"}, {"eri", "ER"}, {"eritrea", "ER"}, {"esh", "EH"}, {"esp", "ES"}, {"espana", "ES"},
    {"est", "EE"}, {"estonia", "EE"}, {"eswatini", "SZ"}, {"eth", "ET"}, {"ethiopia", "ET"},
    {"european community", "EU"}, {"european union", "EU"}, {"falkland islands", "FK"},
    {"falkland islands (malvinas)", "FK"}, {"faroe islands", "FO"},
    {"federal democratic republic of ethiopia", "ET"}, {"federal democratic republic of nepal", "NP"},
    {"federal republic of germany", "DE"}, {"federal republic of nigeria", "NG"},
    {"federal republic of somalia", "SO"}, {"federated states of micronesia", "FM"},
    {"federative republic of brazil", "BR"}, {"fiji", "FJ"}, {"fin", "FI"}, {"finland", "FI"}, {"fji", "FJ"},
    {"flk", "FK"}, {"fra", "FR"}, {"france", "FR"}, {"french guiana", "GF"}, {"french polynesia", "PF"},
    {"french republic", "FR"}, {"french southern territories", "TF"}, {"fro", "FO"}, {"fsm", "FM"}, {"gab", "GA"},
    {"gabon", "GA"}, {"gabonese republic", "GA"}, {"gambia", "GM"}, {"gbr", "GB"}, {"geo", "GE"}, {"georgia", "GE"},
    {"germany", "DE"}, {"ggy", "GG"}, {"gha", "GH"}, {"ghana", "GH"}, {"gib", "GI"}, {"gibraltar", "GI"},
    {"gin", "GN"}, {"glp", "GP"}, {"gmb", "GM"}, {"gnb", "GW"}, {"gnq", "GQ"}, {"grand duchy of luxembourg", "LU"},
    {"grc", "GR"}, {"grd", "GD"}, {"great britain", "GB"}, {"greece", "GR"}, {"greenland", "GL"}, {"grenada", "GD"},
    {"grl", "GL"}, {"gtm", "GT"}, {"guadeloupe", "GP"}, {"guam", "GU"}, {"guatemala", "GT"}, {"guernsey", "GG"},
    {"guf", "GF"}, {"guinea", "GN"}, {"guinea-bissau", "GW"}, {"gum", "GU"}, {"guy", "GY"}, {"guyana", "GY"},
    {"haiti", "HT"}, {"hashemite kingdom of jordan", "JO"}, {"heard & mcdonald islands", "HM"},
    {"heard island and mcdonald islands", "HM"}, {"hellenic republic", "GR"}, {"hkg", "HK"}, {"hksar", "HK"},
    {"hmd", "HM"}, {"hnd", "HN"}, {"holland", "NL"}, {"holy see", "VA"}, {"holy see (vatican city state)", "VA"},
    {"honduras", "HN"}, {"hong kong", "HK"}, {"hong kong sar", "HK"}, {"hong kong sar china", "HK"},
    {"hong kong special administrative region of china", "HK"}, {"hongkong", "HK"}, {"hrv", "HR"}, {"hti", "HT"},
    {"hun", "HU"}, {"hungary", "HU"}, {"iceland", "IS"}, {"idn", "ID"}, {"imn", "IM"}, {"ind", "IN"},
    {"independent state of papua new guinea", "PG"}, {"independent state of samoa", "WS"}, {"india", "IN"},
    {"indonesia", "ID"}, {"iot", "IO"}, {"iran", "IR"}, {"iran, islamic republic of", "IR"}, {"iraq", "IQ"},
    {"ireland", "IE"}, {"irl", "IE"}, {"irn", "IR"}, {"irq", "IQ"}, {"isl", "IS"},
    {"islamic republic of afghanistan", "AF"}, {"islamic republic of iran", "IR"},
    {"islamic republic of mauritania", "MR"}, {"islamic republic of pakistan", "PK"}, {"isle of man", "IM"},
    {"isr", "IL"}, {"israel", "IL"}, {"ita", "IT"}, {"italia", "IT"}, {"italian republic", "IT"}, {"italy", "IT"},
    {"ivory coast", "CI"}, {"jam", "JM"}, {"jamaica", "JM"}, {"japan", "JP"}, {"jersey", "JE"}, {"jey", "JE"},
    {"jor", "JO"}, {"jordan", "JO"}, {"jpn", "JP"}, {"kaz", "KZ"}, {"kazakhstan", "KZ"}, {"ken", "KE"},
    {"kenya", "KE"}, {"kgz", "KG"}, {"khm", "KH"}, {"kingdom of bahrain", "BH"}, {"kingdom of belgium", "BE"},
    {"kingdom of bhutan", "BT"}, {"kingdom of cambodia", "KH"}, {"kingdom of denmark", "DK"},
    {"kingdom of eswatini", "SZ"}, {"kingdom of lesotho", "LS"}, {"kingdom of morocco", "MA"},
    {"kingdom of norway", "NO"}, {"kingdom of saudi arabia", "SA"}, {"kingdom of spain", "ES"},
    {"kingdom of sweden", "SE"}, {"kingdom of thailand", "TH"}, {"kingdom of the netherlands", "NL"},
    {"kingdom of tonga", "TO"}, {"kir", "KI"}, {"kiribati", "KI"}, {"kna", "KN"}, {"kor", "KR"}, {"korea", "KR"},
    {"korea, democratic people's republic of", "KP"}, {"korea, republic of", "KR"}, {"kosovo", "XK"}, {"ksa", "SA"},
    {"kuwait", "KW"}, {"kwt", "KW"}, {"kyrgyz republic", "KG"}, {"kyrgyzstan", "KG"}, {"lao", "LA"},
    {"lao people's democratic republic", "LA"}, {"laos", "LA"}, {"latvia", "LV"}, {"lbn", "LB"}, {"lbr", "LR"},
    {"lby", "LY"}, {"lca", "LC"}, {"lebanese republic", "LB"}, {"lebanon", "LB"}, {"lesotho", "LS"},
    {"liberia", "LR"}, {"libya", "LY"}, {"lie", "LI"}, {"liechtenstein", "LI"}, {"lithuania", "LT"}, {"lka", "LK"},
    {"lso", "LS"}, {"ltu", "LT"}, {"lux", "LU"}, {"luxembourg", "LU"}, {"lva", "LV"}, {"mac", "MO"},
    {"macao", "MO"}, {"macao sar", "MO"}, {"macao sar china", "MO"},
    {"macao special administrative region of china", "MO"}, {"macau", "MO"}, {"macedonia", "MK"},
    {"madagascar", "MG"}, {"maf", "MF"}, {"mainland china", "CN"}, {"malawi", "MW"}, {"malaysia", "MY"},
    {"maldives", "MV"}, {"mali", "ML"}, {"malta", "MT"}, {"mar", "MA"}, {"marshall islands", "MH"},
    {"martinique", "MQ"}, {"mauritania", "MR"}, {"mauritius", "MU"}, {"mayotte", "YT"}, {"mco", "MC"},
    {"mda", "MD"}, {"mdg", "MG"}, {"mdv", "MV"}, {"mex", "MX"}, {"mexico", "MX"}, {"mhl", "MH"},
    {"micronesia", "FM"}, {"micronesia, federated states of", "FM"}, {"mkd", "MK"}, {"mli", "ML"}, {"mlt", "MT"},
    {"mmr", "MM"}, {"mne", "ME"}, {"mng", "MN"}, {"mnp", "MP"}, {"moldova", "MD"}, {"moldova, republic of", "MD"},
    {"monaco", "MC"}, {"mongolia", "MN"}, {"montenegro", "ME"}, {"montserrat", "MS"}, {"morocco", "MA"},
    {"moz", "MZ"}, {"mozambique", "MZ"}, {"mrt", "MR"}, {"msr", "MS"}, {"mtq", "MQ"}, {"mus", "MU"}, {"mwi", "MW"},
    {"myanmar", "MM"}, {"myanmar (burma)", "MM"}, {"mys", "MY"}, {"myt", "YT"}, {"nam", "NA"}, {"namibia", "NA"},
    {"nauru", "NR"}, {"ncl", "NC"}, {"nepal", "NP"}, {"ner", "NE"}, {"netherlands", "NL"}, {"new caledonia", "NC"},
    {"new zealand", "NZ"}, {"nfk", "NF"}, {"nga", "NG"}, {"nic", "NI"}, {"nicaragua", "NI"}, {"niger", "NE"},
    {"nigeria", "NG"}, {"nippon", "JP"}, {"niu", "NU"}, {"niue", "NU"}, {"nld", "NL"}, {"nor", "NO"},
    {"norfolk island", "NF"}, {"north korea", "KP"}, {"north macedonia", "MK"}, {"northern ireland", "GB"},
    {"northern mariana islands", "MP"}, {"norway", "NO"}, {"npl", "NP"}, {"nru", "NR"}, {"nzl", "NZ"},
    {"oman", "OM"}, {"omn", "OM"}, {"p.r. china", "CN"}, {"pak", "PK"}, {"pakistan", "PK"}, {"palau", "PW"},
    {"palestine", "PS"}, {"palestine, state of", "PS"}, {"palestinian territories", "PS"}, {"pan", "PA"},
    {"panama", "PA"}, {"papua new guinea", "PG"}, {"paraguay", "PY"}, {"pcn", "PN"},
    {"people's democratic republic of algeria", "DZ"}, {"people's republic of bangladesh", "BD"},
    {"people's republic of china", "CN"}, {"per", "PE"}, {"peru", "PE"}, {"philippines", "PH"}, {"phl", "PH"},
    {"pitcairn", "PN"}, {"pitcairn islands", "PN"}, {"plurinational state of bolivia", "BO"}, {"plw", "PW"},
    {"png", "PG"}, {"pol", "PL"}, {"poland", "PL"}, {"portugal", "PT"}, {"portuguese republic", "PT"},
    {"pr china", "CN"}, {"prc", "CN"}, {"pri", "PR"}, {"principality of andorra", "AD"},
    {"principality of liechtenstein", "LI"}, {"principality of monaco", "MC"}, {"prk", "KP"}, {"prt", "PT"},
    {"pry", "PY"}, {"pse", "PS"}, {"puerto rico", "PR"}, {"pyf", "PF"}, {"qat", "QA"}, {"qatar", "QA"},
    {"republic of albania", "AL"}, {"republic of angola", "AO"}, {"republic of armenia", "AM"},
    {"republic of austria", "AT"}, {"republic of azerbaijan", "AZ"}, {"republic of belarus", "BY"},
    {"republic of benin", "BJ"}, {"republic of bosnia and herzegovina", "BA"}, {"republic of botswana", "BW"},
    {"republic of bulgaria", "BG"}, {"republic of burundi", "BI"}, {"republic of cabo verde", "CV"},
    {"republic of cameroon", "CM"}, {"republic of chad", "TD"}, {"republic of chile", "CL"},
    {"republic of colombia", "CO"}, {"republic of costa rica", "CR"}, {"republic of cote d'ivoire", "CI"},
    {"republic of croatia", "HR"}, {"republic of cuba", "CU"}, {"republic of cyprus", "CY"},
    {"republic of djibouti", "DJ"}, {"republic of ecuador", "EC"}, {"republic of el salvador", "SV"},
    {"republic of equatorial guinea", "GQ"}, {"republic of estonia", "EE"}, {"republic of fiji", "FJ"},
    {"republic of finland", "FI"}, {"republic of ghana", "GH"}, {"republic of guatemala", "GT"},
    {"republic of guinea", "GN"}, {"republic of guinea-bissau", "GW"}, {"republic of guyana", "GY"},
    {"republic of haiti", "HT"}, {"republic of honduras", "HN"}, {"republic of iceland", "IS"},
    {"republic of india", "IN"}, {"republic of indonesia", "ID"}, {"republic of iraq", "IQ"},
    {"republic of ireland", "IE"}, {"republic of kazakhstan", "KZ"}, {"republic of kenya", "KE"},
    {"republic of kiribati", "KI"}, {"republic of korea", "KR"}, {"republic of latvia", "LV"},
    {"republic of liberia", "LR"}, {"republic of lithuania", "LT"}, {"republic of madagascar", "MG"},
    {"republic of malawi", "MW"}, {"republic of maldives", "MV"}, {"republic of mali", "ML"},
    {"republic of malta", "MT"}, {"republic of mauritius", "MU"}, {"republic of moldova", "MD"},
    {"republic of mozambique", "MZ"}, {"republic of myanmar", "MM"}, {"republic of namibia", "NA"},
    {"republic of nauru", "NR"}, {"republic of nicaragua", "NI"}, {"republic of north macedonia", "MK"},
    {"republic of palau", "PW"}, {"republic of panama", "PA"}, {"republic of paraguay", "PY"},
    {"republic of peru", "PE"}, {"republic of poland", "PL"}, {"republic of san marino", "SM"},
    {"republic of senegal", "SN"}, {"republic of serbia", "RS"}, {"republic of seychelles", "SC"},
    {"republic of sierra leone", "SL"}, {"republic of singapore", "SG"}, {"republic of slovenia", "SI"},
    {"republic of south africa", "ZA"}, {"republic of south sudan", "SS"}, {"republic of suriname", "SR"},
    {"republic of tajikistan", "TJ"}, {"republic of the congo", "CG"}, {"republic of the gambia", "GM"},
    {"republic of the marshall islands", "MH"}, {"republic of the niger", "NE"},
    {"republic of the philippines", "PH"}, {"republic of the sudan", "SD"},
    {"republic of trinidad and tobago", "TT"}, {"republic of tunisia", "TN"}, {"republic of turkiye", "TR"},
    {"republic of uganda", "UG"}, {"republic of uzbekistan", "UZ"}, {"republic of vanuatu", "VU"},
    {"republic of yemen", "YE"}, {"republic of zambia", "ZM"}, {"republic of zimbabwe", "ZW"}, {"reu", "RE"},
    {"reunion", "RE"}, {"romania", "RO"}, {"rou", "RO"}, {"rsa", "ZA"}, {"rus", "RU"}, {"russia", "RU"},
    {"russian federation", "RU"}, {"rwa", "RW"}, {"rwanda", "RW"}, {"rwandese republic", "RW"},
    {"saint barthelemy", "BL"}, {"saint helena, ascension and tristan da cunha", "SH"},
    {"saint kitts and nevis", "KN"}, {"saint lucia", "LC"}, {"saint martin (french part)", "MF"},
    {"saint pierre and miquelon", "PM"}, {"saint vincent and the grenadines", "VC"}, {"samoa", "WS"},
    {"san marino", "SM"}, {"sao tome & principe", "ST"}, {"sao tome and principe", "ST"}, {"sau", "SA"},
    {"saudi arabia", "SA"}, {"scotland", "GB"}, {"sdn", "SD"}, {"sen", "SN"}, {"senegal", "SN"}, {"serbia", "RS"},
    {"seychelles", "SC"}, {"sgp", "SG"}, {"sgs", "GS"}, {"shn", "SH"}, {"sierra leone", "SL"}, {"singapore", "SG"},
    {"sint maarten", "SX"}, {"sint maarten (dutch part)", "SX"}, {"sjm", "SJ"}, {"slb", "SB"}, {"sle", "SL"},
    {"slovak republic", "SK"}, {"slovakia", "SK"}, {"slovenia", "SI"}, {"slv", "SV"}, {"smr", "SM"},
    {"socialist republic of viet nam", "VN"}, {"solomon islands", "SB"}, {"som", "SO"}, {"somalia", "SO"},
    {"south africa", "ZA"}, {"south georgia & south sandwich islands", "GS"},
    {"south georgia and the south sandwich islands", "GS"}, {"south korea", "KR"}, {"south sudan", "SS"},
    {"spain", "ES"}, {"spm", "PM"}, {"srb", "RS"}, {"sri lanka", "LK"}, {"ssd", "SS"}, {"st. barthelemy", "BL"},
    {"st. helena", "SH"}, {"st. kitts & nevis", "KN"}, {"st. lucia", "LC"}, {"st. martin", "MF"},
    {"st. pierre & miquelon", "PM"}, {"st. vincent & grenadines", "VC"}, {"state of israel", "IL"},
    {"state of kuwait", "KW"}, {"state of qatar", "QA"}, {"stp", "ST"}, {"sudan", "SD"},
    {"sultanate of oman", "OM"}, {"sur", "SR"}, {"suriname", "SR"}, {"svalbard & jan mayen", "SJ"},
    {"svalbard and jan mayen", "SJ"}, {"svk", "SK"}, {"svn", "SI"}, {"swaziland", "SZ"}, {"swe", "SE"},
    {"sweden", "SE"}, {"swiss confederation", "CH"}, {"switzerland", "CH"}, {"swz", "SZ"}, {"sxm", "SX"},
    {"syc", "SC"}, {"syr", "SY"}, {"syria", "SY"}, {"syrian arab republic", "SY"}, {"taiwan", "TW"},
    {"taiwan, province of china", "TW"}, {"tajikistan", "TJ"}, {"tanzania", "TZ"},
    {"tanzania, united republic of", "TZ"}, {"tca", "TC"}, {"tcd", "TD"}, {"tgo", "TG"}, {"tha", "TH"},
    {"thailand", "TH"}, {"the netherlands", "NL"}, {"the state of eritrea", "ER"}, {"the state of palestine", "PS"},
    {"timor-leste", "TL"}, {"tjk", "TJ"}, {"tkl", "TK"}, {"tkm", "TM"}, {"tls", "TL"}, {"togo", "TG"},
    {"togolese republic", "TG"}, {"tokelau", "TK"}, {"ton", "TO"}, {"tonga", "TO"}, {"trinidad & tobago", "TT"},
    {"trinidad and tobago", "TT"}, {"tto", "TT"}, {"tun", "TN"}, {"tunisia", "TN"}, {"tur", "TR"}, {"turkey", "TR"},
    {"turkiye", "TR"}, {"turkmenistan", "TM"}, {"turks & caicos islands", "TC"}, {"turks and caicos islands", "TC"},
    {"tuv", "TV"}, {"tuvalu", "TV"}, {"twn", "TW"}, {"tza", "TZ"}, {"u.a.e.", "AE"}, {"u.k.", "GB"}, {"u.s.", "US"},
    {"u.s. outlying islands", "UM"}, {"u.s. virgin islands", "VI"}, {"u.s.a.", "US"}, {"uae", "AE"}, {"uga", "UG"},
    {"uganda", "UG"}, {"uk", "GB"}, {"ukr", "UA"}, {"ukraine", "UA"}, {"umi", "UM"}, {"union of the comoros", "KM"},
    {"united arab emirates", "AE"}, {"united kingdom", "GB"},
    {"united kingdom of great britain and northern ireland", "GB"}, {"united mexican states", "MX"},
    {"united republic of tanzania", "TZ"}, {"united states", "US"}, {"united states minor outlying islands", "UM"},
    {"united states of america", "US"}, {"uruguay", "UY"}, {"ury", "UY"}, {"usa", "US"}, {"uzb", "UZ"},
    {"uzbekistan", "UZ"}, {"vanuatu", "VU"}, {"vat", "VA"}, {"vatican", "VA"}, {"vatican city", "VA"},
    {"vct", "VC"}, {"ven", "VE"}, {"venezuela", "VE"}, {"venezuela, bolivarian republic of", "VE"}, {"vgb", "VG"},
    {"viet nam", "VN"}, {"vietnam", "VN"}, {"vir", "VI"}, {"virgin islands of the united states", "VI"},
    {"virgin islands, british", "VG"}, {"virgin islands, u.s.", "VI"}, {"vnm", "VN"}, {"vut", "VU"},
    {"wales", "GB"}, {"wallis & futuna", "WF"}, {"wallis and futuna", "WF"}, {"western sahara", "EH"},
    {"wlf", "WF"}, {"wsm", "WS"}, {"yem", "YE"}, {"yemen", "YE"}, {"zaf", "ZA"}, {"zambia", "ZM"},
    {"zimbabwe", "ZW"}, {"zmb", "ZM"}, {"zwe", "ZW"}, {"不丹", "BT"}, {"不丹王国", "BT"}, {"东帝汶", "TL"},
    {"东帝汶民主共和国", "TL"}, {"中华人民共和国", "CN"}, {"中国", "CN"}, {"中国台湾", "TW"}, {"中国台湾省", "TW"}, {"中国大陆", "CN"},
    {"中国澳门", "MO"}, {"中国澳门特别行政区", "MO"}, {"中国香港", "HK"}, {"中国香港特别行政区", "HK"}, {"中非", "CF"}, {"中非共和国", "CF"},
    {"丹麦", "DK"}, {"丹麦王国", "DK"}, {"乌克兰", "UA"}, {"乌兹别克斯坦", "UZ"}, {"乌兹别克斯坦共和国", "UZ"}, {"乌干达", "UG"},
    {"乌干达共和国", "UG"}, {"乌拉圭", "UY"}, {"乌拉圭东岸共和国", "UY"}, {"乍得", "TD"}, {"乍得共和国", "TD"}, {"也门", "YE"},
    {"也门共和国", "YE"}, {"亚美尼亚", "AM"}, {"亚美尼亚共和国", "AM"}, {"以色列", "IL"}, {"以色列国", "IL"}, {"伊拉克", "IQ"},
    {"伊拉克共和国", "IQ"}, {"伊朗", "IR"}, {"伊朗伊斯兰共和国", "IR"}, {"伯利兹", "BZ"}, {"佛得角", "CV"}, {"佛得角共和国", "CV"},
    {"俄国", "RU"}, {"俄罗斯", "RU"}, {"保加利亚", "BG"}, {"保加利亚共和国", "BG"}, {"克罗地亚", "HR"}, {"克罗地亚共和国", "HR"}, {"关岛", "GU"},
    {"冈比亚", "GM"}, {"冈比亚共和国", "GM"}, {"冰岛", "IS"}, {"冰岛共和国", "IS"}, {"几内亚", "GN"}, {"几内亚共和国", "GN"},
    {"几内亚比绍", "GW"}, {"几内亚比绍共和国", "GW"}, {"列支敦士登", "LI"}, {"列支敦士登公国", "LI"}, {"刚果", "CG"}, {"刚果(布)", "CG"},
    {"刚果(金)", "CD"}, {"刚果共和国", "CG"}, {"刚果布", "CG"}, {"刚果民主共和国", "CD"}, {"刚果金", "CD"}, {"利比亚", "LY"},
    {"利比里亚", "LR"}, {"利比里亚共和国", "LR"}, {"加拿大", "CA"}, {"加纳", "GH"}, {"加纳共和国", "GH"}, {"加蓬", "GA"}, {"加蓬共和国", "GA"},
    {"匈牙利", "HU"}, {"北马其顿", "MK"}, {"北马其顿共和国", "MK"}, {"北马里亚纳群岛", "MP"}, {"北马里亚纳群岛自由联邦", "MP"},
    {"南乔治亚和南桑威奇群岛", "GS"}, {"南乔治亚岛和南桑德韦奇岛", "GS"}, {"南极洲", "AQ"}, {"南苏丹", "SS"}, {"南苏丹共和国", "SS"}, {"南非", "ZA"},
    {"南非共和国", "ZA"}, {"南韩", "KR"}, {"博兹瓦那", "BW"}, {"博兹瓦那共和国", "BW"}, {"博奈尔、圣尤斯特歇斯岛和萨巴", "BQ"}, {"博茨瓦纳", "BW"},
    {"卡塔尔", "QA"}, {"卡塔尔国", "QA"}, {"卢旺达", "RW"}, {"卢旺达共和国", "RW"}, {"卢森堡", "LU"}, {"卢森堡大公国", "LU"}, {"印度", "IN"},
    {"印度共和国", "IN"}, {"印度尼西亚", "ID"}, {"印度尼西亚共和国", "ID"}, {"危地马拉", "GT"}, {"厄瓜多尔", "EC"}, {"厄瓜多尔共和国", "EC"},
    {"厄立特里亚", "ER"}, {"厄立特里亚国", "ER"}, {"叙利亚", "SY"}, {"古巴", "CU"}, {"古巴共和国", "CU"}, {"台湾", "TW"}, {"台灣", "TW"},
    {"吉尔吉斯共和国", "KG"}, {"吉尔吉斯坦", "KG"}, {"吉尔吉斯斯坦", "KG"}, {"吉布提", "DJ"}, {"吉布提共和国", "DJ"}, {"哈萨克斯坦", "KZ"},
    {"哈萨克斯坦共和国", "KZ"}, {"哥伦比亚", "CO"}, {"哥伦比亚共和国", "CO"}, {"哥斯达黎加", "CR"}, {"哥斯达黎加共和国", "CR"}, {"喀麦隆", "CM"},
    {"喀麦隆共和国", "CM"}, {"图瓦卢", "TV"}, {"土库曼斯坦", "TM"}, {"土耳其", "TR"}, {"土耳其共和国", "TR"}, {"圣卢西亚", "LC"},
    {"圣基茨和尼维斯", "KN"}, {"圣多美和普林西比", "ST"}, {"圣多美和普林西比民主共和国", "ST"}, {"圣巴泰勒米", "BL"}, {"圣巴泰勒米岛", "BL"},
    {"圣文森特和格林纳丁斯", "VC"}, {"圣皮埃尔和密克隆", "PM"}, {"圣皮埃尔和密克隆群岛", "PM"}, {"圣诞岛", "CX"}, {"圣赫勒拿", "SH"},
    {"圣赫勒拿-阿森松-特里斯坦达库尼亚", "SH"}, {"圣路西亚", "LC"}, {"圣马力诺", "SM"}, {"圣马力诺共和国", "SM"}, {"圣马力诺市", "SM"}, {"圭亚那", "GY"},
    {"圭亚那共和国", "GY"}, {"坦桑尼亚", "TZ"}, {"坦桑尼亚联合共和国", "TZ"}, {"埃及", "EG"}, {"埃塞俄比亚", "ET"}, {"埃塞俄比亚联邦民主共和国", "ET"},
    {"基里巴斯", "KI"}, {"基里巴斯共和国", "KI"}, {"塔吉克斯坦", "TJ"}, {"塔吉克斯坦共和国", "TJ"}, {"塞内加尔", "SN"}, {"塞内加尔共和国", "SN"},
    {"塞尔维亚", "RS"}, {"塞尔维亚共和国", "RS"}, {"塞拉利昂", "SL"}, {"塞拉利昂共和国", "SL"}, {"塞浦路斯", "CY"}, {"塞浦路斯共和国", "CY"},
    {"塞舌尔", "SC"}, {"塞舌尔共和国", "SC"}, {"墨西哥", "MX"}, {"墨西哥合众国", "MX"}, {"多哥", "TG"}, {"多哥共和国", "TG"}, {"多米尼克", "DM"},
    {"多米尼加共和国", "DO"}, {"大不列颠", "GB"}, {"大不列颠及北爱尔兰联合王国", "GB"}, {"大韩民国", "KR"}, {"奥兰群岛", "AX"}, {"奥地利", "AT"},
    {"奥地利共和国", "AT"}, {"委内瑞拉", "VE"}, {"委内瑞拉玻利瓦尔共和国", "VE"}, {"孟加拉", "BD"}, {"孟加拉人民共和国", "BD"}, {"孟加拉国", "BD"},
    {"安哥拉", "AO"}, {"安哥拉共和国", "AO"}, {"安圭拉", "AI"}, {"安提瓜和巴布达", "AG"}, {"安道尔", "AD"}, {"安道尔公国", "AD"},
    {"密克罗尼西亚", "FM"}, {"密克罗尼西亚联邦", "FM"}, {"尼加拉瓜", "NI"}, {"尼加拉瓜共和国", "NI"}, {"尼日利亚", "NG"}, {"尼日利亚联邦共和国", "NG"},
    {"尼日尔", "NE"}, {"尼日尔共和国", "NE"}, {"尼泊尔", "NP"}, {"尼泊尔联邦民主共和国", "NP"}, {"巴勒斯坦", "PS"}, {"巴勒斯坦国", "PS"},
    {"巴勒斯坦领土", "PS"}, {"巴哈马", "BS"}, {"巴哈马国", "BS"}, {"巴基斯坦", "PK"}, {"巴基斯坦伊斯兰共和国", "PK"}, {"巴巴多斯", "BB"},
    {"巴布亚新几内亚", "PG"}, {"巴布亚新几内亚独立国", "PG"}, {"巴拉圭", "PY"}, {"巴拉圭共和国", "PY"}, {"巴拿马", "PA"}, {"巴拿马共和国", "PA"},
    {"巴林", "BH"}, {"巴林王国", "BH"}, {"巴西", "BR"}, {"巴西联邦共和国", "BR"}, {"布基纳法索", "BF"}, {"布维群岛", "BV"}, {"布隆迪", "BI"},
    {"布隆迪共和国", "BI"}, {"布韦岛", "BV"}, {"希腊", "GR"}, {"希腊共和国", "GR"}, {"帕劳", "PW"}, {"帕劳共和国", "PW"}, {"库克群岛", "CK"},
    {"库拉索", "CW"}, {"开曼群岛", "KY"}, {"德国", "DE"}, {"德意志联邦共和国", "DE"}, {"意大利", "IT"}, {"意大利共和国", "IT"},
    {"所罗门群岛", "SB"}, {"托克劳", "TK"}, {"拉脱维亚", "LV"}, {"拉脱维亚共和国", "LV"}, {"挪威", "NO"}, {"挪威王国", "NO"}, {"捷克", "CZ"},
    {"捷克共和国", "CZ"}, {"摩尔多瓦", "MD"}, {"摩尔多瓦共和国", "MD"}, {"摩洛哥", "MA"}, {"摩洛哥王国", "MA"}, {"摩纳哥", "MC"},
    {"摩纳哥公国", "MC"}, {"文莱", "BN"}, {"斐济", "FJ"}, {"斐济共和国", "FJ"}, {"斯威士兰", "SZ"}, {"斯威士兰王国", "SZ"}, {"斯洛伐克", "SK"},
    {"斯洛伐克共和国", "SK"}, {"斯洛文尼亚", "SI"}, {"斯洛文尼亚共和国", "SI"}, {"斯瓦尔巴和扬马延", "SJ"}, {"斯瓦尔巴特和扬马延岛", "SJ"},
    {"斯里兰卡", "LK"}, {"斯里兰卡民主社会主义共和国", "LK"}, {"新加坡", "SG"}, {"新加坡共和国", "SG"}, {"新喀里多尼亚", "NC"}, {"新西兰", "NZ"},
    {"日本", "JP"}, {"智利", "CL"}, {"智利共和国", "CL"}, {"曼岛", "IM"}, {"朝鲜", "KP"}, {"朝鲜民主主义人民共和国", "KP"}, {"柬埔塞", "KH"},
    {"柬埔塞王国", "KH"}, {"柬埔寨", "KH"}, {"根西岛", "GG"}, {"格林纳达", "GD"}, {"格陵兰", "GL"}, {"格鲁吉亚", "GE"}, {"梵地冈", "VA"},
    {"梵蒂冈", "VA"}, {"欧共体", "EU"}, {"欧盟", "EU"}, {"比利时", "BE"}, {"比利时王国", "BE"}, {"毛里塔尼亚", "MR"},
    {"毛里塔尼亚伊斯兰共和国", "MR"}, {"毛里求斯", "MU"}, {"毛里求斯共和国", "MU"}, {"汤加", "TO"}, {"汤加王国", "TO"}, {"沙特阿拉伯", "SA"},
    {"沙特阿拉伯王国", "SA"}, {"法兰西共和国", "FR"}, {"法国", "FR"}, {"法属南半球领地", "TF"}, {"法属南部领地", "TF"}, {"法属圣马丁", "MF"},
    {"法属圭亚那", "GF"}, {"法属波利尼西亚", "PF"}, {"法属玻利尼西亚", "PF"}, {"法罗群岛", "FO"}, {"波兰", "PL"}, {"波兰共和国", "PL"},
    {"波利维亚", "BO"}, {"波多黎各", "PR"}, {"波斯尼亚和黑塞哥维那", "BA"}, {"波斯尼亚和黑塞哥维那共和国", "BA"}, {"泰国", "TH"}, {"泰王国", "TH"},
    {"泽西岛", "JE"}, {"津巴布韦", "ZW"}, {"津巴布韦共和国", "ZW"}, {"洪都拉斯", "HN"}, {"洪都拉斯共和国", "HN"}, {"海地", "HT"},
    {"海地共和国", "HT"}, {"海峡群岛", "GG"}, {"澳大利亚", "AU"}, {"澳门", "MO"}, {"爱尔兰", "IE"}, {"爱沙尼亚", "EE"}, {"爱沙尼亚共和国", "EE"},
    {"牙买加", "JM"}, {"特克斯和凯科斯群岛", "TC"}, {"特立尼达和多巴哥", "TT"}, {"特里尼达和多巴哥", "TT"}, {"特里尼达和多巴哥共和国", "TT"},
    {"玻利维亚", "BO"}, {"玻利维亚共和国", "BO"}, {"瑙鲁", "NR"}, {"瑙鲁共和国", "NR"}, {"瑞典", "SE"}, {"瑞典王国", "SE"}, {"瑞士", "CH"},
    {"瑞士联邦", "CH"}, {"瓜地马拉", "GT"}, {"瓜地马拉共和国", "GT"}, {"瓜德罗普", "GP"}, {"瓦利斯和富图纳", "WF"}, {"瓦努阿图", "VU"},
    {"瓦努阿图共和国", "VU"}, {"留尼汪", "RE"}, {"白俄罗斯", "BY"}, {"白俄罗斯共和国", "BY"}, {"百慕大", "BM"}, {"皮特克恩", "PN"},
    {"皮特凯恩群岛", "PN"}, {"直布罗陀", "GI"}, {"福克兰群岛", "FK"}, {"福克兰群岛(马尔维纳斯)", "FK"}, {"科威特", "KW"}, {"科威特国", "KW"},
    {"科摩罗", "KM"}, {"科摩罗联邦", "KM"}, {"科特迪瓦", "CI"}, {"科特迪瓦共和国", "CI"}, {"科科斯(基林)群岛", "CC"}, {"科科斯群岛", "CC"},
    {"科索沃", "XK"}, {"秘鲁", "PE"}, {"秘鲁共和国", "PE"}, {"突尼斯", "TN"}, {"突尼斯共和国", "TN"}, {"立陶宛", "LT"}, {"立陶宛共和国", "LT"},
    {"米尼克共和国", "DM"}, {"索马里", "SO"}, {"索马里联邦共和国", "SO"}, {"约旦", "JO"}, {"约旦哈希姆王国", "JO"}, {"纳米比亚", "NA"},
    {"纳米比亚共和国", "NA"}, {"纽埃", "NU"}, {"纽西兰", "NZ"}, {"缅甸", "MM"}, {"缅甸联邦共和国", "MM"}, {"罗马尼亚", "RO"}, {"美利坚", "US"},
    {"美利坚合众国", "US"}, {"美国", "US"}, {"美国本土外小岛屿", "UM"}, {"美属维京群岛", "VI"}, {"美属维尔京群岛", "VI"}, {"美属萨摩亚", "AS"},
    {"老挝", "LA"}, {"老挝人民民主共和国", "LA"}, {"肯尼亚", "KE"}, {"肯尼亚共和国", "KE"}, {"芬兰", "FI"}, {"芬兰共和国", "FI"}, {"苏丹", "SD"},
    {"苏丹共和国", "SD"}, {"苏格兰", "GB"}, {"苏里南", "SR"}, {"苏里南共和国", "SR"}, {"英国", "GB"}, {"英属印度洋领地", "IO"},
    {"英属维尔京群岛", "VG"}, {"英格兰", "GB"}, {"荷兰", "NL"}, {"荷兰王国", "NL"}, {"荷属加勒比区", "BQ"}, {"荷属圣马丁", "SX"},
    {"莫桑比克", "MZ"}, {"莫桑比克共和国", "MZ"}, {"莱索托", "LS"}, {"莱索托王国", "LS"}, {"菲律宾", "PH"}, {"菲律宾共和国", "PH"},
    {"萨尔瓦多", "SV"}, {"萨尔瓦多共和国", "SV"}, {"萨摩亚", "WS"}, {"萨摩亚独立国", "WS"}, {"葡萄牙", "PT"}, {"葡萄牙共和国", "PT"},
    {"蒙古", "MN"}, {"蒙塞拉特岛", "MS"}, {"蒙特塞拉特", "MS"}, {"西撒哈拉", "EH"}, {"西班牙", "ES"}, {"西班牙王国", "ES"}, {"诺福克岛", "NF"},
    {"贝宁", "BJ"}, {"贝宁共和国", "BJ"}, {"赞比亚", "ZM"}, {"赞比亚共和国", "ZM"}, {"赤道几内亚", "GQ"}, {"赤道几内亚共和国", "GQ"},
    {"赫德岛与麦克唐纳群岛", "HM"}, {"赫德岛和麦克唐纳群岛", "HM"}, {"越南", "VN"}, {"越南社会主义共和国", "VN"}, {"阿塞拜疆", "AZ"},
    {"阿塞拜疆共和国", "AZ"}, {"阿富汗", "AF"}, {"阿富汗伊斯兰共和国", "AF"}, {"阿尔及利亚", "DZ"}, {"阿尔及利亚人民民主共和国", "DZ"}, {"阿尔巴尼亚", "AL"},
    {"阿尔巴尼亚共和国", "AL"}, {"阿拉伯叙利亚共和国", "SY"}, {"阿拉伯埃及共和国", "EG"}, {"阿拉伯联合酋长国", "AE"}, {"阿曼", "OM"}, {"阿曼苏丹国", "OM"},
    {"阿根廷", "AR"}, {"阿根廷共和国", "AR"}, {"阿联酋", "AE"}, {"阿鲁巴", "AW"}, {"韩国", "KR"}, {"香港", "HK"}, {"马尔他", "MT"},
    {"马尔他共和国", "MT"}, {"马尔代夫", "MV"}, {"马尔代夫共和国", "MV"}, {"马恩岛", "IM"}, {"马拉维", "MW"}, {"马拉维共和国", "MW"},
    {"马提尼克", "MQ"}, {"马来西亚", "MY"}, {"马约特", "YT"}, {"马绍尔群岛", "MH"}, {"马绍尔群岛共和国", "MH"}, {"马耳他", "MT"},
    {"马达加斯加", "MG"}, {"马达加斯加共和国", "MG"}, {"马里", "ML"}, {"马里共和国", "ML"}, {"黎巴嫩", "LB"}, {"黎巴嫩共和国", "LB"},
    {"黑山", "ME"},
};
/* clang-format on */
#define N_COUNTRIES (sizeof COUNTRIES / sizeof COUNTRIES[0])
#define N_NAMES (sizeof COUNTRY_NAMES / sizeof COUNTRY_NAMES[0])

const size_t COUNTRIES_N = N_COUNTRIES;

const struct country *
country_by_code(struct strv code)
{
    char up[2];
    if (code.n != 2)
        return NULL;
    for (int i = 0; i < 2; i++)
        up[i] = (char)(code.p[i] >= 'a' && code.p[i] <= 'z' ? code.p[i] - 'a' + 'A' : code.p[i]);
    size_t lo = 0, hi = N_COUNTRIES;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int c = memcmp(up, COUNTRIES[mid].code, 2);
        if (c == 0)
            return &COUNTRIES[mid];
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

const struct country *
country_by_name(struct strv name)
{
    struct strbuf folded = {0};
    text_fold(name, &folded);
    struct strv key = strv_trim(strbuf_view(&folded));
    const struct country *found = country_by_code(key);
    size_t lo = 0, hi = N_NAMES;
    while (!found && lo < hi) {
        size_t mid = (lo + hi) / 2;
        int c = strv_cmp(key, strv_of(COUNTRY_NAMES[mid].name));
        if (c == 0)
            found = country_by_code((struct strv){COUNTRY_NAMES[mid].code, 2});
        else if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    strbuf_release(&folded);
    return found;
}

const char *
country_name_at(size_t i)
{
    return i < N_NAMES ? COUNTRY_NAMES[i].name : NULL;
}

const char *
country_nearest(struct strv name)
{
    struct strbuf folded = {0};
    text_fold(name, &folded);
    struct strv key = strv_trim(strbuf_view(&folded));
    struct nearest n = {.found = key};
    const char *code = NULL;
    for (size_t i = 0; i < N_NAMES && key.n > 3; i++)
        if (nearest_is(&n, strv_of(COUNTRY_NAMES[i].name)))
            code = COUNTRY_NAMES[i].code;
    strbuf_release(&folded);
    return code ? country_by_code((struct strv){code, 2})->en : NULL;
}
