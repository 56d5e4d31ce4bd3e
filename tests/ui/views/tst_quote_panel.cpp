// What the buyer sees and may do once a quote has lapsed.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/kit/TimeText.h"
#include "ui/sales/QuotePanel.h"

#include <QLabel>
#include <QPushButton>

using namespace tallylock;
using namespace tallylock::ui;
using api::NewQuoteState;

namespace {

api::Amount coins(std::int64_t satoshi) { return {satoshi, money::kBtc}; }

api::SaleDetail lapsed(NewQuoteState state, std::int64_t due, std::int64_t received) {
    api::SaleDetail detail;
    detail.row.id = {7};
    detail.row.role = api::SaleRole::Buyer;
    detail.newQuote = api::NewQuote{state, coins(due), coins(received), nowMs() + 600'000};
    return detail;
}

} // namespace

class TestQuotePanel : public QObject, StubScene {
    Q_OBJECT

    std::unique_ptr<Banner> m_banner;
    std::unique_ptr<QuotePanel> m_panel;

    QPushButton* button(const char* name) { return named<QPushButton>(*m_panel, name); }
    QString said() { return named<QLabel>(*m_panel, "What to do about the quote")->text(); }
    void show(const api::SaleDetail& detail) { m_panel->setSale(detail); }

private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() {
        begin();
        m_banner = std::make_unique<Banner>();
        m_panel = std::make_unique<QuotePanel>(*m_context, m_banner.get());
    }
    void cleanup() {
        m_panel.reset();
        m_banner.reset();
        end();
    }

    void isThereOnlyOnceOneHasLapsed() {
        api::SaleDetail detail;
        detail.row.role = api::SaleRole::Buyer;
        show(detail);
        QVERIFY(m_panel->isHidden());
        show(lapsed(NewQuoteState::Lapsed, 200'000, 0));
        QVERIFY(!m_panel->isHidden());
        show(detail);
        QVERIFY(m_panel->isHidden());
    }

    void anotherOneIsAskedForOnce() {
        show(lapsed(NewQuoteState::Lapsed, 200'000, 0));
        QVERIFY2(said().contains(QStringLiteral("0.002")) && said().contains(QStringLiteral("Do not pay")),
                 qPrintable(said()));
        QVERIFY(button("Get a new quote")->isVisible() && !button("Agree to the new quote")->isVisible());
        button("Get a new quote")->click();
        QTRY_VERIFY(!m_banner->isHidden());
        QCOMPARE(m_session->askedQuotes, std::vector<SaleId>{{7}});
        QVERIFY(!button("Get a new quote")->isEnabled());
        show(lapsed(NewQuoteState::Lapsed, 200'000, 0)); // nothing has changed yet
        QVERIFY(!button("Get a new quote")->isEnabled());
        show(lapsed(NewQuoteState::Lapsed, 210'000, 0)); // that one has lapsed as well
        QVERIFY(button("Get a new quote")->isEnabled());
    }

    void aRefusalLetsOneTryAgain() {
        m_session->takesQuotes = false;
        show(lapsed(NewQuoteState::Lapsed, 200'000, 0));
        button("Get a new quote")->click();
        QTRY_VERIFY(button("Get a new quote")->isEnabled());
        show(lapsed(NewQuoteState::Made, 200'000, 200'000));
        button("Agree to the new quote")->click();
        QTRY_VERIFY(button("Agree to the new quote")->isEnabled());
        QVERIFY(!m_banner->isHidden());
    }

    void whileItIsBeingMadeThereIsNothingToDo() {
        show(lapsed(NewQuoteState::Asked, 200'000, 150'000));
        QVERIFY(!button("Get a new quote")->isVisible() && !button("Agree to the new quote")->isVisible());
        QVERIFY(said().contains(QStringLiteral("0.0015")));
    }

    void whatIsAgreedToIsWhatIsShown() {
        show(lapsed(NewQuoteState::Made, 230'000, 200'000));
        QVERIFY2(said().contains(QStringLiteral("0.0023")) && said().contains(QStringLiteral("0.0003")),
                 qPrintable(said())); // in all, and missing
        m_panel->resize(620, 160);
        leavePictures(*m_panel, QStringLiteral("quote"));
        show(lapsed(NewQuoteState::Made, 190'000, 200'000));
        QVERIFY2(said().contains(QStringLiteral("0.0019")) && said().contains(QStringLiteral("comes back")),
                 qPrintable(said()));
        button("Agree to the new quote")->click();
        QTRY_COMPARE(m_session->agreedQuotes.size(), std::size_t{1});
        QVERIFY(m_session->agreedQuotes[0] == coins(190'000));
        QVERIFY(!button("Agree to the new quote")->isEnabled());
        show(lapsed(NewQuoteState::Made, 195'000, 200'000)); // another one meanwhile
        QVERIFY(button("Agree to the new quote")->isEnabled());
    }
};

QTEST_MAIN(TestQuotePanel)
#include "tst_quote_panel.moc"
