// One connection that speaks HTTP/1.1: reads a request at a time, hands it to the front, writes
// the answer, and goes over to a live session where the client asks for one. Lives on its thread.
#pragma once

#include "http/request.hpp"
#include "http/stream_types.hpp"

namespace frontrow::http {

class FrontThread;

/// `refuse`: there are too many; it is told so.
void start_session(FrontThread& thread, PlainStream&& stream, Surface surface, bool refuse);
void start_session(FrontThread& thread, TlsStream&& stream, Surface surface, bool refuse);

}  // namespace frontrow::http
