// Ten thousand sales with faults, under the eyes of the auditor. `./dev simulate` runs as many as are asked for.
#include "core/escrow/SaleTable.h"
#include "tests/audit/SaleWorld.h"

#include <QTest>

#include <iterator>

using namespace tallylock;
using namespace tallylock::audit;

class TestSaleSimulation : public QObject {
    Q_OBJECT
    static constexpr std::uint64_t kWorlds = 200;
    static constexpr std::uint64_t kSales = 50;

private slots:
    void tenThousandSales() {
        std::map<std::uint64_t, std::uint64_t> ends;
        std::uint64_t sales = 0;
        SaleReport sum;
        for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
            const SaleReport report = runSales({seed, kSales});
            if (report.finding) {
                qInfo("seed %llu, step %llu, %s: %s", static_cast<unsigned long long>(seed),
                      static_cast<unsigned long long>(report.finding->step),
                      nameOf(report.finding->violation.invariant), report.finding->violation.what.c_str());
            }
            QVERIFY(!report.finding);
            for (const auto& [state, count] : report.ends) {
                ends[state] += count;
                sales += count;
            }
            sum.steps += report.steps;
            sum.refused += report.refused;
            sum.restarts += report.restarts;
            sum.deepReversals += report.deepReversals;
            sum.sentBack += report.sentBack;
            sum.coinSales += report.coinSales;
            sum.ownersMade += report.ownersMade;
            sum.conversions += report.conversions;
            sum.conversionsUndone += report.conversionsUndone;
            sum.digitalPaid += report.digitalPaid;
            sum.coinsPaid += report.coinsPaid;
            sum.quotesLapsed += report.quotesLapsed;
            sum.soldByNewQuote += report.soldByNewQuote;
            sum.extensions += report.extensions;
            for (std::size_t i = 0; i < sum.writes.size(); ++i) sum.writes[i] += report.writes[i];
        }
        qInfo("%llu steps, %llu refused commands, %llu restarts", static_cast<unsigned long long>(sum.steps),
              static_cast<unsigned long long>(sum.refused), static_cast<unsigned long long>(sum.restarts));
        constexpr const char* kWrites[] = {"durable and acknowledged", "crashes before a write", "torn writes",
                                           "crashes after a write", "writes to a full disk"};
        for (std::size_t i = 0; i < std::size(kWrites); ++i) {
            qInfo("%6llu %s", static_cast<unsigned long long>(sum.writes[i]), kWrites[i]);
        }
        qInfo("%6llu payments left the chain after they were final",
              static_cast<unsigned long long>(sum.deepReversals));
        qInfo("%6llu times coins went on to the address that the offer names",
              static_cast<unsigned long long>(sum.sentBack));
        qInfo("%6llu orders of the house have sold coins", static_cast<unsigned long long>(sum.coinSales));
        qInfo("%6llu sales were completed in which only the ownership passed",
              static_cast<unsigned long long>(sum.ownersMade));
        qInfo("%6llu sales were completed whose own coins were sold for the seller",
              static_cast<unsigned long long>(sum.conversions));
        qInfo("%6llu times that was undone, since the payment had left the chain",
              static_cast<unsigned long long>(sum.conversionsUndone));
        qInfo("%6llu sellers were paid with digital dollars in escrow, and %llu with the coins themselves",
              static_cast<unsigned long long>(sum.digitalPaid), static_cast<unsigned long long>(sum.coinsPaid));
        qInfo("%6llu quotes have lapsed, and %llu sales were completed by another one",
              static_cast<unsigned long long>(sum.quotesLapsed), static_cast<unsigned long long>(sum.soldByNewQuote));
        for (const auto& [state, count] : ends) {
            qInfo("%6llu %s", static_cast<unsigned long long>(count),
                  escrow::nameOf(static_cast<escrow::SaleState>(state)));
        }
        QCOMPARE(sales, kWorlds * kSales);
        // A world in which nothing goes well, or nothing goes wrong, shows nothing.
        for (const auto state : {escrow::SaleState::Completed, escrow::SaleState::Refunded, escrow::SaleState::Void,
                                 escrow::SaleState::KeyLost, escrow::SaleState::Resolved}) {
            QVERIFY2(ends[static_cast<std::uint64_t>(state)] > sales / 200, escrow::nameOf(state));
        }
        QVERIFY(sum.restarts > kWorlds);
        for (const std::uint64_t writes : sum.writes) QVERIFY(writes >= kWorlds / 2);
        QVERIFY(sum.deepReversals > kWorlds);
        QVERIFY(sum.sentBack > sales / 10);
        QVERIFY(sum.coinSales > kWorlds);
        QVERIFY(sum.ownersMade > sales / 100);
        QVERIFY(sum.conversions > sales / 100);
        QVERIFY(sum.conversionsUndone > 0);
        QVERIFY(sum.digitalPaid > sales / 100);
        QVERIFY(sum.coinsPaid > sales / 100);
        QVERIFY(sum.quotesLapsed > sales / 100);
        QVERIFY(sum.soldByNewQuote > sales / 100);
        qInfo("%6llu deadlines were longer for an outage", static_cast<unsigned long long>(sum.extensions));
        QVERIFY(sum.extensions > sales / 100);
    }

    /// One seed is one run, and a prefix of it is a prefix.
    void oneSeedIsOneRun() {
        const SaleReport whole = runSales({42, kSales});
        const SaleReport again = runSales({42, kSales});
        QCOMPARE(again.steps, whole.steps);
        QCOMPARE(again.refused, whole.refused);
        QVERIFY(again.ends == whole.ends);
        QCOMPARE(runSales({42, kSales, 500}).steps, std::uint64_t{500});
        QVERIFY(runSales({43, kSales}).refused != whole.refused);
    }
};

QTEST_GUILESS_MAIN(TestSaleSimulation)
#include "tst_sale_simulation.moc"
