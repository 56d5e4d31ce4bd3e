#include "core/store/Tables.h"

#include "core/custody/Custody.h"
#include "core/parties/Party.h"
#include "core/wire/Batch.h"

namespace tallylock::store {

namespace {

template <class Meaning>
Value idOf(Number<Meaning> id) {
    return id.value;
}
Value unitOf(money::UnitId unit) { return unit.value; }
template <std::size_t N, class Meaning>
Value hexOf(const Fixed<N, Meaning>& bytes) {
    return bytes.hex();
}
template <class Enum>
Value enumOf(Enum value) {
    return static_cast<int>(value);
}

/// An SQL null when there is none.
template <class T, class F>
Value orNull(const std::optional<T>& value, F&& convert) {
    return value ? Value(convert(*value)) : Value();
}

} // namespace

Done Tables::write(const engine::EventBody& event, std::uint64_t sequence) {
    m_sequence = sequence;
    return engine::visitBody([this](const auto& body) { return row(body); }, event);
}

Done Tables::row(const engine::HolderRegistered& e) {
    return m_db->change("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?)",
                        {idOf(e.holder), e.name, e.institution, hexOf(e.keys.identity), hexOf(e.keys.box), m_sequence});
}

Done Tables::row(const engine::FiatAccountSet& e) {
    return m_db->change("INSERT OR REPLACE INTO fiat_account VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        {idOf(e.holder), e.bank, e.reference, e.insurer, amountText(e.coverageLimit),
                         unitOf(e.coverageLimit.unit), e.evidence, m_sequence});
}

Done Tables::row(const engine::UserAdded& e) {
    auto device = row(engine::DeviceAdded{e.holder, e.user, e.key, 0});
    if (!device) return device;
    return m_db->change("INSERT OR REPLACE INTO \"user\" VALUES (?, ?, ?, ?, ?, ?)",
                        {idOf(e.user), idOf(e.holder), e.name, hexOf(e.key), e.roles, m_sequence});
}

Done Tables::row(const engine::IdentifierAssigned& e) {
    return m_db->change("INSERT OR REPLACE INTO deposit_identifier VALUES (?, ?, ?, ?, ?)",
                        {idOf(e.holder), unitOf(e.unit), e.identifier, e.rail, m_sequence});
}

Done Tables::row(const engine::DepositChanged& e) {
    return m_db->change("INSERT OR REPLACE INTO deposit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        {e.rail, hexOf(e.transaction), e.output, idOf(e.holder), idOf(e.sale), unitOf(e.amount.unit),
                         amountText(e.amount), e.confirmations, e.needed, enumOf(e.state), m_sequence});
}

Done Tables::row(const engine::LedgerPosted& e) {
    int number = 0;
    for (const engine::PostedLeg& leg : e.legs) {
        auto done = m_db->addRow("INSERT INTO ledger_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                 {idOf(e.entry), number++, e.timeMs, e.reason, idOf(e.sale), idOf(leg.account.holder),
                                  unitOf(leg.account.unit), Value(ledger::nameOf(leg.account.purpose)), leg.account.ref,
                                  amountText(leg.delta), m_sequence});
        if (!done) return done;
    }
    return {};
}

Done Tables::row(const engine::StatementLine& e) {
    return m_db->addRow("INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        {idOf(e.holder), unitOf(e.delta.unit), idOf(e.entry), e.timeMs, e.reason, amountText(e.delta),
                         amountText(e.balance), m_sequence});
}

Done Tables::row(const engine::BalanceChanged& e) {
    m_balances[{e.holder, e.total.unit}] = {e, m_sequence};
    return {};
}

Done Tables::flush() {
    for (const auto& [account, balance] : m_balances) {
        const auto& [last, sequence] = balance;
        auto written = m_db->addRow(
            "INSERT OR REPLACE INTO balance VALUES (?, ?, ?, ?, ?)",
            {idOf(last.holder), unitOf(last.total.unit), amountText(last.total), amountText(last.held), sequence});
        if (!written) return written;
    }
    m_balances.clear();
    for (const auto& [id, sale] : m_sales) {
        if (auto written = writeSale(*sale.last, sale.sequence); !written) return written;
    }
    m_sales.clear();
    for (const auto& [id, order] : m_orders) {
        if (auto written = writeOrder(id, order); !written) return written;
    }
    m_orders.clear();
    return m_db->writeRows();
}

