// The authenticator of a person: set up, replaced and removed. Its picture is read by a scanner that we have not
// written.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/CodeField.h"
#include "ui/shell/FactorDialog.h"
#include "ui/shell/FactorPicture.h"

#include <QProcess>

using namespace tallylock;
using namespace tallylock::ui;
using api::FactorState;
using api::Problem;

class TestFactorDialog : public QObject, StubScene {
    Q_OBJECT
    QTemporaryDir m_folder;
    QPointer<FactorDialog> m_dialog; // deletes itself

    CodeField& code() { return *named<CodeField>(*m_dialog, "One-time code"); }
    FactorPicture& picture() { return *named<FactorPicture>(*m_dialog, "The secret of the authenticator"); }
    bool isThere(const char* text) {
        for (QPushButton* one : m_dialog->findChildren<QPushButton*>())
            if (QString label = one->text(); one->isVisible() && label.remove(u'&') == QString::fromUtf8(text))
                return true;
        return false;
    }
    void opens(FactorState state) {
        m_session->guards.factor = state;
        m_dialog = new FactorDialog(*m_context, nullptr);
        m_dialog->show();
        const char* what = state == FactorState::Confirmed ? "is set up. To replace" : "No authenticator is set up";
        QTRY_VERIFY(shows(*m_dialog, what));
    }
    const std::vector<std::string>& asked() const { return m_session->guards.factorAsked; }

private slots:
    void initTestCase() { applyTheme(*qApp, Brightness::Light); }
    void init() { begin(); }
    void cleanup() {
        delete m_dialog;
        end();
    }

    void isSetUp_data() {
        QTest::addColumn<int>("state");
        QTest::newRow("the first") << static_cast<int>(FactorState::None);
        QTest::newRow("one that was never confirmed") << static_cast<int>(FactorState::Offered);
    }
    void isSetUp() {
        QFETCH(int, state);
        opens(static_cast<FactorState>(state));
        QVERIFY(!code().isVisible() && !picture().isVisible() && !isThere("Remove") && !isThere("Confirm"));
        press(*m_dialog, "Set up…");
        QVERIFY(!button(*m_dialog, "Set up…")->isEnabled()); // until it is answered
        QTRY_VERIFY(picture().isVisible());
        QVERIFY(picture().hasPicture() && code().isVisible() && code().hasFocus());
        QVERIFY(isThere("Confirm") && !isThere("Set up…") && !button(*m_dialog, "Confirm")->isEnabled());
        QTest::keyClicks(&code(), QStringLiteral("12345x"));
        QVERIFY(!button(*m_dialog, "Confirm")->isEnabled());
        QTest::keyClicks(&code(), QStringLiteral("6"));
        m_session->guards.factorRefusal = api::Refusal{Problem::CodeWrong, {}};
        QTest::keyClick(&code(), Qt::Key_Return);
        QTRY_VERIFY(shows(*m_dialog, "not the code that your authenticator shows"));
        QVERIFY(picture().isVisible() && code().text().isEmpty());
        QTest::keyClicks(&code(), QStringLiteral("234567"));
        press(*m_dialog, "Confirm");
        QTRY_VERIFY(shows(*m_dialog, "counts from now on"));
        QVERIFY(!picture().isVisible() && isThere("Replace…") && isThere("Remove"));
        QVERIFY(asked() == (std::vector<std::string>{"enrol ", "confirm 123456", "confirm 234567"}));
    }

    void replacingAndRemovingTakeACode() {
        opens(FactorState::Confirmed);
        QVERIFY(!button(*m_dialog, "Replace…")->isEnabled() && !button(*m_dialog, "Remove")->isEnabled());
        QTest::keyClicks(&code(), QStringLiteral("111111"));
        press(*m_dialog, "Replace…");
        QTRY_VERIFY(picture().isVisible());
        QTest::keyClicks(&code(), QStringLiteral("222222"));
        press(*m_dialog, "Confirm");
        QTRY_VERIFY(shows(*m_dialog, "counts from now on"));
        QTest::keyClicks(&code(), QStringLiteral("333333"));
        m_session->guards.factorRefusal = api::Refusal{Problem::CodesTooMany, "30"};
        press(*m_dialog, "Remove");
        QTRY_VERIFY(shows(*m_dialog, "counts in 30 seconds"));
        QVERIFY(isThere("Remove"));
        QTest::keyClicks(&code(), QStringLiteral("444444"));
        press(*m_dialog, "Remove");
        QTRY_VERIFY(shows(*m_dialog, "is removed"));
        QVERIFY(isThere("Set up…") && !isThere("Remove") && !code().isVisible());
        QVERIFY(asked() ==
                (std::vector<std::string>{"enrol 111111", "confirm 222222", "remove 333333", "remove 444444"}));
    }

    /// A secret that is shown is lost when the dialog goes.
    void closingTakesTwoPressesWhileASecretIsShown() {
        opens(FactorState::Confirmed);
        QTest::keyClicks(&code(), QStringLiteral("111111"));
        press(*m_dialog, "Replace…");
        QTRY_VERIFY(picture().isVisible());
        QVERIFY(shows(*m_dialog, "wait until its code changes"));
        press(*m_dialog, "Close");
        QVERIFY(m_dialog && m_dialog->isVisible() && shows(*m_dialog, "Close once more"));
        press(*m_dialog, "Close");
        QTRY_VERIFY(!m_dialog);
    }

    /// It was confirmed, and the answer was lost.
    void whatIsDoneElsewhereIsSeen() {
        opens(FactorState::None);
        press(*m_dialog, "Set up…");
        QTRY_VERIFY(picture().isVisible());
        m_session->guards.factor = FactorState::Confirmed;
        m_session->guards.factorRefusal = api::Refusal{Problem::FactorMissing, {}};
        QTest::keyClicks(&code(), QStringLiteral("234567"));
        press(*m_dialog, "Confirm");
        QTRY_VERIFY(isThere("Replace…") && isThere("Remove") && !picture().isVisible());
    }

    void theStateMayNotBeKnown() {
        m_session->guards.stateRefusal = api::Refusal{Problem::Unreachable, {}};
        m_dialog = new FactorDialog(*m_context, nullptr);
        m_dialog->show();
        QTRY_VERIFY(!m_session->guards.stateRefusal);
        QTest::qWait(50);
        QVERIFY(!isThere("Set up…") && !isThere("Replace…") && isThere("Close"));
    }

    void aScannerReadsThePicture() {
        opens(FactorState::None);
        press(*m_dialog, "Set up…");
        QTRY_VERIFY(picture().isVisible());
        for (const Brightness brightness : {Brightness::Dark, Brightness::Light}) {
            applyTheme(*qApp, brightness);
            const QString file = m_folder.filePath(QStringLiteral("dialog.png"));
            QVERIFY(m_dialog->grab().save(file));
            QProcess scanner;
            scanner.start(QStringLiteral("zbarimg"), {QStringLiteral("--raw"), QStringLiteral("-q"), file});
            QVERIFY(scanner.waitForFinished());
            QCOMPARE(scanner.readAllStandardOutput().trimmed(),
                     QByteArray("otpauth://totp/Tallylock:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        }
    }
};

QTEST_MAIN(TestFactorDialog)
#include "tst_factor_dialog.moc"
