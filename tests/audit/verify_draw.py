#!/usr/bin/env python3
"""Checks the public file of a Frontrow draw with Python's standard library alone.

Written after docs/fairness.md, apart from the program's own verifier.
Usage: verify_draw.py DRAW.json. Exit 0: the draw holds; 1: it does not, and which step fails.
"""

import hashlib
import hmac
import json
import re
import sys


class Refused(Exception):
    """A step that does not hold, by its name."""

    def __init__(self, step, what):
        super().__init__(f"{step}: {what}")
        self.step = step


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hex_bytes(value, name, size=None):
    if not isinstance(value, str) or not re.fullmatch(r"(?:[0-9a-f]{2})*", value):
        raise Refused("file", f"{name} is not lower-case hex")
    raw = bytes.fromhex(value)
    if size is not None and len(raw) != size:
        raise Refused("file", f"{name} is not {size} bytes")
    return raw


def whole_number(value, name, largest=2**64 - 1):
    if type(value) is not int or not 0 <= value <= largest:
        raise Refused("file", f"{name} is not a whole number up to {largest}")
    return value


def tree_hash(leaves):
    """RFC 6962, section 2.1."""
    if not leaves:
        return sha256()
    level = [sha256(b"\x00", leaf) for leaf in leaves]
    # Pairing from the left and carrying an odd last one up gives the same tree as splitting at
    # the largest power of two.
    while len(level) > 1:
        paired = [sha256(b"\x01", level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2:]
    return level[0]


def read(text):
    try:
        # Python reads "-0" as the whole number 0, which nobody writes so: a sign makes it another kind.
        file = json.loads(text, parse_int=lambda digits: float(digits) if digits[0] == "-" else int(digits))
    except ValueError as error:
        raise Refused("file", "it is not JSON") from error
    if not isinstance(file, dict):
        raise Refused("file", "it is not a JSON object")
    for name in ("commitment", "secret", "lobby_root", "count", "seed", "entries"):
        if name not in file:
            raise Refused("file", f"{name} is missing")
    if not isinstance(file["entries"], list):
        raise Refused("file", "entries is not a list")
    entries = []
    for entry in file["entries"]:
        if not isinstance(entry, dict):
            raise Refused("file", "an entry is not an object")
        entries.append((hex_bytes(entry.get("entry"), "entry", 16),
                        whole_number(entry.get("tier"), "tier", 255),
                        whole_number(entry.get("rank"), "rank")))
    return file, entries


def verify(text):
    """Returns what a reader must know; raises Refused where a step does not hold."""
    file, entries = read(text)
    if (file.get("algorithm") or "frontrow/draw/v1") != "frontrow/draw/v1":
        raise Refused("algorithm", "unknown")

    secret = hex_bytes(file["secret"], "secret", 32)
    if sha256(secret) != hex_bytes(file["commitment"], "commitment", 32):
        raise Refused("commitment", "it is not the SHA-256 of the secret")

    if whole_number(file["count"], "count") != len(entries):
        raise Refused("count", f"the file lists {len(entries)} entries")

    root = hex_bytes(file["lobby_root"], "lobby_root", 32)
    if len({entry for entry, _, _ in entries}) != len(entries):
        raise Refused("lobby_root", "an entry is there twice")
    if tree_hash(sorted(entry + bytes([tier]) for entry, tier, _ in entries)) != root:
        raise Refused("lobby_root", "it is not the tree hash of the entries")

    beacon = hex_bytes(file.get("beacon") or "", "beacon")
    signature = hex_bytes(file.get("beacon_signature") or "", "beacon_signature")
    if beacon and len(beacon) != 32:
        raise Refused("file", "beacon is not 32 bytes")
    if (beacon or signature) and sha256(signature) != beacon:
        raise Refused("beacon", "it is not the SHA-256 of its signature")

    seed = hex_bytes(file["seed"], "seed", 32)
    if sha256(b"frontrow/draw/v1", b"\x00", secret, root, beacon) != seed:
        raise Refused("seed", "label, secret, root and beacon give another")

    drawn = sorted(entries, key=lambda e: (e[1], hmac.digest(seed, e[0], "sha256")))
    for place, (entry, _, rank) in enumerate(drawn, start=1):
        if rank != place:
            raise Refused("ranks", f"entry {entry.hex()} has rank {rank}, the draw gives {place}")

    if not beacon:
        return ["drawn without a beacon: the operator could have chosen the result"]
    if file.get("beacon_round") is None:
        return ["the beacon's round is not named: the operator could have chosen the result"]
    return [f"compare the beacon with drand round {file['beacon_round']} at any relay"]


def main():
    if len(sys.argv) != 2:
        print("usage: verify_draw.py DRAW.json", file=sys.stderr)
        return 2
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            remarks = verify(file.read())
    except (OSError, UnicodeDecodeError) as error:
        print(f"file: {error}", file=sys.stderr)
        return 1
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    for remark in remarks:
        print("note:", remark)
    print("verified")
    return 0


if __name__ == "__main__":
    sys.exit(main())
