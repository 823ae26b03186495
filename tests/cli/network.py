#!/usr/bin/env python3
"""The program on a network: --lan with its own authority, certificates of others, behind a proxy. Python's own TLS is the client."""
import os, re, socket, ssl, sys, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import check, has, main


def options_that_do_not_fit(w):
    for argv, parts in [
        (("--listen", "0.0.0.0:0"), ("--lan", "--tls-cert", "--behind-proxy")),
        (("--listen", "[::]:0"), ("--lan",)),
        (("--listen", "0.0.0.0:99999"), ("--listen",)),
        (("--lan", "--behind-proxy", "https://a.example"), ("exclude",)),
        (("--tls-cert", "x.pem"), ("--tls-key",)),
        (("--trusted-proxy", "10.0.0.1"), ("--behind-proxy",)),
        (("--behind-proxy", "http://a.example"), ("https://",)),
        (("--behind-proxy", "https://a.example/crm"), ("https://",)),
        (("--behind-proxy", "https://a.example", "--listen", "0.0.0.0:0"), ("--trusted-proxy",)),
        (("--behind-proxy", "https://a.example", "--trusted-proxy", "10.0.0.0/40"), ("10.0.0.0/40",)),
        (("--base-url", "ftp://a.example"), ("--base-url",)),
        (("--lan", "--base-url", "http://a.example"), ("--base-url",)),
        (("--tls-cert", w.write("a.pem", "no"), "--tls-key", w.path("a.pem")), ("a.pem", "PEM")),
    ]:
        code, _, err = w.run("serve", "--data", w.path("d"), *argv)
        check(code != 0, f"{argv} is refused")
        has(err, *parts)


def lan(w, data="d", *more):
    s = w.serve(data, "--lan", "--listen", "0.0.0.0:0", *more)
    s.context = ssl.create_default_context(cafile=w.path(data + "/tls/ca.pem"))
    s.context.verify_flags |= ssl.VERIFY_X509_STRICT if hasattr(ssl, "VERIFY_X509_STRICT") else 0
    s.port = int(s.url.rsplit(":", 1)[1])
    return s


