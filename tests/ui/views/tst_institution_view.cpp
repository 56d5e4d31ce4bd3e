// The institution's view as its administrator and its treasurers use it: registering, users with roles, limits and
// devices, what waits for approval, and who could move money under which rules.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/institution/ApprovalsPanel.h"
#include "ui/institution/InstitutionView.h"
#include "ui/institution/RulesPanel.h"
#include "ui/institution/UserPanel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>

using namespace tallylock;
using namespace tallylock::ui;
using api::Problem;

namespace {

IdentityKey key(std::uint8_t filler) {
    IdentityKey made;
    made.bytes.fill(filler);
    return made;
}

/// Anna administers, Ben trades.
api::AccountInfo fund() {
    api::AccountInfo info;
    info.holder = {5};
    info.name = "Harbour Fund";
    info.institution = true;
    info.myRoles = api::kAdministrator | api::kTreasurer;
    info.myself = {1};
    info.standing = api::Standing::Restricted;
    info.standingEvidence = "a letter";
    info.users = {{{1}, "Anna", key(1), info.myRoles, {{key(1), 0, true}}, {}},
                  {{2}, "Ben", key(2), api::kTrader, {{key(2), 0, false}, {key(3), 0, false}}, {usd("500")}}};
    return info;
}

} // namespace