Done Tables::row(const engine::InstrumentOpened& e) {
    return m_db->change("INSERT INTO instrument VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
                        {idOf(e.instrument), e.symbol, unitOf(e.base), unitOf(e.quote), amountText(e.tick),
                         amountText(e.lot), amountText(e.minimum), amountText(e.maximum), e.makerBasisPoints,
                         e.takerBasisPoints, orNull(e.collarBasisPoints, [](std::uint32_t part) { return part; }),
                         false, Value(), m_sequence});
}

Done Tables::row(const engine::InstrumentSteered& e) {
    auto noted = audit(e.halted ? "halted" : "steered", "instrument " + std::to_string(e.instrument.value),
                       "reference " + amountText(e.reference));
    if (!noted) return noted;
    return m_db->change(
        "UPDATE instrument SET halted = ?, reference = ?, sequence = ? WHERE instrument = ?",
        {e.halted, e.reference.isZero() ? Value() : Value(amountText(e.reference)), m_sequence, idOf(e.instrument)});
}

Done Tables::row(const engine::OrderPlaced& e) {
    const auto state = e.stopPrice ? engine::OrderState::Waiting : engine::OrderState::Open;
    m_orders[e.order] = {&e, e.price, e.quantity, e.stopPrice, e.quantity, state, m_sequence};
    return write({e.order, state, e.price, e.quantity, e.stopPrice, e.quantity, std::nullopt, e.timeMs});
}

Done Tables::writeOrder(OrderId id, const Order& order) {
    if (order.placed) {
        const engine::OrderPlaced& e = *order.placed;
        const char* const sql = e.side == 0
                                    ? "INSERT INTO purchase_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                    : "INSERT INTO sell_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        return m_db->addRow(sql, {idOf(id), idOf(e.instrument), idOf(e.holder), idOf(e.user), amountText(*order.price),
                                  amountText(*order.quantity), amountText(order.remaining), e.clientId,
                                  enumOf(*order.state), e.timeMs, enumOf(e.type.value_or(market::OrderType::Limit)),
                                  orNull(order.stopPrice, amountText),
                                  enumOf(e.selfTrade.value_or(market::SelfTrade::Allow)), order.sequence});
    }
    // No event but the first says the side: the order is in one of the two.
    for (const char* const sql :
         {"UPDATE purchase_order SET price = COALESCE(?, price), quantity = COALESCE(?, quantity), remaining = ?,"
          " state = COALESCE(?, state), stop_price = COALESCE(?, stop_price), sequence = ? WHERE order_id = ?",
          "UPDATE sell_order SET price = COALESCE(?, price), quantity = COALESCE(?, quantity), remaining = ?,"
          " state = COALESCE(?, state), stop_price = COALESCE(?, stop_price), sequence = ? WHERE order_id = ?"}) {
        auto changed = m_db->change(sql, {orNull(order.price, amountText), orNull(order.quantity, amountText),
                                          amountText(order.remaining),
                                          orNull(order.state, [](engine::OrderState state) { return enumOf(state); }),
                                          orNull(order.stopPrice, amountText), order.sequence, idOf(id)});
        if (!changed) return changed;
        if (m_db->hasChanged()) break;
    }
    return {};
}

Done Tables::write(const OrderLine& line) {
    return m_db->addRow("INSERT INTO order_status VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        {idOf(line.order), m_sequence, enumOf(line.state), orNull(line.price, amountText),
                         orNull(line.quantity, amountText), orNull(line.stopPrice, amountText),
                         amountText(line.remaining),
                         orNull(line.cause, [](market::CancelCause cause) { return enumOf(cause); }), line.timeMs});
}

Done Tables::row(const engine::OrderChanged& e) {
    Order& order = m_orders[e.order];
    order.remaining = e.remaining;
    order.state = e.state;
    order.sequence = m_sequence;
    return write({e.order, e.state, {}, {}, {}, e.remaining, e.cause, e.timeMs});
}

Done Tables::row(const engine::OrderReplaced& e) {
    Order& order = m_orders[e.order];
    order.price = e.price;
    order.quantity = e.quantity;
    order.remaining = e.remaining;
    if (e.stopPrice) order.stopPrice = e.stopPrice;
    order.sequence = m_sequence;
    const auto state = e.stopPrice ? engine::OrderState::Waiting : engine::OrderState::Open;
    return write({e.order, state, e.price, e.quantity, e.stopPrice, e.remaining, std::nullopt, e.timeMs});
}

