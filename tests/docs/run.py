#!/usr/bin/env python3
"""Runs the command blocks of README.md and docs/*.md that stand under <!-- test -->, in a folder with a small orders.csv; checks
that relative links lead somewhere. usage: tests/docs/run.py PROGRAM"""
import glob, os, re, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ORDERS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
10001,85123A,White Hanging Holder,6,2024-03-01 08:26,2.55,17850,United Kingdom
10001,71053,White Metal Lantern,6,2024-03-01 08:26,3.39,17850,United Kingdom
10002,84406B,Cream Cupid Coat Hanger,8,2024-04-01 09:10,2.75,17850,United Kingdom
10003,71053,White Metal Lantern,2,2024-04-02 10:00,3.39,12583,France
C10004,71053,White Metal Lantern,-1,2024-04-05 10:00,3.39,12583,France
"""


def main():
    program = os.path.abspath(sys.argv[1])
    passed = failed = 0
    for path in [os.path.join(ROOT, "README.md"), *sorted(glob.glob(ROOT + "/docs/**/*.md", recursive=True))]:
        text = open(path, encoding="utf-8").read()
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            if os.path.exists(os.path.join(os.path.dirname(path), link)):
                passed += 1
            else:
                failed += 1
                print(f"{os.path.relpath(path, ROOT)}: the link {link} leads nowhere")
        for block in re.findall(r"<!-- test -->\s*```\w*\n(.*?)```", text, re.S):
            tmp = tempfile.mkdtemp(prefix="guanxi-docs-")
            os.makedirs(tmp + "/build")
            os.symlink(program, tmp + "/build/guanxi")
            open(tmp + "/orders.csv", "w").write(ORDERS)
            env = dict(os.environ, GUANXI_LANG="en")
            r = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=tmp, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            if r.returncode:
                failed += 1
                print(f"{os.path.relpath(path, ROOT)}: exit {r.returncode}\n{block}\n{r.stdout}\n{r.stderr}")
            else:
                passed += 1
            shutil.rmtree(tmp)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
