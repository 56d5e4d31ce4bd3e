// Choosing a coordinator: looked at and compared before it is used.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/welcome/CoordinatorPage.h"
#include "ui/welcome/StartPage.h"

#include <QLineEdit>
#include <QRadioButton>
#include <QSignalSpy>

using namespace tallylock;
using namespace tallylock::ui;

namespace {

api::FoundCoordinator found(const std::string& address) {
    api::FoundCoordinator coordinator;
    coordinator.row.coordinator = {address, IdentityKey{}};
    coordinator.row.keyServer = {"keys.example:7341", IdentityKey{}};
    coordinator.row.practice = true;
    coordinator.coordinatorWords = "one two three catch tiger feed autumn below axis blue horse taste";
    coordinator.keyServerWords = "four five six this strong bench thunder opera vital lemon river crowd";
    return coordinator;
}

} // namespace

class TestCoordinatorPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }

    void isLookedAtAndComparedBeforeItIsUsed() {
        StubNode node;
        node.foundCoordinator = found("example.org:7340");
        CoordinatorPage page(node, nullptr);
        QSignalSpy chosen(&page, &CoordinatorPage::chosen);
        page.show();
        QVERIFY(!button(page, "Use it")->isEnabled()); // the present one
        QVERIFY(!button(page, "Look who is there")->isEnabled());
        const auto radios = page.findChildren<QRadioButton*>();
        QVERIFY(radios.at(0)->isChecked());
        QTest::mouseClick(radios.at(1), Qt::LeftButton, {}, {10, radios.at(1)->height() / 2});
        auto* address = named<QLineEdit>(page, "Address");
        QTest::keyClicks(address, QStringLiteral(" example.org:7340 "));
        QVERIFY(!button(page, "Use it")->isEnabled());
        press(page, "Look who is there");
        QCOMPARE(node.lookedAt, (std::vector<std::string>{"example.org:7340"}));
        QTRY_VERIFY(shows(page, "one two three") && shows(page, "four five six") && shows(page, "There is none."));
        QVERIFY(button(page, "Use it")->isEnabled());
        page.resize(660, 620);
        leavePictures(page, QStringLiteral("coordinator"));
        // Another address is another server.
        QTest::keyClicks(address, QStringLiteral("1"));
        QVERIFY(!button(page, "Use it")->isEnabled() && !shows(page, "one two three"));
        QTest::keyClick(address, Qt::Key_Return);
        QTRY_VERIFY(button(page, "Use it")->isEnabled());
        press(page, "Use it");
        QCOMPARE(chosen.size(), 1);
        QVERIFY(node.usedCoordinator == node.foundCoordinator->row);
    }

    void whatIsNotFoundIsNotUsed() {
        StubNode node;
        node.foundCoordinator = Err(api::Refusal{api::Problem::ServerUnreachable, "example.org:7340: refused"});
        CoordinatorPage page(node, nullptr);
        page.show();
        page.findChildren<QRadioButton*>().at(1)->setChecked(true);
        named<QLineEdit>(page, "Address")->setText(QStringLiteral("example.org:7340"));
        press(page, "Look who is there");
        QTRY_VERIFY(shows(page, "Nobody answers there (example.org:7340: refused)."));
        QVERIFY(!button(page, "Use it")->isEnabled() && button(page, "Look who is there")->isEnabled());
    }

    void theWayBackIsOpen() {
        StubNode node;
        node.usedCoordinator = found("example.org:7340").row;
        CoordinatorPage page(node, nullptr);
        QSignalSpy chosen(&page, &CoordinatorPage::chosen);
        page.show();
        QCOMPARE(named<QLineEdit>(page, "Address")->text(), QStringLiteral("example.org:7340"));
        QVERIFY(!button(page, "Use it")->isEnabled());
        page.findChildren<QRadioButton*>().at(0)->setChecked(true);
        press(page, "Use it");
        QCOMPARE(chosen.size(), 1);
        QVERIFY(!node.usedCoordinator);
    }

    void theStartPageSaysWhichOne() {
        StubNode node;
        {
            StartPage start(node, {}, nullptr);
            QVERIFY(shows(start, "Coordinator: inside this app") && shows(start, "This is for practice"));
        }
        node.usedCoordinator = found("example.org:7340").row;
        node.usedCoordinator->practice = false;
        StartPage start(node, {}, nullptr);
        QVERIFY(shows(start, "Coordinator: example.org:7340") && !shows(start, "This is for practice"));
        QSignalSpy wanted(&start, &StartPage::coordinatorWanted);
        start.show();
        press(start, "Change…");
        QCOMPARE(wanted.size(), 1);
    }
};

QTEST_MAIN(TestCoordinatorPage)
#include "tst_coordinator_page.moc"
