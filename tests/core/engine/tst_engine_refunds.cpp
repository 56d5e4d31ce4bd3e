// Where coins go that come back to the buyer: refunds, what was paid too much, and what comes too late.
#include "core/treasury/Withdrawals.h"
#include "tests/core/engine/EngineHarness.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;
using treasury::PayoutAddressId;
using treasury::Withdrawal;
using treasury::WithdrawalState;

namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;

struct Scene : EngineHarness {
    bool isFirm = false; ///< the buyer, which has two treasurers and loosens its rules at first
    HolderId seller = join("seller");
    HolderId buyer = join("buyer", isFirm);
    PublishListing listed = listingOf("Field notes");
    ListingId listing{send("seller", listed).value};
    PayoutAddressId home{send("buyer", AddPayoutAddress{money::kBtc, "bc1-home", "Home"}).value};
    PayoutAddressId bank{send("buyer", AddPayoutAddress{money::kUsd, "DE00 1234", ""}).value};
    PayoutAddressId sellers{send("seller", AddPayoutAddress{money::kBtc, "bc1-seller", ""}).value};
    SaleId sale;

    /// What is new in the buyer's book waits from now on.
    explicit Scene(bool firm = false) : isFirm(firm) {
        if (isFirm) {
            QCOMPARE(tell("buyer", AddUser{"ann", keyNamed("ann").publicKey(), parties::kTreasurer}), Refused::No);
            setApprovals(0);
        }
        treasury::WithdrawalPolicy careful = engine.withdrawalPolicy(buyer);
        careful.waitingMs = kDayMs;
        QCOMPARE(tell("buyer", SetWithdrawalPolicy{careful}), Refused::No);
    }
    Refused tell(const std::string& who, CommandBody body) { return send(who, std::move(body)).refused; }
    void setApprovals(std::uint32_t approvals) {
        treasury::WithdrawalPolicy policy = engine.withdrawalPolicy(buyer);
        policy.approvals = approvals;
        const Reply reply = send("buyer", SetWithdrawalPolicy{policy});
        QCOMPARE(reply.refused, Refused::No);
        if (reply.value != 0) QCOMPARE(tell("ann", ApprovePolicyChange{{reply.value}}), Refused::No);
        QCOMPARE(engine.withdrawalPolicy(buyer).approvals, approvals);
    }
    /// As each began.
    std::vector<Withdrawal> sentBack() const {
        std::vector<Withdrawal> begun;
        for (const Event& event : events) {
            const auto* changed = bodyIf<WithdrawalChanged>(event.body);
            if (changed && changed->withdrawal.state == WithdrawalState::Approved) begun.push_back(changed->withdrawal);
        }
        return begun;
    }
    MakeOffer offerTo(std::optional<PayoutAddressId> to) const {
        MakeOffer offer = offerFor(listing);
        offer.refundTo = to;
        return offer;
    }
    Refused offer(std::optional<PayoutAddressId> to) {
        const Reply reply = send("buyer", offerTo(to));
        if (reply.refused == Refused::No) sale = {reply.value};
        return reply.refused;
    }
    void reach(SaleState wanted) { EngineHarness::reach(sale, listed, wanted); }
    SaleState state() const { return lastSale.at(sale).state; }
    /// Behind the end of a sale that was paid 500 too much.
    ObservePayment payLate() {
        offer(home);
        reach(SaleState::Completed);
        const ObservePayment late = payment(sale, "late", satoshi(7'000), 2);
        if (tell("coordinator", late) != Refused::No) qFatal("a payment is refused");
        return late;
    }
    /// Paid, never delivered, and the wallet closed.
    void refund() {
        reach(SaleState::Funded);
        tick(kDayMs);
        QCOMPARE(state(), SaleState::Refunding);
        QCOMPARE(tell("coordinator", CloseWallet{sale, "reference"}), Refused::No);
        QCOMPARE(state(), SaleState::Refunded);
    }
    ledger::Balance coins() const { return engine.ledger().balance(ledger::availableOf(buyer, money::kBtc)); }
};

} // namespace

class TestEngineRefunds : public QObject {
    Q_OBJECT
private slots:
    void onlyAUsableAddressOfTheBuyersBook() {
        Scene s;
        QCOMPARE(s.offer(PayoutAddressId{99}), Refused::AddressUnknown);
        QCOMPARE(s.offer(s.sellers), Refused::AddressUnknown);
        QCOMPARE(s.offer(s.bank), Refused::AddressUnknown); // where no coins go
        const PayoutAddressId fresh{s.send("buyer", AddPayoutAddress{money::kBtc, "bc1-fresh", ""}).value};
        QCOMPARE(s.offer(fresh), Refused::AddressWaiting);
        QVERIFY(s.fresh.empty());
        QCOMPARE(s.offer(s.home), Refused::No);
    }

