#!/usr/bin/env python3
"""Checks the rules a compiler does not know: layers, sizes, banned functions, where SQL and library headers may stand,
mutable globals, words the screens avoid, formatting. Prints `file:line: text` and ends with 1 when there are findings;
soft limits are printed as notes and do not fail. Needs nothing but Python; ./test calls it.

  tools/lint.py [--root DIR] [--no-format] [--no-notes]
"""
import argparse
import os
import re
import shutil
import subprocess
import sys

# Layers: a file includes its own and those before it. db and http stand side by side and do not know each other.
LAYERS = [["core"], ["os"], ["db", "http"], ["model"], ["expr"], ["record"], ["domain"], ["api"], ["app"]]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}

FILE_SOFT, FILE_HARD = 600, 1000  # lines
FUNCTION_SOFT, FUNCTION_HARD = 40, 80  # lines from brace to brace

LIBRARY_HEADERS = {"sqlite3.h": "db", "libpq-fe.h": "db", "microhttpd.h": "http", "curl.h": "os", "ssl.h": "http", "x509v3.h": "http", "qrencode.h": "api"}

# function: what to use. Everywhere in src and tests.
BANNED = {
    "sprintf": "snprintf or strbuf_addf", "vsprintf": "vsnprintf", "strcpy": "arena_strdup or memcpy",
    "strcat": "strbuf", "strncpy": "memcpy with a checked length", "strncat": "strbuf", "stpcpy": "strbuf",
    "gets": "os_read_file", "atoi": "strv_i64", "atol": "strv_i64", "atoll": "strv_i64", "atof": "decimal_parse",
    "strtok": "strv_cut", "strtok_r": "strv_cut", "localtime": "core/dates.h", "localtime_r": "core/dates.h",
    "gmtime": "core/dates.h", "gmtime_r": "core/dates.h", "mktime": "core/dates.h", "ctime": "core/dates.h",
    "asctime": "core/dates.h", "strftime": "core/dates.h", "rand": "os_random or rng_next", "srand": "struct rng",
    "random": "os_random or rng_next", "drand48": "rng_unit", "alloca": "the arena", "tmpnam": "mkdtemp",
    "mktemp": "mkdtemp", "tempnam": "mkdtemp",
}
# In src only, with the place where they may stand.
BANNED_SRC = {
    "malloc": ("xmalloc or the arena", "src/core/arena.c"), "calloc": ("xcalloc or the arena", "src/core/arena.c"),
    "realloc": ("xrealloc", "src/core/arena.c"), "strdup": ("xstrdup or arena_strdup", ""),
    "strndup": ("arena_strdup", ""), "asprintf": ("arena_printf", ""), "vasprintf": ("arena_printf", ""),
    "system": ("no shell at all", ""), "popen": ("no shell at all", ""),
    "time": ("ctx->now", "src/os/"), "gettimeofday": ("ctx->now or os_mono_us", "src/os/"),
    "clock_gettime": ("ctx->now or os_mono_us", "src/os/"),
}

# SQL texts stand in .sql files; these build statements from catalogue names and bound values.
SQL_BUILDERS = {"src/record/query.c", "src/model/ddl.c", "src/expr/sqlb.c"}
SQL_START = re.compile(
    r"\s*(?:(?:SELECT|INSERT|UPDATE|DELETE|CREATE)\s+[^/\s]|(?:SELECT|INSERT|UPDATE|DELETE|CREATE)\s+$"
    r"|(?i:select\b.*\bfrom\b|insert\s+into\b|insert\s+or\b|update\s+\S+\s+set\b|delete\s+from\b"
    r"|create\s+(?:unique\s+|temp\s+|virtual\s+)*(?:table|index|trigger|view)\b))", re.S)
SQL_FORMATTED = re.compile(r"\b(?:FROM|INTO|WHERE|VALUES|JOIN|ORDER BY|TABLE|ON CONFLICT)\b.*%[-0-9.*]*s", re.S)

GLOBALS_ALLOWED = {"src/app/main.c"}

# Words the screens avoid: pattern, what to say. The table behind it is the project's glossary.
WORDS = [
    (re.compile("层级"), "层级: say 客户等级"),
    (re.compile("账户"), "账户: say 账号"),
    (re.compile("座席"), "座席: say 坐席"),
    (re.compile("影响者"), "影响者: say 影响人"),
    (re.compile("([\"'`>])今日([\"'`<])"), "今日 as a menu word: say 工作台"),
]

C_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|(?P<s>"(?:\\.|[^"\\\n])*")|(?P<c>\'(?:\\.|[^\'\\\n])*\')', re.S)


