"""The beacon from a drand relay on this machine: the draw waits for its round and late windows close
with the first round after their end; a relay that is down or wrong harms nothing but the beacon.

The relay makes its signatures up: their SHA-256 is the randomness, as the rules want, and that drand
made them is nobody's to check here."""

import hashlib
import http.server
import importlib.util
import json
import os
import tempfile
import threading
import time
import unittest

from client import Fan, Http, Operator
from server import SOURCE, Server, free_port, run, wait_until
from steps import joined

UNKNOWN_CHAIN = "ab" * 32
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
QUICKNET_GENESIS, QUICKNET_PERIOD = 1692803367, 3


def load_second_verifier():
    path = os.path.join(SOURCE, "tests", "audit", "verify_draw.py")
    spec = importlib.util.spec_from_file_location("verify_draw", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SECOND = load_second_verifier()


def signature_of(chain, number):
    return hashlib.sha384(f"{chain} {number}".encode()).digest()


def answer_of(chain, number):
    signature = signature_of(chain, number)
    return {"round": number, "randomness": hashlib.sha256(signature).hexdigest(), "signature": signature.hex()}


class Relay:
    """`answer(chain, number)` gives the status and the body of what the relay says; no answer is made
    before the round's time on a chain that has one."""

    def __init__(self, answer=None):
        self.answer = answer or (lambda chain, number: (200, json.dumps(answer_of(chain, number)).encode()))
        self.asked = []
        relay = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                chain, _, number = self.path.removeprefix("/relay/").split("/")
                relay.asked.append(int(number))
                made_at = QUICKNET_GENESIS + (int(number) - 1) * QUICKNET_PERIOD
                if chain == QUICKNET and time.time() < made_at:
                    status, body = 404, b"{}"
                else:
                    status, body = relay.answer(chain, int(number))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # who asks may go away at any time

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/relay"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def beacon(url, chain=UNKNOWN_CHAIN, number=77, wait=600):
    return {"chain": chain, "round": number, "url": url, "wait_seconds": wait}


def public_file(server, name="draw"):
    answer = Http(server.port).call("GET", f"/api/v1/audit/{name}")
    assert answer.status == 200, answer
    return answer


def drawn(server, seconds=30):
    def found():
        answer = public_file(server)
        return answer if "secret" in answer.json else None

    return wait_until(found, seconds, "the draw")


def verify(test, data):
    """What the program says of a public file that both verifiers accept."""
    SECOND.verify(data.decode())
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "file.json")
        with open(path, "wb") as file:
            file.write(data)
        code, out, error = run("draw", "verify", "--file", path)
    test.assertEqual((code, error), (0, ""))
    return out


class Draw(unittest.TestCase):
    def test_the_draw_waits_for_the_named_round_and_uses_it(self):
        released = threading.Event()

        def answer(chain, number):
            if not released.is_set():
                return 404, b'{"error": "not yet"}'
            return 200, json.dumps(answer_of(chain, number)).encode()

        with Relay(answer) as relay, \
                Server(sets={"sale.draw_at": "+2s", "draw.beacon": beacon(relay.url + "/")}) as server:
            fans = joined(server, 5)
            wait_until(lambda: len(relay.asked) >= 3, what="the relay being asked again")
            waiting = public_file(server).json
            self.assertIn("lobby_root", waiting)
            self.assertNotIn("secret", waiting)
            self.assertEqual({fan.queue()["state"] for fan in fans}, {"lobby"})
            released.set()
            file = drawn(server)
            wanted = answer_of(UNKNOWN_CHAIN, 77)
            self.assertEqual((file.json["beacon"], file.json["beacon_signature"]),
                             (wanted["randomness"], wanted["signature"]))
            self.assertEqual(set(relay.asked), {77})
            self.assertNotIn("could have chosen", verify(self, file.body))
            self.assertIn("drawn with the beacon of round 77", wait_until(
                lambda: "drawn with" in server.drain_log() and server.drain_log(), what="the log's line"))
            log = run("log", "--data", server.directory)[1]
            self.assertIn("SetBeacon operator=relay round=77", log)
            self.assertEqual(log.count("SetBeacon"), 1)
            self.assertEqual(server.stop(), 0)

    def test_with_a_relay_that_is_down_or_wrong_the_draw_goes_without_and_says_so(self):
        def changed(**fields):
            return lambda chain, number: (200, json.dumps({**answer_of(chain, number), **fields}).encode())

        relays = {
            "malformed": Relay(lambda *_: (200, b"<html>busy</html>")),
            "empty": Relay(lambda *_: (200, b"")),
            "another round": Relay(lambda chain, _: (200, json.dumps(answer_of(chain, 78)).encode())),
            "another randomness": Relay(changed(randomness="00" * 32)),
            "no signature": Relay(changed(signature="")),
            "too large": Relay(lambda *_: (200, b" " * 1_000_000)),
            "failing": Relay(lambda *_: (500, b"{}")),
        }
        urls = {what: relay.url for what, relay in relays.items()}
        urls["down"] = f"http://127.0.0.1:{free_port()}"
        urls["no such name"] = "https://no-such-relay.invalid"
        urls["plain HTTP elsewhere"] = "http://192.0.2.1"
        servers = {}
        try:
            for relay in relays.values():
                relay.__enter__()
            for what, url in urls.items():
                sets = {"sale.draw_at": "+2s", "draw.beacon": beacon(url, wait=3), "http.threads": 1}
                servers[what] = Server(sets=sets).start()
                joined(servers[what], 2)
            for what, server in servers.items():
                with self.subTest(what):
                    file = drawn(server)
                    self.assertEqual((file.json["beacon"], file.json["beacon_signature"]), ("", ""))
                    self.assertIn("warning", file.json)
                    said = verify(self, file.body)
                    self.assertIn("round 77, was not used", said)
                    self.assertIn("could have chosen", said)
                    wait_until(lambda: "drawn without a beacon" in server.drain_log(), what="the log's line")
                    self.assertIn("beacon round 77 could not be fetched", server.drain_log())
                    self.assertEqual(Fan(server.port).join().status, 201)
                    self.assertNotIn("SetBeacon", run("log", "--data", server.directory)[1])
                    self.assertEqual(server.stop(), 0)
            for what, relay in relays.items():
                # With distance, not as fast as it answers.
                self.assertTrue(1 <= len(relay.asked) <= 20, (what, len(relay.asked)))
        finally:
            for server in servers.values():
                server.__exit__()
            for relay in relays.values():
                relay.__exit__()

    def test_an_operator_hands_it_in_where_the_relay_does_not(self):
        url = f"http://127.0.0.1:{free_port()}"
        with Server(sets={"sale.draw_at": "+2s", "draw.beacon": beacon(url)}) as server:
            joined(server, 3)
            operator = Operator(server.port, server.operator_token)
            good = answer_of(UNKNOWN_CHAIN, 77)
            early = operator.call("POST", "/beacon", good)
            self.assertEqual((early.status, early.code), (409, "beacon-too-early"))
            wait_until(lambda: "lobby_root" in public_file(server).json, what="the lobby's root")
            self.assertEqual(operator.call("POST", "/beacon", good).status, 200)
            other = {**answer_of(QUICKNET, 77)}
            refused = operator.call("POST", "/beacon", other)
            self.assertEqual((refused.status, refused.code), (409, "beacon-refused"))
            self.assertEqual(operator.call("POST", "/beacon", good).status, 200)
            file = drawn(server)
            self.assertEqual(file.json["beacon"], good["randomness"])
            verify(self, file.body)
            self.assertEqual(operator.call("POST", "/beacon", other).status, 409)


