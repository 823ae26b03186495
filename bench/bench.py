#!/usr/bin/env python3
"""bench.py - CPU per request of Guanxi and of the bare control (C + SQLite + libmicrohttpd), interleaved in one run.

usage: bench/bench.py [--rows 100000] [--rounds 5] [--seconds 2] [--program build/guanxi] [--json FILE]
Needs: ./run --build-only, gcc, wrk. Prints a table; the figures of record stand in docs/performance.md.
CPU is user + system time of the whole server process (/proc/PID/stat) over the requests answered in a round; memory is the
resident set. Absolute times differ between machines: compare the ratios to the control of the same run."""
import argparse, csv, json, os, random, re, shutil, signal, sqlite3, statistics, subprocess, sys, tempfile, time, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TICK = os.sysconf("SC_CLK_TCK")
HAN = "云帆恒瑞海川博远众合鼎盛启明新科华信安泰德润嘉和金源顺达天宇东方瑞丰"
SURNAME = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"


def rows(n, seed=7):
    rng = random.Random(seed)
    countries = ["GB"] * 25 + ["CN"] * 25 + ["US"] * 25 + ["DE"] * 25
    for i in range(1, n + 1):
        if rng.random() < 0.3:
            name = (rng.choice(SURNAME) + "".join(rng.choices(HAN, k=2)) if rng.random() < 0.5
                    else "".join(rng.choices(HAN, k=4)) + "公司")
        else:
            name = rng.choice(["Anna", "John", "Maria", "Peter", "Laura"]) + " " + "".join(rng.choices("abcdefghijklmnoprstuvw", k=8)).title()
        yield [f"C{i:07d}", name, f"user{i}@example.com", f"+8613{rng.randrange(10**9):09d}", rng.choice(["Suzhou", "London", "Berlin", "Boston"]),
               countries[rng.randrange(100)], "note " * 20]


def terms(name):
    out = set(re.findall(r"[a-z0-9]+", name.lower()))
    han = [c for c in name if "\u4e00" <= c <= "\u9fff"]
    out |= set(han) | {a + b for a, b in zip(name, name[1:]) if a in han and b in han}
    return " ".join(out)


def cpu(pid):
    f = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(f[11]) + int(f[12])) / TICK


