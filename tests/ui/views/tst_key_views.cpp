// The spot check's panel and the key's panel, driven by mouse and keyboard: when they offer what, what they say of each
// outcome, and that words go no further than they must.
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/kit/Theme.h"
#include "ui/kit/View.h"
#include "ui/library/KeyPanel.h"
#include "ui/library/SecretWords.h"
#include "ui/sales/SpotPanel.h"

#include <QApplication>
#include <QCompleter>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace tallylock;
using namespace tallylock::ui;
using api::Blame;
using api::PartState;
using api::SpotState;

namespace {

class WordsNode final : public StubNode {
public:
    std::vector<std::string> phraseWords(std::string_view prefix, std::size_t limit) override {
        std::vector<std::string> found;
        for (const char* word : {"abandon", "ability", "able", "about", "zoo"})
            if (std::string_view(word).starts_with(prefix) && found.size() < limit) found.emplace_back(word);
        return found;
    }
    api::Answer<void> checkPhrase(ByteView phrase) override {
        const std::string_view text(reinterpret_cast<const char*>(phrase.data()), phrase.size());
        if (text.ends_with(" about")) return {};
        return Err(api::Refusal{api::Problem::PhraseWrongChecksum, {}});
    }
};

/// A panel on a page with a banner, as a window would show it.
template <class Panel>
struct Page {
    WordsNode node;
    std::shared_ptr<StubSession> session = std::make_shared<StubSession>();
    Context context{node, session};
    QWidget window;
    Banner* banner = new Banner(&window);
    Panel* panel = new Panel(context, banner, &window);
    Page() {
        auto* column = new QVBoxLayout(&window);
        column->addWidget(banner);
        column->addWidget(panel);
        column->addStretch(1);
        window.resize(760, 420);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
    }
    template <class W>
    W* named(const char* name) {
        for (W* one : window.findChildren<W*>())
            if (one->accessibleName() == QLatin1String(name)) return one;
        qFatal("no %s", name);
    }
    void click(const char* name) {
        auto* button = named<QPushButton>(name);
        QVERIFY(button->isVisible() && button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
    }
    bool shows(const QString& text) {
        for (const QLabel* label : window.findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(text)) return true;
        return false;
    }
    void picture(const QString& name) {
        QDir folder(QStringLiteral(TALLYLOCK_TEST_DIR));
        folder.mkpath(QStringLiteral("screenshots"));
        for (const Brightness brightness : {Brightness::Light, Brightness::Dark}) {
            applyTheme(*qApp, brightness);
            QTest::qWait(20);
            const bool dark = brightness == Brightness::Dark;
            QVERIFY(window.grab().save(folder.filePath(
                QStringLiteral("screenshots/%1-%2.png").arg(name, QLatin1String(dark ? "dark" : "light")))));
        }
        applyTheme(*qApp, Brightness::Light);
    }
};

api::SpotCheckRow possible() {
    api::SpotCheckRow row;
    row.state = SpotState::Possible;
    row.possible = true;
    row.portions = 1000;
    row.budget = 10;
    return row;
}
api::SpotCheckRow passed() {
    api::SpotCheckRow row = possible();
    row.state = SpotState::Passed;
    row.opened = 9;
    row.samples = {{4, true, {}, 1048576}, {41, false, {}, 1048576}, {500, false, {}, 1048576}};
    row.timeMs = 1'790'000'000'000;
    return row;
}
std::vector<api::KeyPartRow> parts(PartState first, PartState second, Blame blame = Blame::Nobody) {
    return {{1, first, first == PartState::Wrong ? blame : Blame::Nobody},
            {2, second, second == PartState::Wrong ? blame : Blame::Nobody}};
}

} // namespace

class TestKeyViews : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { applyTheme(*qApp, Brightness::Light); }

    void spotCheckIsOfferedOnlyWhenPossible() {
        Page<SpotPanel> page;
        api::SpotCheckRow row = possible();
        row.state = SpotState::TooEarly;
        row.possible = false;
        page.panel->setSale({3}, row);
        QVERIFY(!page.panel->isVisible());
        row.state = SpotState::TooLate;
        page.panel->setSale({3}, row);
        QVERIFY(!page.panel->isVisible());
        row = {};
        row.state = SpotState::TooSmall;
        row.portions = 40;
        page.panel->setSale({3}, row);
        QVERIFY(page.panel->isVisible() && page.shows(QStringLiteral("40 portion")));
        QVERIFY(!page.named<QPushButton>("Check some portions")->isVisible());
        page.panel->setSale({3}, possible());
        QVERIFY(page.named<QPushButton>("Check some portions")->isVisible());
        QVERIFY(page.shows(QStringLiteral("1,000 portions, 10 are ever")));
        page.picture(QStringLiteral("spot-possible"));
    }

    void spotCheckRunsAndPasses() {
        Page<SpotPanel> page;
        page.panel->setSale({3}, possible());
        page.session->spotAnswer = passed();
        page.click("Check some portions");
        QVERIFY(page.named<QProgressBar>("Checking portions")->isVisible());
        QVERIFY(!page.named<QPushButton>("Check some portions")->isEnabled());
        QTRY_VERIFY(page.shows(QStringLiteral("42, 501"))); // people count from one
        QCOMPARE(page.session->spotChecked.size(), std::size_t{1});
        QVERIFY(page.session->spotChecked[0].first == SaleId{3} && page.session->spotChecked[0].second.empty());
        QVERIFY(!page.named<QProgressBar>("Checking portions")->isVisible());
        QVERIFY(page.shows(QStringLiteral("Passed")) && page.shows(QStringLiteral("9 of the 10")));
        QVERIFY(page.named<QPushButton>("Save the portions")->isVisible());
        page.picture(QStringLiteral("spot-passed"));
        // Once paid, what was found stays, and nothing can be asked.
        auto after = passed();
        after.possible = false;
        page.panel->setSale({3}, after);
        QVERIFY(page.panel->isVisible() && !page.named<QPushButton>("Save the portions")->isVisible());
    }

