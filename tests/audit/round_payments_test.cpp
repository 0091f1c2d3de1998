// Which attempt pays, which money goes back, and when it is there, out of the commands alone.
#include "audit/round_payments.hpp"

#include "audit/small_sale.hpp"

using namespace frontrow;
using namespace frontrow::audit;

namespace {

using State = RoundPayment::State;

struct Told {
  Told() : sale([this](const Carried& carried) { history.take(carried); }) {}
  /// The state of each attempt of the order, in their order.
  std::vector<State> states() const {
    std::vector<State> states;
    for (const RoundPayment& payment :
         round_payments(history, sale.engine, [](OrderId order, std::uint32_t attempt) {
           return std::to_string(order.value) + "-" + std::to_string(attempt);
         }))
      states.push_back(payment.state);
    return states;
  }
  PaymentHistory history;
  SmallSale sale;
};

}  // namespace

TEST_CASE("a refund of captures beside the paying one leaves that one paid") {
  Told told;
  SmallSale& sale = told.sale;
  sale.open();
  const FanId fan = SmallSale::first;
  const OrderId order = sale.hold(fan, {sale.seat("A-1-1")}, seconds(70));
  const Amount total = sale.engine.order(order).total;
  for (const auto at : {71, 73}) {
    const std::uint32_t attempt = sale.pay(fan, order, seconds(at));
    sale.apply(RecordPaymentFailure{order, attempt, PaymentFailure::kGatewayUnavailable},
               seconds(at + 1));
  }
  CHECK(told.states() == std::vector<State>{State::kFailed, State::kFailed});
  sale.pay(fan, order, seconds(75));
  CHECK(told.states() == std::vector<State>{State::kFailed, State::kFailed, State::kOpen});
  // The second was captured after all, while the third is open; then the third, then the first.
  sale.apply(RecordPaymentSuccess{order, 2, total, "b"}, seconds(76));
  sale.apply(RecordPaymentSuccess{order, 3, total, "c"}, seconds(77));
  sale.apply(RecordPaymentSuccess{order, 1, total, "a"}, seconds(78));
  CHECK(told.states() == std::vector<State>{State::kOwed, State::kOwed, State::kPays});
  // Refunds come in the order of the captures.
  sale.apply(RecordRefund{order, "rb"}, seconds(79));
  CHECK(told.states() == std::vector<State>{State::kOwed, State::kReturned, State::kPays});
  // A repeated success changes nothing.
  sale.apply(RecordPaymentSuccess{order, 2, total, "b"}, seconds(80));
  CHECK(told.states() == std::vector<State>{State::kOwed, State::kReturned, State::kPays});
  // The order's own refund comes before those of captures beside it.
  sale.apply(RefundOrder{"ops", order, ""}, seconds(81));
  CHECK(told.states() == std::vector<State>{State::kOwed, State::kReturned, State::kOwed});
  sale.apply(RecordRefund{order, "rc"}, seconds(82));
  CHECK(told.states() == std::vector<State>{State::kOwed, State::kReturned, State::kReturned});
  sale.apply(RecordRefund{order, "ra"}, seconds(83));
  CHECK(told.states() == std::vector<State>{State::kReturned, State::kReturned, State::kReturned});
}

TEST_CASE("late money that buys no seats any more is owed, then returned") {
  Told told;
  SmallSale& sale = told.sale;
  sale.open();
  const OrderId order = sale.hold(SmallSale::first, {sale.seat("A-1-1")}, seconds(70));
  const Amount total = sale.engine.order(order).total;
  sale.pay(SmallSale::first, order, seconds(71));
  sale.pass_time(seconds(372));
  sale.apply(RecordPaymentFailure{order, 1, PaymentFailure::kCancelled}, seconds(373));
  CHECK(told.states() == std::vector<State>{State::kFailed});
  sale.hold(SmallSale::second, {sale.seat("A-1-1")}, seconds(374));
  sale.apply(RecordPaymentSuccess{order, 1, total, "a"}, seconds(375));
  CHECK(told.states() == std::vector<State>{State::kOwed});
  sale.apply(RecordRefund{order, "ra"}, seconds(376));
  CHECK(told.states() == std::vector<State>{State::kReturned});
}
