"""What the tests of the outside contract share: problems, totals, bitmaps, and the hashes of the
draw, worked out from the published rules alone."""

import base64
import hashlib
import hmac
import json

from client import Http
from server import wait_until
from steps import QUICK_SALE

SALE = {**QUICK_SALE, "sale.draw_at": "+1s"}
CARD = {"method": "card", "token": "tok_ok"}


def problem(test, answer, status, code, **fields):
    """`answer` is the problem `code`, in the form that every problem has."""
    test.assertEqual((answer.status, answer.json.get("code")), (status, code), answer)
    test.assertEqual(answer.headers["Content-Type"].split(";")[0], "application/problem+json")
    found = answer.json
    test.assertEqual((found["type"], found["status"]), (f"/problems/{code}", status))
    test.assertTrue(isinstance(found["title"], str) and isinstance(found["detail"], str))
    for name, content in fields.items():
        test.assertEqual(found.get(name), content, answer)
    return found


def shape(test, found, expected):
    """Every field of `expected` is there and of its type; None stands for null."""
    for name, kind in expected.items():
        test.assertIn(name, found)
        value = found[name]
        if kind is None:
            test.assertIsNone(value, name)
        elif isinstance(kind, dict):
            shape(test, value, kind)
        elif isinstance(kind, list):
            test.assertIsInstance(value, list)
            for one in value:
                shape(test, one, kind[0]) if isinstance(kind[0], dict) else test.assertIsInstance(one, kind[0])
        else:
            test.assertIsInstance(value, kind, f"{name}: {value!r}")
            test.assertFalse(kind is int and isinstance(value, bool), name)


def seats_of_zone(venue_zone):
    return [seat["id"] for row in venue_zone["rows"] for seat in row["seats"]]


def free_seats(availability, venue):
    """The ids that are free, and a check of each bitmap's form."""
    free = set()
    assert [zone["id"] for zone in availability["zones"]] == [zone["id"] for zone in venue["zones"]]
    for zone, geometry in zip(availability["zones"], venue["zones"]):
        seats = seats_of_zone(geometry)
        data = base64.b64decode(zone["bitmap"], validate=True)
        assert len(data) == (len(seats) + 7) // 8, zone
        bits = [data[n // 8] >> (n % 8) & 1 for n in range(len(data) * 8)]
        assert not any(bits[len(seats):]), zone
        assert sum(bits) == zone["free"], zone
        free |= {seat for seat, bit in zip(seats, bits) if bit}
    return free


def consistent(test, port):
    """GET /round, GET /availability and GET /venue agree with each other; returns the round."""
    http = Http(port)

    def agreeing():
        read = {name: http.call("GET", f"/api/v1/{name}").json for name in ("venue", "availability", "round")}
        free = sum(zone["free"] for zone in read["availability"]["zones"])
        return read if free == read["round"]["totals"]["free"] else None
    # Each of them may be a second old.
    read = wait_until(agreeing, seconds=2, what="one state in both answers")
    http.close()
    totals, zones = read["round"]["totals"], read["round"]["zones"]
    test.assertEqual(totals["free"] + totals["held"] + totals["sold"] + totals["blocked"], totals["capacity"])
    test.assertEqual(totals["capacity"], read["venue"]["capacity"])
    test.assertEqual(sum(zone["free"] for zone in zones), totals["free"])
    test.assertEqual(sum(zone["capacity"] for zone in zones), totals["capacity"])
    test.assertEqual(sum(one["free"] for one in read["round"]["categories"]), totals["free"])
    free = free_seats(read["availability"], read["venue"])
    test.assertEqual(len(free), totals["free"])
    by_category = {one["id"]: 0 for one in read["round"]["categories"]}
    for zone in read["venue"]["zones"]:
        for row in zone["rows"]:
            for seat in row["seats"]:
                by_category[seat.get("category", zone["category"])] += seat["id"] in free
    test.assertEqual({one["id"]: one["free"] for one in read["round"]["categories"]}, by_category)
    return read["round"]


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def merkle(leaves):
    """The tree hash of RFC 6962."""
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return sha256(b"\x00", leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01", merkle(leaves[:split]), merkle(leaves[split:]))


def root_of(entries):
    return merkle(sorted(bytes.fromhex(one["entry"]) + bytes([one["tier"]]) for one in entries))


def order_of(entries, seed):
    return [one["entry"] for one in
            sorted(entries, key=lambda one: (one["tier"], mac(seed, bytes.fromhex(one["entry"]))))]


def solve(challenge):
    """Does the proof of work of an ALTCHA challenge (version 2, iterated SHA-256)."""
    parameters = challenge["parameters"]
    assert parameters["algorithm"] == "SHA-256", parameters
    nonce, salt = bytes.fromhex(parameters["nonce"]), bytes.fromhex(parameters["salt"])
    for counter in range(1 << 24):
        key = sha256(salt, nonce, counter.to_bytes(4, "big"))
        for _ in range(parameters["cost"] - 1):
            key = sha256(key)
        key = key[:parameters["keyLength"]]
        if key.hex().startswith(parameters["keyPrefix"]):
            solution = {"counter": counter, "derivedKey": key.hex(), "time": 1}
            return base64.b64encode(json.dumps({"challenge": challenge, "solution": solution}).encode()).decode()
    raise AssertionError("no solution")
