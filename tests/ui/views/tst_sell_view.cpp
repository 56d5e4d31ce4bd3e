// The wizard that sells a file, step by step as a person goes through it: it stops at what is wrong, goes back, pauses,
// and takes up what was interrupted.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/sell/SellView.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTemporaryDir>

using namespace tallylock;
using namespace tallylock::ui;
using api::Problem;

namespace {

api::FileLook redLook() {
    api::FileLook look;
    look.mediaType = "image/png";
    look.picture.width = 200;
    look.picture.height = 100;
    for (int i = 0; i < 200 * 100; ++i) append(look.picture.rgba, Bytes{255, 0, 0, 255});
    look.markForm = api::MarkForm::Xmp;
    return look;
}

/// From the first page to the review of a text file at 12.50.
QWidget* goThrough(SellView& view, const QString& path) {
    view.resize(900, 700);
    view.show();
    named<QLineEdit>(view, "File path")->setText(path);
    press(view, "Next"); // waits for the look by itself
    if (!QTest::qWaitFor([&] {
            return named<QPlainTextEdit>(view, "Description")->isVisible() || shows(view, "As buyers will see it");
        }))
        qFatal("the preview page did not come");
    press(view, "Next");
    auto* price = named<QLineEdit>(view, "Price");
    price->clear();
    QTest::keyClicks(price, QStringLiteral("12.50"));
    press(view, "Next");
    return price;
}

} // namespace

class TestSellView : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
        QVERIFY(m_folder.isValid());
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void wizardShowsWhatTheNodeFound();
    void sellerDeclinesTheMark();
    void wizardSaysWhyThereIsNoPicture();
    void wizardStopsAtWhatIsWrong();
    void wizardGoesBackAfterAFailedSeal();
    void wizardForgetsWhatTheSellerLeft();
    void sealingIsPaused();
    void wizardOffersTheDraftAgain();
    void wizardGoesOnWithAnInterruptedSealing();

private:
    QString file(const QString& name, const QByteArray& bytes) const { return writeFile(m_folder, name, bytes); }

    QTemporaryDir m_folder;
};

void TestSellView::wizardShowsWhatTheNodeFound() {
    m_node.lookAnswer = redLook();
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    named<QLineEdit>(view, "File path")->setText(file(QStringLiteral("red.png"), "not looked at here"));
    press(view, "Next");
    QTRY_VERIFY(named<QCheckBox>(view, "Tracking mark")->isVisible());
    QVERIFY(named<QCheckBox>(view, "Tracking mark")->isChecked());
    QVERIFY(shows(view, "in the file's metadata"));
    QTest::keyClicks(named<QLineEdit>(view, "Words across the picture"), QStringLiteral("SAMPLE"));
    press(view, "Next");
    QTest::keyClicks(named<QLineEdit>(view, "Price"), QStringLiteral("12.50"));
    press(view, "Next");
    m_session->sealWaits = true;
    press(view, "Encrypt");
    QCOMPARE(m_session->sealed.size(), std::size_t{1});
    const api::SellRequest& request = m_session->sealed.front();
    QVERIFY(request.mark);
    const QImage published = previewImage(request.preview);
    QCOMPARE(published.size(), QSize(200, 100));
    bool plain = true;
    for (int y = 0; y < 100; ++y)
        for (int x = 0; x < 200; ++x) plain = plain && published.pixel(x, y) == qRgb(255, 0, 0);
    QVERIFY(!plain); // the words are on it
}

void TestSellView::sellerDeclinesTheMark() {
    m_node.lookAnswer = redLook();
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    named<QLineEdit>(view, "File path")->setText(file(QStringLiteral("red.png"), "not looked at here"));
    press(view, "Next");
    auto* mark = named<QCheckBox>(view, "Tracking mark");
    QTRY_VERIFY(mark->isVisible());
    mark->setFocus();
    QTest::keyClick(mark, Qt::Key_Space);
    QVERIFY(!mark->isChecked());
    press(view, "Next");
    QTest::keyClicks(named<QLineEdit>(view, "Price"), QStringLiteral("12.50"));
    press(view, "Next");
    m_session->sealWaits = true;
    press(view, "Encrypt");
    QCOMPARE(m_session->sealed.size(), std::size_t{1});
    QVERIFY(!m_session->sealed.front().mark);
}

void TestSellView::wizardSaysWhyThereIsNoPicture() {
    api::FileLook damaged;
    damaged.mediaType = "image/png";
    damaged.trouble = "media-damaged";
    damaged.markForm = api::MarkForm::Sidecar;
    m_node.lookAnswer = damaged;
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    named<QLineEdit>(view, "File path")->setText(file(QStringLiteral("broken.png"), QByteArray("x\0y", 3)));
    press(view, "Next");
    QTRY_VERIFY(shows(view, "breaks the rules of its format"));
    QVERIFY(shows(view, "Choose another picture"));
    QVERIFY(shows(view, "in a small file beside it"));
}

void TestSellView::wizardStopsAtWhatIsWrong() {
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    auto* path = named<QLineEdit>(view, "File path");
    path->setText(file(QStringLiteral("void.txt"), {}));
    QTRY_VERIFY(shows(view, "empty"));
    press(view, "Next");
    QVERIFY(path->isVisible());
    path->setText(file(QStringLiteral("poem.txt"), "roses\n"));
    press(view, "Next");
    QTRY_VERIFY(!path->isVisible());
    press(view, "Next");

    auto* name = named<QLineEdit>(view, "Name");
    auto* price = named<QLineEdit>(view, "Price");
    QCOMPARE(name->text(), QStringLiteral("poem"));
    for (const auto& [title, cost] :
         {std::pair("", "5"), std::pair("  ", "5"), std::pair("Poem", ""), std::pair("Poem", "0"),
          std::pair("Poem", "0.00"), std::pair("Poem", "-1"), std::pair("Poem", "5.001"), std::pair("Poem", "dear")}) {
        name->setText(QString::fromLatin1(title));
        price->setText(QString::fromLatin1(cost));
        press(view, "Next");
        QVERIFY2(name->isVisible(), cost);
    }
    named<QPlainTextEdit>(view, "Description")->setPlainText(QString(4001, QLatin1Char('x')));
    price->setText(QStringLiteral("5"));
    press(view, "Next");
    QVERIFY(name->isVisible());
    QVERIFY(shows(view, "too long"));
    QVERIFY(m_session->sealed.empty());
}