Done Tables::row(const engine::InstructionExecuted& e) {
    const market::Instruction& i = e.instruction;
    return m_db->addRow("INSERT INTO instruction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        {idOf(i.number), hexOf(e.hash), idOf(e.entry), idOf(i.instrument), idOf(i.makerOrder),
                         idOf(i.takerOrder), idOf(i.buyer), idOf(i.seller), enumOf(i.takerSide), amountText(i.price),
                         amountText(i.quantity), amountText(i.fiat), amountText(i.buyerFee), amountText(i.sellerFee),
                         enumOf(i.state), e.timeMs, m_sequence});
}

Done Tables::row(const engine::ListingPublished& e) {
    return m_db->change("INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
                        {idOf(e.listing), idOf(e.seller), hexOf(e.assetId), e.name, e.description, e.mediaType,
                         e.sizeBytes, e.sealedSize, hexOf(e.manifestHash), hexOf(e.sealedRoot), hexOf(e.plainRoot),
                         amountText(e.price), unitOf(e.price.unit), e.timeMs, m_sequence});
}

Done Tables::row(const engine::ListingChanged& e) {
    return m_db->change("UPDATE listing SET available = ?, sequence = ? WHERE listing = ?",
                        {e.available, m_sequence, idOf(e.listing)});
}

Done Tables::row(const engine::SaleChanged& e) {
    const auto [sale, isFirst] = m_sales.try_emplace(e.sale);
    sale->second = {&e, m_sequence};
    if (!isFirst || e.state != engine::SaleState::Offered) return {}; // every sale begins with its offer
    return m_db->change("INSERT OR IGNORE INTO offer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        {idOf(e.sale), idOf(e.listing), idOf(e.buyer), unitOf(e.coin), amountText(e.bid),
                         amountText(e.minimum), e.timeMs, m_sequence});
}

/// What never changes is left alone in a row that is there, and so are the indexes over it.
Done Tables::writeSale(const engine::SaleChanged& e, std::uint64_t sequence) {
    const auto hash = [](const Hash& h) { return hexOf(h); };
    return m_db->change(
        "INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (sale) DO UPDATE SET state = excluded.state, step = excluded.step, "
        "settlement = excluded.settlement, price = excluded.price, fee = excluded.fee, holdback = excluded.holdback, "
        "coin = excluded.coin, coins = excluded.coins, received = excluded.received, wallet = excluded.wallet, "
        "terms_hash = excluded.terms_hash, contract = excluded.contract, payout_entry = excluded.payout_entry, "
        "deadline_ms = excluded.deadline_ms, time_ms = excluded.time_ms, sequence = excluded.sequence",
        {idOf(e.sale),
         idOf(e.listing),
         idOf(e.buyer),
         idOf(e.seller),
         Value(escrow::nameOf(e.state)),
         e.step,
         enumOf(e.settlement),
         orNull(e.terms, [](const engine::Terms& t) { return amountText(t.price); }),
         orNull(e.terms, [](const engine::Terms& t) { return amountText(t.fee); }),
         orNull(e.terms, [](const engine::Terms& t) { return amountText(t.holdback); }),
         unitOf(e.coin),
         orNull(e.coins, amountText),
         orNull(e.received, amountText),
         orNull(e.wallet, [](const engine::OpenWallet& w) { return w.address; }),
         orNull(e.termsHash, hash),
         orNull(e.contract, hash),
         orNull(e.payoutEntry, [](EntryId id) { return idOf(id); }),
         e.deadlineMs,
         e.timeMs,
         sequence});
}

Done Tables::row(const engine::DisputeStatement& e) {
    return m_db->addRow("INSERT INTO dispute_statement VALUES (?, ?, ?, ?, ?)",
                        {idOf(e.sale), Value(escrow::nameOf(e.by)), e.text, e.timeMs, m_sequence});
}

Done Tables::row(const engine::ReceiptMade& e) {
    return m_db->addRow("INSERT INTO receipt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        {hexOf(wire::receiptHash(e)), idOf(e.sale), e.step, e.attempt, Value(escrow::nameOf(e.actor)),
                         hexOf(e.signer), hexOf(e.command), Value(escrow::nameOf(e.stateAfter)), hexOf(e.contract),
                         hexOf(e.previous), idOf(e.entry), e.timeMs, m_sequence});
}

