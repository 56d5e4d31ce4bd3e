// Where coins go that come back to a buyer: docs/decisions/refund-target.md. In the sales that it sees no address is
// removed, no fee is taken, and what is to be sent back waits: nobody carries it out or cancels it.
#include "tests/audit/auditor/SaleAuditor.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
constexpr std::uint64_t kMakeOffer = 41;
constexpr std::uint64_t kRenewOffer = 61;
constexpr std::uint64_t kObservePayment = 22;
constexpr std::uint64_t kApproved = 1;
constexpr std::uint64_t kCancelled = 5;

void promise(bool kept, std::uint64_t id, const char* what) {
    require(kept, SaleInvariant::RefundsGoWhereAsked, id, what);
}
} // namespace

/// What the buyer's own command says, not what the engine has made of it.
void SaleAuditor::hearOffer(const Sale& sale, std::uint64_t id, const Step& step) {
    if (step.command.empty()) return;
    const Item command = Item::parse(step.command);
    const std::uint64_t type = command.list()[0].number();
    if (type != kMakeOffer && type != kRenewOffer) return;
    const Item& body = command.list()[1];
    const Item& offer = type == kMakeOffer ? body : body.at(2);
    const Item* escrowed = offer.find(11);
    m_escrowAsked[id] = escrowed ? escrowed->number() : 0;
    m_refunds.erase(id);
    if (const Item* to = offer.find(10))
        m_refunds[id] = {{sale.buyer, static_cast<unsigned>(offer.at(2).number()), Available, 0}, to->number()};
}

void SaleAuditor::hearPayment(const Step& step) {
    if (step.command.empty()) return;
    const Item command = Item::parse(step.command);
    if (command.list()[0].number() != kObservePayment) return;
    const Item& body = command.list()[1];
    m_payment = body.at(2).bytes() + ' ' + std::to_string(body.at(3).number());
    const bool isInNoBlock = body.at(7).flag() || body.at(6).number() == 0;
    m_isReversed = isInNoBlock && m_creditedPayments.contains(m_payment);
    m_left = Money::of(body.at(5)).value;
}

/// A payment that has left the chain and comes back was sent on before, or stays.
void SaleAuditor::hearCameBack(std::uint64_t id, const Item& entry) {
    const std::string& reason = entry.at(3).text();
    const bool isPayment = reason == "deposit" || reason == "sale funding";
    const bool isNew = !isPayment || m_creditedPayments.insert(m_payment).second;
    const auto refund = m_refunds.find(id);
    if (refund == m_refunds.end() || !isNew) return;
    for (const Item& leg : entry.at(5).list()) {
        const Whole delta = Money::of(leg.at(2)).value;
        if (Account::of(leg.at(1)) == refund->second.from && delta > 0) m_cameBack[id] += delta;
    }
}

void SaleAuditor::hearSentBack(const Item& withdrawal) {
    const Item* sale = withdrawal.find(17);
    if (!sale) return; // a user has asked for it
    const auto refund = m_refunds.find(sale->number());
    promise(refund != m_refunds.end(), sale->number(), "coins are sent back that were to stay");
    promise(withdrawal.at(2).number() == refund->second.from.holder && withdrawal.at(4).number() == refund->second.to,
            sale->number(), "coins are sent back to another address");
    const std::uint64_t state = withdrawal.at(8).number();
    const Whole cost = Money::of(withdrawal.at(6)).value + Money::of(withdrawal.at(7)).value;
    promise(state == kApproved || (state == kCancelled && m_isReversed), sale->number(),
            "coins that are sent back wait for somebody, or are kept though nothing has gone");
    if (m_isReversed) {
        (state == kCancelled ? m_kept : m_resent)[sale->number()] += cost;
    } else {
        ++m_sentBack;
        m_cameBack[sale->number()] -= cost;
    }
}

void SaleAuditor::checkSentBack() {
    for (const auto& [id, coins] : m_cameBack) promise(coins == 0, id, "other coins are sent back than have come back");
    m_cameBack.clear();
    for (const auto& [id, coins] : m_kept)
        promise(m_resent[id] == std::max<Whole>(coins - m_left, 0), id, "more is kept than has gone");
    for (const auto& [id, coins] : m_resent)
        promise(coins == 0 || m_kept.contains(id), id, "coins are sent back, and none have come");
    m_kept.clear();
    m_resent.clear();
}

} // namespace tallylock::audit
