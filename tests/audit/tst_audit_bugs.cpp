// The auditor's own test: an engine with one bug on purpose must be caught, and by the invariant that is named for it.
#include "core/base/Planted.h"
#include "tests/audit/Driver.h"

#include <QFile>
#include <QTest>

using namespace tallylock;
using namespace tallylock::audit;

namespace {
using I = Invariant;
struct Row {
    Planted bug;
    const char* name;
    Invariant caughtBy;
};
constexpr Row kRows[] = {
    {Planted::LegTwice, "LegTwice", I::BalancesAgree},
    {Planted::LostHold, "LostHold", I::HeldIsOpenHolds},
    {Planted::KeptHold, "KeptHold", I::HeldIsOpenHolds},
    {Planted::HoldOfNothing, "HoldOfNothing", I::RefusalsInOrder},
    {Planted::MadeMoney, "MadeMoney", I::SumsAreZero},
    {Planted::SkippedEntry, "SkippedEntry", I::EntriesCountUp},
    {Planted::TakenBackTooMuch, "TakenBackTooMuch", I::NothingNegative},
    {Planted::PriorityInverted, "PriorityInverted", I::PriceThenTime},
    {Planted::TradedThrough, "TradedThrough", I::NoTradeThrough},
    {Planted::StoppedEarly, "StoppedEarly", I::BookIsNotCrossed},
    {Planted::TakersPrice, "TakersPrice", I::TradesAtRestingPrice},
    {Planted::StaleLevel, "StaleLevel", I::LevelsAddUp},
    {Planted::ClientIdTwice, "ClientIdTwice", I::RefusalsInOrder},
    {Planted::RefusalsSwapped, "RefusalsSwapped", I::RefusalsInOrder},
    {Planted::FillOrKillPartly, "FillOrKillPartly", I::FillOrKillWholly},
    {Planted::PostOnlyTakes, "PostOnlyTakes", I::PostOnlyNeverTakes},
    {Planted::RestKept, "RestKept", I::NothingAtOnceRests},
    {Planted::SelfTraded, "SelfTraded", I::NoSelfTrade},
    {Planted::StopTooEarly, "StopTooEarly", I::StopsAwaitTheirPrice},
    {Planted::PlaceKept, "PlaceKept", I::PriceThenTime},
    {Planted::FilledForgotten, "FilledForgotten", I::HeldIsOpenHolds},
    {Planted::CollarIgnored, "CollarIgnored", I::RefusalsInOrder},
    {Planted::MarketUncollared, "MarketUncollared", I::CollarsHold},
    {Planted::HaltIgnored, "HaltIgnored", I::RefusalsInOrder},
    {Planted::ChangedInHalt, "ChangedInHalt", I::HaltedMarketsRest},
    {Planted::DoubleCredit, "DoubleCredit", I::DepositsCreditOnce},
    {Planted::CreditedEarly, "CreditedEarly", I::DepositsCreditOnce},
    {Planted::FeeRoundedDown, "FeeRoundedDown", I::FeesRoundUp},
    {Planted::FeeElsewhere, "FeeElsewhere", I::TradesMoveWhatTheySay},
    {Planted::InstructionSkipped, "InstructionSkipped", I::InstructionsOnce},
    {Planted::InstructionRenamed, "InstructionRenamed", I::InstructionsOnce},
    {Planted::SurplusKept, "SurplusKept", I::HeldIsOpenHolds},
    {Planted::RefusedActs, "RefusedActs", I::RefusedChangesNothing},
    {Planted::FilledUntold, "FilledUntold", I::OrdersAreKept},
    {Planted::NumberUntold, "NumberUntold", I::NumbersCountUp},
    {Planted::RatesSwapped, "RatesSwapped", I::RecordsAreKept},
    {Planted::AskedTwice, "AskedTwice", I::NothingElseHappens},
    {Planted::FeePaidOut, "FeePaidOut", I::WithdrawalsPayOnce},
    {Planted::RepliesForgotten, "RepliesForgotten", I::SameIdSameReply},
    {Planted::Unrepeatable, "Unrepeatable", I::ReplayIsTheSame},
    {Planted::SavedHalf, "SavedHalf", I::SavingChangesNothing},
    {Planted::HoldNotResized, "HoldNotResized", I::HeldIsOpenHolds},
    {Planted::MarketHoldKept, "MarketHoldKept", I::HeldIsOpenHolds},
    {Planted::StopsStay, "StopsStay", I::HeldIsOpenHolds},
    {Planted::ToldToAll, "ToldToAll", I::ToldToWhomItConcerns},
    {Planted::PolicyAtOnce, "PolicyAtOnce", I::PoliciesHold},
    {Planted::DeviceAtOnce, "DeviceAtOnce", I::RefusalsInOrder},
    {Planted::CodeUnasked, "CodeUnasked", I::RefusalsInOrder},
    {Planted::SuspenseTwice, "SuspenseTwice", I::DepositsCreditOnce},
    {Planted::NeverExpires, "NeverExpires", I::DeadlinesAreKept},
    {Planted::DeadManAsleep, "DeadManAsleep", I::DeadlinesAreKept},
    {Planted::DeadManHurried, "DeadManHurried", I::RecordsAreKept},
    {Planted::SessionOfAll, "SessionOfAll", I::HeldIsOpenHolds},
    {Planted::WindowUnweighted, "WindowUnweighted", I::CollarsHold},
    {Planted::WindowLasting, "WindowLasting", I::CollarsHold},
    {Planted::HeldPaid, "HeldPaid", I::RefusalsInOrder},
    {Planted::CaseTwice, "CaseTwice", I::CasesAreKept},
    {Planted::CaseTold, "CaseTold", I::ToldToWhomItConcerns},
    {Planted::PastCounted, "PastCounted", I::CasesAreKept},
    {Planted::FreezeForgotten, "FreezeForgotten", I::RecordsAreKept},
};
static_assert(std::size(kRows) + 1 == static_cast<std::size_t>(Planted::KeyEarly),
              "every bug of the exchange has a row");
/// A bug often breaks several promises at once, and which of them is seen first depends on what happens to be tried. So
/// a bug is caught if one of these workloads finds it by the promise that is meant for it.
constexpr Plan kPlans[] = {{3, 12'000}, {8, 12'000}, {11, 12'000}, {13, 12'000}, {20, 12'000}, {55, 12'000}};
} // namespace