class LateWindows(unittest.TestCase):
    WAIT = 6
    WINDOW = 2

    def window_of(self, late, fan):
        entry = fan.queue()["entry"]
        return next(window for window in late["windows"]
                    if entry in [one["entry"] for one in window["entries"]])

    def expected_round(self, server, window):
        """The first round made strictly after the window's end."""
        draw_at = public_file(server, "late").json["draw_at"]
        end = SECOND.read_instant(draw_at) + (window["n"] + 1) * self.WINDOW * 1_000_000
        return (end - QUICKNET_GENESIS * 1_000_000) // (QUICKNET_PERIOD * 1_000_000) + 2

    def test_a_late_window_closes_with_the_first_round_after_its_end(self):
        down = threading.Event()

        def answer(chain, number):
            if down.is_set():
                return 500, b""
            return 200, json.dumps(answer_of(chain, number)).encode()

        # Made long after this test: the draw goes without, and comes soon.
        far = int((time.time() + 600 - QUICKNET_GENESIS) / QUICKNET_PERIOD)
        with Relay(answer) as relay, Server(sets={
                "sale.draw_at": "+1s", "draw.late_window_seconds": self.WINDOW,
                "draw.beacon": beacon(relay.url, QUICKNET, far, self.WAIT)}) as server:
            first = joined(server, 2)
            drawn(server)
            self.assertEqual(relay.asked, [], "a round that does not exist yet is not asked for")

            late = joined(server, 6)
            self.assertEqual({fan.queue()["rank"] for fan in late}, {None})
            wait_until(lambda: all(fan.queue()["rank"] for fan in late), what="the late windows' close")
            file = public_file(server, "late")
            self.assertEqual(file.json["lobby_count"], len(first))
            for fan in late:
                window = self.window_of(file.json, fan)
                wanted = answer_of(QUICKNET, self.expected_round(server, window))
                self.assertEqual((window["beacon_round"], window["beacon"], window["beacon_signature"]),
                                 (wanted["round"], wanted["randomness"], wanted["signature"]))
            self.assertIn("none", verify(self, file.body))
            self.assertIn("CloseLateWindow", run("log", "--data", server.directory)[1])

            down.set()
            (alone,) = joined(server, 1)
            wait_until(lambda: alone.queue()["rank"] == len(first) + len(late) + 1,
                       what="the close without a beacon")
            window = self.window_of(public_file(server, "late").json, alone)
            self.assertEqual((window["beacon_round"], window["beacon"], window["beacon_signature"]),
                             (None, "", ""))
            wait_until(lambda: f"late window {window['n']} was closed without a beacon" in server.drain_log(),
                       what="the log's line")

            operator = Operator(server.port, server.operator_token)
            self.assertEqual(operator.call("POST", "/phase", {"phase": "closed"}).status, 200)
            closed = wait_until(lambda: "late_secret" in public_file(server, "late").json
                                and public_file(server, "late"), what="the late secret")
            said = verify(self, closed.body)
            self.assertIn(f"windows without one: {window['n']}.", said)
            self.assertNotIn("none", said.split("note:")[0])
            state = json.loads(run("replay", "--data", server.directory, "--json")[1])
            self.assertGreater(state["commands"], 10)
            self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
