#include "core/store/Schema.h"

namespace tallylock::store {

// Amounts are TEXT: whole numbers of the unit's smallest part (table unit), because SQLite's NUMERIC would round what
// does not fit into 64 bits. Every row says at which command's sequence it was last written.
const char* const kProjectionSchema = R"(
CREATE TABLE place (id INTEGER PRIMARY KEY CHECK (id = 1), batch INTEGER NOT NULL, sequence INTEGER NOT NULL,
  head BLOB NOT NULL, day INTEGER NOT NULL);
CREATE TABLE unit (unit INTEGER PRIMARY KEY, code TEXT NOT NULL, decimals INTEGER NOT NULL);

CREATE TABLE event (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, idx INTEGER NOT NULL,
  audience_kind INTEGER NOT NULL, holder1 INTEGER NOT NULL, holder2 INTEGER NOT NULL, type INTEGER NOT NULL,
  sale INTEGER NOT NULL, time_ms INTEGER NOT NULL, body BLOB NOT NULL, leaf INTEGER NOT NULL);
CREATE TABLE stream (holder INTEGER NOT NULL, position INTEGER NOT NULL, event INTEGER NOT NULL, type INTEGER NOT NULL,
  sale INTEGER NOT NULL, sequence INTEGER NOT NULL, checksum INTEGER, PRIMARY KEY (holder, position)) WITHOUT ROWID;
CREATE INDEX stream_by_type ON stream (holder, type, sequence, event);

CREATE TABLE batch (number INTEGER PRIMARY KEY, last_event INTEGER NOT NULL, head BLOB NOT NULL, leaves BLOB NOT NULL);
CREATE INDEX batch_by_event ON batch (last_event, number);
CREATE TABLE history_node (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY (level, idx)) WITHOUT ROWID;
CREATE TABLE owed_day (day INTEGER PRIMARY KEY, batch INTEGER NOT NULL, sequence INTEGER NOT NULL, head BLOB NOT NULL);
CREATE TABLE owed (day INTEGER NOT NULL, holder INTEGER NOT NULL, unit INTEGER NOT NULL, total TEXT NOT NULL,
  PRIMARY KEY (day, holder, unit)) WITHOUT ROWID;

CREATE TABLE account (holder INTEGER PRIMARY KEY, name TEXT NOT NULL, institution INTEGER NOT NULL,
  identity_key TEXT NOT NULL, box_key TEXT NOT NULL, sequence INTEGER NOT NULL);
CREATE VIEW institution AS SELECT * FROM account WHERE institution = 1;
CREATE TABLE user (user INTEGER PRIMARY KEY, holder INTEGER NOT NULL, name TEXT NOT NULL, identity_key TEXT NOT NULL,
  roles INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE INDEX user_by_holder ON user (holder);
CREATE TABLE fiat_account (holder INTEGER PRIMARY KEY, bank TEXT NOT NULL, reference TEXT NOT NULL,
  insurer TEXT NOT NULL, coverage_limit TEXT NOT NULL, coverage_unit INTEGER NOT NULL, evidence TEXT NOT NULL,
  sequence INTEGER NOT NULL);

CREATE TABLE device (identity_key TEXT PRIMARY KEY, user INTEGER NOT NULL, holder INTEGER NOT NULL,
  usable_from_ms INTEGER NOT NULL, sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE order_limit (user INTEGER NOT NULL, unit INTEGER NOT NULL, holder INTEGER NOT NULL, most TEXT NOT NULL,
  sequence INTEGER NOT NULL, PRIMARY KEY (user, unit)) WITHOUT ROWID;
CREATE TABLE asset_account (holder INTEGER NOT NULL, unit INTEGER NOT NULL, address TEXT NOT NULL,
  sequence INTEGER NOT NULL, PRIMARY KEY (holder, unit)) WITHOUT ROWID;
CREATE TABLE standing (holder INTEGER PRIMARY KEY, standing TEXT NOT NULL, evidence TEXT NOT NULL,
  sequence INTEGER NOT NULL);
CREATE TABLE payout_address (address INTEGER PRIMARY KEY, holder INTEGER NOT NULL, unit INTEGER NOT NULL,
  place TEXT NOT NULL, label TEXT NOT NULL, usable_from_ms INTEGER NOT NULL, removed INTEGER NOT NULL,
  sequence INTEGER NOT NULL);
CREATE TABLE withdrawal (withdrawal INTEGER PRIMARY KEY, holder INTEGER NOT NULL, user INTEGER NOT NULL,
  unit INTEGER NOT NULL, amount TEXT NOT NULL, fee TEXT NOT NULL, address INTEGER NOT NULL, place TEXT NOT NULL,
  state TEXT NOT NULL, approvals_needed INTEGER NOT NULL, approvals INTEGER NOT NULL, rail TEXT NOT NULL,
  reference TEXT NOT NULL, entry INTEGER NOT NULL, requested_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
  sequence INTEGER NOT NULL);
CREATE INDEX withdrawal_by_holder ON withdrawal (holder, withdrawal);
CREATE TABLE withdrawal_approval (withdrawal INTEGER NOT NULL, place INTEGER NOT NULL, user INTEGER NOT NULL,
  sequence INTEGER NOT NULL, PRIMARY KEY (withdrawal, place)) WITHOUT ROWID;
CREATE TABLE withdrawal_policy (holder INTEGER PRIMARY KEY, approvals INTEGER NOT NULL, waiting_ms INTEGER NOT NULL,
  second_factor INTEGER NOT NULL, change_pending INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE policy_change (change INTEGER PRIMARY KEY, holder INTEGER NOT NULL, proposer INTEGER NOT NULL,
  approvals_needed INTEGER NOT NULL, approvals INTEGER NOT NULL, approved INTEGER NOT NULL, due_ms INTEGER NOT NULL,
  under_way INTEGER NOT NULL, new_approvals INTEGER NOT NULL, new_waiting_ms INTEGER NOT NULL,
  new_second_factor INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE INDEX policy_change_by_holder ON policy_change (holder, change);
-- The limits in force (change 0), and those that a change proposes. A unit without a row has no limit.
CREATE TABLE withdrawal_limit (holder INTEGER NOT NULL, change INTEGER NOT NULL, whose TEXT NOT NULL,
  unit INTEGER NOT NULL, most TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (holder, change, whose, unit))
  WITHOUT ROWID;
CREATE TABLE withdrawal_fee (unit INTEGER PRIMARY KEY, fee TEXT NOT NULL, sequence INTEGER NOT NULL);

CREATE TABLE deposit_identifier (holder INTEGER NOT NULL, unit INTEGER NOT NULL, identifier TEXT NOT NULL,
  rail TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (holder, unit, identifier)) WITHOUT ROWID;
CREATE TABLE deposit (rail TEXT NOT NULL, transaction_id TEXT NOT NULL, output INTEGER NOT NULL, holder INTEGER NOT NULL,
  sale INTEGER NOT NULL, unit INTEGER NOT NULL, amount TEXT NOT NULL, confirmations INTEGER NOT NULL,
  needed INTEGER NOT NULL, state INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (rail, transaction_id, output)) WITHOUT ROWID;
CREATE TABLE ledger_entry (entry INTEGER NOT NULL, leg INTEGER NOT NULL, time_ms INTEGER NOT NULL, reason TEXT NOT NULL,
  sale INTEGER NOT NULL, holder INTEGER NOT NULL, unit INTEGER NOT NULL, purpose TEXT NOT NULL, ref INTEGER NOT NULL,
  delta TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (entry, leg)) WITHOUT ROWID;
CREATE INDEX ledger_entry_by_holder ON ledger_entry (holder, unit, entry);
CREATE TABLE statement (holder INTEGER NOT NULL, unit INTEGER NOT NULL, entry INTEGER NOT NULL,
  time_ms INTEGER NOT NULL, reason TEXT NOT NULL, delta TEXT NOT NULL, balance TEXT NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (holder, unit, entry)) WITHOUT ROWID;
CREATE TABLE balance (holder INTEGER NOT NULL, unit INTEGER NOT NULL, total TEXT NOT NULL, held TEXT NOT NULL,
  sequence INTEGER NOT NULL, PRIMARY KEY (holder, unit)) WITHOUT ROWID;

CREATE TABLE instrument (instrument INTEGER PRIMARY KEY, symbol TEXT NOT NULL, base INTEGER NOT NULL,
  quote INTEGER NOT NULL, tick TEXT NOT NULL, lot TEXT NOT NULL, minimum TEXT NOT NULL, maximum TEXT NOT NULL,
  maker_basis_points INTEGER NOT NULL, taker_basis_points INTEGER NOT NULL, collar_basis_points INTEGER,
  halted INTEGER NOT NULL, reference TEXT, reference_window_ms INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE purchase_order (order_id INTEGER PRIMARY KEY, instrument INTEGER NOT NULL, holder INTEGER NOT NULL,
  user INTEGER NOT NULL, price TEXT NOT NULL, quantity TEXT NOT NULL, remaining TEXT NOT NULL, client_id INTEGER NOT NULL,
  state INTEGER NOT NULL, time_ms INTEGER NOT NULL, type INTEGER NOT NULL, stop_price TEXT, self_trade INTEGER NOT NULL,
  sequence INTEGER NOT NULL);
CREATE TABLE sell_order (order_id INTEGER PRIMARY KEY, instrument INTEGER NOT NULL, holder INTEGER NOT NULL,
  user INTEGER NOT NULL, price TEXT NOT NULL, quantity TEXT NOT NULL, remaining TEXT NOT NULL, client_id INTEGER NOT NULL,
  state INTEGER NOT NULL, time_ms INTEGER NOT NULL, type INTEGER NOT NULL, stop_price TEXT, self_trade INTEGER NOT NULL,
  sequence INTEGER NOT NULL);
CREATE TABLE order_status (order_id INTEGER NOT NULL, sequence INTEGER NOT NULL, state INTEGER NOT NULL,
  price TEXT, quantity TEXT, stop_price TEXT, remaining TEXT NOT NULL, cause INTEGER, time_ms INTEGER NOT NULL);
CREATE INDEX order_status_by_order ON order_status (order_id);
CREATE INDEX purchase_order_by_holder ON purchase_order (holder, order_id);
CREATE INDEX sell_order_by_holder ON sell_order (holder, order_id);
CREATE VIEW any_order AS SELECT 0 AS side, * FROM purchase_order UNION ALL SELECT 1 AS side, * FROM sell_order;
CREATE TABLE instruction (instruction INTEGER PRIMARY KEY, hash TEXT NOT NULL, entry INTEGER NOT NULL,
  instrument INTEGER NOT NULL, maker_order INTEGER NOT NULL, taker_order INTEGER NOT NULL, buyer INTEGER NOT NULL,
  seller INTEGER NOT NULL, taker_side INTEGER NOT NULL, price TEXT NOT NULL, quantity TEXT NOT NULL, fiat TEXT NOT NULL,
  buyer_fee TEXT NOT NULL, seller_fee TEXT NOT NULL, state INTEGER NOT NULL, time_ms INTEGER NOT NULL,
  sequence INTEGER NOT NULL);

CREATE TABLE listing (listing INTEGER PRIMARY KEY, seller INTEGER NOT NULL, asset_id TEXT NOT NULL, name TEXT NOT NULL,
  description TEXT NOT NULL, media_type TEXT NOT NULL, size_bytes INTEGER NOT NULL, sealed_bytes INTEGER NOT NULL,
  manifest_hash TEXT NOT NULL, sealed_root TEXT NOT NULL, plain_root TEXT NOT NULL, price TEXT NOT NULL,
  price_unit INTEGER NOT NULL, available INTEGER NOT NULL, time_ms INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE offer (sale INTEGER PRIMARY KEY, listing INTEGER NOT NULL, buyer INTEGER NOT NULL, coin INTEGER NOT NULL,
  bid TEXT NOT NULL, minimum TEXT NOT NULL, time_ms INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE sale (sale INTEGER PRIMARY KEY, listing INTEGER NOT NULL, buyer INTEGER NOT NULL, seller INTEGER NOT NULL,
  state TEXT NOT NULL, step INTEGER NOT NULL, settlement INTEGER NOT NULL, price TEXT, fee TEXT, holdback TEXT,
  coin INTEGER NOT NULL, coins TEXT, received TEXT, wallet TEXT, terms_hash TEXT, contract TEXT, payout_entry INTEGER,
  deadline_ms INTEGER NOT NULL, time_ms INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE INDEX sale_by_buyer ON sale (buyer);
CREATE INDEX sale_by_seller ON sale (seller);
-- In the order in which they come: hashes come in none, and only the index over them pays for it.
CREATE TABLE receipt (hash TEXT PRIMARY KEY, sale INTEGER NOT NULL, step INTEGER NOT NULL, attempt INTEGER NOT NULL,
  actor TEXT NOT NULL, signer TEXT NOT NULL, command TEXT NOT NULL, state_after TEXT NOT NULL, contract TEXT NOT NULL,
  previous TEXT NOT NULL, entry INTEGER NOT NULL, time_ms INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE INDEX receipt_by_sale ON receipt (sale, sequence);
CREATE TABLE dispute_statement (sale INTEGER NOT NULL, said_by TEXT NOT NULL, text TEXT NOT NULL,
  time_ms INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE INDEX dispute_statement_by_sale ON dispute_statement (sale, sequence);
CREATE TABLE custody (listing INTEGER PRIMARY KEY, asset_id TEXT NOT NULL, number INTEGER NOT NULL,
  former_owner TEXT NOT NULL, owner TEXT NOT NULL, contract TEXT NOT NULL, time_ms INTEGER NOT NULL,
  sequence INTEGER NOT NULL);
CREATE INDEX custody_by_asset ON custody (asset_id, sequence);

CREATE TABLE book_level (instrument INTEGER NOT NULL, side INTEGER NOT NULL, price TEXT NOT NULL,
  quantity TEXT NOT NULL, orders INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (instrument, side, price)) WITHOUT ROWID;
CREATE TABLE candle (instrument INTEGER NOT NULL, span_ms INTEGER NOT NULL, start_ms INTEGER NOT NULL,
  open TEXT NOT NULL, high TEXT NOT NULL, low TEXT NOT NULL, close TEXT NOT NULL, volume TEXT NOT NULL,
  fiat TEXT NOT NULL, trades INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (instrument, span_ms, start_ms)) WITHOUT ROWID;

CREATE TABLE dead_man_switch (number INTEGER PRIMARY KEY, holder INTEGER NOT NULL, user INTEGER NOT NULL,
  within_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, state INTEGER NOT NULL, cancelled INTEGER NOT NULL,
  time_ms INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE watch_rule (rule INTEGER PRIMARY KEY, kind TEXT NOT NULL, way TEXT NOT NULL, unit INTEGER NOT NULL,
  amount TEXT NOT NULL, window_ms INTEGER NOT NULL, count INTEGER NOT NULL, near_basis_points INTEGER NOT NULL,
  hold INTEGER NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE "case" ("case" INTEGER PRIMARY KEY, holder INTEGER NOT NULL, rule INTEGER NOT NULL, kind TEXT NOT NULL,
  state TEXT NOT NULL, way TEXT NOT NULL, unit INTEGER NOT NULL, amount TEXT NOT NULL, place TEXT NOT NULL,
  withdrawal INTEGER NOT NULL, transactions INTEGER NOT NULL, raised_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
  reason TEXT NOT NULL, sequence INTEGER NOT NULL);
CREATE INDEX case_by_holder ON "case" (holder);
CREATE TABLE audit (sequence INTEGER NOT NULL, act TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX audit_by_sequence ON audit (sequence)
)";

} // namespace tallylock::store
