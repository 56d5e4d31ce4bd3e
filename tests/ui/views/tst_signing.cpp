// The choice of who vouches for orders, as an entry of a menu: shown as it is kept, changed by a click, and taken back
// when it cannot be kept.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/shell/SigningAction.h"

#include <QMenu>

using namespace tallylock;
using namespace tallylock::ui;
using api::Problem;

class TestSigning : public QObject, StubScene {
    Q_OBJECT
    QWidget m_window;
    Banner m_banner{&m_window};

private slots:
    void initTestCase() { applyTheme(*qApp, Brightness::Light); }
    void init() { begin(); }
    void cleanup() { end(); }

    void itIsShownAsItIsKept_data() {
        QTest::addColumn<bool>("each");
        QTest::newRow("by the coordinator") << false;
        QTest::newRow("by a signature") << true;
    }
    void itIsShownAsItIsKept() {
        QFETCH(bool, each);
        m_session->guards.signsEach = each;
        SigningAction action(*m_context, &m_banner, nullptr);
        QVERIFY(!action.isEnabled() && !action.isChecked()); // nobody chooses before it is known
        QTRY_VERIFY(action.isEnabled());
        QCOMPARE(action.isChecked(), each);
        QVERIFY(m_session->guards.chosen.empty());
    }

    void itIsChangedByAClick() {
        QMenu menu(&m_window);
        auto* action = new SigningAction(*m_context, &m_banner, &menu);
        menu.addAction(action);
        m_window.show();
        QTRY_VERIFY(action->isEnabled());
        for (const bool each : {true, false}) {
            menu.popup({});
            QTest::mouseClick(&menu, Qt::LeftButton, {}, menu.actionGeometry(action).center());
            QVERIFY(!action->isEnabled()); // until it is kept
            QTRY_VERIFY(action->isEnabled());
            QCOMPARE(action->isChecked(), each);
            QCOMPARE(m_session->guards.signsEach, each);
            QVERIFY(shows(m_window, each ? "each order is signed" : "the coordinator vouches"));
        }
        QCOMPARE(m_session->guards.chosen, (std::vector<bool>{true, false}));
    }

    void whatCannotBeKeptIsTakenBack() {
        m_session->guards.signAnswer = api::Answer<void>(Err(api::Refusal{Problem::DiskFull, {}}));
        SigningAction action(*m_context, &m_banner, nullptr);
        m_window.show();
        QTRY_VERIFY(action.isEnabled());
        action.trigger();
        QTRY_VERIFY(action.isEnabled());
        QVERIFY(!action.isChecked());
        QVERIFY(shows(m_window, "disk is full"));
        QCOMPARE(m_session->guards.chosen, std::vector<bool>{true});
    }

    /// A lock may come between the click and the answer.
    void anAnswerThatComesTooLateIsPassedOver() {
        auto action = std::make_unique<SigningAction>(*m_context, &m_banner, nullptr);
        QTRY_VERIFY(action->isEnabled());
        m_banner.clear();
        action->trigger();
        action.reset();
        QTest::qWait(20);
        QVERIFY(m_banner.isHidden());
    }
};

QTEST_MAIN(TestSigning)
#include "tst_signing.moc"
