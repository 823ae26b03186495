#!/usr/bin/env python3
"""The program as its users run it: bad input, two processes on one directory, import while serving, the real data set."""
import datetime, gzip, json, os, subprocess, sys, time, urllib.parse, zoneinfo

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import DATA, Skip, check, has, main

CSV = "code,name,country\nA1,Anna,GB\nA2,王小明,CN\n"


def help_and_unknown_commands(w):
    code, out, _ = w.run("help")
    check(code == 0, "help exits 0")
    has(out, "serve", "import", "score")
    code, _, err = w.run("imprt")
    check(code != 0, "unknown command fails")
    has(err, "imprt", "import")
    code, _, err = w.run("import", "customer", "x.csv", "--dryrun")
    has(err, "--dryrun", "--dry-run")
    code, _, err = w.run("imprt", lang="zh_CN.UTF-8")
    has(err, "没有命令")
    for c in ("serve", "import", "query", "search", "score", "user", "settings", "rate", "schema", "demo", "check"):
        code, out, _ = w.run(c, "--help")
        check(code == 0 and "--data" in out, f"{c} --help names --data")


def import_files_that_cannot_be_read(w):
    d = ("--data", w.path("d"))
    code, _, err = w.run("import", "customer", w.path("none.csv"), *d)
    check(code != 0, "missing file fails")
    has(err, "none.csv", "Check the name")
    code, _, err = w.run("import", "customer", w.tmp, *d)
    check(code != 0, "a folder is no file")
    has(err, os.path.basename(w.tmp))
    empty = w.write("empty.csv", "")
    code, _, err = w.run("import", "customer", empty, *d)
    check(code != 0 and "empty.csv" in err + _, "an empty file says so: " + err)
    code, _, err = w.run("import", "custmer", w.write("a.csv", CSV), *d)
    check(code != 0, "unknown object")
    has(err, "custmer", "customer")


def import_with_a_column_that_is_not_there(w):
    f = w.write("a.csv", CSV)
    m = w.write("map.json", json.dumps({"objects": [{"object": "customer", "key": {"code": "code"}, "fields": {"name": "Nmae"}}]}))
    code, _, err = w.run("import", "customer", f, "--map", m, "--data", w.path("d"))
    check(code != 0, "fails")
    has(err, "Nmae", "name")


def import_rows_with_errors(w):
    f = w.write("orders.csv", "order,customer,date,net,currency\nO1,A1,2024-03-01,10.50,CNY\nO2,A1,2024-13-45,11,CNY\nO3,NOBODY,2024-03-02,12,CNY\n")
    d = ("--data", w.path("d"))
    check(w.run("import", "customer", w.write("a.csv", CSV), *d)[0] == 0, "customers go in")
    m = w.write("m.json", json.dumps({"objects": [{"object": "order", "key": {"code": "order"},
                "fields": {"customer": "customer", "ordered_at": "date", "net": "net", "currency": "currency"}}]}))
    code, out, err = w.run("import", "order", f, "--map", m, "--errors", w.path("bad.csv"), "--json", *d)
    r = json.loads(out)
    check(r["objects"]["order"]["created"] == 1, f"one order goes in: {out} {err}")
    check(r["failed"] + r["set_aside"] == 2, f"two rows do not: {out}")
    bad = open(w.path("bad.csv"), encoding="utf-8-sig").read()
    has(bad, "2024-13-45", "NOBODY", "2", "3")
    code, out, _ = w.run("query", "order", *d)
    check(out.count("\n") == 1, "only the good row is there")


def import_dry_run_and_again(w):
    f = w.write("a.csv", CSV)
    d = ("--data", w.path("d"))
    code, out, err = w.run("import", "customer", f, "--dry-run", "--json", *d)
    check(code == 0 and json.loads(out)["dry_run"] is True, err)
    check(w.run("query", "customer", *d)[1] == "", "nothing was written")
    w.run("import", "customer", f, *d)
    code, out, _ = w.run("import", "customer", f, "--json", *d)
    r = json.loads(out)["objects"]["customer"]
    check(r == {"created": 0, "updated": 0, "unchanged": 2}, f"the second time nothing changes: {r}")
    has(w.run("query", "customer", "country = 'CN'", "--fields", "name", *d)[1], "王小明")