class TestAuditBugs : public QObject {
    Q_OBJECT
private slots:
    void cleanup() { plantedBug = Planted::None; }

    void withoutABugNothingIsFound() {
        for (const Plan& plan : kPlans) QVERIFY(!runAudit(plan).finding);
    }

    void everyBugIsCaught() {
        std::size_t caught = 0;
        for (const Row& row : kRows) {
            plantedBug = row.bug;
            std::optional<Finding> finding;
            bool good = false;
            for (const Plan& plan : kPlans) {
                finding = runAudit(plan).finding;
                good = finding && finding->violation.invariant == row.caughtBy;
                if (good) break;
            }
            caught += good ? 1u : 0u;
            qInfo("%-18s %s at step %llu: %s", row.name, finding ? nameOf(finding->violation.invariant) : "NOT CAUGHT",
                  static_cast<unsigned long long>(finding ? finding->step : 0),
                  finding ? finding->violation.what.c_str() : "");
            if (!good) qWarning("no workload finds %s by %s", row.name, nameOf(row.caughtBy));
        }
        qInfo("caught %zu of %zu bugs on purpose", caught, std::size(kRows));
        QCOMPARE(caught, std::size(kRows));
    }

    // The rooms as people get them know nothing of all this.
    void theProductHasNone() {
        const auto rooms = QStringLiteral(TALLYLOCK_ROOMS).split(QLatin1Char(','));
        QCOMPARE(rooms.size(), 4);
        for (const QString& room : rooms) {
            QFile file(room);
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(room));
            const QByteArray bytes = file.readAll();
            QVERIFY(bytes.contains("tallylock"));
            QVERIFY2(!bytes.contains("planted") && !bytes.contains("Planted"), qPrintable(room));
        }
    }
};

QTEST_GUILESS_MAIN(TestAuditBugs)
#include "tst_audit_bugs.moc"
