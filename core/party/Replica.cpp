#include "core/party/Replica.h"

#include "core/party/SaleChecks.h"
#include "core/wire/Batch.h"

namespace tallylock::party {

using api::Topic;

namespace {
template <class Map, class Key>
auto lookUp(const Map& map, const Key& key) -> const typename Map::mapped_type* {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}
} // namespace

Replica::News Replica::apply(Stream stream, const wire::StreamItem& item) {
    Progress& progress = m_progress[indexOf(stream)];
    if (item.position <= progress.position) return {};
    if (item.position != progress.position + 1) {
        News missed;
        missed.gap = true;
        return missed;
    }
    progress.position = item.position;
    progress.sequence = std::max(progress.sequence, item.sequence);
    m_sequence = item.sequence;
    m_position = item.position;
    m_checksum = item.checksum;
    News news;
    // What a newer coordinator says and we cannot read is passed over.
    if (const auto event = wire::decodeEvent(item.event))
        engine::visitBody([&](const auto& e) { on(e, news); }, *event);
    return news;
}

void Replica::setHolder(HolderId holder) {
    m_holder = holder;
    for (const SaleId sale : m_recalled) {
        engine::SaleChanged& last = m_sales[sale].last;
        (last.buyer == kAnother ? last.seller : last.buyer) = holder;
    }
}

void Replica::on(const engine::HolderRegistered& e, News& news) {
    m_registration = e;
    setHolder(e.holder);
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::FiatAccountSet& e, News& news) {
    m_fiat = e;
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::UserAdded& e, News& news) {
    m_users.push_back(e);
    m_devices[e.key] = {e.holder, e.user, e.key, 0};
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::IdentifierAssigned& e, News& news) {
    m_identifiers[e.unit] = e.identifier;
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::DepositChanged& e, News& news) {
    KnownDeposit& known = m_deposits[PaymentKey{e.rail, e.transaction, e.output}];
    known.last = e;
    if (known.firstSequence == 0) known.firstSequence = m_sequence;
    news.topics.insert({Topic::Balances, Topic::Account});
}
void Replica::on(const engine::LedgerPosted& e, News& news) {
    m_entries[e.entry] = e;
    news.topics.insert(Topic::Balances);
}
void Replica::on(const engine::BalanceChanged& e, News& news) {
    m_balances[e.total.unit] = e;
    news.topics.insert(Topic::Balances);
}
void Replica::on(const engine::InstrumentOpened& e, News& news) {
    m_instruments[e.instrument] = e;
    news.topics.insert(Topic::Book);
}
void Replica::on(const engine::OrderPlaced& e, News& news) {
    KnownOrder& known = m_orders[e.order];
    known.placed = e;
    known.remaining = e.quantity;
    known.state = e.stopPrice ? engine::OrderState::Waiting : engine::OrderState::Open;
    known.fiat = known.fees = {0, e.price.unit};
    news.topics.insert(Topic::Orders);
}
void Replica::on(const engine::OrderChanged& e, News& news) {
    if (const auto found = m_orders.find(e.order); found != m_orders.end()) {
        found->second.remaining = e.remaining;
        found->second.state = e.state;
        found->second.cause = e.cause;
    }
    news.topics.insert(Topic::Orders);
}

void Replica::on(const engine::OrderReplaced& e, News& news) {
    if (const auto found = m_orders.find(e.order); found != m_orders.end()) {
        KnownOrder& known = found->second;
        known.placed.price = e.price;
        known.placed.quantity = e.quantity;
        if (e.stopPrice) known.placed.stopPrice = e.stopPrice;
        known.remaining = e.remaining;
        ++known.changes;
    }
    news.topics.insert(Topic::Orders);
}
void Replica::on(const engine::InstrumentSteered& e, News& news) {
    m_steered[e.instrument] = e;
    news.topics.insert(Topic::Book);
}

void Replica::on(const engine::LevelChanged& e, News& news) {
    wire::StreamedBook& book = m_books[e.instrument];
    book.apply(e);
    news.topics.insert(Topic::Book);
    if (const auto unsound = m_unsound.find(e.instrument); unsound != m_unsound.end()) {
        unsound->second.emplace_back(m_position, e);
    } else if (m_checksum && book.checksum() != *m_checksum) {
        m_unsound[e.instrument];
        news.unsoundBook = e.instrument;
    }
}

bool Replica::mend(const wire::BookSnapshot& snapshot) {
    wire::StreamedBook book;
    book.reset(snapshot);
    if (book.checksum() != snapshot.checksum) return false;
    for (const auto& [position, level] : m_unsound[snapshot.instrument]) {
        if (position > snapshot.position) book.apply(level);
    }
    m_unsound.erase(snapshot.instrument);
    m_books[snapshot.instrument] = std::move(book);
    return true;
}

std::uint32_t Replica::bookChecksum(InstrumentId instrument) const {
    const auto* book = lookUp(m_books, instrument);
    return book ? book->checksum() : wire::StreamedBook().checksum();
}

void Replica::on(const engine::InstructionExecuted& e, News& news) {
    m_instructions.push_back(e);
    m_myInstructions.insert(e.instruction.number);
    count(e.instruction.makerOrder, e.instruction);
    count(e.instruction.takerOrder, e.instruction);
    news.topics.insert({Topic::Trades, Topic::Orders});
}

/// Adds a fill to an order of this account; others are not known.
void Replica::count(OrderId order, const market::Instruction& instruction) {
    const auto found = m_orders.find(order);
    if (found == m_orders.end()) return;
    KnownOrder& known = found->second;
    const Amount& fee = known.placed.side == 0 ? instruction.buyerFee : instruction.sellerFee;
    known.fiat.unit = known.fees.unit = instruction.fiat.unit;
    // The engine keeps the sums in range.
    static_cast<void>(money::addTo(known.fiat.value, instruction.fiat.value));
    static_cast<void>(money::addTo(known.fees.value, fee.value));
}

void Replica::on(const engine::TradePublished& e, News& news) {
    auto& trades = m_trades[e.instrument];
    if (trades.size() >= 2 * kMostTrades)
        trades.erase(trades.begin(), trades.begin() + static_cast<std::ptrdiff_t>(kMostTrades));
    trades.push_back(e);
    news.topics.insert(Topic::Trades);
}

void Replica::on(const engine::ListingPublished& e, News& news) {
    const auto manifest = checkListing(e);
    m_listings[e.listing] = {e, true, manifest.ok(), manifest ? manifest->edition : 1};
    news.listing = e.listing;
    news.topics.insert(Topic::Listings);
}
void Replica::on(const engine::ListingChanged& e, News& news) {
    if (const auto found = m_listings.find(e.listing); found != m_listings.end()) found->second.available = e.available;
    news.topics.insert(Topic::Listings);
}

bool meetsCounter(const KnownSale& sale) {
    const engine::SaleChanged& now = sale.last;
    if (now.state != engine::SaleState::Offered || !now.counter || !sale.countered) return false;
    const engine::SaleChanged& then = *sale.countered;
    return now.coin == then.coin && now.keyWay == then.keyWay && now.delivery == then.delivery &&
           now.funding == then.funding && now.escrowAsset == then.escrowAsset;
}

void Replica::on(const engine::SaleChanged& e, News& news) {
    // The stream begins anew; what is known of a recalled sale by now must not be taken from under anybody.
    if (m_recalled.contains(e.sale) && e.step < m_sales[e.sale].last.step) return;
    m_recalled.erase(e.sale);
    m_sales[e.sale].last = e;
    if (e.state == engine::SaleState::Countered) m_sales[e.sale].countered = e;
    news.topics.insert({Topic::Sales, Topic::Library});
    news.sale = e.sale;
}
void Replica::on(const engine::ReceiptMade& e, News& news) {
    m_sales[e.sale].receipts.push_back({e, wire::receiptHash(e), m_sequence});
    news.topics.insert(Topic::Sales);
}
void Replica::on(const engine::KeyPartRelayed& e, News& news) {
    m_sales[e.sale].part1 = e;
    news.topics.insert({Topic::Sales, Topic::Library});
    news.sale = e.sale;
}

void Replica::on(const engine::DisputeStatement& e, News& news) {
    m_sales[e.sale].statements.push_back(e);
    news.sale = e.sale;
    news.topics.insert(api::Topic::Sales);
}
void Replica::on(const engine::PayoutTargetChanged& e, News& news) {
    m_sales[e.sale].payee = e;
    news.topics.insert(Topic::Sales);
}
void Replica::on(const engine::RefundTargetChanged& e, News& news) {
    m_sales[e.sale].refundTo = e.to;
    news.topics.insert(Topic::Sales);
}
void Replica::on(const engine::RecordKept& e, News& news) { news.kept = e; }
void Replica::on(const engine::CustodyPassed& e, News& news) {
    m_custody[e.listing] = e;
    news.topics.insert(Topic::Library);
}

void Replica::on(const engine::DeviceAdded& e, News& news) {
    m_devices[e.key] = e;
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::DeviceRemoved& e, News& news) {
    m_devices.erase(e.key);
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::RolesSet& e, News& news) {
    for (engine::UserAdded& user : m_users) {
        if (user.user == e.user) user.roles = e.roles;
    }
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::OrderLimitSet& e, News& news) {
    m_orderLimits[{e.user, e.most.unit}] = e.most;
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::AssetAccountSet& e, News& news) {
    m_assetAccounts[e.unit] = e.address;
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::StandingChanged& e, News& news) {
    m_standing = e;
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::PayoutAddressChanged& e, News& news) {
    m_payoutAddresses[e.address.id] = e.address;
    if (e.removed) m_payoutAddresses.erase(e.address.id);
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::WithdrawalChanged& e, News& news) {
    m_withdrawals[e.withdrawal.id] = e.withdrawal;
    news.topics.insert(Topic::Balances);
}
void Replica::on(const engine::WithdrawalPolicyChanged& e, News& news) {
    m_policy = e;
    news.topics.insert(Topic::Account);
}
void Replica::on(const engine::WithdrawalFeeSet& e, News& news) {
    m_withdrawalFees[e.fee.unit] = e.fee;
    news.topics.insert(Topic::Balances);
}

void Replica::on(const engine::DeadManChanged& e, News& news) {
    m_deadMen[e.user] = e;
    news.topics.insert(Topic::Orders);
}

const engine::CustodyPassed* Replica::custody(ListingId id) const { return lookUp(m_custody, id); }
const KnownListing* Replica::listing(ListingId id) const { return lookUp(m_listings, id); }
bool Replica::isHalted(InstrumentId instrument) const {
    const auto* steered = lookUp(m_steered, instrument);
    return steered && steered->halted;
}
Amount Replica::referencePrice(InstrumentId instrument) const {
    const auto* steered = lookUp(m_steered, instrument);
    if (steered && !steered->reference.isZero()) return steered->reference;
    const auto* trades = lookUp(m_trades, instrument);
    if (trades && !trades->empty()) return trades->back().price;
    const auto* opened = lookUp(m_instruments, instrument);
    return {0, opened ? opened->quote : UnitId{}};
}
std::vector<Amount> Replica::orderLimits(UserId user) const {
    std::vector<Amount> limits;
    for (const auto& [key, most] : m_orderLimits)
        if (key.first == user) limits.push_back(most);
    return limits;
}
const KnownOrder* Replica::order(OrderId id) const { return lookUp(m_orders, id); }
const engine::LedgerPosted* Replica::entry(EntryId id) const { return lookUp(m_entries, id); }
std::vector<EntryId> Replica::entriesOf(SaleId sale, std::string_view reason) const {
    std::vector<EntryId> found;
    for (const auto& [id, posted] : m_entries)
        if (posted.sale == sale && posted.reason == reason) found.push_back(id);
    return found;
}
const KnownSale* Replica::sale(SaleId id) const {
    const KnownSale* sale = lookUp(m_sales, id);
    return sale && sale->last.sale == id ? sale : nullptr; // not before its first SaleChanged
}

std::vector<api::BalanceRow> Replica::balances() const {
    std::map<UnitId, api::BalanceRow> rows;
    for (const auto& [unit, balance] : m_balances) {
        // The engine keeps held within total.
        const Amount available{balance.total.value - balance.held.value, unit};
        rows[unit] = {unit, available, {balance.held.value, unit}, {0, unit}};
    }
    for (const auto& [key, known] : m_deposits) {
        const engine::DepositChanged& deposit = known.last;
        if (deposit.state != engine::DepositState::Pending || deposit.holder != m_holder || deposit.sale) continue;
        const UnitId unit = deposit.amount.unit;
        api::BalanceRow& row =
            rows.try_emplace(unit, api::BalanceRow{unit, {0, unit}, {0, unit}, {0, unit}}).first->second;
        static_cast<void>(money::addTo(row.pending.value, deposit.amount.value));
    }
    std::vector<api::BalanceRow> list;
    list.reserve(rows.size());
    for (const auto& [unit, row] : rows) list.push_back(row);
    return list;
}

std::vector<api::BookRow> Replica::book(InstrumentId instrument, std::uint32_t levels) const {
    std::vector<api::BookRow> rows;
    const auto* book = lookUp(m_books, instrument);
    if (!book) return rows;
    for (const wire::BookLevel& level : book->bids(levels))
        rows.push_back({api::Side::Buy, level.price, level.quantity, level.orders});
    for (const wire::BookLevel& level : book->asks(levels))
        rows.push_back({api::Side::Sell, level.price, level.quantity, level.orders});
    return rows;
}

std::vector<api::TradeRow> Replica::trades(InstrumentId instrument, std::uint32_t limit) const {
    std::vector<api::TradeRow> rows;
    const auto* trades = lookUp(m_trades, instrument);
    if (!trades) return rows;
    for (auto trade = trades->rbegin(); trade != trades->rend() && rows.size() < limit; ++trade)
        rows.push_back({trade->instruction, trade->takerSide == 0 ? api::Side::Buy : api::Side::Sell, trade->price,
                        trade->quantity, trade->fiat, trade->timeMs, m_myInstructions.contains(trade->instruction)});
    return rows;
}

} // namespace tallylock::party
