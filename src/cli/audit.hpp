// `frontrow audit verify`: checks receipts and proofs of the transparency log, offline.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_audit_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
