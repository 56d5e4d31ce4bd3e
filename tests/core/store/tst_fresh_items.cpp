// What the last transaction has added to the streams, as it is kept for those who follow them.
#include "core/store/FreshItems.h"

#include <QtTest>

using namespace tallylock;
using store::FreshItems;

namespace {
constexpr HolderId kAda{1};
constexpr HolderId kBob{2};

Bytes body(std::uint8_t first, std::size_t size = 10) {
    Bytes bytes(size);
    bytes[0] = first;
    return bytes;
}
/// position:sequence:first byte of the event, or "tables".
QString after(const FreshItems& fresh, HolderId reader, std::uint64_t cursor, std::size_t limit = 100,
              std::size_t mostBytes = 1000) {
    const auto items = fresh.after(reader, cursor, limit, mostBytes);
    if (!items) return QStringLiteral("tables");
    QStringList said;
    for (const auto& item : *items)
        said << QStringLiteral("%1:%2:%3").arg(item.position).arg(item.sequence).arg(item.event.at(0));
    return said.join(QLatin1Char(' '));
}
void fill(FreshItems& fresh) {
    fresh.addEvent(body(1));
    fresh.add(kAda, {5, 50});
    fresh.add(kBob, {8, 50});
    fresh.addEvent(body(2));
    fresh.addEvent(body(3));
    fresh.add(kAda, {6, 51});
    fresh.addEvent(body(4));
    fresh.add(kAda, {7, 51, 99u});
}
} // namespace

class TestFreshItems : public QObject {
    Q_OBJECT
private slots:
    void givesWhatFollowsTheCursor() {
        FreshItems fresh;
        fill(fresh);
        QCOMPARE(after(fresh, kAda, 4), QStringLiteral("5:50:1 6:51:3 7:51:4"));
        QCOMPARE(after(fresh, kAda, 5), QStringLiteral("6:51:3 7:51:4"));
        QCOMPARE(after(fresh, kAda, 7), QString());
        QCOMPARE(after(fresh, kBob, 7), QStringLiteral("8:50:1"));
        const auto last = fresh.after(kAda, 6, 1, 1);
        QVERIFY(last && last->size() == 1);
        QCOMPARE(last->front().checksum, std::optional<std::uint32_t>(99));
        QVERIFY(!fresh.after(kBob, 7, 1, 1)->front().checksum);
    }
    void leavesTheRestToTheTables() {
        FreshItems fresh;
        QCOMPARE(after(fresh, kAda, 0), QStringLiteral("tables"));
        fill(fresh);
        QCOMPARE(after(fresh, kAda, 3), QStringLiteral("tables"));
        QCOMPARE(after(fresh, {}, 0), QStringLiteral("tables"));
        fresh.clear();
        QCOMPARE(after(fresh, kAda, 4), QStringLiteral("tables"));
    }
    void aPageIsBounded() {
        FreshItems fresh;
        fill(fresh);
        QCOMPARE(after(fresh, kAda, 4, 2), QStringLiteral("5:50:1 6:51:3"));
        QCOMPARE(after(fresh, kAda, 4, 100, 11), QStringLiteral("5:50:1 6:51:3"));
        QCOMPARE(after(fresh, kAda, 4, 100, 10), QStringLiteral("5:50:1"));
    }
    void keepsNothingOfWhatIsTooMuch() {
        FreshItems fresh(1000);
        fresh.addEvent(body(1, 500));
        fresh.add(kAda, {1, 1});
        QCOMPARE(after(fresh, kAda, 0), QStringLiteral("1:1:1"));
        fresh.addEvent(body(2, 500));
        fresh.add(kAda, {2, 2});
        fresh.addEvent(body(3, 1));
        fresh.add(kAda, {3, 3});
        QCOMPARE(after(fresh, kAda, 0), QStringLiteral("tables"));
        QCOMPARE(after(fresh, kAda, 2), QStringLiteral("tables"));
        fresh.clear(); // the next transaction is kept again
        fresh.addEvent(body(4));
        fresh.add(kAda, {4, 4});
        QCOMPARE(after(fresh, kAda, 3), QStringLiteral("4:4:4"));
    }
};

QTEST_GUILESS_MAIN(TestFreshItems)
#include "tst_fresh_items.moc"
