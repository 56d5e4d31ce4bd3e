// The buyer's wish about the way of part 2, through the session, up to the words that open the file where the key
// server's endpoint is cut off.
#include "core/rails/couriers/CardCourier.h"
#include "tests/core/party/Deal.h"

#include <QDir>
#include <QRegularExpression>

using namespace tallylock;
using api::CourierRow;
using api::CourierStage;
using api::PartTwoWay;
using api::Problem;
using test::Deal;

namespace {

/// The way to a key server that gives no part away.
class MeanLink final : public ports::Link {
public:
    explicit MeanLink(std::unique_ptr<ports::Link> real) : m_real(std::move(real)) {}
    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        if (wire::requestTypeOf(frame) == wire::FetchPart::kType) return done(Err(ports::LinkError::Closed));
        m_real->request(std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        return m_real->subscribe(stream, cursor, std::move(onItem));
    }

private:
    std::unique_ptr<ports::Link> m_real;
};

/// The numbered words of a card, in their order.
std::string wordsOn(const QString& page) {
    static const QRegularExpression kNumbered(QStringLiteral("(?:^|\\s)(\\d{1,2})  ([a-z]+)"),
                                              QRegularExpression::MultilineOption);
    std::map<int, std::string> words;
    for (auto found = kNumbered.globalMatch(page); found.hasNext();) {
        const auto one = found.next();
        words[one.captured(1).toInt()] = one.captured(2).toStdString();
    }
    std::string all;
    for (const auto& [number, word] : words) all += (all.empty() ? "" : " ") + word;
    return all;
}

} // namespace

class TestCourierWish : public QObject {
    Q_OBJECT
private slots:
    void theWordsOfACardOpenTheFile() {
        Deal deal;
        const QDir cards(QString::fromStdString(deal.scene.folderNamed("cards")));
        deal.scene.couriers = [&] {
            keyserver::WordCouriers all;
            all.push_back(std::make_unique<rails::CardCourier>(cards.path().toStdString()));
            return all;
        };
        deal.seller.reset();
        deal.buyer.reset();
        deal.scene.keyServer.reset();
        deal.scene.startKeyServer();
        deal.seller = deal.scene.open("seller");
        deal.scene.throughKeyServer = [](auto link) { return std::make_unique<MeanLink>(std::move(link)); };
        deal.buyer = deal.scene.open("buyer");

        const auto ask = [&](party::Party& who) {
            return deal.scene.ask<CourierRow>([&](auto done) { who.courier(deal.sale, done); });
        };
        const auto wish = [&](PartTwoWay way, const std::string& address) {
            return deal.scene.ask<CourierRow>(
                [&](auto done) { deal.buyer->setCourier(deal.sale, way, address, done); });
        };
        deal.publish();
        deal.offer();
        QCOMPARE(ask(*deal.buyer).error().problem, Problem::KeyPartsMissing);
        deal.accept();
        QVERIFY(deal.canPay());
        QCOMPARE(ask(*deal.seller).error().problem, Problem::SaleNotYours);
        const auto offered = ask(*deal.buyer);
        QVERIFY(offered && offered->offersCard && !offered->offersMail && offered->stage == CourierStage::None);
        QCOMPARE(wish(PartTwoWay::Mail, "bob@mail.example").error().problem, Problem::NotAvailable);
        QCOMPARE(wish(PartTwoWay::Card, "Bob").error().problem, Problem::AddressInvalid);
        QCOMPARE(wish(PartTwoWay::Card, std::string(501, 'x')).error().problem, Problem::AddressInvalid);
        const auto waiting = wish(PartTwoWay::Card, "Bob Buyer\n12345 Town");
        QVERIFY(waiting && waiting->stage == CourierStage::Waiting && waiting->address == "Bob Buyer\n12345 Town");
        QVERIFY(cards.isEmpty());

        deal.pay();
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::KeySent2));
        QVERIFY(deal.scene.pump.until([&] {
            const auto row = ask(*deal.buyer);
            return row && row->way == PartTwoWay::Card && row->stage == CourierStage::Sent && row->attempts == 1;
        }));
        QVERIFY(!deal.scene.detail(*deal.buyer, deal.sale).part2Arrived);
        const QStringList names = cards.entryList(QDir::Files);
        QCOMPARE(names.size(), 1);
        const Bytes page = test::read(cards.filePath(names.front()).toStdString());
        const std::string words =
            wordsOn(QString::fromUtf8(reinterpret_cast<const char*>(page.data()), static_cast<qsizetype>(page.size())));
        deal.scene.mustDo(
            [&](auto done) { deal.buyer->enterSecondPassword(deal.sale, SecretBytes::copyOf(viewOf(words)), done); });
        QVERIFY(deal.canUnlock());
        const auto row =
            deal.scene.ask<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, {}, {}, done); });
        QVERIFY(row && test::read(row->path) == deal.content);
        const ByteView name = viewOf("Bob Buyer");
        for (const Bytes& record : deal.scene.disks.at("buyer")->records) // the key server alone keeps the address
            QVERIFY(std::search(record.begin(), record.end(), name.begin(), name.end()) == record.end());
    }
};

QTEST_GUILESS_MAIN(TestCourierWish)
#include "tst_courier_wish.moc"
