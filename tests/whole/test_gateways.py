"""A round that takes its money at Stripe or at Omise, as the sandbox plays them over the network:
paid, declined, a code to scan, notices good and forged, and a gateway that goes away."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import subprocess
import tempfile
import time
import unittest
import uuid

from client import Fan, Http, Operator
from server import BINARY, Server, free_port, wait_until
from steps import QUICK_SALE, enter, order_in

SECRET = uuid.uuid4().hex
NOTICE_KEY = uuid.uuid4().hex
# Omise's secrets are base64 of the key.
NOTICE_SECRET = {"sandbox": NOTICE_KEY, "stripe": NOTICE_KEY,
                 "omise": base64.b64encode(NOTICE_KEY.encode()).decode()}


class Gateway:
    """`frontrow gateway` on a port of its own, its notices sent to the server in a dialect."""

    def __init__(self, dialect, server):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "GATEWAY_SECRET": SECRET, "NOTICE_SECRET": NOTICE_SECRET[dialect]}
        self.process = subprocess.Popen(
            [BINARY, "gateway", "--listen", f"127.0.0.1:{self.port}", "--secret", "env:GATEWAY_SECRET",
             "--notice-secret", "env:NOTICE_SECRET", "--capture-delay", "20", "--approve-by-hand",
             "--notify-dialect", "own" if dialect == "sandbox" else dialect,
             "--notify", f"http://127.0.0.1:{server.port}/api/v1/webhooks/{dialect}"],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.answers, what="the gateway")

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def answers(self):
        try:
            return self.ask("GET", "/nothing")
        except OSError:
            return None

    def fault(self, **switches):
        status, text = self.ask("PUT", "/faults", json.dumps(switches),
                                {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"})
        assert status == 200, text

    def stop(self):
        self.process.kill()
        self.process.wait()


def sets_for(gateway, url, **more):
    access = {
        "sandbox": {"url": url, "secret": SECRET, "notice_secrets": [NOTICE_SECRET["sandbox"]]},
        "stripe": {"url": url, "secret_key": SECRET, "public_key": "pk_test_1",
                   "webhook_secrets": ["whsec_old", NOTICE_SECRET["stripe"]]},
        "omise": {"url": url, "secret_key": SECRET, "public_key": "pkey_test_1",
                  "webhook_secrets": [NOTICE_SECRET["omise"]]},
    }[gateway]
    sets = {name: value for name, value in QUICK_SALE.items() if not name.startswith("payment.")}
    return {**sets, "http.tls": None, "payment.gateway": gateway,
            "payment.return_url": "http://127.0.0.1:1/back", f"payment.{gateway}": access, **more}


def signed(dialect, body, key=NOTICE_KEY, at=None):
    """A notice's headers, as the gateway would send them."""
    at = int(time.time()) if at is None else at
    digest = hmac.new(key.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    if dialect == "omise":
        return {"Omise-Signature": digest, "Omise-Signature-Timestamp": str(at)}
    name = "Stripe-Signature" if dialect == "stripe" else "Frontrow-Signature"
    return {name: f"t={at},v1={digest}"}


def notice(dialect, reference):
    inner = {"object": "charge", "id": "chrg_x", "metadata": {"reference": reference}}
    event = {"id": "evt_" + uuid.uuid4().hex, "object": "event"}
    if dialect == "sandbox":
        event["charge"] = {"reference": reference}
    else:
        event["data"] = inner if dialect == "omise" else {"object": inner}
    return json.dumps(event)


class Gateways(unittest.TestCase):
    def start(self, dialect, **more):
        server = Server()
        self.addCleanup(server.__exit__)
        gateway = Gateway(dialect, server)
        self.addCleanup(gateway.stop)
        server.sets.update(sets_for(dialect, gateway.url, **more))
        server.start()
        return server, gateway

    def shoppers(self, server, count):
        fans = [Fan(server.port, tls=False) for _ in range(count)]
        for fan in fans:
            self.assertEqual(fan.join().status, 201)
        return [enter(fan) for fan in fans]

    def held(self, fan):
        answer = fan.order({"zone": "S1", "quantity": 1})
        self.assertEqual(answer.status, 201, answer)
        return answer.json["id"]

    def test_fans_pay_at_each_gateway(self):
        for dialect in ("sandbox", "stripe", "omise"):
            with self.subTest(dialect):
                server, gateway = self.start(dialect)
                found = Http(server.port, tls=False).call("GET", "/api/v1/round").json["payment"]
                self.assertEqual(found["gateway"], dialect)
                self.assertIn("card", found["methods"])
                self.assertEqual(found["unavailable"], [])
                self.assertEqual(found["public_key"],
                                 {"sandbox": None, "stripe": "pk_test_1", "omise": "pkey_test_1"}[dialect])
                fan, = self.shoppers(server, 1)

                order = self.held(fan)
                self.assertEqual(fan.pay(order, "tok_insufficient_funds").status, 202)
                wait_until(lambda: fan.get_order(order).json["payment"]["state"] == "failed", what="the decline")
                payment = fan.call("GET", f"/orders/{order}", headers={"Accept-Language": "th"}).json["payment"]
                self.assertEqual(payment["failure_code"], "insufficient-funds")
                self.assertIn("ยอดเงิน", payment["message"])
                self.assertEqual(fan.pay(order).status, 202)
                order_in(fan, order, "paid")

                # A code to scan: the fan approves at the gateway, whose notice settles it.
                order = self.held(fan)
                answer = fan.call("POST", f"/orders/{order}/payment", {"method": "promptpay"}, key="qr")
                self.assertEqual(answer.status, 202, answer)
                wait_until(lambda: fan.get_order(order).json["payment"]["state"] == "action", what="the code")
                action = fan.get_order(order).json["payment"]["next_action"]
                self.assertEqual(action["type"], "qr")
                self.assertTrue(action["data"] or action["image"])

                answer = fan.call("POST", f"/orders/{order}/payment", {"method": "cash"}, key="cash")
                self.assertEqual((answer.status, answer.json["path"]), (400, "method"))
                gateway.stop()
                self.assertEqual(server.stop(), 0)
                self.assertNotIn("tok_", server.drain_log() if server.process else "".join(server.log))
                self.assertNotIn(SECRET, "".join(server.log))

    def test_notices_good_and_forged(self):
        for dialect in ("sandbox", "stripe", "omise"):
            with self.subTest(dialect):
                server, _ = self.start(dialect)
                http_ = Http(server.port, tls=False)
                path = f"/api/v1/webhooks/{dialect}"
                body = notice(dialect, "tiny-o999-1")

                def post(raw, headers, where=path):
                    return http_.call("POST", where, raw=raw, headers=headers).status

                good = signed(dialect, body)
                for _ in range(3):
                    self.assertEqual(post(body, good), 200)
                self.assertEqual(post(notice(dialect, "elsewhere-o1-1"), signed(dialect, body)), 400)
                self.assertEqual(post(body, {}), 400)
                self.assertEqual(post(body, signed(dialect, body, key="another")), 400)
                self.assertEqual(post(body, signed(dialect, body, at=int(time.time()) - 400)), 400)
                self.assertEqual(post(body, signed(dialect, body, at=int(time.time()) + 400)), 400)
                self.assertEqual(post(body + " ", good), 400)
                self.assertEqual(post("{", signed(dialect, "{")), 400)
                foreign = notice(dialect, "elsewhere-o1-1")
                self.assertEqual(post(foreign, signed(dialect, foreign)), 200)
                others = {"sandbox", "stripe", "omise"} - {dialect}
                for other in others:
                    self.assertEqual(post(body, good, f"/api/v1/webhooks/{other}"), 404)
                self.assertEqual(http_.call("GET", "/livez").status, 200)

    def test_a_gateway_that_goes_away_is_left_alone_and_comes_back(self):
        server, gateway = self.start("sandbox")
        operator = Operator(server.port, server.operator_token, tls=False)
        public = Http(server.port, tls=False)

        def breaker():
            found = operator.status()["payment"]["breakers"]
            return next(one for one in found if one["method"] == "card")["state"]

        fans = self.shoppers(server, 8)
        self.assertEqual(breaker(), "closed")
        gateway.fault(outage=True)
        orders = [self.held(fan) for fan in fans]
        for fan, order in zip(fans[:6], orders):
            self.assertEqual(fan.pay(order).status, 202)
        wait_until(lambda: breaker() == "open", what="the breaker to open")
        wait_until(lambda: public.call("GET", "/api/v1/round").json["payment"]["unavailable"] == ["card"],
                   what="the public word of it")
        self.assertIn('frontrow_gateway_breaker_state{gateway="sandbox",method="card"} 2',
                      public.call("GET", "/metrics").body.decode())
        if breaker() == "open":
            self.assertEqual(fans[6].pay(orders[6]).status, 202)
            wait_until(lambda: fans[6].get_order(orders[6]).json["payment"]["failure_code"] ==
                       "gateway-unavailable", what="the refusal")
        gateway.fault(outage=False)

        def recovered():
            fan, order = fans[7], orders[7]
            if fan.get_order(order).json["state"] == "held":
                fan.pay(order)
            return breaker() == "closed"

        wait_until(recovered, seconds=60, what="the breaker to close")
        # Nobody has lost anything: who paid is paid or may pay again.
        for fan, order in zip(fans[:6], orders):
            order_in(fan, order, "paid", "held")


if __name__ == "__main__":
    unittest.main()
