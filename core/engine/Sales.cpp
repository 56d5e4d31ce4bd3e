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
    case SaleEvent::Part2Sent: return SaleEffect::ReleaseParts;
    case SaleEvent::WalletClosed: return SaleEffect::CloseWallet;
    default: return SaleEffect::None;
    }
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
    const bool allowed = who == SaleActor::Buyer       ? signer == sale->view.buyerKeys.identity
                         : who == SaleActor::Seller    ? signer == sale->view.sellerKeys.identity
                         : who == SaleActor::KeyServer ? isKeyServer()
                                                       : isCoordinator();
    if (!allowed) return Err(refuse(Refused::SaleNotYours));
    if (!escrow::findEdge(sale->view.state, event)) {
        return Err(refuse(Refused::SaleWrongState, escrow::nameOf(sale->view.state)));
    }
    return sale;
}

void Engine::State::advance(OpenSale& sale, SaleEvent event, EntryId entry) {
    SaleChanged& view = sale.view;
    const escrow::SaleEdge* edge = escrow::findEdge(view.state, event);
    assert(edge && "tested before");
    const SaleState before = view.state;
    view.state = edge->to;
    view.step = std::max(view.step, edge->step);
    view.timeMs = nowMs;
    if (view.state != before) enterDeadline(sale);

    const SaleEffect answered = answeredBy(event);
    if (answered != SaleEffect::None) closeEffect(view.sale, answered);
    if (edge->when == escrow::EffectWhen::Always || view.buyerSignature) {
        for (const SaleEffect effect : edge->effects) {
            if (effect == SaleEffect::None) continue;
            effects.push_back({view.sale, effect, 1});
            emit(Audience::internal(), effects.back());
        }
    }
    if (event == SaleEvent::CoinsMoved) view.settlement = Settlement::Done;
    if (view.state == SaleState::SellerPaid && before != view.state) view.settlement = Settlement::Pending;
    if (view.state == SaleState::SellerPaid) listings.at(view.listing).sold = view.sale;
    if (escrow::isTerminal(view.state)) closeAllEffects(view.sale);
    if (view.state == SaleState::Void && view.terms) setListingAvailable(view.listing, true);

    const Audience both = Audience::both(view.buyer, view.seller);
    if (edge->step != 0 || view.state != before) {
        ReceiptMade receipt;
        receipt.sale = view.sale;
        receipt.contract = view.contract ? *view.contract : view.termsHash.value_or(Hash{});
        receipt.step = edge->step;
        receipt.actor = edge->actor;
        receipt.signer = cause.signer;
        receipt.command = cause.command;
        receipt.stateAfter = view.state;
        receipt.timeMs = nowMs;
        receipt.previous = sale.lastReceipt;
        receipt.entry = entry;
        sale.lastReceipt = crypto::labelledHash("receipt", receipt);
        emit(both, receipt);
    }
    emit(both, view);
}

/// The deadline of the state that was just entered. Stretches that span several states keep theirs.
void Engine::State::enterDeadline(OpenSale& sale) {
    const SaleChanged& view = sale.view;
    const Deadlines& spans = view.terms ? view.terms->deadlines : config.deadlines;
    using Kind = escrow::DeadlineKind;
    switch (escrow::deadlineOf(view.state)) {
    case Kind::None: setDeadline(sale, 0); break;
    case Kind::Offer: break; // set with the offer
    case Kind::Key:
        if (view.state == SaleState::Accepted) setDeadline(sale, nowMs + spans.keyMs);
        break;
    case Kind::Payment:
        if (view.wallet) setDeadline(sale, view.wallet->deadlineMs);
        break;
    case Kind::Delivery: setDeadline(sale, nowMs + spans.deliveryMs); break;
    }
}

void Engine::State::setDeadline(OpenSale& sale, std::int64_t deadlineMs) {
    if (sale.view.deadlineMs != 0) deadlines.erase({sale.view.deadlineMs, sale.view.sale});
    sale.view.deadlineMs = deadlineMs;
    if (deadlineMs != 0) deadlines.insert({deadlineMs, sale.view.sale});
}

void Engine::State::closeEffect(SaleId sale, SaleEffect effect) {
    const auto removed =
        std::erase_if(effects, [&](const EffectOpened& e) { return e.sale == sale && e.effect == effect; });
    if (removed != 0) emit(Audience::internal(), EffectClosed{sale, effect});
}

void Engine::State::closeAllEffects(SaleId sale) {
    while (true) {
        const auto found =
            std::find_if(effects.begin(), effects.end(), [&](const EffectOpened& e) { return e.sale == sale; });
        if (found == effects.end()) return;
        closeEffect(sale, found->effect);
    }
}

