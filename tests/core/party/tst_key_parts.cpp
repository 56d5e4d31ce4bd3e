// Before paying: the spot check in a real sale. After paying: parts of the key that do not fit, come again, or come as
// words.
#include "core/crypto/Merkle.h"
#include "core/keys/SeedPhrase.h"
#include "core/wire/Deposit.h"
#include "tests/core/party/PartyScene.h"

#include <QDir>
#include <QFile>

using namespace tallylock;
using namespace tallylock::test;
using api::Blame;
using api::PartState;
using api::Problem;
using api::SpotState;

namespace {

/// A link whose answers, and whose stream, somebody else has had in hand.
class BentLink final : public ports::Link {
public:
    struct Bends {
        std::mutex mutex;
        std::function<void(wire::Answer&)> answer;
        std::function<void(engine::EventBody&)> event;
    };
    BentLink(std::unique_ptr<ports::Link> real, std::shared_ptr<Bends> bends)
        : m_real(std::move(real)),
          m_bends(std::move(bends)) {}
    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        m_real->request(std::move(frame), [bends = m_bends, done](Result<Bytes, ports::LinkError> given) {
            const std::lock_guard lock(bends->mutex);
            if (!given || !bends->answer) return done(std::move(given));
            auto answer = decodeCbor<wire::Answer>(*given).value();
            bends->answer(answer);
            done(encodeCbor(answer));
        });
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        return m_real->subscribe(stream, cursor, [bends = m_bends, onItem](const wire::StreamItem& item) {
            const std::lock_guard lock(bends->mutex);
            if (!bends->event) return onItem(item);
            wire::StreamItem bent = item;
            auto body = decodeCbor<engine::EventBody>(item.event).value();
            bends->event(body);
            bent.event = encodeCbor(body);
            onItem(bent);
        });
    }

private:
    std::unique_ptr<ports::Link> m_real;
    std::shared_ptr<Bends> m_bends;
};

struct Deal {
    explicit Deal(std::size_t size) : content(size) {
        for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<std::uint8_t>(i * 7 + (i >> 18));
        seller = scene.open("seller");
        openBuyer();
    }
    void openBuyer() {
        buyer.reset();
        scene.throughCoordinator = [this](auto link) {
            return std::make_unique<BentLink>(std::move(link), coordinator);
        };
        scene.throughKeyServer = [this](auto link) { return std::make_unique<BentLink>(std::move(link), keyServer); };
        buyer = scene.open("buyer");
    }
    void bend(std::function<void(wire::Answer&)> answer) {
        const std::lock_guard lock(keyServer->mutex);
        keyServer->answer = std::move(answer);
    }
    /// Up to the address that is to be paid.
    bool upToWallet() {
        const QString path = scene.folder.filePath(QStringLiteral("map.bin"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) return false;
        file.write(reinterpret_cast<const char*>(content.data()), static_cast<qint64>(content.size()));
        file.close();
        api::SellRequest request;
        request.path = path.toStdString();
        request.name = "A map";
        request.mediaType = "application/octet-stream";
        request.price = usd(50);
        const auto draft = scene.must<api::DraftRow>([&](auto done) { seller->seal(request, {}, done); });
        const auto listing = scene.must<ListingId>([&](auto done) { seller->publish(draft.assetId, done); });
        if (!scene.pump.until([&] {
                return !scene.must<std::vector<api::ListingRow>>([&](auto done) { buyer->listings(done); }).empty();
            }))
            return false;
        sale = scene.must<SaleId>([&](auto done) {
            buyer->makeOffer({listing, money::kBtc, usd(50), usd(40), 3'600'000}, done);
        });
        if (!scene.reaches(*seller, sale, api::SaleState::Offered)) return false;
        early = scene.detail(*buyer, sale).spot;
        scene.mustDo([&](auto done) { seller->acceptOffer(sale, usd(45), done); });
        return scene.reaches(*buyer, sale, [](const api::SaleDetail& now) { return now.payment.has_value(); });
    }
    void pay() {
        const auto payment = scene.detail(*buyer, sale).payment;
        QVERIFY(payment.has_value());
        QVERIFY(scene.host.world->chain().payTo(payment->address, payment->amount).ok());
    }
    api::Answer<api::SpotCheckRow> spotCheck(const std::string& folder = {}) {
        return scene.ask<api::SpotCheckRow>([&](auto done) { buyer->spotCheck(sale, folder, done); });
    }
    std::vector<api::KeyPartRow> parts() {
        const auto rows = scene.must<std::vector<api::LibraryRow>>([&](auto done) { buyer->library(done); });
        return rows.empty() ? std::vector<api::KeyPartRow>(2) : rows.front().parts;
    }
    bool partsAre(PartState first, PartState second) {
        return scene.pump.until([&] { return parts()[0].state == first && parts()[1].state == second; });
    }
    api::Answer<void> enter(std::string_view words) {
        return scene.ask<void>(
            [&](auto done) { buyer->enterSecondPassword(sale, SecretBytes::copyOf(viewOf(words)), done); });
    }

    PartyScene scene;
    std::shared_ptr<BentLink::Bends> coordinator = std::make_shared<BentLink::Bends>();
    std::shared_ptr<BentLink::Bends> keyServer = std::make_shared<BentLink::Bends>();
    std::unique_ptr<party::Party> seller;
    std::unique_ptr<party::Party> buyer;
    Bytes content;
    SaleId sale;
    api::SpotCheckRow early;
};

Bytes fileBytes(const std::string& path) {
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QByteArray all = file.readAll();
    return Bytes(all.begin(), all.end());
}
std::string twelve(std::uint8_t byte) {
    const auto text = keys::SeedPhrase::fromEntropy(Bytes(16, byte)).text();
    return std::string(text.view().begin(), text.view().end());
}

} // namespace

