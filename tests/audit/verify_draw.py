#!/usr/bin/env python3
"""Checks the public file of a Frontrow draw, or that of the late windows after it, with Python's
standard library alone.

Written after docs/fairness.md, apart from the program's own verifier.
Usage: verify_draw.py FILE.json. Exit 0: the draw holds; 1: it does not, and which step fails.
"""

import datetime
import hashlib
import hmac
import json
import re
import sys


# Chains whose clocks are known: the time of round 1 in seconds since 1970, and the period.
CHAINS = {
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": (1692803367, 3),
    "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": (1595431050, 30),
}


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


def read_entries(listed):
    if not isinstance(listed, list):
        raise Refused("file", "entries is not a list")
    entries = []
    for entry in listed:
        if not isinstance(entry, dict):
            raise Refused("file", "an entry is not an object")
        entries.append((hex_bytes(entry.get("entry"), "entry", 16),
                        whole_number(entry.get("tier"), "tier", 255),
                        whole_number(entry.get("rank"), "rank")))
    return entries


def read(file):
    for name in ("commitment", "secret", "lobby_root", "count", "seed", "entries"):
        if name not in file:
            raise Refused("file", f"{name} is missing")
    return read_entries(file["entries"])


def check_root(entries, root, step):
    if len({entry for entry, _, _ in entries}) != len(entries):
        raise Refused(step, "an entry is there twice")
    if tree_hash(sorted(entry + bytes([tier]) for entry, tier, _ in entries)) != root:
        raise Refused(step, "it is not the tree hash of the entries")


def read_beacon(holder):
    beacon = hex_bytes(holder.get("beacon") or "", "beacon")
    signature = hex_bytes(holder.get("beacon_signature") or "", "beacon_signature")
    if beacon and len(beacon) != 32:
        raise Refused("file", "beacon is not 32 bytes")
    return beacon, signature


def check_beacon(beacon, signature):
    if (beacon or signature) and sha256(signature) != beacon:
        raise Refused("beacon", "it is not the SHA-256 of its signature")


def check_ranks(entries, seed, first):
    drawn = sorted(entries, key=lambda e: (e[1], hmac.digest(seed, e[0], "sha256")))
    for place, (entry, _, rank) in enumerate(drawn, start=first):
        if rank != place:
            raise Refused("ranks", f"entry {entry.hex()} has rank {rank}, the draw gives {place}")


def verify(text):
    """Returns what a reader must know; raises Refused where a step does not hold."""
    try:
        file = json.loads(text, parse_int=lambda digits: float(digits) if digits[0] == "-" else int(digits))
    except ValueError as error:
        raise Refused("file", "it is not JSON") from error
    if not isinstance(file, dict):
        raise Refused("file", "it is not a JSON object")
    return verify_late(file) if "windows" in file else verify_draw(file)


def verify_draw(file):
    entries = read(file)
    if (file.get("algorithm") or "frontrow/draw/v1") != "frontrow/draw/v1":
        raise Refused("algorithm", "unknown")

    secret = hex_bytes(file["secret"], "secret", 32)
    if sha256(secret) != hex_bytes(file["commitment"], "commitment", 32):
        raise Refused("commitment", "it is not the SHA-256 of the secret")

    if whole_number(file["count"], "count") != len(entries):
        raise Refused("count", f"the file lists {len(entries)} entries")

    root = hex_bytes(file["lobby_root"], "lobby_root", 32)
    check_root(entries, root, "lobby_root")
    beacon, signature = read_beacon(file)
    check_beacon(beacon, signature)

    seed = hex_bytes(file["seed"], "seed", 32)
    if sha256(b"frontrow/draw/v1", b"\x00", secret, root, beacon) != seed:
        raise Refused("seed", "label, secret, root and beacon give another")

    check_ranks(entries, seed, 1)

    if not beacon:
        return ["drawn without a beacon: the operator could have chosen the result"]
    if file.get("beacon_round") is None:
        return ["the beacon's round is not named: the operator could have chosen the result"]
    return [f"compare the beacon with drand round {file['beacon_round']} at any relay"]


def optional_number(holder, name, largest=2**64 - 1):
    value = holder.get(name)
    return None if value is None or value == "" else whole_number(value, name, largest)


def read_instant(text):
    """Microseconds since 1970."""
    if text is None or text == "":
        return None
    if not isinstance(text, str) or not re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z", text):
        raise Refused("file", "draw_at is no instant in UTC")
    whole, _, fraction = text[:-1].partition(".")
    try:
        at = datetime.datetime.fromisoformat(whole + "+00:00")
    except ValueError as error:
        raise Refused("file", "draw_at is no instant") from error
    since = at - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + int(fraction.ljust(6, "0") or "0")


