// What a seller's app gives out of its own sealed file, and to whom.
#include "core/asset/PortionHashes.h"
#include "core/crypto/Merkle.h"
#include "core/party/PortionDesk.h"
#include "core/party/SealedCopy.h"
#include "tests/core/party/Deal.h"
#include "tests/core/party/PeerContract.h"

#include <QDir>

using namespace tallylock;
using namespace tallylock::test;
using wire::FrameProblem;

namespace {

/// A deal whose buyer's app asks nobody: the test asks in its place.
struct Desk : Deal {
    std::shared_ptr<ports::Peers> asBuyer = scene.peersOf("buyer");
    std::shared_ptr<ports::Peers> asStranger = scene.peersOf("stranger");
    IdentityKey sellerKey = identityNamed("seller").key();

    Desk() {
        buyer.reset();
        scene.throughPeers = [](auto) { return nullptr; };
        buyer = scene.open("buyer");
        scene.throughPeers = [](auto them) { return them; };
    }
    wire::Answer ask(ports::Peers& peers, const wire::Request& request) {
        const auto frame = askPeer(peers, sellerKey, encodeCbor(request));
        if (!frame) return wire::Problem{FrameProblem::kCount, {}};
        return *decodeCbor<wire::Answer>(*frame);
    }
    static FrameProblem problemOf(const wire::Answer& answer) {
        const auto* problem = std::get_if<wire::Problem>(&answer);
        return problem ? problem->problem : FrameProblem::kCount;
    }
    /// Both questions are refused alike.
    FrameProblem refused(ports::Peers& peers, SaleId of) {
        const FrameProblem hashes = problemOf(ask(peers, wire::PortionHashQuery{of, 0}));
        const FrameProblem portion = problemOf(ask(peers, wire::SealedPortionQuery{of, 0}));
        return hashes == portion ? hashes : FrameProblem::Internal;
    }
    FrameProblem refused(ports::Peers& peers) { return refused(peers, sale); }
    QString sealedFile() {
        const QDir folder(QString::fromStdString(scene.folderNamed("seller/sealed")));
        const auto files = folder.entryList({QStringLiteral("*.age")}, QDir::Files);
        return files.size() == 1 ? folder.filePath(files.front()) : QString();
    }
    void untilFunded() {
        publish();
        offer();
        accept();
        QVERIFY(canPay());
        pay();
        QVERIFY(scene.reaches(*seller, sale, [](const api::SaleDetail& now) {
            return now.row.state >= api::SaleState::Funded && now.row.state <= api::SaleState::KeySent2;
        }));
    }
    void useUpWhatStrangersHave() {
        for (int i = 0; i < party::PortionDesk::kStrangersASecond; ++i)
            (void)ask(*asStranger, wire::PortionHashQuery{sale, 0});
    }
    void flip(const QString& path, qint64 at) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(at));
        char byte = 0;
        QVERIFY(file.getChar(&byte) && file.seek(at) && file.putChar(static_cast<char>(byte ^ 1)));
    }
};

} // namespace

class TestPortionDesk : public QObject {
    Q_OBJECT

private slots:
    void thePeersKeepTheirContract() {
        PartyScene scene;
        checkPeerContract([&](const std::string& name) { return scene.peersOf(name); });
    }

