// How a sale moves: the one place in which its state is written.
#include "core/engine/EngineState.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

using escrow::SaleEvent;

namespace {
/// The effect that an event is the answer to.
SaleEffect answeredBy(SaleEvent event) {
    switch (event) {
    case SaleEvent::QuoteFrozen: return SaleEffect::FreezeQuote;
    case SaleEvent::WalletOpened: return SaleEffect::OpenWallet;
    case SaleEvent::EscrowProvided: return SaleEffect::ProvideEscrow;
    case SaleEvent::SellerPaid: return SaleEffect::PaySeller;
    case SaleEvent::CoinsMoved: return SaleEffect::MoveCoins;
    case SaleEvent::Part1Given: return SaleEffect::GivePart1;
    case SaleEvent::Part2Sent: return SaleEffect::ReleaseParts;
    case SaleEvent::WalletClosed: return SaleEffect::CloseWallet;
    case SaleEvent::DeliveryConfirmed:
    case SaleEvent::DeliveryStored: return SaleEffect::ProveStored;
    case SaleEvent::DataFoundSound: return SaleEffect::JudgeData;
    default: return SaleEffect::None;
    }
}

/// Whether an edge's effect is asked for.
bool isWanted(escrow::EffectWhen when, const SaleChanged& view) {
    switch (when) {
    case escrow::EffectWhen::Always: return true;
    case escrow::EffectWhen::BuyerSigned: return view.buyerSignature.has_value();
    case escrow::EffectWhen::PartOneEarly: // once: after a payment that left the chain the buyer still has it
        return view.terms->keyWay == KeyWay::PartOneEarly && !view.partOneConfirmed;
    case escrow::EffectWhen::FileGoesOver: return !view.terms->ownership;
    case escrow::EffectWhen::QuoteLapsed: return view.quoteLapsed.has_value();
    case escrow::EffectWhen::DataDoubted: return view.dispute && view.dispute->claim == Claim::BadData;
    }
    return false;
}
} // namespace

OpenSale* Engine::State::findSale(SaleId id) {
    const auto found = sales.find(id);
    return found == sales.end() ? nullptr : &found->second;
}

Result<OpenSale*, Reply> Engine::State::saleFor(SaleId id, SaleEvent event, SaleActor who) {
    OpenSale* sale = findSale(id);
    if (!sale) return Err(refuse(Refused::SaleUnknown));
    const IdentityKey& signer = cause.signer;
    const bool allowed = who == SaleActor::Buyer           ? signer == sale->view.buyerKeys.identity
                         : who == SaleActor::Seller        ? signer == sale->view.sellerKeys.identity
                         : who == SaleActor::KeyServer     ? isKeyServer(sale->view, signer)
                         : who == SaleActor::StandbyServer ? isStandby(sale->view, signer)
                         : who == SaleActor::Arbiter       ? isArbiter(sale->view, signer)
                                                           : isCoordinator();
    const bool forged = TALLYLOCK_PLANTED(ForgedAcknowledgement) && event == SaleEvent::DeliveryConfirmed;
    if (!allowed && !forged) return Err(refuse(Refused::SaleNotYours));
    const bool early =
        (TALLYLOCK_PLANTED(KeyEarly) && event == SaleEvent::Part1Sent && sale->view.state == SaleState::Escrowed) ||
        (TALLYLOCK_PLANTED(DeliveryUnproven) && event == SaleEvent::EscrowProvided &&
         sale->view.state == SaleState::Funded);
    if (!early && !escrow::findEdge(sale->view.state, event)) {
        return Err(refuse(Refused::SaleWrongState, escrow::nameOf(sale->view.state)));
    }
    return sale;
}

/// The key that signed the terms stays that of the sale, so that it can be ended. Whoever binds the holder anew with it
/// must still be a trader of it: NotRegistered (the key was removed), SaleNotYours, then as actor().
std::optional<Refused> Engine::State::mayNotBind(HolderId holder) const {
    if (asking && asking->holder != holder) return Refused::SaleNotYours;
    return mayNot(parties::kTrader);
}

/// As mayNotBind, for what only disposes of what is owed already: a restricted holder may.
std::optional<Refused> Engine::State::mayNotDispose(HolderId holder) const {
    const auto refusal = mayNotBind(holder);
    return refusal == Refused::AccountRestricted ? std::nullopt : refusal;
}

