#!/usr/bin/env python3
"""The lint finds what it must and nothing else: each case is a small tree with one fault (or none) and the finding it must
give, as `file:line` and a part of the text. Run: tests/unit/lint_selftest.py"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINT = os.path.join(ROOT, "tools", "lint.py")


def function(lines):
    return "void\nf(void)\n{\n" + "    g();\n" * (lines - 2) + "}\n"


# name, {path: text}, expected findings [(place, part of the text)]; an empty list: the tree is clean
CASES = [
    # layers
    ("lower layer", {"src/db/a.c": '#include "core/str.h"\n#include "db/db.h"\n#include <stdio.h>\n'}, []),
    ("higher layer", {"src/core/a.c": '#include <stdio.h>\n#include "os/os.h"\n'}, [("src/core/a.c:2", "core may not include os")]),
    ("side by side", {"src/db/a.h": '#include "http/http.h"\n'}, [("src/db/a.h:1", "db may not include http")]),
    ("side by side, other way", {"src/http/a.c": '# include "db/db.h"\n'}, [("src/http/a.c:1", "http may not include db")]),
    ("top", {"src/model/a.c": '#include "app/app.h"\n'}, [("src/model/a.c:1", "model may not include app")]),
    ("generated header", {"src/record/a.c": '#include "sql_ids.h"\n'}, []),
    ("include in a comment", {"src/core/a.c": '/*\n * #include "os/os.h" is wrong\n */\n'}, []),
    ("dots", {"src/db/a.c": '#include "../core/str.h"\n'}, [("src/db/a.c:1", "name headers from src on")]),
    ("area inside", {"src/domain/order/a.c": '#include "domain/order/inner.h"\n#include "domain/customer/customer.h"\n'}, []),
    ("area of others", {"src/domain/order/a.c": '#include "domain/customer/store.h"\n'},
     [("src/domain/order/a.c:1", "areas meet through")]),
    ("sqlite3.h at home", {"src/db/a.c": "#include <sqlite3.h>\n"}, []),
    ("sqlite3.h abroad", {"src/record/a.c": "#include <sqlite3.h>\n"}, [("src/record/a.c:1", "src/db only")]),
    ("libpq-fe.h abroad", {"src/app/a.c": "#include <postgresql/libpq-fe.h>\n"}, [("src/app/a.c:1", "src/db only")]),
    ("microhttpd.h abroad", {"src/api/a.c": '#include "microhttpd.h"\n'}, [("src/api/a.c:1", "src/http only")]),
    # sizes
    ("file at the limit", {"src/core/a.c": "/* x */\n" * 1000}, []),
    ("file too long", {"src/core/a.c": "/* x */\n" * 1001}, [("src/core/a.c:1", "1001 lines")]),
    ("component too long", {"web/src/A.vue": "<p/>\n" * 1001}, [("web/src/A.vue:1", "1001 lines")]),
    ("function at the limit", {"src/core/a.c": function(80)}, []),
    ("function too long", {"src/core/a.c": "\n" + function(81)}, [("src/core/a.c:4", "function of 81 lines")]),
    ("long table", {"src/core/a.c": "static const int t[] = {\n" + "    1,\n" * 200 + "};\n"}, []),
    # banned functions
    ("sprintf", {"src/core/a.c": "void\nf(char *p)\n{\n    sprintf(p, \"x\");\n}\n"}, [("src/core/a.c:4", "sprintf is banned")]),
    ("atoi in a test", {"tests/unit/a.c": "int x(void)\n{\n    return atoi (\"1\");\n}\n"}, [("tests/unit/a.c:3", "atoi is banned")]),
    ("banned names elsewhere", {"src/core/a.c": '/* strcpy(a, b) */\nvoid\nf(struct s *s)\n{\n    s->rand(1);\n    my_atoi(1);\n    g("gets(x)");\n}\n'}, []),
    ("malloc in a room", {"src/api/a.c": "void\nf(void)\n{\n    g(malloc(3));\n}\n"}, [("src/api/a.c:4", "malloc is banned here")]),
    ("malloc at home", {"src/core/arena.c": "void\nf(void)\n{\n    g(malloc(3));\n}\n"}, []),
    ("clock abroad", {"src/record/a.c": "void\nf(void)\n{\n    g(time(NULL));\n}\n"}, [("src/record/a.c:4", "time is banned here")]),
    ("clock at home", {"src/os/a.c": "void\nf(void)\n{\n    clock_gettime(1, t);\n}\n"}, []),
    # SQL
    ("select", {"src/api/a.c": 'void\nf(void)\n{\n    g("SELECT 1");\n}\n'}, [("src/api/a.c:4", "SQL text in C")]),
    ("insert, split", {"src/api/a.c": 'void\nf(void)\n{\n    g("INSERT "\n      "INTO t VALUES (1)");\n}\n'}, [("src/api/a.c:4", "SQL text in C")]),
    ("small letters", {"src/api/a.c": 'void\nf(void)\n{\n    g("\\n delete from t");\n}\n'}, [("src/api/a.c:4", "SQL text in C")]),
    ("create", {"src/db/a.c": 'void\nf(void)\n{\n    g("CREATE TABLE t (a)");\n}\n'}, [("src/db/a.c:4", "SQL text in C")]),
    ("formatted", {"src/api/a.c": 'void\nf(void)\n{\n    g("a FROM %s WHERE");\n}\n'}, [("src/api/a.c:4", "with %s")]),
    ("no SQL", {"src/api/a.c": 'void\nf(void)\n{\n    g("DELETE", "DELETE /api/v1/x", "Delete the record", "Select a file", "INSERTED %s", "create the table first");\n}\n'}, []),
    ("builder", {"src/record/query.c": 'void\nf(void)\n{\n    g("SELECT %s FROM %s");\n}\n',
                 "src/model/ddl.c": 'void\nf(void)\n{\n    g("CREATE TABLE %s");\n}\n',
                 "src/expr/sqlb.c": 'void\nf(void)\n{\n    g("SELECT ");\n}\n'}, []),
    ("SQL in a comment", {"src/api/a.c": '/* "SELECT 1" */\n// "DELETE FROM t"\n'}, []),
    # mutable globals
    ("global", {"src/core/a.c": "int counter;\n"}, [("src/core/a.c:1", "mutable at file scope")]),
    ("static", {"src/core/a.c": "#include <a.h>\n\nstatic struct x y = {\n    .a = 1,\n};\n"}, [("src/core/a.c:3", "mutable at file scope")]),
    ("pointer to const", {"src/core/a.c": 'static const char *name = "x";\n'}, [("src/core/a.c:1", "mutable at file scope")]),
    ("array of pointers", {"src/core/a.c": 'const char *names[] = {"x"};\n'}, [("src/core/a.c:1", "mutable at file scope")]),
    ("function pointer", {"src/core/a.c": "static int (*hook)(int);\n"}, [("src/core/a.c:1", "mutable at file scope")]),
    ("anonymous struct", {"src/core/a.c": "static struct {\n    int a;\n} state;\n"}, [("src/core/a.c:1", "mutable at file scope")]),
    ("per thread", {"src/core/a.c": "static _Thread_local int depth;\n"}, [("src/core/a.c:1", "mutable at file scope")]),
    ("after a function", {"src/core/a.c": "void\nf(void)\n{\n    if (x) {\n    }\n}\n\nlong total = 0;\n"}, [("src/core/a.c:8", "mutable at file scope")]),
    ("static local", {"src/core/a.c": "int\nf(void)\n{\n    static int n;\n    return n++;\n}\n"}, [("src/core/a.c:4", "mutable static")]),
    ("main.c", {"src/app/main.c": "static int stopping;\n"}, []),
    ("constants and types", {"src/core/a.c": (
        "struct a;\nstruct b {\n    int x;\n};\nenum e { A, B };\ntypedef int (*fn)(int);\nextern const int z;\n"
        "int f(int (*cb)(void *), void *arg);\nstatic const int t[] = {1, 2};\nconst char *const names[] = {\"x\"};\n"
        "static int (*const table[])(int) = {0};\nstatic const struct {\n    int a;\n} rows[] = {{1}};\n"
        "_Static_assert(sizeof(int) == 4, \"int\");\n#define X(a) \\\n    int a;\n"
        "__attribute__((cold)) static void\ng(void)\n{\n    static const int n = 3;\n    static const char *const m[] = {\n"
        "        \"a\"};\n    h(n, m);\n}\n")}, []),
    # words
    ("word in texts", {"web/src/i18n/zh.ts": "export default {\n  a: '客户层级',\n}\n"}, [("web/src/i18n/zh.ts:2", "客户等级")]),
    ("word in a pack", {"packs/shop/pack.json": '{"label": "联系账户"}\n'}, [("packs/shop/pack.json:1", "账号")]),
    ("word in messages", {"src/core/messages.def": '\nX(A, INVALID, "a", "An agent.", "座席。")\n'}, [("src/core/messages.def:2", "坐席")]),
    ("influencer", {"packs/a/b.json": '["影响者"]\n'}, [("packs/a/b.json:1", "影响人")]),
    ("menu word", {"web/src/i18n/zh.ts": "  today: '今日',\n"}, [("web/src/i18n/zh.ts:1", "工作台")]),
    ("not a menu word", {"web/src/i18n/zh.ts": "  due: '今日到期',\n"}, []),
    ("word outside screens", {"src/core/a.c": "/* 层级 */\n", "docs/a.md": "层级\n"}, []),
]

NOTES = [
    ("long file", {"src/core/a.c": "/* x */\n" * 601}, "src/core/a.c:1: note: 601 lines"),
    ("long function", {"src/core/a.c": function(41)}, "src/core/a.c:3: note: function of 41 lines"),
]


def run(tree, *args):
    with tempfile.TemporaryDirectory() as root:
        for path, text in tree.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as f:
                f.write(text)
        shutil.copy(os.path.join(ROOT, ".clang-format"), root)
        done = subprocess.run([sys.executable, LINT, "--root", root, *args], capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr


def check_case(name, tree, expected):
    code, out, err = run(tree, "--no-format", "--no-notes")
    lines = out.splitlines()[:-1]  # the last is the summary
    if code != (1 if expected else 0) or err:
        return f"{name}: ended with {code}\n{out}{err}"
    if len(lines) != len(expected):
        return f"{name}: {len(expected)} findings expected\n{out}"
    for (place, part), line in zip(sorted(expected), lines):
        if not line.startswith(place + ": ") or part not in line:
            return f"{name}: expected {place} ... {part}\n{out}"
    return None


def check_notes(name, tree, expected):
    code, out, err = run(tree, "--no-format")
    return None if code == 0 and expected in out else f"{name}: ended with {code}\n{out}{err}"


def check_format():
    """Formatting is checked when the tool is there, and said to be left out when it is not."""
    good, bad = {"src/core/a.h": "int f(int a);\n"}, {"src/core/a.h": "int   f( int a ) ;\n"}
    if not shutil.which("clang-format"):
        code, out, _ = run(bad)
        return None if code == 0 and "formatting skipped" in out else f"format: {out}"
    first, second = run(good), run(bad)
    if first[0] != 0 or second[0] != 1 or "src/core/a.h:1: not formatted" not in second[1]:
        return f"format: {first} {second}"
    return None


def main():
    results = [check_case(*c) for c in CASES] + [check_notes(*n) for n in NOTES] + [check_format()]
    failed = [r for r in results if r]
    for text in failed:
        print("FAILED", text)
    print(f"lint self-test: {len(results)} cases, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
