#include "http/draw_json.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "http/json_writer.hpp"

namespace frontrow::http {
namespace {

void write_entries(JsonWriter& json, const std::vector<DrawEntry>& entries) {
  json.key("entries").begin_array();
  for (const DrawEntry& entry : entries) {
    json.begin_object();
    json.field("entry", to_hex(entry.entry));
    json.field("tier", entry.tier);
    json.field("rank", entry.rank);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string draw_json(const DrawRecord& record, const RoundDefinition& round) {
  std::string out;
  out.reserve(record.entries.size() * 80 + 2'048);
  JsonWriter json(out);
  json.begin_object();
  json.field("round", round.id);
  json.field("algorithm", "frontrow/draw/v1");
  json.field("commitment", to_hex(record.commitment));
  json.field("late_commitment", to_hex(record.late_commitment));
  if (round.draw.beacon) {
    json.field("beacon_chain", round.draw.beacon->chain);
    json.field("beacon_round", round.draw.beacon->round);
  } else {
    json.null_field("beacon_round");
  }
  if (record.lobby_closed) {
    json.field("lobby_root", to_hex(record.lobby_root));
    json.field("count", record.count);
  }
  if (record.drawn) {
    json.field("secret", to_hex(record.secret));
    json.field("beacon", to_hex(as_bytes(record.beacon)));
    json.field("beacon_signature", to_hex(as_bytes(record.beacon_signature)));
    if (record.beacon.empty())
      json.field("warning", "Drawn without a beacon: the operator could have chosen the result.");
    json.field("seed", to_hex(record.seed));
    write_entries(json, record.entries);
  }
  json.end_object();
  return out;
}

std::string late_json(const std::vector<std::shared_ptr<const LateWindowRecord>>& windows,
                      const RoundDefinition& round, const LateFacts& facts) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("round", round.id);
  json.field("algorithm", "frontrow/late/v1");
  json.field("late_commitment", to_hex(sha256(round.secrets.late_secret)));
  // Late windows have beacons only where they can be fetched.
  if (round.draw.beacon && !round.draw.beacon->url.empty())
    json.field("beacon_chain", round.draw.beacon->chain);
  else
    json.null_field("beacon_chain");
  json.field("draw_at", facts.draw_at);
  json.field("window_seconds", round.draw.late_window.microseconds / 1'000'000);
  json.field("lobby_count", facts.lobby_count);
  if (facts.closed) json.field("late_secret", to_hex(round.secrets.late_secret));
  json.key("windows").begin_array();
  for (const auto& window : windows) {
    json.begin_object();
    json.field("n", window->window);
    json.field("window_secret", to_hex(window->window_secret));
    json.field("window_root", to_hex(window->window_root));
    if (window->beacon.empty())
      json.null_field("beacon_round");
    else
      json.field("beacon_round", window->beacon_round);
    json.field("beacon", to_hex(as_bytes(window->beacon)));
    json.field("beacon_signature", to_hex(as_bytes(window->beacon_signature)));
    json.field("seed", to_hex(window->seed));
    write_entries(json, window->entries);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out;
}

}  // namespace frontrow::http
