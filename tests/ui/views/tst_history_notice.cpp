// What a person sees of the coordinator's history: a badge, and a line that stays when something is wrong with it.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/kit/HistoryText.h"
#include "ui/kit/Widgets.h"
#include "ui/shell/HistoryNotice.h"

using namespace tallylock;
using namespace tallylock::ui;
using api::HistoryAlarm;

class TestHistoryNotice : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void theBadgeSaysHowItStands() {
        QWidget window;
        Badge badge({}, Badge::Tone::Muted, &window);
        Banner alarm(&window);
        HistoryNotice notice(*m_context, &badge, &alarm, &window);
        QCOMPARE(badge.text(), QStringLiteral("Checking history"));
        api::HistoryCheckRow& row = m_session->historyRow;
        row.checkedMs = 1'700'000'000'000;
        row.batches = 1'234;
        row.events = 56;
        m_session->tell(api::Topic::History);
        QTRY_COMPARE(badge.text(), QStringLiteral("History checked"));
        QVERIFY(badge.toolTip().contains(QStringLiteral("1,234")) && badge.toolTip().contains(QStringLiteral("56")));
        QVERIFY(alarm.isHidden());
        row.unproven = 3;
        m_session->tell(api::Topic::History);
        QTRY_COMPARE(badge.text(), QStringLiteral("Checking history"));
        row.unproven = 0;
        row.owed = {{20'000, {usd("70")}, {usd("4512")}}};
        m_session->tell(api::Topic::History);
        QTRY_VERIFY(plain(badge.toolTip()).contains(QStringLiteral("owed 4,512.00 USD to all accounts")));
        QVERIFY(plain(badge.toolTip()).contains(QStringLiteral("October 4, 2024")));
    }

    void anAlarmIsToldAtOnceAndInWords_data() {
        QTest::addColumn<HistoryAlarm>("kind");
        for (int kind = 1; kind < static_cast<int>(HistoryAlarm::kCount); ++kind)
            QTest::addRow("%d", kind) << static_cast<HistoryAlarm>(kind);
    }
    void anAlarmIsToldAtOnceAndInWords() {
        QFETCH(HistoryAlarm, kind);
        m_session->historyRow.alarm = kind;
        m_session->historyRow.detail = "batch 7";
        QWidget window;
        Badge badge({}, Badge::Tone::Muted, &window);
        Banner alarm(&window);
        HistoryNotice notice(*m_context, &badge, &alarm, &window);
        QTRY_COMPARE(badge.text(), QStringLiteral("History wrong"));
        QVERIFY(!alarm.isHidden());
        QVERIFY(alarm.text().startsWith(QStringLiteral("The coordinator")) ||
                alarm.text().startsWith(QStringLiteral("Some")));
        QVERIFY(alarm.text().contains(QStringLiteral("batch 7")));
        QVERIFY(alarm.text().contains(QStringLiteral("Pay nothing in")));
    }
};

QTEST_MAIN(TestHistoryNotice)
#include "tst_history_notice.moc"
