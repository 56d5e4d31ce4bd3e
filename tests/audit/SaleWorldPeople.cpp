#include "core/escrow/SaleTable.h"
#include "tests/audit/SaleWorldInside.h"

#include <algorithm>

namespace tallylock::audit {

Person& SaleWorld::signerOf(const Story& story, SaleActor actor) {
    switch (actor) {
    case SaleActor::Buyer: return *m_buyers[story.buyer];
    case SaleActor::Seller: return *m_sellers[story.seller];
    case SaleActor::KeyServer: return story.view->standbyReceipt ? m_standby : m_keyServer;
    case SaleActor::StandbyServer: return m_standby;
    case SaleActor::Arbiter: return oneIn(3) ? m_deputy : m_arbiter;
    default: return m_coordinator; // the exchanges and escrow report through it
    }
}

/// Whoever is not silent does what the table lets them do.
void SaleWorld::think(std::size_t number) {
    Story& story = m_stories[number];
    for (const escrow::SaleEdge& edge : escrow::saleTable()) {
        if (edge.from != story.view->state || m_nowMs >= story.silentFromMs[static_cast<std::size_t>(edge.actor)])
            continue;
        auto cause = causeOf(story, edge.event);
        if (!cause) continue;
        const bool paid =
            edge.event == SaleEvent::PaymentSeen; // what pays is the chain's word, told by the coordinator
        send(number, paid ? m_coordinator : signerOf(story, edge.actor), std::move(*cause), kHourMs);
    }
}

/// Whoever is not honest, and whatever goes wrong.
void SaleWorld::misbehave(std::size_t number) {
    Story& story = m_stories[number];
    if (oneIn(2)) { // somebody acts out of turn, or for another
        const auto edges = escrow::saleTable();
        std::size_t at = below(edges.size());
        if (oneIn(2)) { // about now
            while (edges[at].from != story.view->state) at = (at + 1) % edges.size();
            at = (at + below(4)) % edges.size();
        }
        Person* const people[] = {m_buyers[story.buyer].get(),
                                  m_sellers[story.seller].get(),
                                  &m_keyServer,
                                  &m_standby,
                                  &m_stranger,
                                  &m_coordinator,
                                  &m_arbiter,
                                  &m_deputy};
        if (auto body = causeOf(story, edges[at].event)) {
            Person& one = oneIn(3) ? signerOf(story, edges[at].actor) : *people[below(std::size(people))];
            send(number, one, std::move(*body), 10 * kMinuteMs);
        }
    }
    if (story.view->state == SaleState::Disputed && oneIn(6)) { // and a verdict is worth the whole holdback
        send(number, m_stranger, DecideDispute{story.view->sale, story.view->terms->holdback, "So it is decided."},
             kHourMs);
    }
    if (story.view->state == SaleState::Funded && oneIn(4)) { // nor may the coordinator be in a hurry
        if (auto body = causeOf(story, SaleEvent::EscrowProvided))
            send(number, m_coordinator, std::move(*body), kMinuteMs);
    }
    if (oneIn(6)) { // what belongs to another sale
        Story& other = m_stories[below(m_stories.size())];
        const auto event = static_cast<SaleEvent>(below(static_cast<std::uint64_t>(SaleEvent::kCount)));
        auto body = other.view ? causeOf(other, event) : std::nullopt;
        if (body) {
            std::visit(
                [&](auto& b) {
                    if constexpr (requires { b.sale = story.id; }) b.sale = story.id;
                },
                *body);
            Person* const people[] = {m_buyers[story.buyer].get(), m_sellers[story.seller].get(), &m_keyServer};
            send(number, *people[below(std::size(people))], std::move(*body), kHourMs);
        }
    }
    if (!story.coins.empty() && story.reorganisations < 3 && oneIn(6)) { // a payment leaves the chain, or comes back
        Coins& coins = story.coins[below(story.coins.size())];
        coins.onChain = !coins.onChain;
        ++story.reorganisations;
        ObservePayment observed = seen(story, coins, coins.onChain ? 2 : 0);
        observed.reversed = !coins.onChain;
        send(number, m_coordinator, observed, kHourMs);
    }
}

/// The market has moved since the last one, either way.
Amount SaleWorld::quoteFor(const Story& story) {
    if (!story.view->coins) return story.due;
    const auto eighths = static_cast<std::int64_t>(6 + below(5));
    return {story.due.value * eighths / 8 + 1, story.due.unit};
}

std::optional<CommandBody> SaleWorld::pay(Story& story) {
    money::Int128 there = 0;
    for (const Coins& coins : story.coins) there += coins.amount.value;
    const money::Int128 missing = story.view->coins->value - there;
    if (missing <= 0 || story.coins.size() >= 4) return std::nullopt;
    money::Int128 amount = missing;
    if (story.paysShort && missing > 2) amount = missing / 2; // tops up later, or not in time
    if (oneIn(4)) amount += static_cast<std::int64_t>(below(5'000));
    const std::string name = "payment " + std::to_string(story.coins.size()) + " for " + std::to_string(story.id.value);
    // Told of in a batch that is stamped long before, now and then: as behind an outage.
    const std::int64_t paidMs = m_nowMs + (oneIn(15) ? upTo(9 * kHourMs) : 0);
    story.coins.push_back({tallylock::test::saleHash(name), {amount, money::kBtc}, paidMs});
    return seen(story, story.coins.back(), static_cast<std::uint32_t>(below(2)));
}

std::optional<CommandBody> SaleWorld::confirm(Story& story) {
    for (Coins& coins : story.coins) {
        if (!coins.onChain || !oneIn(2)) continue;
        const auto confirmations = 1 + static_cast<std::uint32_t>(below(3));
        coins.isDeep = coins.isDeep || confirmations >= m_node.engine().config().confirmations;
        return seen(story, coins, confirmations);
    }
    return std::nullopt;
}

std::optional<CommandBody> SaleWorld::causeOf(Story& story, SaleEvent event) {
    const SaleChanged& sale = *story.view;
    const SaleSigners by = signersOf(story);
    switch (event) {
    case SaleEvent::OfferWithdrawn:
        if (!oneIn(80)) return std::nullopt;
        return WithdrawOffer{sale.sale};
    case SaleEvent::OfferRejected:
        if (!oneIn(80)) return std::nullopt;
        return RejectOffer{sale.sale};
    case SaleEvent::OfferCountered:
        if (!oneIn(8)) return std::nullopt;
        return CounterOffer{sale.sale, {sale.bid.value + usd(1).value, money::kUsd}, m_nowMs + kDayMs};
    case SaleEvent::OfferRenewed:
        return RenewOffer{sale.sale,
                          {sale.listing, sale.coin, sale.counter.value_or(sale.bid), sale.minimum, m_nowMs + kDayMs,
                           tallylock::test::saleHash("nonce"), sale.keyWay, sale.delivery, sale.funding, story.refundTo,
                           sale.escrowAsset}};
    case SaleEvent::OfferAccepted:
        return tallylock::test::acceptanceOf(
            sale.sale, tallylock::test::termsOf(sale, story.listed, m_node.engine().config()), by.seller);
    case SaleEvent::TermsSigned:
        if (!sale.terms || sale.buyerSignature) return std::nullopt;
        return tallylock::test::buyersSignatureOn(sale, by);
    case SaleEvent::KeyDeposited: return DepositKey{sale.sale, tallylock::test::saleHash("deposit")};
    case SaleEvent::KeyWrapped:
        if (!sale.terms) return std::nullopt;
        return tallylock::test::wrappingOf(sale, by);
    case SaleEvent::QuoteFrozen:
        if (!sale.buyerSignature || (sale.coins && !sale.quoteLapsed)) return std::nullopt;
        return FreezeQuote{sale.sale, quoteFor(story), m_nowMs + 6 * kHourMs,
                           story.quotesLapse ? std::optional(true) : std::nullopt};
    case SaleEvent::QuoteAsked:
        if (!sale.quoteLapsed) return std::nullopt;
        return AskQuote{sale.sale};
    case SaleEvent::WalletOpened:
        if (!sale.contract || !sale.coins) return std::nullopt;
        return tallylock::test::walletOf(sale, m_nowMs + kDayMs);
    case SaleEvent::FundingSigned:
        if (!sale.wallet || *sale.fundingSigned) return std::nullopt;
        return SignFunding{sale.sale, *sale.contract, *sale.walletReceipt};
    case SaleEvent::PaymentSeen: return sale.wallet && *sale.fundingSigned ? pay(story) : std::nullopt;
    case SaleEvent::PaymentFinal: return sale.wallet ? confirm(story) : std::nullopt;
    case SaleEvent::OwnershipPassed:
        if (!sale.contract) return std::nullopt;
        return forgedOrNot(story, tallylock::test::ownershipOf(sale, by), [](auto& c) { return &c.entry.signature; });
    case SaleEvent::DeliveryConfirmed:
        if (!sale.contract) return std::nullopt;
        return forgedOrNot(story, tallylock::test::deliveryOf(sale, by), [](auto& c) { return &c.signature; });
    case SaleEvent::EscrowProvided:
        if (!sale.contract) return std::nullopt;
        if (isConverted(*sale.terms)) return convert(story);
        return tallylock::test::escrowingOf(sale, m_node.engine(), by);
    case SaleEvent::SellerPaid: return PaySeller{sale.sale, "reference"};
    case SaleEvent::CoinsMoved: {
        if (!sale.coins || sale.settlement == Settlement::Done) return std::nullopt;
        if (isConverted(*sale.terms) && !oneIn(8)) return MoveCoins{sale.sale, "reference", {0, money::kBtc}};
        const auto spared = static_cast<std::int64_t>(below(2));
        const Amount used{sale.coins->value - (sale.coins->value > 1 ? spared : 0), money::kBtc};
        return MoveCoins{sale.sale, "reference", used};
    }
    case SaleEvent::Part1Given:
    case SaleEvent::Part1Sent:
        if (!sale.contract) return std::nullopt;
        return tallylock::test::partOf(sale, 1, by);
    case SaleEvent::Part2Sent:
        if (!sale.contract) return std::nullopt;
        return tallylock::test::partOf(sale, 2, by);
    case SaleEvent::KeyRewrapped:
        if (!sale.contract || sale.standbyReceipt || !oneIn(6)) return std::nullopt; // the seller may be away for long
        return tallylock::test::rewrappingOf(sale, by);
    case SaleEvent::UnlockConfirmed:
        if (!sale.contract || (story.objects && story.doubtsData)) return std::nullopt; // it does not open
        return tallylock::test::unlockingOf(sale, by);
    case SaleEvent::WalletClosed: return CloseWallet{sale.sale, "reference"};
    case SaleEvent::DeliveryStored:
        if (!sale.contract || sale.stored || !story.isStored) return std::nullopt;
        return tallylock::test::storingOf(sale, m_nowMs, m_coordinator.key);
    case SaleEvent::DisputeRaised:
        if (!sale.contract || !story.objects) return std::nullopt;
        return tallylock::test::objectionOf(sale, story.doubtsData ? Claim::BadData : Claim::NotAsDescribed, by);
    case SaleEvent::BuyerStated:
    case SaleEvent::SellerStated:
        if (!oneIn(3)) return std::nullopt;
        return MakeStatement{sale.sale, "As I said."};
    case SaleEvent::DataFoundSound:
    case SaleEvent::DataFoundBad:
        if (!sale.dispute || story.dataAreBad != (event == SaleEvent::DataFoundBad)) return std::nullopt;
        return tallylock::test::judgingOf(sale, story.dataAreBad, by);
    case SaleEvent::DisputeDecided: {
        if (!sale.terms || !oneIn(20)) return std::nullopt; // it takes them days
        const Amount& held = sale.terms->holdback;
        const auto part = static_cast<std::int64_t>(below(101));
        return DecideDispute{sale.sale, {held.value / 100 * part, held.unit}, "So it is decided."};
    }
    case SaleEvent::HoldbackReleased:
        if (story.objects || !oneIn(3)) return std::nullopt;
        return ReleaseHoldback{sale.sale};
    case SaleEvent::PayoutTargetSet: {
        if (!oneIn(12)) return std::nullopt;
        const std::size_t payee = below(m_sellers.size()); // also the seller's own account again
        return SetPayoutTarget{sale.sale, m_sellers[payee]->holder, m_sellers[payee]->name};
    }
    default: return std::nullopt;
    }
}

} // namespace tallylock::audit
