// The key server falls silent once the seller is paid, and a standby takes over: two parties, a coordinator and two key
// servers, all real.
#include "tests/core/party/Deal.h"
#include "tests/core/party/Losing.h"

using namespace tallylock;
using namespace tallylock::test;

namespace {

void withStandby(HostScene& host) {
    const auto standby = identityNamed("standby");
    host.config.standby = engine::PartyKeys{standby.key(), standby.boxKey()};
}

/// What a key server is asked once the seller is paid.
bool isAfterPayment(const wire::Request& request) {
    return std::holds_alternative<wire::Release>(request) || std::holds_alternative<wire::ChallengeRequest>(request);
}
/// A key server's word to the coordinator that part 2 was sent.
bool isPart2(const wire::Request& request) {
    const auto* submit = std::get_if<wire::Submit>(&request);
    if (!submit) return false;
    const auto command = wire::readCommand(submit->envelope);
    const auto* part = command ? std::get_if<engine::SendPart>(&command->body) : nullptr;
    return part && part->note.part == 2;
}

struct Silent : Deal {
    std::shared_ptr<std::atomic<bool>> silent = std::make_shared<std::atomic<bool>>(true);
    std::string path = scene.folder.filePath(QStringLiteral("opened.bin")).toStdString();

    Silent() : Deal(withStandby) {
        scene.throughKeyServer = [quiet = silent](auto link) {
            return std::make_unique<Losing>(
                std::move(link), [quiet](const wire::Request& request) { return *quiet && isAfterPayment(request); });
        };
        buyer = scene.open("buyer");
        scene.host.host->setKeyServer(scene.throughKeyServer(scene.keyServer->connect(scene.host.coordinator.key())));
        publish();
        offer();
        accept();
        if (!canPay()) qFatal("cannot pay");
        pay();
        if (!scene.reaches(*buyer, sale, api::SaleState::SellerPaid)) qFatal("the seller is not paid");
    }
    /// The deadline of the present state, and what it leads to.
    void letPass(api::SaleState then) {
        const std::int64_t deadlineMs = scene.detail(*buyer, sale).row.deadlineMs;
        scene.host.clock.pass(deadlineMs - scene.host.clock.wallMs() + 1);
        QVERIFY(scene.reaches(*buyer, sale, then));
    }
    engine::Reply asStandby(const engine::CommandBody& body) {
        Person standby("standby");
        scene.host.connect(standby);
        standby.counter = 100;
        const auto submitted = standby.submit(body);
        return submitted ? submitted->reply : engine::Reply{engine::Refused::NotPermitted, 0, "no answer"};
    }
    void unlock() {
        scene.must<api::LibraryRow>([&](auto done) { buyer->unlock(sale, path, {}, done); });
        QVERIFY(read(path) == content);
    }
};

} // namespace