def read_window(window):
    if not isinstance(window, dict):
        raise Refused("file", "a window is not an object")
    beacon, signature = read_beacon(window)
    return {"n": whole_number(window.get("n"), "n", 1_000_000_000),
            "secret": hex_bytes(window.get("window_secret"), "window_secret", 32),
            "root": hex_bytes(window.get("window_root"), "window_root", 32),
            "seed": hex_bytes(window.get("seed"), "seed", 32),
            "round": optional_number(window, "beacon_round"),
            "beacon": beacon, "signature": signature,
            "entries": read_entries(window.get("entries"))}


def first_round_after(file, draw_at, length, number):
    """The number of the first drand round made after the window's end; None where the file does not
    tell enough."""
    known = CHAINS.get(file.get("beacon_chain"))
    if known is None or draw_at is None or length is None:
        return None
    end = draw_at + (number + 1) * length * 1_000_000
    since = end - known[0] * 1_000_000
    return 1 if since < 0 else since // (known[1] * 1_000_000) + 2


def verify_late(file):
    secret = file.get("late_secret") or None
    commitment = file.get("late_commitment") or None
    secret = secret and hex_bytes(secret, "late_secret", 32)
    commitment = commitment and hex_bytes(commitment, "late_commitment", 32)
    for name in ("algorithm", "beacon_chain"):
        if file.get(name) is not None and not isinstance(file[name], str):
            raise Refused("file", f"{name} is not a text")
    draw_at = read_instant(file.get("draw_at"))
    length = optional_number(file, "window_seconds", 3_600)
    if length == 0:
        raise Refused("file", "window_seconds is no length")
    lobby_count = optional_number(file, "lobby_count")
    if not isinstance(file["windows"], list):
        raise Refused("file", "windows is not a list")
    windows = [read_window(window) for window in file["windows"]]

    if (file.get("algorithm") or "frontrow/late/v1") != "frontrow/late/v1":
        raise Refused("algorithm", "unknown")
    if secret and commitment and sha256(secret) != commitment:
        raise Refused("late_commitment", "it is not the SHA-256 of the late secret")

    for one, other in zip(windows, windows[1:]):
        if one["n"] >= other["n"]:
            raise Refused("windows", f"window {other['n']} stands behind window {one['n']}")
    entries = [entry for window in windows for entry, _, _ in window["entries"]]
    if len(set(entries)) != len(entries):
        raise Refused("windows", "an entry is there twice")

    for window in windows:
        number = window["n"].to_bytes(8, "big")
        if secret and hmac.digest(secret, number, "sha256") != window["secret"]:
            raise Refused("window_secret", f"window {window['n']}: not what the late secret gives")
    for window in windows:
        if any(tier != 1 for _, tier, _ in window["entries"]):
            raise Refused("window_root", f"window {window['n']}: an entry is not of tier 1")
        check_root(window["entries"], window["root"], "window_root")
    for window in windows:
        check_beacon(window["beacon"], window["signature"])
    for window in windows:
        if bool(window["beacon"]) != (window["round"] is not None):
            raise Refused("beacon_round", f"window {window['n']}: a beacon and its round belong together")
        first = first_round_after(file, draw_at, length, window["n"])
        if window["beacon"] and first is not None and window["round"] != first:
            raise Refused("beacon_round", f"window {window['n']}: the first after its end is {first}")
    for window in windows:
        number = window["n"].to_bytes(8, "big")
        if sha256(b"frontrow/late/v1", b"\x00", number, window["secret"], window["root"],
                  window["beacon"]) != window["seed"]:
            raise Refused("seed", f"window {window['n']}: number, secret, root and beacon give another")

    rank = 1 if lobby_count is None else lobby_count + 1
    if lobby_count is None and windows:
        rank = min((rank for _, _, rank in windows[0]["entries"]), default=1)
    for window in windows:
        check_ranks(window["entries"], window["seed"], rank)
        rank += len(window["entries"])

    remarks = [f"window {window['n']} went without a beacon: there the operator could have chosen the order"
               for window in windows if not window["beacon"]]
    if not secret:
        remarks.append("the late secret is not public until the round is closed: check again then")
    return remarks


def main():
    if len(sys.argv) != 2:
        print("usage: verify_draw.py FILE.json", file=sys.stderr)
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