bool Engine::State::isArbiter(const SaleChanged& view, const IdentityKey& who) {
    if (TALLYLOCK_PLANTED(StrangerDecides)) return true;
    if (!view.terms || !view.terms->arbitration) return false;
    const Arbitration& rules = *view.terms->arbitration;
    return who == rules.arbiter || std::find(rules.deputies.begin(), rules.deputies.end(), who) != rules.deputies.end();
}

EntryId Engine::State::advance(OpenSale& sale, SaleEvent event, std::optional<Amount> known) {
    SaleChanged& view = sale.view;
    const escrow::SaleEdge* edge = escrow::findEdge(view.state, event);
    assert(edge && "tested before");
    EntryId entry;
    for (const escrow::Movement movement : edge->money) {
        if (const EntryId made = moveMoney(sale, movement, known)) entry = made;
    }
    const SaleState before = view.state;
    view.state = edge->to;
    view.step = std::max(view.step, edge->step);
    view.timeMs = nowMs;
    if (view.state != before) enterDeadline(sale, before);
    if (event == SaleEvent::PaymentReversed && before != SaleState::Seen) ++sale.attempt;

    // Nothing that was asked for on the way there is wanted any more.
    const bool turnsBack =
        view.state != before && (view.state == SaleState::Refunding || view.state == SaleState::Seen);
    if (turnsBack || escrow::isTerminal(view.state)) closeAllEffects(sale);
    if (const SaleEffect answered = answeredBy(event); answered != SaleEffect::None) closeEffect(sale, answered);
    for (std::size_t i = 0; i < edge->effects.size(); ++i) {
        const SaleEffect effect = edge->effects[i];
        if (effect == SaleEffect::None || !isWanted(edge->when[i], view)) continue;
        closeEffect(sale, effect); // a deadline has come before its answer
        openEffect(sale, effect);
    }
    if (view.state == SaleState::SellerPaid && before != view.state) {
        closeEffect(sale, SaleEffect::PaySeller);
        closeEffect(sale, SaleEffect::GivePart1); // it comes in its turn now
        view.settlement = Settlement::Pending;
        listings.at(view.listing).sold = view.sale;
        publishOwner(view);
    }
    if (view.state == SaleState::Unlocked && before != view.state) {
        if (const std::int64_t lookMs = arbitrationOf(view).inspectionMs; lookMs != 0 && !view.terms->holdback.isZero())
            view.inspectionEndsMs = nowMs + lookMs;
    }
    if (view.terms && escrow::endsUntouched(view.state, view.step)) setListingAvailable(view.listing, true);

    recount(sale);
    if (edge->step != 0 || view.state != before) makeReceipt(sale, *edge, entry);
    emit(Audience::both(view.buyer, view.seller), view);
    return entry;
}

/// The seller is paid: who owns the asset now is public, whatever becomes of the key.
void Engine::State::publishOwner(const SaleChanged& view) {
    if (!view.owner) return;
    Listing& listing = listings.at(view.listing);
    listing.custodyPassed = true;
    emit(Audience::everybody(), CustodyPassed{view.sale, view.listing, listing.assetId, encodeCbor(*view.owner)});
}

void Engine::State::makeReceipt(OpenSale& sale, const escrow::SaleEdge& edge, EntryId entry) {
    const SaleChanged& view = sale.view;
    ReceiptMade receipt;
    receipt.sale = view.sale;
    receipt.contract = view.contract ? *view.contract : view.termsHash.value_or(Hash{});
    receipt.step = edge.step;
    receipt.attempt = sale.attempt;
    receipt.actor = edge.actor;
    receipt.signer = cause.signer;
    receipt.command = cause.command;
    receipt.stateAfter = view.state;
    receipt.timeMs = nowMs;
    receipt.previous = sale.lastReceipt;
    receipt.entry = entry;
    sale.lastReceipt = crypto::labelledHash("receipt", receipt);
    emit(Audience::both(view.buyer, view.seller), receipt);
}