def import_a_two_gigabyte_line(w):
    f = w.path("long.csv.gz")
    with gzip.open(f, "wb", compresslevel=1) as g:
        g.write(b"code,name\nA1,Anna\nA2,")
        block = b"a" * (1 << 20)
        for _ in range(2048):
            g.write(block)
    p = subprocess.Popen([w.program, "import", "customer", f, "--data", w.path("d")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                         env=dict(os.environ, GUANXI_LANG="en"), stdin=subprocess.DEVNULL)
    peak = 0
    while p.poll() is None:
        try:
            for line in open(f"/proc/{p.pid}/status"):
                if line.startswith("VmHWM"):
                    peak = max(peak, int(line.split()[1]) // 1024)
        except OSError:
            pass
        time.sleep(0.05)
    out, err = p.communicate()
    check(p.returncode != 0, "refused")
    has(err, "2")
    check(peak < 200, f"in bounded memory ({peak} MB)")


def second_serve_is_refused(w):
    s = w.serve("d")
    code, _, err = w.run("serve", "--data", w.path("d"), "--listen", "127.0.0.1:0")
    check(code != 0, "refused")
    has(err, str(s.p.pid), "already in use")
    check(s.call("GET", "/healthz")[0] == 200, "the first lives on")
    s.stop()
    check(s.p.returncode == 0, "stops cleanly")


def listening_elsewhere_is_refused(w):
    code, _, err = w.run("serve", "--data", w.path("d"), "--listen", "0.0.0.0:0")
    check(code != 0, "refused")
    has(err, "0.0.0.0", "loopback", "--lan", "--tls-cert", "--behind-proxy")


def import_while_serving(w):
    s = w.serve("d")
    code, out, err = w.run("import", "customer", w.write("a.csv", CSV), "--json", "--data", w.path("d"))
    check(code == 0, err)
    check(json.loads(out)["objects"]["customer"]["created"] == 2, out)
    st, _, body = s.call("GET", "/api/v1/customer?sort=name")
    check([x["name"] for x in body["items"]] == ["Anna", "王小明"], body)
    check(w.run("check", "--data", w.path("d"))[0] == 0, "check works beside the server")
    s.stop()


def bad_requests(w):
    s = w.serve("d")
    st, h, c = s.call("POST", "/api/v1/customer", {"name": "Anna", "country": "GB"})
    check(st == 201 and h["ETag"], f"{st} {c}")
    st, _, e = s.call("PATCH", f"/api/v1/customer/{c['id']}", {"name": "B"}, {"If-Match": '"99"'})
    check(st == 412 and e["detail"], f"stale ETag: {st} {e}")
    st, _, e = s.call("PATCH", f"/api/v1/customer/{c['id']}", {"name": "B"})
    check(st == 428, f"no If-Match: {st}")
    st, _, e = s.call("GET", "/api/v1/customer?filter=contry%20%3D%20%27GB%27")
    check(st == 422 or st == 400, f"unknown field: {st}")
    has(e["detail"], "contry", "country")
    try:
        st, _, e = s.call("POST", "/api/v1/customer", b'{"name":"' + b"x" * (11 << 20) + b'"}')
        check(st == 413, f"too large: {st}")
    except OSError:
        pass  # closed while we were sending: also a refusal
    st, _, e = s.call("POST", "/api/v1/customer", {"nmae": "x", "country": "Atlantis", "email": "no"})
    check(st == 422 and len(e["errors"]) >= 3, f"all field errors at once: {e}")
    st, _, e = s.call("GET", "/api/v1/customer/999999")
    check(st == 404, "unknown id")
    st, _, e = s.call("POST", "/api/v1/order", {"code": "O1", "customer": 999999, "net": {"amount": 100, "currency": "CNY"}})
    check(st == 422, f"unknown customer: {st} {e}")
    st, _, e = s.call("GET", "/api/v1/customer", auth=False)
    check(st == 401, "no credentials")
    st, _, e = s.call("POST", "/api/v1/session", {"email": s.email, "password": "wrong password"}, auth=False)
    check(st == 401, f"wrong password: {st}")
    st, h, e = s.call("POST", "/api/v1/session", {"email": s.email, "password": s.password}, auth=False)
    check(st == 200 and "HttpOnly" in h["Set-Cookie"] and e["csrf"], f"sign in: {st} {e}")
    check(s.call("GET", "/healthz")[0] == 200, "alive")
    s.stop()


def full_disk(w):
    mnt = w.path("small")
    os.makedirs(mnt)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", mnt], capture_output=True).returncode != 0:
        raise Skip("cannot mount a small file system here")
    try:
        s = w.serve("small/d")
        note = "x" * 60000
        seen = None
        for i in range(2000):
            st, _, e = s.call("POST", "/api/v1/customer", {"name": f"c{i}", "note": note})
            if st != 201:
                seen = (st, e)
                break
        check(seen and seen[0] in (507, 503), f"a full disk answers 507: {seen}")
        has(seen[1]["detail"].lower(), "disk")
        check(s.call("GET", "/api/v1/customer?limit=1")[0] == 200, "reading goes on")
        n = s.call("GET", "/api/v1/customer?limit=1&count=exact")[2]["total"]["count"]
        check(n == i, f"exactly the acknowledged ones are there: {n} of {i}")
        subprocess.run(["mount", "-o", "remount,size=64m", mnt], check=True)
        st = 0
        for _ in range(50):
            st = s.call("POST", "/api/v1/customer", {"name": "after"})[0]
            if st == 201:
                break
            time.sleep(0.1)
        check(st == 201, f"it recovers without a restart: {st}")
        s.stop()
        check(w.run("check", "--data", os.path.join(mnt, "d"))[0] == 0, "sound afterwards")
    finally:
        for x in w.servers:
            x.kill()
        subprocess.run(["umount", "-l", mnt])


def demo_in_and_out(w):
    t0 = time.monotonic()
    s = w.serve("d", "--demo")
    st, _, t = s.call("GET", "/api/v1/tiers")
    check(st == 200 and t["ranked"] > 1000, t)
    own = s.call("POST", "/api/v1/customer", {"name": "Own customer"})[2]
    n = s.call("GET", "/api/v1/customer?limit=1&count=exact")[2]["total"]["count"]
    check(n == 2001, f"2,000 demo customers and one of ours: {n}")
    check(s.call("GET", "/api/v1/order?limit=1&count=exact")[2]["total"]["count"] == 20000, "20,000 orders")
    check(w.run("score", "--verify", "--data", w.path("d"))[0] == 0, "state equals the facts")
    code, out, err = w.run("demo", "load", "--data", w.path("d"))
    check(code != 0, "demo data are not loaded twice")
    has(err, "one at a time")
    code, out, err = w.run("demo", "remove", "--data", w.path("d"))
    check(code == 0, err)
    n = s.call("GET", "/api/v1/customer?limit=9&count=exact")[2]
    check(n["total"]["count"] == 1 and n["items"][0]["id"] == own["id"], f"only ours stays: {n}")
    check(s.call("GET", "/api/v1/order?limit=1&count=exact")[2]["total"]["count"] == 0, "no order stays")
    check(w.run("score", "--verify", "--data", w.path("d"))[0] == 0, "and the state agrees")
    check(w.run("check", "--data", w.path("d"))[0] == 0, "and the chain is whole")
    code, out, err = w.run("demo", "load", "--data", w.path("d"))
    check(code != 0, "not mixed with own customers unasked")
    has(err, "--with-own")
    first = subprocess.Popen([w.program, "demo", "load", "--with-own", "--data", w.path("d")], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while s.call("GET", "/api/v1/customer?limit=1&count=exact")[2]["total"]["count"] < 10 and first.poll() is None:
        time.sleep(0.02)
    for verb in ("load", "remove"):
        code, out, err = w.run("demo", verb, "--data", w.path("d"))
        check(code != 0 and first.poll() is None, f"demo {verb} beside a load: {code} {out}")
        has(err, "right now")
    check(first.wait() == 0, "the first load comes to its end: " + first.stderr.read().decode())
    check(s.call("GET", "/api/v1/order?limit=1&count=exact")[2]["total"]["count"] == 20000, "20,000 orders again")
    s.stop()


def job_done(s, job):
    for _ in range(600):
        j = s.call("GET", f"/api/v1/jobs/{job}")[2]
        if j["status"] not in ("waiting", "running"):
            return j
        time.sleep(0.1)
    check(False, f"job {job} does not end: {j}")


def demo_worlds_by_route(w):
    """In and out as jobs, one at a time; the figures agree; what a removal leaves is what was there before."""
    s = w.serve("d")
    st, _, d = s.call("GET", "/api/v1/demo")
    check(st == 200 and d["loaded"] is None and d["own"] is False and d["job"] is None, d)
    names = [x["name"] for x in d["worlds"]]
    check(names[:2] == ["shop", "factory"], names)
    check(s.call("POST", "/api/v1/demo", {"world": "farm"})[0] == 422, "an unknown world")
    check(s.call("DELETE", "/api/v1/demo")[0] == 404, "nothing to remove")
    st, _, a = s.call("POST", "/api/v1/demo", {"world": "factory"})
    check(st == 202, a)
    st, _, p = s.call("POST", "/api/v1/demo", {"world": "shop"})
    check(st == 409, f"one at a time: {p}")
    j = job_done(s, a["job"])
    check(j["status"] == "done" and j["result"]["customers"] == 150, j)
    d = s.call("GET", "/api/v1/demo")[2]
    check(d["loaded"]["world"] == "factory" and d["job"] is None, d)
    check(s.call("POST", "/api/v1/demo", {"world": "shop"})[0] == 409, "the factory is there")
    n = s.call("GET", "/api/v1/opportunity?limit=1&count=exact")[2]["total"]["count"]
    check(n > 250, f"opportunities: {n}")
    check(w.run("score", "--verify", "--data", w.path("d"))[0] == 0, "state equals the facts")
    st, _, a = s.call("DELETE", "/api/v1/demo")
    j = job_done(s, a["job"])
    check(j["status"] == "done" and j["result"]["kept"] == 0, j)
    for o in ("customer", "contact", "order", "payment", "interaction", "opportunity", "visit", "product"):
        n = s.call("GET", f"/api/v1/{o}?limit=1&count=exact")[2]["total"]["count"]
        check(n == 0, f"{n} of {o} stay")
    s.call("POST", "/api/v1/customer", {"name": "Own customer"})
    st, _, p = s.call("POST", "/api/v1/demo", {"world": "factory"})
    check(st == 409 and p["code"] == "demo.not_empty", p)
    s.stop()
    s = w.serve("d", "--demo")
    check(s.call("GET", "/api/v1/demo")[2]["loaded"] is None, "own data: serve --demo loads nothing")
    s.stop()


def near(got, want, eps, what):
    check(abs(got - want) <= eps, f"{what}: {got}, expected {want}")


def rfm_of_the_real_year(s):
    """Means and medians under the clean rule, reference day 2011-12-10 (recency is told for today: the difference is whole days)."""
    r = s.call("GET", "/api/v1/rfm")[2]
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/London")).date()
    later = (today - datetime.date(2011, 12, 10)).days
    check(r["population"] == 4338, r["population"])
    rec, fre, mon = (r["summary"][k] for k in ("recency", "frequency", "monetary"))
    near(rec["mean"] - later, 93.0595, 0.0001, "mean recency")
    check(rec["median"] - later == 51 and rec["max"] - later == 374, f"recency {rec}, {later} days later")
    near(fre["mean"], 4.2720, 0.0001, "mean frequency")
    check(fre["median"] == 2 and fre["max"] == 209, fre)
    near(mon["mean"], 2054.2665, 0.0001, "mean monetary")
    near(mon["median"], 674.485, 0.0001, "median monetary")
    near(mon["max"], 280206.02, 0.0001, "largest monetary")


def five_customers_counted_by_hand(s):
    """Counted from the file with decimal arithmetic, each invoice rounded once to pence. London had no summer time in these months
    except for the last one's first purchase."""
    for code, n, bought, returns, given_back, first, last in (
            ("14646", 73, 28020602, 3, 71700, "2010-12-20T10:09:00Z", "2011-12-08T12:12:00Z"),
            ("12346", 1, 7718360, 1, 7718360, "2011-01-18T10:01:00Z", "2011-01-18T10:01:00Z"),
            ("17850", 34, 539121, 1, 10258, "2010-12-01T08:26:00Z", "2010-12-02T15:27:00Z"),
            ("12748", 209, 3371973, 14, 464763, "2010-12-01T12:48:00Z", "2011-12-09T12:20:00Z"),
            ("18287", 3, 183728, 0, 0, "2011-05-22T09:39:00Z", "2011-10-28T08:29:00Z")):
        c = s.call("GET", "/api/v1/customer?filter=" + urllib.parse.quote(f"code = '{code}'"))[2]["items"][0]
        k = s.call("GET", f"/api/v1/customer/{c['id']}/state")[2]
        got = (k["purchases"]["count"], k["rfm"]["monetary"]["amount"], k["returns"]["count"], k["returns"]["amount"]["amount"],
               k["purchases"]["first_at"], k["purchases"]["last_at"])
        check(got == (n, bought, returns, given_back, first, last), f"customer {code}: {got}")
        margin = round((bought - given_back) * 0.3)
        near(k["value"]["historical"]["amount"], margin, 1, f"margin of {code}")
        parts = sum(x.get("amount", 0) for x in k["value"]["why"])
        check(parts == k["value"]["historical"]["amount"], f"the parts of {code} add up: {parts}")


def a_real_year_of_orders(w):
    f = os.path.join(DATA, "ecommerce", "online_retail_2010-12_2011-12.csv.zst")
    if not os.path.exists(f):
        raise Skip("the data set is not here")
    d = ("--data", w.path("d"))
    check(w.run("settings", "base_currency=GBP", "zone=Europe/London", *d)[0] == 0, "settings")
    code, out, err = w.run("import", "order", f, "--yes", "--json", "--errors", w.path("bad.csv"), *d)
    check(code == 0, err)
    r = json.loads(out.strip().split("\n")[-1])
    check(r["rows"] == 541909 and r["set_aside"] == 135080 and r["failed"] == 0 and r["imported"] == 406829, r)
    check([x["rows"] for x in r["reasons"] if "customer" in x["reason"]] == [135080], r["reasons"])
    for name, n in (("customer", 4372), ("order", 18536), ("return", 3654), ("order_line", 406829)):
        check(r["objects"][name]["created"] == n, f"{name}: {r['objects'][name]}")
    s = w.serve("d")
    t = s.call("GET", "/api/v1/tiers")[2]
    check(t["ranked"] == 4338, t["ranked"])
    check([x["count"] for x in t["levels"]] == [43, 824, 1302, 2169], t["levels"])
    rfm_of_the_real_year(s)
    five_customers_counted_by_hand(s)
    code, out, err = w.run("score", "--verify", "--json", *d)
    check(code == 0 and json.loads(out)["differences"] == 0, out + err)
    check(w.run("check", *d)[0] == 0, "sound")
    s.stop()


main([help_and_unknown_commands, import_files_that_cannot_be_read, import_with_a_column_that_is_not_there, import_rows_with_errors,
      import_dry_run_and_again, import_a_two_gigabyte_line, second_serve_is_refused, listening_elsewhere_is_refused, import_while_serving,
      bad_requests, full_disk, demo_in_and_out, demo_worlds_by_route, a_real_year_of_orders])
