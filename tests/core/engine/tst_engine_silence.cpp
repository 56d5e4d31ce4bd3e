// Whoever falls silent for ever, all but the coordinator: every sale reaches an end, and no money is lost. Exhausted
// over (state, set of silent actors), on a real engine, with a simple rule for those who still act: each does the next
// thing that the table lets it do.
#include "EngineHarness.h"
#include "core/escrow/SaleTable.h"

#include <algorithm>
#include <set>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;
using escrow::SaleEvent;

namespace {

using Actors = std::uint32_t; // a bit for each
constexpr Actors bitOf(SaleActor actor) { return 1u << static_cast<unsigned>(actor); }
constexpr Actors kEverybody = (1u << static_cast<unsigned>(SaleActor::kCount)) - 1;

constexpr std::int64_t kDayMs = LateDeadlines::kDayMs;

/// With an arbiter, a deputy, and a day to look.
Config settings(std::optional<FundingMode> funding) {
    Config c = EngineHarness::settings();
    c.standby = PartyKeys{keyNamed("standby").publicKey(), boxNamed("standby")};
    c.arbitration = Arbitration{keyNamed("arbiter").publicKey(), {keyNamed("deputy").publicKey()}, kDayMs};
    if (funding == FundingMode::Converted) c.secondExchange = SecondExchange::OwnBook;
    c.digitalDollar = money::kDusd;
    return c;
}

/// What the buyer objects to, and what the key server would find.
struct Doubt {
    Claim claim = Claim::NotAsDescribed;
    bool isBad = false;
};
std::vector<Doubt> doubtsOf(SaleState state) {
    if (state != SaleState::Disputed) return {{}};
    return {{}, {Claim::BadData, false}, {Claim::BadData, true}};
}

/// What the buyer has asked for with the offer.
struct Variant {
    std::optional<KeyWay> way;
    std::optional<DeliveryKind> kind;
    std::optional<FundingMode> funding;
    std::optional<EscrowAsset> escrowAsset{};
};
/// The way of the key, what is delivered, where the dollars come from and what is in escrow make a difference once the
/// money is there.
std::vector<std::pair<Doubt, Variant>> casesOf(SaleState state) {
    std::vector<std::pair<Doubt, Variant>> cases;
    for (const Doubt& doubt : doubtsOf(state)) {
        cases.push_back({doubt, {}});
        if (state < SaleState::Seen || state == SaleState::Countered) continue;
        for (const KeyWay way : {KeyWay::PartOneEarly, KeyWay::OneChannel}) cases.push_back({doubt, {way, {}, {}}});
        cases.push_back({doubt, {{}, DeliveryKind::OwnershipOnly, {}}});
        cases.push_back({doubt, {{}, {}, FundingMode::Converted}});
        for (const EscrowAsset asset : {EscrowAsset::DigitalDollars, EscrowAsset::Coin})
            cases.push_back({doubt, {{}, {}, {}, asset}});
    }
    return cases;
}

struct Sale : EngineHarness {
    explicit Sale(const Doubt& about = {}, const Variant& asked = {})
        : EngineHarness(::settings(asked.funding), asked.way, asked.kind, asked.funding, asked.escrowAsset),
          doubt(about) {
        if (asked.funding == FundingMode::Converted) openMarket();
    }
    bool isConverted() const { return funding == FundingMode::Converted; }
    /// What is the buyer's of what it has paid, once the seller is paid: coins, and dollars.
    money::Int128 change() const { return isConverted() ? 7'500 : 500; }
    money::Int128 surplus() const { return isConverted() ? usd(36).value : 0; }
    Doubt doubt;
    bool objects = false;   ///< the buyer
    bool givesEarly = true; ///< the key server, where that is agreed
    HolderId seller = join("seller");
    HolderId buyer = join("buyer");
    PublishListing listed = listingOf("Field notes");
    ListingId listing{send("seller", listed).value};
    SaleId sale{send("buyer", offerFor(listing)).value};

    SaleState state() const { return lastSale.at(sale).state; }
    const SaleChanged& view() const { return lastSale.at(sale); }
    money::Int128 balance(const ledger::AccountKey& account) const { return engine.ledger().balance(account).total; }

    bool isQuoteWanted() const {
        const auto open = engine.openEffects();
        return std::any_of(open.begin(), open.end(),
                           [](const EffectOpened& effect) { return effect.effect == SaleEffect::FreezeQuote; });
    }
    std::string releaser() const { return view().standbyReceipt ? "standby" : "key server"; }
    /// Who is to do what this edge says: a key server's parts are the standby's once that has taken over, which it can
    /// only with the seller's help.
    Actors actorsOf(const escrow::SaleEdge& edge) const {
        if (edge.event == SaleEvent::KeyRewrapped) return bitOf(SaleActor::StandbyServer) | bitOf(SaleActor::Seller);
        if (edge.actor == SaleActor::KeyServer && view().standbyReceipt) return bitOf(SaleActor::StandbyServer);
        return bitOf(edge.actor);
    }

    /// What brings this event about, sent by whom; nothing if it is not the time for it, or it happens by itself.
    std::optional<std::pair<std::string, CommandBody>> causeOf(SaleEvent event) const {
        const bool signedByBuyer = view().buyerSignature.has_value();
        const bool agreed = view().fundingSigned.value_or(false);
        const bool wasGiven = view().partOneConfirmed.has_value();
        using Cause = std::pair<std::string, CommandBody>;
        switch (event) {
        case SaleEvent::OfferAccepted: return Cause{"seller", acceptance(sale, termsFor(sale, listed))};
        case SaleEvent::TermsSigned:
            if (signedByBuyer) return std::nullopt;
            return Cause{"buyer", buyersSignature(sale)};
        case SaleEvent::KeyDeposited: return Cause{"seller", DepositKey{sale, hashNamed("deposit")}};
        case SaleEvent::KeyWrapped: return Cause{"key server", wrapping(sale)};
        case SaleEvent::QuoteFrozen:
            if (!signedByBuyer || !isQuoteWanted()) return std::nullopt;
            return Cause{"coordinator", FreezeQuote{sale, satoshi(200'000), nowMs + 600'000, true}};
        case SaleEvent::QuoteAsked:
            if (!view().quoteLapsed || isQuoteWanted()) return std::nullopt;
            return Cause{"buyer", AskQuote{sale}};
        case SaleEvent::WalletOpened: return Cause{"coordinator", walletOf(sale)};
        case SaleEvent::FundingSigned:
            if (agreed || view().quoteLapsed) return std::nullopt;
            return Cause{"buyer", SignFunding{sale, *view().contract, *view().walletReceipt}};
        case SaleEvent::PaymentSeen:
            if (!agreed || view().received->value != 0) return std::nullopt;
            return Cause{"coordinator", payment(sale, "pays", satoshi(200'500), 0)};
        case SaleEvent::PaymentFinal:
            if (!agreed || view().received->value == 0) return std::nullopt;
            return Cause{"coordinator", payment(sale, "pays", satoshi(200'500), 2)};
        case SaleEvent::DeliveryConfirmed:
            if (view().terms->ownership) return std::nullopt;
            return Cause{"buyer", delivery(sale)};
        case SaleEvent::OwnershipPassed:
            if (!view().terms->ownership) return std::nullopt;
            return Cause{"seller", passing(sale)};
        case SaleEvent::EscrowProvided: return Cause{"coordinator", escrowing(sale)};
        case SaleEvent::SellerPaid: return Cause{"coordinator", PaySeller{sale, "reference"}};
        case SaleEvent::CoinsMoved:
            if (view().settlement == Settlement::Done) return std::nullopt;
            return Cause{"coordinator", moving(sale)};
        case SaleEvent::Part1Given:
            if (keyWay != KeyWay::PartOneEarly || !givesEarly || wasGiven) return std::nullopt;
            return Cause{releaser(), part(sale, 1)};
        case SaleEvent::Part1Sent:
            if (wasGiven ? state() == SaleState::SellerPaid : view().step >= 12) return std::nullopt;
            return Cause{releaser(), part(sale, 1)};
        case SaleEvent::Part2Sent:
            if (view().step < 12 && !wasGiven) return std::nullopt;
            return Cause{releaser(), part(sale, 2)};
        case SaleEvent::KeyRewrapped:
            if (view().standbyReceipt) return std::nullopt;
            return Cause{"standby", rewrapping(sale)};
        case SaleEvent::UnlockConfirmed: return Cause{"buyer", unlocking(sale)};
        case SaleEvent::OfferRenewed: {
            MakeOffer offer = offerFor(listing);
            offer.nonce = hashNamed("another nonce");
            return Cause{"buyer", RenewOffer{sale, offer}};
        }
        case SaleEvent::WalletClosed: return Cause{"coordinator", CloseWallet{sale, "reference"}};
        case SaleEvent::DeliveryStored:
            if (view().stored || view().terms->ownership) return std::nullopt;
            return Cause{"coordinator", storing(sale)};
        case SaleEvent::DisputeRaised:
            if (!objects) return std::nullopt;
            return Cause{"buyer", objection(sale, doubt.claim)};
        case SaleEvent::SellerStated:
            if (view().dispute->sellerAnswered) return std::nullopt;
            return Cause{"seller", MakeStatement{sale, "It is what I said."}};
        case SaleEvent::DataFoundBad:
            if (doubt.claim != Claim::BadData || !doubt.isBad) return std::nullopt;
            return Cause{releaser(), judging(sale, true)};
        case SaleEvent::DataFoundSound:
            if (doubt.claim != Claim::BadData || doubt.isBad || view().dispute->verdict) return std::nullopt;
            return Cause{releaser(), judging(sale, false)};
        case SaleEvent::DisputeDecided:
            return Cause{"arbiter", DecideDispute{sale, usd(200), "Some of it is missing."}};
        default: return std::nullopt;
        }
    }

    /// Lets somebody do the next thing; false if nobody can.
    bool act(Actors silent) {
        for (const escrow::SaleEdge& edge : escrow::saleTable()) {
            if (edge.from != state() || (silent & actorsOf(edge)) != 0) continue;
            const auto cause = causeOf(edge.event);
            if (!cause) continue;
            const SaleChanged before = view();
            const Reply reply = send(cause->first, cause->second);
            Q_ASSERT(reply.refused == Refused::No);
            if (!(encodeCbor(before) == encodeCbor(view()))) return true;
        }
        return false;
    }
    /// Goes on until it is over; false if it never will be.
    bool finish(Actors silent) {
        for (int turn = 0; turn < 100; ++turn) {
            if (escrow::isTerminal(state())) return true;
            if (act(silent)) continue;
            const auto next = engine.nextDeadlineMs();
            if (!next) return false;
            tick(*next - nowMs);
        }
        return false;
    }
    /// Brings a fresh sale to this end.
    bool end(SaleState wanted) {
        constexpr Actors kServers = bitOf(SaleActor::KeyServer) | bitOf(SaleActor::StandbyServer);
        objects = wanted == SaleState::Resolved;
        const SaleState from = wanted == SaleState::Void ? SaleState::Offered : SaleState::Delivered;
        if (from != state() && !reach(from)) return false;
        objects = wanted == SaleState::Resolved;
        const Actors silent = wanted == SaleState::Void       ? bitOf(SaleActor::Seller)
                              : wanted == SaleState::Refunded ? bitOf(SaleActor::FirstExchange)
                              : wanted == SaleState::KeyLost  ? kServers
                                                              : 0;
        return finish(silent) && state() == wanted;
    }
    /// Brings a fresh sale into this state, by whatever way; false if there is none.
    bool reach(SaleState wanted) {
        if (wanted == SaleState::Countered) {
            return send("seller", CounterOffer{sale, usd(12'000), nowMs + 60'000}).refused == Refused::No;
        }
        objects = wanted == SaleState::Disputed;
        givesEarly = wanted != SaleState::KeySent1;
        const std::map<SaleState, Actors> silentOn{
            {SaleState::Refunding, bitOf(SaleActor::FirstExchange)},
            {SaleState::Rekeying, bitOf(SaleActor::KeyServer) | bitOf(SaleActor::StandbyServer)},
            {SaleState::Unlocked, bitOf(SaleActor::FirstExchange)}};
        const SaleState silentFrom = wanted == SaleState::Refunding ? SaleState::Delivered : SaleState::SellerPaid;
        const auto who = silentOn.find(wanted);
        for (int turn = 0; turn < 100 && state() != wanted; ++turn) {
            const bool late = state() >= silentFrom;
            if (act(late && who != silentOn.end() ? who->second : 0)) continue;
            const auto next = engine.nextDeadlineMs();
            if (!next || escrow::isTerminal(state())) return false;
            tick(*next - nowMs);
        }
        return state() == wanted;
    }
};

} // namespace

class TestEngineSilence : public QObject {
    Q_OBJECT

    /// Nothing is left behind, and each of the two has what the end promises.
    static void checkEnd(const Sale& s) {
        QVERIFY2(s.balance(ledger::saleFundsOf(s.sale, money::kBtc)) == 0, "coins are left in the sale");
        for (const auto unit : {money::kUsd, money::kDusd, money::kBtc})
            QVERIFY2(s.balance(ledger::escrowOf(s.sale, unit)) == 0, "something is left in escrow");
        QVERIFY(s.engine.openEffects().empty());
        QVERIFY(!s.engine.nextDeadlineMs());
        QVERIFY(!s.engine.sale(s.sale));
        const money::Int128 paid = s.view().received ? s.view().received->value : 0;
        const money::Int128 coins = s.available(s.buyer, money::kBtc);
        const money::Int128 buyersDollars = s.available(s.buyer, money::kUsd);
        const money::Int128 sellersDollars = s.available(s.seller, money::kUsd);
        switch (s.state()) {
        case SaleState::Void: QVERIFY(paid == 0 && coins == 0 && buyersDollars == 0 && sellersDollars == 0); break;
        case SaleState::Refunded: // all that became final
            QVERIFY(coins == (s.view().confirmations.value_or(0) >= 2 ? paid : money::Int128{0}));
            QVERIFY(buyersDollars == 0 && sellersDollars == 0);
            break;
        case SaleState::Completed: // price less fee; the change
            QVERIFY(coins == s.change() && buyersDollars == s.surplus() && sellersDollars == usd(9'900).value);
            QVERIFY(s.view().step >= 13);
            break;
        case SaleState::Resolved: { // as Completed, but for the holdback of 5 dollars
            const money::Int128 toBuyer = s.view().dispute->toBuyer->value;
            QVERIFY(coins == s.change() && buyersDollars == s.surplus() + toBuyer);
            QVERIFY(toBuyer == 0 || toBuyer == usd(200).value || toBuyer == usd(500).value);
            QVERIFY(sellersDollars == usd(9'900).value - toBuyer);
            QVERIFY(s.view().step >= 13);
            break;
        }
        case SaleState::KeyLost: // the whole price back; the seller keeps all but the holdback
            QVERIFY(coins == s.change() && buyersDollars == s.surplus() + usd(10'000).value &&
                    sellersDollars == usd(9'400).value);
            break;
        default: QFAIL(escrow::nameOf(s.state()));
        }
    }

    struct Word {
        SaleEvent event;
        const char* who;
        CommandBody body;
    };
    /// The bare word for each event that somebody brings about, by whose it is to say.
    static std::vector<Word> wordsFor(SaleId sale) {
        using E = SaleEvent;
        SendPart first{sale, {}, {}, {}};
        first.note.part = 1;
        SendPart second = first;
        second.note.part = 2;
        JudgeData bad{sale, {}, {}};
        bad.verdict.bad = true;
        OpenWallet wallet;
        wallet.sale = sale;
        RaiseDispute objection;
        objection.sale = sale;
        objection.text = "It is not what was described.";
        return {{E::OfferWithdrawn, "buyer", WithdrawOffer{sale}},
                {E::OfferRejected, "seller", RejectOffer{sale}},
                {E::OfferAccepted, "seller", AcceptOffer{sale, {}, {}}},
                {E::OfferCountered, "seller", CounterOffer{sale, {}, 0}},
                {E::OfferRenewed, "buyer", RenewOffer{sale, {}}},
                {E::TermsSigned, "buyer", SignTerms{sale, {}}},
                {E::KeyDeposited, "seller", DepositKey{sale, {}}},
                {E::KeyWrapped, "key server", WrapKey{sale, {}}},
                {E::QuoteFrozen, "coordinator", FreezeQuote{sale, {}, 0, {}}},
                {E::QuoteAsked, "buyer", AskQuote{sale}},
                {E::WalletOpened, "coordinator", wallet},
                {E::FundingSigned, "buyer", SignFunding{sale, {}, {}}},
                {E::DeliveryConfirmed, "buyer", ConfirmDelivery{sale, {}, {}}},
                {E::OwnershipPassed, "seller", PassOwnership{sale, {}}},
                {E::DeliveryStored, "coordinator", ConfirmStored{sale, {}, {}}},
                {E::EscrowProvided, "coordinator", ProvideEscrow{sale, {}, {}, {}}},
                {E::SellerPaid, "coordinator", PaySeller{sale, {}}},
                {E::PayoutTargetSet, "seller", SetPayoutTarget{sale, {}, {}}},
                {E::CoinsMoved, "coordinator", MoveCoins{sale, {}, {}}},
                {E::Part1Sent, "key server", first},
                {E::Part2Sent, "key server", second},
                {E::KeyRewrapped, "standby", RewrapKey{sale, {}}},
                {E::UnlockConfirmed, "buyer", ConfirmUnlock{sale, {}, {}}},
                {E::HoldbackReleased, "buyer", ReleaseHoldback{sale}},
                {E::DisputeRaised, "buyer", objection},
                {E::BuyerStated, "buyer", MakeStatement{sale, "So it is."}},
                {E::SellerStated, "seller", MakeStatement{sale, "It is not."}},
                {E::DataFoundBad, "key server", bad},
                {E::DataFoundSound, "key server", JudgeData{sale, {}, {}}},
                {E::DisputeDecided, "arbiter", DecideDispute{sale, usd(1), "Half of it."}},
                {E::WalletClosed, "coordinator", CloseWallet{sale, {}}}};
    }
    /// What nobody says: it is seen on a chain, follows from another, or comes with time. (B1 makes the sale.)
    static bool comesByItself(SaleEvent event) {
        switch (event) {
        case SaleEvent::OfferMade:
        case SaleEvent::PaymentSeen:
        case SaleEvent::PaymentReversed:
        case SaleEvent::PaymentFinal:
        case SaleEvent::QuoteLapsed:
        case SaleEvent::DeliveryCounted:
        case SaleEvent::SettlementDone:
        case SaleEvent::DeadlinePassed: return true;
        default: return false;
        }
    }

private slots:
    /// What the table does not list is refused by name, whoever may say it otherwise, and changes nothing.
    void everyStateAndEveryEventIsListedOrRefused() {
        int listed = 0;
        int refused = 0;
        int byThemselves = 0;
        for (int s = 0; s < static_cast<int>(SaleState::kCount); ++s) {
            const auto state = static_cast<SaleState>(s);
            Sale sale;
            if (escrow::isTerminal(state)) {
                QVERIFY(sale.end(state));
            } else {
                QVERIFY2(sale.reach(state), escrow::nameOf(state));
            }
            QCOMPARE(sale.state(), state);
            std::set<SaleEvent> said;
            for (const Word& word : wordsFor(sale.sale)) {
                said.insert(word.event);
                // A first part is one event before the payout and another behind it.
                const bool isListed =
                    escrow::findEdge(state, word.event) ||
                    (word.event == SaleEvent::Part1Sent && escrow::findEdge(state, SaleEvent::Part1Given));
                if (isListed) {
                    ++listed;
                    continue;
                }
                ++refused;
                const Bytes before = encodeCbor(sale.view());
                const Refused why = sale.send(word.who, word.body).refused;
                const std::string_view who = word.who; // the terms name all but these
                const bool isNamed = who != "buyer" && who != "seller" && who != "coordinator";
                const Refused wanted = escrow::isTerminal(state)       ? Refused::SaleUnknown
                                       : isNamed && !sale.view().terms ? Refused::SaleNotYours
                                       : word.event == SaleEvent::OfferAccepted && sale.view().terms
                                           ? Refused::SaleAlreadyAccepted
                                           : Refused::SaleWrongState;
                QVERIFY2(why == wanted,
                         (std::string(escrow::nameOf(state)) + ", " + escrow::nameOf(word.event) + ": " + nameOf(why))
                             .c_str());
                QVERIFY(sale.fresh.empty() && encodeCbor(sale.view()) == before);
            }
            for (int e = 0; e < static_cast<int>(SaleEvent::kCount); ++e) {
                const auto event = static_cast<SaleEvent>(e);
                if (comesByItself(event)) {
                    ++byThemselves;
                    QVERIFY(!said.contains(event));
                } else {
                    QVERIFY2(said.contains(event) || event == SaleEvent::Part1Given, escrow::nameOf(event));
                }
            }
        }
        qInfo("%d pairs of a state and a word listed, %d refused by name; %d pairs with what comes by itself", listed,
              refused, byThemselves);
        QCOMPARE(listed + refused, static_cast<int>(SaleState::kCount) * static_cast<int>(wordsFor({}).size()));
        QVERIFY(listed > 0 && refused > 0);
    }

    void everyStateAndEverySetOfSilentActors() {
        int runs = 0;
        int pairs = 0;
        std::map<SaleState, int> ends;
        for (int i = 0; i < static_cast<int>(SaleState::kCount); ++i) {
            const auto start = static_cast<SaleState>(i);
            if (escrow::isTerminal(start)) continue;
            for (Actors silent = 0; silent <= kEverybody; ++silent) {
                if ((silent & bitOf(SaleActor::Coordinator)) != 0) continue;
                for (const auto& [doubt, asked] : casesOf(start)) {
                    Sale s(doubt, asked);
                    QVERIFY2(s.reach(start), escrow::nameOf(start));
                    const QByteArray what =
                        QByteArray(escrow::nameOf(start)) + ", silent: " + QByteArray::number(silent, 2);
                    QVERIFY2(s.finish(silent), what.constData());
                    checkEnd(s);
                    if (QTest::currentTestFailed()) qFatal("%s", what.constData());
                    ++ends[s.state()];
                    ++runs;
                }
                ++pairs;
            }
        }
        for (const auto& [state, count] : ends) qInfo("%s: %d", escrow::nameOf(state), count);
        qInfo("%d pairs of a state and a set of silent actors, %d runs, all reach an end", pairs, runs);
        int states = 0;
        for (int i = 0; i < static_cast<int>(SaleState::kCount); ++i) {
            if (!escrow::isTerminal(static_cast<SaleState>(i))) ++states;
        }
        QCOMPARE(pairs, states << (static_cast<int>(SaleActor::kCount) - 1));
        QCOMPARE(ends.size(), std::size_t{5}); // every end is reached by some of them
    }

    /// What has been set aside pays first, the house only the rest.
    void aLostKeyIsPaidForOutOfTheGuarantee() {
        Sale s;
        QVERIFY(s.reach(SaleState::Rekeying));
        const auto guarantee = ledger::houseAccount(ledger::Purpose::Guarantee, money::kUsd);
        const auto treasury = ledger::houseAccount(ledger::Purpose::Treasury, money::kUsd);
        QVERIFY(s.balance(guarantee) == 0);
        const money::Int128 before = s.balance(treasury);
        QVERIFY(s.finish(bitOf(SaleActor::KeyServer) | bitOf(SaleActor::StandbyServer)));
        QCOMPARE(s.state(), SaleState::KeyLost);
        // 100 dollars to the buyer, of which 5 were held back from the seller.
        QVERIFY(s.balance(treasury) == before - usd(9'500).value);
        QVERIFY(s.balance(guarantee) == 0);
    }

    /// A key server that wakes up in time is welcome, and a first part alone buys it no more time.
    void aKeyServerMayWakeUp() {
        Sale s;
        QVERIFY(s.reach(SaleState::Rekeying));
        const std::int64_t deadline = s.view().deadlineMs;
        QCOMPARE(s.send("key server", s.part(s.sale, 2)).refused, Refused::SaleWrongState);
        QCOMPARE(s.send("key server", s.part(s.sale, 1)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Rekeying);
        QCOMPARE(s.view().deadlineMs, deadline);
        QCOMPARE(s.send("key server", s.part(s.sale, 1)).refused, Refused::No); // again
        QVERIFY(s.fresh.empty());
        QCOMPARE(s.send("key server", s.part(s.sale, 2)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::KeySent2);
        QVERIFY(s.finish(0));
        QCOMPARE(s.state(), SaleState::Completed);
        checkEnd(s);
    }

    /// The standby takes over from one that has sent its first part and fallen silent: parts of two servers do not fit
    /// each other, so what the first one sends counts no more, and the standby sends both.
    void theStandbyTakesOver() {
        Sale s;
        QVERIFY(s.reach(SaleState::KeySent1));
        s.tick(s.view().deadlineMs - s.nowMs);
        QCOMPARE(s.state(), SaleState::Rekeying);
        const std::int64_t deadline = s.view().deadlineMs;
        const SendPart early = s.part(s.sale, 1);
        QCOMPARE(s.send("standby", early).refused, Refused::SaleNotYours);
        RewrapKey forged = s.rewrapping(s.sale);
        forged.receipt.signature = keyNamed("key server").sign("r4", forged.receipt.body);
        QCOMPARE(s.send("key server", forged).refused, Refused::SaleNotYours);
        QCOMPARE(s.send("standby", forged).refused, Refused::SignatureInvalid);
        RewrapKey other = s.rewrapping(s.sale);
        other.receipt.body.plainRoot = hashNamed("another file");
        other.receipt.signature = keyNamed("standby").sign("r4", other.receipt.body);
        QCOMPARE(s.send("standby", other).refused, Refused::ReceiptMismatch);

        const SendPart late = s.part(s.sale, 2); // of the first one
        QCOMPARE(s.send("standby", s.rewrapping(s.sale)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Rekeying);
        QCOMPARE(s.view().deadlineMs, deadline);
        QCOMPARE(s.receipts.back().actor, SaleActor::StandbyServer);
        QVERIFY(s.view().standbyReceipt && s.view().step < 12);
        QCOMPARE(s.engine.openEffects().back().effect, SaleEffect::ReleaseParts);
        QCOMPARE(s.send("standby", s.rewrapping(s.sale)).refused, Refused::No); // again
        QVERIFY(s.fresh.empty());
        QCOMPARE(s.send("key server", late).refused, Refused::SaleNotYours);
        QCOMPARE(s.send("standby", s.part(s.sale, 2)).refused, Refused::SaleWrongState);
        QCOMPARE(s.send("standby", s.part(s.sale, 1)).refused, Refused::No);
        QCOMPARE(s.send("standby", s.part(s.sale, 2)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::KeySent2);
        QVERIFY(s.finish(bitOf(SaleActor::KeyServer)));
        QCOMPARE(s.state(), SaleState::Completed);
        checkEnd(s);
    }

    /// Before the seller is paid, and where the terms name no standby, there is nothing to take over.
    void theStandbyWaitsForItsTime() {
        Sale s;
        for (const SaleState state : {SaleState::KeyWrapped, SaleState::Escrowed, SaleState::SellerPaid}) {
            QVERIFY(s.reach(state));
            if (!s.view().keyReceipt) continue;
            QCOMPARE(s.send("standby", s.rewrapping(s.sale)).refused, Refused::SaleWrongState);
        }
    }

    /// The coins leave the chain at every point before the seller is paid: all that followed is undone, and the sale
    /// goes on where it was once they come back, without a second confirmation by the buyer.
    void coinsThatLeaveTheChain_data() {
        QTest::addColumn<int>("at");
        QTest::addColumn<bool>("comeBack");
        for (const SaleState at : {SaleState::Seen, SaleState::Funded, SaleState::Delivered, SaleState::Escrowed}) {
            for (const bool back : {true, false}) {
                QTest::addRow("%s, %s", escrow::nameOf(at), back ? "back" : "gone") << static_cast<int>(at) << back;
            }
        }
    }
    void coinsThatLeaveTheChain() {
        QFETCH(int, at);
        QFETCH(bool, comeBack);
        Sale s;
        QVERIFY(s.reach(static_cast<SaleState>(at)));
        const auto treasury = ledger::houseAccount(ledger::Purpose::Treasury, money::kUsd);
        ObservePayment gone = s.payment(s.sale, "pays", satoshi(200'500), 0);
        gone.reversed = true;
        QCOMPARE(s.send("coordinator", gone).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Seen);
        QVERIFY(s.balance(ledger::saleFundsOf(s.sale, money::kBtc)) == 0);
        QVERIFY(s.balance(ledger::escrowOf(s.sale, money::kUsd)) == 0);
        QVERIFY(s.balance(treasury) == 0);
        QVERIFY(s.engine.openEffects().empty());
        if (!comeBack) {
            while (s.state() == SaleState::Seen) s.tick(*s.engine.nextDeadlineMs() - s.nowMs);
            QVERIFY(s.finish(0));
            QCOMPARE(s.state(), SaleState::Refunded);
            QVERIFY(s.available(s.buyer, money::kBtc) == 0);
            return;
        }
        QCOMPARE(s.send("coordinator", s.payment(s.sale, "pays", satoshi(200'500), 2)).refused, Refused::No);
        QCOMPARE(s.state(), at >= static_cast<int>(SaleState::Delivered) ? SaleState::Delivered : SaleState::Funded);
        for (const EffectOpened& effect : s.engine.openEffects())
            QCOMPARE(effect.attempt, at == static_cast<int>(SaleState::Seen) ? 1u : 2u);
        if (s.state() == SaleState::Delivered) { // the key server's word of the first attempt comes late
            ProvideEscrow late = s.escrowing(s.sale);
            late.keyReady.challenge = 1;
            late.keyReadySignature = keyNamed("key server").sign("key-ready", late.keyReady);
            QCOMPARE(s.send("coordinator", late).refused, Refused::ReceiptMismatch);
        }
        QVERIFY(s.finish(0));
        QCOMPARE(s.state(), SaleState::Completed);
        checkEnd(s);
    }

    /// Where no payment was ever final nothing of the file has gone over: the edition is for sale again.
    void anEditionIsFreeAgainUnlessAPaymentWasFinal_data() {
        QTest::addColumn<bool>("wasFinal");
        QTest::newRow("dust, or never confirmed") << false;
        QTest::newRow("final, then gone") << true;
    }
    void anEditionIsFreeAgainUnlessAPaymentWasFinal() {
        QFETCH(bool, wasFinal);
        Sale s;
        QVERIFY(s.reach(wasFinal ? SaleState::Funded : SaleState::Seen));
        if (wasFinal) {
            ObservePayment gone = s.payment(s.sale, "pays", satoshi(200'500), 0);
            gone.reversed = true;
            QCOMPARE(s.send("coordinator", gone).refused, Refused::No);
        }
        while (s.state() != SaleState::Refunded) s.tick(*s.engine.nextDeadlineMs() - s.nowMs);
        s.join("next");
        QCOMPARE(s.send("next", s.offerFor(s.view().listing)).refused, wasFinal ? Refused::ListingTaken : Refused::No);
    }

    /// Money that leaves the chain while it is on its way back is not given back as well.
    void coinsThatLeaveTheChainDuringARefund() {
        Sale s;
        QVERIFY(s.reach(SaleState::Refunding));
        ObservePayment gone = s.payment(s.sale, "pays", satoshi(200'500), 0);
        gone.reversed = true;
        QCOMPARE(s.send("coordinator", gone).refused, Refused::No);
        QVERIFY(s.finish(0));
        QCOMPARE(s.state(), SaleState::Refunded);
        QVERIFY(s.available(s.buyer, money::kBtc) == 0);
        QVERIFY(s.balance(ledger::houseAccount(ledger::Purpose::Loss, money::kBtc)) == 0);
    }

    /// Money that was seen in time has three days to become final, however often its confirmations change; then it is
    /// given back.
    void confirmationHasATime() {
        Sale s;
        QVERIFY(s.reach(SaleState::WalletOpen));
        QVERIFY(s.act(0)); // the funding is signed
        const std::int64_t walletEnds = s.view().wallet->deadlineMs;
        s.send("coordinator", s.payment(s.sale, "pays", satoshi(200'500), 0));
        QCOMPARE(s.state(), SaleState::Seen);
        const std::int64_t ends = s.view().deadlineMs;
        QVERIFY(ends > walletEnds);
        s.tick(1000);
        s.send("coordinator", s.payment(s.sale, "pays", satoshi(200'500), 1));
        QCOMPARE(s.view().deadlineMs, ends);
        s.tick(ends - s.nowMs);
        QCOMPARE(s.state(), SaleState::Refunding);
        s.send("coordinator", s.payment(s.sale, "pays", satoshi(200'500), 2)); // too late: it is the buyer's
        QVERIFY(s.finish(0));
        QVERIFY(s.available(s.buyer, money::kBtc) == 200'500);
    }
};

QTEST_GUILESS_MAIN(TestEngineSilence)
#include "tst_engine_silence.moc"
