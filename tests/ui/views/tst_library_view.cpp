// The library: its order, and what may be done with a file that is locked, being unlocked or open.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/library/LibraryModel.h"
#include "ui/library/LibraryView.h"

#include <QMessageBox>
#include <QTemporaryDir>
#include <QTemporaryFile>

using namespace tallylock;
using namespace tallylock::ui;
using api::Problem;

class TestLibraryView : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
        QVERIFY(m_folder.isValid());
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void anOpenedFileIsVerified();
    void unlockingIsPausedAndCancelled();
    void whatComesOfItIsSaidWhereverOneLooks();
    void programsAreNotStarted();
    void libraryIsNewestFirst();
    void lockedThingsStayLocked();
    void whatIsKeptElsewhereIsOnesOwn();

private:
    QString file(const QString& name, const QByteArray& bytes) const { return writeFile(m_folder, name, bytes); }

    QTemporaryDir m_folder;
};

void TestLibraryView::anOpenedFileIsVerified() {
    api::LibraryRow row;
    row.sale = {2};
    row.name = "Atlas";
    row.state = api::LibraryState::Unlocked;
    m_session->libraryRows = {row};
    m_session->verifyAnswer = api::Answer<void>();
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shows(view, "Unlocked"));
    press(view, "Verify");
    QVERIFY(shows(view, "Verifying Atlas"));
    QTRY_VERIFY(shows(view, "what was sold"));
    QVERIFY(m_session->verified == std::vector<SaleId>{{2}});
    QVERIFY(!shows(view, "Verifying Atlas"));
    m_session->verifyAnswer = api::Answer<void>(Err(api::Refusal{Problem::FileNotAsSold, {}}));
    press(view, "Verify");
    QTRY_VERIFY(shows(view, "not as it was sold"));

    // What somebody has changed is not replaced without a question.
    QTemporaryFile changed;
    QVERIFY(changed.open());
    m_session->libraryRows.front().path = changed.fileName().toStdString();
    m_session->tell(api::Topic::Library);
    QTRY_VERIFY(shows(view, qPrintable(changed.fileName())));
    m_session->unlockAnswer = api::Answer<api::LibraryRow>(m_session->libraryRows.front());
    press(view, "Unlock again");
    auto* question = view.findChild<QMessageBox*>();
    QVERIFY(question && question->isVisible());
    QVERIFY(question->defaultButton() == question->button(QMessageBox::Cancel));
    QVERIFY(m_session->unlocked.empty());
    for (QAbstractButton* button : question->buttons())
        if (question->buttonRole(button) == QMessageBox::DestructiveRole) QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(m_session->unlocked == std::vector<SaleId>{{2}});
}

void TestLibraryView::unlockingIsPausedAndCancelled() {
    api::LibraryRow row;
    row.sale = {2};
    row.name = "Atlas";
    row.state = api::LibraryState::Unlockable;
    m_session->libraryRows = {row};
    m_session->unlockWaits = true;
    m_session->unlockAnswer = api::Answer<api::LibraryRow>(Err(api::Refusal{Problem::Cancelled, {}}));
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shows(view, "Ready to unlock"));
    press(view, "Unlock");
    QVERIFY(shows(view, "Unlocking Atlas"));
    m_session->tellProgress({1'000'000, 4'000'000});
    QVERIFY(shows(view, "1"));
    press(view, "Pause");
    QVERIFY(m_session->job->paused);
    press(view, "Cancel");
    QVERIFY(m_session->job->cancelled);
    m_session->finishUnlock();
    QTRY_VERIFY(!shows(view, "Unlocking Atlas"));
    QVERIFY(shows(view, "Ready to unlock")); // nothing changed
}

/// A file that turns out not to be what was sold is named, also while another one is looked at.
void TestLibraryView::whatComesOfItIsSaidWhereverOneLooks() {
    api::LibraryRow row;
    row.sale = {2};
    row.name = "Atlas";
    row.state = api::LibraryState::Unlockable;
    api::LibraryRow other = row;
    other.sale = {3};
    other.name = "Holiday pictures";
    m_session->libraryRows = {row, other};
    m_session->unlockWaits = true;
    m_session->unlockAnswer = api::Answer<api::LibraryRow>(Err(api::Refusal{Problem::KeyPartsWrong, "part 2"}));
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    auto* list = view.findChild<QAbstractItemView*>();
    QTRY_COMPARE(list->model()->rowCount(), 2);
    const int first = list->currentIndex().row();
    press(view, "Unlock");
    QTRY_COMPARE(m_session->unlocked.size(), std::size_t{1});
    const bool isAtlas = m_session->unlocked.front() == SaleId{2};
    list->setCurrentIndex(list->model()->index(1 - first, 0));
    m_session->finishUnlock();
    QTRY_VERIFY(shows(view, isAtlas ? "Atlas: " : "Holiday pictures: "));
    QVERIFY(shows(view, "part 2"));
}

void TestLibraryView::programsAreNotStarted() {
    api::LibraryRow row;
    row.sale = {3};
    row.name = "Holiday pictures";
    row.state = api::LibraryState::Unlocked;
    row.path = file(QStringLiteral("holiday.jpg.desktop"), "[Desktop Entry]\nExec=true\n").toStdString();
    m_session->libraryRows = {row};
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shows(view, "Unlocked"));
    press(view, "Open");
    QVERIFY(shows(view, "program"));
}

void TestLibraryView::libraryIsNewestFirst() {
    LibraryModel model;
    api::LibraryRow older;
    older.sale = {8};
    older.name = "older";
    older.boughtMs = 10;
    api::LibraryRow newer;
    newer.sale = {2};
    newer.name = "newer";
    newer.boughtMs = 20;
    model.setLibrary({older, newer});
    QCOMPARE(namesOf(model), words({"newer", "older"}));
}

void TestLibraryView::lockedThingsStayLocked() {
    api::LibraryRow row;
    row.sale = {2};
    row.name = "Atlas";
    row.state = api::LibraryState::OnItsWay;
    m_session->libraryRows = {row};
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shows(view, "On its way"));
    press(view, "Unlock");
    QVERIFY(m_session->unlocked.empty());

    m_session->libraryRows.front().state = api::LibraryState::Unlockable;
    m_session->unlockAnswer = api::Answer<api::LibraryRow>(Err(api::Refusal{Problem::KeyPartsWrong, "part 2"}));
    m_session->tell(api::Topic::Library);
    QTRY_VERIFY(shows(view, "Ready to unlock"));
    press(view, "Unlock");
    QTRY_VERIFY(shows(view, "part 2"));
    QVERIFY(shows(view, "Ready to unlock")); // nothing changed
    const auto buttons = view.findChildren<QPushButton*>();
    for (const QPushButton* button : buttons)
        if (button->text().contains(QStringLiteral("Open"))) QVERIFY(!button->isVisible());
}

/// Only the ownership has passed: nothing is to be done, and the file may still be wanted.
void TestLibraryView::whatIsKeptElsewhereIsOnesOwn() {
    api::LibraryRow row;
    row.sale = {2};
    row.name = "Master tapes";
    row.delivery = api::DeliveryKind::OwnershipOnly;
    row.state = api::LibraryState::Unlockable;
    m_session->libraryRows = {row};
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shows(view, "Yours, kept elsewhere"));
    QVERIFY(shows(view, "The sealed file stays where it is"));
    QVERIFY(!shows(view, "Ready to unlock"));
    press(view, "Unlock");
    QTRY_COMPARE(m_session->unlocked.size(), std::size_t{1});
}

QTEST_MAIN(TestLibraryView)
#include "tst_library_view.moc"
