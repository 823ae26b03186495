#!/usr/bin/env python3
"""Accounts over the network: first start, mail, invitation, forgotten password, one-time codes, sessions, and how long answers take.

  accounts.py PROGRAM [TEST ...] [--timing N]     N sign-ins of each kind for the timing test (S17: 1000; short: 60)
"""
import base64, glob, hashlib, hmac, http.cookiejar, json, math, os, re, statistics, struct, subprocess, sys, threading, time, urllib.error, urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import check, has, main
from smtp_sink import Sink

TIMING = 60
if "--timing" in sys.argv:
    at = sys.argv.index("--timing")
    TIMING = int(sys.argv[at + 1])
    del sys.argv[at:at + 2]


class Browser:
    """Keeps cookies and the CSRF token; call -> (status, body)."""

    def __init__(self, url):
        self.url, self.csrf = url, None
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def call(self, method, path, body=None, **headers):
        h = {"Accept-Language": "en", "Origin": self.url}
        if self.csrf:
            h["X-CSRF-Token"] = self.csrf
        if body is not None:
            h["Content-Type"] = "application/json"
        h.update({k.replace("_", "-"): v for k, v in headers.items()})
        req = urllib.request.Request(self.url + "/api/v1" + path, None if body is None else json.dumps(body).encode(), h, method=method)
        try:
            r = self.opener.open(req, timeout=60)
        except urllib.error.HTTPError as e:
            r = e
        text = r.read()
        data = json.loads(text) if text else None
        if r.status == 200 and isinstance(data, dict) and data.get("csrf"):
            self.csrf = data["csrf"]
        return r.status, data

    def sign_in(self, email, password, **more):
        return self.call("POST", "/session", {"email": email, "password": password, **more})


def totp(secret, at=None):
    key = base64.b32decode(secret)
    d = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    o = d[-1] & 15
    return f"{(struct.unpack('>I', d[o:o + 4])[0] & 0x7fffffff) % 10**6:06d}"


def stored(w, data):
    return b"".join(open(f, "rb").read() for f in glob.glob(w.path(data + "/guanxi.db*")))


def mail_on(s, sink):
    st, _, body = s.call("PATCH", "/api/v1/mail/settings", {"host": "127.0.0.1", "port": sink.port, "security": "none", "from": "crm@shop.example", "name": "懂客"})
    check(st == 200 and body["set"], str(body))


def link_of(mail, kind):
    text = mail[2].get_content()
    m = re.search(r"(https?://\S+)/" + kind + r"#(\S+)", text)
    check(m, f"a link of {kind} is in: {text}")
    return m.group(1), m.group(2)


