// Rows of sales, receipts and the library.
#include "core/escrow/SaleTable.h"
#include "core/ledger/Ledger.h"
#include "core/money/Decimal.h"
#include "core/party/RowMaker.h"
#include "core/party/SaleChecks.h"

#include <algorithm>

namespace tallylock::party {

using api::Actor;
using engine::SaleState;

// The api's words are the engine's, number by number.
static_assert(static_cast<int>(api::SaleState::kCount) == static_cast<int>(SaleState::kCount));
static_assert(static_cast<int>(api::SaleState::Resolved) == static_cast<int>(SaleState::Resolved));
static_assert(static_cast<int>(Actor::kCount) == static_cast<int>(engine::SaleActor::kCount));
static_assert(static_cast<int>(Actor::StandbyServer) == static_cast<int>(engine::SaleActor::StandbyServer));
static_assert(static_cast<int>(api::KeyWay::kCount) == static_cast<int>(engine::KeyWay::kCount));
static_assert(static_cast<int>(api::DeliveryKind::kCount) == static_cast<int>(engine::DeliveryKind::kCount));
static_assert(static_cast<int>(api::FundingMode::kCount) == static_cast<int>(engine::FundingMode::kCount));
static_assert(static_cast<int>(api::EscrowAsset::kCount) == static_cast<int>(engine::EscrowAsset::kCount));
static_assert(static_cast<int>(api::Settlement::kCount) == static_cast<int>(engine::Settlement::kCount));

static api::SaleState apiState(SaleState state) { return static_cast<api::SaleState>(state); }

static constexpr int kSteps = 14;
/// Who acts in each step.
static constexpr Actor kStepActors[kSteps] = {
    Actor::Buyer,         Actor::Seller,    Actor::Seller,    Actor::KeyServer,     Actor::Coordinator,
    Actor::FirstExchange, Actor::Buyer,     Actor::Seller,    Actor::FirstExchange, Actor::Escrow,
    Actor::FirstExchange, Actor::KeyServer, Actor::KeyServer, Actor::Buyer};
static constexpr int kSettlementStep = 11;
static constexpr int kFirstPartStep = 12;

/// As a person would name whoever acted: the standby acts in the key server's place.
static Actor actorOf(const engine::ReceiptMade& made, const engine::SaleChanged& sale) {
    const bool byStandby = sale.terms && sale.terms->standby && made.signer == sale.terms->standby->identity;
    return byStandby ? Actor::StandbyServer : static_cast<Actor>(made.actor);
}
/// A part of the first key server, once the standby has taken over.
static bool isSuperseded(const engine::ReceiptMade& made, const engine::SaleChanged& sale) {
    return sale.standbyReceipt && made.step >= kFirstPartStep && made.signer == sale.terms->keyServer.identity;
}

static bool isPaid(const engine::SaleChanged& sale) {
    return sale.coins && sale.received && !(sale.received->value < sale.coins->value);
}

Actor nextActor(const engine::SaleChanged& sale) {
    if (sale.state == SaleState::KeyWrapped && !sale.buyerSignature) return Actor::Buyer;
    if (sale.state == SaleState::Seen && sale.quoteLapsed) return Actor::Coordinator;
    if (sale.state == SaleState::Seen && (!isPaid(sale) || !sale.fundingSigned.value_or(false)))
        return Actor::Buyer; // a top-up is due, or a word
    if (sale.state == SaleState::Funded && sale.terms->ownership) return Actor::Seller;
    if (sale.state == SaleState::Unlocked && sale.settlement == engine::Settlement::Done) return Actor::Buyer; // looks
    return static_cast<Actor>(escrow::nextActor(sale.state));
}

static api::DeliveryKind deliveryOf(const engine::SaleChanged& sale) {
    return static_cast<api::DeliveryKind>(sale.delivery.value_or(engine::DeliveryKind::SealedFile));
}

std::string RowMaker::listingName(ListingId listing) const {
    const KnownListing* known = m_replica.listing(listing);
    return known ? known->published.name : std::string();
}

bool RowMaker::isUnlockable(const KnownSale& sale) const {
    if (m_core.diary().copy(sale.last.sale)) return true;
    return m_core.buyer().parts().part1(sale).ok() && m_core.buyer().parts().part2(sale).ok();
}

api::SaleRow RowMaker::sale(const KnownSale& known) const {
    const engine::SaleChanged& sale = known.last;
    api::SaleRow row;
    row.id = sale.sale;
    row.listing = sale.listing;
    row.name = listingName(sale.listing);
    const bool buys = sale.buyer == m_replica.holder();
    row.role = buys ? api::SaleRole::Buyer : api::SaleRole::Seller;
    row.state = apiState(sale.state);
    row.step = sale.step;
    row.next = nextActor(sale);
    row.terminal = escrow::isTerminal(sale.state);
    const bool paysNow = sale.state == SaleState::WalletOpen || sale.state == SaleState::Seen;
    if (buys)
        row.needsMe = (paysNow && sale.fundingSigned.value_or(false) && !isPaid(sale)) || isQuoteForMe(sale) ||
                      (sale.state == SaleState::KeySent2 && !sale.terms->ownership && isUnlockable(known)) ||
                      sale.state == SaleState::Countered;
    else
        row.needsMe =
            (sale.state == SaleState::Offered && !meetsCounter(known)) || // one that is met is accepted by itself
            (sale.state == SaleState::Disputed && sale.dispute && !sale.dispute->sellerAnswered);
    row.bid = sale.bid;
    row.price = sale.terms ? sale.terms->price : Amount{0, sale.bid.unit};
    row.minimum = sale.minimum;
    row.counter = sale.counter.value_or(Amount{0, sale.bid.unit});
    row.keyWay = static_cast<api::KeyWay>(sale.keyWay.value_or(engine::KeyWay::TwoChannels));
    row.delivery = deliveryOf(sale);
    row.funding = static_cast<api::FundingMode>(sale.funding.value_or(engine::FundingMode::Fronted));
    row.escrowAsset = static_cast<api::EscrowAsset>(sale.escrowAsset.value_or(engine::EscrowAsset::Dollars));
    row.coinDue = sale.coins.value_or(Amount{0, sale.coin});
    row.counterparty = buys ? sale.sellerName : sale.buyerName;
    row.deadlineMs = sale.deadlineMs;
    if (paysNow && sale.quoteUntilMs == sale.deadlineMs) row.deadlineMs = sale.wallet->deadlineMs; // the sale's own
    const bool isLooking = buys && sale.state == SaleState::Unlocked && !sale.terms->holdback.isZero();
    if (isLooking) row.objectUntilMs = sale.inspectionEndsMs.value_or(0);
    row.changedMs = sale.timeMs;
    if (!row.terminal) row.orphanedSinceMs = m_core.goneSinceMs(sale.timeMs);
    if (row.orphanedSinceMs != 0) {
        row.needsMe = false;
        row.objectUntilMs = 0;
    }
    return row;
}

std::vector<api::SaleRow> RowMaker::sales() const {
    std::vector<api::SaleRow> rows;
    for (const auto& [id, known] : m_replica.sales()) {
        if (!m_replica.sale(id)) continue;
        api::SaleRow row = sale(known);
        // What is only recalled may have gone on since: it is shown where it goes on by itself, or its coordinator
        // counts as gone.
        const bool isOld = m_replica.isRecalled(id) && !known.last.payoutEntry && row.orphanedSinceMs == 0;
        if (!isOld) rows.push_back(std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return a.changedMs != b.changedMs ? a.changedMs > b.changedMs : a.id > b.id;
    });
    return rows;
}

std::string accountName(const ledger::AccountKey& account, HolderId buyer, HolderId seller) {
    using ledger::Purpose;
    const money::Unit* unit = money::findUnit(account.unit);
    const std::string code = unit ? std::string(unit->code) : std::string("?");
    const std::string sale = std::to_string(account.ref);
    switch (account.purpose) {
    case Purpose::Available:
        if (account.holder == buyer) return "buyer " + code + " available";
        if (account.holder == seller) return "seller " + code + " available";
        return "account " + std::to_string(account.holder.value) + " " + code + " available";
    case Purpose::SaleFunds: return "funds of sale " + sale;
    case Purpose::Escrow: return "escrow of sale " + sale;
    case Purpose::Fees: return "fees " + code;
    case Purpose::Suspense: return "suspense " + code;
    case Purpose::Guarantee: return "guarantee " + code;
    case Purpose::Treasury: return "treasury " + code;
    case Purpose::Custody: return "custody " + code;
    case Purpose::BankCustody: return "bank custody " + code;
    case Purpose::Loss: return "loss " + code;
    case Purpose::kCount: break;
    }
    return "?";
}

std::vector<api::MoneyLeg> RowMaker::legs(EntryId entry, HolderId buyer, HolderId seller) const {
    std::vector<api::MoneyLeg> legs;
    const engine::LedgerPosted* posted = entry ? m_replica.entry(entry) : nullptr;
    if (!posted) return legs;
    for (const engine::PostedLeg& leg : posted->legs)
        legs.push_back({accountName(leg.account, buyer, seller), leg.delta});
    return legs;
}

api::ReceiptRow RowMaker::receipt(const KnownSale& sale, const KnownReceipt& known) const {
    const engine::ReceiptMade& made = known.made;
    api::ReceiptRow row;
    row.sale = made.sale;
    row.step = made.step;
    row.attempt = static_cast<int>(made.attempt);
    row.actor = actorOf(made, sale.last);
    row.stateAfter = apiState(made.stateAfter);
    row.timeMs = made.timeMs;
    row.journalSeq = known.sequence;
    row.contract = made.contract;
    row.hash = known.hash;
    row.previous = made.previous;
    row.money = legs(made.entry, sale.last.buyer, sale.last.seller);
    // The buyer's payments were booked as they became final, one by one; the step says that they are enough.
    if (made.stateAfter == SaleState::Funded) {
        for (const EntryId entry : m_replica.entriesOf(made.sale, ledger::nameOf(ledger::Reason::SaleFunding))) {
            const auto more = legs(entry, sale.last.buyer, sale.last.seller);
            row.money.insert(row.money.end(), more.begin(), more.end());
        }
    }
    // Before the dollars are put into escrow the coins of a converted sale were sold for them.
    if (made.stateAfter == SaleState::Escrowed && sale.last.terms && engine::isConverted(*sale.last.terms)) {
        EntryId sold;
        for (const EntryId entry : m_replica.entriesOf(made.sale, ledger::nameOf(ledger::Reason::EscrowFunding)))
            if (entry < made.entry && sold < entry) sold = entry;
        const auto coins = legs(sold, sale.last.buyer, sale.last.seller);
        row.money.insert(row.money.begin(), coins.begin(), coins.end());
    }
    return row;
}

std::vector<api::ReceiptRow> RowMaker::receipts(const KnownSale& sale) const {
    std::vector<api::ReceiptRow> rows;
    for (const KnownReceipt& known : sale.receipts) rows.push_back(receipt(sale, known));
    return rows;
}

std::vector<api::StepRow> RowMaker::steps(const KnownSale& sale) const {
    std::vector<api::StepRow> rows;
    bool currentFound = false;
    for (int step = 1; step <= kSteps; ++step) {
        api::StepRow row;
        row.step = step;
        row.actor = kStepActors[step - 1];
        if (step >= kFirstPartStep && row.actor == Actor::KeyServer && sale.last.standbyReceipt)
            row.actor = Actor::StandbyServer;
        // A step of two halves, or one that was taken again, has the newer receipt, and all that it moved.
        for (const KnownReceipt& known : sale.receipts) {
            if (known.made.step != step || isSuperseded(known.made, sale.last)) continue;
            api::ReceiptRow newer = receipt(sale, known);
            if (row.receipt && newer.money.empty()) newer.money = row.receipt->money;
            row.receipt = std::move(newer);
        }
        if (row.receipt) {
            row.actor = row.receipt->actor;
            row.state = api::StepState::Done;
        } else if (m_replica.isRecalled(sale.last.sale) && step <= sale.last.step) {
            row.state = api::StepState::Done; // its receipts are in the evidence
        } else if (escrow::isTerminal(sale.last.state)) {
            row.state = api::StepState::Skipped;
        } else if (!currentFound && step != kSettlementStep) {
            row.state = api::StepState::Current;
            currentFound = true;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string paymentUri(const std::string& address, const Amount& amount) {
    const money::Unit* unit = money::findUnit(amount.unit);
    if (!unit) return {};
    const std::string decimal = money::formatDecimal(amount.value, unit->ledgerDecimals);
    if (amount.unit == money::kBtc) return "bitcoin:" + address + "?amount=" + decimal;
    if (amount.unit == money::kXmr) return "monero:" + address + "?tx_amount=" + decimal;
    // EIP-681 counts in wei, which is our ledger unit.
    if (amount.unit == money::kEth && unit->ledgerDecimals == 18)
        return "ethereum:" + address + "?value=" + money::formatDecimal(amount.value, 0);
    return {};
}

std::optional<api::PaymentRequest> RowMaker::payment(const engine::SaleChanged& sale) const {
    const bool mine = sale.buyer == m_replica.holder();
    if (!mine || !sale.wallet || !sale.fundingSigned.value_or(false)) return std::nullopt;
    if (!checkWallet(sale, m_core.setup().keyServerIdentity)) return std::nullopt; // never show what was not checked
    api::PaymentRequest request;
    request.address = sale.wallet->address;
    request.amount = sale.wallet->coins;
    request.received = sale.received.value_or(Amount{0, sale.coin});
    Amount asked = request.amount; // or the rest, where too little has come
    if (!isPaid(sale)) asked.value -= request.received.value;
    request.uri = paymentUri(request.address, asked);
    request.confirmations = static_cast<int>(sale.confirmations.value_or(0));
    request.confirmationsNeeded = static_cast<int>(
        sale.confirmationsNeeded.value_or(m_core.welcome() ? m_core.welcome()->config.confirmations : 0));
    request.deadlineMs = sale.wallet->deadlineMs;
    if (sale.quoteUntilMs && !isPaid(sale)) request.deadlineMs = std::min(request.deadlineMs, *sale.quoteUntilMs);
    return request;
}

bool RowMaker::isQuoteForMe(const engine::SaleChanged& sale) const {
    const auto quote = newQuote(sale);
    return quote && quote->state != api::NewQuoteState::Asked;
}

std::optional<api::NewQuote> RowMaker::newQuote(const engine::SaleChanged& sale) const {
    using api::NewQuoteState;
    const bool isOpen = sale.state == SaleState::WalletOpen || sale.state == SaleState::Seen;
    if (sale.buyerKeys.identity != m_core.identity().key() || !isOpen || sale.fundingSigned.value_or(true))
        return std::nullopt;
    if (sale.quoteLapsed) {
        const bool byItself = sale.state == SaleState::Seen;
        return api::NewQuote{byItself ? NewQuoteState::Asked : NewQuoteState::Lapsed, *sale.coins, *sale.received,
                             sale.deadlineMs};
    }
    if (sale.received->isZero()) return std::nullopt; // the app is about to sign it
    return api::NewQuote{NewQuoteState::Made, *sale.coins, *sale.received, sale.deadlineMs};
}

api::SaleDetail RowMaker::detail(const KnownSale& known) const {
    const engine::SaleChanged& sale = known.last;
    api::SaleDetail detail;
    detail.row = this->sale(known);
    detail.steps = steps(known);
    detail.payment = payment(sale);
    detail.newQuote = newQuote(sale);
    detail.settlement = static_cast<api::Settlement>(sale.settlement);
    const auto parts = m_core.buyer().parts().rows(known);
    detail.part1Arrived = parts[0].state == api::PartState::Fits;
    detail.part2Arrived = parts[1].state == api::PartState::Fits;
    if (sale.buyer == m_replica.holder()) {
        detail.spot = m_core.buyer().spots().row(known);
        detail.delivery = m_core.buyer().deliveries().row(sale.sale);
        if (known.refundTo && m_replica.payoutAddresses().contains(known.refundTo->id))
            detail.refundTo = known.refundTo->address;
    }
    const Amount none{0, sale.bid.unit};
    detail.fee = sale.terms ? sale.terms->fee : none;
    detail.holdback = sale.terms ? sale.terms->holdback : none;
    detail.converted = sale.converted;
    const IdentityKey keyServer = sale.terms ? sale.terms->keyServer.identity : m_core.setup().keyServerIdentity;
    detail.keyServerWords = keys::Fingerprint::of(keyServer).words();
    if (sale.terms && sale.terms->standby)
        detail.standbyWords = keys::Fingerprint::of(sale.terms->standby->identity).words();
    detail.oneServer = sale.terms ? sale.terms->oneServer.value_or(false) : false;
    detail.standbyTookOver = sale.standbyReceipt.has_value();
    if (sale.contract) detail.contract = *sale.contract;
    if (sale.seller == m_replica.holder() && !m_replica.isRecalled(sale.sale)) {
        detail.mayNamePayee = escrow::findEdge(sale.state, escrow::SaleEvent::PayoutTargetSet) != nullptr;
        if (known.payee && known.payee->target != sale.seller)
            detail.payee = {known.payee->target, known.payee->name};
        else if (detail.mayNamePayee || sale.payoutEntry)
            detail.payee = {sale.seller, sale.sellerName};
    }
    detail.dispute = dispute(known);
    const bool hasBoth = sale.state == SaleState::KeySent2 || sale.state == SaleState::Unlocked;
    detail.mayObject = sale.buyerKeys.identity == m_core.identity().key() && hasBoth && !detail.holdback.isZero();
    detail.mayState = sale.state == SaleState::Disputed;
    if (sale.state == SaleState::Unlocked) detail.inspectionEndsMs = sale.inspectionEndsMs.value_or(0);
    if (detail.row.orphanedSinceMs != 0) { // nobody would hear of it, and coins would be lost
        detail.payment.reset();
        detail.newQuote.reset();
        detail.mayObject = detail.mayState = detail.mayNamePayee = false;
    }
    return detail;
}

std::optional<api::LibraryRow> RowMaker::libraryRow(const KnownSale& known) const {
    const engine::SaleChanged& sale = known.last;
    const bool bought = (sale.state >= SaleState::Funded && sale.state <= SaleState::Completed) ||
                        sale.state == SaleState::Rekeying || sale.state == SaleState::Disputed ||
                        sale.state == SaleState::Resolved;
    if (sale.buyer != m_replica.holder() || !bought) return std::nullopt;
    api::LibraryRow row;
    row.sale = sale.sale;
    row.parts = m_core.buyer().parts().rows(known);
    row.delivery = deliveryOf(sale);
    row.boughtMs = sale.timeMs;
    for (const KnownReceipt& receipt : known.receipts)
        if (receipt.made.stateAfter == SaleState::Funded) row.boughtMs = receipt.made.timeMs;
    if (const KnownListing* listing = m_replica.listing(sale.listing)) {
        const engine::ListingPublished& published = listing->published;
        row.name = published.name;
        row.mediaType = published.mediaType;
        row.sizeBytes = published.sizeBytes;
        row.assetId = published.assetId;
        row.preview = {published.previewType, published.preview};
        if (const auto manifest = checkListing(published)) {
            row.creatorFingerprint = keys::Fingerprint::of(manifest->creator).text();
            row.markForm = markFormOf(asset::markFormOf(manifest->trackingMark));
        }
    }
    if (const std::string* path = m_core.diary().path(sale.sale)) {
        row.path = *path;
        row.state = api::LibraryState::Unlocked;
    } else {
        row.state = isUnlockable(known) ? api::LibraryState::Unlockable : api::LibraryState::OnItsWay;
    }
    return row;
}

std::vector<api::LibraryRow> RowMaker::library() const {
    std::vector<api::LibraryRow> rows;
    for (const auto& [id, known] : m_replica.sales())
        if (auto row = libraryRow(known)) rows.push_back(std::move(*row));
    std::reverse(rows.begin(), rows.end());
    return rows;
}

} // namespace tallylock::party
