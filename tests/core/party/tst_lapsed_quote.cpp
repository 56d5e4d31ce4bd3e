// A quote that lapses before it is paid, between two parties with real servers. The next one is a tenth higher.
#include "core/money/Decimal.h"
#include "core/wire/Evidence.h"
#include "tests/core/host/HostStory.h"
#include "tests/core/party/Deal.h"

#include <algorithm>
#include <mutex>
#include <optional>

using namespace tallylock;
using namespace tallylock::test;
using api::NewQuoteState;

namespace {

struct Market {
    std::optional<RisingExchange> rising;
    void open(HostScene& host) { host.firstExchange = &rising.emplace(host.world->firstExchange()); }
};

/// Keeps commands until they may go on.
class LateLink final : public ports::Link {
public:
    struct Kept {
        std::mutex mutex;
        bool keeps = false;
        std::vector<std::function<void()>> commands;
        bool isEmpty() {
            const std::lock_guard lock(mutex);
            return commands.empty();
        }
        void keep() {
            const std::lock_guard lock(mutex);
            keeps = true;
        }
        void letGo() {
            std::vector<std::function<void()>> now;
            {
                const std::lock_guard lock(mutex);
                keeps = false;
                now.swap(commands);
            }
            for (const auto& command : now) command();
        }
    };
    LateLink(std::unique_ptr<ports::Link> link, std::shared_ptr<Kept> kept)
        : m_link(std::move(link)),
          m_kept(std::move(kept)) {}

    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        const auto asked = decodeCbor<wire::Request>(frame);
        const bool isCommand = asked && (std::holds_alternative<wire::Submit>(*asked) ||
                                         std::holds_alternative<wire::SubmitUnsigned>(*asked));
        const std::lock_guard lock(m_kept->mutex);
        if (!isCommand || !m_kept->keeps) return m_link->request(std::move(frame), std::move(done));
        m_kept->commands.push_back(
            [this, frame = std::move(frame), done = std::move(done)] { m_link->request(frame, done); });
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        return m_link->subscribe(stream, cursor, std::move(onItem));
    }

private:
    std::unique_ptr<ports::Link> m_link;
    std::shared_ptr<Kept> m_kept;
};

struct Quoted : Market, Deal {
    Quoted() : Deal([this](HostScene& host) { Market::open(host); }) {
        publish();
        offer();
        accept();
        if (!canPay()) qFatal("no wallet");
    }
    api::SaleDetail now() { return scene.detail(*buyer, sale); }
    void passQuote() { scene.host.clock.pass(now().payment->deadlineMs - scene.host.clock.wallMs() + 1); }
    bool becomes(NewQuoteState state) {
        return scene.reaches(*buyer, sale, [state](const api::SaleDetail& detail) {
            return detail.newQuote && detail.newQuote->state == state;
        });
    }
    api::Problem agreeing(const money::Amount& coins) {
        const auto refused = scene.ask<void>([&](auto done) { buyer->agreeToQuote(sale, coins, done); });
        return refused ? api::Problem::Internal : refused.error().problem;
    }
};

} // namespace

class TestLapsedQuote : public QObject {
    Q_OBJECT
private slots:
    /// Nothing has been paid: one word of the buyer's, and its app signs for what is due then.
    void anotherOneIsHadForTheAsking() {
        Quoted deal;
        const auto before = *deal.now().payment;
        const std::int64_t ends = deal.now().row.deadlineMs;
        QVERIFY(before.deadlineMs < ends); // the sale's own is later
        deal.passQuote();
        QVERIFY(deal.becomes(NewQuoteState::Lapsed));
        auto now = deal.now();
        QVERIFY(!now.payment && now.row.needsMe && now.row.state == api::SaleState::WalletOpen);
        QVERIFY(now.newQuote->coins == before.amount && now.newQuote->received.isZero());
        QCOMPARE(now.newQuote->deadlineMs, ends);
        QVERIFY(!deal.scene.detail(*deal.seller, deal.sale).newQuote);
        QCOMPARE(deal.agreeing(before.amount), api::Problem::PaymentNotOpen);

        deal.scene.mustDo([&](auto done) { deal.buyer->askQuote(deal.sale, done); });
        QVERIFY(deal.canPay());
        now = deal.now();
        QVERIFY(!now.newQuote && now.payment->address == before.address);
        QVERIFY(now.payment->deadlineMs > before.deadlineMs && now.payment->deadlineMs <= ends);
        QVERIFY(now.payment->amount.value == before.amount.value / 10 * 11);
        QCOMPARE(now.row.deadlineMs, ends);
        deal.pay();
        QVERIFY(deal.canUnlock());
    }

