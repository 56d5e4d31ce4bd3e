#!/usr/bin/env python3
"""Recomputes spot-draw.txt from docs/decisions/spot-check.md alone: which portions a joint spot check draws."""
import hashlib


def cbor(item):
    def head(major, n):
        for short, size in ((24, 0), (1 << 8, 1), (1 << 16, 2), (1 << 32, 4), (1 << 64, 8)):
            if n < short:
                more = {0: n, 1: 24, 2: 25, 4: 26, 8: 27}[size]
                return bytes([major << 5 | more]) + (n.to_bytes(size, "big") if size else b"")
    if isinstance(item, int):
        return head(0, item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    return head(4, len(item)) + b"".join(cbor(one) for one in item)


def h(name, *parts):
    label = ("tallylock/v1/" + name).encode()
    return hashlib.blake2b(bytes([len(label)]) + label + cbor(list(parts)), digest_size=32).digest()


def places(seed, taken, n, wanted):
    found, c = set(), 0
    while len(found) < wanted:
        word = int.from_bytes(h("spot-draw", seed, c)[:8], "big")
        c += 1
        if word < (1 << 64) // n * n and word % n not in taken:
            found.add(word % n)
    return sorted(found)


def draw(seed, n, wanted, opened):
    if len(opened) > wanted:
        return [opened[i] for i in places(seed, [], len(opened), wanted)], []
    left = max(0, n // 100 - len(opened))
    return opened, places(seed, opened, n, min(wanted - len(opened), left))


terms, buyer, server = (bytes([x]) * 32 for x in (1, 2, 3))
commitment = h("spot-nonce", terms, buyer)
seed = h("spot-seed", terms, commitment, buyer, server)
print("commitment", commitment.hex())
print("seed", seed.hex())
for n, wanted, opened in ((99, 8, []), (100, 8, []), (1000, 8, []), (1000, 16, []), (1000, 8, [1, 5, 9]),
                          (1000, 16, list(range(10))), (1000, 4, [3, 10, 17, 400, 999]), (1 << 44, 3, []),
                          ((1 << 63) + 1, 8, [])):
    again, fresh = draw(seed, n, wanted, opened)
    text = lambda l: ",".join(map(str, l)) or "-"
    print("draw", n, wanted, text(opened), text(again), text(fresh))
