#!/usr/bin/env python3
"""Makes portion-proofs.txt from docs/formats/sealed-file-and-manifest.md alone, independently of the C++ code."""
import hashlib
import hmac


def sha256(data):
    return hashlib.sha256(data).digest()


def root(leaves):
    """RFC 6962, section 2.1, as it stands there."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def path(index, leaves):
    """RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return path(index, leaves[:k]) + [root(leaves[k:])]
    return path(index - k, leaves[k:]) + [root(leaves[:k])]


def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    return bytes([major << 5 | 24, value])


def proof(index, count, way):
    return b"\xa3\x01" + head(0, index) + b"\x02" + head(0, count) + b"\x03" + head(4, len(way)) + b"".join(
        b"\x58" + bytes([len(node)]) + node for node in way)


def portion(i):
    return b"portion %d" % i


SALT = bytes(range(32))
PLAIN = lambda n: [sha256(b"\0" + hmac.new(SALT, i.to_bytes(8, "big"), hashlib.sha256).digest() + portion(i)) for i in range(n)]
SEALED = lambda n: [sha256(b"\0" + portion(i)) for i in range(n)]

print("# Proofs of single portions. Made by make-portion-proofs.py; frozen. Portion i of these assets is the text")
print("# \"portion i\", however short; S is 00 01 .. 1f.")
print("#   TREE COUNT ROOT INDEX OUTCOME PROOF      OUTCOME as nameOf(ProofError or CborError) says it, or good")


def row(tree, count, rt, index, outcome, bytes_):
    print(tree, count, rt.hex(), index, outcome, bytes_.hex())


for count in (1, 2, 3, 5, 8, 13):
    for tree, leaves in (("sealed", SEALED(count)), ("plain", PLAIN(count))):
        for index in sorted({0, count // 2, count - 1}):
            row(tree, count, root(leaves), index, "good", proof(index, count, path(index, leaves)))

leaves = SEALED(5)
top, way = root(leaves), path(2, leaves)
NO = "does-not-belong-to-the-root"
row("sealed", 5, top, 3, NO, proof(2, 5, way))  # the bytes of another portion
row("sealed", 5, top, 2, NO, proof(3, 5, way))
row("sealed", 5, top, 2, NO, proof(2, 5, path(2, SEALED(6))))
row("sealed", 5, top, 2, NO, proof(2, 5, way[:-1]))
row("sealed", 5, top, 2, NO, proof(2, 5, way + [top]))
row("sealed", 5, top, 2, NO, proof(2, 5, []))
row("sealed", 5, top, 2, NO, proof(2, 5, way[::-1]))
row("sealed", 5, bytes(32), 2, NO, proof(2, 5, way))
row("plain", 5, root(PLAIN(5)), 2, NO, proof(2, 5, way))  # of the other tree
row("sealed", 5, top, 2, "another-number-of-portions", proof(2, 6, way))
row("sealed", 5, top, 2, "no-such-portion", proof(5, 5, way))
good = proof(2, 5, way)
row("sealed", 5, top, 2, "truncated", good[:-1])
row("sealed", 5, top, 2, "trailing-bytes", good + b"\0")
row("sealed", 5, top, 2, "not-canonical", good.replace(b"\x01\x02\x02\x05", b"\x01\x18\x02\x02\x05", 1))
row("sealed", 5, top, 2, "not-canonical", good.replace(b"\x01\x02\x02\x05", b"\x01\x02\x01\x05", 1))
row("sealed", 5, top, 2, "unknown-key", b"\xa4" + good[1:] + b"\x04\x00")
row("sealed", 5, top, 2, "missing-key", b"\xa2" + good[1:5])
row("sealed", 5, top, 2, "out-of-range", proof(2, 5, [way[0][:31]]))
