#!/usr/bin/env python3
"""search.py - CPU per search, by kind of query, over customers with names as in bench.py.

usage: bench/search.py [--rows 100000] [--times 300] [--program build/guanxi] [--data DIR]
CPU is user + system time of the server process over the requests of a row (one connection, one after another). With --data the folder is
kept and used again."""
import argparse, csv, http.client, json, os, signal, subprocess, sys, tempfile, time, urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench

QUERIES = [
    ("one Han character", "云"), ("two Han characters", "云帆"), ("in many names", "公司"), ("four Han characters", "云帆公司"), ("pinyin", "yunfan"),
    ("pinyin, begun", "zhangy"), ("two letters", "zh"), ("initials", "yfgs"), ("mixed", "张y"), ("Latin word", "anna"), ("two words", "anna ab"),
    ("typing error", "petre"), ("end of a phone", "5678"), ("middle of a phone", "13455"), ("whole phone", "+8613812345678"), ("code", "C0012345"), ("nothing", "qqqqzzzz"),
]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--rows", type=int, default=100000)
    ap.add_argument("--times", type=int, default=300)
    ap.add_argument("--program", default=os.path.join(bench.ROOT, "build/guanxi"))
    ap.add_argument("--data")
    a = ap.parse_args()
    tmp = tempfile.mkdtemp(prefix="guanxi-search-")
    data = a.data or os.path.join(tmp, "data")
    if not os.path.exists(data):
        path = os.path.join(tmp, "customers.csv")
        with open(path, "w", newline="") as f:
            w = csv.writer(f)
            w.writerow(["code", "name", "email", "phone", "city", "country", "note"])
            w.writerows(bench.rows(a.rows))
        subprocess.run([a.program, "import", "customer", path, "--data", data, "--yes", "--json"], check=True, stdout=subprocess.DEVNULL)
    ready = os.path.join(tmp, "ready.json")
    p = subprocess.Popen([a.program, "serve", "--data", data, "--listen", "127.0.0.1:0", "--ready-file", ready], stdout=subprocess.DEVNULL)
    while not os.path.exists(ready):
        time.sleep(0.05)
    info = json.load(open(ready))
    c = http.client.HTTPConnection(urllib.parse.urlparse(info["url"]).netloc)
    print(f"{'query':22} {'CPU ms':>7} {'hits':>6}  first")
    for name, q in QUERIES:
        for where in ("&object=customer", ""):
            path = "/api/v1/search?limit=20&q=" + urllib.parse.quote(q) + where
            for i in range(a.times + 20):
                if i == 20:
                    begun = bench.cpu(p.pid)
                c.request("GET", path, headers={"Authorization": "Bearer " + info["token"]})
                body = json.loads(c.getresponse().read())
            used = (bench.cpu(p.pid) - begun) / a.times * 1000
            count = sum(g["count"] for g in body["groups"])
            first = body["items"][0]["title"] + " (" + body["items"][0]["how"] + ")" if body["items"] else ""
            print(f"{name + (', all' if not where else ''):22} {used:7.3f} {count:6}  {first}", flush=True)
    p.send_signal(signal.SIGTERM)
    p.wait()


main()
