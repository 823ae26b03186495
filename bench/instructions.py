#!/usr/bin/env python3
"""instructions.py - instructions per request (valgrind's callgrind) of Guanxi and of the bare control: the figure that does not depend
on what else the machine does. Each cell is measured by two runs with different numbers of requests; the difference counts.

usage: bench/instructions.py [--rows 100000] [--program build/guanxi]      needs valgrind, gcc, ./run --build-only"""
import argparse, csv, json, os, re, signal, subprocess, sys, tempfile, time, urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench

LOW, HIGH = 40, 240


def total(cmd, ready, requests):
    """Runs cmd under callgrind, calls requests(info) once it answers, ends it: instructions of the whole run."""
    log = tempfile.mktemp(prefix="callgrind-")
    p = subprocess.Popen(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-file=" + log, *cmd],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    info = ready(p)
    requests(info)
    p.send_signal(signal.SIGTERM)
    p.wait()
    m = re.search(r"Collected : (\d+)", open(log).read())
    os.unlink(log)
    return int(m.group(1))


def send(base, token, method, path, body=None):
    req = urllib.request.Request(base + path, data=body, method=method, headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    with urllib.request.urlopen(req) as r:
        r.read()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--rows", type=int, default=100000)
    ap.add_argument("--program", default=os.path.join(bench.ROOT, "build/guanxi"))
    a = ap.parse_args()
    tmp = tempfile.mkdtemp(prefix="guanxi-instr-")
    data = list(bench.rows(a.rows))
    path = os.path.join(tmp, "customers.csv")
    with open(path, "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["code", "name", "email", "phone", "city", "country", "note"])
        w.writerows(data)
    gdir = os.path.join(tmp, "data")
    subprocess.run([a.program, "import", "customer", path, "--data", gdir, "--yes", "--json"], check=True, stdout=subprocess.DEVNULL)
    cp, c = bench.start_control(tmp, data)
    cp.send_signal(signal.SIGTERM)
    cp.wait()

    def g_ready(p):
        r = os.path.join(tmp, "ready.json")
        while not os.path.exists(r):
            time.sleep(0.05)
        info = json.load(open(r))
        os.unlink(r)
        return info["url"].rstrip("/"), info["token"]

    def c_ready(p):
        p.stdout.readline()
        return "http://127.0.0.1:18099", ""

    g_cmd = [a.program, "serve", "--data", gdir, "--listen", "127.0.0.1:0", "--ready-file", os.path.join(tmp, "ready.json")]
    c_cmd = [os.path.join(bench.ROOT, ".cache/bench-control"), os.path.join(tmp, "control.db"), "18099"]
    f = "/api/v1/customer?filter=country%20%3D%20%27GB%27&"
    body = lambda i: json.dumps({"name": f"bench {time.monotonic_ns()}", "city": "Suzhou", "country": "GB", "phone": f"+861380000{i % 10000:04d}"}).encode()
    cells = [
        ("list 50, filter, total", "GET", lambda i: f + "sort=name&limit=50&fields=name,email,phone,city,country,note", lambda i: "/list", None),
        ("exact count, 25 %", "GET", lambda i: f + "limit=1&count=exact&fields=name", lambda i: "/count", None),
        ("read one", "GET", lambda i: f"/api/v1/customer/{i * 379 % a.rows + 1}", lambda i: f"/one?q={i * 379 % a.rows + 1}", None),
        ("search 2 Han characters", "GET", lambda i: "/api/v1/search?q=%E4%BA%91%E5%B8%86&object=customer&limit=20", lambda i: "/search?q=%E4%BA%91%E5%B8%86", None),
        ("durable create", "POST", lambda i: "/api/v1/customer", lambda i: "/create", body),
    ]
    print(f"{'cell':26} {'instructions':>13} {'control':>11} {'ratio':>6}")
    for name, method, gp, cpth, b in cells:
        figures = []
        for cmd, ready, pth in ((g_cmd, g_ready, gp), (c_cmd, c_ready, cpth)):
            runs = [total(cmd, ready, lambda info: [send(*info, method, pth(i), b(i) if b else None) for i in range(n)]) for n in (LOW, HIGH)]
            figures.append((runs[1] - runs[0]) / (HIGH - LOW))
        print(f"{name:26} {figures[0]:13,.0f} {figures[1]:11,.0f} {figures[0] / figures[1]:6.1f}", flush=True)


main()
