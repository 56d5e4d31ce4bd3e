#include "core/store/Schema.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace tallylock::store {

namespace {

// Every row says at which command's sequence it was last written.
constexpr TableDescription kTables[] = {
    // Where the tables stand: one row.
    {"place", "id number, batch number, sequence number, head bytes, day number", "id"},
    {"unit", "unit number, code text, decimals number", "unit"},
    {"event",
     "id number, sequence number, idx number, audience_kind number, holder1 number, holder2 number, "
     "type number, sale number, time_ms number, body bytes, leaf number",
     "id"},
    {"stream",
     "holder number, position number, event number, type number, sale number, sequence number, "
     "checksum number?",
     "holder, position", RowOrder::Key},
    {"stream_block", "holder number, type number, sequence number, block number", "holder, type, sequence, block",
     RowOrder::Key},
    {"batch", "number number, last_event number, head bytes, leaves bytes", "number"},
    {"history_node", "level number, idx number, hash bytes", "level, idx", RowOrder::Key},
    {"owed_day", "day number, batch number, sequence number, head bytes", "day"},
    {"owed", "day number, holder number, unit number, total amount", "day, holder, unit", RowOrder::Key},
    {"account", "holder number, name text, institution number, identity_key text, box_key text, sequence number",
     "holder"},
    {"user", "user number, holder number, name text, identity_key text, roles number, sequence number", "user"},
    {"fiat_account",
     "holder number, bank text, reference text, insurer text, coverage_limit amount, coverage_unit "
     "number, evidence text, sequence number",
     "holder"},
    {"device", "identity_key text, user number, holder number, usable_from_ms number, sequence number", "identity_key",
     RowOrder::Key},
    {"order_limit", "user number, unit number, holder number, most amount, sequence number", "user, unit",
     RowOrder::Key},
    {"asset_account", "holder number, unit number, address text, sequence number", "holder, unit", RowOrder::Key},
    {"standing", "holder number, standing text, evidence text, sequence number", "holder"},
    {"payout_address",
     "address number, holder number, unit number, place text, label text, usable_from_ms number, "
     "removed number, sequence number",
     "address"},
    {"withdrawal",
     "withdrawal number, holder number, user number, unit number, amount amount, fee amount, address "
     "number, place text, state text, approvals_needed number, approvals number, rail text, reference "
     "text, entry number, requested_ms number, changed_ms number, sale number, sequence number",
     "withdrawal"},
    {"withdrawal_approval", "withdrawal number, place number, user number, sequence number", "withdrawal, place",
     RowOrder::Key},
    {"withdrawal_policy",
     "holder number, approvals number, waiting_ms number, second_factor number, change_pending number, "
     "sequence number",
     "holder"},
    {"policy_change",
     "change number, holder number, proposer number, approvals_needed number, approvals number, "
     "approved number, due_ms number, under_way number, new_approvals number, new_waiting_ms number, "
     "new_second_factor number, sequence number",
     "change"},
    // The limits in force (change 0), and those that a change proposes. A unit without a row has no limit.
    {"withdrawal_limit", "holder number, change number, whose text, unit number, most amount, sequence number",
     "holder, change, whose, unit", RowOrder::Key},
    {"withdrawal_fee", "unit number, fee amount, sequence number", "unit"},
    {"deposit_identifier", "holder number, unit number, identifier text, rail text, sequence number",
     "holder, unit, identifier", RowOrder::Key},
    {"deposit",
     "rail text, transaction_id text, output number, holder number, sale number, unit number, amount "
     "amount, confirmations number, needed number, state number, sequence number",
     "rail, transaction_id, output", RowOrder::Key},
    {"ledger_entry",
     "entry number, leg number, time_ms number, reason text, sale number, holder number, unit number, "
     "purpose text, ref number, delta amount, sequence number",
     "entry, leg", RowOrder::Key},
    {"statement",
     "holder number, unit number, entry number, time_ms number, reason text, delta amount, balance "
     "amount, sequence number",
     "holder, unit, entry", RowOrder::Key},
    {"balance", "holder number, unit number, total amount, held amount, sequence number", "holder, unit",
     RowOrder::Key},
    {"instrument",
     "instrument number, symbol text, base number, quote number, tick amount, lot amount, minimum "
     "amount, maximum amount, maker_basis_points number, taker_basis_points number, "
     "collar_basis_points number?, halted number, reference amount?, reference_window_ms number, "
     "sequence number",
     "instrument"},
    {"purchase_order",
     "order_id number, instrument number, holder number, user number, price amount, quantity amount, "
     "remaining amount, client_id number, state number, time_ms number, type number, stop_price "
     "amount?, self_trade number, sequence number",
     "order_id"},
    {"sell_order",
     "order_id number, instrument number, holder number, user number, price amount, quantity amount, "
     "remaining amount, client_id number, state number, time_ms number, type number, stop_price "
     "amount?, self_trade number, sequence number",
     "order_id"},
    {"order_status",
     "order_id number, sequence number, state number, price amount?, quantity amount?, stop_price "
     "amount?, remaining amount, cause number?, time_ms number",
     ""},
    {"instruction",
     "instruction number, hash text, entry number, instrument number, maker_order number, taker_order "
     "number, buyer number, seller number, taker_side number, price amount, quantity amount, fiat "
     "amount, buyer_fee amount, seller_fee amount, state number, time_ms number, sequence number",
     "instruction"},
    {"listing",
     "listing number, seller number, asset_id text, name text, description text, media_type text, "
     "size_bytes number, sealed_bytes number, manifest_hash text, sealed_root text, plain_root text, "
     "price amount, price_unit number, available number, time_ms number, sequence number",
     "listing"},
    {"offer",
     "sale number, listing number, buyer number, coin number, bid amount, minimum amount, time_ms "
     "number, sequence number",
     "sale"},
    {"sale",
     "sale number, listing number, buyer number, seller number, state text, step number, settlement "
     "number, price amount?, fee amount?, holdback amount?, coin number, coins amount?, received "
     "amount?, wallet text?, terms_hash text?, contract text?, payout_entry number?, deadline_ms "
     "number, time_ms number, sequence number",
     "sale"},
    // Found by their sale: hashes come in no order, so an index over them would touch a page of its own for each.
    {"receipt",
     "hash text, sale number, step number, attempt number, actor text, signer text, command text, "
     "state_after text, contract text, previous text, entry number, time_ms number, sequence number",
     ""},
    {"dispute_statement", "sale number, said_by text, text text, time_ms number, sequence number", ""},
    {"custody",
     "listing number, asset_id text, number number, former_owner text, owner text, contract text, "
     "time_ms number, sequence number",
     "listing"},
    {"book_level", "instrument number, side number, price amount, quantity amount, orders number, sequence number",
     "instrument, side, price", RowOrder::Key},
    {"candle",
     "instrument number, span_ms number, start_ms number, open amount, high amount, low amount, close "
     "amount, volume amount, fiat amount, trades number, sequence number",
     "instrument, span_ms, start_ms", RowOrder::Key},
    {"dead_man_switch",
     "number number, holder number, user number, within_ms number, due_ms number, state number, "
     "cancelled number, time_ms number, sequence number",
     "number"},
    {"watch_rule",
     "rule number, kind text, way text, unit number, amount amount, window_ms number, count number, "
     "near_basis_points number, hold number, sequence number",
     "rule"},
    {"case",
     "case number, holder number, rule number, kind text, state text, way text, unit number, amount "
     "amount, place text, withdrawal number, transactions number, raised_ms number, changed_ms number, "
     "reason text, sequence number",
     "case"},
    {"audit", "sequence number, act text, subject text, reason text", ""},
};

// In words that both databases know. "user" and "case" are words of SQL.
constexpr const char* kIndexesAndViews[] = {
    "CREATE INDEX batch_by_event ON batch (last_event, number)",
    "CREATE VIEW institution AS SELECT * FROM account WHERE institution = 1",
    "CREATE INDEX user_by_holder ON \"user\" (holder)",
    "CREATE INDEX withdrawal_by_holder ON withdrawal (holder, withdrawal)",
    "CREATE INDEX policy_change_by_holder ON policy_change (holder, change)",
    "CREATE INDEX ledger_entry_by_holder ON ledger_entry (holder, unit, entry)",
    "CREATE INDEX order_status_by_order ON order_status (order_id)",
    "CREATE INDEX purchase_order_by_holder ON purchase_order (holder, order_id)",
    "CREATE INDEX sell_order_by_holder ON sell_order (holder, order_id)",
    "CREATE VIEW any_order AS SELECT 0 AS side, * FROM purchase_order UNION ALL SELECT 1 AS side, * FROM sell_order",
    "CREATE INDEX sale_by_buyer ON sale (buyer)",
    "CREATE INDEX sale_by_seller ON sale (seller)",
    "CREATE INDEX receipt_by_sale ON receipt (sale, sequence)",
    "CREATE INDEX dispute_statement_by_sale ON dispute_statement (sale, sequence)",
    "CREATE INDEX custody_by_asset ON custody (asset_id, sequence)",
    "CREATE INDEX case_by_holder ON \"case\" (holder)",
    "CREATE INDEX audit_by_sequence ON audit (sequence)",
};

struct KindName {
    ColumnKind kind;
    std::string_view name;
    const char* sqlite;
    const char* postgres;
};
constexpr KindName kKinds[] = {
    {ColumnKind::Number, "number", "INTEGER", "BIGINT"},
    {ColumnKind::Text, "text", "TEXT", "TEXT"},
    {ColumnKind::Bytes, "bytes", "BLOB", "BYTEA"},
    {ColumnKind::Amount, "amount", "TEXT", "NUMERIC(39,0)"},
};

constexpr std::string_view kBetween = ", ";

std::vector<std::string_view> partsOf(std::string_view list) {
    std::vector<std::string_view> parts;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(kBetween), list.size());
        parts.push_back(list.substr(0, end));
        list.remove_prefix(std::min(end + kBetween.size(), list.size()));
    }
    return parts;
}
std::string inQuotes(std::string_view name) { return '"' + std::string(name) + '"'; }
template <class Names, class Convert>
std::string joined(const Names& names, Convert convert) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : std::string(kBetween)) + convert(name);
    return list;
}
std::string inQuotesList(std::string_view names) { return joined(partsOf(names), inQuotes); }

