#include "tests/audit/auditor/SaleAuditor.h"

#include <algorithm>
#include <iterator>

namespace tallylock::audit {

namespace {

enum State : std::uint64_t {
    Offered,
    Accepted,
    KeyDeposited,
    KeyWrapped,
    Ready,
    WalletOpen,
    Seen,
    Funded,
    Delivered,
    Escrowed,
    SellerPaid,
    KeySent1,
    KeySent2,
    Unlocked,
    Completed,
    Refunding,
    Refunded,
    Void,
    Rekeying,
    KeyLost,
    Countered,
    Disputed,
    Resolved
};
constexpr bool isEnd(std::uint64_t state) {
    return state == Completed || state == Refunded || state == Void || state == KeyLost || state == Resolved;
}

/// No time counts in these in which there was no coordinator: docs/decisions/outages.md.
constexpr bool waitsForTheCoordinator(std::uint64_t state) {
    return !isEnd(state) && state != Offered && state != Countered && state != WalletOpen && state != Seen;
}

constexpr std::uint64_t kSaleChanged = 42;
constexpr std::uint64_t kReceiptMade = 43;
constexpr std::uint64_t kKeyPartRelayed = 44;
constexpr std::uint64_t kCoinStockChanged = 90;
constexpr std::uint64_t kPayoutTargetChanged = 91;
constexpr std::uint64_t kSetPayoutTarget = 67;

constexpr std::uint64_t kTime = SaleAuditor::kTime;

using Who = SaleAuditor::Who;
/// Whose word each command about a sale is.
constexpr struct {
    std::uint64_t command;
    Who who;
} kSigners[] = {
    {22, Who::Coordinator}, {41, Who::Buyer},         {42, Who::Buyer},       {43, Who::Seller},
    {44, Who::Seller},      {45, Who::Buyer},         {46, Who::Seller},      {47, Who::KeyServer},
    {48, Who::Coordinator}, {49, Who::Coordinator},   {50, Who::Buyer},       {51, Who::Buyer},
    {52, Who::Coordinator}, {53, Who::Coordinator},   {54, Who::Coordinator}, {55, Who::KeyServer},
    {56, Who::Buyer},       {57, Who::Coordinator},   {60, Who::Seller},      {61, Who::Buyer},
    {62, Who::Buyer},       {63, Who::EitherParty},   {64, Who::KeyServer},   {65, Who::Arbiter},
    {67, Who::Seller},      {68, Who::Seller},        {69, Who::Buyer},       {80, Who::Coordinator},
    {81, Who::Buyer},       {82, Who::StandbyServer},
};

/// From one state to another, and by which commands.
constexpr struct {
    std::uint64_t from;
    std::uint64_t to;
    std::uint64_t by[5]; ///< 0: no more
} kEdges[] = {
    {Offered, Void, {42, 44, kTime}},
    {Offered, Accepted, {43}},
    {Offered, Countered, {60}},
    {Countered, Offered, {61}},
    {Countered, Void, {42, 44, kTime}},
    {Accepted, KeyDeposited, {46}},
    {Accepted, Void, {kTime}},
    {KeyDeposited, KeyWrapped, {47}},
    {KeyDeposited, Void, {kTime}},
    {KeyWrapped, Ready, {48}},
    {KeyWrapped, Void, {kTime}},
    {Ready, WalletOpen, {49}},
    {Ready, Void, {kTime}},
    {WalletOpen, Seen, {22}},
    {WalletOpen, Void, {22, kTime}}, // coins that came behind its deadline
    {Seen, Funded, {22, 50}},
    {Seen, Refunding, {22, kTime}},
    {Funded, Seen, {22}},
    {Funded, Delivered, {51, 22, 50, 68, kTime}},
    {Funded, Refunding, {kTime}},
    {Delivered, Seen, {22}},
    {Delivered, Escrowed, {52}},
    {Delivered, Refunding, {kTime}},
    {Escrowed, Seen, {22}},
    {Escrowed, SellerPaid, {53, kTime}},
    {SellerPaid, KeySent1, {55}},
    {SellerPaid, KeySent2, {55}},
    {SellerPaid, Rekeying, {kTime}},
    {KeySent1, KeySent2, {55}},
    {KeySent1, Rekeying, {kTime}},
    {Rekeying, KeySent2, {55}},
    {Rekeying, KeyLost, {kTime}},
    {KeySent2, Unlocked, {56, kTime}},
    {Unlocked, Completed, {54, 56, 81, kTime}},
    {Refunding, Refunded, {57, kTime}},
    {KeySent2, Disputed, {62}},
    {Unlocked, Disputed, {62}},
    {Disputed, Resolved, {64, 65, kTime}},
};

/// Steps that a payment which left the chain, or a new bid, may bring about again.
constexpr std::uint64_t kAgain[] = {1, 7, 8};

std::uint64_t typeOf(const Bytes& command) { return command.empty() ? kTime : Item::parse(command).list()[0].number(); }

} // namespace

void violate(SaleInvariant invariant, std::uint64_t sale, const std::string& what) {
    throw SaleViolation{invariant, "sale " + std::to_string(sale) + ": " + what};
}
void require(bool holds, SaleInvariant invariant, std::uint64_t sale, const char* what) {
    if (!holds) violate(invariant, sale, what);
}

const char* nameOf(SaleInvariant invariant) {
    static constexpr const char* kNames[] = {
        "edges-as-listed",
        "signed-by-whom-it-takes",
        "steps-once",
        "proof-before-payment",
        "payment-before-key",
        "paid-once",
        "every-cent-is-accounted-for",
        "deadlines-fire",
        "refused-changes-nothing",
        "every-sale-ends",
        "saving-changes-nothing",
        "looked-at",
        "decided-by-whom-it-takes",
        "starts-from-its-disk",
        "acknowledged-is-kept",
        "whole-or-nothing",
        "coins-sold-once",
        "quote-holds",
        "refunds-go-where-asked",
        "outages-count-for-nobody",
    };
    static_assert(std::size(kNames) == static_cast<std::size_t>(SaleInvariant::kCount));
    return kNames[static_cast<std::size_t>(invariant)];
}

SaleAuditor::SaleAuditor(const Bytes& config, Verify verify) : m_verify(std::move(verify)) {
    const Item settings = Item::parse(config);
    m_coordinator = settings.at(1).at(1).bytes();
    m_keyServer = settings.at(2).at(1).bytes();
    if (const Item* standby = settings.find(10)) m_standby = standby->at(1).bytes();
    m_dollars = static_cast<unsigned>(settings.at(3).number());
    const Item* second = settings.find(15);
    m_sellsCoins = second && second->number() == 1;
    if (const Item* digital = settings.find(17)) m_digital = static_cast<unsigned>(digital->number());
    if (const Item* outage = settings.find(18)) m_outageMs = outage->integer();
    const Item* rules = settings.find(9);
    if (!rules) return;
    m_arbiter = rules->at(1).bytes();
    for (const Item& deputy : rules->at(2).list()) m_deputies.push_back(deputy.bytes());
    m_disputeMs = rules->at(4).integer();
    m_deputyMs = rules->at(5).integer();
}

std::optional<SaleViolation> SaleAuditor::audit(const Step& step) {
    try {
        m_payment.clear();
        m_isReversed = false;
        hearTime(step);
        hear(step.fired, step, true);
        require(m_extended.empty(), SaleInvariant::OutagesCountForNobody, m_extended.empty() ? 0 : *m_extended.begin(),
                "its deadline has run on while there was no coordinator");
        // They fire when a batch begins. What its commands make due is for the next one.
        const bool begins = step.timeMs != m_timeMs || !step.fired.empty();
        m_timeMs = step.timeMs;
        if (begins && !m_deadlines.empty() && m_deadlines.begin()->first <= static_cast<std::uint64_t>(step.timeMs)) {
            violate(SaleInvariant::DeadlinesFire, m_deadlines.begin()->second,
                    "its deadline has passed, and nothing came");
        }
        if (step.refused != "no" && !step.events.empty()) {
            violate(SaleInvariant::RefusedChangesNothing, 0, "a command that was refused has events");
        }
        m_ofStep.clear();
        m_tradedOfStep.clear();
        hearPayment(step);
        hear(step.events, step, false);
        if (m_sellsCoins) checkStocks();
    } catch (const SaleViolation& violation) {
        return violation;
    }
    return std::nullopt;
}

/// Two batches that are further apart than an outage takes: what waits for the coordinator gets that much more time.
void SaleAuditor::hearTime(const Step& step) {
    if (step.isLook) return;
    const std::int64_t sinceMs = m_batchMs == 0 ? 0 : step.timeMs - m_batchMs;
    m_batchMs = step.timeMs;
    if (m_outageMs == 0 || sinceMs <= m_outageMs) return;
    for (auto& [id, sale] : m_sales) {
        if (!waitsForTheCoordinator(sale.state)) continue;
        m_deadlines.erase({sale.deadlineMs, id});
        // However little was left, there is some time now.
        sale.deadlineMs = std::max(sale.deadlineMs + static_cast<std::uint64_t>(sinceMs),
                                   static_cast<std::uint64_t>(step.timeMs + m_outageMs));
        m_deadlines.insert({sale.deadlineMs, id});
        if (sale.state == Disputed) sale.awayMs += sinceMs;
        m_extended.insert(id);
        ++m_extensions;
    }
}

void SaleAuditor::acknowledged(std::uint64_t batch, std::vector<CommandName> commands) {
    m_acknowledged[batch] = std::move(commands);
}

std::optional<SaleViolation> SaleAuditor::recovered(std::uint64_t lastBatch,
                                                    const std::vector<std::vector<CommandName>>& found,
                                                    const std::vector<CommandName>& underWay) const {
    const std::uint64_t lastTold = m_acknowledged.empty() ? 0 : m_acknowledged.rbegin()->first;
    if (lastBatch < lastTold) {
        return SaleViolation{SaleInvariant::AcknowledgedIsKept,
                             "batch " + std::to_string(lastTold) + " was acknowledged, and is gone"};
    }
    std::uint64_t number = lastBatch - found.size();
    for (const std::vector<CommandName>& commands : found) {
        const auto told = m_acknowledged.find(++number);
        if (told != m_acknowledged.end() && told->second != commands) {
            return SaleViolation{SaleInvariant::AcknowledgedIsKept,
                                 "batch " + std::to_string(number) + " has become another"};
        }
        const bool isWhole = number == lastTold + 1 && commands == underWay;
        if (told == m_acknowledged.end() && !isWhole) {
            return SaleViolation{SaleInvariant::WholeOrNothing,
                                 "batch " + std::to_string(number) + " is not what was being written"};
        }
    }
    return std::nullopt;
}

std::optional<SaleViolation> SaleAuditor::auditEnd() const {
    if (m_sales.empty()) return std::nullopt;
    const auto& [id, sale] = *m_sales.begin();
    return SaleViolation{SaleInvariant::EverySaleEnds,
                         "sale " + std::to_string(id) + " is still in state " + std::to_string(sale.state)};
}

void SaleAuditor::hear(const std::vector<Told>& events, const Step& step, bool byTime) {
    for (const Told& told : events) {
        const Item event = Item::parse(told.event);
        const Item& body = event.list().at(1);
        switch (event.list().at(0).number()) {
        case kLedgerPosted: hearEntry(body); break;
        case kSaleChanged: hearChange(body, step, byTime); break;
        case kReceiptMade: hearReceipt(body); break;
        case kCoinStockChanged: hearStock(body); break;
        case kWithdrawalChanged: hearSentBack(body.at(1)); break;
        case kPayoutTargetChanged: hearPayee(body, step, byTime); break;
        case kKeyPartRelayed: {
            const std::uint64_t id = body.at(1).number();
            const auto sale = m_sales.find(id);
            require(sale != m_sales.end() && (sale->second.payouts > 0 || sale->second.comesEarly),
                    SaleInvariant::PaymentBeforeKey, id, "a part of the key leaves, and the seller is not paid");
            break;
        }
        default: break;
        }
    }
    checkSentBack();
}

void SaleAuditor::hearEntry(const Item& body) {
    const std::uint64_t id = body.at(4).number();
    hearCameBack(id, body);
    for (const Item& leg : body.at(5).list()) {
        const Account account = Account::of(leg.at(1));
        const Whole delta = Money::of(leg.at(2)).value;
        m_ofStep[account] += delta;
        if (account.holder != 0 || account.purpose != Treasury) continue;
        if (account.unit != m_dollars && account.unit != m_digital) m_coins[account.unit] += delta;
        if (id == 0) m_tradedOfStep[account.unit] += delta;
    }
    const auto found = m_sales.find(id);
    if (found == m_sales.end()) return; // of no sale, or of one that is over: that money is the buyer's
    Sale& sale = found->second;
    for (const Item& leg : body.at(5).list()) {
        const Account account = Account::of(leg.at(1));
        sale.moved[account] += Money::of(leg.at(2)).value;
        const bool ofSale = account.purpose == SaleFunds || account.purpose == Escrow;
        require(!ofSale || (account.ref == id && sale.moved[account] >= 0), SaleInvariant::EveryCentIsAccountedFor, id,
                "an account of the sale is below zero, or of another sale");
        require(account.purpose != Loss || sale.payouts > 0, SaleInvariant::EveryCentIsAccountedFor, id,
                "the house bears a payment that was gone before anybody was paid");
    }
    if (body.at(3).text() != "seller payout") return;
    ++sale.payouts;
    require(sale.payouts == 1, SaleInvariant::PaidOnce, id, "the seller is paid again");
    require(sale.hasKeyReceipt && sale.isDelivered && sale.state == Escrowed, SaleInvariant::ProofBeforePayment, id,
            "the seller is paid without a proof");
}

void SaleAuditor::hearPayee(const Item& body, const Step& step, bool byTime) {
    const std::uint64_t id = body.at(1).number();
    const auto found = m_sales.find(id);
    require(found != m_sales.end() && !byTime && typeOf(step.command) == kSetPayoutTarget &&
                mayAct(found->second, Who::Seller, step),
            SaleInvariant::SignedByWhomItTakes, id, "somebody else says who is paid");
    require(found->second.payouts == 0, SaleInvariant::EdgesAsListed, id,
            "another is to be paid, and the money is gone");
    found->second.payee = body.at(2).number();
}

Whole SaleAuditor::at(const Sale& sale, const Account& account) const {
    const auto found = sale.moved.find(account);
    return found == sale.moved.end() ? 0 : found->second;
}

bool SaleAuditor::mayAct(const Sale& sale, Who who, const Step& step) const {
    switch (who) {
    case Who::Buyer: return step.signer == sale.buyersKey;
    case Who::Seller: return step.signer == sale.sellersKey;
    case Who::EitherParty: return step.signer == sale.buyersKey || step.signer == sale.sellersKey;
    case Who::KeyServer: return step.signer == (sale.isRekeyed ? m_standby : m_keyServer);
    case Who::StandbyServer: return step.signer == m_standby;
    case Who::Arbiter:
        return step.signer == m_arbiter ||
               std::find(m_deputies.begin(), m_deputies.end(), step.signer) != m_deputies.end();
    case Who::Coordinator: break;
    }
    return step.signer == m_coordinator;
}

void SaleAuditor::checkEdge(const Sale& sale, std::uint64_t id, const Item& body, const Step& step, bool byTime) {
    const std::uint64_t to = body.at(9).number();
    const std::uint64_t command = byTime ? kTime : typeOf(step.command);
    if (command != kTime) {
        const auto* row = std::find_if(std::begin(kSigners), std::end(kSigners),
                                       [&](const auto& one) { return one.command == command; });
        require(row != std::end(kSigners), SaleInvariant::EdgesAsListed, id,
                "a command that belongs to no sale moves it");
        require(mayAct(sale, row->who, step), SaleInvariant::SignedByWhomItTakes, id, "somebody else has moved it");
    }
    if (byTime && m_extended.erase(id) != 0) {
        require(to == sale.state && static_cast<std::uint64_t>(body.at(16).integer()) == sale.deadlineMs,
                SaleInvariant::OutagesCountForNobody, id, "its deadline is not as much longer as the outage took");
        return;
    }
    if (sale.state == to) {
        const bool lapses = (to == WalletOpen || to == Seen) && quoteLapses(sale, body, step);
        require(command != kTime || lapses, SaleInvariant::EdgesAsListed, id, "a deadline has changed nothing");
        return;
    }
    if (command == 22 && (to == Void || to == Refunding)) {
        require(static_cast<std::uint64_t>(momentOf(step)) >= sale.deadlineMs, SaleInvariant::EdgesAsListed, id,
                "coins that came in time have ended it");
    }
    const bool listed = std::any_of(std::begin(kEdges), std::end(kEdges), [&](const auto& edge) {
        return edge.from == sale.state && edge.to == to &&
               std::find(std::begin(edge.by), std::end(edge.by), command) != std::end(edge.by);
    });
    const bool isShortcut = sale.state == SellerPaid && to == KeySent2;
    if (!listed || (isShortcut && !sale.comesEarly)) {
        violate(SaleInvariant::EdgesAsListed, id,
                "from state " + std::to_string(sale.state) + " to " + std::to_string(to) + " by command " +
                    std::to_string(command));
    }
}

/// The seller passes it to the buyer, for this contract.
bool SaleAuditor::hasOwner(const Sale& sale, const Item& body) {
    const Item* owner = body.find(44);
    if (!owner) return false;
    const Item& entry = owner->at(1);
    return entry.at(4).bytes() == sale.sellersKey && entry.at(5).bytes() == sale.buyersKey &&
           entry.at(7).bytes() == body.at(23).bytes();
}

void SaleAuditor::hearChange(const Item& body, const Step& step, bool byTime) {
    const std::uint64_t id = body.at(1).number();
    const std::uint64_t state = body.at(9).number();
    const auto [entry, isNew] = m_sales.try_emplace(id);
    Sale& sale = entry->second;
    if (isNew) {
        require(state == Offered, SaleInvariant::EdgesAsListed, id, "it begins in the middle");
        sale.buyer = body.at(3).number();
        sale.seller = body.at(4).number();
        sale.payee = sale.seller;
        sale.buyersKey = body.at(7).at(1).bytes();
        sale.sellersKey = body.at(8).at(1).bytes();
    } else {
        checkEdge(sale, id, body, step, byTime);
    }
    if (!byTime) hearOffer(sale, id, step);
    checkSignatures(sale, id, body);
    hearQuote(sale, id, body, step, byTime ? kTime : typeOf(step.command));
    if (sale.state == Seen && state == Funded) checkPaid(sale, id);
    if (const Item* dispute = body.find(36)) hearDispute(sale, id, state, *dispute, step, byTime);
    if (sale.state == Unlocked && state == Completed) {
        const Item* ends = body.find(39); // until when the buyer may look
        require(!ends || ends->integer() <= step.timeMs, SaleInvariant::LookedAt, id,
                "the rest is paid while the buyer may still object");
    }
    hearCoinsSold(sale, id, body, sale.state == Delivered && state == Escrowed,
                  sale.state == Escrowed && state == Seen);
    if (sale.escrowed != 0) checkHeld(sale, id, state == Escrowed, sale.payouts > 0);
    if (sale.state == Escrowed && state == SellerPaid) checkPayout(sale, id);
    if (state == Seen) sale.isCounted = false;
    if (sale.state == Funded && state == Delivered && byTime) sale.isCounted = body.find(37) != nullptr;
    sale.state = state;
    sale.isSettled = body.at(11).number() == 2;
    sale.coin = static_cast<unsigned>(body.at(12).number());
    if (const Item* terms = body.find(18)) {
        sale.price = Money::of(terms->at(15)).value;
        sale.fee = Money::of(terms->at(16)).value;
        sale.holdback = Money::of(terms->at(17)).value;
        const Item* way = terms->find(25);
        sale.comesEarly = way && way->number() == 1;
        sale.staysWhereItIs = terms->find(27) != nullptr;
        const Item* funding = terms->find(22);
        sale.sellsItsCoins = funding && funding->number() == 1;
        const Item* escrowed = terms->find(28);
        sale.escrowed = escrowed ? escrowed->number() : 0;
        require(sale.escrowed == m_escrowAsked[id], SaleInvariant::EveryCentIsAccountedFor, id,
                "the terms put something else into escrow than the buyer has asked for");
    }
    sale.hasKeyReceipt = body.find(22) != nullptr;
    require(body.find(40) != nullptr || !sale.isRekeyed, SaleInvariant::EdgesAsListed, id, "the standby is forgotten");
    sale.isRekeyed = body.find(40) != nullptr;
    sale.isDelivered = sale.staysWhereItIs ? hasOwner(sale, body) : body.find(32) != nullptr || sale.isCounted;

    m_deadlines.erase({sale.deadlineMs, id});
    sale.deadlineMs = static_cast<std::uint64_t>(body.at(16).integer());
    if (isEnd(state)) {
        checkMoney(sale, id);
        ++m_ends[state];
        if (sale.staysWhereItIs && state == Completed) ++m_ownersMade;
        if (sale.sellsItsCoins && state == Completed) ++m_conversions;
        if (sale.wasRequoted && state == Completed) ++m_soldByNewQuote;
        m_sales.erase(entry);
        return;
    }
    require(sale.deadlineMs != 0, SaleInvariant::DeadlinesFire, id, "it may wait for ever");
    m_deadlines.insert({sale.deadlineMs, id});
}

/// Who decides, when, and what silence means: docs/decisions/disputes.md.
void SaleAuditor::hearDispute(Sale& sale, std::uint64_t id, std::uint64_t state, const Item& dispute, const Step& step,
                              bool byTime) {
    if (state != Resolved) return;
    const auto wrong = [id](const char* what) { violate(SaleInvariant::DecidedByWhomItTakes, id, what); };
    const Item* toBuyer = dispute.find(8);
    if (!toBuyer) return wrong("it is resolved, and nothing was decided");
    sale.toBuyer = Money::of(*toBuyer).value;
    const Item* verdict = dispute.find(6);
    const bool foundBad = verdict && verdict->at(2).flag();
    if (byTime) {
        const bool forBuyer = !dispute.at(3).flag() && !verdict;
        if (sale.toBuyer != (forBuyer ? sale.holdback : 0)) wrong("silence has decided for the wrong side");
        if (step.timeMs < dispute.at(2).integer() + m_disputeMs + sale.awayMs) wrong("silence has decided too early");
    } else if (typeOf(step.command) == 64) {
        if (!foundBad || sale.toBuyer != sale.holdback) wrong("bad data are not the buyer's whole holdback");
    } else if (step.signer != m_arbiter) {
        const auto turn = std::find(m_deputies.begin(), m_deputies.end(), step.signer) - m_deputies.begin() + 1;
        const std::int64_t waitMs = turn * m_deputyMs + sale.awayMs;
        if (step.timeMs < dispute.at(2).integer() + waitMs) wrong("a deputy has decided before its turn");
    }
}

void SaleAuditor::hearReceipt(const Item& body) {
    const std::uint64_t id = body.at(1).number();
    const std::uint64_t step = body.at(3).number();
    const auto found = m_sales.find(id);
    if (found == m_sales.end() || step == 0) return; // the first comes before the sale is told of
    Sale& sale = found->second;
    if (body.at(4).number() != sale.attempt) {
        sale.attempt = body.at(4).number();
        sale.steps.clear();
    }
    // The standby wraps the key anew, and both its parts are still to come: what the first one sent opens nothing.
    if (step == 4 && sale.state == Rekeying && !sale.isRekeyed) {
        sale.steps.erase(4);
        sale.steps.erase(12);
    }
    if (step == 5 && sale.quoteLapsed) sale.steps.erase(5); // another quote
    ++sale.steps[step];
    const bool mayComeAgain = std::find(std::begin(kAgain), std::end(kAgain), step) != std::end(kAgain);
    if (sale.steps[step] != 1 && !mayComeAgain) {
        violate(SaleInvariant::StepsOnce, id, "step " + std::to_string(step) + " is taken twice");
    }
    require(step < 12 || sale.payouts > 0, SaleInvariant::PaymentBeforeKey, id,
            "the key is on its way, and the seller is not paid");
}

void SaleAuditor::checkMoney(const Sale& sale, std::uint64_t id) const {
    const auto promise = [id](bool kept, const char* what) {
        require(kept, SaleInvariant::EveryCentIsAccountedFor, id, what);
    };
    promise(at(sale, {0, sale.coin, SaleFunds, id}) == 0, "coins are left in the sale");
    promise(at(sale, {0, m_dollars, Escrow, id}) == 0, "dollars are left in escrow");
    const Whole arrived = -at(sale, {0, sale.coin, Custody, 0}); // and stayed
    const Whole buyersCoins = at(sale, {sale.buyer, sale.coin, Available, 0});
    // Without what the sale's coins have brought above its price.
    const Whole buyersDollars = at(sale, {sale.buyer, m_dollars, Available, 0}) - sale.surplus;
    const Whole sellersDollars = at(sale, {sale.payee, m_dollars, Available, 0}); // or the payee's in its place
    const Whole housesCoins = at(sale, {0, sale.coin, Treasury, 0}) + at(sale, {0, sale.coin, Loss, 0});
    promise(sale.payee == sale.seller || at(sale, {sale.seller, m_dollars, Available, 0}) == 0,
            "the seller is paid, and has named another");
    promise(buyersCoins + housesCoins == arrived, "coins are missing");
    promise(!sale.sellsItsCoins || at(sale, {0, sale.coin, Treasury, 0}) == sale.coinsSold,
            "the house has coins of a sale that were not needed");
    switch (sale.state) {
    case Void: promise(sale.moved.empty(), "money has moved in a sale that came to nothing"); break;
    case Refunded:
        promise(buyersCoins == arrived, "the buyer has not got back what was paid in");
        promise(buyersDollars == 0 && sellersDollars == 0, "dollars have moved in a refund");
        break;
    case Completed:
        promise(sellersDollars == sale.price - sale.fee, "the seller has another sum than the price less the fee");
        promise(buyersDollars == 0 && sale.isSettled, "the coins are not settled");
        break;
    case Resolved:
        promise(sale.isSettled, "the coins are not settled");
        promise(buyersDollars >= 0 && buyersDollars <= sale.holdback, "more than the holdback was decided about");
        promise(buyersDollars == sale.toBuyer, "the verdict was not carried out");
        promise(sellersDollars == sale.price - sale.fee - buyersDollars, "the seller has not got the rest");
        break;
    default: // KeyLost
        promise(buyersDollars == sale.price, "the buyer has not got the whole price back");
        promise(sellersDollars == sale.price - sale.fee - sale.holdback, "the seller has another sum than it was paid");
    }
}

} // namespace tallylock::audit
