#include "http/handlers/handlers.hpp"
#include "http/router.hpp"

namespace frontrow::http {

std::span<const Route> all_routes() {
  using enum Method;
  static constexpr Route routes[] = {
      {kGet, "/", Caller::kAnyone, Door::kFans, get_page},
      {kGet, "/livez", Caller::kAnyone, Door::kBoth, get_livez},
      {kGet, "/readyz", Caller::kAnyone, Door::kBoth, get_readyz},
      {kGet, "/metrics", Caller::kAnyone, Door::kOperators, get_metrics},

      {kGet, "/api/v1/availability", Caller::kAnyone, Door::kFans, get_availability},
      {kPost, "/api/v1/orders", Caller::kFan, Door::kFans, post_orders},
      {kGet, "/api/v1/orders", Caller::kFan, Door::kFans, get_orders},
      {kGet, "/api/v1/orders/{id}", Caller::kFan, Door::kFans, get_order},
      {kDelete, "/api/v1/orders/{id}", Caller::kFan, Door::kFans, delete_order},
      {kPost, "/api/v1/orders/{id}/payment", Caller::kFan, Door::kFans, post_order_payment},
      {kGet, "/api/v1/orders/{id}/tickets", Caller::kFan, Door::kFans, get_order_tickets},
      {kPost, "/api/v1/orders/{id}/return", Caller::kFan, Door::kFans, post_order_return},
      {kGet, "/api/v1/queue", Caller::kFan, Door::kFans, get_queue},
      {kPost, "/api/v1/queue", Caller::kAnyone, Door::kFans, post_queue},
      {kDelete, "/api/v1/queue", Caller::kFan, Door::kFans, delete_queue},
      {kPost, "/api/v1/queue/enter", Caller::kFan, Door::kFans, post_queue_enter},
      {kPost, "/api/v1/queue/recovery", Caller::kFan, Door::kFans, post_queue_recovery},
      {kGet, "/api/v1/queue/receipt", Caller::kFan, Door::kFans, get_queue_receipt},
      {kGet, "/api/v1/challenge", Caller::kAnyone, Door::kFans, get_challenge},
      {kGet, "/api/v1/round", Caller::kAnyone, Door::kFans, get_round},
      {kGet, "/api/v1/venue", Caller::kAnyone, Door::kFans, get_venue},
      {kGet, "/api/v1/waitlist", Caller::kFan, Door::kFans, get_waitlist},
      {kPost, "/api/v1/waitlist", Caller::kFan, Door::kFans, post_waitlist},
      {kDelete, "/api/v1/waitlist", Caller::kFan, Door::kFans, delete_waitlist},
      {kGet, "/api/v1/audit/draw", Caller::kAnyone, Door::kFans, get_audit_draw},
      {kGet, "/api/v1/audit/late", Caller::kAnyone, Door::kFans, get_audit_late},
      {kGet, "/api/v1/audit/checkpoint", Caller::kAnyone, Door::kFans, get_audit_checkpoint},
      {kGet, "/api/v1/audit/key", Caller::kAnyone, Door::kFans, get_audit_key},
      {kGet, "/api/v1/audit/proof", Caller::kAnyone, Door::kFans, get_audit_proof},
      {kGet, "/api/v1/audit/consistency", Caller::kAnyone, Door::kFans, get_audit_consistency},
      {kGet, "/api/v1/live", Caller::kAnyone, Door::kFans, get_live},
      {kPost, "/api/v1/webhooks/{gateway}", Caller::kAnyone, Door::kFansUncounted, post_webhook},

      {kGet, "/admin/v1/status", Caller::kViewer, Door::kOperators, get_operator_status},
      {kGet, "/admin/v1/orders", Caller::kViewer, Door::kOperators, get_operator_orders},
      {kPost, "/admin/v1/phase", Caller::kOperator, Door::kOperators, post_phase},
      {kPut, "/admin/v1/schedule", Caller::kOperator, Door::kOperators, put_schedule},
      {kPost, "/admin/v1/beacon", Caller::kOperator, Door::kOperators, post_beacon},
      {kPut, "/admin/v1/admission", Caller::kOperator, Door::kOperators, put_admission},
      {kPost, "/admin/v1/notice", Caller::kOperator, Door::kOperators, post_notice},
      {kPost, "/admin/v1/seats/block", Caller::kOperator, Door::kOperators, post_seats_block},
      {kPost, "/admin/v1/seats/unblock", Caller::kOperator, Door::kOperators, post_seats_unblock},
      {kPost, "/admin/v1/seats/category", Caller::kOperator, Door::kOperators, post_seats_category},
      {kPost, "/admin/v1/zones/{id}/close", Caller::kOperator, Door::kOperators, post_zone_close},
      {kPost, "/admin/v1/zones/{id}/open", Caller::kOperator, Door::kOperators, post_zone_open},
      {kPost, "/admin/v1/fans/{id}/ban", Caller::kAdmin, Door::kOperators, post_fan_ban},
      {kPost, "/admin/v1/fans/{id}/unban", Caller::kAdmin, Door::kOperators, post_fan_unban},
      {kDelete, "/admin/v1/fans/{id}/personal-data", Caller::kAdmin, Door::kOperators,
       delete_fan_personal_data},
      {kPost, "/admin/v1/orders/{id}/refund", Caller::kAdmin, Door::kOperators, post_order_refund},
  };
  return routes;
}

}  // namespace frontrow::http
