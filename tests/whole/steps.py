"""Steps that several tests take."""

from client import Fan
from server import wait_until

# A round that draws at once and calls everybody who joined.
QUICK_SALE = {
    "sale.lobby_opens_at": "+0s",
    "sale.draw_at": "+2s",
    "draw.late_window_seconds": 1,
    "admission.max_shoppers": 1000,
    "admission.per_second": 1000,
    "payment.sandbox.delay_milliseconds": 20,
}


def joined(server, count):
    fans = [Fan(server.port) for _ in range(count)]
    for fan in fans:
        answer = fan.join()
        assert answer.status == 201, answer
    return fans


def enter(fan):
    wait_until(lambda: fan.queue()["state"] == "called", what="the call")
    answer = fan.call("POST", "/queue/enter")
    assert answer.status in (200, 204), answer
    return fan


def shopping(server, count):
    """Fans who joined in the lobby, were drawn and called, and have entered."""
    return [enter(fan) for fan in joined(server, count)]


def order_in(fan, order, *states):
    def reached():
        found = fan.get_order(order).json
        return found if found["state"] in states else None

    return wait_until(reached, what=f"order {order} in {states}")
