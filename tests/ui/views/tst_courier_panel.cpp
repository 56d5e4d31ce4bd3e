// The second part by mail or post, too: what the buyer sees, and what is asked of the key server.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/sales/CourierPanel.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>

using namespace tallylock;
using namespace tallylock::ui;
using api::CourierFailure;
using api::CourierStage;
using api::PartTwoWay;
using api::SaleState;

namespace {

api::SaleDetail boughtIn(SaleState state, std::uint64_t sale = 7) {
    api::SaleDetail detail;
    detail.row.id = {sale};
    detail.row.role = api::SaleRole::Buyer;
    detail.row.state = state;
    return detail;
}

api::CourierRow offer(PartTwoWay way = {}, std::string address = {}, CourierStage stage = {}) {
    api::CourierRow row;
    row.offersMail = true;
    row.offersCard = true;
    row.way = way;
    row.address = std::move(address);
    row.stage = stage;
    return row;
}

void settle() { QCoreApplication::processEvents(); }

void choose(QWidget& panel, PartTwoWay way) {
    auto* box = named<QComboBox>(panel, "How it is sent");
    box->setCurrentIndex(box->findData(static_cast<int>(way)));
    emit box->activated(box->currentIndex());
}

} // namespace

class TestCourierPanel : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void isThereForTheBuyerWhereSomethingIsOffered() {
        Banner banner;
        CourierPanel panel(*m_context, &banner);
        m_session->courierAnswer = api::Answer<api::CourierRow>(api::CourierRow());
        panel.setSale(boughtIn(SaleState::Ready));
        settle();
        QVERIFY(panel.isHidden()); // nothing is offered
        m_session->courierAnswer = api::Answer<api::CourierRow>(offer());
        panel.setSale(boughtIn(SaleState::Ready));
        QTRY_VERIFY(!panel.isHidden());
        api::SaleDetail sold = boughtIn(SaleState::Ready);
        sold.row.role = api::SaleRole::Seller;
        for (const api::SaleDetail& other : {sold, boughtIn(SaleState::Accepted), boughtIn(SaleState::Completed)}) {
            panel.setSale(other);
            settle();
            QVERIFY(panel.isHidden());
        }
    }

    void aMailIsWishedFor() {
        Banner banner;
        CourierPanel panel(*m_context, &banner);
        m_session->courierAnswer = api::Answer<api::CourierRow>(offer());
        panel.setSale(boughtIn(SaleState::Ready));
        QTRY_VERIFY(!panel.isHidden());
        panel.show();
        QVERIFY(!named<QPushButton>(panel, "Send it this way")->isVisible());
        choose(panel, PartTwoWay::Mail);
        QVERIFY(!named<QPushButton>(panel, "Send it this way")->isEnabled()); // no address
        auto* mail = named<QLineEdit>(panel, "Mail address");
        QVERIFY(mail->isVisible());
        QVERIFY(!named<QPlainTextEdit>(panel, "Postal address")->isVisible());
        QTest::keyClicks(mail, QStringLiteral(" bob@mail.example "));
        panel.setSale(boughtIn(SaleState::Funded)); // what is being typed stays
        settle();
        QCOMPARE(mail->text(), QStringLiteral(" bob@mail.example "));
        panel.resize(640, panel.sizeHint().height());
        leavePictures(panel, QStringLiteral("courier"));
        m_session->courierAnswer =
            api::Answer<api::CourierRow>(offer(PartTwoWay::Mail, "bob@mail.example", CourierStage::Waiting));
        press(panel, "Send it this way");
        QTRY_VERIFY(shows(panel, "It is sent once the seller has been paid."));
        const std::vector<std::pair<PartTwoWay, std::string>> wished{{PartTwoWay::Mail, "bob@mail.example"}};
        QVERIFY(m_session->courierWishes == wished);
        QVERIFY(!named<QPushButton>(panel, "Send it this way")->isVisible()); // nothing new to say
        panel.resize(620, 320);
        leavePictures(panel, QStringLiteral("courier"));
    }

    void aCardGoesToLines() {
        Banner banner;
        CourierPanel panel(*m_context, &banner);
        m_session->courierAnswer = api::Answer<api::CourierRow>(offer());
        panel.setSale(boughtIn(SaleState::KeyWrapped));
        QTRY_VERIFY(!panel.isHidden());
        panel.show();
        choose(panel, PartTwoWay::Card);
        named<QPlainTextEdit>(panel, "Postal address")
            ->setPlainText(QStringLiteral(" Bob  Buyer \n\nMünzgasse 3\t\n12345 Town\n"));
        m_session->courierAnswer = Err(api::Refusal{api::Problem::AddressInvalid, {}});
        press(panel, "Send it this way");
        QTRY_COMPARE(m_session->courierWishes.size(), std::size_t{1});
        QVERIFY(m_session->courierWishes.front().second == "Bob Buyer\nMünzgasse 3\n12345 Town");
        QTRY_VERIFY(!banner.isHidden());
        QVERIFY(named<QPlainTextEdit>(panel, "Postal address")->toPlainText().contains(QLatin1String("Town"))); // stays
    }

    void saysWhatBecameOfIt() {
        Banner banner;
        CourierPanel panel(*m_context, &banner);
        api::CourierRow row = offer(PartTwoWay::Mail, "bob@mail.example", CourierStage::Waiting);
        const auto tell = [&] {
            m_session->courierAnswer = api::Answer<api::CourierRow>(row);
            panel.setSale(boughtIn(SaleState::KeySent2));
            settle();
            panel.show();
        };
        tell();
        QTRY_VERIFY(shows(panel, "It is being sent."));
        row.failure = CourierFailure::Unreachable;
        row.attempts = 3;
        tell();
        QTRY_VERIFY(shows(panel, "Not sent yet: the mail server does not answer."));
        row.stage = CourierStage::Sent;
        row.failure = {};
        row.timeMs = 1'700'000'000'000;
        tell();
        QTRY_VERIFY(shows(panel, "The mail server took it:"));
        press(panel, "Send it again");
        QTRY_COMPARE(m_session->courierWishes.size(), std::size_t{1});
        row.stage = CourierStage::Failed;
        row.failure = CourierFailure::AddressRefused;
        tell();
        QTRY_VERIFY(shows(panel, "Given up: the mail server refuses this address."));
    }
};

QTEST_MAIN(TestCourierPanel)
#include "tst_courier_panel.moc"