/// What is no custody entry of this asset is nobody's word; an entry's signature is for its readers to check.
Done Tables::row(const engine::CustodyPassed& e) {
    const auto passed = decodeCbor<custody::SignedCustody>(e.entry);
    if (!passed || passed->entry.assetId != e.assetId) return {};
    const custody::CustodyEntry& entry = passed->entry;
    return m_db->change("INSERT INTO custody VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        {idOf(e.listing), hexOf(entry.assetId), entry.number, hexOf(entry.from), hexOf(entry.to),
                         hexOf(entry.contract), entry.timeMs, m_sequence});
}

Done Tables::row(const engine::DeviceAdded& e) {
    return m_db->change("INSERT OR REPLACE INTO device VALUES (?, ?, ?, ?, ?)",
                        {hexOf(e.key), idOf(e.user), idOf(e.holder), e.usableFromMs, m_sequence});
}

Done Tables::row(const engine::DeviceRemoved& e) {
    return m_db->change("DELETE FROM device WHERE identity_key = ?", {hexOf(e.key)});
}

Done Tables::row(const engine::RolesSet& e) {
    return m_db->change("UPDATE \"user\" SET roles = ?, sequence = ? WHERE \"user\" = ?",
                        {e.roles, m_sequence, idOf(e.user)});
}

Done Tables::row(const engine::OrderLimitSet& e) {
    return m_db->change("INSERT OR REPLACE INTO order_limit VALUES (?, ?, ?, ?, ?)",
                        {idOf(e.user), unitOf(e.most.unit), idOf(e.holder), amountText(e.most), m_sequence});
}

Done Tables::row(const engine::AssetAccountSet& e) {
    return m_db->change("INSERT OR REPLACE INTO asset_account VALUES (?, ?, ?, ?)",
                        {idOf(e.holder), unitOf(e.unit), e.address, m_sequence});
}

Done Tables::row(const engine::StandingChanged& e) {
    const char* standing = parties::nameOf(static_cast<parties::Standing>(e.standing));
    auto done = m_db->change("INSERT OR REPLACE INTO standing VALUES (?, ?, ?, ?)",
                             {idOf(e.holder), Value(standing), e.evidence, m_sequence});
    if (!done) return done;
    return audit(standing, "account " + std::to_string(e.holder.value), e.evidence);
}

Done Tables::row(const engine::PayoutAddressChanged& e) {
    const treasury::PayoutAddress& a = e.address;
    return m_db->change(
        "INSERT OR REPLACE INTO payout_address VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        {idOf(a.id), idOf(a.holder), unitOf(a.unit), a.address, a.label, a.usableFromMs, e.removed, m_sequence});
}

Done Tables::row(const engine::WithdrawalChanged& e) {
    const treasury::Withdrawal& w = e.withdrawal;
    std::uint64_t place = 0;
    for (const UserId user : w.approvedBy) {
        auto done = m_db->change("INSERT OR IGNORE INTO withdrawal_approval VALUES (?, ?, ?, ?)",
                                 {idOf(w.id), ++place, idOf(user), m_sequence});
        if (!done) return done;
    }
    return m_db->change(
        "INSERT OR REPLACE INTO withdrawal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {idOf(w.id), idOf(w.holder), idOf(w.user), unitOf(w.amount.unit), amountText(w.amount), amountText(w.fee),
         idOf(w.address), w.to, Value(treasury::nameOf(w.state)), w.approvalsNeeded, w.approvedBy.size(), w.rail,
         w.reference, idOf(e.entry), w.requestedMs, w.changedMs, idOf(w.sale.value_or(SaleId{})), m_sequence});
}

/// The policy in force, and the change that is under way; a change that is not any more stays with what became of it.
Done Tables::row(const engine::WithdrawalPolicyChanged& e) {
    auto done = m_db->change("INSERT OR REPLACE INTO withdrawal_policy VALUES (?, ?, ?, ?, ?, ?)",
                             {idOf(e.holder), e.policy.approvals, e.policy.waitingMs, e.policy.secondFactor,
                              e.pending.has_value(), m_sequence});
    if (done) done = writeLimits(e.holder, {}, e.policy);
    if (done) {
        done = m_db->change("UPDATE policy_change SET under_way = 0, sequence = ? WHERE holder = ? AND under_way = 1",
                            {m_sequence, idOf(e.holder)});
    }
    return done && e.pending ? writeChange(*e.pending) : done;
}