class TestRekeying : public QObject {
    Q_OBJECT
private slots:
    void theStandbyTakesOver() {
        Silent deal;
        QVERIFY(!deal.scene.detail(*deal.buyer, deal.sale).standbyWords.empty());
        QVERIFY(!deal.scene.detail(*deal.buyer, deal.sale).standbyTookOver);
        deal.letPass(api::SaleState::Rekeying);
        QVERIFY(deal.canUnlock());
        const auto detail = deal.scene.detail(*deal.buyer, deal.sale);
        QVERIFY(detail.standbyTookOver && detail.standbyWords != detail.keyServerWords);
        // The first one wakes up, and nobody listens to it any more.
        *deal.silent = false;
        deal.scene.host.host->setKeyServer(deal.scene.keyServer->connect(deal.scene.host.coordinator.key()));
        deal.unlock();
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Completed));
        // Both can prove it.
        for (party::Party* who : {deal.buyer.get(), deal.seller.get()}) {
            bool tookOver = false;
            for (const api::ReceiptRow& row :
                 deal.scene.must<std::vector<api::ReceiptRow>>([&](auto done) { who->receipts(deal.sale, done); }))
                tookOver |= row.actor == api::Actor::StandbyServer;
            QVERIFY(tookOver);
        }
    }

    /// The first one sends part 1 and falls silent: what the page says of that part is what the standby did.
    void aPartOfTheFirstOneCountsNoMore() {
        Deal deal(withStandby);
        deal.publish();
        deal.offer();
        deal.accept();
        QVERIFY(deal.canPay());
        // Its word reaches the coordinator, and then only its part 1 does.
        deal.scene.keyServer->setCoordinator(
            std::make_unique<Losing>(deal.scene.host.host->connect(deal.scene.keyServer->key()), isPart2));
        deal.pay();
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::KeySent1));
        deal.buyer.reset(); // else it fetches part 2 itself, and needs nobody
        const auto row = [&](std::size_t step) { return deal.scene.detail(*deal.seller, deal.sale).steps[step - 1]; };
        QVERIFY(row(12).state == api::StepState::Done && row(12).actor == api::Actor::KeyServer);

        const std::int64_t deadlineMs = deal.scene.detail(*deal.seller, deal.sale).row.deadlineMs;
        deal.scene.host.clock.pass(deadlineMs - deal.scene.host.clock.wallMs() + 1);
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::KeySent2));
        for (const std::size_t step : {std::size_t{12}, std::size_t{13}})
            QVERIFY(row(step).state == api::StepState::Done && row(step).actor == api::Actor::StandbyServer);
        deal.buyer = deal.scene.open("buyer");
        QVERIFY(deal.canUnlock());
        const std::string path = deal.scene.folder.filePath(QStringLiteral("late.bin")).toStdString();
        deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, path, {}, done); });
        QVERIFY(read(path) == deal.content);
    }

    /// The seller is away, and comes back in time.
    void theSellerComesBack() {
        Silent deal;
        deal.seller.reset();
        deal.letPass(api::SaleState::Rekeying);
        QVERIFY(!deal.scene.detail(*deal.buyer, deal.sale).standbyTookOver);
        deal.seller = deal.scene.open("seller");
        QVERIFY(deal.canUnlock());
        deal.unlock();
    }

    /// The standby is down when the seller deposits, and is started again between deposit and word.
    void theStandbyIsStartedAgain() {
        Silent deal;
        deal.scene.standby.reset();
        deal.letPass(api::SaleState::Rekeying);
        deal.scene.startStandby();
        deal.seller.reset(); // its link led to the one that is gone
        deal.seller = deal.scene.open("seller");
        deal.buyer.reset();
        deal.buyer = deal.scene.open("buyer");
        QVERIFY(deal.canUnlock());
        deal.unlock();
    }

    /// The first one has sent both of its parts after all.
    void afterBothPartsNothingTakesOver() {
        Silent deal;
        *deal.silent = false; // the buyer's link, and the coordinator's
        QVERIFY(deal.canUnlock());
        *deal.silent = true;
        const engine::RewrapKey late{deal.sale, {}};
        QCOMPARE(deal.asStandby(late).refused, engine::Refused::SaleWrongState);
        deal.unlock();
    }

    /// Nobody takes over: the buyer is made whole.
    void withoutAStandbyTheKeyIsLost() {
        Silent deal;
        deal.scene.standby.reset();
        deal.letPass(api::SaleState::Rekeying);
        deal.letPass(api::SaleState::KeyLost);
    }

    /// Terms with a standby that this app does not know are not signed.
    void anUnknownStandbyIsNotTrusted() {
        Deal deal([](HostScene& host) {
            const auto stranger = identityNamed("stranger");
            host.config.standby = engine::PartyKeys{stranger.key(), stranger.boxKey()};
        });
        deal.publish();
        deal.offer();
        deal.accept();
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::KeyWrapped));
        deal.scene.pump.run();
        QVERIFY(!deal.scene.detail(*deal.buyer, deal.sale).payment.has_value());
        QCOMPARE(deal.scene.detail(*deal.buyer, deal.sale).row.state, api::SaleState::KeyWrapped);
    }
};

QTEST_GUILESS_MAIN(TestRekeying)
#include "tst_rekeying.moc"
