"""Calls stop where the gateway answers nothing, the journal says why, and a pin undoes it."""

import json
import unittest

from client import Fan, Operator
from server import Server, run, wait_until
from steps import QUICK_SALE, shopping


class Admission(unittest.TestCase):
    def test_a_silent_gateway_stops_the_calls_until_the_admission_is_pinned(self):
        with Server(sets=QUICK_SALE) as server:
            operator = Operator(server.port, server.operator_token)

            def admission():
                return operator.status()["admission"]

            self.assertFalse(admission()["pinned"])
            self.assertEqual(admission()["pace"],
                             {"calls_per_second": None, "outstanding_max": 1000, "reason": "as-configured"})
            fans = shopping(server, 6)
            zone = fans[0].call("GET", "/round").json["zones"][0]["id"]
            for fan in fans:
                order = fan.order({"zone": zone, "quantity": 1})
                self.assertEqual(order.status, 201, order)
                self.assertEqual(fan.pay(order.json["id"], "tok_never").status, 202)
            wait_until(lambda: admission()["pace"]["reason"] == "gateway-failing", seconds=60,
                       what="the conclusion that the gateway fails")
            self.assertEqual(admission()["pace"]["calls_per_second"], 0)
            self.assertEqual(admission()["counts"]["payments_started"], 6)
            self.assertEqual(admission()["counts"]["payments_answered"], 0)

            late = Fan(server.port)
            self.assertEqual(late.join().status, 201)
            wait_until(lambda: late.queue()["rank"], what="the place of the late fan")
            self.assertEqual(late.queue()["state"], "waiting")

            pinned = operator.call("PUT", "/admission", {"pinned": True})
            self.assertEqual(pinned.status, 200, pinned)
            wait_until(lambda: late.queue()["state"] == "called", what="the call of the late fan")
            self.assertTrue(admission()["pinned"])
            self.assertEqual(admission()["pace"]["reason"], "as-configured")
            metrics = operator.http.call("GET", "/metrics").body.decode()
            self.assertIn("frontrow_admission_pinned 1\n", metrics)
            self.assertIn('frontrow_payments_total{step="started"} 6\n', metrics)
            self.assertIn('frontrow_admission_reason{reason="as-configured"} 1\n', metrics)
            self.assertEqual(server.stop(), 0)

            code, out, error = run("log", "--data", server.directory, "--json")
            self.assertEqual(code, 0, error)
            lines = [json.loads(line) for line in out.splitlines()]
            paces = [line for line in lines if line["command"] == "SetPace"]
            self.assertTrue(paces)
            failing = [pace for pace in paces if pace["why"] == "gateway-failing"]
            self.assertEqual(len(failing), 1, paces)
            self.assertEqual(failing[0]["calls_per_second"], 0)
            self.assertIn("6 payments wait", failing[0]["measured"])
            code, out, error = run("replay", "--data", server.directory)
            self.assertEqual(code, 0, error)


if __name__ == "__main__":
    unittest.main()
