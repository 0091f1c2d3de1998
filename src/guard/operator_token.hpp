// The one admin token of a round file that names no operators. Called once at start.
#pragma once

#include <filesystem>

#include "frontrow/round_definition.hpp"
#include "guard/loaded.hpp"

namespace frontrow::guard {

struct OperatorToken {
  std::filesystem::path path;  ///< DIR/operator.token, 0600: the token and a newline.
  Bytes32 token_sha256{};      ///< SHA-256 of the token's text, as the round file writes it.
  bool made = false;           ///< Just now; its place is worth a line in the log.
};

/// Reads DIR/operator.token, or makes it: 32 random bytes in base64url.
Loaded<OperatorToken> ensure_operator_token(const std::filesystem::path& data_directory);

}  // namespace frontrow::guard