    /// The coins come too late: a new quote is made by itself, and nothing goes on before the buyer agrees to it.
    void lateCoinsWaitForTheBuyersWord_data() {
        QTest::addColumn<int>("tenths");
        QTest::newRow("less than the next one asks") << 10;
        QTest::newRow("more") << 12;
    }
    void lateCoinsWaitForTheBuyersWord() {
        QFETCH(int, tenths);
        Quoted deal;
        const auto asked = *deal.now().payment;
        const money::Amount late{asked.amount.value / 10 * tenths, money::kBtc};
        deal.passQuote();
        QVERIFY(deal.becomes(NewQuoteState::Lapsed));
        QVERIFY(deal.scene.host.world->chain().payTo(asked.address, late).ok());
        QVERIFY(deal.becomes(NewQuoteState::Made));
        const auto made = *deal.now().newQuote;
        QVERIFY(made.received == late && deal.now().row.needsMe && !deal.now().payment);
        QCOMPARE(deal.agreeing({made.coins.value + 1, made.coins.unit}), api::Problem::QuoteLapsed); // not as shown
        deal.scene.mustDo([&](auto done) { deal.buyer->agreeToQuote(deal.sale, made.coins, done); });
        const money::Amount rest{made.coins.value - late.value, money::kBtc};
        if (rest.isPositive()) {
            QVERIFY(deal.canPay());
            QVERIFY(deal.now().payment->uri.ends_with("?amount=" + money::formatDecimal(rest.value, 8)));
            QVERIFY(deal.scene.host.world->chain().payTo(asked.address, rest).ok());
        }
        QVERIFY(deal.canUnlock());

        // Both quotes are in the evidence, and it fits together.
        for (party::Party* who : {deal.buyer.get(), deal.seller.get()}) {
            const auto file = deal.scene.must<Bytes>([&](auto done) { who->evidence(deal.sale, done); });
            const auto evidence = wire::readEvidence(file);
            QVERIFY(evidence.ok());
            const auto story = wire::checkEvidence(*evidence);
            QVERIFY(story && story->has(wire::Proven::BuyerPaid));
            const auto quotes = std::count_if(story->lines.begin(), story->lines.end(), [](const auto& line) {
                return line.event == escrow::SaleEvent::QuoteFrozen;
            });
            QCOMPARE(quotes, std::ptrdiff_t{2});
        }
    }

    /// The buyer's word is on its way while the quote lapses and another one is made.
    void aWordThatComesLateIsForAnotherQuote() {
        Quoted deal;
        const auto kept = std::make_shared<LateLink::Kept>();
        deal.buyer.reset();
        deal.scene.throughCoordinator = [kept](auto link) { return std::make_unique<LateLink>(std::move(link), kept); };
        deal.buyer = deal.scene.open("buyer");
        const auto asked = *deal.now().payment;
        deal.passQuote();
        QVERIFY(deal.becomes(NewQuoteState::Lapsed));
        QVERIFY(deal.scene.host.world->chain().payTo(asked.address, asked.amount).ok());
        QVERIFY(deal.becomes(NewQuoteState::Made));
        const auto second = *deal.now().newQuote;

        kept->keep();
        std::optional<api::Answer<void>> answer;
        deal.buyer->agreeToQuote(deal.sale, second.coins, [&](const api::Answer<void>& given) { answer = given; });
        QVERIFY(deal.scene.pump.until([&] { return !kept->isEmpty(); }));
        deal.scene.host.clock.pass(second.deadlineMs - deal.scene.host.clock.wallMs() + 1);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, [&](const api::SaleDetail& detail) {
            return detail.newQuote && detail.newQuote->state == NewQuoteState::Made &&
                   second.coins.value < detail.newQuote->coins.value;
        }));
        kept->letGo();
        QVERIFY(deal.scene.pump.until([&] { return answer.has_value(); }));
        QVERIFY(!answer->ok());
        QCOMPARE(answer->error().problem, api::Problem::QuoteLapsed);
        QVERIFY(!deal.now().payment);
    }

    void withoutItTheyComeBack() {
        Quoted deal;
        const auto asked = *deal.now().payment;
        const std::int64_t ends = deal.now().row.deadlineMs;
        deal.passQuote();
        QVERIFY(deal.becomes(NewQuoteState::Lapsed));
        QVERIFY(deal.scene.host.world->chain().payTo(asked.address, asked.amount).ok());
        QVERIFY(deal.becomes(NewQuoteState::Made));
        deal.scene.host.clock.pass(ends - deal.scene.host.clock.wallMs() + 1);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Refunded));
        QVERIFY(deal.scene.pump.until([&] {
            const auto rows =
                deal.scene.must<std::vector<api::BalanceRow>>([&](auto done) { deal.buyer->balances(done); });
            return std::any_of(rows.begin(), rows.end(),
                               [&](const auto& row) { return row.available == asked.amount; });
        }));
    }
};

QTEST_GUILESS_MAIN(TestLapsedQuote)
#include "tst_lapsed_quote.moc"
