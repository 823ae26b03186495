#!/usr/bin/env python3
"""kill -9 at random moments under API writers and an import (G1): nothing acknowledged is lost, no half order, chain and state verify.

usage: kill9.py PROGRAM [ROUNDS] [SEED]"""
import json, os, random, subprocess, sys, threading, time, urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli"))
from harness import World, check

WRITERS = 4


def writer(s, k, journal, stop):
    i = 0
    while not stop.is_set():
        i += 1
        code = f"W{k}-{time.monotonic_ns()}"
        try:
            st, _, c = s.call("POST", "/api/v1/customer", {"name": code, "code": code})
            if st != 201:
                continue
            journal.append(("customer", c["id"], code))
            st, _, o = s.call("POST", "/api/v1/order", {"code": code, "customer": c["id"], "net": {"amount": 1000 + i, "currency": "CNY"}})
            if st == 201:
                journal.append(("order", o["id"], code))
        except Exception:
            return  # the server died: what was not acknowledged may be lost


def one_round(w, rng, journal, csv):
    s = w.serve("d")
    lost = 0
    stop = threading.Event()
    threads = [threading.Thread(target=writer, args=(s, k, journal, stop)) for k in range(WRITERS)]
    imp = subprocess.Popen([w.program, "import", "order", csv, "--data", w.path("d"), "--json"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    for t in threads:
        t.start()
    time.sleep(rng.uniform(0.001, 0.5))
    s.kill()
    stop.set()
    for t in threads:
        t.join()
    imp.wait()


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20261122
    print(f"seed {seed}, {rounds} rounds")
    rng = random.Random(seed)
    w = World(program)
    passed = failed = 0
    try:
        rows = ["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"]
        for i in range(30000):
            rows.append(f"{500000 + i // 5},S{i % 97},Thing {i % 97},{1 + i % 7},2024-0{1 + i % 9}-1{i % 9} 10:00:00,{1 + i % 13}.25,{10000 + i % 700},United Kingdom")
        csv = w.write("orders.csv", "\n".join(rows) + "\n")
        journal = []
        for n in range(rounds):
            one_round(w, rng, journal, csv)
            s = w.serve("d")
            ok = True
            for obj, i, code in journal[-400:]:
                st, _, r = s.call("GET", f"/api/v1/{obj}/{i}")
                if st != 200 or r["code"] != code:
                    ok = False
                    print(f"round {n}: acknowledged {obj} {i} is lost")
            s.stop()
            for what in (("check",), ("score", "--verify")):
                code, out, err = w.run(*what, "--data", w.path("d"))
                if code:
                    ok = False
                    print(f"round {n}: {what}: {out}{err}")
            passed, failed = passed + ok, failed + (not ok)
        s = w.serve("d")
        for obj, i, code in journal:
            if s.call("GET", f"/api/v1/{obj}/{i}")[0] != 200:
                failed += 1
                print(f"at the end {obj} {i} is lost")
        # no half business action: every imported order has its lines' sum
        st, _, b = s.call("GET", "/api/v1/order?filter=line_count%20%3D%200%20and%20code%20starts%20with%20%275%27&limit=5")
        if st != 200 or b["items"]:
            failed += 1
            print(f"orders without lines: {st} {b}")
        s.stop()
        print(f"{len(journal)} acknowledged writes in the journal")
    finally:
        w.close()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or passed == 0 else 0)


main()
