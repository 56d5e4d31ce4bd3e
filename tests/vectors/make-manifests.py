#!/usr/bin/env python3
"""Makes manifest.txt from docs/formats/sealed-file-and-manifest.md alone, independently of the C++ code.

Needs Python's hashlib and Ed25519 from the `cryptography` package.
"""
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Raw(bytes):
    """CBOR that is already encoded."""


def head(major, value, width=None):
    """The first bytes of an item; `width` forces a longer form than is needed."""
    if width is None:
        width = next(w for w, most in ((0, 23), (1, 0xFF), (2, 0xFFFF), (4, 0xFFFFFFFF), (8, 2**64 - 1)) if value <= most)
    if width == 0:
        return bytes([major << 5 | value])
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[width]]) + value.to_bytes(width, "big")


def cbor(item):
    if isinstance(item, Raw):
        return bytes(item)
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(map(cbor, item))
    return head(5, len(item)) + b"".join(cbor(key) + cbor(value) for key, value in item.items())


def frame(name, body):
    label = b"tallylock/v1/" + name.encode()
    return bytes([len(label)]) + label + body


def labelled_hash(name, body):
    return hashlib.blake2b(frame(name, body), digest_size=32).digest()


def key(number):
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def public(private):
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


CREATOR, BUYER, THIRD = key(1), key(2), key(3)
ASSET = b"\xa1" * 32
ZERO = bytes(32)


def link(by, number, kind, to, previous, contract, time, asset=ASSET):
    entry = {1: asset, 2: number, 3: kind, 4: public(by), 5: public(to), 6: previous, 7: contract, 8: time}
    return {1: entry, 2: by.sign(frame("custody-entry", cbor(entry)))}


def link_hash(entry):
    return labelled_hash("custody", cbor(entry))


def created(by=CREATOR, asset=ASSET, time=1000):
    return link(by, 0, 0, by, ZERO, ZERO, time, asset)


def sold(by, chain, to, time=3000, contract=b"\x05" * 32, **change):
    number = change.get("number", len(chain))
    previous = change.get("previous", link_hash(chain[-1]))
    return link(by, number, change.get("kind", 1), to, previous, contract, time)


def manifest(**change):
    preview = {1: "", 2: b"", 3: ""}
    fields = {
        1: ASSET,
        2: "Portrait \u00fc.png",
        3: "image/png",
        4: "A portrait.\nSecond line.",
        5: public(CREATOR),
        6: public(CREATOR),
        7: 1,
        8: 1048577,
        9: 1048577 + 17 * 16 + 216,
        10: 2,
        11: b"\xb2" * 32,
        12: b"\xc3" * 32,
        13: b"\xd4" * 32,
        14: labelled_hash("preview", cbor(preview)),
        16: [created()],
        17: 2000,
    }
    for name, value in change.items():
        fields[int(name[1:])] = value
    return {k: fields[k] for k in sorted(fields) if fields[k] is not None}


def signed(fields, by=CREATOR, label="manifest"):
    body = cbor(fields)
    return cbor({1: Raw(body), 2: by.sign(frame(label, body))})


ROWS = []


def good(name, fields, by=CREATOR):
    ROWS.append(f"good {name} {signed(fields, by).hex()} {labelled_hash('manifest', cbor(fields)).hex()}")


def bad(name, error, data):
    ROWS.append(f"bad {name} {error} {data.hex()}")


good("first", manifest())
good("marked", manifest(_15="png: xmp"))
good("empty-file", manifest(_8=0, _9=16 + 216, _10=1))
chain = [created()]
chain.append(sold(CREATOR, chain, BUYER))
good("resold", manifest(_6=public(BUYER), _16=chain), BUYER)
good("oldest-time", manifest(_17=-(2**63)))