Done Tables::writeChange(const treasury::PolicyChange& change) {
    const treasury::WithdrawalPolicy& policy = change.policy;
    const auto done = m_db->change("INSERT OR REPLACE INTO policy_change VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
                                   {idOf(change.id), idOf(change.holder), idOf(change.proposer), change.approvalsNeeded,
                                    change.approvedBy.size(), change.approved, change.dueMs, policy.approvals,
                                    policy.waitingMs, policy.secondFactor, m_sequence});
    return done ? writeLimits(change.holder, change.id, policy) : done;
}

Done Tables::writeLimits(HolderId holder, treasury::PolicyChangeId change, const treasury::WithdrawalPolicy& policy) {
    auto done =
        m_db->change("DELETE FROM withdrawal_limit WHERE holder = ? AND change = ?", {idOf(holder), idOf(change)});
    for (const auto& [whose, limits] : {std::pair("user", &policy.userDay), std::pair("holder", &policy.holderDay)}) {
        for (const money::Amount& most : *limits) {
            if (!done) return done;
            done = m_db->change(
                "INSERT INTO withdrawal_limit VALUES (?, ?, ?, ?, ?, ?)",
                {idOf(holder), idOf(change), Value(whose), unitOf(most.unit), amountText(most), m_sequence});
        }
    }
    return done;
}

Done Tables::row(const engine::WithdrawalFeeSet& e) {
    auto done = m_db->change("INSERT OR REPLACE INTO withdrawal_fee VALUES (?, ?, ?)",
                             {unitOf(e.fee.unit), amountText(e.fee), m_sequence});
    if (!done) return done;
    return audit("withdrawal fee", "unit " + std::to_string(e.fee.unit.value), amountText(e.fee));
}

// --- guards and watching --------------------------------------------------------------------------------------------

Done Tables::audit(const char* act, const std::string& subject, const std::string& reason) {
    return m_db->addRow("INSERT INTO audit VALUES (?, ?, ?, ?)", {m_sequence, Value(act), subject, reason});
}

Done Tables::row(const engine::DeadManChanged& e) {
    return m_db->change("INSERT OR REPLACE INTO dead_man_switch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        {idOf(e.number), idOf(e.holder), idOf(e.user), e.withinMs, e.dueMs, enumOf(e.state),
                         e.cancelled, e.timeMs, m_sequence});
}

Done Tables::row(const engine::ReferenceWindowSet& e) {
    auto done = m_db->change("UPDATE instrument SET reference_window_ms = ?, sequence = ? WHERE instrument = ?",
                             {e.windowMs, m_sequence, idOf(e.instrument)});
    if (!done) return done;
    return audit("reference window", "instrument " + std::to_string(e.instrument.value),
                 std::to_string(e.windowMs) + " ms");
}

Done Tables::row(const engine::CaseChanged& e) {
    const treasury::Case& c = e.record;
    auto done = m_db->change("INSERT OR REPLACE INTO \"case\" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             {idOf(c.id), idOf(c.holder), idOf(c.rule), Value(treasury::nameOf(c.kind)),
                              Value(treasury::nameOf(c.state)), Value(treasury::nameOf(c.way)), unitOf(c.amount.unit),
                              amountText(c.amount), c.place, idOf(c.withdrawal), c.transactions, c.raisedMs,
                              c.changedMs, c.reason, m_sequence});
    if (!done || !e.decided) return done;
    return audit(treasury::nameOf(c.state), "case " + std::to_string(c.id.value), c.reason);
}

Done Tables::row(const engine::WatchRuleChanged& e) {
    const treasury::WatchRule& r = e.rule;
    auto done = e.removed ? m_db->change("DELETE FROM watch_rule WHERE rule = ?", {idOf(r.id)})
                          : m_db->change("INSERT OR REPLACE INTO watch_rule VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                         {idOf(r.id), Value(treasury::nameOf(r.kind)), Value(treasury::nameOf(r.way)),
                                          unitOf(r.amount.unit), amountText(r.amount), r.windowMs, r.count,
                                          r.nearBasisPoints, r.hold, m_sequence});
    if (!done) return done;
    return audit(e.removed ? "rule removed" : "rule set", "rule " + std::to_string(r.id.value),
                 treasury::nameOf(r.kind));
}

Done Tables::row(const engine::WatchedAddressesChanged& e) {
    return audit("watched addresses", std::to_string(e.inAll) + " in all",
                 std::to_string(e.added) + " added, " + std::to_string(e.removed) + " removed");
}

} // namespace tallylock::store
