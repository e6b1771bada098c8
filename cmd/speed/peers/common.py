"""What every peer shares: it is timed without its imports, and says one number that ours must agree with."""
import json, sys, time
import numpy as np


def report(run):
    """Runs a recursion; run(…) returns the checked number of every chain at its last generation."""
    args = [float(a) if "." in a else int(a) if a.lstrip("-").isdigit() else a for a in sys.argv[1:]]
    wall, cpu = time.perf_counter(), time.process_time()
    last = np.asarray(run(*args), float).ravel()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    se = last.std(ddof=1) / np.sqrt(len(last)) if len(last) > 1 else float("nan")
    print(json.dumps({"cpu": cpu, "wall": wall, "mean": last.mean(), "se": None if np.isnan(se) else se, "chains": len(last)}))
