// What a crowd is asked to do. Filled in by the command line; read by everyone, changed by nobody.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frontrow::crowd {

/// Descriptors that one worker may open; the machines this runs on give 20,000 to a process.
inline constexpr std::uint32_t descriptors_per_process = 18'000;
/// One connection for HTTP and one for the live socket.
inline constexpr std::uint32_t descriptors_per_fan = 2;
inline constexpr std::uint32_t fans_per_process_max =
    (descriptors_per_process - 200) / descriptors_per_fan;
inline constexpr std::uint32_t processes_max = 64;
inline constexpr std::uint32_t fans_max = fans_per_process_max * processes_max;
inline constexpr std::size_t seats_per_order_max = 4;

enum class ArrivalShape : std::uint8_t {
  kEven,    ///< Evenly, each at a random moment of its own slot.
  kRandom,  ///< Each at any moment, as likely as any other.
  kRush,    ///< Most in the first moments, as at the opening of a sale.
};

/// Weights of the card tokens that fans pay with; what `tok_declined` fans do next is pay again
/// with `tok_ok`.
struct PaymentMix {
  double ok = 88, declined = 6, slow = 4, never = 2;
};

struct Options {
  std::string url;
  std::uint32_t fans = 100;
  std::uint64_t seed = 1;
  std::uint32_t processes = 0;  ///< 0: as many as the fans need.
  std::uint32_t fans_per_address = 1;

  double arrive_over_seconds = 10;
  ArrivalShape arrival_shape = ArrivalShape::kEven;
  double deadline_seconds = 600;
  double verify_seconds = 60;   ///< Kept back from the deadline, for the final comparison.
  double request_seconds = 30;  ///< How long a fan waits for one answer.
  double patience_seconds = 0;  ///< How long a shopper looks at a full house; 0: to the end.

  std::array<double, seats_per_order_max> seats_per_order = {30, 45, 15, 10};
  PaymentMix payment_mix;
  double pick_share = 0.5;  ///< Pick seats from the map; the rest ask for the best ones.
  double drop_share = 0.05;
  double hesitate_share = 0.10;
  double leave_share = 0.02;
  double release_share = 0.02;
  double think_seconds = 1;      ///< Upper bound of a fan's ordinary think time.
  double hesitate_seconds = 10;  ///< Upper bound for those who hesitate.
  std::uint32_t order_attempts = 20;

  std::string ca_file;    ///< Verify the server's certificate against this; empty: do not.
  std::string json_file;  ///< Write the report here too; empty: nowhere.
};

/// One line for each thing that cannot be done as asked; none: all is well.
std::vector<std::string> mistakes(const Options& options);

/// How many workers: as asked, or two for a crowd worth it, or as many as descriptors need.
std::uint32_t process_count(const Options& options);

/// The part of the deadline that the sale has: what is left once verification has been given
/// its own, which is a quarter at most.
double sale_seconds(const Options& options);

/// "ok=88,declined=6,slow=4,never=2"; kinds that are not named weigh 0.
std::optional<PaymentMix> parse_payment_mix(std::string_view text);
/// "30,45,15,10": weights for orders of 1, 2, 3 and 4 seats; missing ones weigh 0.
std::optional<std::array<double, seats_per_order_max>> parse_seat_weights(std::string_view text);
std::optional<ArrivalShape> parse_arrival_shape(std::string_view text);
std::string_view to_text(ArrivalShape shape);

/// The settings as the report shows them.
nlohmann::json to_json(const Options& options);

}  // namespace frontrow::crowd
