// The end of a sale when somebody is not content, or silent: disputes, the store's receipt, the holdback.
#include "core/engine/EngineState.h"

#include <algorithm>

namespace tallylock::engine {

using escrow::SaleEvent;

namespace {
bool isText(const std::string& text) { return !text.empty() && text.size() <= kMaxStatement; }

} // namespace

Arbitration Engine::State::arbitrationOf(const SaleChanged& view) {
    return view.terms ? view.terms->arbitration.value_or(Arbitration{}) : Arbitration{};
}

void Engine::State::say(OpenSale& sale, SaleActor by, const std::string& text) {
    sale.statements.push_back({sale.view.sale, by, text, nowMs});
    emit(Audience::both(sale.view.buyer, sale.view.seller), sale.statements.back());
}

/// SaleUnknown, SaleNotYours, SaleWrongState, NothingHeldBack, SaleWrongState (the time to look is over, or the buyer
/// has said to be content), TextInvalid, ReceiptMismatch (bad data without R14, or
/// with one of another contract; anything else with one), SignatureInvalid.
Reply Engine::State::handle(const RaiseDispute& c) {
    const auto found = saleFor(c.sale, SaleEvent::DisputeRaised, SaleActor::Buyer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    if (view.terms->holdback.isZero()) return refuse(Refused::NothingHeldBack);
    if (view.inspectionEndsMs && *view.inspectionEndsMs <= nowMs) {
        return refuse(Refused::SaleWrongState, escrow::nameOf(view.state));
    }
    if (!isText(c.text)) return refuse(Refused::TextInvalid);
    const bool isBad = c.claim == Claim::BadData;
    if (isBad != c.receipt.has_value() || isBad != c.signature.has_value()) return refuse(Refused::ReceiptMismatch);
    if (isBad) {
        if (c.receipt->contract != *view.contract || c.receipt->opened) return refuse(Refused::ReceiptMismatch);
        if (!isSigned(view.buyerKeys.identity, "r14", *c.receipt, *c.signature)) {
            return refuse(Refused::SignatureInvalid);
        }
    }
    view.dispute = Dispute{c.claim, nowMs, false, c.receipt, c.signature, {}, {}, {}};
    advance(sale, SaleEvent::DisputeRaised);
    say(sale, SaleActor::Buyer, c.text);
    return done();
}

/// SaleUnknown, SaleNotYours, SaleWrongState, TextInvalid, StatementsTooMany.
Reply Engine::State::handle(const MakeStatement& c) {
    OpenSale* open = findSale(c.sale);
    if (!open) return refuse(Refused::SaleUnknown);
    const bool isBuyer = cause.signer == open->view.buyerKeys.identity;
    const SaleEvent event = isBuyer ? SaleEvent::BuyerStated : SaleEvent::SellerStated;
    const SaleActor who = isBuyer ? SaleActor::Buyer : SaleActor::Seller;
    const auto found = saleFor(c.sale, event, who);
    if (!found) return found.error();
    OpenSale& sale = **found;
    if (!isText(c.text)) return refuse(Refused::TextInvalid);
    const auto before = std::count_if(sale.statements.begin(), sale.statements.end(),
                                      [&](const DisputeStatement& one) { return one.by == who; });
    if (static_cast<std::size_t>(before) >= kMaxStatements) return refuse(Refused::StatementsTooMany);
    if (!isBuyer) sale.view.dispute->sellerAnswered = true;
    say(sale, who, c.text);
    advance(sale, event);
    return done();
}

/// SaleUnknown, SaleNotYours, SaleWrongState (also: nobody doubts the data, or it has been judged), ReceiptMismatch,
/// SignatureInvalid. Bad data ends the dispute: the whole holdback is the buyer's.
Reply Engine::State::handle(const JudgeData& c) {
    const SaleEvent event = c.verdict.bad ? SaleEvent::DataFoundBad : SaleEvent::DataFoundSound;
    const auto found = saleFor(c.sale, event, SaleActor::KeyServer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    Dispute& dispute = *sale.view.dispute;
    if (dispute.claim != Claim::BadData || dispute.verdict) {
        return refuse(Refused::SaleWrongState, escrow::nameOf(sale.view.state));
    }
    if (c.verdict.contract != *sale.view.contract) {
        return refuse(Refused::ReceiptMismatch);
    }
    if (!isSigned(cause.signer, "verdict", c.verdict, c.signature)) {
        return refuse(Refused::SignatureInvalid);
    }
    dispute.verdict = c.verdict;
    if (c.verdict.bad) decide(sale, sale.view.terms->holdback);
    const EntryId entry = advance(sale, event);
    dropIfOver(c.sale);
    return done(entry.value);
}

/// SaleUnknown, SaleNotYours (neither the arbiter nor a deputy of these terms, or a deputy who has signed them as buyer
/// or seller), SaleWrongState, DeputyWaits, AmountInvalid and kin, TextInvalid.
Reply Engine::State::handle(const DecideDispute& c) {
    const auto found = saleFor(c.sale, SaleEvent::DisputeDecided, SaleActor::Arbiter);
    if (!found) return found.error();
    OpenSale& sale = **found;
    // By the keys of the terms: whose account a key is of is the word of whoever has added it there.
    const bool isParty = cause.signer == sale.view.buyerKeys.identity || cause.signer == sale.view.sellerKeys.identity;
    if (isParty) return refuse(Refused::SaleNotYours);
    const Arbitration rules = arbitrationOf(sale.view);
    if (cause.signer != rules.arbiter) {
        const auto deputy = std::find(rules.deputies.begin(), rules.deputies.end(), cause.signer);
        const std::int64_t turn = deputy - rules.deputies.begin() + 1;
        const std::int64_t beganMs = sale.view.deadlineMs - rules.disputeMs; // when it was raised, but for outages
        if (nowMs < beganMs + turn * rules.deputyMs) return refuse(Refused::DeputyWaits);
    }
    const Amount& holdback = sale.view.terms->holdback;
    if (c.toBuyer.unit != holdback.unit || c.toBuyer.value > holdback.value) return refuse(Refused::AmountInvalid);
    if (c.toBuyer.value < 0) return refuse(Refused::AmountNegative);
    if (!c.toBuyer.isZero()) {
        if (const auto bad = checkAmount(c.toBuyer, holdback.unit)) return refuse(*bad);
    }
    if (!isText(c.reason)) return refuse(Refused::TextInvalid);
    say(sale, SaleActor::Arbiter, c.reason);
    decide(sale, c.toBuyer);
    const EntryId entry = advance(sale, SaleEvent::DisputeDecided);
    dropIfOver(c.sale);
    return done(entry.value);
}

void Engine::State::decide(OpenSale& sale, const Amount& toBuyer) {
    sale.view.dispute->decidedBy = cause.signer;
    sale.view.dispute->toBuyer = toBuyer;
}

/// B8. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch (also where only the ownership passes),
/// SignatureInvalid. Again: the first one counts.
Reply Engine::State::handle(const ConfirmStored& c) {
    const auto found = saleFor(c.sale, SaleEvent::DeliveryStored, SaleActor::Coordinator);
    if (!found) return found.error();
    SaleChanged& view = (*found)->view;
    if (view.terms->ownership || c.receipt.contract != *view.contract ||
        c.receipt.sealedRoot != view.terms->sealedRoot) {
        return refuse(Refused::ReceiptMismatch);
    }
    if (!isSigned(view.terms->coordinator, "r8-store", c.receipt, c.signature)) {
        return refuse(Refused::SignatureInvalid);
    }
    if (!view.stored) {
        view.stored = c.receipt;
        view.storedSignature = c.signature;
    }
    advance(**found, SaleEvent::DeliveryStored);
    return done();
}

/// SaleUnknown, SaleNotYours, SaleWrongState, NotRegistered, NotPermitted, AccountFrozen. Again: no effect.
Reply Engine::State::handle(const ReleaseHoldback& c) {
    const auto found = saleFor(c.sale, SaleEvent::HoldbackReleased, SaleActor::Buyer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    if (const auto refusal = mayNotDispose(sale.view.buyer)) return refuse(*refusal);
    if (sale.view.inspectionEndsMs && *sale.view.inspectionEndsMs <= nowMs) return done();
    sale.view.inspectionEndsMs = nowMs;
    advance(sale, SaleEvent::HoldbackReleased);
    completeIfSettled(sale);
    dropIfOver(c.sale);
    return done();
}

std::vector<SaleId> Engine::disputedSales() const {
    std::vector<SaleId> found;
    for (const auto& [id, sale] : m_state->sales) {
        if (sale.view.state == SaleState::Disputed) found.push_back(id);
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<DisputeStatement> Engine::statements(SaleId id) const {
    const OpenSale* sale = m_state->findSale(id);
    return sale ? sale->statements : std::vector<DisputeStatement>();
}

} // namespace tallylock::engine
