// What `/metrics` shows of the sequencer, the channels, the seats and the fans: read from their
// owners' atomics at each scrape.
#pragma once

#include <string>
#include <vector>

#include "base/channel.hpp"
#include "base/published.hpp"
#include "observe/metrics.hpp"
#include "payment/payment_worker.hpp"
#include "proof/log_keeper.hpp"
#include "sequencer/sequencer.hpp"

namespace frontrow::cli {

/// A channel and what it is called in labels: "front-0", "payment".
struct NamedChannel {
  std::string name;
  const Channel* channel = nullptr;
};

/// All that is passed outlives `metrics`.
void add_metrics_sources(observe::Metrics& metrics, const Sequencer& sequencer,
                         const Published& published, std::vector<NamedChannel> channels,
                         const payment::PaymentWorker& payments);

/// What the transparency log says of itself. Both outlive `metrics`.
void add_log_metrics(observe::Metrics& metrics, const proof::TransparencyLog& log,
                     const proof::LogKeeper& keeper);

}  // namespace frontrow::cli
