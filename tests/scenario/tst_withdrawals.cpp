// An institution with two treasurers pays coins out over the practice rail, through core/api: address book, policy, who
// could move it, maker, checker, payment. The functions run in order.
#include "Scenario.h"
#include "core/api/Treasury.h"

#include <QCoreApplication>

using namespace tallylock;
using namespace tallylock::scenario;

class TestWithdrawals : public QObject {
    Q_OBJECT
    Scenario m;
    SessionPtr fund;
    SessionPtr checker;
    UserId checkerId;
    std::uint64_t address = 0;
    std::uint64_t withdrawal = 0;

    std::vector<api::WithdrawalRow> withdrawals(const SessionPtr& who) {
        const auto rows = m.ask<std::vector<api::WithdrawalRow>>([&](auto done) { who->treasury().withdrawals(done); });
        return rows ? *rows : std::vector<api::WithdrawalRow>();
    }
    std::optional<Problem> problemOf(const Answer<std::uint64_t>& answer) {
        return answer ? std::nullopt : std::optional(answer.error().problem);
    }

private slots:
    void initTestCase() {
        QVERIFY(m.start());
        fund = m.person("fund");
        checker = m.person("checker");
        QVERIFY(fund && checker);
        QVERIFY(m.ask<HolderId>([&](auto done) { fund->registerHolder("Harbour Fund", true, done); }).ok());
        const auto place = m.ask<api::DepositRow>([&](auto done) { fund->depositIdentifier(money::kBtc, done); });
        QVERIFY(place.ok());
        QVERIFY(m.ask<void>([&](auto done) {
                     m.node->practice()->payToAddress(money::kBtc, place->identifier, coins(100'000), done);
                 }).ok());
        QVERIFY(m.eventually([&] { return m.available(fund, money::kBtc) == coins(100'000); }));
    }
    void cleanup() { QVERIFY(m.sumsToZero()); }
    void cleanupTestCase() {
        fund.reset();
        checker.reset();
        m.node.reset();
    }

    /// One person alone moves nothing out of an institution; the answer is known before anything is tried.
    void whoCouldMoveIt() {
        const auto policy = m.ask<api::PolicyRow>([&](auto done) { fund->treasury().withdrawalPolicy(done); });
        QVERIFY(policy.ok() && !policy->pending);
        QCOMPARE(policy->policy.approvals, 1u);
        const auto movers = [&] {
            return *m.ask<api::MoversRow>(
                [&](auto done) { fund->treasury().whoCouldMove(policy->policy, coins(1), done); });
        };
        QVERIFY(!movers().possible);
        const auto added =
            m.ask<UserId>([&](auto done) { fund->addUser("Checker", checker->identityKey(), api::kTrader, done); });
        QVERIFY(added.ok());
        checkerId = *added;
        QVERIFY(!movers().possible);
        QVERIFY(m.ask<void>([&](auto done) { fund->treasury().setRoles(checkerId, api::kTreasurer, done); }).ok());
        QVERIFY(movers().possible);
        QCOMPARE(movers().needed, std::size_t{2});
        QCOMPARE(movers().of.size(), std::size_t{2});
    }

    void makerAsks() {
        const auto bad =
            m.ask<std::uint64_t>([&](auto done) { fund->treasury().addPayoutAddress(money::kBtc, "", "", done); });
        QVERIFY(problemOf(bad) == Problem::AddressInvalid);
        const auto added = m.ask<std::uint64_t>(
            [&](auto done) { fund->treasury().addPayoutAddress(money::kBtc, "bc1-cold", "Cold store", done); });
        QVERIFY(added.ok());
        address = *added;
        const auto tooMuch =
            m.ask<std::uint64_t>([&](auto done) { fund->treasury().requestWithdrawal(address, coins(100'001), done); });
        QVERIFY(problemOf(tooMuch) == Problem::InsufficientFunds);
        const auto asked =
            m.ask<std::uint64_t>([&](auto done) { fund->treasury().requestWithdrawal(address, coins(60'000), done); });
        QVERIFY(asked.ok());
        withdrawal = *asked;
        QCOMPARE(withdrawals(fund).front().state, api::WithdrawalState::Requested);
        QVERIFY(!withdrawals(fund).front().mineToApprove);
        QVERIFY(m.available(fund, money::kBtc) == coins(40'000)); // the rest is held
        const auto own = m.ask<void>([&](auto done) { fund->treasury().approveWithdrawal(withdrawal, done); });
        QCOMPARE(own.error().problem, Problem::ApprovalNotYours);
    }

    void checkerAgreesAndTheRailPays() {
        QVERIFY(
            m.eventually([&] { return !withdrawals(checker).empty() && withdrawals(checker).front().mineToApprove; }));
        QVERIFY(m.ask<void>([&](auto done) { checker->treasury().approveWithdrawal(withdrawal, done); }).ok());
        QVERIFY(m.eventually([&] { return withdrawals(fund).front().state == api::WithdrawalState::Sent; }));
        const api::WithdrawalRow row = withdrawals(fund).front();
        QVERIFY(!row.rail.empty() && !row.reference.empty());
        QVERIFY(m.available(fund, money::kBtc) == coins(40'000));
        const auto late = m.ask<void>([&](auto done) { fund->treasury().cancelWithdrawal(withdrawal, done); });
        QCOMPARE(late.error().problem, Problem::WithdrawalWrongState);
    }

    void looserRulesNeedTheChecker() {
        const api::WithdrawalPolicy loose; // nobody has to agree
        const auto change = m.ask<std::uint64_t>([&](auto done) { fund->treasury().setWithdrawalPolicy(loose, done); });
        QVERIFY(change.ok() && *change != 0);
        const auto policy = [&] {
            return *m.ask<api::PolicyRow>([&](auto done) { fund->treasury().withdrawalPolicy(done); });
        };
        QVERIFY(policy().pending && policy().policy.approvals == 1);
        QVERIFY(m.ask<void>([&](auto done) { checker->treasury().approvePolicyChange(*change, done); }).ok());
        QVERIFY(m.eventually([&] { return policy().policy.approvals == 0 && !policy().pending; }));
    }
};

QTEST_GUILESS_MAIN(TestWithdrawals)
#include "tst_withdrawals.moc"