def rss_mb(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024


def wrk(url, seconds, lua, connections=16):
    cmd = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", lua, url]
    out = subprocess.run(cmd, capture_output=True, text=True).stdout
    done = int(re.search(r"(\d+) requests in", out).group(1))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    errors = re.search(r"Socket errors: (.*)", out)
    p95 = re.search(r"\s95%\s+([\d.]+)(us|ms|s)", out) or re.search(r"\s99%\s+([\d.]+)(us|ms|s)", out)
    return done, int(bad.group(1)) if bad else 0, errors.group(1) if errors else "", p95.group(0).strip() if p95 else ""


def lua_file(path, text):
    open(path, "w").write(text)
    return path


class Server:
    def __init__(self, pid, base):
        self.pid, self.base = pid, base


def start_control(tmp, data):
    db = os.path.join(tmp, "control.db")
    c = sqlite3.connect(db)
    c.executescript("create table customer(id integer primary key,name text,email text,phone text,city text,country text,note text) strict;")
    c.executemany("insert into customer(name,email,phone,city,country,note) values(?,?,?,?,?,?)", ([r[1], *r[2:]] for r in data))
    c.executescript("create index a on customer(country,name,id); create index b on customer(name,id);"
                    "create virtual table fts using fts5(t, content='', detail=none);")
    c.executemany("insert into fts(rowid,t) values(?,?)", ((i + 1, terms(r[1])) for i, r in enumerate(data)))
    c.commit()
    c.close()
    sq = os.path.join(ROOT, ".cache/deps/node_modules/better-sqlite3/deps/sqlite3")
    exe = os.path.join(ROOT, ".cache/bench-control")
    src = os.path.join(ROOT, "bench/control.c")
    if not os.path.exists(exe) or os.path.getmtime(exe) < os.path.getmtime(src):
        subprocess.run(["gcc", "-O2", "-w", "-DSQLITE_ENABLE_FTS5", "-DSQLITE_THREADSAFE=2", "-I" + sq, src, sq + "/sqlite3.c", "-o", exe,
                        "-lmicrohttpd", "-lpthread", "-lm", "-ldl"], check=True)
    p = subprocess.Popen([exe, db, "18099"], stdout=subprocess.PIPE)
    p.stdout.readline()
    return p, Server(p.pid, "http://127.0.0.1:18099")


def start_guanxi(program, data_dir, tmp):
    ready = os.path.join(tmp, "ready.json")
    if os.path.exists(ready):
        os.unlink(ready)
    t0 = time.monotonic()
    p = subprocess.Popen([program, "serve", "--data", data_dir, "--listen", "127.0.0.1:0", "--ready-file", ready], stdout=subprocess.DEVNULL)
    while not os.path.exists(ready):
        time.sleep(0.001)
        if p.poll() is not None:
            sys.exit("guanxi did not start")
    cold = time.monotonic() - t0
    info = json.load(open(ready))
    return p, Server(p.pid, info["url"].rstrip("/")), info["token"], cold


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--rows", type=int, default=100000)
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--seconds", type=int, default=2)
    ap.add_argument("--program", default=os.path.join(ROOT, "build/guanxi"))
    ap.add_argument("--json")
    a = ap.parse_args()
    if not shutil.which("wrk"):
        sys.exit("bench needs wrk: apt-get install wrk")
    tmp = tempfile.mkdtemp(prefix="guanxi-bench-")
    data = list(rows(a.rows))
    path = os.path.join(tmp, "customers.csv")
    with open(path, "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["code", "name", "email", "phone", "city", "country", "note"])
        w.writerows(data)
    gdir = os.path.join(tmp, "data")
    p, g, token, cold_empty = start_guanxi(a.program, gdir, tmp)
    idle = rss_mb(g.pid)
    c0, t0 = cpu(g.pid), time.monotonic()
    out = subprocess.run([a.program, "import", "customer", path, "--data", gdir, "--yes", "--json"], capture_output=True, text=True)
    import_cpu, import_wall = cpu(g.pid) - c0, time.monotonic() - t0
    result = {"rows": a.rows, "import_cpu_s": round(import_cpu, 2), "import_wall_s": round(import_wall, 2), "idle_mb": round(idle, 1)}
    print(out.stdout.strip()[:300], out.stderr.strip()[:300])
    p.send_signal(signal.SIGTERM)
    p.wait()
    p, g, token, cold = start_guanxi(a.program, gdir, tmp)
    colds = [cold]
    cp, c = start_control(tmp, data)
    head = f'wrk.headers["Authorization"]="Bearer {token}"\n'
    post = head + 'wrk.method="POST"\nwrk.headers["Content-Type"]="application/json"\n'
    uniq = ('local n=0\nrequest=function() n=n+1 return wrk.format(nil,nil,nil,\'{"name":"bench \'..n..\'","city":"Suzhou","country":"GB","phone":"+861380000\'..'
            'string.format("%%04d",n%%10000)..\'"}\') end\n').replace("%%", "%")
    ids = 'local n=0\nrequest=function() n=(n*7919+13)%%%d return wrk.format(nil,"%s"..(n+1)) end\n'
    cells = [
        ("list 50, filter, total", "/api/v1/customer?filter=country%20%3D%20%27GB%27&sort=name&limit=50&fields=name,email,phone,city,country,note", head, "/list", ""),
        ("exact count, 25 %", "/api/v1/customer?filter=country%20%3D%20%27GB%27&limit=1&count=exact&fields=name", head, "/count", ""),
        ("read one", "/", head + ids % (a.rows, "/api/v1/customer/"), "/", ids % (a.rows, "/one?q=")),
        ("search 2 Han characters", "/api/v1/search?q=%E4%BA%91%E5%B8%86&object=customer&limit=20", head, "/search?q=%E4%BA%91%E5%B8%86", ""),
        ("durable create", "/api/v1/customer", post + uniq, "/create", 'wrk.method="POST"\nwrk.body="bench"\n'),
    ]
    table = {}
    for rnd in range(a.rounds):
        for name, gp, glua, cpth, clua in cells:
            for who, s, pth, lua in (("guanxi", g, gp, glua), ("control", c, cpth, clua)):
                f = lua_file(os.path.join(tmp, "x.lua"), lua)
                c0 = cpu(s.pid)
                done, bad, errors, p99 = wrk(s.base + pth, a.seconds, f)
                used = cpu(s.pid) - c0
                table.setdefault((name, who), []).append((1000 * used / max(done, 1), done / a.seconds, bad, errors, p99))
    result["memory_mb"] = round(rss_mb(g.pid), 1)
    print(f"{'cell':26} {'CPU ms/req':>10} {'control':>8} {'ratio':>6} {'req/s':>8} {'bad':>4}  p99")
    for name, *_ in cells:
        m = statistics.median(x[0] for x in table[(name, "guanxi")])
        k = statistics.median(x[0] for x in table[(name, "control")])
        r = statistics.median(x[1] for x in table[(name, "guanxi")])
        bad = sum(x[2] for x in table[(name, "guanxi")]) + sum(x[2] for x in table[(name, "control")])
        print(f"{name:26} {m:10.3f} {k:8.3f} {m / max(k, 1e-9):6.1f} {r:8.0f} {bad:4d}  {table[(name, 'guanxi')][-1][4]}")
        result[name] = {"ms": round(m, 4), "control_ms": round(k, 4), "rps": round(r), "bad": bad}
    p.send_signal(signal.SIGTERM)
    p.wait()
    for _ in range(5):
        p, g, token, cold = start_guanxi(a.program, gdir, tmp)
        colds.append(cold)
        p.send_signal(signal.SIGTERM)
        p.wait()
    cp.send_signal(signal.SIGTERM)
    result["cold_start_s"] = round(statistics.median(colds), 3)
    print({k: v for k, v in result.items() if not isinstance(v, dict)})
    if a.json:
        json.dump(result, open(a.json, "w"), indent=1)
    shutil.rmtree(tmp)


if __name__ == "__main__":
    main()
