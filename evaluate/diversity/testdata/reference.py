"""Recomputes the text measures by their definitions, with the standard library alone: python3 reference.py > reference.json"""
import json
import math
import random
from collections import Counter

S3 = [
    "The quick brown fox jumps over the lazy dog.",
    "The quick brown fox jumps over the lazy dog again.",
    "Suddenly, the quick brown fox leaps swiftly over the sleeping dog.",
]


def grams(words, n):
    return [tuple(words[i:i + n]) for i in range(len(words) - n + 1)]


def distinct(words, n):
    g = grams(words, n)
    return len(set(g)) / len(g)


def self_repetition(texts, n):
    sets = [set(grams(t, n)) for t in texts]
    return sum(math.log(1 + sum(sum(g in o for o in sets) - 1 for g in s)) for s in sets) / len(sets)


def marks(text):
    out, word = [], ""
    for c in text.lower():
        if c.isalnum():
            word += c
            continue
        if word:
            out.append(word)
        word = ""
        if not c.isspace():
            out.append(c)
    return out + ([word] if word else [])


def bleu(refs, hyp, n):
    logs = 0
    for k in range(1, n + 1):
        have = Counter(grams(hyp, k))
        match = sum(min(c, max(Counter(grams(r, k))[g] for r in refs)) for g, c in have.items())
        if k == 1 and match == 0:
            return 0.0
        logs += math.log((match or .1) / max(sum(have.values()), 1)) / n
    closest = min((abs(len(r) - len(hyp)), len(r)) for r in refs)[1]
    return math.exp(logs + (0 if len(hyp) >= closest else 1 - closest / len(hyp)))


def self_bleu(texts, n):
    return sum(bleu(texts[:i] + texts[i + 1:], t, n) for i, t in enumerate(texts)) / len(texts)


def eigenvalues(a):
    """of a symmetric matrix, by Jacobi's rotations"""
    a, n = [row[:] for row in a], len(a)
    for _ in range(100):
        if sum(a[i][j] ** 2 for i in range(n) for j in range(i)) < 1e-30:
            break
        for p in range(n):
            for q in range(p + 1, n):
                if a[p][q] == 0:
                    continue
                t = (a[q][q] - a[p][p]) / (2 * a[p][q])
                t = math.copysign(1, t) / (abs(t) + math.sqrt(t * t + 1))
                c = 1 / math.sqrt(t * t + 1)
                s = t * c
                for k in range(n):
                    a[k][p], a[k][q] = c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]
                for k in range(n):
                    a[p][k], a[q][k] = c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]
    return [a[i][i] for i in range(n)]


def vendi(k, q):
    l = [max(v, 0) / len(k) for v in eigenvalues(k)]
    if q == 1:
        return math.exp(-sum(v * math.log(v) for v in l if v > 0))
    if q == math.inf:
        return 1 / max(l)
    return sum(v ** q for v in l if v > 0) ** (1 / (1 - q))


def cosines(rows):
    unit = [[x / math.sqrt(sum(y * y for y in r)) for x in r] for r in rows]
    return [[sum(x * y for x, y in zip(a, b)) for b in unit] for a in unit]


def mauve(p, q):
    p, q = [x / sum(p) for x in p], [x / sum(q) for x in q]
    kl = lambda a, r: sum(x * math.log(x / y) for x, y in zip(a, r) if x > 0)
    points = [(1.0, 0.0), (0.0, 1.0)]
    for i in range(25):
        w = 1e-6 + (1 - 2e-6) * i / 24
        r = [w * x + (1 - w) * y for x, y in zip(p, q)]
        points.append((math.exp(-5 * kl(q, r)), math.exp(-5 * kl(p, r))))
    area = lambda pts: sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(pts, pts[1:]))
    by_x = sorted(points, key=lambda t: (t[0], -t[1]))
    by_y = sorted(((y, x) for x, y in points), key=lambda t: (t[0], -t[1]))
    return (area(by_x) + area(by_y)) / 2


random.seed(1)
words = ["ab", "Cd,", "e.", "fg", "h", "ij", "kl!", "m"]
texts = [" ".join(random.choice(words) for _ in range(random.randrange(0, 25))) for _ in range(12)]
rows = [[random.gauss(0, 1) for _ in range(4)] for _ in range(9)]
pairs = [([random.randrange(0, 6) for _ in range(10)], [random.randrange(0, 6) for _ in range(10)]) for _ in range(6)]
out = {
    "texts": texts,
    "distinct": [distinct(" ".join(texts).split(), n) for n in (1, 2, 3, 4)],
    "self_repetition": self_repetition([t.split() for t in texts], 2),
    "self_bleu": [self_bleu([marks(t) for t in texts], n) for n in (2, 3, 4, 5)],
    "s3_self_bleu": [self_bleu([marks(t) for t in S3], n) for n in (2, 3, 4, 5)],
    "rows": rows,
    "orders": [0, .5, 1, 2, 3, "inf"],
    "vendi": [vendi(cosines(rows[:3]), q) for q in (0, .5, 1, 2, 3, math.inf)],
    "vendi_more_rows_than_dimensions": [vendi(cosines(rows), q) for q in (.5, 1, 2, 3, math.inf)],
    "mauve": [{"p": p, "q": q, "is": mauve(p, q)} for p, q in pairs],
}
print(json.dumps(out, indent=1))
