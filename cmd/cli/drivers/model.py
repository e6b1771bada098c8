#!/usr/bin/env python3
"""A model for collapse: a normal distribution. Replace fit, sample and score by yours; rows are JSON values, one a line."""
import json, math, os, random, sys

env = os.environ


def rows(path):
    with open(path) as f:
        return [json.loads(line) for line in f]


def load():
    with open(os.path.join(env["COLLAPSE_MODEL"], "model.json")) as f:
        return json.load(f)


def fit():
    x = rows(env["COLLAPSE_TRAIN"])
    mean = math.fsum(x) / len(x)
    sd = math.sqrt(math.fsum((v - mean) ** 2 for v in x) / len(x))
    with open(os.path.join(env["COLLAPSE_MODEL"], "model.json"), "w") as f:
        json.dump({"mean": mean, "sd": sd}, f)
    print(json.dumps({"progress": 1, "note": f"{len(x)} rows"}))


def sample():
    m, r = load(), random.Random(int(env["COLLAPSE_SEED"]))
    with open(env["COLLAPSE_OUT"], "w") as f:
        f.writelines(f"{r.gauss(m['mean'], m['sd'])!r}\n" for _ in range(int(env["COLLAPSE_N"])))


def score():
    m = load()
    with open(env["COLLAPSE_OUT"], "w") as f:
        f.writelines(f"{-((x - m['mean']) / m['sd']) ** 2 / 2 - math.log(m['sd'] * math.sqrt(2 * math.pi))!r}\n" for x in rows(env["COLLAPSE_IN"]))


def describe():
    print(json.dumps({"protocol": 1, "score": True}))


{"describe": describe, "fit": fit, "sample": sample, "score": score}[sys.argv[-1]]()