/// Of "name kind" or "name kind?".
const KindName& kindOf(std::string_view column) {
    const std::size_t end = column.find(' ');
    const std::string_view kind = column.substr(end + 1, column.find('?') - end - 1);
    const auto* found =
        std::find_if(std::begin(kKinds), std::end(kKinds), [kind](const KindName& one) { return one.name == kind; });
    assert(found != std::end(kKinds));
    return *found;
}
std::string columnOf(std::string_view column, Dialect dialect) {
    const KindName& kind = kindOf(column);
    return inQuotes(column.substr(0, column.find(' '))) + ' ' +
           (dialect == Dialect::Sqlite ? kind.sqlite : kind.postgres) + (column.back() == '?' ? "" : " NOT NULL");
}

std::string creationOf(const TableDescription& table, Dialect dialect) {
    std::string sql = "CREATE TABLE " + inQuotes(table.name) + " (" +
                      joined(partsOf(table.columns), [&](std::string_view c) { return columnOf(c, dialect); });
    if (*table.key != 0) sql += ", PRIMARY KEY (" + inQuotesList(table.key) + ")";
    sql += ')';
    if (dialect == Dialect::Sqlite && table.order == RowOrder::Key) sql += " WITHOUT ROWID";
    return sql;
}

constexpr std::string_view kReplace = "INSERT OR REPLACE INTO ";
constexpr std::string_view kIgnore = "INSERT OR IGNORE INTO ";
bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

} // namespace

