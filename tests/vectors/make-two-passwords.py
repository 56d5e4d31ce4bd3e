#!/usr/bin/env python3
"""Recomputes two-passwords.txt from the documents alone, independently of the C++ code.

Needs Python's hashlib and hmac, and ChaCha20-Poly1305 from the `cryptography` package. HChaCha20, which makes the
extended nonce, follows draft-irtf-cfrg-xchacha, section 2.2.
"""
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305


def byte_string(data):
    if len(data) < 24:
        return bytes([0x40 + len(data)]) + data
    if len(data) < 256:
        return bytes([0x58, len(data)]) + data
    return b"\x59" + struct.pack(">H", len(data)) + data


def array(*items):
    body = b"".join(bytes([item]) if isinstance(item, int) else byte_string(item) for item in items)
    return bytes([0x80 + len(items)]) + body


def frame(name, cbor):
    label = b"tallylock/v1/" + name.encode()
    return bytes([len(label)]) + label + cbor


def labelled_hash(name, cbor):
    return hashlib.blake2b(frame(name, cbor), digest_size=32).digest()


def labelled_kdf(secret, salt, name, cbor):
    extracted = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(extracted, frame(name, cbor) + b"\x01", hashlib.sha256).digest()


def hchacha20(key, nonce):
    state = list(struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key) + struct.unpack("<4I", nonce))

    def rotate(x, n):
        return (x << n | x >> (32 - n)) & 0xFFFFFFFF

    def quarter(a, b, c, d):
        for p, q, r, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[p] = (state[p] + state[q]) & 0xFFFFFFFF
            state[r] = rotate(state[r] ^ state[p], n)

    for _ in range(10):
        for column in range(4):
            quarter(column, column + 4, column + 8, column + 12)
        for diagonal in range(4):
            quarter(diagonal, (diagonal + 1) % 4 + 4, (diagonal + 2) % 4 + 8, (diagonal + 3) % 4 + 12)
    return struct.pack("<8I", *(state[:4] + state[12:]))


def aead(key, plain, context, nonce):
    cipher = ChaCha20Poly1305(hchacha20(key, nonce[:16])).encrypt(b"\0" * 4 + nonce[16:], plain, context)
    return nonce + cipher


p1, s = bytes([0x11] * 32), bytes([0x22] * 32)
p2, f = bytes([0x33] * 16), bytes([0x44] * 16)
terms, contract = bytes([0x55] * 32), bytes([0x66] * 32)
asset_id, asset_child = bytes([0x77] * 32), bytes([0x88] * 16)
master, vault = bytes([0x99] * 32), bytes([0xAA] * 32)
nonce = bytes(range(24))

fk = labelled_kdf(asset_child, asset_id, "fingerprint-key", array())
c1 = aead(labelled_kdf(p2, terms, "wrap", array(f)), p1 + s, frame("c1", array(terms)), nonce)
print("# Frozen. Inputs: P1 11.., S 22.., P2 33.., F 44.., t 55.., k 66.., asset id 77.., asset child 88..,")
print("# master 99.., vault aa.., edition 3; every AEAD nonce is 00 01 .. 17. Made by make-two-passwords.py.")
for name, value in (
    ("FK", fk),
    ("W", aead(fk, p1 + s, frame("edition", array(asset_id, 3)), nonce)),
    ("C1", c1),
    ("c1", labelled_hash("c1", array(terms, c1, f))),
    ("c2", labelled_hash("p2", array(terms, p2))),
    ("P2-rest", aead(labelled_kdf(master, f, "p2-rest", array()), p2, frame("p2-rest", array(terms)), nonce)),
    ("owned", aead(vault, p1 + s, frame("owned", array(contract)), nonce)),
):
    print(f"{name} {value.hex()}")