def local_network(w):
    s = lan(w)
    out = s.output()
    print_ = re.search(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", out)
    check(print_ and "█" in out and "/guanxi-ca.crt" in out, "address, QR code and fingerprint are printed: " + out)
    st, h, body = s.call("GET", "/guanxi-ca.crt", auth=False, raw=True)
    check(st == 200 and h["Content-Type"] == "application/x-x509-ca-cert", "the authority can be fetched")
    der = ssl.PEM_cert_to_DER_cert(body.decode())
    import hashlib
    check(hashlib.sha256(der).hexdigest().upper() == print_.group(0).replace(":", ""), "the fingerprint is that of the file")
    st, h, body = s.call("POST", "/api/v1/session", {"email": s.email, "password": s.password}, auth=False)
    cookie = h["Set-Cookie"]
    check(st == 200 and cookie.startswith("__Host-guanxi_session=") and "Secure" in cookie and "Path=/;" in cookie, str(cookie))
    check(h["Strict-Transport-Security"] is None, "no HSTS where devices may not trust the certificate yet")
    for name in ("ca.pem", "ca-key.pem", "server.pem", "server-key.pem"):
        check(os.stat(w.path("d/tls/" + name)).st_mode & 0o777 == 0o600, name)
    with socket.create_connection(("127.0.0.1", s.port)) as raw, s.context.wrap_socket(raw, server_hostname="localhost") as t:
        check(t.version() == "TLSv1.3", t.version())
        sans = {v for _, v in t.getpeercert()["subjectAltName"]}
    check({"localhost", "127.0.0.1", socket.gethostname()} <= sans, str(sans))
    ca = open(w.path("d/tls/ca.pem")).read()
    st, _, problem = s.call("GET", "/healthz", headers={"Host": "evil.example"}, auth=False)
    check(st == 400 and problem["code"] == "host.foreign", "another name is refused")
    check(s.call("GET", "/healthz", headers={"Host": f"{socket.gethostname()}:{s.port}"}, auth=False)[0] == 200, "its own name is taken")
    s.stop()
    s = lan(w)
    check(open(w.path("d/tls/ca.pem")).read() == ca, "the authority stays")
    s.stop()


def plain_http_on_the_tls_port(w):
    s = lan(w)

    def say(text):
        with socket.create_connection(("127.0.0.1", s.port), 5) as c:
            c.sendall(text.encode())
            data = b""
            while chunk := c.recv(4096):
                data += chunk
            return data.decode()

    a = say(f"GET /o/customer HTTP/1.1\r\nHost: localhost:{s.port}\r\n\r\n")
    has(a, "301", f"Location: https://localhost:{s.port}/")
    a = say("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    check("301" not in a and "400" in a, "no redirect to a foreign name")
    a = say(f"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{{}}")
    has(a, "400", "tls.plain")
    s.stop()


def slow_and_many_connections(w):
    s = lan(w)
    t0 = time.monotonic()
    idle = socket.create_connection(("127.0.0.1", s.port))
    begun = socket.create_connection(("127.0.0.1", s.port))
    begun.sendall(b"\x16\x03\x01")
    for c in (idle, begun):
        c.settimeout(15)
        check(c.recv(1) == b"", "closed without a word")
    check(4 < time.monotonic() - t0 < 8, f"after five seconds ({time.monotonic() - t0:.1f})")

    def rss():
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{s.p.pid}/status").read()).group(1))

    def connect():
        t = s.context.wrap_socket(socket.create_connection(("127.0.0.1", s.port)), server_hostname="localhost")
        t.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while not t.recv(4096).endswith(b'{"status":"ok"}'):
            pass
        return t

    warm = [connect() for _ in range(20)]
    before, n = rss(), 400
    many = [connect() for _ in range(n)]
    each = (rss() - before) / n
    print(f"        {each:.1f} KiB for each idle TLS connection", flush=True)
    check(each <= 64, f"{each} KiB for each idle connection")
    check(s.call("GET", "/healthz")[0] == 200, "others are served meanwhile")
    for t in warm + many:
        t.close()
    s.stop()


def versions_and_resumption(w):
    s = lan(w)
    for low, high, ok in ((ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3, True),
                          (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, False)):
        ctx = ssl.create_default_context(cafile=w.path("d/tls/ca.pem"))
        ctx.set_ciphers("ALL:@SECLEVEL=0")
        ctx.set_alpn_protocols(["h2", "http/1.1"])
        ctx.minimum_version, ctx.maximum_version = low, high
        try:
            with ctx.wrap_socket(socket.create_connection(("127.0.0.1", s.port), 5), server_hostname="localhost") as t:
                check(ok, f"{t.version()} is refused")
                check(t.selected_alpn_protocol() == "http/1.1", "ALPN")
                check(t.cipher()[0].startswith(("TLS_", "ECDHE-")), str(t.cipher()))
        except (ssl.SSLError, ConnectionError):
            check(not ok, f"{high} is taken")
    s.stop()


def own_certificate(w):
    s = lan(w, "maker")
    s.stop()
    for f in ("server.pem", "server-key.pem"):
        w.write(f, open(w.path("maker/tls/" + f)).read())
    s = w.serve("d2", "--listen", "127.0.0.1:0", "--tls-cert", w.path("server.pem"), "--tls-key", w.path("server-key.pem"))
    s.context = ssl.create_default_context(cafile=w.path("maker/tls/ca.pem"))
    st, h, _ = s.call("GET", "/healthz")
    check(st == 200 and h["Strict-Transport-Security"], "served by the given certificate, with HSTS")
    s.stop()


def behind_a_proxy(w):
    s = w.serve("d", "--behind-proxy", "https://crm.example/", "--trusted-proxy", "127.0.0.1")
    base = {"Host": "crm.example", "Origin": "https://crm.example"}
    for host, origin, want in (("crm.example", "https://crm.example", 401), ("127.0.0.1", "https://crm.example", 401), ("evil.example", "https://crm.example", 400),
                               ("crm.example", "https://evil.example", 403), ("crm.example", "http://crm.example", 403), ("crm.example:443", "https://crm.example", 400)):
        st, _, body = s.call("POST", "/api/v1/session", {"email": "a@b.example", "password": "wrong wrong wrong"}, {"Host": host, "Origin": origin}, auth=False)
        check(st == want, f"{host} {origin}: {st} {body}")
    st, h, _ = s.call("POST", "/api/v1/session", {"email": s.email, "password": s.password}, dict(base, **{"X-Forwarded-For": "1.1.1.1, 203.0.113.9"}), auth=False)
    check(st == 200 and h["Set-Cookie"].startswith("__Host-"), "signed in")
    check(h["Strict-Transport-Security"], "HSTS")
    check(s.call("GET", "/metrics", auth=False)[0] == 200, "metrics from this machine")
    check(s.call("GET", "/metrics", headers={"X-Forwarded-For": "127.0.0.1"}, auth=False)[0] == 403, "not through the proxy")
    s.stop()


main([options_that_do_not_fit, local_network, plain_http_on_the_tls_port, slow_and_many_connections, versions_and_resumption,
      own_certificate, behind_a_proxy])
