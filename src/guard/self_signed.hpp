// A self-signed certificate for rounds that are given none. Called once at start.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "frontrow/time.hpp"
#include "guard/loaded.hpp"

namespace frontrow::guard {

struct CertificateFiles {
  std::filesystem::path certificate;  ///< PEM, 0644.
  std::filesystem::path key;          ///< PEM, 0600.
  bool made = false;                  ///< Made or renewed just now.
};

/// Days that a certificate is valid: the most that browsers accept.
inline constexpr int certificate_days = 397;

/// DIR/keys/tls.crt and tls.key: a P-256 certificate for localhost, 127.0.0.1, ::1, this
/// machine's name and `names` (host names or addresses). Kept while it is valid, belongs to its
/// key and covers all of these; made anew otherwise.
Loaded<CertificateFiles> ensure_self_signed(const std::filesystem::path& data_directory,
                                            const std::vector<std::string>& names, Instant now);

}  // namespace frontrow::guard
