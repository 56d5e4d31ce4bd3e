// An institution with two treasurers pays coins out over the practice rail, through core/api: address book, policy, who
// could move it, maker, checker, payment. The functions run in order.
#include "Scenario.h"
#include "core/api/Treasury.h"

#include <QCoreApplication>

using namespace tallylock;
using namespace tallylock::scenario;

class TestWithdrawals : public QObject {
    Q_OBJECT
    Scenario m_scenario;
    SessionPtr m_fund;
    SessionPtr m_checker;
    UserId m_checkerId;
    std::uint64_t m_address = 0;
    std::uint64_t m_withdrawal = 0;

    std::vector<api::WithdrawalRow> withdrawals(const SessionPtr& who) {
        const auto rows =
            m_scenario.ask<std::vector<api::WithdrawalRow>>([&](auto done) { who->treasury().withdrawals(done); });
        return rows ? *rows : std::vector<api::WithdrawalRow>();
    }
    std::optional<Problem> problemOf(const Answer<std::uint64_t>& answer) {
        return answer ? std::nullopt : std::optional(answer.error().problem);
    }

private slots:
    void initTestCase() {
        QVERIFY(m_scenario.start());
        m_fund = m_scenario.person("fund");
        m_checker = m_scenario.person("checker");
        QVERIFY(m_fund && m_checker);
        QVERIFY(m_scenario.ask<HolderId>([&](auto done) { m_fund->registerHolder("Harbour Fund", true, done); }).ok());
        const auto place =
            m_scenario.ask<api::DepositRow>([&](auto done) { m_fund->depositIdentifier(money::kBtc, done); });
        QVERIFY(place.ok());
        QVERIFY(m_scenario
                    .ask<void>([&](auto done) {
                        m_scenario.node->practice()->payToAddress(money::kBtc, place->identifier, coins(100'000), done);
                    })
                    .ok());
        QVERIFY(m_scenario.eventually([&] { return m_scenario.available(m_fund, money::kBtc) == coins(100'000); }));
    }
    void cleanup() { QVERIFY(m_scenario.sumsToZero()); }
    void cleanupTestCase() {
        m_fund.reset();
        m_checker.reset();
        m_scenario.node.reset();
    }

    /// One person alone moves nothing out of an institution; the answer is known before anything is tried.
    void whoCouldMoveIt() {
        const auto policy =
            m_scenario.ask<api::PolicyRow>([&](auto done) { m_fund->treasury().withdrawalPolicy(done); });
        QVERIFY(policy.ok() && !policy->pending);
        QCOMPARE(policy->policy.approvals, 1u);
        const auto movers = [&] {
            return *m_scenario.ask<api::MoversRow>(
                [&](auto done) { m_fund->treasury().whoCouldMove(policy->policy, coins(1), done); });
        };
        QVERIFY(!movers().possible);
        const auto added = m_scenario.ask<UserId>(
            [&](auto done) { m_fund->addUser("Checker", m_checker->identityKey(), api::kTrader, done); });
        QVERIFY(added.ok());
        m_checkerId = *added;
        QVERIFY(!movers().possible);
        QVERIFY(
            m_scenario.ask<void>([&](auto done) { m_fund->treasury().setRoles(m_checkerId, api::kTreasurer, done); })
                .ok());
        QVERIFY(movers().possible);
        QCOMPARE(movers().needed, std::size_t{2});
        QCOMPARE(movers().of.size(), std::size_t{2});
    }

    void makerAsks() {
        const auto bad = m_scenario.ask<std::uint64_t>(
            [&](auto done) { m_fund->treasury().addPayoutAddress(money::kBtc, "", "", done); });
        QVERIFY(problemOf(bad) == Problem::AddressInvalid);
        const auto added = m_scenario.ask<std::uint64_t>(
            [&](auto done) { m_fund->treasury().addPayoutAddress(money::kBtc, "bc1-cold", "Cold store", done); });
        QVERIFY(added.ok());
        m_address = *added;
        const auto tooMuch = m_scenario.ask<std::uint64_t>(
            [&](auto done) { m_fund->treasury().requestWithdrawal(m_address, coins(100'001), done); });
        QVERIFY(problemOf(tooMuch) == Problem::InsufficientFunds);
        const auto asked = m_scenario.ask<std::uint64_t>(
            [&](auto done) { m_fund->treasury().requestWithdrawal(m_address, coins(60'000), done); });
        QVERIFY(asked.ok());
        m_withdrawal = *asked;
        QCOMPARE(withdrawals(m_fund).front().state, api::WithdrawalState::Requested);
        QVERIFY(!withdrawals(m_fund).front().mineToApprove);
        QVERIFY(m_scenario.available(m_fund, money::kBtc) == coins(40'000)); // the rest is held
        const auto own =
            m_scenario.ask<void>([&](auto done) { m_fund->treasury().approveWithdrawal(m_withdrawal, done); });
        QCOMPARE(own.error().problem, Problem::ApprovalNotYours);
    }

    void checkerAgreesAndTheRailPays() {
        QVERIFY(m_scenario.eventually(
            [&] { return !withdrawals(m_checker).empty() && withdrawals(m_checker).front().mineToApprove; }));
        QVERIFY(
            m_scenario.ask<void>([&](auto done) { m_checker->treasury().approveWithdrawal(m_withdrawal, done); }).ok());
        QVERIFY(m_scenario.eventually([&] { return withdrawals(m_fund).front().state == api::WithdrawalState::Sent; }));
        const api::WithdrawalRow row = withdrawals(m_fund).front();
        QVERIFY(!row.rail.empty() && !row.reference.empty());
        QVERIFY(m_scenario.available(m_fund, money::kBtc) == coins(40'000));
        const auto late =
            m_scenario.ask<void>([&](auto done) { m_fund->treasury().cancelWithdrawal(m_withdrawal, done); });
        QCOMPARE(late.error().problem, Problem::WithdrawalWrongState);
    }

    void looserRulesNeedTheChecker() {
        const api::WithdrawalPolicy loose; // nobody has to agree
        const auto change =
            m_scenario.ask<std::uint64_t>([&](auto done) { m_fund->treasury().setWithdrawalPolicy(loose, done); });
        QVERIFY(change.ok() && *change != 0);
        const auto policy = [&] {
            return *m_scenario.ask<api::PolicyRow>([&](auto done) { m_fund->treasury().withdrawalPolicy(done); });
        };
        QVERIFY(policy().pending && policy().policy.approvals == 1);
        QVERIFY(
            m_scenario.ask<void>([&](auto done) { m_checker->treasury().approvePolicyChange(*change, done); }).ok());
        QVERIFY(m_scenario.eventually([&] { return policy().policy.approvals == 0 && !policy().pending; }));
    }
};

QTEST_GUILESS_MAIN(TestWithdrawals)
#include "tst_withdrawals.moc"
