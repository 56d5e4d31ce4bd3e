// What a person sees of the servers that somebody else runs: a badge, and a line while one that is needed is silent.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/kit/Widgets.h"
#include "ui/shell/ServersNotice.h"

using namespace tallylock;
using namespace tallylock::ui;
using api::ReachState;
using api::ServerRole;

class TestServersNotice : public QObject, StubScene {
    Q_OBJECT

    struct Shown {
        explicit Shown(Context& context, int patienceMs) : notice(context, &badge, &line, &window, patienceMs) {
            window.show();
        }
        QWidget window;
        Badge badge{{}, Badge::Tone::Muted, &window};
        Banner line{&window};
        ServersNotice notice;
    };
    std::vector<api::ReachedServerRow> rows(ReachState coordinator, ReachState keyServer, ReachState standby) {
        return {{ServerRole::Coordinator, coordinator, "market.example:7340", "why"},
                {ServerRole::KeyServer, keyServer, "keys.example:7341", "why"},
                {ServerRole::Standby, standby, "spare.example:7341", "why"}};
    }
    void tell(std::vector<api::ReachedServerRow> now) {
        m_session->serverRows = std::move(now);
        m_session->tell(api::Topic::Servers);
    }

private slots:
    void initTestCase() { applyTheme(*qApp, Brightness::Light); }
    void init() { begin(); }
    void cleanup() { end(); }

    void inThisProcessThereIsNothingToSay() {
        Shown shown(*m_context, 0);
        QTest::qWait(50);
        QVERIFY(shown.badge.isHidden() && shown.line.isHidden());
    }

    void aBreakIsToldAndItsEnd() {
        m_session->serverRows = rows(ReachState::Connected, ReachState::Connected, ReachState::Connected);
        Shown shown(*m_context, 0);
        QTRY_COMPARE(shown.badge.text(), QStringLiteral("Connected"));
        QVERIFY(shown.line.isHidden());
        QVERIFY(shown.badge.toolTip().contains(QStringLiteral("Key server: connected (keys.example:7341)")));
        tell(rows(ReachState::Unreachable, ReachState::Connected, ReachState::Connected));
        QTRY_VERIFY(!shown.line.isHidden());
        QCOMPARE(shown.badge.text(), QStringLiteral("Not connected"));
        QVERIFY(
            shown.line.text().startsWith(QStringLiteral("The coordinator at market.example:7340 does not answer.")));
        tell(rows(ReachState::Unreachable, ReachState::Unreachable, ReachState::Connected));
        QTRY_VERIFY(shown.line.text().contains(QStringLiteral("The key server at keys.example:7341")));
        tell(rows(ReachState::Connected, ReachState::Connected, ReachState::Connected));
        QTRY_VERIFY(shown.line.isHidden());
        QCOMPARE(shown.badge.text(), QStringLiteral("Connected"));
    }

    /// It is over before anybody's patience.
    void aShortBreakIsNoLine() {
        m_session->serverRows = rows(ReachState::Connecting, ReachState::Connecting, ReachState::Connecting);
        Shown shown(*m_context, 600'000);
        QTRY_COMPARE(shown.badge.text(), QStringLiteral("Not connected"));
        tell(rows(ReachState::Connected, ReachState::Connected, ReachState::Connecting));
        QTRY_COMPARE(shown.badge.text(), QStringLiteral("Connected"));
        QVERIFY(shown.line.isHidden());
    }

    /// A standby that is silent keeps nobody from anything; one that is another is told.
    void whatMatters() {
        m_session->serverRows = rows(ReachState::Connected, ReachState::Connected, ReachState::Unreachable);
        Shown shown(*m_context, 0);
        QTRY_COMPARE(shown.badge.text(), QStringLiteral("Connected"));
        QVERIFY(shown.badge.toolTip().contains(QStringLiteral("Standby key server: does not answer")));
        tell(rows(ReachState::Connected, ReachState::Connected, ReachState::OtherServer));
        QTRY_VERIFY(shown.line.text().contains(QStringLiteral("not the one that this app trusts")));
        tell(rows(ReachState::Refused, ReachState::Connected, ReachState::Connected));
        QTRY_VERIFY(shown.line.text().contains(QStringLiteral("market.example:7340 does not let this app in (why)")));
    }
};

QTEST_MAIN(TestServersNotice)
#include "tst_servers_notice.moc"
