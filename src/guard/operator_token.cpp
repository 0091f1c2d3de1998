#include "guard/operator_token.hpp"

#include <string>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "guard/secret_file.hpp"

namespace frontrow::guard {

Loaded<OperatorToken> ensure_operator_token(const std::filesystem::path& data_directory) {
  using Result = Loaded<OperatorToken>;
  OperatorToken token;
  token.path = data_directory / "operator.token";
  if (auto error = make_private_directory(data_directory); !error.empty())
    return Result::failed(std::move(error));
  FileContent content = read_file(token.path);
  if (content.state == ReadState::kAbsent) {
    const std::string text = to_base64url(random_array<Bytes32>()) + "\n";
    const WriteResult result = write_file(token.path, as_bytes(text), 0600, Existing::kKeep);
    if (!result.error.empty()) return Result::failed(result.error);
    token.made = result.written;
    content = read_file(token.path);
  }
  if (content.state != ReadState::kRead)
    return Result::failed(content.error.empty()
                              ? "cannot read " + token.path.string() + ": it vanished"
                              : content.error);

  std::string text(content.bytes.begin(), content.bytes.end());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const auto raw = from_base64url(text);
  if (!raw || raw->size() != sizeof(Bytes32))
    return Result::failed(token.path.string() +
                          " is not an operator's token: 43 characters of "
                          "base64url were expected");
  Result loaded;
  if (content.readable_by_others)
    loaded.warnings.push_back(token.path.string() +
                              " can be read by others; it should have mode 0600");
  token.token_sha256 = sha256(as_bytes(text));
  loaded.value = std::move(token);
  return loaded;
}

}  // namespace frontrow::guard