    void toTheBuyerAloneAndNotBeforeTheMoneyIsFinal() {
        Desk desk;
        desk.publish();
        QCOMPARE(desk.refused(*desk.asBuyer, SaleId{1}), FrameProblem::NotFound);
        desk.offer();
        QCOMPARE(desk.refused(*desk.asBuyer), FrameProblem::DeliveryTooEarly);
        QCOMPARE(desk.refused(*desk.asStranger), FrameProblem::DeliveryNotYours);
        desk.accept();
        QVERIFY(desk.canPay());
        QCOMPARE(desk.refused(*desk.asBuyer), FrameProblem::DeliveryTooEarly);
        desk.pay();
        QVERIFY(desk.canUnlock());
        QVERIFY(desk.scene.reaches(*desk.seller, desk.sale, api::SaleState::KeySent2));
        QCOMPARE(desk.refused(*desk.asStranger), FrameProblem::DeliveryNotYours);
        QCOMPARE(desk.refused(*desk.scene.peersOf("seller")), FrameProblem::DeliveryNotYours);
        QCOMPARE(desk.refused(*desk.asBuyer, SaleId{99}), FrameProblem::NotFound);

        // The buyer gets the hashes, and each portion as they have it.
        const auto page = desk.ask(*desk.asBuyer, wire::PortionHashQuery{desk.sale, 0});
        const auto* hashes = std::get_if<wire::PortionHashPage>(&page);
        QVERIFY(hashes && hashes->first == 0 && hashes->count == 3 && hashes->leaves.size() == 3);
        const Bytes sealed = read(desk.sealedFile().toStdString());
        Bytes joined;
        for (std::uint64_t i = 0; i < hashes->count; ++i) {
            const auto answer = desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, i});
            const auto* portion = std::get_if<wire::SealedPortion>(&answer);
            QVERIFY(portion && portion->index == i && crypto::merkleLeaf(wire::joined(*portion)) == hashes->leaves[i]);
            append(joined, wire::joined(*portion));
        }
        QVERIFY(joined == sealed);
        QVERIFY(asset::areOf({hashes->frontSize, hashes->leaves}, crypto::merkleRoot(hashes->leaves), sealed.size()));
        const auto tail = desk.ask(*desk.asBuyer, wire::PortionHashQuery{desk.sale, 2});
        const auto* last = std::get_if<wire::PortionHashPage>(&tail);
        QVERIFY(last && last->leaves == std::vector<Hash>{hashes->leaves[2]});
        QCOMPARE(Desk::problemOf(desk.ask(*desk.asBuyer, wire::PortionHashQuery{desk.sale, 3})),
                 FrameProblem::NotFound);
        QCOMPARE(Desk::problemOf(desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, 3})),
                 FrameProblem::NotFound);
        QCOMPARE(Desk::problemOf(desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, ~std::uint64_t{0}})),
                 FrameProblem::NotFound);

        // Over and over: the file goes when the sale has ended.
        const auto opened =
            desk.scene.must<api::LibraryRow>([&](auto done) { desk.buyer->unlock(desk.sale, {}, {}, done); });
        QVERIFY(read(opened.path) == desk.content);
        QVERIFY(desk.scene.reaches(*desk.seller, desk.sale, api::SaleState::Completed));
        QVERIFY(desk.scene.pump.until([&] { return desk.sealedFile().isEmpty(); }));
        QVERIFY(QDir(QString::fromStdString(desk.scene.folderNamed("seller/sealed"))).isEmpty());
        desk.seller.reset(); // a file that is open is given out as long as it is
        desk.seller = desk.scene.open("seller");
        QCOMPARE(desk.refused(*desk.asBuyer), FrameProblem::SealedCopyMissing);
    }

    void nothingAfterASaleThatWasVoid() {
        Desk desk;
        desk.publish();
        desk.offer();
        desk.scene.mustDo([&](auto done) { desk.buyer->withdrawOffer(desk.sale, done); });
        QVERIFY(desk.scene.reaches(*desk.seller, desk.sale, api::SaleState::Void));
        QCOMPARE(desk.refused(*desk.asBuyer), FrameProblem::DeliveryOver);
        QVERIFY(!desk.sealedFile().isEmpty()); // it is for sale again
        desk.useUpWhatStrangersHave();
        QCOMPARE(desk.refused(*desk.asBuyer), FrameProblem::DeliveryCrowded); // who is one of them now
    }

    void whatTheDiskHasChangedIsNotGivenOut() {
        Desk desk;
        desk.untilFunded();
        const QString path = desk.sealedFile();
        // Without the hashes beside the file they are computed, and kept again.
        QVERIFY(QFile::remove(path + QStringLiteral(".hashes")));
        QVERIFY(std::holds_alternative<wire::PortionHashPage>(
            desk.ask(*desk.asBuyer, wire::PortionHashQuery{desk.sale, 0})));
        QVERIFY(QFile::exists(path + QStringLiteral(".hashes")));
        desk.flip(path, 1'500'000); // in portion 1
        QCOMPARE(Desk::problemOf(desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, 1})),
                 FrameProblem::SealedCopyDamaged);
        QVERIFY(std::holds_alternative<wire::SealedPortion>(
            desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, 2})));
        desk.flip(path, 1'500'000);
        QVERIFY(std::holds_alternative<wire::SealedPortion>(
            desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, 1})));
        // Of a wrong length, or gone.
        desk.seller.reset();
        desk.seller = desk.scene.open("seller");
        QFile file(path);
        QVERIFY(file.resize(file.size() - 1));
        QCOMPARE(desk.refused(*desk.asBuyer), FrameProblem::SealedCopyDamaged);
        QVERIFY(file.remove());
        QCOMPARE(desk.refused(*desk.asBuyer), FrameProblem::SealedCopyMissing);
    }

    /// Of all of them, whoever they are; whoever buys has his own room.
    void strangersShareAFewQuestionsASecond() {
        Desk desk;
        desk.untilFunded();
        const auto asAnother = desk.scene.peersOf("another");
        const auto problem = [&](ports::Peers& peers) {
            return Desk::problemOf(desk.ask(peers, wire::SealedPortionQuery{desk.sale, 0}));
        };
        for (int i = 0; i < party::PortionDesk::kStrangersASecond; ++i)
            QCOMPARE(problem(i % 2 == 0 ? *asAnother : *desk.asStranger), FrameProblem::DeliveryNotYours);
        QCOMPARE(problem(*asAnother), FrameProblem::DeliveryCrowded);
        QCOMPARE(problem(*desk.asStranger), FrameProblem::DeliveryCrowded);
        // What is refused is not even looked into.
        const auto garbage = askPeer(*asAnother, desk.sellerKey, bytesOf("garbage"));
        QVERIFY(garbage.ok());
        QCOMPARE(Desk::problemOf(*decodeCbor<wire::Answer>(*garbage)), FrameProblem::DeliveryCrowded);
        for (int i = 0; i < 2 * party::PortionDesk::kStrangersASecond; ++i)
            QVERIFY(std::holds_alternative<wire::SealedPortion>(
                desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, 0})));
        desk.scene.host.clock.pass(1'000);
        QCOMPARE(problem(*asAnother), FrameProblem::DeliveryNotYours);
        // The seller's app learns again who buys when it is started.
        desk.seller.reset();
        desk.seller = desk.scene.open("seller");
        QVERIFY(desk.scene.pump.until([&] {
            return std::holds_alternative<wire::SealedPortion>(
                desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, 0}));
        }));
        desk.useUpWhatStrangersHave();
        QCOMPARE(problem(*asAnother), FrameProblem::DeliveryCrowded);
        QVERIFY(std::holds_alternative<wire::SealedPortion>(
            desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, 0})));
    }

    void garbageIsRefusedAndAFloodHeldUp() {
        Desk desk;
        desk.untilFunded();
        const auto raw = [&](Bytes frame) { return askPeer(*desk.asBuyer, desk.sellerKey, std::move(frame)); };
        for (const Bytes& frame : {Bytes(), bytesOf("garbage"), Bytes(ports::kMostPeerQuestion, 0xff)})
            QCOMPARE(Desk::problemOf(*decodeCbor<wire::Answer>(*raw(frame))), FrameProblem::Malformed);
        QCOMPARE(Desk::problemOf(desk.ask(*desk.asBuyer, wire::Hello{})), FrameProblem::NotFound);

        // All at once: some are answered, the others refused as busy, each once; afterwards all is well.
        constexpr int kFlood = 500;
        struct Count {
            std::mutex mutex;
            std::condition_variable changed;
            int portions = 0;
            int busy = 0;
            int other = 0;
        };
        const auto count = std::make_shared<Count>();
        for (int i = 0; i < kFlood; ++i)
            desk.asBuyer->request(desk.sellerKey, encodeCbor(wire::Request(wire::SealedPortionQuery{desk.sale, 0})),
                                  [count](const Result<Bytes, ports::LinkError>& answer) {
                                      const std::lock_guard lock(count->mutex);
                                      int& kind = answer                                     ? count->portions
                                                  : answer.error() == ports::LinkError::Busy ? count->busy
                                                                                             : count->other;
                                      ++kind;
                                      count->changed.notify_all();
                                  });
        std::unique_lock lock(count->mutex);
        QVERIFY(count->changed.wait_for(lock, std::chrono::seconds(60),
                                        [&] { return count->portions + count->busy + count->other == kFlood; }));
        lock.unlock(); // no more come
        QCOMPARE(count->other, 0);
        QVERIFY(count->portions >= 1);
        QVERIFY2(count->busy > kFlood / 2, qPrintable(QString::number(count->busy)));
        QVERIFY(std::holds_alternative<wire::SealedPortion>(
            desk.ask(*desk.asBuyer, wire::SealedPortionQuery{desk.sale, 0})));
    }
};

QTEST_GUILESS_MAIN(TestPortionDesk)
#include "tst_portion_desk.moc"
