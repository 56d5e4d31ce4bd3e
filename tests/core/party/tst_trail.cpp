// What a party keeps of its sales' trails, and what others can conclude from it, on a real coordinator.
#include "core/wire/Evidence.h"
#include "tests/core/party/Deal.h"

using namespace tallylock;
using namespace tallylock::test;
using api::Problem;
using api::SaleState;
using wire::Proven;

namespace {
struct Told : Deal {
    explicit Told(const std::function<void(PartyScene&)>& between = {}) {
        if (between) {
            between(scene);
            buyer = scene.open("buyer");
        }
        publish();
        offer();
    }
    void finish() {
        accept();
        QVERIFY(canPay());
        pay();
        QVERIFY(canUnlock());
        scene.must<api::LibraryRow>([&](auto done) { buyer->unlock(sale, {}, {}, done); });
        QVERIFY(scene.reaches(*seller, sale, SaleState::Completed));
        QVERIFY(scene.reaches(*buyer, sale, SaleState::Completed));
    }
    api::Answer<Bytes> evidence(party::Party& who) {
        return scene.ask<Bytes>([&](auto done) { who.evidence(sale, done); });
    }
    std::optional<wire::SaleStory> story(party::Party& who) {
        const auto file = evidence(who);
        if (!file) return std::nullopt;
        const auto read = wire::readEvidence(*file);
        if (!read) return std::nullopt;
        auto checked = wire::checkEvidence(*read);
        return checked ? std::optional(std::move(*checked)) : std::nullopt;
    }
    std::size_t receipts(party::Party& who) {
        return scene.must<std::vector<api::ReceiptRow>>([&](auto done) { who.receipts(sale, done); }).size();
    }
};
} // namespace

class TestTrail : public QObject {
    Q_OBJECT
private slots:
    void bothCanProveAWholeSale();
    void whatIsNotOverIsProvenAsFarAsItWent();
    void whatIsKeptOutlivesTheCoordinator();
    void nobodyProvesTheSalesOfOthers();
    void aForgedTrailIsNotKept();
};

void TestTrail::bothCanProveAWholeSale() {
    Told deal;
    deal.finish();
    for (party::Party* who : {deal.seller.get(), deal.buyer.get()}) {
        const auto story = deal.story(*who);
        QVERIFY(story.has_value());
        QCOMPARE(story->state(), engine::SaleState::Completed);
        QCOMPARE(story->lines.size(), deal.receipts(*who));
        for (const Proven what : {Proven::TermsAgreed, Proven::KeyVouched, Proven::BuyerPaid, Proven::Delivered,
                                  Proven::SellerPaid, Proven::Part1Sent, Proven::Part2Sent, Proven::Opened}) {
            QVERIFY(story->has(what));
        }
        QVERIFY(!story->has(Proven::Refunded));
    }
}

void TestTrail::whatIsNotOverIsProvenAsFarAsItWent() {
    Told deal;
    const auto offered = deal.story(*deal.buyer);
    QVERIFY(offered && offered->lines.size() == 1 && !offered->isOver() && !offered->seller);
    deal.scene.mustDo([&](auto done) { deal.seller->rejectOffer(deal.sale, done); });
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, SaleState::Void));
    const auto rejected = deal.story(*deal.buyer);
    QVERIFY(rejected && rejected->lines.size() == 2 && rejected->isOver() && rejected->seller);
    QVERIFY(!rejected->has(Proven::TermsAgreed));
}

void TestTrail::whatIsKeptOutlivesTheCoordinator() {
    Told deal;
    deal.finish();
    const auto before = deal.story(*deal.buyer);
    QVERIFY(before.has_value());
    deal.buyer.reset();
    deal.scene.host.host->stop();
    deal.buyer = deal.scene.open("buyer");
    const auto after = deal.story(*deal.buyer);
    QVERIFY(after.has_value());
    QCOMPARE(after->lines.size(), before->lines.size());
    QVERIFY(after->has(Proven::SellerPaid));
}

void TestTrail::nobodyProvesTheSalesOfOthers() {
    Told deal;
    const auto stranger = deal.scene.open("stranger");
    const auto refused = deal.evidence(*stranger);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().problem, Problem::SaleUnknown);
}

namespace {
/// Forges each trail that it carries, in a way of its own each time, and signs it as the coordinator that it is.
class ForgingLink final : public ports::Link {
public:
    struct State {
        std::atomic<bool> forges{true};
        std::atomic<std::size_t> forged{0};
    };
    ForgingLink(std::unique_ptr<ports::Link> link, std::shared_ptr<State> state)
        : m_link(std::move(link)),
          m_state(std::move(state)) {}

    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        m_link->request(
            std::move(frame), [done = std::move(done), state = m_state](Result<Bytes, ports::LinkError> got) {
                auto answer = got ? decodeCbor<wire::Answer>(*got) : Result<wire::Answer, CborError>(Err(CborError{}));
                auto* trail = answer ? std::get_if<wire::Trail>(&*answer) : nullptr;
                if (!trail || trail->links.empty() || !state->forges) return done(std::move(got));
                forge(*trail, state->forged++);
                done(encodeCbor(*answer));
            });
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        return m_link->subscribe(stream, cursor, std::move(onItem));
    }

    static constexpr std::size_t kForgeries = 4;

private:
    static void forge(wire::Trail& trail, std::size_t which) {
        wire::TrailLink& last = trail.links.back();
        switch (which % kForgeries) {
        case 0: trail.signature.bytes[0] ^= 1; return;
        case 1: last.receipt.timeMs += 1; return; // and the note names another
        case 2: trail.note.sale = {99}; break;
        default:
            if (trail.links.front().command) trail.links.front().command->back() ^= 1; // the buyer's own signature
        }
        trail.signature = wire::signTrail(trail.note, identityNamed("coordinator"));
    }
    std::unique_ptr<ports::Link> m_link;
    std::shared_ptr<State> m_state;
};
} // namespace

void TestTrail::aForgedTrailIsNotKept() {
    const auto state = std::make_shared<ForgingLink::State>();
    Told deal([&](PartyScene& scene) {
        scene.throughCoordinator = [state](auto link) { return std::make_unique<ForgingLink>(std::move(link), state); };
    });
    deal.finish();
    // It is asked for again by whoever wants to show it, until each forgery has been tried.
    QVERIFY(deal.scene.pump.until([&] {
        deal.buyer->evidence(deal.sale, [](const api::Answer<Bytes>&) {});
        return state->forged >= ForgingLink::kForgeries;
    }));
    const auto refused = deal.evidence(*deal.buyer);
    QVERIFY(!refused && refused.error().problem == Problem::Unreachable);
    state->forges = false;
    const auto story = deal.story(*deal.buyer);
    QVERIFY(story && story->has(Proven::Opened));
}

QTEST_GUILESS_MAIN(TestTrail)
#include "tst_trail.moc"
