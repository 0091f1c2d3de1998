// One command of every kind with the bytes that it has in every journal, now and for ever. The
// bytes were written by hand from docs/journal-format.md, not by the codec.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "frontrow/command.hpp"

namespace frontrow::test {

template <std::size_t N>
std::array<std::uint8_t, N> bytes(std::uint8_t first) {
  std::array<std::uint8_t, N> out{};
  for (std::size_t n = 0; n < N; ++n) out[n] = static_cast<std::uint8_t>(first + n);
  return out;
}

inline Idempotency idempotency() { return {bytes<16>(0xa0), 0x1122334455667788}; }

struct CommandSample {
  Command command;
  std::string hex;
};

inline std::vector<CommandSample> command_samples() {
  return {
      {OpenRound{1, "{}"}, "01000a00000001000000020000007b7d"},
      {Resume{seconds(90)}, "020008000000804a5d0500000000"},
      {Tick{}, "030000000000"},
      {CloseLobby{bytes<32>(0x10), 5},
       "040024000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f0500"
       "0000"},
      {SetBeacon{"ops", 123, bytes<32>(0x20), "sig"},
       "050036000000030000006f70737b00000000000000202122232425262728292a2b2c2d2e2f303132"
       "333435363738393a3b3c3d3e3f03000000736967"},
      {DrawLine{}, "060000000000"},
      {CloseLateWindow{2, 9, std::string(32, 'b'), "s"},
       "0700390000000200000000000000090000000000000020000000626262626262626262626262626262626262626"
       "26262"
       "626262626262626262620100000073"},
      {SetPace{{40, 900, PaceReason::kGatewaySlow}, "m"},
       "08000e000000280000008403000002010000006d"},
      {JoinQueue{bytes<16>(0x01), 254, bytes<16>(0x11), bytes<16>(0x21), bytes<16>(0x31), 5},
       "0a00430000000102030405060708090a0b0c0d0e0f10fe1112131415161718191a1b1c1d1e1f2021"
       "22232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f400500"},
      {EnterShop{FanId{7}}, "0b000400000007000000"},
      {LeaveQueue{FanId{8}}, "0c000400000008000000"},
      {CreateRecovery{FanId{9}, bytes<16>(0x41)},
       "0d0014000000090000004142434445464748494a4b4c4d4e4f50"},
      {RedeemRecovery{bytes<16>(0x41)}, "0e00100000004142434445464748494a4b4c4d4e4f50"},
      {PlaceHold{FanId{3}, idempotency(), {SeatIndex{1}, SeatIndex{49'999}, SeatIndex::none()}},
       "14002c00000003000000a0a1a2a3a4a5a6a7a8a9aaabacadaeaf8877665544332211030000000100"
       "00004fc30000ffffffff"},
      {PlaceBestHold{FanId{3}, idempotency(), true, ZoneIndex{4}, CategoryIndex::none(), 2,
                     Together::kPreferred},
       "15002600000003000000a0a1a2a3a4a5a6a7a8a9aaabacadaeaf8877665544332211010400ffff02"
       "00000002"},
      {ReleaseOrder{FanId{3}, OrderId{12}}, "160008000000030000000c000000"},
      {StartPayment{FanId{3}, OrderId{12}, idempotency(), PaymentMethod::kPromptPay, true},
       "170022000000030000000c000000a0a1a2a3a4a5a6a7a8a9aaabacadaeaf88776655443322110101"},
      {ReturnOrder{FanId{3}, OrderId{12}, idempotency()},
       "180020000000030000000c000000a0a1a2a3a4a5a6a7a8a9aaabacadaeaf8877665544332211"},
      {RecordPaymentAction{OrderId{12}, 1, R"({"type":"qr"})"},
       "1e00190000000c000000010000000d0000007b2274797065223a227172227d"},
      {RecordPaymentSuccess{OrderId{12}, 1, Amount{450'000}, "ch_1"},
       "1f00180000000c00000001000000d0dd0600000000000400000063685f31"},
      {RecordPaymentFailure{OrderId{12}, 1, PaymentFailure::kInvalidToken},
       "2000090000000c0000000100000008"},
      {RecordRefund{OrderId{12}, "re_1"}, "21000c0000000c0000000400000072655f31"},
      {RecordGatewayHealth{PaymentMethod::kTrueMoney, GatewayHealth::kTrying, "omise"},
       "22000b0000000702050000006f6d697365"},
      {JoinWaitlist{
           FanId{3}, idempotency(), {ZoneIndex{1}, ZoneIndex{2}}, 2, true, {CategoryIndex{4}}},
       "28002f00000003000000a0a1a2a3a4a5a6a7a8a9aaabacadaeaf8877665544332211020000000100"
       "02000200000001010000000400"},
      {LeaveWaitlist{FanId{3}}, "29000400000003000000"},
      {SetPhase{"ops", RequestedPhase::kClosed}, "320008000000030000006f707302"},
      {SetSchedule{"ops", Instant{1}, Instant{2}, Instant{-3}},
       "33001f000000030000006f707301000000000000000200000000000000fdffffffffffffff"},
      {SetAdmission{"config", {100, 10, seconds(1), seconds(2), 3}},
       "34002700000006000000636f6e666967640000000a00000040420f000000000080841e0000000000"
       "0300000000"},
      {BlockSeats{"ops", {SeatIndex{5}, SeatIndex{6}}, BlockReason::kSponsor, "r"},
       "350019000000030000006f7073020000000500000006000000020100000072"},
      {UnblockSeats{"ops", {}}, "36000b000000030000006f707300000000"},
      {BanFan{"ops", FanId{3}, "scalper"},
       "370016000000030000006f707303000000070000007363616c706572"},
      {UnbanFan{"ops", FanId{3}, ""}, "38000f000000030000006f70730300000000000000"},
      {RefundOrder{"ops", OrderId{12}, "fan asked"},
       "390018000000030000006f70730c0000000900000066616e2061736b6564"},
      {PostNotice{"ops", {{"en", "Doors at 6"}, {"th", "ประตู"}}},
       "3a0038000000030000006f70730200000002000000656e0a000000446f6f72732061742036020000"
       "0074680f000000e0b89be0b8a3e0b8b0e0b895e0b8b9"},
      {ErasePersonalData{"ops", FanId{3}}, "3b000b000000030000006f707303000000"},
      {SetZoneOpen{"ops", ZoneIndex{4}, false, "r"}, "3c000f000000030000006f70730400000100000072"},
      {MoveCategory{"ops", {SeatIndex{5}}, CategoryIndex{2}, "r"},
       "3d0016000000030000006f7073010000000500000002000100000072"},
  };
}

}  // namespace frontrow::test
