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

NAME, CELL = 50, 15  # widths of the table
ROOT = Path(__file__).resolve().parents[2]
SERVER = "postgres://dakikm_ci:dakikm_ci@127.0.0.1:5432/postgres"
DASAR = f"dakikm_bench_{os.getpid()}"


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
    statement(server, f"CREATE DATABASE {DASAR}")
    try:
        with tempfile.TemporaryDirectory() as place:
            sys.stderr.write("memuat data contoh ...\n")
            loaded = run(server, DASAR, place)
            scales = [measure(server, place, scale, options.kali) for scale in options.skala.split(",")]
    finally:
        statement(server, f"DROP DATABASE {DASAR} WITH (FORCE)")
    result = {"mesin": machine(server), "kali": options.kali, "muat_detik": loaded, "skala": scales}
    options.keluar.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(table(result))


def measure(server, place, scale, kali):
    """Fill and measure one scale in a copy of the demonstration data, dropped afterwards."""
    sys.stderr.write(f"skala {scale}:\n")
    name = f"{DASAR}_{scale}"
    statement(server, f"CREATE DATABASE {name} TEMPLATE {DASAR}")
    try:
        return run(server, name, place, f"--skala={scale}", f"--kali={kali}")
    finally:
        statement(server, f"DROP DATABASE {name} WITH (FORCE)")


def run(server, name, place, *options):
    """What a process of its own prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.satu_skala", *options],
        cwd=ROOT,
        env=environment(server, name, place),
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def environment(server, name, place):
    database = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
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
    lines = [
        ", ".join(f"{name} {value}" for name, value in result["mesin"].items()),
        "; ".join(f"skala {s['skala']}: {s['alokasi']} alokasi" for s in scales),
        f"dimuat dalam {result['muat_detik']:.0f} s, ditambah "
        + ", ".join(f"{s['muat_detik']:.0f} s" for s in scales)
        + f"; median dari {result['kali']} kali (yang berdetik-detik: sepertiga), ± setengah jarak kuartil",
        "",
        f"{'ukuran, ms':{NAME}}" + "".join(f"{'x' + str(s['skala']):>{CELL}}" for s in scales) + "  tumbuh",
    ]
    for number in range(len(scales[0]["ukuran"])):
        lines += measured([scale["ukuran"][number] for scale in scales])
    return "\n".join(lines) + "\n"


def measured(rows):
    """The lines of one measure at all scales."""
    first = rows[0]
    growth = rows[-1]["milidetik"] / first["milidetik"]
    cells = "".join(f"{row['milidetik']:{CELL - 5}.1f} ±{row['sebar']:2.0f}%" for row in rows)
    yield f"{first['nama']:{NAME}}{cells}{growth:7.2f}x{against(first['sasaran_tumbuh'], growth)}"
    if first["rasio"]:
        cells = "".join(f"{row['rasio']:{CELL - 1}.2f}x" for row in rows)
        most = max(row["rasio"] for row in rows)
        yield f"{'    terhadap ' + first['terhadap']:{NAME}}{cells}{against(first['sasaran'], most)}"
    if first["catatan"]:
        yield "    " + " | ".join(row["catatan"] for row in rows)


def against(goal, most):
    if goal is None:
        return ""
    return f"  sasaran {goal:.1f}x" + ("  TIDAK TERCAPAI" if most > goal else "")


if __name__ == "__main__":
    main()