class TestInstitutionView : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void anInstitutionIsRegistered() {
        InstitutionView view(*m_context);
        view.resize(900, 640);
        view.show();
        auto* name = named<QLineEdit>(view, "Name of the institution");
        QTRY_VERIFY(name->isVisible());
        leavePictures(view, QStringLiteral("institution-none"));
        auto* go = button(view, "Register institution");
        QTest::mouseClick(go, Qt::LeftButton);
        QVERIFY(m_session->registered.empty() && shows(view, "Enter the institution"));
        QTest::keyClicks(name, QStringLiteral(" Harbour Fund "));
        m_session->registerAnswer = Err(api::Refusal{Problem::AlreadyRegistered, {}});
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_VERIFY(shows(view, "registered already"));
        m_session->registerAnswer = HolderId{5};
        m_session->accountInfo = fund();
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY(!name->isVisible() && shows(view, "Restricted"));
        QVERIFY(m_session->registered.back() == std::pair(std::string("Harbour Fund"), true));
        QVERIFY(shows(view, "You: Administrator, Treasurer"));
        QTRY_COMPARE(named<QTableView>(view, "Users")->model()->rowCount(), 2);
    }

    void usersAreAdded() {
        m_session->accountInfo = fund();
        InstitutionView view(*m_context);
        view.resize(1000, 700);
        view.show();
        auto* name = named<QLineEdit>(view, "Name of the new user");
        auto* keyField = named<QLineEdit>(view, "Key of the new user");
        QTRY_VERIFY(name->isVisible());
        auto* add = button(view, "Add user");
        const auto refuses = [&](const char* why) {
            QTest::mouseClick(add, Qt::LeftButton);
            return m_session->addedUsers.empty() && shows(view, why);
        };
        QVERIFY(refuses("name"));
        QTest::keyClicks(name, QStringLiteral("Tess"));
        QTest::keyClicks(keyField, QString(63, u'a'));
        QVERIFY(refuses("not a key"));
        QTest::keyClicks(keyField, QStringLiteral("A"));
        QVERIFY(refuses("at least one role"));
        QTest::mouseClick(named<QCheckBox>(view, "New user: Trader"), Qt::LeftButton, {}, {8, 8});
        m_session->addUserAnswer = Err(api::Refusal{Problem::KeyInUse, {}});
        QTest::mouseClick(add, Qt::LeftButton);
        QTRY_VERIFY(shows(view, "belongs to another user"));
        QCOMPARE(name->text(), QStringLiteral("Tess")); // nothing typed is lost
        m_session->addUserAnswer = UserId{3};
        QTRY_VERIFY(add->isEnabled());
        QTest::mouseClick(add, Qt::LeftButton);
        QTRY_VERIFY(shows(view, "The user was added"));
        QVERIFY(m_session->addedUsers.back() ==
                std::tuple(std::string("Tess"), key(0xaa), std::uint32_t{api::kTrader}));
        QVERIFY(name->text().isEmpty() && !named<QCheckBox>(view, "New user: Trader")->isChecked());
    }

    void onlyAdministratorsChangeUsers() {
        m_session->accountInfo = fund();
        m_session->accountInfo.myRoles = api::kTreasurer;
        InstitutionView view(*m_context);
        view.resize(1000, 700);
        view.show();
        QTRY_COMPARE(named<QTableView>(view, "Users")->model()->rowCount(), 2);
        QVERIFY(!named<QLineEdit>(view, "Name of the new user")->isVisible());
        QVERIFY(!named<QCheckBox>(view, "Trader")->isEnabled());
        QVERIFY(!button(view, "Add device")->isEnabled() && !button(view, "Set limit")->isEnabled());
    }

    void rolesLimitsAndDevicesAreSet() {
        Banner banner;
        UserPanel panel(*m_context, &banner);
        QSignalSpy changed(&panel, &UserPanel::changed);
        panel.resize(340, 520);
        panel.show();
        const api::UserRow ben = fund().users[1];
        panel.setUser(ben, true, true);
        auto* setRoles = button(panel, "Set roles");
        QVERIFY(!setRoles->isEnabled()); // as they are
        QTest::mouseClick(named<QCheckBox>(panel, "Treasurer"), Qt::LeftButton, {}, {8, 8});
        QVERIFY(setRoles->isEnabled());
        panel.setUser(ben, true, true); // news arrive: what is ticked stays
        QVERIFY(named<QCheckBox>(panel, "Treasurer")->isChecked());
        m_session->money.actAnswer = Err(api::Refusal{Problem::LastAdministrator, {}});
        QTest::mouseClick(setRoles, Qt::LeftButton);
        QTRY_VERIFY(banner.text().contains(QStringLiteral("at least one administrator")));
        QVERIFY(changed.isEmpty() && setRoles->isEnabled()); // it may be tried again
        QCOMPARE(m_session->money.acts.back(), std::string("roles 2 6"));
        m_session->money.actAnswer = api::Answer<void>();

        auto* most = named<QLineEdit>(panel, "Most per order");
        QCOMPARE(most->text(), QStringLiteral("500.00"));
        most->clear();
        QVERIFY(!button(panel, "Set limit")->isEnabled());
        QTest::keyClicks(most, QStringLiteral("1,250.50"));
        QTest::mouseClick(button(panel, "Set limit"), Qt::LeftButton);
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(m_session->money.limits.back() == std::pair(UserId{2}, usd("1250.5")));

        auto* keyField = named<QLineEdit>(panel, "Key of the new device");
        QTest::keyClicks(keyField, QStringLiteral("nonsense"));
        QTest::mouseClick(button(panel, "Add device"), Qt::LeftButton);
        QVERIFY(banner.text().contains(QStringLiteral("not a key")));
        keyField->setText(QString::fromStdString(key(9).hex()));
        QTest::keyClick(keyField, Qt::Key_Return);
        QTRY_COMPARE(changed.count(), 2);
        QCOMPARE(m_session->money.acts.back(), "add device 2 " + key(9).hex());
        auto* remove = named<QPushButton>(panel, "Remove device");
        QVERIFY(!remove->isEnabled());
        auto* devices = named<QListWidget>(panel, "Devices");
        QCOMPARE(devices->count(), 2);
        devices->setCurrentRow(1);
        // Another device comes before it: what was chosen stays chosen, by its key.
        api::UserRow more = ben;
        more.devices.insert(more.devices.begin(), more.devices.front());
        more.devices.front().key = key(8);
        panel.setUser(more, true, true);
        QCOMPARE(devices->currentRow(), 2);
        more.devices.pop_back(); // and where it is gone nothing is
        panel.setUser(more, true, true);
        QVERIFY(devices->currentRow() < 0 && !remove->isEnabled());
        panel.setUser(ben, true, true);
        devices->setCurrentRow(1);
        QVERIFY(hold(remove, [&] { return changed.count() == 3; }));
        QCOMPARE(m_session->money.acts.back(), "remove device " + key(3).hex());
    }

    void approvalsAreCountedAndGiven() {
        m_session->accountInfo = fund();
        api::WithdrawalRow row;
        row.id = 3;
        row.amount = btc("1");
        row.fee = btc("0");
        row.approvalsNeeded = 1;
        row.mineToApprove = true;
        m_session->money.payoutRows = {row};
        api::PolicyChangeRow change;
        change.id = 8;
        change.proposer = {2};
        change.approvalsNeeded = 1;
        change.policy.userDay = {usd("1000")};
        change.mineToApprove = true;
        m_session->money.policyRow.pending = change;
        m_session->money.actAnswer = api::Answer<void>();
        InstitutionView view(*m_context);
        view.resize(1000, 700);
        view.show();
        auto* tabs = named<QTabWidget>(view, "Users, approvals and rules");
        QTRY_COMPARE(tabs->tabText(1), QStringLiteral("Approvals (2)"));
        tabs->setCurrentIndex(1);
        QVERIFY(shows(view, "Ben wants these rules") && shows(view, "1,000.00 USD"));
        for (int page = 0; page < tabs->count(); ++page) {
            tabs->setCurrentIndex(page);
            leavePictures(view, QStringLiteral("institution-%1").arg(page));
        }
        tabs->setCurrentIndex(1);
        auto* approve = named<QPushButton>(view, "Approve the rules");
        QTest::mouseClick(approve, Qt::LeftButton);
        QVERIFY(m_session->money.acts.empty());
        QVERIFY(hold(approve, [&] { return !m_session->money.acts.empty(); }));
        QCOMPARE(m_session->money.acts[0], std::string("approve rules 8"));
        named<QTableView>(view, "Payouts")->selectRow(0);
        QVERIFY(hold(named<QPushButton>(view, "Approve payout"), [&] { return m_session->money.acts.size() == 2; }));
        QCOMPARE(m_session->money.acts[1], std::string("approve 3"));
        // Nobody's approval but another's.
        m_session->money.payoutRows.clear();
        m_session->money.policyRow.pending->mineToApprove = false;
        m_session->tell(api::Topic::Account);
        QTRY_COMPARE(tabs->tabText(1), QStringLiteral("Approvals"));
        QTRY_VERIFY(!approve->isEnabled());
    }

    void whoCouldMoveThisIsAskedBefore() {
        // As many of Anna and Ben as the rules ask for, and one more.
        m_session->money.movers = [](const api::WithdrawalPolicy& policy, const api::Amount& amount) {
            api::MoversRow row;
            row.needed = policy.approvals + 1;
            row.of = fund().users;
            const bool tooMuch = !policy.holderDay.empty() && amount.value > policy.holderDay[0].value;
            row.possible = row.needed <= row.of.size() && !tooMuch;
            return row;
        };
        m_session->money.policyRow.policy.approvals = 1;
        m_session->money.policyRow.policy.waitingMs = 24 * 3'600'000;
        Banner banner;
        RulesPanel panel(*m_context, &banner);
        QSignalSpy changed(&panel, &RulesPanel::changed);
        panel.resize(900, 420);
        panel.show();
        panel.setAccount(fund());
        panel.setPolicy(m_session->money.policyRow);
        auto* set = button(panel, "Hold to set these rules");
        QVERIFY(!set->isEnabled());
        const auto now = [&] { return named<QLabel>(panel, "Who could move it now")->text(); };
        const auto then = [&] { return named<QLabel>(panel, "Who could move it under these rules")->text(); };
        QTest::keyClicks(named<QLineEdit>(panel, "Amount to be moved"), QStringLiteral("2"));
        QTRY_COMPARE(now(), QStringLiteral("Only all together: Anna, Ben"));
        QCOMPARE(then(), now());
        auto* approvals = named<QSpinBox>(panel, "Approvals by others");
        approvals->setFocus();
        QTest::keyClick(approvals, Qt::Key_Down);
        QTRY_COMPARE(then(), QStringLiteral("Each of: Anna, Ben"));
        QCOMPARE(now(), QStringLiteral("Only all together: Anna, Ben"));
        QVERIFY(set->isEnabled());
        QTest::keyClick(approvals, Qt::Key_Up);
        QTest::keyClick(approvals, Qt::Key_Up);
        QTRY_COMPARE(then(), QStringLiteral("Nobody"));
        QTest::keyClick(approvals, Qt::Key_Down);
        QTRY_VERIFY(!set->isEnabled()); // back at what is in force
        auto* most = named<QLineEdit>(panel, "Most that all users may pay out in a day");
        QTest::keyClicks(most, QStringLiteral("1.5"));
        QTRY_COMPARE(then(), QStringLiteral("Nobody"));
        panel.setPolicy(m_session->money.policyRow); // news arrive: what is written stays
        QCOMPARE(most->text(), QStringLiteral("1.5"));
        QTest::keyClicks(most, QStringLiteral("x"));
        QVERIFY(!set->isEnabled());
        QTest::keyClick(most, Qt::Key_Backspace);
        m_session->money.numberAnswer = Err(api::Refusal{Problem::PolicyInvalid, {}});
        QVERIFY(hold(set, [&] { return m_session->money.policies.size() == 1; }));
        QTRY_VERIFY(banner.text().contains(QStringLiteral("cannot be set")));
        m_session->money.numberAnswer = std::uint64_t{4};
        QVERIFY(hold(set, [&] { return changed.count() == 1; }));
        QVERIFY(banner.text().contains(QStringLiteral("looser")));
        const auto& sent = m_session->money.policies.back();
        QVERIFY(sent.holderDay == std::vector<api::Amount>{btc("1.5")} && sent.userDay.empty());
        QVERIFY(sent.approvals == 1 && sent.waitingMs == 24 * 3'600'000 && !sent.secondFactor);
    }

    /// One-time codes are asked for by the rules, and by a mark on their page.
    void theRulesMayAskForCodes() {
        Banner banner;
        RulesPanel panel(*m_context, &banner);
        QSignalSpy changed(&panel, &RulesPanel::changed);
        panel.show();
        panel.setAccount(fund());
        m_session->money.numberAnswer = std::uint64_t{0};
        auto* codes = named<QCheckBox>(panel, "One-time codes");
        auto* set = button(panel, "Hold to set these rules");
        for (const bool are : {true, false}) {
            m_session->money.policyRow.policy.secondFactor = !are;
            panel.setPolicy(m_session->money.policyRow);
            QVERIFY(codes->isChecked() == !are && !set->isEnabled());
            codes->click();
            QVERIFY(set->isEnabled());
            const auto before = changed.count();
            QVERIFY(hold(set, [&] { return changed.count() > before; }));
            QVERIFY(m_session->money.policies.back().secondFactor == are);
        }
        api::AccountInfo account = fund();
        account.myRoles = api::kTrader;
        panel.setAccount(account);
        QVERIFY(!codes->isEnabled());
    }
};

QTEST_MAIN(TestInstitutionView)
#include "tst_institution_view.moc"
