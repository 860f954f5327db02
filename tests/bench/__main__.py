"""`make bench`: one run, one table, `bench.json`. Ratios tell something; times are of this machine."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
SERVER = "postgres://dakikm_ci:dakikm_ci@127.0.0.1:5432/postgres"
NAMA = f"dakikm_bench_{os.getpid()}"


def main():
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--skala", default="1,10,100", help="multiples of the yearly allocations")
    parser.add_argument("--kali", type=int, default=15, help="runs of which the median is taken")
    parser.add_argument("--keluar", type=Path, default=ROOT / "bench.json")
    options = parser.parse_args()
    server = os.environ.get("DATABASE_URL", SERVER)
    if not server.startswith("postgres"):
        sys.exit(
            "make bench measures on PostgreSQL: set DATABASE_URL=postgres://user:password@host:5432/name"
        )
    scales = [measure(server, int(scale), options.kali) for scale in options.skala.split(",")]
    result = {"mesin": machine(server), "kali": options.kali, "skala": scales}
    options.keluar.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(table(result))


def measure(server, scale, kali):
    """Load and measure one scale in a database of its own, dropped afterwards."""
    sys.stderr.write(f"skala {scale}: memuat data contoh ...\n")
    statement(server, f"CREATE DATABASE {NAMA}")
    try:
        with tempfile.TemporaryDirectory() as place:
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.satu_skala", f"--skala={scale}", f"--kali={kali}"],
                cwd=ROOT,
                env=environment(server, place),
                stdout=subprocess.PIPE,
                check=True,
            )
        return json.loads(done.stdout)
    finally:
        statement(server, f"DROP DATABASE {NAMA} WITH (FORCE)")


def environment(server, place):
    database = urlunsplit(urlsplit(server)._replace(path=f"/{NAMA}"))
    mine = {"DATABASE_URL": database, "DEMO": "1", "VAR_DIR": place, "MEDIA_ROOT": place}
    return {**os.environ, **mine, "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "dakikm.settings"}


def statement(server, sql):
    try:
        connection = psycopg2.connect(server)
    except psycopg2.OperationalError as refused:
        sys.exit(
            f"PostgreSQL does not answer; set DATABASE_URL to one where databases may be made.\n{refused}"
        )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def machine(server):
    """What the numbers were measured on."""
    memory = Path("/proc/meminfo").read_text(encoding="ascii").split()[1]
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return {
        "prosesor": names[0].partition(": ")[2] if names else platform.processor(),
        "inti": os.cpu_count(),
        "memori_gb": round(int(memory) / 1024**2),
        "python": platform.python_version(),
        "django": version("django"),
        "postgresql": statement(server, "SHOW server_version")[0],
        "komit": commit.stdout.strip(),
    }


def table(result):
    """One line a measure: medians at each scale, ratio to its baseline with the goal, growth."""
    scales = result["skala"]
    of = result["mesin"]
    lines = [
        ", ".join(f"{name} {value}" for name, value in of.items()),
        "; ".join(f"skala {s['skala']}: {s['alokasi']} alokasi, dimuat {s['muat_detik']} s" for s in scales),
        "",
        f"{'ukuran (median, ms)':52}"
        + "".join(f"{'x' + str(s['skala']):>11}" for s in scales)
        + f"{'tumbuh':>9}",
    ]
    for number, first in enumerate(scales[0]["ukuran"]):
        rows = [scale["ukuran"][number] for scale in scales]
        growth = rows[-1]["milidetik"] / first["milidetik"]
        lines.append(
            f"{first['nama']:52}" + "".join(f"{r['milidetik']:11.1f}" for r in rows) + f"{growth:8.2f}x"
        )
        if first["rasio"]:
            lines.append(ratio_line(first, rows))
        if first["catatan"]:
            lines.append("    " + " | ".join(r["catatan"] for r in rows))
    return "\n".join(lines) + "\n"


def ratio_line(first, rows):
    goal = first["sasaran"]
    missed = goal and max(r["rasio"] for r in rows) > goal
    said = f"  sasaran {goal:.1f}x{'  TIDAK TERCAPAI' if missed else ''}" if goal else ""
    return f"    {'terhadap ' + first['terhadap']:48}" + "".join(f"{r['rasio']:10.2f}x" for r in rows) + said


if __name__ == "__main__":
    main()
