#!/usr/bin/env python3
"""Writes pandas.csv and pandas.csv.gz as pandas writes them, and pandas.json, what pandas reads back from the first.

Run: /usr/bin/python3 reference_pandas.py   (Debian: python3-pandas)
"""
import gzip
import json

import numpy as np
import pandas as pd

n = 60
r = np.random.default_rng(4)
city = ["Rome", 'New "York"', "Köln, Nord", "two\nlines", " spaced ", "東京"]
frame = pd.DataFrame({
    "value": np.where(np.arange(n) % 7 == 3, np.nan, r.standard_normal(n) * 10.0 ** r.integers(-12, 12, n)),
    "count": r.integers(-10 ** 15, 10 ** 15, n),
    "city": [None if i % 11 == 5 else city[i % len(city)] for i in range(n)],
    "flag": (np.arange(n) % 3 == 0),
    "day": pd.date_range("1969-12-20", periods=n, freq="D").strftime("%Y-%m-%d"),
})
frame.to_csv("pandas.csv", index=False)
with open("pandas.csv", "rb") as f, open("pandas.csv.gz", "wb") as out, gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as g:
    g.write(f.read())
back = pd.read_csv("pandas.csv", float_precision="round_trip")
want = {}
for name in back:
    column = back[name]
    if name == "day":
        seconds = pd.to_datetime(column).astype("int64") // 10 ** 9
        want[name] = {"type": "date", "values": [float(x) for x in seconds]}
    elif name in ("city", "flag"):
        want[name] = {"type": "category", "values": [None if pd.isna(x) else str(x) if name == "city" else str(x) for x in column]}
    else:
        want[name] = {"type": "numeric", "values": [None if pd.isna(x) else float(x) for x in column]}
with open("pandas.json", "w") as f:
    json.dump(want, f, allow_nan=False)
