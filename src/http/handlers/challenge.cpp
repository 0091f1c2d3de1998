// A proof of work to do before joining.
#include "guard/proof_of_work.hpp"

#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {

void get_challenge(RequestContext& context) {
  const guard::ProofOfWork* proof_of_work = context.shared().services.proof_of_work;
  if (proof_of_work == nullptr) {
    // This round asks for no proof: there is no challenge.
    context.respond(Problem(Fault::kNotFound));
    return;
  }
  context.respond(json_response(200, proof_of_work->challenge_json(context.now)));
}

}  // namespace frontrow::http