class TestKeyParts : public QObject {
    Q_OBJECT
private slots:
    void spotCheckOfASmallFile() {
        Deal deal(300'000);
        QVERIFY(deal.upToWallet());
        QCOMPARE(deal.early.state, SpotState::TooSmall);
        QCOMPARE(deal.scene.detail(*deal.buyer, deal.sale).spot.state, SpotState::TooSmall);
        QCOMPARE(deal.spotCheck().error().problem, Problem::SpotCheckTooSmall);
    }

    void spotCheckInASale() {
        Deal deal(201 * (std::size_t{1} << 20) + 77);
        QVERIFY(deal.upToWallet());
        QCOMPARE(deal.early.state, SpotState::TooEarly);
        const auto before = deal.scene.detail(*deal.buyer, deal.sale).spot;
        QCOMPARE(before.state, SpotState::Possible);
        QCOMPARE(before.portions, std::uint64_t{202});
        QCOMPARE(before.budget, std::uint64_t{2});
        QCOMPARE(deal.scene.ask<api::SpotCheckRow>([&](auto done) { deal.seller->spotCheck(deal.sale, {}, done); })
                     .error()
                     .problem,
                 Problem::SaleNotYours);
        QCOMPARE(deal.spotCheck("/nowhere/at/all").error().problem, Problem::FileUnreadable);

        // A key server that lies is found out at each step, and a check that failed can be made again.
        const auto identity = identityNamed("key server");
        const auto fails = [&](const std::function<void(wire::Answer&)>& lie) {
            deal.bend(lie);
            const auto row = deal.spotCheck();
            deal.bend({});
            return row && row->state == SpotState::Failed && row->blame == Blame::KeyServer && row->samples.empty();
        };
        QVERIFY(fails([](wire::Answer& answer) {
            if (auto* nonce = std::get_if<wire::SpotNonce>(&answer)) nonce->note.nonce.bytes[0] ^= 1;
        }));
        QVERIFY(fails([&](wire::Answer& answer) {
            auto* attest = std::get_if<wire::SpotAttest>(&answer);
            if (!attest) return;
            attest->note.samples[0].index ^= 1;
            attest->signature = identity.sign("spot-check", attest->note);
        }));
        QVERIFY(fails([](wire::Answer& answer) {
            if (auto* portion = std::get_if<wire::SpotPortion>(&answer)) portion->plain[5] ^= 1;
        }));
        QCOMPARE(deal.scene.detail(*deal.buyer, deal.sale).spot.state, SpotState::Failed);

        const std::string folder = deal.scene.folderNamed("samples");
        const auto passed = deal.spotCheck(folder);
        QVERIFY(passed.ok());
        QCOMPARE(passed->state, SpotState::Passed);
        QCOMPARE(passed->samples.size(), std::size_t{2});
        QCOMPARE(passed->opened, std::uint64_t{2});
        for (const auto& sample : passed->samples) {
            QVERIFY(!sample.again);
            const std::size_t at = static_cast<std::size_t>(sample.index) << 20;
            const std::size_t size = std::min<std::size_t>(1 << 20, deal.content.size() - at);
            const auto from = deal.content.begin() + static_cast<std::ptrdiff_t>(at);
            QVERIFY(fileBytes(sample.path) == Bytes(from, from + static_cast<std::ptrdiff_t>(size)));
            // The journal of neither side holds any of it.
            for (const auto& [name, disk] : deal.scene.disks) {
                for (const Bytes& record : disk->records)
                    QVERIFY2(std::search(record.begin(), record.end(), from, from + 64) == record.end(), name.c_str());
            }
        }
        // The same again, also after a start; and it is remembered.
        deal.openBuyer();
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale,
                                   [](const auto& now) { return now.spot.state == SpotState::Passed; }));
        const auto again = deal.spotCheck();
        QVERIFY(again && again->samples.size() == 2 && again->samples[0].index == passed->samples[0].index);
        deal.pay();
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale,
                                   [](const auto& now) { return now.row.state >= api::SaleState::Seen; }));
        QCOMPARE(deal.spotCheck().error().problem, Problem::SpotCheckNotNow);
        const auto after = deal.scene.detail(*deal.buyer, deal.sale).spot;
        QVERIFY(after.state == SpotState::Passed && !after.possible);
    }

    void aWrongPart2AndTheWords() {
        Deal deal(300'000);
        SecretBytes second;
        bool lies = true;
        QVERIFY(deal.upToWallet());
        const auto me = identityNamed("buyer");
        const auto server = identityNamed("key server");
        SystemRandom random;
        deal.bend([&](wire::Answer& answer) {
            auto* part = std::get_if<wire::KeyPart>(&answer);
            if (!part || part->note.part != 2) return;
            auto opened = wire::openKeyPart2(me, part->box, part->note.contract);
            if (opened) second = std::move(*opened);
            if (!lies) return;
            // Another P2, signed and boxed as it should be: only the commitment in R4 tells.
            part->box = wire::sealKeyPart2(me.boxKey(), part->note.contract, SecretBytes::copyOf(Bytes(16, 3)), random);
            part->note.partHash = wire::partHash(part->box);
            part->signature = server.sign("key-part", part->note);
        });
        deal.pay();
        QVERIFY(deal.partsAre(PartState::Fits, PartState::Wrong));
        QCOMPARE(deal.parts()[1].blame, Blame::KeyServer);
        const auto unlock = [&] {
            return deal.scene.ask<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, {}, {}, done); });
        };
        QCOMPARE(unlock().error().problem, Problem::KeyPartsMissing);

        QCOMPARE(deal.enter("zebra nonsense").error().problem, Problem::PhraseWrongCount);
        QCOMPARE(deal.enter("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
                            "zzzz")
                     .error()
                     .problem,
                 Problem::PhraseWordUnknown);
        QCOMPARE(deal.enter("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
                            "abandon")
                     .error()
                     .problem,
                 Problem::PhraseWrongChecksum);
        QCOMPARE(deal.enter(twelve(9)).error().problem, Problem::SecondPasswordWrong);
        QVERIFY(deal.enter(twelve(9)).error().detail.empty());
        QCOMPARE(unlock().error().problem, Problem::KeyPartsMissing);
        const auto longer = keys::SeedPhrase::fromEntropy(Bytes(32, 1)).text();
        QCOMPARE(deal.enter({reinterpret_cast<const char*>(longer.data()), longer.size()}).error().problem,
                 Problem::PhraseWrongCount);

        const auto words = keys::SeedPhrase::fromEntropy(second.view()).text();
        QVERIFY(deal.enter({reinterpret_cast<const char*>(words.data()), words.size()}).ok());
        QVERIFY(deal.partsAre(PartState::Fits, PartState::Fits));
        const auto shown = deal.scene.must<std::shared_ptr<const SecretBytes>>(
            [&](auto done) { deal.buyer->secondPasswordWords(deal.sale, done); });
        QVERIFY(bytesOf(shown->view()) == bytesOf(words.view()));
        QVERIFY(!deal.scene
                     .ask<std::shared_ptr<const SecretBytes>>(
                         [&](auto done) { deal.seller->secondPasswordWords(deal.sale, done); })
                     .ok());
        // Not in the clear anywhere.
        for (const Bytes& record : deal.scene.disks.at("buyer")->records) {
            const auto view = second.view();
            QVERIFY(std::search(record.begin(), record.end(), view.begin(), view.end()) == record.end());
        }
        const auto row = unlock();
        QVERIFY(row && fileBytes(row->path) == deal.content);
        deal.bend({});
    }

    void aPart1AlteredOnItsWay() {
        Deal deal(300'000);
        {
            const std::lock_guard lock(deal.coordinator->mutex);
            deal.coordinator->event = [](engine::EventBody& event) {
                if (auto* part = std::get_if<engine::KeyPartRelayed>(&event)) part->box[40] ^= 1;
            };
        }
        QVERIFY(deal.upToWallet());
        deal.pay();
        QVERIFY(deal.partsAre(PartState::Wrong, PartState::Fits));
        QCOMPARE(deal.parts()[0].blame, Blame::Courier);
        const auto unlock = [&] {
            return deal.scene.ask<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, {}, {}, done); });
        };
        QCOMPARE(unlock().error().problem, Problem::KeyPartsWrong);
        // The key server itself gives it again.
        const auto rows = deal.scene.must<std::vector<api::KeyPartRow>>(
            [&](auto done) { deal.buyer->fetchKeysAgain(deal.sale, done); });
        QVERIFY(rows[0].state == PartState::Fits && rows[1].state == PartState::Fits);
        const auto row = unlock();
        QVERIFY(row && fileBytes(row->path) == deal.content);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Completed));
        // For ever, to the buyer alone.
        QVERIFY(deal.scene
                    .ask<std::vector<api::KeyPartRow>>([&](auto done) { deal.buyer->fetchKeysAgain(deal.sale, done); })
                    .ok());
        QCOMPARE(
            deal.scene
                .ask<std::vector<api::KeyPartRow>>([&](auto done) { deal.seller->fetchKeysAgain(deal.sale, done); })
                .error()
                .problem,
            Problem::SaleNotYours);
    }

    void beforeThePaymentThereIsNothingToFetch() {
        Deal deal(300'000);
        QVERIFY(deal.upToWallet());
        const auto rows = deal.scene.must<std::vector<api::KeyPartRow>>(
            [&](auto done) { deal.buyer->fetchKeysAgain(deal.sale, done); });
        QVERIFY(rows[0].state == PartState::OnItsWay && rows[1].state == PartState::OnItsWay);
    }
};

QTEST_GUILESS_MAIN(TestKeyParts)
#include "tst_key_parts.moc"