/// What the edge's word for the money means for this sale. Answers the entry, or none if there was nothing to move.
EntryId Engine::State::moveMoney(OpenSale& sale, escrow::Movement movement, const std::optional<Amount>& known) {
    using escrow::Movement;
    using ledger::Reason;
    SaleChanged& view = sale.view;
    switch (movement) {
    case Movement::FundEscrow: {
        const escrow::SalePrice price = priceOf(sale);
        if (!known || TALLYLOCK_PLANTED(ProceedsKept))
            return postMoves(sale, Reason::EscrowFunding, escrow::movesOfEscrow(escrowedOf(sale)));
        return postMoves(sale, Reason::EscrowFunding, escrow::movesOfProceeds(price, *known));
    }
    case Movement::ReturnEscrow:
        if (TALLYLOCK_PLANTED(EscrowStays)) return {};
        if (escrowsCoins(*view.terms)) return {}; // they came back before the payment left
        return postMoves(sale, Reason::Refund, escrow::movesOfEscrowBack(escrowedOf(sale)));
    case Movement::PaySeller:
        if (TALLYLOCK_PLANTED(PaidTwice)) {
            move(Reason::SellerPayout, view.sale, ledger::houseAccount(ledger::Purpose::Treasury, config.dollars),
                 ledger::availableOf(view.seller, config.dollars), 1);
        }
        view.payoutEntry =
            postMoves(sale, Reason::SellerPayout, escrow::movesOfPayout(priceOf(sale), escrowedOf(sale)));
        return *view.payoutEntry;
    case Movement::MoveCoins: {
        if (view.settlement == Settlement::Done) return {};
        const Amount funds = fundsOf(sale);
        const Amount quoted = view.coins->value < funds.value ? *view.coins : funds;
        const bool converted = isConverted(*view.terms); // B9 has sold what was needed
        const Amount moved = converted ? Amount{0, view.coin} : known.value_or(quoted);
        view.settlement = Settlement::Done;
        const EntryId entry = postMoves(sale, Reason::Settlement, escrow::movesOfCoins(funds, moved));
        const bool isCounted = !TALLYLOCK_PLANTED(StockUncounted) || view.sale.value % 4 != 0;
        if (sellsOnOwnBook() && isCounted && !moved.isZero()) addToStock(view, moved);
        return entry;
    }
    case Movement::PayHoldback: return postMoves(sale, Reason::Holdback, escrow::movesOfHoldback(priceOf(sale)));
    case Movement::RefundCoins:
        if (TALLYLOCK_PLANTED(RefundLost) && !fundsOf(sale).isZero()) {
            return move(Reason::Refund, view.sale, ledger::saleFundsOf(view.sale, view.coin),
                        ledger::houseAccount(ledger::Purpose::Fees, view.coin), fundsOf(sale).value);
        }
        return postMoves(sale, Reason::Refund, escrow::movesOfRefund(fundsOf(sale)));
    case Movement::MakeBuyerWhole: {
        const auto guarantee = ledger::houseAccount(ledger::Purpose::Guarantee, config.dollars);
        const Amount there{ledger.balance(guarantee).available(), config.dollars};
        return postMoves(sale, Reason::Guarantee, escrow::movesOfKeyLost(priceOf(sale), there));
    }
    case Movement::SplitHoldback:
        if (TALLYLOCK_PLANTED(VerdictIgnored))
            return postMoves(sale, Reason::Holdback, escrow::movesOfHoldback(priceOf(sale)));
        return postMoves(sale, Reason::Holdback, escrow::movesOfVerdict(priceOf(sale), *view.dispute->toBuyer));
    case Movement::None:
    case Movement::kCount: break;
    }
    return {};
}

/// The treasury has these coins now, and is to sell them.
void Engine::State::addToStock(const SaleChanged& sale, const Amount& coins) {
    const Amount nothing{0, config.dollars};
    CoinStock& stock = coinStocks.try_emplace(coins.unit, CoinStock{{0, coins.unit}, nothing, 1}).first->second;
    stock.left.value += coins.value; // both bounded by kLargestAmount each
    stock.fronted.value += sale.terms->price.value;
    emit(Audience::internal(), CoinStockChanged{stock, sale.sale, {}, coins, sale.terms->price, nowMs});
}

LateDeadlines Engine::State::lateDeadlines(const SaleChanged& view) {
    return view.terms ? view.terms->deadlines.late.value_or(LateDeadlines{}) : LateDeadlines{};
}

