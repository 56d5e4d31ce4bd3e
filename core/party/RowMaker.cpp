// Rows of the account, the shop and the market.
#include "core/party/RowMaker.h"

#include "core/party/SaleChecks.h"

#include <algorithm>

namespace tallylock::party {

static api::Side sideOf(std::uint8_t side) { return side == 0 ? api::Side::Buy : api::Side::Sell; }

api::AccountInfo RowMaker::account() const {
    api::AccountInfo info;
    info.holder = m_replica.holder();
    info.name = m_core.setup().profileName;
    if (const engine::HolderRegistered* registered = m_replica.registration()) {
        info.name = registered->name;
        info.institution = registered->institution;
        if (registered->keys.identity == m_core.identity().key())
            info.myRoles = api::kAdministrator | api::kTrader | api::kTreasurer | api::kAuditor;
    }
    if (const auto& fiat = m_replica.fiatAccount())
        info.fiat = api::FiatAccount{fiat->bank, fiat->reference, fiat->insurer, fiat->coverageLimit, fiat->evidence};
    for (const auto& [unit, identifier] : m_replica.identifiers()) info.deposits.push_back({unit, identifier});
    for (const engine::UserAdded& user : m_replica.users()) info.users.push_back(this->user(user));
    for (const api::UserRow& user : info.users) {
        if (std::none_of(user.devices.begin(), user.devices.end(), [](const auto& one) { return one.mine; })) continue;
        info.myRoles = user.roles;
        info.myself = user.id;
    }
    if (const auto& standing = m_replica.standing()) {
        info.standing = static_cast<api::Standing>(standing->standing);
        info.standingEvidence = standing->evidence;
    } else if (m_core.welcome() && m_core.welcome()->config.practice && info.holder) {
        info.standing = api::Standing::Verified; // as registration leaves it
    }
    for (const auto& [unit, address] : m_replica.assetAccounts()) info.assetAccounts.push_back({unit, address});
    info.mayConvert = m_core.welcome() && engine::sellsOnOwnBook(m_core.welcome()->config);
    info.mayEscrowDigital = m_core.welcome() && m_core.welcome()->config.digitalDollar.has_value();
    return info;
}

api::UserRow RowMaker::user(const engine::UserAdded& added) const {
    api::UserRow row{added.user, added.name, added.key, added.roles, {}, m_replica.orderLimits(added.user)};
    for (const auto& [key, device] : m_replica.devices()) {
        if (device.user == added.user)
            row.devices.push_back({key, device.usableFromMs, key == m_core.identity().key()});
    }
    return row;
}

std::vector<api::UnitRow> RowMaker::units() {
    std::vector<api::UnitRow> rows;
    for (const money::Unit& unit : money::allUnits()) {
        const unsigned shown = std::min(unit.railDecimals, 8u);
        rows.push_back({unit.id, std::string(unit.code), static_cast<int>(unit.ledgerDecimals), static_cast<int>(shown),
                        unit.kind == money::UnitKind::Fiat});
    }
    return rows;
}

api::MarkForm markFormOf(asset::MarkForm form) {
    switch (form) {
    case asset::MarkForm::Xmp: return api::MarkForm::Xmp;
    case asset::MarkForm::Trailer: return api::MarkForm::Trailer;
    case asset::MarkForm::Sidecar: return api::MarkForm::Sidecar;
    default: return api::MarkForm::None;
    }
}

api::ListingRow RowMaker::listing(const KnownListing& known) const {
    const engine::ListingPublished& published = known.published;
    const auto fingerprint = keys::Fingerprint::of(published.sellerKeys.identity);
    api::ListingRow row;
    row.id = published.listing;
    row.name = published.name;
    row.description = published.description;
    row.mediaType = published.mediaType;
    row.sizeBytes = published.sizeBytes;
    row.portions = (published.sizeBytes + asset::kPortionSize - 1) / asset::kPortionSize;
    row.price = published.price;
    row.sellerName = published.sellerName;
    row.sellerFingerprint = fingerprint.text();
    row.sellerFingerprintWords = fingerprint.words();
    row.preview = {published.previewType, published.preview};
    row.assetId = published.assetId;
    row.manifestHash = published.manifestHash;
    row.publishedMs = published.timeMs;
    row.mine = published.seller == m_replica.holder() && published.seller;
    row.available = known.available && known.sound;
    row.edition = known.edition;
    // Only what has been verified says who made it.
    if (const auto signedManifest = decodeCbor<asset::SignedManifest>(published.manifest);
        known.sound && signedManifest) {
        row.creatorFingerprint = keys::Fingerprint::of(signedManifest->manifest.creator).text();
        row.markForm = markFormOf(asset::markFormOf(signedManifest->manifest.trackingMark));
    }
    return row;
}

std::vector<api::ListingRow> RowMaker::listings() const {
    std::vector<api::ListingRow> rows;
    for (const auto& [id, known] : m_replica.listings()) rows.push_back(listing(known));
    std::reverse(rows.begin(), rows.end());
    return rows;
}

std::vector<api::CustodyRow> RowMaker::custody(const Hash& assetId) const {
    std::vector<api::CustodyRow> rows;
    std::set<Hash> told; // editions have their beginning in common
    for (const auto& [id, known] : m_replica.listings()) {
        if (known.published.assetId != assetId || !known.sound) continue;
        for (const custody::SignedCustody& passed : custodyOf(known.published, m_replica.custody(id))) {
            if (!told.insert(custody::custodyHash(passed)).second) continue;
            const custody::CustodyEntry& entry = passed.entry;
            rows.push_back({known.edition, entry.number, entry.from, entry.to, keys::Fingerprint::of(entry.from).text(),
                            keys::Fingerprint::of(entry.to).text(), entry.to == m_core.identity().key(), entry.timeMs,
                            entry.contract});
        }
    }
    return rows;
}

/// How many decimals a step needs: 0.01 needs two.
static int decimalsOf(const Amount& step) {
    const money::Unit* unit = money::findUnit(step.unit);
    if (!unit || step.value <= 0) return 0;
    int decimals = static_cast<int>(unit->ledgerDecimals);
    for (money::Int128 rest = step.value; decimals > 0 && rest % 10 == 0; rest /= 10) --decimals;
    return decimals;
}

std::vector<api::InstrumentRow> RowMaker::instruments() const {
    std::vector<api::InstrumentRow> rows;
    for (const auto& [id, opened] : m_replica.instruments())
        rows.push_back({id, opened.symbol, opened.base, opened.quote, opened.tick, opened.lot, decimalsOf(opened.tick),
                        decimalsOf(opened.lot), m_replica.isHalted(id), opened.minimum, opened.maximum,
                        opened.makerBasisPoints, opened.takerBasisPoints, opened.collarBasisPoints.value_or(0),
                        m_replica.referencePrice(id)});
    return rows;
}

// The api's words are the market's, number by number.
static_assert(static_cast<int>(api::OrderState::kCount) == static_cast<int>(engine::OrderState::kCount));
static_assert(static_cast<int>(api::OrderType::kCount) == static_cast<int>(market::OrderType::kCount));
static_assert(static_cast<int>(api::OrderType::StopLimit) == static_cast<int>(market::OrderType::StopLimit));
static_assert(static_cast<int>(api::SelfTrade::kCount) == static_cast<int>(market::SelfTrade::kCount));
static_assert(static_cast<int>(api::CancelCause::kCount) == static_cast<int>(market::CancelCause::kCount));
static_assert(static_cast<int>(api::CancelCause::SelfTrade) == static_cast<int>(market::CancelCause::SelfTrade));
static_assert(static_cast<int>(api::DepositState::kCount) == static_cast<int>(engine::DepositState::kCount));
static_assert(static_cast<int>(api::Standing::kCount) == static_cast<int>(parties::Standing::kCount));

api::OrderRow RowMaker::order(const KnownOrder& known) {
    const engine::OrderPlaced& placed = known.placed;
    api::OrderRow row;
    row.id = placed.order;
    row.clientId = placed.clientId;
    row.instrument = placed.instrument;
    row.side = sideOf(placed.side);
    row.price = placed.price;
    row.quantity = placed.quantity;
    row.filled = {placed.quantity.value - known.remaining.value, placed.quantity.unit};
    row.state = static_cast<api::OrderState>(known.state);
    row.placedMs = placed.timeMs;
    row.type = static_cast<api::OrderType>(placed.type.value_or(market::OrderType::Limit));
    row.stopPrice = placed.stopPrice.value_or(Amount{0, placed.price.unit});
    row.selfTrade = static_cast<api::SelfTrade>(placed.selfTrade.value_or(market::SelfTrade::Allow));
    row.filledFiat = known.fiat;
    row.fees = known.fees;
    row.averagePrice = {0, placed.price.unit};
    if (const money::Unit* base = money::findUnit(row.filled.unit); base && row.filled.isPositive()) {
        const auto average = money::mulDiv(known.fiat.value, money::powerOfTen(base->ledgerDecimals), row.filled.value,
                                           money::Rounding::Down);
        if (average) row.averagePrice.value = *average; // else too large to be shown
    }
    if (row.state == api::OrderState::Cancelled)
        row.cause = static_cast<api::CancelCause>(known.cause.value_or(market::CancelCause::Asked));
    return row;
}

std::vector<api::OrderRow> RowMaker::orders() const {
    std::vector<api::OrderRow> rows;
    for (const auto& [id, known] : m_replica.orders()) rows.push_back(order(known));
    std::reverse(rows.begin(), rows.end());
    return rows;
}

std::vector<api::IncomingRow> RowMaker::deposits() const {
    std::vector<api::IncomingRow> rows;
    for (const auto& [key, known] : m_replica.deposits()) {
        const engine::DepositChanged& last = known.last;
        if (last.holder != m_replica.holder() || last.sale) continue;
        const auto place = m_replica.identifiers().find(last.amount.unit);
        rows.push_back({last.rail, last.transaction, last.output, last.amount,
                        place == m_replica.identifiers().end() ? std::string() : place->second, last.confirmations,
                        last.needed, static_cast<api::DepositState>(last.state), known.firstSequence});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.firstSeq > b.firstSeq; });
    return rows;
}

