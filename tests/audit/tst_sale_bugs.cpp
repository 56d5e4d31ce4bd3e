#include "tests/audit/SaleBugs.h"
#include "tests/audit/SaleWorld.h"

#include <QTest>

using namespace tallylock::audit;

class TestSaleBugs : public QObject {
    Q_OBJECT
private slots:
    void withoutABugNothingIsFound() {
        for (const std::uint64_t seed : {1u, 2u, 3u}) QVERIFY(!runSales({seed, 50}).finding);
    }
    void everyBugIsCaught() {
        const SaleBugs bugs = catchSaleBugs();
        QVERIFY(bugs.planted >= 5);
        QCOMPARE(bugs.caught, bugs.planted);
    }
};

QTEST_GUILESS_MAIN(TestSaleBugs)
#include "tst_sale_bugs.moc"