    void spotCheckFailsWithAName() {
        Page<SpotPanel> page;
        page.panel->setSale({3}, possible());
        auto failed = possible();
        failed.state = SpotState::Failed;
        failed.problem = "stored-file-altered";
        failed.blame = Blame::FileStore;
        page.session->spotAnswer = failed;
        page.click("Check some portions");
        QTRY_VERIFY(page.shows(QStringLiteral("Do not pay")));
        QVERIFY(page.shows(QStringLiteral("the file store")) && page.shows(QStringLiteral("stored-file-altered")));
        page.picture(QStringLiteral("spot-failed"));
        page.session->spotAnswer = Err(api::Refusal{api::Problem::Unreachable, {}});
        page.click("Check some portions"); // again
        QTRY_VERIFY(!page.banner->text().isEmpty());
        QVERIFY(page.named<QPushButton>("Check some portions")->isEnabled());
    }

    void partsAreNamedAndFetchedAgain() {
        Page<KeyPanel> page;
        QSignalSpy changed(page.panel, &KeyPanel::changed);
        page.panel->setSale({3}, parts(PartState::Wrong, PartState::OnItsWay, Blame::Courier));
        QTRY_VERIFY(page.shows(QStringLiteral("whoever carried it")) && page.shows(QStringLiteral("on its way")));
        page.picture(QStringLiteral("key-wrong"));
        page.session->fetchAnswer = parts(PartState::Fits, PartState::Wrong, Blame::KeyServer);
        page.click("Fetch again");
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(page.session->fetched == std::vector<SaleId>{{3}});
        QTRY_VERIFY(page.shows(QStringLiteral("here, and it fits")) && page.shows(QStringLiteral("the key server")));
        page.session->fetchAnswer = parts(PartState::Fits, PartState::Fits);
        page.click("Fetch again");
        QTRY_VERIFY(page.banner->text().contains(QStringLiteral("both fit")));
        QVERIFY(!page.named<QPushButton>("Type the words")->isVisible());
    }

    void wordsAreCompletedCheckedAndTaken() {
        Page<KeyPanel> page;
        QSignalSpy changed(page.panel, &KeyPanel::changed);
        page.panel->setSale({3}, parts(PartState::Fits, PartState::OnItsWay));
        page.click("Type the words");
        auto* first = page.named<QLineEdit>("Word 1");
        QTRY_VERIFY(first->isVisible());
        QTest::keyClicks(first, QStringLiteral("ab"));
        QTRY_COMPARE(first->completer()->completionCount(), 4);
        first->clear();
        QTest::keyClicks(first, QStringLiteral("nonsense"));
        page.click("Use these words");
        QVERIFY(first->accessibleDescription().contains(QStringLiteral("not in the word list")));
        QVERIFY(page.banner->text().contains(QStringLiteral("Word 2 is missing")));
        QVERIFY(page.session->enteredWords.empty());

        auto* hint = page.named<QLabel>("Check of the words");
        for (int number = 1; number <= 12; ++number) {
            auto* field = page.named<QLineEdit>(qPrintable(QStringLiteral("Word %1").arg(number)));
            field->clear();
            QTest::keyClicks(field, QStringLiteral("able"));
        }
        QVERIFY(!hint->text().isEmpty() && !hint->text().contains(QStringLiteral("belong together.")));
        auto* last = page.named<QLineEdit>("Word 12");
        last->clear();
        QTest::keyClicks(last, QStringLiteral("about"));
        QCOMPARE(hint->text(), QStringLiteral("The words belong together."));
        page.picture(QStringLiteral("key-words"));
        page.session->enterAnswer = Err(api::Refusal{api::Problem::SecondPasswordWrong, {}});
        page.click("Use these words");
        QTRY_VERIFY(page.banner->text().contains(QStringLiteral("do not belong to this sale")));
        page.session->enterAnswer = api::Answer<void>();
        page.click("Use these words");
        QTRY_COMPARE(changed.count(), 1);
        QCOMPARE(page.session->enteredWords.back(), "able able able able able able able able able able able about");
        QVERIFY(last->text().isEmpty()); // they are not left standing
    }

    void wordsAreShownToTheirOwnerOnly() {
        Page<KeyPanel> page;
        page.panel->setSale({3}, parts(PartState::Fits, PartState::Fits));
        const auto words = std::make_shared<const SecretBytes>(
            SecretBytes::copyOf(viewOf("able able able able able able able able able able able about")));
        page.session->wordsAnswer = api::Answer<std::shared_ptr<const SecretBytes>>(words);
        page.click("Show the words");
        auto* secret = page.window.findChild<SecretWords*>();
        QTRY_VERIFY(secret->isVisible() && !secret->isEmpty());
        page.picture(QStringLiteral("key-shown"));
        page.click("Show the words"); // hides them
        QVERIFY(secret->isEmpty());
        page.click("Show the words");
        QTRY_VERIFY(!secret->isEmpty());
        page.panel->setSale({4}, parts(PartState::OnItsWay, PartState::OnItsWay)); // another sale: gone
        QVERIFY(secret->isEmpty());
    }
};

QTEST_MAIN(TestKeyViews)
#include "tst_key_views.moc"