def first_start(w):
    def start():
        p = subprocess.Popen([w.program, "serve", "--data", w.path("d"), "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, env=dict(os.environ, GUANXI_LANG="en"))
        out = ""
        while "Ctrl+C" not in out:
            line = p.stdout.readline()
            check(line or p.poll() is None, "it runs: " + out)
            out += line
        return p, out

    p, out = start()
    m = re.search(r"(http://127\.0\.0\.1:\d+)/setup#(\S+)", out)
    check(m and "password" not in out, "a link, and no password: " + out)
    b = Browser(m.group(1))
    st, form = b.call("GET", "/setup")
    check(st == 200 and [x["name"] for x in form["profiles"]] == ["shop", "sales", "course", "blank"], str(form))
    check([x["sample_there"] for x in form["profiles"]][0] is True, "the shop has a sample world")
    check(b.call("GET", "/welcome")[1]["setup"] is True, "the pages know")
    me = {"token": m.group(2), "name": "王芳", "email": "wang@firm.example", "password": "a good long sentence", "company": "芳芳贸易", "base_currency": "USD",
          "zone": "Europe/London", "lang": "en", "profile": "sales"}
    for change, status in (({"token": "wrong"}, 403), ({"password": "short"}, 422), ({"profile": "bakery"}, 422), ({"base_currency": "XXY"}, 422), ({"email": "nobody"}, 422)):
        st, body = b.call("POST", "/setup", {**me, **change})
        check(st == status, f"{change}: {st} {body}")
    st, _ = b.call("POST", "/setup", me, Origin="https://evil.example")
    check(st == 403, "a foreign page cannot")
    st, body = b.call("POST", "/setup", me)
    check(st == 200 and body["user"]["admin"], str(body))
    check(b.call("GET", "/session")[1]["user"]["email"] == "wang@firm.example", "signed in at once")
    schema = b.call("GET", "/schema")[1]
    check((schema["company"], schema["base_currency"], schema["zone"], schema["profile"]["name"]) == ("芳芳贸易", "USD", "Europe/London", "sales"), "settings are taken")
    check(schema["profile"]["words"]["interaction"]["label"]["zh-CN"] == "跟进", "words of the profile")
    for method in ("GET", "POST"):
        st, body = Browser(m.group(1)).call(method, "/setup", me if method == "POST" else None)
        check(st == 404 and body["code"] == "route.unknown", f"gone afterwards: {st} {body}")
    p.terminate()
    p.wait()
    p, out = start()
    check("/setup#" not in out and "wang@firm.example" in out, "the next start knows who is there: " + out)
    p.terminate()
    p.wait()


def logo(w):
    s = w.serve("d")
    png = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
    check(s.call("GET", "/api/v1/logo")[0] == 404, "none at first")
    for data, status in ((b"<svg onload='alert(1)'/>" * 9, 422), (b"GIF89a" + b"\0" * 60, 422), (png[:20], 422), (b"\x89PNG\r\n\x1a\n" + b"\0" * (256 * 1024), 422), (png, 204)):
        st, _, body = s.call("PUT", "/api/v1/logo", {"image": base64.b64encode(data).decode()})
        check(st == status, f"{data[:8]}: {st} {body}")
    st, _, body = s.call("GET", "/api/v1/welcome", auth=False)
    st, h, got = s.call("GET", body["logo"], auth=False, raw=True)
    check(st == 200 and got == png and h["Content-Type"] == "image/png" and h["X-Content-Type-Options"] == "nosniff", "as it was")
    check(s.call("DELETE", "/api/v1/logo")[0] == 204 and s.call("GET", "/api/v1/logo")[0] == 404, "gone")
    s.stop()


def mail_settings_and_bounces(w):
    sink = Sink()
    s = w.serve("d")  # without --mail-private
    mail_on(s, sink)
    st, _, r = s.call("POST", "/api/v1/mail/test", {"to": "a@b.example"})
    check(st == 200 and not r["sent"] and "private" in r["answer"] and not sink.commands, f"a mail server in the local network needs the server's word: {r}")
    s.stop()
    s = w.serve("d", "--mail-private")
    st, _, r = s.call("POST", "/api/v1/mail/test", {"to": "a@b.example"})
    check(st == 200 and r["sent"] and r["code"] == 250 and "kept" in r["answer"], str(r))
    mail = sink.mails[0]
    check(mail[0] == "crm@shop.example" and mail[1] == ["a@b.example"] and str(mail[2]["From"]) == "懂客 <crm@shop.example>", str(mail[2]))
    sink.refuse["gone@b.example"] = "550 5.1.1 no such user here"
    st, _, r = s.call("POST", "/api/v1/mail/test", {"to": "gone@b.example"})
    check(not r["sent"] and r["code"] == 550 and "no such user" in r["answer"], f"the bounce is shown: {r}")
    for to in ("a@b.example>\r\nRCPT TO:<evil@b.example", "a@b.example\r\nBcc: evil@b.example", "not an address", "a b@c.example"):
        st, _, r = s.call("POST", "/api/v1/mail/test", {"to": to})
        check(not r["sent"], f"{to!r} is not sent to: {r}")
    check(not any("evil" in c for c in sink.commands), "no injected line reaches the server")
    canary = "canary-" + os.urandom(9).hex()
    st, _, body = s.call("PATCH", "/api/v1/mail/settings", {"security": "starttls", "user": "crm", "password": canary})
    check(st == 200 and body["has_password"] and canary not in json.dumps(body), "taken, not shown")
    check(canary not in json.dumps(s.call("GET", "/api/v1/mail/settings")[2]), "nor later")
    check(canary not in json.dumps(s.call("GET", "/api/v1/settings")[2]) and canary not in s.output(), "nor elsewhere")
    st, _, r = s.call("POST", "/api/v1/mail/test", {"to": "a@b.example"})
    check(not r["sent"] and canary not in json.dumps(r) and not any("AUTH" in c for c in sink.commands), f"no TLS there: no password sent: {r}")
    st, _, body = s.call("PATCH", "/api/v1/mail/settings", {"security": "none"})
    check(st == 422 and body["errors"][0]["code"] == "mail.plain_user", "no password without encryption")
    st, _, body = s.call("PATCH", "/api/v1/mail/settings", {"host": "other.example"})
    check(st == 200 and not body["has_password"], "another server does not get the password of this one")
    for bad in ({"host": "a b"}, {"port": 0}, {"security": "maybe"}, {"from": "x"}, {"name": "a\nb"}, {"hst": "x"}):
        check(s.call("PATCH", "/api/v1/mail/settings", bad)[0] == 422, str(bad))
    s.stop()
    check(canary.encode() not in stored(w, "d"), "sealed in the database")
    check(os.stat(w.path("d/seal.key")).st_mode & 0o777 == 0o600, "the key is ours alone")
    sink.close()


def forgotten_password(w):
    sink = Sink()
    s = w.serve("d", "--mail-private", "--base-url", "http://crm.example:8300")
    mail_on(s, sink)
    email = s.email
    port = s.url.rsplit(":", 1)[1]
    session = Browser(s.url)
    check(session.sign_in(email, s.password)[0] == 200, "signed in")
    st1, _, known = s.call("POST", "/api/v1/password/forgot", {"email": email}, auth=False, raw=True)
    st2, _, unknown = s.call("POST", "/api/v1/password/forgot", {"email": "nobody@b.example"}, auth=False, raw=True)
    check((st1, known) == (st2, unknown) == (204, b""), "the same answer")
    base, token = link_of(sink.wait(1)[0], "reset")
    check(base == "http://crm.example:8300", "the configured address: " + base)
    time.sleep(1.5)
    check(len(sink.mails) == 1, "nobody gets no mail")
    check(token.encode() not in stored(w, "d"), "the link is not in the database")
    st, _, body = s.call("POST", "/api/v1/password/link", {"token": token}, auth=False)
    check(st == 200 and body == {"email": email, "name": body["name"], "invite": False}, str(body))
    st, _, body = s.call("POST", "/api/v1/password/reset", {"token": token, "password": "short"}, auth=False)
    check(st == 422 and body["errors"][0]["pointer"] == "/password", "a bad password does not use it up")
    st, _, body = s.call("POST", "/api/v1/password/reset", {"token": token, "password": "quite another sentence"}, auth=False)
    check(st == 200, str(body))
    check(session.call("GET", "/session")[0] == 401, "sessions have ended")
    check(Browser(s.url).sign_in(email, "quite another sentence")[0] == 200, "the new one works")
    st, _, body = s.call("POST", "/api/v1/password/reset", {"token": token, "password": "and one more sentence"}, auth=False)
    check(st == 422 and body["code"] == "link.bad", "once only")
    # every variant of a Host that the server takes gives the same link
    variants = [("Host", f"localhost:{port}"), ("Host", "127.0.0.1"), ("Host", "crm.example:8300"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example"),
                ("X-Forwarded-Proto", "https"), ("X-Original-Host", "evil.example"), ("X-Host", "evil.example"), ("X-Forwarded-Server", "evil.example"),
                ("X-Forwarded-Port", "99"), ("X-Rewrite-Url", "http://evil.example"), ("X-Original-Url", "//evil.example")]
    for i, (name, value) in enumerate(variants):
        who = f"m{i}@b.example"
        w.run("user", "add", who, "--data", w.path("d"))
        st, _, _ = s.call("POST", "/api/v1/password/forgot", {"email": who}, {name: value}, auth=False)
        check(st == 204, f"{name}: {value}: {st}")
    for value in ("evil.example", "evil.example:8300", "localhost.evil.example", "127.0.0.1.evil.example", "crm.example", "crm.example:8300@evil.example", "evil.example#localhost", "[::2]"):
        st, _, _ = s.call("POST", "/api/v1/password/forgot", {"email": "m0@b.example"}, {"Host": value}, auth=False)
        check(st == 400, f"Host: {value} is refused: {st}")
    mails = sink.wait(1 + len(variants), 20)
    check(len(mails) == 1 + len(variants), f"{len(mails)} mails")
    for m in mails:
        check("evil" not in m[2].get_content() and link_of(m, "reset")[0] == "http://crm.example:8300", "only the configured address")
    # a newer password makes an older link worthless; so does a member who left
    _, t0 = link_of([m for m in mails if m[1] == ["m0@b.example"]][0], "reset")
    w.run("user", "reset", "m0@b.example", "--data", w.path("d"))
    check(s.call("POST", "/api/v1/password/link", {"token": t0}, auth=False)[0] == 422, "bound to the password it was made for")
    _, t1 = link_of([m for m in mails if m[1] == ["m1@b.example"]][0], "reset")
    w.run("user", "disable", "m1@b.example", "--data", w.path("d"))
    check(s.call("POST", "/api/v1/password/link", {"token": t1}, auth=False)[0] == 422, "and to an active member")
    for _ in range(6):
        check(s.call("POST", "/api/v1/password/forgot", {"email": "m2@b.example"}, auth=False)[0] == 204, "no word about too many")
    time.sleep(2.5)
    check(sum(m[1] == ["m2@b.example"] for m in sink.mails) == 3, "three mails in a quarter of an hour are enough")
    s.stop()
    sink.close()


def mail_that_fails(w):
    sink = Sink()
    s = w.serve("d", "--mail-private")
    mail_on(s, sink)
    w.run("user", "add", "a@b.example", "--data", w.path("d"))
    sink.temporary = "451 4.7.1 later please"
    s.call("POST", "/api/v1/password/forgot", {"email": "a@b.example"}, auth=False)

    def row(status):
        for _ in range(100):
            items = s.call("GET", "/api/v1/mail")[2]["items"]
            if items and items[0]["status"] == status and items[0]["attempts"]:
                return items[0]
            time.sleep(0.1)
        raise AssertionError(f"never {status}: {items}")

    r = row("waiting")
    check(r["attempts"] == 1 and "451" in r["answer"] and r["run_at"] > r["created_at"], f"tried again later: {r}")
    sink.temporary = None
    sink.refuse["a@b.example"] = "550 5.2.1 box is closed"
    w.run("user", "add", "b@b.example", "--data", w.path("d"))
    sink.refuse["b@b.example"] = "550 5.2.1 box is closed"
    s.call("POST", "/api/v1/password/forgot", {"email": "b@b.example"}, auth=False)
    r = row("failed")
    check("box is closed" in r["answer"] and r["address"] == "b@b.example", f"given up, and the reason is shown: {r}")
    del sink.refuse["b@b.example"]
    check(s.call("POST", f"/api/v1/mail/{r['id']}/retry")[0] == 204, "again")
    row("sent")
    check(s.call("POST", f"/api/v1/mail/{r['id']}/retry")[0] == 404, "sent mail is not sent again")
    sink.stall = 60
    s.call("POST", "/api/v1/password/forgot", {"email": "b@b.example"}, auth=False)
    time.sleep(1.5)
    t0 = time.monotonic()
    check(s.call("GET", "/api/v1/customer")[0] == 200 and time.monotonic() - t0 < 1, "a mail server that stalls stalls nobody")
    t0 = time.monotonic()
    s.stop()
    check(s.p.returncode == 0 and time.monotonic() - t0 < 8, "nor the end of the program")
    sink.close()


def invitation(w):
    sink = Sink()
    s = w.serve("d", "--mail-private")
    st, _, body = s.call("POST", "/api/v1/invitation", {"name": "李雷", "email": "li@b.example"})
    check(st == 201 and not body["mailed"] and "/invite#" in body["link"], f"without a mail server the link is shown: {body}")
    mail_on(s, sink)
    st, _, body = s.call("POST", "/api/v1/invitation", {"user": body["user"]})
    check(st == 201 and body["mailed"] and body["link"] is None, str(body))
    _, token = link_of(sink.wait(1)[0], "invite")
    st, _, link = s.call("POST", "/api/v1/password/link", {"token": token}, auth=False)
    check(link == {"email": "li@b.example", "name": "李雷", "invite": True}, str(link))
    check(Browser(s.url).sign_in("li@b.example", "")[0] == 422 and Browser(s.url).sign_in("li@b.example", "x")[0] == 401, "no way in before")
    st, _, _ = s.call("POST", "/api/v1/password/reset", {"token": token, "password": "my own long sentence"}, auth=False)
    check(st == 200, "accepted")
    b = Browser(s.url)
    check(b.sign_in("li@b.example", "my own long sentence")[0] == 200, "signed in")
    check(b.call("POST", "/invitation", {"name": "X", "email": "x@b.example"})[0] == 403, "members invite nobody")
    st, _, e = s.call("POST", "/api/v1/invitation", {"user": body["user"]})
    check(st == 409, "who has a password needs no invitation")
    check(s.call("POST", "/api/v1/invitation", {"name": "李雷", "email": "li@b.example"})[0] == 409, "nor a second account")
    s.stop()
    sink.close()


def one_time_codes(w):
    s = w.serve("d")
    me, other = Browser(s.url), Browser(s.url)
    for b in (me, other):
        check(b.sign_in(s.email, s.password)[0] == 200, "signed in")
    check(me.call("POST", "/session/totp", {"password": "not it at all"})[0] == 422, "the password is asked for")
    st, t = me.call("POST", "/session/totp", {"password": s.password})
    check(st == 200 and t["qr"].startswith("<svg") and t["url"].startswith("otpauth://totp/"), str(t))
    check(Browser(s.url).sign_in(s.email, s.password)[0] == 200, "not asked for before it is confirmed")
    check(me.call("POST", "/session/totp/confirm", {"code": "000000"})[0] == 422, "a wrong code confirms nothing")
    code = totp(t["secret"])
    st, r = me.call("POST", "/session/totp/confirm", {"code": code})
    check(st == 200 and len(set(r["recovery"])) == 10, str(r))
    check(me.call("GET", "/session")[0] == 200 and other.call("GET", "/session")[0] == 401, "other sessions have ended, this one goes on")
    b = Browser(s.url)
    st, e = b.sign_in(s.email, s.password)
    check(st == 401 and e["code"] == "auth.code_needed", str(e))
    st, e = b.sign_in(s.email, "wrong wrong wrong", code=code)
    check(st == 401 and e["code"] == "auth.failed", "the password comes first")
    st, e = b.sign_in(s.email, s.password, code=code)
    check(st == 401 and e["code"] == "auth.code_bad", f"a code serves once: {e}")
    st, e = b.sign_in(s.email, s.password, code=totp(t["secret"], time.time() + 30))
    check(st == 200, f"the next one (clocks differ a little): {e}")
    st, e = Browser(s.url).sign_in(s.email, s.password, code=totp(t["secret"], time.time() - 300))
    check(st == 401, "an old one does not")
    st, e = Browser(s.url).sign_in(s.email, s.password, code=r["recovery"][0].upper())
    check(st == 200, f"a recovery code: {e}")
    check(Browser(s.url).sign_in(s.email, s.password, code=r["recovery"][0])[0] == 401, "once")
    check(b.call("GET", "/session/security")[1] == {"totp": True, "recovery_left": 9}, "nine are left")
    data = stored(w, "d")
    check(t["secret"].encode() not in data and base64.b32decode(t["secret"]) not in data and r["recovery"][1].replace("-", "").encode() not in data, "nothing of it is readable")
    st, e = b.call("POST", "/session/totp/off", {"password": s.password})
    check(st == 200 and Browser(s.url).sign_in(s.email, s.password)[0] == 200, "off again")
    # a lost phone
    st, t = b.call("POST", "/session/totp", {"password": s.password})
    check(b.call("POST", "/session/totp/confirm", {"code": totp(t["secret"])})[0] == 200, "on again")
    code, out, _ = w.run("user", "reset", s.email, "--json", "--data", w.path("d"))
    check(code == 0 and Browser(s.url).sign_in(s.email, json.loads(out)["password"])[0] == 200, "guanxi user reset lets one in again")
    s.stop()


def sessions_and_passwords(w):
    s = w.serve("d")
    bs = [Browser(s.url) for _ in range(3)]
    for b in bs:
        b.sign_in(s.email, s.password)
    st, r = bs[0].call("GET", "/sessions")
    check(st == 200 and len(r["items"]) == 3 and sum(i["current"] for i in r["items"]) == 1, str(r))
    other = next(i for i in r["items"] if not i["current"])
    check(bs[0].call("POST", "/sessions/end", {"id": other["id"]})[0] == 204, "ended")
    check(sum(b.call("GET", "/session")[0] == 200 for b in bs) == 2, "one is out at once")
    check(bs[0].call("POST", "/sessions/end", {"id": other["id"]})[0] == 404, "it is gone")
    check(bs[0].call("POST", "/sessions/end", {"others": True})[0] == 204 and sum(b.call("GET", "/session")[0] == 200 for b in bs) == 1, "all others")
    st, e = bs[0].call("POST", "/session/password", {"current": "not it", "password": "some other sentence"})
    check(st == 422 and e["errors"][0]["pointer"] == "/current", str(e))
    bs[1].sign_in(s.email, s.password)
    before = {c.value for c in bs[0].jar}
    st, e = bs[0].call("POST", "/session/password", {"current": s.password, "password": "some other sentence"})
    check(st == 200 and {c.value for c in bs[0].jar} != before, "a new password, a new session")
    check(bs[0].call("GET", "/session")[0] == 200 and bs[1].call("GET", "/session")[0] == 401, "others have ended")
    check(s.call("GET", "/api/v1/session")[0] == 401, "tokens too")
    # a member sees and ends one's own only; an administrator those of others
    code, out, _ = w.run("user", "add", "m@b.example", "--json", "--data", w.path("d"))
    m = json.loads(out)
    member = Browser(s.url)
    check(member.sign_in("m@b.example", m["password"])[0] == 200, "a member")
    check(member.call("GET", "/sessions?user=1")[0] == 403 and member.call("POST", "/sessions/end", {"user": 1})[0] == 403, "not those of others")
    st, r = bs[0].call("GET", f"/sessions?user={m['id']}")
    check(st == 200 and len(r["items"]) == 1, str(r))
    check(bs[0].call("POST", "/sessions/end", {"user": m["id"]})[0] == 204 and member.call("GET", "/session")[0] == 401, "ended by the administrator")
    code, out, err = w.run("user", "disable", s.email, "--data", w.path("d"))
    check(code != 0 and "last" in err, "the last administrator stays: " + err)
    check(w.run("user", "disable", "m@b.example", "--data", w.path("d"))[0] == 0 and Browser(s.url).sign_in("m@b.example", m["password"])[0] == 401, "disabled")
    check(w.run("user", "enable", "m@b.example", "--data", w.path("d"))[0] == 0 and Browser(s.url).sign_in("m@b.example", m["password"])[0] == 200, "enabled")
    code, out, _ = w.run("user", "list", "--data", w.path("d"))
    has(out, "m@b.example", s.email, "active")
    s.stop()


def an_office_signs_in(w):
    s = w.serve("d")
    people = []
    for i in range(60):
        code, out, err = w.run("user", "add", f"p{i}@b.example", "--json", "--data", w.path("d"))
        check(code == 0, err)
        people.append((f"p{i}@b.example", json.loads(out)["password"]))
    for i in range(12):  # a few that mistype, from the same address
        Browser(s.url).sign_in(people[i][0], "mistyped mistyped")
    results = []
    t0 = time.monotonic()
    threads = [threading.Thread(target=lambda p=p: results.append(Browser(s.url).sign_in(*p)[0])) for p in people]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    took = time.monotonic() - t0
    print(f"        60 sign-ins in {took:.1f} s", flush=True)
    check(results.count(200) == 60, f"all succeed: {sorted(set(results))}")
    check(took < 10, f"within ten seconds ({took:.1f})")
    # one account guessed at from the same address: delayed; the others are not
    for i in range(12):
        st = Browser(s.url).sign_in(people[0][0], "guess guess guess")[0]
    check(st == 429, f"guessing is slowed down: {st}")
    check(Browser(s.url).sign_in(*people[1])[0] == 200, "the office goes on")
    s.stop()


def welch(a, b):
    return (statistics.mean(a) - statistics.mean(b)) / math.sqrt(statistics.variance(a) / len(a) + statistics.variance(b) / len(b))


def answers_take_as_long_for_nobody(w):
    """Each account is used once, each call comes from an address of its own (a trusted proxy says so): limits play no part."""
    s = w.serve("d", "--behind-proxy", "https://crm.example")
    for i in range(TIMING):
        check(w.run("user", "add", f"k{i:04d}@b.example", "--data", w.path("d"))[0] == 0, "a member")
    c = Browser(s.url)
    times = {(path, kind): [] for path in ("/session", "/password/forgot") for kind in "ku"}

    def timed(path, kind, i):
        body = {"email": f"{kind}{i:04d}@b.example"}
        if path == "/session":
            body["password"] = "certainly not right"
        t = time.perf_counter()
        st, answer = c.call("POST", path, body, Origin="https://crm.example", X_Forwarded_For=f"203.0.{i // 250}.{i % 250 + 1}")
        times[path, kind].append(time.perf_counter() - t)
        check(st == (401 if path == "/session" else 204), f"{path} {kind}: {st}")
        return answer

    for i in range(TIMING):
        for path in ("/session", "/password/forgot"):
            answers = [timed(path, kind, i) for kind in ("ku" if i % 2 else "uk")]
            check(answers[0] == answers[1], "the same words")
    s.stop()
    for path in ("/session", "/password/forgot"):
        a, b = times[path, "k"], times[path, "u"]
        cut = sorted(a + b)[int(len(a + b) * 0.9)]  # the slowest tenth is the machine's business
        t = welch([x for x in a if x <= cut], [x for x in b if x <= cut])
        print(f"        {path}: n = {TIMING}, known {statistics.median(a) * 1000:.2f} ms, unknown {statistics.median(b) * 1000:.2f} ms, Welch t = {t:.2f}", flush=True)
        check(abs(t) < 4.5, f"{path}: the times tell them apart (t = {t:.2f})")


main([first_start, logo, mail_settings_and_bounces, forgotten_password, mail_that_fails, invitation, one_time_codes, sessions_and_passwords,
      an_office_signs_in, answers_take_as_long_for_nobody])
