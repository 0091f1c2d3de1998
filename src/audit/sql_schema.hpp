// The tables of the export. Private to src/audit; docs/auditing.md describes each column.
#pragma once

namespace frontrow::audit {

inline constexpr const char* sql_schema = R"(
CREATE TABLE commands (
  sequence INTEGER PRIMARY KEY,
  time TEXT NOT NULL,
  command TEXT NOT NULL,
  outcome TEXT NOT NULL,
  code TEXT,
  fields TEXT NOT NULL
);
CREATE TABLE seats (
  id TEXT PRIMARY KEY,
  zone TEXT NOT NULL,
  row TEXT NOT NULL,
  number TEXT NOT NULL,
  category TEXT NOT NULL,
  price INTEGER NOT NULL,
  currency TEXT NOT NULL,
  state TEXT NOT NULL,
  order_id TEXT
) WITHOUT ROWID;
CREATE TABLE fans (
  id TEXT PRIMARY KEY,
  entry TEXT NOT NULL,
  state TEXT NOT NULL,
  banned INTEGER NOT NULL,
  tier INTEGER NOT NULL,
  rank INTEGER
) WITHOUT ROWID;
CREATE TABLE orders (
  id TEXT PRIMARY KEY,
  fan TEXT NOT NULL,
  state TEXT NOT NULL,
  origin TEXT NOT NULL,
  total INTEGER NOT NULL,
  currency TEXT NOT NULL,
  created_at TEXT NOT NULL,
  held_until TEXT,
  ticket_counter INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE order_seats (
  order_id TEXT NOT NULL,
  seat TEXT NOT NULL,
  price INTEGER NOT NULL,
  PRIMARY KEY (order_id, seat)
) WITHOUT ROWID;
CREATE TABLE payments (
  order_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  method TEXT NOT NULL,
  state TEXT NOT NULL,
  failure_code TEXT,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL,
  started_at TEXT NOT NULL,
  settled_at TEXT,
  refunded_at TEXT,
  gateway_reference TEXT,
  refund_reference TEXT,
  PRIMARY KEY (order_id, attempt)
) WITHOUT ROWID;
)";

}  // namespace frontrow::audit