void TestSellView::wizardGoesBackAfterAFailedSeal() {
    m_session->sealAnswer = api::Answer<api::DraftRow>(Err(api::Refusal{Problem::DiskFull, {}}));
    SellView view(*m_context);
    goThrough(view, file(QStringLiteral("song.txt"), "la\nla\n"));
    press(view, "Encrypt");
    QTRY_VERIFY(shows(view, "disk is full"));
    press(view, "Encrypt"); // still there, and can be tried again
    QCOMPARE(m_session->sealed.size(), std::size_t{2});
    const api::SellRequest& request = m_session->sealed.front();
    QVERIFY(request.price == usd("12.50"));
    QCOMPARE(request.name, std::string("song"));
    QCOMPARE(textOf(request.preview.bytes), std::string("la\nla"));
}

void TestSellView::wizardForgetsWhatTheSellerLeft() {
    m_session->sealWaits = true;
    api::DraftRow draft;
    draft.assetId.bytes[0] = 7;
    draft.name = "song";
    draft.price = usd("12.50");
    m_session->sealAnswer = api::Answer<api::DraftRow>(draft);
    SellView view(*m_context);
    goThrough(view, file(QStringLiteral("song.txt"), "la\nla\n"));
    press(view, "Encrypt");
    press(view, "Back");
    QVERIFY(m_session->job->cancelled);
    m_session->finishSeal(); // it had just been done
    QTRY_COMPARE(m_session->discarded.size(), std::size_t{1});
    QVERIFY(m_session->published.empty());
}

void TestSellView::sealingIsPaused() {
    m_session->sealWaits = true;
    SellView view(*m_context);
    goThrough(view, file(QStringLiteral("song.txt"), "la\nla\n"));
    press(view, "Encrypt");
    m_session->tellProgress({1'000'000, 4'000'000});
    press(view, "Pause");
    QVERIFY(m_session->job->paused);
    QVERIFY(shows(view, "paused"));
    press(view, "Resume");
    QVERIFY(!m_session->job->paused);
    QVERIFY(!shows(view, "paused"));
    press(view, "Pause");
    press(view, "Cancel");
    QVERIFY(m_session->job->cancelled);
}

void TestSellView::wizardOffersTheDraftAgain() {
    api::DraftRow draft;
    draft.assetId.bytes[0] = 9;
    draft.name = "Old maps";
    draft.price = usd("40");
    m_session->draftRows = {draft};
    m_session->publishAnswer = api::Answer<ListingId>(Err(api::Refusal{Problem::ListingCopied, {}}));
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shows(view, "not yet published"));
    press(view, "Continue…");
    press(view, "Publish");
    QTRY_COMPARE(m_session->published.size(), std::size_t{1});
    QTRY_VERIFY(!view.findChildren<QPushButton*>().empty());
    m_session->publishAnswer = api::Answer<ListingId>(ListingId{3});
    QTest::qWait(20);
    press(view, "Publish");
    QTRY_COMPARE(m_session->published.size(), std::size_t{2});
    const auto opened = std::make_shared<quint64>(0);
    connect(m_context.get(), &Context::went, &view, [opened](Place, quint64 id) { *opened = id; });
    QTest::qWait(20);
    press(view, "View the listing");
    QCOMPARE(*opened, quint64{3});
    QVERIFY(m_session->discarded.empty());
}

void TestSellView::wizardGoesOnWithAnInterruptedSealing() {
    api::DraftRow begun;
    begun.assetId.bytes[0] = 9;
    begun.name = "Old maps";
    begun.price = usd("40");
    begun.state = api::DraftState::Interrupted;
    begun.sizeBytes = 200;
    begun.sealedSoFar = 74;
    api::DraftRow gone = begun;
    gone.assetId.bytes[0] = 8;
    gone.name = "Elsewhere";
    gone.state = api::DraftState::Gone;
    m_session->draftRows = {begun, gone};
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shows(view, "interrupted at 37 %"));
    QVERIFY(shows(view, "not on this machine"));
    int resumable = 0;
    for (const QPushButton* button : view.findChildren<QPushButton*>())
        resumable += button->isVisible() && button->accessibleName().startsWith(QStringLiteral("Continue with"));
    QCOMPARE(resumable, 1);

    m_session->sealAnswer = api::Answer<api::DraftRow>(Err(api::Refusal{Problem::FileChanged, {}}));
    press(view, "Go on");
    QTRY_COMPARE(m_session->resumed.size(), std::size_t{1});
    QTRY_VERIFY(shows(view, "Old maps")); // the list of drafts again
    begun.state = api::DraftState::Whole;
    m_session->sealAnswer = api::Answer<api::DraftRow>(begun);
    QTRY_VERIFY(shows(view, "interrupted at 37 %"));
    press(view, "Go on");
    QTRY_VERIFY(shows(view, "ready to publish"));
    QCOMPARE(m_session->resumed.size(), std::size_t{2});
    QVERIFY(m_session->sealed.empty() && m_session->discarded.empty());
}

QTEST_MAIN(TestSellView)
#include "tst_sell_view.moc"
