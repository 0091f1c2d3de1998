// Every handler. Each answers one call, on the front thread that read it, and returns at once;
// what needs the sequencer is answered later from a continuation.
#pragma once

#include "http/router.hpp"

namespace frontrow::http {

// page.cpp
void get_page(RequestContext& context);
// health.cpp
void get_livez(RequestContext& context);
void get_readyz(RequestContext& context);
void get_metrics(RequestContext& context);
// round.cpp
void get_round(RequestContext& context);
void get_venue(RequestContext& context);
void get_availability(RequestContext& context);
// audit.cpp
void get_audit_draw(RequestContext& context);
void get_audit_late(RequestContext& context);
// audit_log.cpp
void get_audit_checkpoint(RequestContext& context);
void get_audit_key(RequestContext& context);
void get_audit_proof(RequestContext& context);
void get_audit_consistency(RequestContext& context);
// challenge.cpp
void get_challenge(RequestContext& context);
// join_queue.cpp
void post_queue(RequestContext& context);
void get_queue_receipt(RequestContext& context);
// queue.cpp
void get_queue(RequestContext& context);
void post_queue_enter(RequestContext& context);
void delete_queue(RequestContext& context);
void post_queue_recovery(RequestContext& context);
// place_order.cpp
void post_orders(RequestContext& context);
// orders.cpp
void get_orders(RequestContext& context);
void get_order(RequestContext& context);
void delete_order(RequestContext& context);
void post_order_return(RequestContext& context);
// payment.cpp
void post_order_payment(RequestContext& context);
// tickets.cpp
void get_order_tickets(RequestContext& context);
// waitlist.cpp
void get_waitlist(RequestContext& context);
void post_waitlist(RequestContext& context);
void delete_waitlist(RequestContext& context);
// webhooks.cpp
void post_webhook(RequestContext& context);
// live.cpp
void get_live(RequestContext& context);
// operator_status.cpp
void get_operator_status(RequestContext& context);
// operator_round.cpp
void post_phase(RequestContext& context);
void put_schedule(RequestContext& context);
void post_beacon(RequestContext& context);
void put_admission(RequestContext& context);
void post_notice(RequestContext& context);
// operator_seats.cpp
void post_seats_block(RequestContext& context);
void post_seats_unblock(RequestContext& context);
void post_seats_category(RequestContext& context);
// operator_zones.cpp
void post_zone_close(RequestContext& context);
void post_zone_open(RequestContext& context);
// operator_fans.cpp
void post_fan_ban(RequestContext& context);
void post_fan_unban(RequestContext& context);
void delete_fan_personal_data(RequestContext& context);
// operator_orders.cpp
void post_order_refund(RequestContext& context);
void get_operator_orders(RequestContext& context);

}  // namespace frontrow::http