class Lint:
    def __init__(self, root):
        self.root = root
        self.findings = []
        self.notes = []

    def find(self, path, line, text):
        self.findings.append((path, line, text))

    def note(self, path, line, text):
        self.notes.append((path, line, text))


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def walk(root, tops, endings):
    """Paths below the tops, relative to root, with these endings, in order."""
    for top in tops:
        for folder, dirs, files in os.walk(os.path.join(root, top)):
            dirs[:] = sorted(d for d in dirs if d not in ("node_modules", "dist") and not d.startswith("."))
            for name in sorted(files):
                if name.endswith(endings):
                    yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def strip_c(text):
    """Code without comments and with empty strings, same lines; and the literals with their lines. Literals with only
    white space between are one, as for the compiler."""
    literals, last_end = [], -1

    def blank(m):
        nonlocal last_end
        token = m.group(0)
        if m.group("s") is not None:
            line = text.count("\n", 0, m.start()) + 1
            if last_end >= 0 and literals and not text[last_end:m.start()].strip():
                literals[-1] = (literals[-1][0], literals[-1][1] + token[1:-1])
            elif not re.search(r"^\s*#\s*include\b[^\n]*$", text[text.rfind("\n", 0, m.start()) + 1:m.start()]):
                literals.append((line, token[1:-1]))
            last_end = m.end()
            return '""'
        if m.group("c") is not None:
            return "' '"
        return "\n" * token.count("\n") or " "

    return C_TOKEN.sub(blank, text), literals


def unescape(s):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), s)


# --- one check each ---


def check_includes(lint, path, text):
    parts = path.split("/")
    if parts[0] != "src" or len(parts) < 3:
        return
    own = parts[1]
    for no, line in enumerate(text.splitlines(), 1):
        m = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if not m:
            continue
        target = m.group(2)
        home = LIBRARY_HEADERS.get(target.rsplit("/", 1)[-1])
        if home and own != home:
            lint.find(path, no, f"{target} may be included in src/{home} only")
        if m.group(1) == "<":
            continue
        if target.startswith("../") or "/../" in target:
            lint.find(path, no, f'"{target}": name headers from src on, not by ..')
        check_layer(lint, path, no, own, target)


def check_layer(lint, path, no, own, target):
    to = target.split("/")
    if len(to) < 2 or to[0] not in LEVEL or own not in LEVEL:
        return
    if to[0] != own and LEVEL[to[0]] >= LEVEL[own]:
        lint.find(path, no, f"{own} may not include {to[0]} ({target}): layers are "
                  + " < ".join("{" + ", ".join(r) + "}" if len(r) > 1 else r[0] for r in LAYERS))
    area = path.split("/")[2]
    if own == "domain" and to[0] == "domain" and len(to) > 2 and to[1] != area and "." not in area:
        if to[2] not in ("area.h", to[1] + ".h"):
            lint.find(path, no, f"{target}: areas meet through domain/{to[1]}/{to[1]}.h alone")


def check_sizes(lint, path, text):
    lines = text.splitlines()
    if len(lines) > FILE_HARD:
        lint.find(path, 1, f"{len(lines)} lines; the limit is {FILE_HARD}")
    elif len(lines) > FILE_SOFT:
        lint.note(path, 1, f"{len(lines)} lines; better below {FILE_SOFT}")
    if not path.endswith((".c", ".h")):
        return
    start = None
    for no, line in enumerate(lines, 1):
        if line.rstrip() == "{" or (start is None and re.match(r"\w[^=;]*\)\s*\{\s*$", line)):
            start = no
        elif start and line.rstrip() == "}":
            size = no - start + 1
            if size > FUNCTION_HARD:
                lint.find(path, start, f"function of {size} lines; the limit is {FUNCTION_HARD}")
            elif size > FUNCTION_SOFT:
                lint.note(path, start, f"function of {size} lines; better below {FUNCTION_SOFT}")
            start = None


def check_banned(lint, path, code):
    for m in re.finditer(r"(?<![\w.>])(\w+)\s*\(", code):
        name, no = m.group(1), code.count("\n", 0, m.start()) + 1
        if name in BANNED:
            lint.find(path, no, f"{name} is banned: use {BANNED[name]}")
        elif name in BANNED_SRC and path.startswith("src/"):
            use, place = BANNED_SRC[name]
            if not (place and path.startswith(place)):
                lint.find(path, no, f"{name} is banned here: use {use}")


def check_sql(lint, path, literals):
    if not path.startswith("src/") or not path.endswith(".c") or path in SQL_BUILDERS:
        return
    for no, text in literals:
        text = unescape(text)
        if SQL_FORMATTED.search(text):
            lint.find(path, no, "SQL put together with %s: bind values, take names from the builder")
        elif SQL_START.match(text):
            lint.find(path, no, "SQL text in C: put it into a .sql file (one statement each)")


