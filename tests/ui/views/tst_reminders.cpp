// Reminders of deadlines: an hour and ten minutes before, once each, and only of what the person itself has to do.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/TimeText.h"
#include "ui/shell/Reminders.h"

#include <QSignalSpy>

using namespace tallylock;
using namespace tallylock::ui;

namespace {
constexpr std::int64_t kMinuteMs = 60'000;

api::SaleRow waiting(std::int64_t minutes) {
    api::SaleRow row;
    row.id = {7};
    row.name = "Tide\n tables";
    row.needsMe = true;
    row.bid = usd("242");
    row.deadlineMs = nowMs() + minutes * kMinuteMs + 1'000;
    return row;
}
} // namespace

class TestReminders : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() {
        begin();
        m_session->saleRows.emplace();
    }
    void cleanup() { end(); }

    void onceEach();
    void notWhatIsNotDue_data();
    void notWhatIsNotDue();
    void anotherDeadlineIsAnotherMatter();
    void ofTheLastChanceToObject();
    void whenASaleChanges();

private:
    /// What is said of these sales at this look.
    QStringList said(Reminders& reminders, std::vector<api::SaleRow> rows) {
        m_session->saleRows = std::move(rows);
        QSignalSpy spy(&reminders, &Reminders::due);
        reminders.look();
        QTest::qWait(20);
        QStringList texts;
        for (const auto& call : spy) texts << plain(call.at(1).toString());
        return texts;
    }
};

void TestReminders::onceEach() {
    Reminders reminders(*m_context);
    const api::SaleRow far = waiting(61);
    QVERIFY(said(reminders, {far}).isEmpty());
    api::SaleRow near = waiting(59);
    const QStringList first = said(reminders, {near});
    QCOMPARE(first.size(), 1);
    QVERIFY2(first[0].startsWith(QStringLiteral("“Tide tables” waits for you: 59 min")), qPrintable(first[0]));
    QVERIFY(!first[0].contains(u"242")); // no amounts
    QVERIFY(said(reminders, {near}).isEmpty());
}

void TestReminders::notWhatIsNotDue_data() {
    QTest::addColumn<int>("minutes");
    QTest::addColumn<bool>("needsMe");
    QTest::addColumn<bool>("reminds");
    QTest::newRow("far") << 600 << true << false;
    QTest::newRow("an hour") << 59 << true << true;
    QTest::newRow("ten minutes") << 9 << true << true;
    QTest::newRow("over") << -1 << true << false;
    QTest::newRow("somebody else's") << 9 << false << false;
}
void TestReminders::notWhatIsNotDue() {
    QFETCH(int, minutes);
    QFETCH(bool, needsMe);
    QFETCH(bool, reminds);
    Reminders reminders(*m_context);
    api::SaleRow row = waiting(minutes);
    row.needsMe = needsMe;
    QCOMPARE(said(reminders, {row}).size(), reminds ? 1 : 0); // one, however many have been missed
    row.deadlineMs = 0;
    QVERIFY(said(reminders, {row}).isEmpty());
}

void TestReminders::anotherDeadlineIsAnotherMatter() {
    Reminders reminders(*m_context);
    QCOMPARE(said(reminders, {waiting(9)}).size(), 1);
    QCOMPARE(said(reminders, {waiting(8)}).size(), 1);
    api::SaleRow other = waiting(9);
    other.id = {8};
    QCOMPARE(said(reminders, {other}).size(), 1);
}

/// The sale waits for nobody then, and ends by itself: what was held back is paid out.
void TestReminders::ofTheLastChanceToObject() {
    Reminders reminders(*m_context);
    api::SaleRow row = waiting(600);
    row.needsMe = false;
    row.objectUntilMs = nowMs() + 61 * kMinuteMs;
    QVERIFY(said(reminders, {row}).isEmpty());
    row.objectUntilMs = nowMs() + 59 * kMinuteMs + 1'000;
    const QStringList once = said(reminders, {row});
    QCOMPARE(once, QStringList{QStringLiteral("Is “Tide tables” as described? To object: 59 min left.")});
    QVERIFY(said(reminders, {row}).isEmpty());
    row.objectUntilMs = nowMs() - 1;
    QVERIFY(said(reminders, {row}).isEmpty());
}

void TestReminders::whenASaleChanges() {
    Reminders reminders(*m_context);
    QTest::qWait(20);
    QSignalSpy spy(&reminders, &Reminders::due);
    m_session->saleRows = {waiting(9)};
    emit m_context->changed(api::Topic::Balances);
    QTest::qWait(20);
    QVERIFY(spy.isEmpty());
    emit m_context->changed(api::Topic::Sales);
    QTRY_COMPARE(spy.size(), 1);
    QCOMPARE(spy[0][0].toULongLong(), 7u);
}

QTEST_MAIN(TestReminders)
#include "tst_reminders.moc"
