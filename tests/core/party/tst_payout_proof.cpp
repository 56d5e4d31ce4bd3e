// The seller is paid, and the key has to come whatever becomes of the coordinator: the proof of the payout lies with
// both parties, and the key server needs nobody else's word.
#include "core/wire/Evidence.h"
#include "tests/core/party/Deal.h"
#include "tests/core/party/Losing.h"

using namespace tallylock;
using namespace tallylock::test;

namespace {

bool isRelease(const wire::Request& request) { return std::holds_alternative<wire::Release>(request); }

/// The coordinator never gets through to the key server with the proof.
struct CutOff : Deal {
    CutOff() {
        scene.host.host->setKeyServer(
            std::make_unique<Losing>(scene.keyServer->connect(scene.host.coordinator.key()), isRelease));
    }
    /// Buyer and seller again, of whom the buyer waits for so long.
    void payWithPatience(std::int64_t ms) {
        scene.keyPatienceMs = ms;
        buyer = scene.open("buyer");
        publish();
        offer();
        accept();
        QVERIFY(canPay());
        pay();
    }
    std::optional<wire::Release> proofOf(party::Party& party) {
        const auto file = scene.ask<Bytes>([&](auto done) { party.evidence(sale, done); });
        const auto evidence = file ? wire::readEvidence(*file) : Err(wire::EvidenceError::Empty);
        return evidence ? evidence->trail.release : std::nullopt;
    }
    bool bothFit(const std::vector<api::KeyPartRow>& rows) {
        return rows.size() == 2 && rows[0].state == api::PartState::Fits && rows[1].state == api::PartState::Fits;
    }
    void unlock() {
        const std::string path = scene.folder.filePath(QStringLiteral("opened.bin")).toStdString();
        scene.must<api::LibraryRow>([&](auto done) { buyer->unlock(sale, path, {}, done); });
        QVERIFY(read(path) == content);
    }
};

} // namespace

class TestPayoutProof : public QObject {
    Q_OBJECT
private slots:
    /// The buyer's party shows the proof by itself, and the sale ends as any other.
    void theBuyerShowsItWhereTheCoordinatorDoesNot() {
        CutOff deal;
        deal.payWithPatience(0);
        QVERIFY(deal.canUnlock());
        deal.unlock();
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Completed));
    }

    /// Nothing is shown while there is no need.
    void theBuyerWaitsForAWhile() {
        CutOff deal;
        deal.payWithPatience(3'600'000);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::SellerPaid));
        QVERIFY(deal.scene.pump.until([&] { return deal.proofOf(*deal.buyer).has_value(); }));
        QTest::qWait(200);
        QCOMPARE(deal.scene.detail(*deal.buyer, deal.sale).row.state, api::SaleState::SellerPaid);
    }

    /// It is gone for good behind B10: the buyer asks by hand, and the file opens.
    void theFileOpensWithoutTheCoordinator() {
        CutOff deal;
        deal.payWithPatience(3'600'000);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::SellerPaid));
        QVERIFY(deal.scene.pump.until([&] { return deal.proofOf(*deal.buyer) && deal.proofOf(*deal.seller); }));
        deal.scene.host.stop();
        const auto rows = deal.scene.ask<std::vector<api::KeyPartRow>>(
            [&](auto done) { deal.buyer->fetchKeysAgain(deal.sale, done); });
        QVERIFY(rows && deal.bothFit(*rows));
        deal.unlock();
        // What proves it all is still there for others.
        const auto proof = deal.proofOf(*deal.buyer);
        QVERIFY(proof && proof->payout.entry);
    }

    /// And after a restart, when nothing is known but what the own journal holds.
    void theFileOpensAfterARestartToo() {
        CutOff deal;
        deal.payWithPatience(3'600'000);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::SellerPaid));
        QVERIFY(deal.scene.pump.until([&] { return deal.proofOf(*deal.buyer).has_value(); }));
        const auto before = deal.scene.throughCoordinator;
        deal.scene.throughCoordinator = [](auto) { return std::make_unique<Gone>(); };
        deal.scene.keyPatienceMs = 50;
        int lost = 0; // the first time it does not get through
        deal.scene.throughKeyServer = [&lost](auto link) {
            return std::make_unique<Losing>(
                std::move(link), [&lost](const wire::Request& request) { return isRelease(request) && lost++ == 0; });
        };
        deal.buyer.reset();
        deal.buyer = deal.scene.open("buyer");
        const auto libraryOf = [&] {
            const auto rows =
                deal.scene.ask<std::vector<api::LibraryRow>>([&](auto done) { deal.buyer->library(done); });
            return rows ? *rows : std::vector<api::LibraryRow>();
        };
        QVERIFY(deal.scene.pump.until([&] {
            deal.scene.host.clock.pass(10);
            const auto rows = libraryOf();
            return rows.size() == 1 && rows[0].state == api::LibraryState::Unlockable && rows[0].sale == deal.sale;
        }));
        deal.unlock();
        QVERIFY(libraryOf().front().state == api::LibraryState::Unlocked);
        // It comes back, and the sale ends as any other.
        deal.scene.throughCoordinator = before;
        deal.buyer.reset();
        deal.buyer = deal.scene.open("buyer");
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Completed));
    }

    /// Once the buyer may have been made whole for a key that did not come, it opens nothing any more.
    void itCountsUntilTheKeyMayBeGivenUp() {
        CutOff deal;
        deal.payWithPatience(3'600'000);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::SellerPaid));
        QVERIFY(deal.scene.pump.until([&] { return deal.proofOf(*deal.buyer).has_value(); }));
        const auto proof = deal.proofOf(*deal.buyer);
        const std::int64_t deadlineMs = deal.scene.detail(*deal.buyer, deal.sale).row.deadlineMs;
        QCOMPARE(proof->payout.untilMs.value_or(0), deadlineMs + engine::LateDeadlines{}.rekeyingMs);
        const auto show = [&](const wire::Release& shown) {
            const auto link = deal.scene.keyServer->connect(identityNamed("buyer").key());
            std::promise<bool> taken;
            link->request(encodeCbor(wire::Request(shown)), [&](const Result<Bytes, ports::LinkError>& frame) {
                const auto answer = frame ? decodeCbor<wire::Answer>(*frame) : Err(CborError::Truncated);
                taken.set_value(answer && std::holds_alternative<wire::Accepted>(*answer));
            });
            return taken.get_future().get();
        };
        wire::Release longer = *proof; // it is signed with its end
        longer.payout.untilMs.reset();
        QVERIFY(!show(longer));
        wire::Release over = *proof;
        over.payout.untilMs = 1;
        over.payoutSignature = identityNamed("coordinator").sign("r10", over.payout);
        QVERIFY(!show(over));
        QVERIFY(show(*proof));
    }

    /// Of a sale whose seller is not paid there is none.
    void thereIsNoneBefore() {
        Deal deal;
        deal.publish();
        deal.offer();
        deal.accept();
        QVERIFY(deal.canPay());
        const auto file = deal.scene.must<Bytes>([&](auto done) { deal.buyer->evidence(deal.sale, done); });
        const auto evidence = wire::readEvidence(file);
        QVERIFY(evidence && !evidence->trail.links.empty() && !evidence->trail.release);
    }
};

QTEST_GUILESS_MAIN(TestPayoutProof)
#include "tst_payout_proof.moc"