def top_level(code):
    """Statements outside all braces as (line, text) with {} for what braces hold; and lines of static locals."""
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", "", code, flags=re.M)
    depth, line, start, buf, out = 0, 1, None, [], []
    for ch in code:
        if ch == "\n":
            line += 1
        if depth == 0 and start is None and not ch.isspace():
            start = line
        if ch == "{":
            depth += 1
            if depth == 1:
                buf.append("{}")
        elif ch == "}":
            depth = max(0, depth - 1)
            text = "".join(buf)
            if depth == 0 and "=" not in text and re.search(r"\)\s*\{\}$", text):
                buf, start = [], None  # a function body ended
        elif depth == 0:
            buf.append(ch)
            if ch == ";":
                out.append((start, " ".join("".join(buf).split())))
                buf, start = [], None
    return out


def is_mutable(statement):
    """Whether a statement outside functions defines a variable that can change."""
    s = re.sub(r"__attribute__\s*\(\(.*?\)\)|__extension__|_Alignas\s*\([^)]*\)|alignas\s*\([^)]*\)", "", statement).strip()
    if re.match(r"(typedef|extern|_Static_assert|static_assert)\b", s) or s in (";", "{};"):
        return False
    if re.match(r"(struct|union|enum)\s*\w*\s*(\{\}\s*)?;", s) or not re.match(r"[A-Za-z_]", s):
        return False
    left = s.split("=", 1)[0].rstrip("; ")
    paren = left.find("(")
    if paren >= 0 and not left[paren + 1:].lstrip().startswith("*"):
        return False  # a prototype or a macro call
    if paren >= 0:
        return not re.match(r"\(\s*\*\s*const\b", left[paren:])
    after = left.rsplit("*", 1)[1] if "*" in left else left
    return not re.search(r"\bconst\b", after)


def check_globals(lint, path, code):
    if not path.startswith("src/") or path in GLOBALS_ALLOWED:
        return
    for no, statement in top_level(code):
        if is_mutable(statement):
            lint.find(path, no, f"mutable at file scope: {statement[:60]}")
    for no, line in enumerate(code.splitlines(), 1):
        if re.match(r"\s+static\s", line) and is_mutable(re.sub(r"\{.*", "{};", line.strip().rstrip(";") + ";")):
            lint.find(path, no, f"mutable static in a function: {line.strip()[:60]}")


def check_words(lint, path, text):
    for no, line in enumerate(text.splitlines(), 1):
        for pattern, say in WORDS:
            if pattern.search(line):
                lint.find(path, no, say)


def check_format(lint, files):
    tool = shutil.which("clang-format")
    if not tool:
        print("note: clang-format is not installed: formatting skipped")
        return
    if not files:
        return
    run = subprocess.run([tool, "--dry-run", "-Werror", *files], cwd=lint.root, capture_output=True, text=True)
    places = {}
    for line in run.stderr.splitlines():
        m = re.match(r"(.+?):(\d+):\d+: (?:error|warning): ", line)
        if m:
            places.setdefault(m.group(1), []).append(int(m.group(2)))
    for path, lines in places.items():
        lint.find(path, lines[0], f"not formatted in {len(lines)} places: run clang-format -i {path}")
    if run.returncode and not places:
        lint.find(".clang-format", 1, (run.stderr.strip() or "clang-format failed").splitlines()[0])


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    ap = argparse.ArgumentParser(description="Checks the project's own rules.")
    ap.add_argument("--root", default=here)
    ap.add_argument("--no-format", action="store_true")
    ap.add_argument("--no-notes", action="store_true")
    args = ap.parse_args()
    lint = Lint(args.root)
    c_files = list(walk(args.root, ["src", "tests", "bench"], (".c", ".h")))
    for path in c_files:
        text = read(os.path.join(args.root, path))
        code, literals = strip_c(text)
        check_includes(lint, path, text)
        check_sizes(lint, path, text)
        check_banned(lint, path, code)
        check_sql(lint, path, literals)
        check_globals(lint, path, code)
    for path in walk(args.root, ["web/src", "tools", "tests"], (".ts", ".vue", ".py")):
        check_sizes(lint, path, read(os.path.join(args.root, path)))
    texts = list(walk(args.root, ["web/src/i18n", "packs"], (".ts", ".js", ".json", ".md", ".csv")))
    messages = "src/core/messages.def"
    if os.path.exists(os.path.join(args.root, messages)):
        texts.append(messages)
    for path in texts:
        check_words(lint, path, read(os.path.join(args.root, path)))
    if not args.no_format:
        check_format(lint, c_files)
    report(lint, len(c_files), not args.no_notes)


def report(lint, count, with_notes):
    for path, line, text in sorted(set(lint.notes)) if with_notes else []:
        print(f"{path}:{line}: note: {text}")
    found = sorted(set(lint.findings))
    for path, line, text in found:
        print(f"{path}:{line}: {text}")
    print(f"lint: {count} C files, {len(found)} findings, {len(set(lint.notes))} notes")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
