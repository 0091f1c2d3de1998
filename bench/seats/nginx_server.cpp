#include "seats/nginx_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "guard/self_signed.hpp"
#include "own_server.hpp"

namespace frontrow::bench {
namespace {

constexpr int wait_milliseconds_max = 10'000;

/// A port of 127.0.0.1 that nobody listens on just now.
std::uint16_t free_port() {
  const int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(socket_);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
  const int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool connected =
      connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(socket_);
  return connected;
}

std::string version_of(const std::string& binary) {
  FILE* const output = popen((binary + " -v 2>&1").c_str(), "r");
  if (output == nullptr) return {};
  char line[256] = {};
  const bool read = fgets(line, sizeof line, output) != nullptr;
  pclose(output);
  std::string version = read ? line : "";
  while (!version.empty() && version.back() == '\n') version.pop_back();
  return version.substr(std::min(version.size(), version.find(": ") + 2));
}

void write_file(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << content;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

NginxServer::NginxServer(const std::string& binary, std::uint32_t workers, const std::string& path,
                         const std::string& content)
    : version_(version_of(binary)), port_(free_port()) {
  std::string name = (std::filesystem::temp_directory_path() / "frontrow-nginx-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = name;
  write_files(workers, path, content);
  const std::string configuration = directory_ + "/nginx.conf", log = directory_ + "/error.log";
  pid_ = fork();
  if (pid_ == 0) {
    dup2(open((directory_ + "/output.log").c_str(), O_CREAT | O_WRONLY, 0600), STDERR_FILENO);
    execl(binary.c_str(), binary.c_str(), "-p", directory_.c_str(), "-c", configuration.c_str(),
          "-e", log.c_str(), nullptr);
    _exit(127);
  }
  wait_until_it_listens();
}

NginxServer::~NginxServer() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void NginxServer::write_files(std::uint32_t workers, const std::string& path,
                              const std::string& content) {
  const Instant now{std::chrono::duration_cast<std::chrono::microseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count()};
  const auto certificate = guard::ensure_self_signed(directory_, {"localhost"}, now);
  if (!certificate) throw std::runtime_error("no certificate: " + certificate.error);
  write_file(directory_ + "/files" + path, content);
  // Workers of a server that root starts would not be let into the directory as anybody else.
  configuration_ = fmt::format(
      R"({user}worker_processes {workers};
daemon off;
pid {directory}/nginx.pid;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; multi_accept on; }}
http {{
  access_log off;
  sendfile on; tcp_nopush on; tcp_nodelay on; gzip off; etag on;
  keepalive_timeout 3600s; keepalive_requests 1000000000;
  open_file_cache max=16 inactive=3600s; open_file_cache_valid 3600s;
  ssl_protocols TLSv1.3; ssl_session_tickets off;
  default_type application/json;
  client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl backlog=4096;
    ssl_certificate {certificate}; ssl_certificate_key {key};
    root {directory}/files;
  }}
}}
)",
      fmt::arg("user", geteuid() == 0 ? "user root;\n" : ""), fmt::arg("workers", workers),
      fmt::arg("directory", directory_), fmt::arg("port", port_),
      fmt::arg("certificate", certificate.value->certificate.string()),
      fmt::arg("key", certificate.value->key.string()));
  write_file(directory_ + "/nginx.conf", configuration_);
}

void NginxServer::wait_until_it_listens() {
  for (int waited = 0; waited < wait_milliseconds_max; waited += 10) {
    if (listens(port_)) return;
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) break;
    usleep(10'000);
  }
  std::ifstream log(directory_ + "/error.log"), output(directory_ + "/output.log");
  std::string said((std::istreambuf_iterator<char>(output)), std::istreambuf_iterator<char>());
  said.append(std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>());
  throw std::runtime_error("nginx did not start: " + said);
}

double NginxServer::cpu_seconds() const {
  double seconds = cpu_seconds_of(pid_);
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", pid_));
  for (pid_t child = 0; children >> child;) seconds += cpu_seconds_of(child);
  return seconds;
}

}  // namespace frontrow::bench