    void aRefundGoesThere() {
        Scene s;
        s.offer(s.home);
        s.refund();
        QCOMPARE(s.sentBack().size(), std::size_t{1});
        const Withdrawal w = s.sentBack().front();
        QVERIFY(w.holder == s.buyer && w.sale == s.sale && w.address == s.home && !w.user);
        QCOMPARE(w.to, std::string("bc1-home"));
        QVERIFY(w.amount == satoshi(200'500) && w.fee == satoshi(0) && w.approvalsNeeded == 0);
        QVERIFY(s.coins().held == w.amount.value && s.coins().available() == 0);
        QVERIFY(s.isReproducible());
        QCOMPARE(s.tell("coordinator", StartWithdrawal{w.id, "chain"}), Refused::No);
        QCOMPARE(s.tell("coordinator", ReportWithdrawal{w.id, true, "tx"}), Refused::No);
        QVERIFY(s.coins().total == 0);
        QVERIFY(s.isReproducible());
    }

    void withoutAWordItStaysOnTheAccount() {
        Scene s;
        s.offer({});
        s.refund();
        QVERIFY(s.sentBack().empty() && s.coins().available() == satoshi(200'500).value);
    }

    /// 200,500 were paid for 200,000.
    void whatWasPaidTooMuchGoesThere() {
        Scene s;
        s.offer(s.home);
        s.reach(SaleState::Completed);
        QCOMPARE(s.sentBack().size(), std::size_t{1});
        QVERIFY(s.sentBack().front().amount == satoshi(500));
    }

    /// The sale is over and its record is gone; its wallet still has an owner.
    void whatComesTooLateGoesThere() {
        Scene s;
        s.offer(s.home);
        s.reach(SaleState::Completed);
        QVERIFY(!s.engine.sale(s.sale));
        QCOMPARE(s.tell("coordinator", s.payment(s.sale, "late", satoshi(7'000), 1)), Refused::No);
        QCOMPARE(s.sentBack().size(), std::size_t{1}); // not final
        QCOMPARE(s.tell("coordinator", s.payment(s.sale, "late", satoshi(7'000), 2)), Refused::No);
        QCOMPARE(s.sentBack().size(), std::size_t{2});
        QVERIFY(s.sentBack().back().amount == satoshi(7'000) && s.sentBack().back().sale == s.sale);
        QVERIFY(s.isReproducible());
    }

    /// It leaves the chain once it was sent on: that is the house's loss, once, whatever comes back.
    void aLatePaymentThatComesAndGoesIsSentOnce() {
        Scene s;
        ObservePayment late = s.payLate();
        for (const Withdrawal& w : s.sentBack())
            QCOMPARE(s.tell("coordinator", StartWithdrawal{w.id, "chain"}), Refused::No);
        late.reversed = true;
        QCOMPARE(s.tell("coordinator", late), Refused::No);
        const auto lost = [&] {
            return -s.engine.ledger().balance(ledger::houseAccount(ledger::Purpose::Loss, money::kBtc)).total;
        };
        QVERIFY(lost() == satoshi(7'000).value);
        late.reversed = false;
        QCOMPARE(s.tell("coordinator", late), Refused::No);
        QCOMPARE(s.sentBack().size(), std::size_t{2}); // 500 too much, and this
        QVERIFY(s.coins().total == satoshi(7'500).value && s.coins().held == s.coins().total);
        QVERIFY(lost() == 0);
    }

    /// As well where the account has other coins, out of which it is taken back.
    void whatCameBackBeforeIsNotSentAgain() {
        Scene s;
        s.deposit(s.buyer, satoshi(50'000));
        ObservePayment late = s.payLate();
        for (const Withdrawal& w : s.sentBack()) {
            QCOMPARE(s.tell("coordinator", StartWithdrawal{w.id, "chain"}), Refused::No);
            QCOMPARE(s.tell("coordinator", ReportWithdrawal{w.id, true, "tx"}), Refused::No);
        }
        late.reversed = true;
        QCOMPARE(s.tell("coordinator", late), Refused::No);
        QVERIFY(s.coins().available() == satoshi(43'000).value); // out of which it is taken
        late.reversed = false;
        QCOMPARE(s.tell("coordinator", late), Refused::No);
        QCOMPARE(s.sentBack().size(), std::size_t{2}); // 500 too much, and this
        QVERIFY(s.coins().available() == satoshi(50'000).value);
    }

    /// What waits to be sent is kept when its payment leaves the chain, and nobody loses anything.
    void whatWaitsIsKept() {
        Scene s;
        ObservePayment late = s.payLate();
        late.reversed = true;
        QCOMPARE(s.tell("coordinator", late), Refused::No);
        const auto cancelled = s.freshOf<WithdrawalChanged>();
        QCOMPARE(cancelled.size(), std::size_t{1}); // and not the 500
        QCOMPARE(cancelled[0].withdrawal.state, WithdrawalState::Cancelled);
        QVERIFY(s.coins().total == satoshi(500).value && s.coins().held == s.coins().total);
        QVERIFY(s.engine.ledger().balance(ledger::houseAccount(ledger::Purpose::Loss, money::kBtc)).total == 0);
        late.reversed = false;
        QCOMPARE(s.tell("coordinator", late), Refused::No);
        QVERIFY(s.coins().available() == satoshi(7'000).value);
        QVERIFY(s.isReproducible());
    }

    /// As well where the account has other coins: those are not what has left.
    void theAccountsOwnCoinsAreNotSentInItsPlace() {
        Scene s;
        s.deposit(s.buyer, satoshi(50'000));
        ObservePayment late = s.payLate();
        late.reversed = true;
        QCOMPARE(s.tell("coordinator", late), Refused::No);
        QVERIFY(s.coins().available() == satoshi(50'000).value && s.coins().held == satoshi(500).value);
    }

    /// A refund of two payments, one of which leaves: the other goes on.
    void whatHasNotLeftGoesOn() {
        Scene s;
        s.offer(s.home);
        s.reach(SaleState::Funded);
        ObservePayment more = s.payment(s.sale, "more", satoshi(1'000), 2);
        QCOMPARE(s.tell("coordinator", more), Refused::No);
        s.refund();
        QVERIFY(s.sentBack().back().amount == satoshi(201'500));
        more.reversed = true;
        QCOMPARE(s.tell("coordinator", more), Refused::No);
        QCOMPARE(s.sentBack().size(), std::size_t{2});
        QVERIFY(s.sentBack().back().amount == satoshi(200'500));
        QVERIFY(s.coins().total == satoshi(200'500).value && s.coins().available() == 0);
        QVERIFY(s.isReproducible());
    }

    /// An institution's offer is made by one person, and its money leaves by two.
    void whereWithdrawalsNeedApprovalsItStays() {
        Scene s;
        const HolderId firm = s.join("firm", true);
        const PayoutAddressId cold{s.send("firm", AddPayoutAddress{money::kBtc, "bc1-cold", ""}).value};
        QCOMPARE(s.send("firm", s.offerTo(cold)).refused, Refused::NotPermitted);
        QVERIFY(s.engine.withdrawalPolicy(firm).approvals == 1);

        // One that has loosened its rules names an address, and makes them strict again while the sale goes on.
        Scene loose(true);
        QCOMPARE(loose.offer(loose.home), Refused::No);
        loose.reach(SaleState::Funded);
        loose.setApprovals(1);
        loose.refund();
        QVERIFY(loose.sentBack().empty() && loose.coins().available() == satoshi(200'500).value);
    }

    /// A thousand small payments are no thousand withdrawals.
    void theyLeaveRoomForWhatUsersAskFor() {
        Scene s;
        s.offer(s.home);
        s.reach(SaleState::Completed);
        constexpr int kPayments = 150;
        for (int i = 0; i < kPayments; ++i)
            QCOMPARE(s.tell("coordinator", s.payment(s.sale, "late " + std::to_string(i), satoshi(10), 2)),
                     Refused::No);
        QCOMPARE(s.sentBack().size(), treasury::kMaxOpenForRefunds);
        QVERIFY(s.coins().available() == 10 * (kPayments + 1 - static_cast<int>(treasury::kMaxOpenForRefunds)));
        QCOMPARE(s.tell("buyer", RequestWithdrawal{s.home, satoshi(500)}), Refused::No);
    }

    void theFeeComesOutOfIt() {
        Scene s;
        QCOMPARE(s.tell("coordinator", SetWithdrawalFee{satoshi(500)}), Refused::No);
        s.offer(s.home);
        s.reach(SaleState::Completed);
        QVERIFY(s.sentBack().empty() && s.coins().available() == satoshi(500).value); // nothing would be left of it
        QCOMPARE(s.tell("coordinator", s.payment(s.sale, "late", satoshi(501), 2)), Refused::No);
        QCOMPARE(s.sentBack().size(), std::size_t{1});
        QVERIFY(s.sentBack().front().amount == satoshi(1) && s.sentBack().front().fee == satoshi(500));
        QVERIFY(s.coins().available() == satoshi(500).value);
    }

    void anAddressThatWasRemovedGetsNothing() {
        Scene s;
        s.offer(s.home);
        s.reach(SaleState::Funded);
        QCOMPARE(s.tell("buyer", RemovePayoutAddress{s.home}), Refused::No);
        s.refund();
        QVERIFY(s.sentBack().empty() && s.coins().available() == satoshi(200'500).value);
    }

    /// They bind what users ask for. The address has passed them, and the money was never the account's to spend.
    void noLimitAndNoApprovalIsAskedFor() {
        Scene s;
        treasury::WithdrawalPolicy strict = s.engine.withdrawalPolicy(s.buyer);
        strict.userDay = strict.holderDay = {satoshi(0)};
        QCOMPARE(s.tell("buyer", SetWithdrawalPolicy{strict}), Refused::No);
        s.offer(s.home);
        s.refund();
        QCOMPARE(s.sentBack().size(), std::size_t{1});
        QVERIFY(s.isReproducible()); // nor is it counted against them
        QCOMPARE(s.tell("buyer", CancelWithdrawal{s.sentBack().front().id}), Refused::No);
        QVERIFY(s.coins().available() == satoshi(200'500).value);
    }

    /// As any withdrawal of an account that is looked into.
    void aFrozenBuyersCoinsWait() {
        Scene s;
        s.offer(s.home);
        s.reach(SaleState::Funded);
        const auto frozen = static_cast<std::uint8_t>(parties::Standing::Frozen);
        QCOMPARE(s.tell("coordinator", SetStanding{s.buyer, frozen, "asked for"}), Refused::No);
        s.refund();
        QCOMPARE(s.tell("coordinator", StartWithdrawal{s.sentBack().front().id, "chain"}), Refused::AccountFrozen);
    }

    void aNewBidMayNameAnother() {
        Scene s;
        s.offer(s.home);
        const PayoutAddressId other{s.send("buyer", AddPayoutAddress{money::kBtc, "bc1-other", ""}).value};
        const auto counter = [&] {
            return s.send("seller", CounterOffer{s.sale, usd(11'000), s.nowMs + 50'000}).refused;
        };
        const auto renew = [&](std::optional<PayoutAddressId> to) {
            return s.send("buyer", RenewOffer{s.sale, s.offerTo(to)}).refused;
        };
        QCOMPARE(counter(), Refused::No);
        QCOMPARE(renew(other), Refused::AddressWaiting);
        QCOMPARE(renew(s.home), Refused::No);
        QVERIFY(s.freshOf<RefundTargetChanged>().empty());
        QCOMPARE(counter(), Refused::No);
        QCOMPARE(renew({}), Refused::No);
        QVERIFY(!s.freshOf<RefundTargetChanged>().at(0).to);
        s.refund();
        QVERIFY(s.sentBack().empty());
    }

    void onlyTheBuyerHearsOfIt() {
        Scene s;
        s.offer(s.home);
        const auto told = std::find_if(s.fresh.begin(), s.fresh.end(), [](const Event& event) {
            return std::holds_alternative<RefundTargetChanged>(event.body);
        });
        QVERIFY(told != s.fresh.end());
        QVERIFY(told->audience.kind == Audience::Kind::Holders && told->audience.first == s.buyer);
        QVERIFY(!told->audience.second);
        QCOMPARE(std::get<RefundTargetChanged>(told->body).to->address, std::string("bc1-home"));
    }
};

QTEST_GUILESS_MAIN(TestEngineRefunds)
#include "tst_engine_refunds.moc"