# The form: not canonical CBOR, or not the map of a manifest.
FORM = "malformed-manifest"
first = signed(manifest())
bad("empty", FORM, b"")
bad("cut", FORM, first[:-1])
bad("longer", FORM, first + b"\0")
fields = manifest()
swapped = {k: fields[k] for k in [2, 1] + [k for k in fields if k > 2]}
bad("keys-out-of-order", FORM, signed(swapped))
twice = cbor(fields)
bad("key-twice", FORM, cbor({1: Raw(head(5, 17) + cbor(1) + cbor(ASSET) + twice[1:]), 2: bytes(64)}))
bad("unknown-key", FORM, signed(manifest(_18=0)))
bad("missing-key", FORM, signed(manifest(_4=None)))
bad("longer-integer", FORM, signed(manifest(_7=Raw(head(0, 1, 1)))))
bad("longer-length", FORM, signed(manifest(_1=Raw(head(2, 32, 2) + ASSET))))
bad("longer-map-head", FORM, b"\xb8\x02" + first[1:])
bad("indefinite-length", FORM, signed(manifest(_4=Raw(b"\x7f\x61a\xff"))))
bad("float", FORM, signed(manifest(_17=Raw(b"\xf9\x00\x00"))))
bad("null", FORM, signed(manifest(_15=Raw(b"\xf6"))))
bad("tag", FORM, signed(manifest(_17=Raw(b"\xc1\x00"))))
bad("bytes-for-text", FORM, signed(manifest(_2=b"name")))
bad("negative-size", FORM, signed(manifest(_8=-1)))
bad("short-hash", FORM, signed(manifest(_12=b"\xc3" * 31)))
bad("long-hash", FORM, signed(manifest(_12=b"\xc3" * 33)))
bad("not-utf-8", FORM, signed(manifest(_2=Raw(b"\x62\xc3\x28"))))
bad("surrogate", FORM, signed(manifest(_2=Raw(b"\x63\xed\xa0\x80"))))
bad("nested", FORM, signed(manifest(_16=Raw(b"\x81" * 200 + b"\x00"))))
bad("endless-array", FORM, signed(manifest(_16=Raw(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"))))
bad("unknown-custody-kind", FORM, signed(manifest(_16=[link(CREATOR, 0, 2, CREATOR, ZERO, ZERO, 1000)])))
bad("time-beyond", FORM, signed(manifest(_17=2**63)))
bad("short-signature", FORM, cbor({1: Raw(cbor(fields)), 2: bytes(63)}))
bad("no-signature", FORM, cbor({1: Raw(cbor(fields))}))

# What it says.
bad("name-empty", "bad-file-name", signed(manifest(_2="")))
bad("name-with-folder", "bad-file-name", signed(manifest(_2="a/b")))
bad("name-upwards", "bad-file-name", signed(manifest(_2="..")))
bad("name-with-control", "bad-file-name", signed(manifest(_2="a\x1bb")))
bad("name-long", "bad-file-name", signed(manifest(_2="a" * 256)))
bad("media-type", "bad-media-type", signed(manifest(_3="image/png; x=y")))
bad("description-long", "text-too-long-or-not-plain", signed(manifest(_4="a" * 4001)))
bad("description-control", "text-too-long-or-not-plain", signed(manifest(_4="\x07")))
SIZES = "sizes-do-not-fit-each-other"
bad("portions", SIZES, signed(manifest(_10=1)))
bad("sealed-too-small", SIZES, signed(manifest(_9=1048577 + 17 * 16)))
bad("sealed-too-large", SIZES, signed(manifest(_9=1048577 + 17 * 16 + 4097)))
bad("sizes-overflow", SIZES, signed(manifest(_8=2**64 - 1, _9=2**64 - 1)))
SIGNATURE = "wrong-signature"
bad("signed-by-another", SIGNATURE, signed(manifest(), BUYER))
bad("other-label", SIGNATURE, signed(manifest(), label="listing"))
bad("altered", SIGNATURE, first.replace(b"A portrait.", b"a portrait."))
bad("altered-signature", SIGNATURE, first[:-1] + bytes([first[-1] ^ 1]))

CUSTODY = "bad-custody-chain"
bad("custody-empty", CUSTODY, signed(manifest(_16=[])))
bad("custody-of-another-asset", CUSTODY, signed(manifest(_16=[created(asset=b"\x09" * 32)])))
bad("custody-of-another-creator", CUSTODY, signed(manifest(_5=public(BUYER))))
bad("custody-sold-away", CUSTODY, signed(manifest(_16=chain)))
bad("custody-without-beginning", CUSTODY, signed(manifest(_6=public(BUYER), _16=chain[1:]), BUYER))
bad("custody-begins-twice", CUSTODY, signed(manifest(_16=[created(), created()])))


def resold(entries, by=BUYER):
    return signed(manifest(_6=public(by), _16=entries), by)


begun = [created()]
bad("custody-wrong-number", CUSTODY, resold(begun + [sold(CREATOR, begun, BUYER, number=2)]))
bad("custody-wrong-previous", CUSTODY, resold(begun + [sold(CREATOR, begun, BUYER, previous=ZERO)]))
bad("custody-wrong-kind", CUSTODY, resold(begun + [sold(CREATOR, begun, BUYER, kind=0)]))
bad("custody-back-in-time", CUSTODY, resold(begun + [sold(CREATOR, begun, BUYER, time=999)]))
bad("custody-by-a-thief", CUSTODY, resold(begun + [sold(BUYER, begun, THIRD)], THIRD))
forged = [created(), {**chain[1], 2: bytes(64)}]
bad("custody-forged", CUSTODY, resold(forged))

print("# Manifests. Made by make-manifests.py; frozen.")
print("#   good NAME BYTES HASH       HASH is H(\"manifest\", manifest)")
print("#   bad NAME ERROR BYTES       ERROR as nameOf(ManifestError) says it, with hyphens for spaces")
print("\n".join(ROWS))
