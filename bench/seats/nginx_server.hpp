// nginx serving one file over TLS, out of a temporary directory with a configuration of its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace frontrow::bench {

class NginxServer {
 public:
  /// `path` begins with a slash. Throws where nginx is not there or does not start.
  NginxServer(const std::string& binary, std::uint32_t workers, const std::string& path,
              const std::string& content);
  ~NginxServer();
  NginxServer(const NginxServer&) = delete;
  NginxServer& operator=(const NginxServer&) = delete;

  std::uint16_t port() const { return port_; }
  /// What nginx calls itself.
  const std::string& version() const { return version_; }
  const std::string& configuration() const { return configuration_; }
  /// User and system time of all its processes.
  double cpu_seconds() const;

 private:
  void write_files(std::uint32_t workers, const std::string& path, const std::string& content);
  void wait_until_it_listens();

  std::string directory_, version_, configuration_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace frontrow::bench
