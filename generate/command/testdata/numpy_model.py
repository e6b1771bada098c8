"""A normal distribution by numpy, for the law that its chain must obey."""
import json
import os
import sys

import numpy as np

env, verb = os.environ, sys.argv[-1]
if verb == "describe":
    print(json.dumps({"protocol": 1}))
elif verb == "fit":
    x = np.loadtxt(env["COLLAPSE_TRAIN"])
    with open(env["COLLAPSE_MODEL"] + "/model.json", "w") as f:
        json.dump({"mean": x.mean(), "sd": x.std()}, f)
elif verb == "sample":
    with open(env["COLLAPSE_MODEL"] + "/model.json") as f:
        m = json.load(f)
    r = np.random.default_rng(int(env["COLLAPSE_SEED"]))
    np.savetxt(env["COLLAPSE_OUT"], r.normal(m["mean"], m["sd"], int(env["COLLAPSE_N"])), fmt="%.17g")