std::vector<std::string> TableDescription::columnNames() const {
    std::vector<std::string> names;
    for (const std::string_view column : partsOf(columns)) names.emplace_back(column.substr(0, column.find(' ')));
    return names;
}

std::vector<ColumnKind> TableDescription::columnKinds() const {
    std::vector<ColumnKind> kinds;
    for (const std::string_view column : partsOf(columns)) kinds.push_back(kindOf(column).kind);
    return kinds;
}

std::span<const TableDescription> projectionTables() { return kTables; }

std::vector<std::string> projectionSchema(Dialect dialect) {
    std::vector<std::string> statements;
    for (const TableDescription& table : kTables) statements.push_back(creationOf(table, dialect));
    statements.insert(statements.end(), std::begin(kIndexesAndViews), std::end(kIndexesAndViews));
    const std::string version = std::to_string(kProjectionVersion);
    statements.push_back(dialect == Dialect::Sqlite
                             ? "PRAGMA user_version=" + version
                             : "CREATE TABLE version AS SELECT " + version + "::bigint AS version");
    return statements;
}

const TableDescription& tableOf(std::string_view insert) {
    constexpr std::string_view kInto = " INTO ";
    insert.remove_prefix(insert.find(kInto) + kInto.size());
    std::string_view name = insert.substr(0, insert.find(' '));
    if (name.front() == '"') name = name.substr(1, name.size() - 2);
    const auto* found = std::find_if(std::begin(kTables), std::end(kTables),
                                     [name](const TableDescription& one) { return one.name == name; });
    assert(found != std::end(kTables));
    return *found;
}

/// Instead of replacing a row, the same, column by column.
std::string onConflictOf(std::string_view insert) {
    if (begins(insert, kIgnore)) return " ON CONFLICT DO NOTHING";
    if (!begins(insert, kReplace)) return {};
    const TableDescription& table = tableOf(insert);
    return " ON CONFLICT (" + inQuotesList(table.key) + ") DO UPDATE SET " +
           joined(table.columnNames(), [](const std::string& c) { return inQuotes(c) + " = excluded." + inQuotes(c); });
}

std::string postgresStatement(std::string_view sql) {
    const std::string end = onConflictOf(sql);
    std::string made;
    for (const std::string_view own : {kReplace, kIgnore}) {
        if (!begins(sql, own)) continue;
        made = "INSERT INTO ";
        sql.remove_prefix(own.size());
    }
    int place = 0;
    for (const char c : sql) {
        if (c == '?') {
            made += '$' + std::to_string(++place);
        } else {
            made += c;
        }
    }
    return made + end;
}

} // namespace tallylock::store
