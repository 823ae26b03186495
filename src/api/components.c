/* components.c - JSON schemas of the answers that are not records. Labels are written by the two-language
 * members zh-CN and en. */
#include "api/priv.h"

#define OBJECT(members) "{\"type\":\"object\",\"properties\":{" members "}}"
#define CLOSED(required, members)                                                                            \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[" required                            \
    "],\"properties\":{" members "}}"
#define REF(name) "{\"$ref\":\"#/components/schemas/" name "\"}"
#define LIST_OF(schema) "{\"type\":\"array\",\"items\":" schema "}"
#define OR_NULL(schema) "{\"anyOf\":[" schema ",{\"type\":\"null\"}]}"
#define TEXT "{\"type\":\"string\"}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define NUMBER "{\"type\":\"integer\"}"
#define NUMBER_OR_NULL "{\"type\":[\"integer\",\"null\"]}"
#define BOOL "{\"type\":\"boolean\"}"
#define RANGES LIST_OF(LIST_OF(NUMBER))
#define ANY_OBJECT "{\"type\":\"object\"}"

/* The layout shows the shapes. */
/* clang-format off */
const struct api_component API_COMPONENTS[] = {
    {"Any", ANY_OBJECT},
    {"Problem",
     "{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"code\",\"detail\"],"
     "\"properties\":{"
     "\"type\":" TEXT ",\"title\":" TEXT ",\"status\":" NUMBER ",\"code\":" TEXT ",\"detail\":" TEXT
     ",\"params\":" ANY_OBJECT ",\"errors\":" LIST_OF(
         OBJECT("\"pointer\":" TEXT ",\"code\":" TEXT ",\"detail\":" TEXT ",\"params\":" ANY_OBJECT)) "}}"},
    {"Money",
     "{\"type\":\"object\",\"required\":[\"amount\"],\"properties\":{\"amount\":{\"type\":\"integer\","
     "\"description\":\"minor units\"},\"currency\":" TEXT "}}"},
    {"Label", OBJECT("\"zh-CN\":" TEXT ",\"en\":" TEXT)},
    {"Status", OBJECT("\"status\":" TEXT ",\"schema\":" NUMBER)},
    {"SignIn", CLOSED("\"email\",\"password\"", "\"email\":{\"type\":\"string\",\"format\":\"email\"},"
                                                "\"password\":{\"type\":\"string\",\"format\":"
                                                "\"password\"},\"code\":" TEXT_OR_NULL)},
    {"PasswordForgot", CLOSED("\"email\"", "\"email\":" TEXT)},
    {"LinkToken", CLOSED("\"token\"", "\"token\":" TEXT)},
    {"Link", OBJECT("\"email\":" TEXT ",\"name\":" TEXT ",\"invite\":" BOOL)},
    {"PasswordReset", CLOSED("\"token\",\"password\"", "\"token\":" TEXT ",\"password\":" TEXT)},
    {"PasswordChange", CLOSED("\"current\",\"password\"", "\"current\":" TEXT ",\"password\":" TEXT)},
    {"PasswordProof", CLOSED("\"password\"", "\"password\":" TEXT)},
    {"Security", OBJECT("\"totp\":" BOOL ",\"recovery_left\":" NUMBER)},
    {"TotpSecret", OBJECT("\"secret\":" TEXT ",\"url\":" TEXT ",\"qr\":" TEXT)},
    {"TotpCode", CLOSED("\"code\"", "\"code\":" TEXT)},
    {"SessionRecovery",
     OBJECT("\"user\":" ANY_OBJECT ",\"csrf\":" TEXT_OR_NULL ",\"recovery\":" LIST_OF(TEXT))},
    {"Sessions",
     OBJECT("\"items\":" LIST_OF(OBJECT("\"id\":" TEXT ",\"current\":" BOOL ",\"created_at\":" TEXT
                                        ",\"seen_at\":" TEXT ",\"remote\":" TEXT ",\"agent\":" TEXT)))},
    {"SessionsEnd", "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"id\":" TEXT
                    ",\"others\":" BOOL ",\"user\":" NUMBER "}}"},
    {"Invitation", "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"user\":" NUMBER
                   ",\"name\":" TEXT ",\"email\":" TEXT ",\"admin\":" BOOL "}}"},
    {"Invited", OBJECT("\"user\":" NUMBER ",\"mailed\":" BOOL ",\"link\":" TEXT_OR_NULL)},
    {"Welcome",
     OBJECT("\"company\":" TEXT ",\"logo\":" TEXT_OR_NULL ",\"setup\":" BOOL ",\"mail\":" BOOL)},
    {"SetupForm",
     OBJECT("\"profiles\":" LIST_OF(OBJECT("\"name\":" TEXT ",\"sample_there\":" BOOL ",\"profile\":" ANY_OBJECT))
            ",\"base_currency\":" TEXT ",\"zone\":" TEXT ",\"company\":" TEXT)},
    {"Setup", CLOSED("\"token\",\"name\",\"email\",\"password\",\"profile\"",
                     "\"token\":" TEXT ",\"name\":" TEXT ",\"email\":" TEXT ",\"password\":" TEXT
                     ",\"profile\":" TEXT ",\"lang\":" TEXT_OR_NULL ",\"company\":" TEXT_OR_NULL
                     ",\"base_currency\":" TEXT_OR_NULL ",\"zone\":" TEXT_OR_NULL ",\"sample\":" TEXT_OR_NULL)},
    {"LogoChange", CLOSED("\"image\"", "\"image\":{\"type\":\"string\",\"contentEncoding\":\"base64\"}")},
    {"MailSettings",
     OBJECT("\"set\":" BOOL ",\"host\":" TEXT ",\"port\":" NUMBER ",\"security\":" TEXT ",\"user\":" TEXT
            ",\"has_password\":" BOOL ",\"from\":" TEXT ",\"name\":" TEXT)},
    {"MailSettingsChange", "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"host\":" TEXT
                           ",\"port\":" NUMBER ",\"security\":{\"type\":\"string\",\"enum\":[\"starttls\",\"tls\","
                           "\"none\"]},\"user\":" TEXT ",\"password\":" TEXT ",\"from\":" TEXT ",\"name\":" TEXT "}}"},
    {"MailTest", CLOSED("\"to\"", "\"to\":" TEXT)},
    {"MailResult", OBJECT("\"sent\":" BOOL ",\"code\":" NUMBER ",\"answer\":" TEXT)},
    {"MailList", OBJECT("\"items\":" LIST_OF(ANY_OBJECT) ",\"next\":" NUMBER_OR_NULL)},
    {"SessionChange", CLOSED("\"lang\"", "\"lang\":{\"type\":\"string\",\"enum\":[\"zh-CN\",\"en\"]}")},
    {"Session",
     OBJECT("\"user\":" OBJECT("\"id\":" NUMBER ",\"name\":" TEXT ",\"email\":" TEXT ",\"admin\":" BOOL
                               ",\"lang\":" TEXT_OR_NULL) ",\"csrf\":" TEXT_OR_NULL)},
    {"Setting", OBJECT("\"key\":" TEXT ",\"value\":{},\"default\":{},\"label\":" REF(
                    "Label") ",\"help\":" REF("Label") ",\"type\":" TEXT)},
    {"Settings", OBJECT("\"items\":" LIST_OF(REF("Setting")))},
    {"SettingsChange",
     "{\"type\":\"object\",\"additionalProperties\":{\"type\":[\"string\",\"integer\",\"boolean\"]}}"},
    {"Ref", OR_NULL(OBJECT("\"id\":" NUMBER ",\"title\":" TEXT_OR_NULL))},
    {"User", OBJECT("\"id\":" NUMBER ",\"rev\":" NUMBER ",\"name\":" TEXT ",\"email\":" TEXT ",\"active\":" BOOL
                    ",\"lang\":" TEXT_OR_NULL ",\"role\":" REF("Ref") ",\"admin\":" BOOL ",\"team\":" REF("Ref")
                    ",\"roles\":" LIST_OF(REF("Ref")) ",\"teams\":" LIST_OF(REF("Ref")) ",\"seen_at\":" TEXT_OR_NULL
                    ",\"sessions\":" NUMBER ",\"has_password\":" BOOL)},
    {"Users", OBJECT("\"items\":" LIST_OF(REF("User")) ",\"next\":" NUMBER_OR_NULL)},
    {"UserWrite", OBJECT("\"name\":" TEXT ",\"email\":" TEXT ",\"role\":" NUMBER_OR_NULL ",\"team\":" NUMBER_OR_NULL
                         ",\"roles\":" LIST_OF(NUMBER) ",\"teams\":" LIST_OF(NUMBER) ",\"active\":" BOOL
                         ",\"lang\":" TEXT_OR_NULL)},
    {"Teams", OBJECT("\"items\":" LIST_OF(OBJECT("\"id\":" NUMBER ",\"rev\":" NUMBER ",\"name\":" TEXT
                                                  ",\"parent\":" NUMBER_OR_NULL ",\"manager\":" REF("Ref")
                                                  ",\"members\":" NUMBER)))},
    {"TeamWrite", OBJECT("\"name\":" TEXT ",\"parent\":" NUMBER_OR_NULL ",\"manager\":" NUMBER_OR_NULL)},
    {"Rights", "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"object\",\"additionalProperties\":" TEXT "}}"},
    {"Role", OBJECT("\"id\":" NUMBER ",\"rev\":" NUMBER ",\"code\":" TEXT ",\"name\":" TEXT ",\"label\":" OR_NULL(REF("Label"))
                    ",\"note\":" TEXT ",\"admin\":" BOOL ",\"custom\":" BOOL ",\"pack\":" BOOL ",\"members\":" NUMBER
                    ",\"rights\":" REF("Rights") ",\"fields\":" REF("Rights") ",\"may\":" LIST_OF(TEXT))},
    {"RoleName", OBJECT("\"name\":" TEXT ",\"label\":" REF("Label"))},
    {"Roles", OBJECT("\"items\":" LIST_OF(REF("Role")) ",\"actions\":" LIST_OF(REF("RoleName")) ",\"scopes\":" LIST_OF(REF("RoleName"))
                     ",\"levels\":" LIST_OF(REF("RoleName")) ",\"may\":" LIST_OF(REF("RoleName")))},
    {"RoleWrite", OBJECT("\"code\":" TEXT ",\"name\":" TEXT ",\"note\":" TEXT_OR_NULL ",\"rights\":" REF("Rights")
                         ",\"fields\":" REF("Rights") ",\"may\":" LIST_OF(TEXT))},
    {"Shares", OBJECT("\"items\":" LIST_OF(OBJECT("\"user\":" REF("Ref") ",\"team\":" REF("Ref") ",\"level\":" TEXT ",\"at\":" TEXT)))},
    {"ShareWrite", OBJECT("\"user\":" NUMBER ",\"team\":" NUMBER ",\"level\":{\"type\":\"string\",\"enum\":[\"read\",\"write\",\"none\"]}")},
    {"RevealRequest", CLOSED("\"field\"", "\"field\":" TEXT ",\"reason\":" TEXT)},
    {"Reveal", OBJECT("\"field\":" TEXT ",\"value\":" TEXT_OR_NULL)},
    {"AccessWhy", OBJECT("\"user\":" REF("Ref") ",\"roles\":" LIST_OF(TEXT) ",\"owner\":" REF("Ref") ",\"actions\":" LIST_OF(
                      OBJECT("\"action\":" TEXT ",\"label\":" REF("Label") ",\"allowed\":" BOOL ",\"scope\":" TEXT ",\"why\":" REF("Label")))
                  ",\"fields\":" LIST_OF(OBJECT("\"field\":" TEXT ",\"label\":" REF("Label") ",\"level\":" TEXT ",\"why\":" REF("Label"))))},
    {"SearchResult",
     OBJECT("\"items\":" LIST_OF(OBJECT(
         "\"object\":" TEXT ",\"id\":" NUMBER ",\"title\":" TEXT ",\"title_ranges\":" RANGES ",\"subtitle\":" TEXT
         ",\"match\":" TEXT ",\"match_ranges\":" RANGES ",\"field\":" TEXT
         ",\"how\":{\"type\":\"string\",\"enum\":[\"exact\",\"pinyin\",\"initials\",\"typo\"]}")) ",\"groups\":" LIST_OF(
         OBJECT("\"object\":" TEXT ",\"count\":" NUMBER ",\"capped\":" BOOL)) ",\"building\":" OBJECT("\"done\":" NUMBER ",\"total\":" NUMBER))},
    {"Schema", OBJECT("\"version\":" NUMBER ",\"company\":" TEXT ",\"base_currency\":" TEXT
                      ",\"base_digits\":" NUMBER ",\"zone\":" TEXT ",\"objects\":" LIST_OF(ANY_OBJECT))},
    {"Why", OBJECT("\"label\":" REF("Label") ",\"value\":{},\"amount\":" NUMBER_OR_NULL
                                             ",\"detail\":{},\"filter\":" TEXT ",\"object\":" TEXT)},
    {"AsOf", OBJECT("\"seq\":" NUMBER ",\"state_clock\":" TEXT_OR_NULL)},
    {"CustomerState",
     OBJECT("\"as_of\":" REF("AsOf") ",\"currency\":" TEXT ",\"value\":" OBJECT(
         "\"historical\":" REF("Money") ",\"current\":" REF(
             "Money") ","
                      "\""
                      "re"
                      "ve"
                      "nu"
                      "e"
                      "\""
                      ":" REF("Money") ",\"why\":" LIST_OF(REF(
                          "Why"))) ",\"tier\":" OBJECT("\"assigned\":" TEXT_OR_NULL ",\"live\":" TEXT_OR_NULL
                                                       ",\"rank\":" NUMBER_OR_NULL ",\"of\":" NUMBER
                                                       ",\"key\":" OR_NULL(REF(
                                                           "Money")) ",\"basis\":" TEXT ",\"window\":" TEXT
                                                                     ",\"since\":" TEXT_OR_NULL
                                                                     ",\"pinned\":" BOOL
                                                                     ",\"poor_credit\":" BOOL ",\"next\":"
                                                                     "{\"type\":[\"object\",\"null\"]},"
                                                                     "\"why\":" LIST_OF(
                                                                         REF("Why"))) ",\"lifecycle\""
                                                                                      ":" OBJECT("\"stage\""
                                                                                                 ":" TEXT_OR_NULL
                                                                                                 ",\"since\""
                                                                                                 ":" TEXT_OR_NULL
                                                                                                 ",\"rule\""
                                                                                                 ":" TEXT_OR_NULL
                                                                                                 ",\"next_"
                                                                                                 "change\""
                                                                                                 ":" TEXT_OR_NULL
                                                                                                 ",\"why\""
                                                                                                 ":" LIST_OF(REF(
                                                                                                     "Why"))) ",\"rfm\":{"
                                                                                                              "\"type\":["
                                                                                                              "\"object\","
                                                                                                              "\"null\"]},"
                                                                                                              "\"purchases\""
                                                                                                              ":" OBJECT(
                                                                                                                  "\"c"
                                                                                                                  "oun"
                                                                                                                  "t\""
                                                                                                                  ":" NUMBER
                                                                                                                  ",\""
                                                                                                                  "fir"
                                                                                                                  "st_"
                                                                                                                  "at"
                                                                                                                  "\""
                                                                                                                  ":" TEXT_OR_NULL
                                                                                                                  ",\""
                                                                                                                  "las"
                                                                                                                  "t_"
                                                                                                                  "at"
                                                                                                                  "\""
                                                                                                                  ":" TEXT_OR_NULL
                                                                                                                  ",\""
                                                                                                                  "mea"
                                                                                                                  "n_"
                                                                                                                  "int"
                                                                                                                  "erv"
                                                                                                                  "al_"
                                                                                                                  "day"
                                                                                                                  "s\""
                                                                                                                  ":{"
                                                                                                                  "\"t"
                                                                                                                  "ype"
                                                                                                                  "\":"
                                                                                                                  "[\""
                                                                                                                  "num"
                                                                                                                  "ber"
                                                                                                                  "\","
                                                                                                                  "\"n"
                                                                                                                  "ull"
                                                                                                                  "\"]"
                                                                                                                  "},"
                                                                                                                  "\"l"
                                                                                                                  "ast"
                                                                                                                  "4\""
                                                                                                                  ":" LIST_OF(
                                                                                                                      TEXT)) ",\"returns\":" OBJECT("\"count\":" NUMBER
                                                                                                                                                    ",\"amount\":" REF(
                                                                                                                                                        "Money")) ",\"last_interaction_at\":" TEXT_OR_NULL)},
    {"Timeline",
     OBJECT("\"items\":" LIST_OF(OBJECT(
         "\"kind\":" TEXT ",\"id\":" NUMBER ",\"at\":" TEXT_OR_NULL ",\"title\":" TEXT_OR_NULL
         ",\"amount\":" OR_NULL(REF("Money")) ",\"status\":" TEXT_OR_NULL ",\"direction\":" TEXT_OR_NULL
                                              ",\"subtype\":" TEXT_OR_NULL
                                              ",\"detail\":" TEXT_OR_NULL)) ",\"next\":" TEXT_OR_NULL)},
    {"Board", OBJECT("\"by\":" TEXT ",\"columns\":" LIST_OF(OBJECT("\"value\":{},\"filter\":" TEXT
                                                                    ",\"page\":" ANY_OBJECT)))},
    {"Tiers",
     OBJECT("\"as_of\":" REF(
         "AsOf") ",\"currency\":" TEXT ",\"basis\":" TEXT ",\"window\":" TEXT ",\"ranked\":" NUMBER
                 ",\"advice\":" OR_NULL(REF("Label")) ",\"notice\":" OR_NULL(REF("Label")) ",\"levels\":" LIST_OF(
                     OBJECT("\"tier\":" TEXT ",\"label\":" REF(
                         "Label") ",\"count\":" NUMBER ",\"assigned\":" NUMBER
                                  ",\"value\":" REF("Money") ",\"revenue\":" REF(
                                      "Money") ",\"share_bp\":" NUMBER_OR_NULL
                                               ",\"threshold\":" OR_NULL(
                                                   REF("Money")))) ",\"outside\":" NUMBER
                                                                   ",\"poor_credit\":" NUMBER
                                                                   ",\"pinned\":" NUMBER
                                                                   ",\"concentration\":" ANY_OBJECT
                                                                   ",\"by_stage\":" LIST_OF(OBJECT(
                                                                       "\"tier\":" TEXT ",\"stage\":" TEXT
                                                                       ",\"count\":" NUMBER)))},
    {"Rfm",
     OBJECT("\"cuts\":{\"type\":[\"object\",\"null\"]},\"population\":" NUMBER
            ",\"summary\":{\"type\":[\"object\",\"null\"]},\"groups\":" LIST_OF(
                ANY_OBJECT) ",\"groups_zh\":" LIST_OF(ANY_OBJECT) ",\"cells\":" LIST_OF(OBJECT("\"r\""
                                                                                               ":" NUMBER
                                                                                               ",\"f\""
                                                                                               ":" NUMBER
                                                                                               ",\"m\""
                                                                                               ":" NUMBER
                                                                                               ",\"count\""
                                                                                               ":" NUMBER)))},
    {"History",
     OBJECT("\"items\":" LIST_OF(OBJECT(
         "\"seq\":" NUMBER ",\"at\":" TEXT ",\"actor\":" OR_NULL(REF("Reference")) ",\"door\":" TEXT
         ",\"kind\":" TEXT ",\"operation\":" NUMBER ",\"bulk\":" OR_NULL(
             OBJECT("\"kind\":" TEXT ",\"label\":" TEXT)) ",\"undone_by\":" NUMBER_OR_NULL
         ",\"fields\":" LIST_OF(OBJECT(
             "\"field\":" TEXT ",\"before\":{},\"after\":{},\"erased\":" BOOL)))) ",\"next\":" NUMBER_OR_NULL)},
    {"Audit",
     OBJECT("\"items\":" LIST_OF(OBJECT(
         "\"seq\":" NUMBER ",\"at\":" TEXT ",\"actor\":" OR_NULL(REF("Reference")) ",\"door\":" TEXT
         ",\"kind\":" TEXT ",\"operation\":" NUMBER ",\"object\":" TEXT_OR_NULL ",\"record\":" OR_NULL(
             REF("Reference")) ",\"fields\":" LIST_OF(TEXT) ",\"bulk\":" OR_NULL(ANY_OBJECT)
         ",\"event\":" OR_NULL(ANY_OBJECT) ",\"undone_by\":" NUMBER_OR_NULL)) ",\"next\":" NUMBER_OR_NULL)},
    {"Reference", OBJECT("\"id\":" NUMBER ",\"title\":" TEXT_OR_NULL)},
    {"UndoRequest", CLOSED("", "\"dry_run\":" BOOL)},
    {"Undo",
     OBJECT("\"operation\":" NUMBER_OR_NULL ",\"undoes\":" NUMBER ",\"records\":" NUMBER ",\"fields\":" NUMBER
            ",\"binned\":" NUMBER ",\"restored\":" NUMBER ",\"conflicts\":" LIST_OF(OBJECT(
                "\"object\":" TEXT ",\"id\":" NUMBER ",\"field\":" TEXT_OR_NULL ",\"why\":" TEXT
                ",\"detail\":" TEXT_OR_NULL)) ",\"more_conflicts\":" NUMBER ",\"job\":" NUMBER)},
    {"Bin",
     OBJECT("\"days\":" NUMBER ",\"items\":" LIST_OF(
         OBJECT("\"object\":" TEXT ",\"count\":" NUMBER ",\"capped\":" BOOL)))},
    {"BinList",
     OBJECT("\"items\":" LIST_OF(OBJECT(
         "\"id\":" NUMBER ",\"title\":" TEXT_OR_NULL ",\"rev\":" NUMBER ",\"deleted_at\":" TEXT
         ",\"deleted_by\":" OR_NULL(REF("Reference")) ",\"purge_at\":" TEXT)) ",\"next\":" TEXT_OR_NULL)},
    {"Job",
     OBJECT("\"id\":" NUMBER ",\"kind\":" TEXT ",\"label\":" REF("Label") ",\"subject\":" TEXT
            ",\"status\":" TEXT ",\"progress\":" OBJECT("\"done\":" NUMBER ",\"total\":" NUMBER)
            ",\"attempts\":" NUMBER ",\"cancel\":" BOOL ",\"actor\":" OR_NULL(REF("Reference"))
            ",\"run_at\":" TEXT ",\"created_at\":" TEXT ",\"started_at\":" TEXT_OR_NULL
            ",\"finished_at\":" TEXT_OR_NULL ",\"result\":" OR_NULL(ANY_OBJECT) ",\"error\":" TEXT_OR_NULL)},
    {"JobAdded", OBJECT("\"job\":" NUMBER)},
    {"Demo",
     OBJECT("\"loaded\":" OR_NULL(OBJECT("\"world\":" TEXT ",\"operation\":" NUMBER ",\"at\":" TEXT))
            ",\"own\":" BOOL ",\"job\":" NUMBER_OR_NULL ",\"worlds\":" LIST_OF(OBJECT(
                "\"name\":" TEXT ",\"label\":" REF("Label") ",\"about\":" REF("Label") ",\"alone\":" BOOL)))},
    {"DemoLoad", CLOSED("\"world\"", "\"world\":" TEXT ",\"with_own\":" BOOL)},
    {"Jobs", OBJECT("\"items\":" LIST_OF(REF("Job")) ",\"next\":" NUMBER_OR_NULL)},
    {"ImportAdd", CLOSED("\"object\",\"name\",\"size\"", "\"object\":" TEXT ",\"name\":" TEXT ",\"size\":" NUMBER)},
    {"Import", OBJECT("\"id\":" NUMBER ",\"object\":" TEXT ",\"name\":" TEXT ",\"size\":" NUMBER ",\"received\":" NUMBER
                      ",\"status\":" TEXT ",\"job\":" NUMBER_OR_NULL ",\"operation\":" NUMBER_OR_NULL ",\"counts\":{"
                      "\"anyOf\":[" ANY_OBJECT ",{\"type\":\"null\"}]},\"errors\":" BOOL ",\"created_at\":" TEXT)},
    {"Imports", OBJECT("\"items\":" LIST_OF(REF("Import")))},
    {"ImportOptions", "{\"type\":\"object\",\"properties\":{\"encoding\":" TEXT ",\"sheet\":" TEXT
                      ",\"header_row\":" NUMBER ",\"header_rows\":" NUMBER "}}"},
    {"ImportLook", OBJECT("\"file\":" ANY_OBJECT ",\"columns\":" LIST_OF(ANY_OBJECT) ",\"used_before\":" BOOL
                          ",\"map\":{},\"notes\":" TEXT)},
    {"ImportTry", "{\"type\":\"object\",\"required\":[\"map\"],\"properties\":{\"map\":" ANY_OBJECT ",\"edits\":" ANY_OBJECT
                  ",\"rows\":" NUMBER "}}"},
    {"ImportPreview", OBJECT("\"rows\":" LIST_OF(ANY_OBJECT) ",\"counts\":" ANY_OBJECT)},
    {"Notifications",
     OBJECT("\"items\":" LIST_OF(OBJECT(
         "\"id\":" NUMBER ",\"kind\":" TEXT ",\"object\":" TEXT_OR_NULL ",\"record\":" OR_NULL(REF("Reference"))
         ",\"job\":" TEXT_OR_NULL ",\"at\":" TEXT ",\"read\":" BOOL ",\"actor\":" OR_NULL(REF("Reference"))))
            ",\"next\":" NUMBER_OR_NULL ",\"unread\":" NUMBER)},
    {"NotificationsRead", CLOSED("", "\"id\":" NUMBER)},
    {"NotificationsSettings", CLOSED("\"muted\"", "\"muted\":" LIST_OF(TEXT))},
    {0}};
/* clang-format on */
