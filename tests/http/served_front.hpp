// A whole server on a free port of this machine, before a sequencer that a test speaks for.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "front_fixture.hpp"
#include "guard/self_signed.hpp"
#include "http/server.hpp"
#include "socket_client.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::test {

struct ServedFront {
  explicit ServedFront(bool with_tls, Answerer answer,
                       http::HttpSettings settings = quiet_settings())
      : tls(with_tls), services(*world.round), sequencer(channel, std::move(answer)) {
    sequencer.attach();
    if (tls) {
      const auto files = guard::ensure_self_signed(directory.path(), {"localhost"}, far_away);
      REQUIRE(files);
      settings.tls = http::TlsFiles{files.value->certificate, files.value->key};
    }
    server =
        std::make_unique<http::Server>(std::move(settings), services.handed_over(), world.round,
                                       world.published, std::vector<Channel*>{&channel});
    const auto failed = server->start();
    REQUIRE(failed.value_or("") == "");
    const std::string& address = server->address();
    port = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  }
  ~ServedFront() { server->stop(); }

  std::string token(std::uint32_t fan) const { return services.tokens.issue(FanId{fan}); }
  std::string authorization(std::uint32_t fan) const {
    return "Authorization: Bearer " + token(fan) + "\r\n";
  }

  const bool tls;
  TemporaryDirectory directory;
  PublishedRound world;
  Services services;
  Channel channel{256, Subscription{.fans = true, .payments = false}};
  FakeSequencer sequencer;
  std::unique_ptr<http::Server> server;
  std::uint16_t port = 0;
};

}  // namespace frontrow::test