/// The deadline of the state that was just entered. Stretches that span several states keep theirs.
void Engine::State::enterDeadline(OpenSale& sale, SaleState before) {
    const SaleChanged& view = sale.view;
    const Deadlines& spans = view.terms ? view.terms->deadlines : config.deadlines;
    const LateDeadlines late = lateDeadlines(view);
    const auto after = [&](std::int64_t spanMs) { setDeadline(sale, nowMs + spanMs); };
    using Kind = escrow::DeadlineKind;
    switch (escrow::deadlineOf(view.state)) {
    case Kind::None: setDeadline(sale, 0); break;
    case Kind::Offer: break; // set with the offer
    case Kind::Key:
        if (view.state == SaleState::Accepted) after(spans.keyMs);
        break;
    case Kind::Payment:
        if (view.state == SaleState::WalletOpen) setDeadline(sale, unpaidUntil(view));
        // What was final has left the chain: most likely it comes back.
        if (view.state == SaleState::Seen && before != SaleState::WalletOpen) after(late.confirmationMs);
        break;
    case Kind::Delivery:
    case Kind::Opening: after(spans.deliveryMs); break;
    case Kind::Escrow: after(late.escrowMs); break;
    case Kind::Payout: after(late.payoutMs); break;
    case Kind::Release:
        if (TALLYLOCK_PLANTED(WaitsForEver)) {
            setDeadline(sale, 0);
        } else {
            after(late.releaseMs);
        }
        break;
    case Kind::Rekeying: after(late.rekeyingMs); break;
    case Kind::Settlement: {
        const std::int64_t lookMs = arbitrationOf(view).inspectionMs;
        after(view.settlement == Settlement::Done ? lookMs : std::max(late.settlementMs, lookMs));
        break;
    }
    case Kind::Refund: after(late.refundMs); break;
    case Kind::Dispute: after(arbitrationOf(view).disputeMs); break;
    }
}

void Engine::State::setDeadline(OpenSale& sale, std::int64_t deadlineMs) {
    SaleChanged& view = sale.view;
    if (view.deadlineMs != 0) (sale.waitsForUs ? deadlinesOnUs : deadlinesOnOthers).erase({view.deadlineMs, view.sale});
    view.deadlineMs = deadlineMs;
    indexDeadline(sale);
}

void Engine::State::indexDeadline(OpenSale& sale) {
    sale.waitsForUs = escrow::waitsForUs(escrow::deadlineOf(sale.view.state));
    if (sale.view.deadlineMs == 0) return;
    (sale.waitsForUs ? deadlinesOnUs : deadlinesOnOthers).insert({sale.view.deadlineMs, sale.view.sale});
}

/// We were away: nobody could do what these deadlines wait for. However little was left, there is some time now.
void Engine::State::extendDeadlines(std::int64_t byMs) {
    if (TALLYLOCK_PLANTED(OutageCounts)) return;
    const auto later = [&](std::int64_t timeMs) { return std::max(laterBy(timeMs, byMs), laterBy(nowMs, outageMs)); };
    std::vector<SaleId> waiting;
    for (const auto& [deadlineMs, id] : deadlinesOnUs) waiting.push_back(id);
    if (TALLYLOCK_PLANTED(OutageForAll)) {
        for (const auto& [deadlineMs, id] : deadlinesOnOthers) waiting.push_back(id);
    }
    std::sort(waiting.begin(), waiting.end());
    for (const SaleId id : waiting) {
        OpenSale& sale = sales.at(id);
        SaleChanged& view = sale.view;
        setDeadline(sale, later(view.deadlineMs));
        const bool wasOpen = view.inspectionEndsMs && *view.inspectionEndsMs > nowMs - byMs; // and is not given up
        if (wasOpen && view.state == SaleState::Unlocked) view.inspectionEndsMs = later(*view.inspectionEndsMs);
        emit(Audience::both(view.buyer, view.seller), view);
    }
}

void Engine::State::openEffect(OpenSale& sale, SaleEffect effect) {
    sale.effects.push_back({++lastEffect, effect, sale.attempt});
    emit(Audience::internal(), EffectOpened{sale.view.sale, effect, sale.attempt});
}

void Engine::State::closeEffect(OpenSale& sale, SaleEffect effect) {
    const auto removed = std::erase_if(sale.effects, [&](const OpenEffect& e) { return e.effect == effect; });
    if (removed != 0) emit(Audience::internal(), EffectClosed{sale.view.sale, effect});
}

void Engine::State::closeAllEffects(OpenSale& sale) {
    while (!sale.effects.empty()) closeEffect(sale, sale.effects.front().effect);
}

