// However many ask for the sums of the ledger, the thread that executes commands spends a bounded share of its time on
// them.
#include "core/host/TrialBalances.h"

#include <QTest>

using namespace tallylock;
using host::TrialBalances;

namespace {

struct Scene {
    static constexpr std::int64_t kTakesNs = 1'000; ///< each look at the clock, and what lies between two
    std::int64_t nowNs = 5'000;
    int looks = 0; ///< at the clock
    ledger::Ledger ledger;
    TrialBalances balances{[this] { return ++looks, nowNs += kTakesNs; }};

    Scene() { deposit(70); }
    void deposit(money::Int128 amount) {
        const auto bank = ledger::houseAccount(ledger::Purpose::BankCustody, money::kUsd);
        const auto account = ledger::availableOf({1}, money::kUsd);
        QVERIFY(ledger.post({ledger::Reason::Deposit, 0, {{bank, -amount}, {account, amount}}}).ok());
    }
    money::Int128 credits() {
        const auto answer = decodeCbor<wire::Answer>(balances.of(ledger));
        const auto* balance = answer ? std::get_if<wire::TrialBalance>(&*answer) : nullptr;
        return balance && balance->lines.size() == 1 ? balance->lines[0].credits.value : money::Int128{-1};
    }
};

} // namespace

class TestTrialBalances : public QObject {
    Q_OBJECT
private slots:
    void theSumsOfBeforeAreGivenForAWhile() {
        Scene s;
        QVERIFY(s.credits() == 70);
        s.deposit(5);
        QVERIFY(s.credits() == 70);
        s.nowNs += TrialBalances::kRest * Scene::kTakesNs;
        QVERIFY(s.credits() == 75);
    }

    void theShareOfTheThreadIsBounded() {
        Scene s;
        constexpr int kAsked = 10'000;
        const std::int64_t beganNs = s.nowNs;
        int made = 0;
        for (int i = 0; i < kAsked; ++i) {
            const int before = s.looks;
            (void)s.balances.of(s.ledger);
            made += s.looks - before - 1; // a second look, where they were made anew
        }
        const std::int64_t passedNs = s.nowNs - beganNs;
        QVERIFY(made > 0);
        QVERIFY(made * Scene::kTakesNs <= passedNs / TrialBalances::kRest + Scene::kTakesNs);
    }
};

QTEST_GUILESS_MAIN(TestTrialBalances)
#include "tst_trial_balances.moc"
