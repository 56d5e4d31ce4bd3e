// So many times a second, and no more at once.
#include "core/base/Allowance.h"

#include <QTest>

using namespace tallylock;

static int taken(Allowance& allowance, std::int64_t nowMs) {
    int count = 0;
    while (count < 1000 && allowance.take(nowMs)) ++count;
    return count;
}

class TestAllowance : public QObject {
    Q_OBJECT
private slots:
    void itFillsInASecondAndNoFurther() {
        Allowance allowance(10);
        QCOMPARE(taken(allowance, 5'000'000'000'000), 10);
        QCOMPARE(taken(allowance, 5'000'000'000'000), 0);
        QCOMPARE(taken(allowance, 5'000'000'000'099), 0);
        QCOMPARE(taken(allowance, 5'000'000'000'100), 1); // none is lost between two looks
        QCOMPARE(taken(allowance, 5'000'000'000'599), 4);
        QCOMPARE(taken(allowance, 5'000'000'001'600), 10);
        QCOMPARE(taken(allowance, 9'000'000'000'000), 10);
        QCOMPARE(taken(allowance, 8'000'000'000'000), 0); // a clock that is set back gives nothing
    }
};

QTEST_GUILESS_MAIN(TestAllowance)
#include "tst_allowance.moc"
