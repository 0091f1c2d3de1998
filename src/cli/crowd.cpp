#include "cli/crowd.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "crowd/crowd.hpp"
#include "crowd/options.hpp"

namespace frontrow::cli {
namespace {

// The flags whose values have a small language of their own, as text.
struct Texts {
  std::string seats_per_order = "30,45,15,10";
  std::string payment_mix = "ok=88,declined=6,slow=4,never=2";
  std::string arrival_shape = "even";
};

void refuse(const std::string& what) { throw CLI::ValidationError(what); }

void take_texts(crowd::Options& options, const Texts& texts) {
  const auto seats = crowd::parse_seat_weights(texts.seats_per_order);
  if (!seats) refuse("--seats-per-order takes up to four weights, such as 30,45,15,10");
  options.seats_per_order = *seats;
  const auto mix = crowd::parse_payment_mix(texts.payment_mix);
  if (!mix) refuse("--payment-mix takes weights, such as ok=88,declined=6,slow=4,never=2");
  options.payment_mix = *mix;
  const auto shape = crowd::parse_arrival_shape(texts.arrival_shape);
  if (!shape) refuse("--arrival-shape is even, random or rush");
  options.arrival_shape = *shape;
  const auto mistakes = crowd::mistakes(options);
  if (!mistakes.empty()) refuse(mistakes.front());
}

}  // namespace

void add_crowd_command(CLI::App& app, int& exit_code) {
  auto* const command = app.add_subcommand(
      "crowd",
      "Sends a crowd of real TLS and WebSocket clients to a server on this machine; "
      "prints a JSON report");
  const auto options = std::make_shared<crowd::Options>();
  const auto texts = std::make_shared<Texts>();
  command->add_option("--url", options->url, "Where to: http or https, loopback only")->required();
  command->add_option("--fans", options->fans, "How many")->required();
  command->add_option("--seed", options->seed, "The same seed draws the same crowd")
      ->capture_default_str();
  command->add_option("--processes", options->processes, "Worker processes; 0: as needed")
      ->capture_default_str();
  command
      ->add_option("--fans-per-address", options->fans_per_address,
                   "Fans behind one source address in 127.0.0.0/8")
      ->capture_default_str();
  command
      ->add_option("--arrive-over", options->arrive_over_seconds,
                   "Seconds over which the fans come")
      ->capture_default_str();
  command->add_option("--arrival-shape", texts->arrival_shape, "even, random or rush")
      ->capture_default_str();
  command->add_option("--deadline", options->deadline_seconds, "Seconds that all may take")
      ->capture_default_str();
  command
      ->add_option("--verify-within", options->verify_seconds,
                   "Of these, for the final comparison; a quarter at most")
      ->capture_default_str();
  command->add_option("--request-timeout", options->request_seconds, "Seconds for one answer")
      ->capture_default_str();
  command
      ->add_option("--patience", options->patience_seconds,
                   "Seconds before a full house; 0: until all is sold")
      ->capture_default_str();
  command
      ->add_option("--seats-per-order", texts->seats_per_order,
                   "Weights of orders of 1, 2, 3 and 4 seats")
      ->capture_default_str();
  command->add_option("--payment-mix", texts->payment_mix, "Weights of the ways to pay")
      ->capture_default_str();
  command->add_option("--pick", options->pick_share, "Share who pick seats from the map")
      ->capture_default_str();
  command->add_option("--drop", options->drop_share, "Share who lose their connections once")
      ->capture_default_str();
  command->add_option("--hesitate", options->hesitate_share, "Share who take their time")
      ->capture_default_str();
  command->add_option("--leave", options->leave_share, "Share who leave without an order")
      ->capture_default_str();
  command->add_option("--release", options->release_share, "Share who give their order back")
      ->capture_default_str();
  command
      ->add_option("--think", options->think_seconds, "Seconds an ordinary thought takes at most")
      ->capture_default_str();
  command
      ->add_option("--hesitate-for", options->hesitate_seconds,
                   "Seconds a hesitating fan's thought takes at most")
      ->capture_default_str();
  command
      ->add_option("--order-attempts", options->order_attempts,
                   "Orders refused before a fan gives up")
      ->capture_default_str();
  command->add_option("--ca", options->ca_file,
                      "Verify the server's certificate against this file; else it is not verified");
  command->add_option("--json", options->json_file, "Write the report here as well");
  command->callback([options, texts, &exit_code] {
    take_texts(*options, *texts);
    exit_code = crowd::run_crowd(*options, stdout, stderr);
  });
}

}  // namespace frontrow::cli
