#include "outbound/scripted_server.hpp"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>

namespace frontrow::test {
namespace {

class PlainPeer final : public Peer {
 public:
  explicit PlainPeer(int descriptor) : descriptor_(descriptor) {}
  bool write(const std::string& bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const auto put = ::send(descriptor_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      if (put <= 0) return false;
      done += static_cast<std::size_t>(put);
    }
    return true;
  }

 protected:
  long read(char* into, std::size_t size) override { return ::recv(descriptor_, into, size, 0); }

 private:
  const int descriptor_;
};

class TlsPeer final : public Peer {
 public:
  explicit TlsPeer(SSL* ssl) : ssl_(ssl) {}
  bool write(const std::string& bytes) override {
    return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  std::string server_name() const override {
    const char* name = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? std::string() : name;
  }

 protected:
  long read(char* into, std::size_t size) override {
    return SSL_read(ssl_, into, static_cast<int>(size));
  }

 private:
  SSL* const ssl_;
};

}  // namespace

std::optional<std::string> Peer::request() {
  while (true) {
    if (const auto end = input_.find("\r\n\r\n"); end != std::string::npos) {
      std::size_t length = end + 4;
      if (const auto at = input_.find("Content-Length: "); at < end)
        length += std::stoul(input_.substr(at + 16));
      if (input_.size() >= length) {
        const std::string whole = input_.substr(0, length);
        input_.erase(0, length);
        return whole;
      }
    }
    char bytes[4096];
    const long got = read(bytes, sizeof bytes);
    if (got <= 0) return std::nullopt;
    input_.append(bytes, static_cast<std::size_t>(got));
  }
}

void Peer::wait_for_end() {
  char bytes[4096];
  while (read(bytes, sizeof bytes) > 0) {
  }
}

ScriptedServer::ScriptedServer(Script script, std::optional<ServerCertificate> tls)
    : script_(std::move(script)) {
  // SSL_write has no flag of its own against the signal.
  std::signal(SIGPIPE, SIG_IGN);
  if (tls) {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    tls_ = std::shared_ptr<void>(context, [](void* p) { SSL_CTX_free(static_cast<SSL_CTX*>(p)); });
    REQUIRE(SSL_CTX_use_certificate_chain_file(context, tls->certificate.c_str()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey_file(context, tls->key.c_str(), SSL_FILETYPE_PEM) == 1);
  }
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(listener_ >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;  // any address: 127.0.0.2 is this server too
  REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(listener_, 256) == 0);
  socklen_t size = sizeof address;
  REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard guard(mutex_);
    for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
}

void ScriptedServer::accept_all() {
  while (true) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    const std::lock_guard guard(mutex_);
    open_.push_back(descriptor);
    threads_.emplace_back([this, descriptor, number = ++accepted_] { serve(descriptor, number); });
  }
}

void ScriptedServer::serve(int descriptor, int number) {
  if (tls_ == nullptr) {
    PlainPeer peer(descriptor);
    peer.number = number;
    script_(peer);
  } else {
    SSL* ssl = SSL_new(static_cast<SSL_CTX*>(tls_.get()));
    SSL_set_fd(ssl, descriptor);
    if (SSL_accept(ssl) == 1) {
      TlsPeer peer(ssl);
      peer.number = number;
      script_(peer);
    }
    SSL_free(ssl);
  }
  const std::lock_guard guard(mutex_);
  std::erase(open_, descriptor);
  ::close(descriptor);
}

}  // namespace frontrow::test
