"""How long until the desk answers, and how much memory it takes to sit idle."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

IDLE_SECONDS = 3
DEADLINE = 60


def measure() -> dict[str, Any]:
    """Start `switchboard run` on a loaded shop; seconds to ready, resident megabytes after."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/desk.db",
            "CONSOLE": "1",
            "PORT": "18931",
            "PYTHONPATH": str(Path(__file__).parent.parent),
        }
        command = [sys.executable, "-m", "app"]
        for verb in ("migrate", "demo"):
            subprocess.run([*command, verb], env=env, check=True, capture_output=True)
        began = time.perf_counter()
        desk = subprocess.Popen([*command, "run"], env=env, stdout=subprocess.DEVNULL)
        try:
            ready = _until_ready(began)
            time.sleep(IDLE_SECONDS)
            return {"ready_seconds": round(ready, 2), "idle_megabytes": _resident(desk.pid)}
        finally:
            desk.terminate()
            desk.wait(20)


def _until_ready(began: float) -> float:
    while time.perf_counter() - began < DEADLINE:
        try:
            with urllib.request.urlopen("http://127.0.0.1:18931/health/ready", timeout=1):
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the desk did not become ready")


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)