std::string RowMaker::holderName(HolderId holder) const {
    if (holder == m_replica.holder()) return account().name;
    if (holder == ledger::kHouse) return "house";
    return "account " + std::to_string(holder.value);
}

std::vector<api::InstructionRow> RowMaker::instructions(std::uint32_t limit) const {
    std::vector<api::InstructionRow> rows;
    const auto& all = m_replica.instructions();
    for (auto executed = all.rbegin(); executed != all.rend() && rows.size() < limit; ++executed) {
        const market::Instruction& instruction = executed->instruction;
        const bool takerBuys = instruction.takerSide == market::Side::Buy;
        api::InstructionRow row;
        row.number = instruction.number;
        row.hash = executed->hash;
        row.instrument = instruction.instrument;
        row.buyOrder = takerBuys ? instruction.takerOrder : instruction.makerOrder;
        row.sellOrder = takerBuys ? instruction.makerOrder : instruction.takerOrder;
        row.buyer = holderName(instruction.buyer);
        row.seller = holderName(instruction.seller);
        row.price = instruction.price;
        row.quantity = instruction.quantity;
        row.fiat = instruction.fiat;
        row.executed = static_cast<bool>(executed->entry);
        row.entry = executed->entry;
        row.timeMs = executed->timeMs;
        row.money = legs(executed->entry, instruction.buyer, instruction.seller);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace tallylock::party
