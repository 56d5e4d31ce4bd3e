// Both sides of a dispute, and the buyer's word that it is content.
#include "core/party/BuyerSide.h"
#include "core/party/Core.h"
#include "core/party/RowMaker.h"
#include "core/party/SaleChecks.h"

namespace tallylock::party {

using api::Done;
using api::Problem;
using api::Refusal;
using engine::SaleState;

static_assert(static_cast<int>(api::Claim::kCount) == static_cast<int>(engine::Claim::kCount));

void BuyerSide::raiseDispute(SaleId sale, api::Claim claim, const std::string& text, const Done<void>& done) {
    const KnownSale* known = m_core.replica().sale(sale);
    if (!known) return done(Err(Refusal{Problem::SaleUnknown, {}}));
    const auto contract = contractOf(known->last);
    if (!contract) return done(Err(Refusal{Problem::SaleWrongState, nameOf(known->last.state)}));
    engine::RaiseDispute body{sale, static_cast<engine::Claim>(claim), text, {}, {}};
    if (claim == api::Claim::BadData) {
        body.receipt = engine::UnlockReceipt{contractHash(*contract), false};
        body.signature = m_core.identity().sign("r14", *body.receipt);
    }
    m_core.commandSale(sale, std::move(body), SaleState::Disputed, done);
}

void BuyerSide::releaseHoldback(SaleId sale, const Done<void>& done) {
    m_core.commandOnly(engine::ReleaseHoldback{sale}, done);
}

void Core::stateInDispute(SaleId sale, const std::string& text, const Done<void>& done) {
    commandOnly(engine::MakeStatement{sale, text}, done);
}

std::optional<api::DisputeRow> RowMaker::dispute(const KnownSale& known) const {
    if (!known.last.dispute) return std::nullopt;
    const engine::Dispute& dispute = *known.last.dispute;
    api::DisputeRow row;
    row.claim = static_cast<api::Claim>(dispute.claim);
    row.raisedMs = dispute.raisedMs;
    for (const engine::DisputeStatement& said : known.statements)
        row.statements.push_back({static_cast<api::Actor>(said.by), said.text, said.timeMs});
    if (dispute.verdict) row.foundBad = dispute.verdict->bad;
    row.sellerAnswered = dispute.sellerAnswered;
    row.toBuyer = dispute.toBuyer;
    if (dispute.decidedBy) {
        const bool byKeyServer = *dispute.decidedBy == engine::keyServerOf(known.last).identity;
        row.decidedBy = byKeyServer ? api::Actor::KeyServer : api::Actor::Arbiter;
    }
    return row;
}

} // namespace tallylock::party
