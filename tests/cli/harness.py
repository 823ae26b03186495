"""harness.py - starts the real program on a temporary directory and talks to it; for tests of the command line and the server."""
import json, os, shutil, signal, subprocess, sys, tempfile, time, urllib.error, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(os.path.dirname(ROOT), "shared", "data")


class Skip(Exception):
    pass


class Server:
    """A serving process; .call(method, path, body, headers) -> (status, headers, parsed body)."""

    def __init__(self, program, data, *options, lang="en"):
        self.program, self.data = program, data
        self.ready = os.path.join(os.path.dirname(data.rstrip("/")), f"ready-{time.monotonic_ns()}.json")
        self.env = dict(os.environ, GUANXI_LANG=lang)
        self.log = open(self.ready + ".log", "w+")
        self.p = subprocess.Popen([program, "serve", "--data", data, *([] if "--listen" in options else ["--listen", "127.0.0.1:0"]), "--ready-file", self.ready, *options],
                                  stdout=self.log, stderr=subprocess.STDOUT, env=self.env, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not os.path.exists(self.ready):
            if self.p.poll() is not None or time.monotonic() > end:
                raise AssertionError("the server did not start: " + self.output())
            time.sleep(0.01)
        info = json.load(open(self.ready))
        self.url, self.token, self.email, self.password = info["url"].rstrip("/"), info["token"], info["email"], info["password"]

    def output(self):
        self.log.flush()
        return open(self.log.name).read()

    context = None  # of TLS

    def call(self, method, path, body=None, headers=None, auth=True, raw=False):
        h = {"Accept-Language": "en"}
        if auth:
            h["Authorization"] = "Bearer " + self.token
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None:
            h["Content-Type"] = "application/json"
        h.update(headers or {})
        req = urllib.request.Request(self.url + path, data=data, method=method, headers=h)
        try:
            r = urllib.request.urlopen(req, timeout=60, context=self.context)
        except urllib.error.HTTPError as e:
            r = e
        text = r.read()
        if raw:
            return r.status, r.headers, text
        try:
            return r.status, r.headers, json.loads(text) if text else None
        except ValueError:
            return r.status, r.headers, text.decode("utf-8", "replace")

    def stop(self):
        if self.p.poll() is None:
            self.p.send_signal(signal.SIGTERM)
            self.p.wait(30)

    def kill(self):
        self.p.kill()
        self.p.wait()


class World:
    """A temporary folder and the program under test."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.tmp = tempfile.mkdtemp(prefix="guanxi-test-")
        self.servers = []

    def path(self, name):
        return os.path.join(self.tmp, name)

    def write(self, name, text):
        with open(self.path(name), "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        return self.path(name)

    def run(self, *argv, lang="en", timeout=600):
        """-> (exit code, stdout, stderr)"""
        r = subprocess.run([self.program, *argv], capture_output=True, text=True, errors="replace", timeout=timeout, stdin=subprocess.DEVNULL,
                           env=dict(os.environ, GUANXI_LANG=lang))
        return r.returncode, r.stdout, r.stderr

    def serve(self, data, *options, **kw):
        s = Server(self.program, self.path(data), *options, **kw)
        self.servers.append(s)
        return s

    def close(self):
        for s in self.servers:
            if s.p.poll() is None:
                s.kill()
        shutil.rmtree(self.tmp, ignore_errors=True)


def main(tests):
    """Runs functions test(world); prints one line each and the closing count."""
    program = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build/guanxi")
    only = sys.argv[2:]
    passed = failed = skipped = 0
    for t in tests:
        if only and t.__name__ not in only:
            continue
        w = World(program)
        t0 = time.monotonic()
        try:
            t(w)
            passed += 1
            print(f"ok      {t.__name__} ({time.monotonic() - t0:.1f} s)", flush=True)
        except Skip as e:
            skipped += 1
            print(f"skipped {t.__name__}: {e}", flush=True)
        except Exception as e:
            failed += 1
            import traceback
            traceback.print_exc(limit=4, file=sys.stdout)
            print(f"FAILED  {t.__name__}: {e}", flush=True)
        finally:
            w.close()
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


def check(cond, what):
    if not cond:
        raise AssertionError(what)


def has(text, *parts):
    for p in parts:
        if p not in text:
            raise AssertionError(f"{p!r} is not in: {text[:600]!r}")