void Engine::State::setListingAvailable(ListingId listing, bool available) {
    const auto found = listings.find(listing);
    if (found == listings.end() || found->second.available == available) return;
    found->second.available = available;
    emit(Audience::everybody(), ListingChanged{listing, available});
}

EntryId Engine::State::postMoves(const OpenSale& sale, ledger::Reason reason,
                                 const std::vector<escrow::MoneyMove>& moves) {
    if (moves.empty()) return {};
    const SaleChanged& view = sale.view;
    const auto account = [&](escrow::Place place, UnitId unit) {
        switch (place) {
        case escrow::Place::Buyer: return ledger::availableOf(view.buyer, unit);
        case escrow::Place::Seller: return ledger::availableOf(view.seller, unit);
        case escrow::Place::SaleFunds: return ledger::saleFundsOf(view.sale, unit);
        case escrow::Place::Escrow: return ledger::escrowOf(view.sale, unit);
        case escrow::Place::Treasury: return ledger::houseAccount(ledger::Purpose::Treasury, unit);
        case escrow::Place::Fees: break;
        }
        return ledger::houseAccount(ledger::Purpose::Fees, unit);
    };
    std::vector<ledger::Leg> legs;
    for (const escrow::MoneyMove& move : moves) {
        legs.push_back({account(move.from, move.amount.unit), -move.amount.value});
        legs.push_back({account(move.to, move.amount.unit), move.amount.value});
    }
    return post(reason, view.sale, legs);
}

Amount Engine::State::fundsOf(const OpenSale& sale) const {
    const UnitId coin = sale.view.coin;
    return {ledger.balance(ledger::saleFundsOf(sale.view.sale, coin)).total, coin};
}

escrow::SalePrice Engine::State::priceOf(const OpenSale& sale) const {
    const Terms& terms = *sale.view.terms;
    return {terms.price, terms.fee, terms.holdback};
}

/// Sums up what has been seen in the wallet, and moves the sale along or back.
void Engine::State::paymentChanged(OpenSale& sale) {
    SaleChanged& view = sale.view;
    Amount received{0, view.coin};
    std::uint32_t least = UINT32_MAX;
    for (const SalePayment& payment : sale.payments) {
        received.value += payment.amount.value; // bounded by kLargestAmount each
        least = std::min(least, payment.confirmations);
    }
    const bool less = view.received && received.value < view.received->value;
    view.received = received;
    view.confirmations = sale.payments.empty() ? 0 : least;
    view.confirmationsNeeded = config.confirmations;
    advance(sale, less ? SaleEvent::PaymentReversed : SaleEvent::PaymentSeen);
    // Money that was seen in time counts, however long its confirmation takes.
    if (view.state == SaleState::Seen) {
        const bool inTime = received.value >= view.coins->value && view.fundingSigned.value_or(false);
        setDeadline(sale, inTime ? 0 : view.wallet->deadlineMs);
    }
    fundIfPaid(sale);
}

void Engine::State::fundIfPaid(OpenSale& sale) {
    const SaleChanged& view = sale.view;
    if (view.state != SaleState::Seen || !view.fundingSigned.value_or(false)) return;
    if (fundsOf(sale).value >= view.coins->value) advance(sale, SaleEvent::PaymentFinal);
}

/// k exists as soon as both have signed and the key server has vouched for the key.
void Engine::State::makeContractIfSigned(OpenSale& sale) {
    SaleChanged& view = sale.view;
    if (view.contract || !view.buyerSignature || !view.sellerSignature || !view.keyReceipt) return;
    view.contract = crypto::labelledHash(
        "contract", Contract{*view.terms, *view.sellerSignature, *view.buyerSignature, *view.keyReceipt});
}

void Engine::State::completeIfSettled(OpenSale& sale) {
    if (sale.view.state != SaleState::Unlocked || sale.view.settlement != Settlement::Done) return;
    const EntryId entry = postMoves(sale, ledger::Reason::Holdback, escrow::movesOfHoldback(priceOf(sale)));
    advance(sale, SaleEvent::SettlementDone, entry);
}

void Engine::State::dropIfOver(SaleId id) {
    const OpenSale* sale = findSale(id);
    if (!sale || !escrow::isTerminal(sale->view.state)) return;
    assert(sale->view.deadlineMs == 0);
    sales.erase(id);
}

void Engine::State::fireDeadline(SaleId id) {
    OpenSale& sale = sales.at(id);
    setDeadline(sale, 0);
    advance(sale, SaleEvent::DeadlinePassed);
    completeIfSettled(sale);
    dropIfOver(id);
}

} // namespace tallylock::engine