std::vector<EffectOpened> Engine::State::openEffects() const {
    std::vector<std::pair<std::uint64_t, EffectOpened>> numbered;
    for (const auto& [id, sale] : sales) {
        for (const OpenEffect& e : sale.effects) numbered.push_back({e.number, {id, e.effect, e.attempt}});
    }
    std::sort(numbered.begin(), numbered.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<EffectOpened> all;
    all.reserve(numbered.size());
    for (const auto& [number, effect] : numbered) all.push_back(effect);
    return all;
}

void Engine::State::setListingAvailable(ListingId listing, bool available) {
    const auto found = listings.find(listing);
    if (found == listings.end() || found->second.available == available) return;
    found->second.available = available;
    emit(Audience::everybody(), ListingChanged{listing, available});
}

/// Who is paid what the seller has earned.
static HolderId payeeOf(const OpenSale& sale) {
    if (TALLYLOCK_PLANTED(PayeeIgnored)) return sale.view.seller;
    return sale.payoutTarget.value_or(sale.view.seller);
}

EntryId Engine::State::postMoves(const OpenSale& sale, ledger::Reason reason,
                                 const std::vector<escrow::MoneyMove>& moves) {
    if (moves.empty()) return {};
    const SaleChanged& view = sale.view;
    const auto account = [&](escrow::Place place, UnitId unit) {
        switch (place) {
        case escrow::Place::Buyer: return ledger::availableOf(view.buyer, unit);
        case escrow::Place::Seller: return ledger::availableOf(payeeOf(sale), unit);
        case escrow::Place::SaleFunds: return ledger::saleFundsOf(view.sale, unit);
        case escrow::Place::Escrow: return ledger::escrowOf(view.sale, unit);
        case escrow::Place::Treasury: return ledger::houseAccount(ledger::Purpose::Treasury, unit);
        case escrow::Place::Guarantee: return ledger::houseAccount(ledger::Purpose::Guarantee, unit);
        case escrow::Place::Fees: break;
        }
        return ledger::houseAccount(ledger::Purpose::Fees, unit);
    };
    std::vector<ledger::Leg> legs;
    for (const escrow::MoneyMove& move : moves) {
        legs.push_back({account(move.from, move.amount.unit), -move.amount.value});
        legs.push_back({account(move.to, move.amount.unit), move.amount.value});
    }
    const EntryId entry = post(reason, view.sale, legs);
    for (const escrow::MoneyMove& move : moves) {
        if (move.to == escrow::Place::Buyer && move.amount.unit == view.coin)
            sendBack(view.buyer, view.sale, sale.refundTo, move.amount);
    }
    return entry;
}

Amount Engine::State::fundsOf(const OpenSale& sale) const {
    const UnitId coin = sale.view.coin;
    return {ledger.balance(ledger::saleFundsOf(sale.view.sale, coin)).total, coin};
}

/// Of the funds, what the seller's payment does not take: the buyer's.
Amount Engine::State::spareOf(const OpenSale& sale) const {
    const Amount funds = fundsOf(sale);
    assert(sale.view.coins && sale.view.terms && "the seller is paid");
    const money::Int128 taken = isConverted(*sale.view.terms) ? 0 : sale.view.coins->value; // else sold at B9
    return {std::max<money::Int128>(funds.value - taken, 0), funds.unit};
}

Amount Engine::State::paidIn(const OpenSale& sale) const {
    Amount coins = fundsOf(sale);
    coins.value += coinsInEscrow(sale).value;
    if (sale.view.converted) coins.value += sale.view.converted->value;
    return coins;
}

/// What B9 puts into escrow, where the treasury fronts the dollars.
escrow::Escrowed Engine::State::escrowedOf(const OpenSale& sale) const {
    const Terms& terms = *sale.view.terms;
    EscrowAsset asset = terms.escrowAsset.value_or(EscrowAsset::Dollars);
    if (TALLYLOCK_PLANTED(AlwaysDollars)) asset = EscrowAsset::Dollars;
    switch (asset) {
    case EscrowAsset::DigitalDollars:
        return {escrow::Place::Treasury, {terms.price.value, *config.digitalDollar}}; // both are as fine
    case EscrowAsset::Coin: return {escrow::Place::SaleFunds, *sale.view.coins};
    case EscrowAsset::Dollars:
    case EscrowAsset::kCount: break;
    }
    return {escrow::Place::Treasury, terms.price};
}

/// The sale's own; digital dollars in escrow are never the buyer's, even if the buyer pays in such.
Amount Engine::State::coinsInEscrow(const OpenSale& sale) const {
    const SaleChanged& view = sale.view;
    if (!view.terms || !escrowsCoins(*view.terms)) return {0, view.coin};
    return {ledger.balance(ledger::escrowOf(view.sale, view.coin)).total, view.coin};
}

/// A payment is about to leave a sale whose coins were sold at B9, or lie in escrow: if it takes more than can be
/// spared, B9 is undone. What lies in escrow comes back, and what was sold the treasury makes good. So the sale's funds
/// are as before B9. What the buyer has got above the price stays the buyer's: that is the house's loss, as is what the
/// coins cost now.
void Engine::State::bringCoinsBack(OpenSale& sale, const Amount& leaving) {
    SaleChanged& view = sale.view;
    const bool areEscrowed = !coinsInEscrow(sale).isZero();
    if ((!view.converted && !areEscrowed) || TALLYLOCK_PLANTED(CoinsStaySold)) return;
    const money::Int128 sold = view.converted ? view.converted->value : 0;
    if (paidIn(sale).value - leaving.value >= std::max(view.coins->value, sold)) return;
    postMoves(sale, ledger::Reason::Refund,
              areEscrowed ? escrow::movesOfEscrowBack(escrowedOf(sale))
                          : escrow::movesOfCoinsMadeGood(*view.converted));
    view.converted.reset();
}

escrow::SalePrice Engine::State::priceOf(const OpenSale& sale) const {
    const Terms& terms = *sale.view.terms;
    return {terms.price, terms.fee, terms.holdback};
}

/// k exists as soon as both have signed and the key server has vouched for the key.
void Engine::State::makeContractIfSigned(OpenSale& sale) {
    SaleChanged& view = sale.view;
    if (view.contract || !view.buyerSignature || !view.sellerSignature || !view.keyReceipt) return;
    view.contract = crypto::labelledHash(
        "contract", Contract{*view.terms, *view.sellerSignature, *view.buyerSignature, *view.keyReceipt});
}

void Engine::State::completeIfSettled(OpenSale& sale) {
    const SaleChanged& view = sale.view;
    if (view.state != SaleState::Unlocked || view.settlement != Settlement::Done) return;
    const std::int64_t ends = TALLYLOCK_PLANTED(NoTimeToLook) ? 0 : view.inspectionEndsMs.value_or(0);
    if (ends > nowMs) {
        if (view.deadlineMs == ends) return;
        setDeadline(sale, ends);
        emit(Audience::both(view.buyer, view.seller), view);
        return;
    }
    advance(sale, SaleEvent::SettlementDone);
}

void Engine::State::dropIfOver(SaleId id) {
    const OpenSale* sale = findSale(id);
    if (!sale || !escrow::isTerminal(sale->view.state)) return;
    assert(sale->view.deadlineMs == 0 && sale->promise == Promise{});
    assert(fundsOf(*sale).isZero() && coinsInEscrow(*sale).isZero());
    assert(ledger.balance(ledger::escrowOf(id, config.dollars)).total == 0);
    sales.erase(id);
}

/// A deadline has passed: what that is in the table's words. Writes the verdict of silence.
SaleEvent Engine::State::whatSilenceMeans(SaleChanged& view) {
    if (view.state == SaleState::Funded && view.stored) return SaleEvent::DeliveryCounted;
    if (TALLYLOCK_PLANTED(OwnershipAssumed) && view.state == SaleState::Funded && view.terms->ownership)
        return SaleEvent::OwnershipPassed;
    if (view.state == SaleState::Disputed) {
        Dispute& dispute = *view.dispute;
        const bool foundSound = dispute.verdict && !dispute.verdict->bad;
        const Amount& holdback = view.terms->holdback;
        dispute.toBuyer =
            escrow::isForBuyerBySilence(dispute.sellerAnswered, foundSound) ? holdback : Amount{0, holdback.unit};
    }
    return SaleEvent::DeadlinePassed;
}

void Engine::State::fireDeadline(SaleId id) {
    OpenSale& sale = sales.at(id);
    if (isQuotesDeadline(sale.view)) return lapseQuote(sale);
    setDeadline(sale, 0);
    if (TALLYLOCK_PLANTED(DeadlineIgnored) && sale.view.state == SaleState::Funded) return;
    advance(sale, whatSilenceMeans(sale.view));
    completeIfSettled(sale);
    dropIfOver(id);
}

} // namespace tallylock::engine
