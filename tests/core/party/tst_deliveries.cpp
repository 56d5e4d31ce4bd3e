// B8 at the buyer: whoever gives, whatever comes, and wherever it stops, what is kept is proven and nothing is asked
// twice.
#include "core/asset/Edition.h"
#include "core/crypto/Box.h"
#include "core/party/Deliveries.h"
#include "tests/core/party/Deal.h"
#include "tests/core/party/PeerContract.h"

#include <QDir>

#include <atomic>
#include <csignal>
#include <sys/resource.h>

using namespace tallylock;
using namespace tallylock::party;
using namespace tallylock::test;
using api::DeliverySource;
using api::Problem;

namespace {

struct Parcel {
    SystemRandom random;
    QTemporaryDir folder;
    Bytes sealed;
    asset::PortionHashes hashes;
    MemoryFileStore files;
    DeliveryOrder order;
    JobControl control;
    std::vector<api::DeliveryRow> news;

    Parcel() {
        const Bytes plain = someBytes(9 * asset::kPortionSize + 77);
        asset::BytesSource source(plain);
        asset::BytesSink sink;
        const auto done = sealPortions(source, sink, crypto::boxKeyOf(crypto::newBoxSecret(random)),
                                       asset::newPlainSalt(random), random);
        if (!done) qFatal("cannot seal");
        sealed = sink.take();
        order = {{1}, done->sealedRoot, sealed.size(), {}, folder.filePath(QStringLiteral("file")).toStdString()};
        asset::BytesSource whole(sealed);
        hashes = *hashPortions(whole, order.sealedRoot);
        files.put(order.sealedRoot, sealed);
    }
    Outcome<void> receive(Giver* seller) {
        StoreGiver store(files, order, control);
        return receiveSealed(order, seller, store, control,
                             [this](const api::DeliveryRow& row) { news.push_back(row); });
    }
    bool isThere() const { return read(order.path) == sealed; }
};

/// A seller's app as a test wants it.
class FakeSeller final : public Giver {
public:
    explicit FakeSeller(Parcel& parcel) : m_parcel(parcel) {}
    std::function<void(asset::PortionHashes&)> changeHashes = [](auto&) {};
    std::function<void(std::uint64_t, Bytes&)> change = [](auto, auto&) {};
    std::size_t gives = 1000; ///< portions, then it is gone
    bool isGone = false;
    std::vector<std::uint64_t> asked;

    Outcome<asset::PortionHashes> hashes() override {
        if (isGone) return Err(api::Refusal{Problem::Unreachable, {}});
        asset::PortionHashes given = m_parcel.hashes;
        changeHashes(given);
        return given;
    }
    void ask(const Wanted& wanted) override {
        asked.push_back(wanted.index);
        m_open.push_back(wanted);
    }
    Given next() override {
        const Wanted wanted = m_open.front();
        m_open.pop_front();
        if (gives == 0) return {wanted.index, Err(api::Refusal{Problem::Unreachable, {}})};
        --gives;
        const auto first = m_parcel.sealed.begin() + static_cast<std::ptrdiff_t>(wanted.offset);
        Bytes bytes(first, first + static_cast<std::ptrdiff_t>(wanted.size));
        change(wanted.index, bytes);
        return {wanted.index, std::move(bytes)};
    }

private:
    Parcel& m_parcel;
    std::deque<Wanted> m_open;
};

void flip(const QString& path, qint64 at) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(at));
    char byte = 0;
    QVERIFY(file.getChar(&byte) && file.seek(at) && file.putChar(static_cast<char>(byte ^ 1)));
}

Problem problemOf(const Outcome<void>& outcome) { return outcome ? Problem::kCount : outcome.error().problem; }

/// Passes so many answers on; then the line is cut.
class CutPeers final : public ports::Peers {
public:
    CutPeers(std::shared_ptr<ports::Peers> inner, std::shared_ptr<std::atomic<int>> left)
        : m_inner(std::move(inner)),
          m_left(std::move(left)) {}
    void request(const IdentityKey& to, Bytes frame, Done done) override {
        m_inner->request(to, std::move(frame),
                         [left = m_left, done = std::move(done)](Result<Bytes, ports::LinkError> answer) {
                             // What is refused does not count: the seller may learn of the payment a moment later.
                             const auto given = decodeCbor<wire::Answer>(answer ? *answer : Bytes());
                             const bool counts = given && !std::holds_alternative<wire::Problem>(*given);
                             if (counts && left->fetch_sub(1) <= 0) answer = Err(ports::LinkError::Closed);
                             done(std::move(answer));
                         });
    }
    std::unique_ptr<ports::Subscription> serve(Answerer answerer) override {
        return m_inner->serve(std::move(answerer));
    }

private:
    std::shared_ptr<ports::Peers> m_inner;
    std::shared_ptr<std::atomic<int>> m_left;
};

/// A deal up to the payment, the buyer's line to the seller cut after so many answers.
struct Story : Deal {
    std::shared_ptr<std::atomic<int>> questions;
    MemoryFileStore nothing;
    enum class Store { Reachable, Empty }; ///< for the buyer; the key server reads the real one at B4 and B9
    explicit Story(int answered, Store store = Store::Reachable)
        : questions(std::make_shared<std::atomic<int>>(answered)) {
        content = someBytes(8'000'000);
        buyer.reset();
        if (store == Store::Empty) scene.reachable = &nothing;
        scene.throughPeers = [left = questions](auto them) { return std::make_shared<CutPeers>(them, left); };
        buyer = scene.open("buyer");
        scene.throughPeers = [](auto them) { return them; };
        publish();
        offer();
        accept();
        if (!canPay()) qFatal("cannot pay");
    }
    QString arrived() {
        const QDir folder(QString::fromStdString(scene.folderNamed("buyer/arrived")));
        const auto files = folder.entryList({QStringLiteral("*.age")}, QDir::Files);
        return files.size() == 1 ? folder.filePath(files.front()) : QString();
    }
    std::string open() {
        return scene.must<api::LibraryRow>([&](auto done) { buyer->unlock(sale, {}, {}, done); }).path;
    }
};

} // namespace

class TestDeliveries : public QObject {
    Q_OBJECT

private slots:
    void fromTheSellerAloneOrFromTheStoreAlone() {
        Parcel direct;
        direct.files.remove(direct.order.sealedRoot);
        FakeSeller seller(direct);
        QVERIFY(direct.receive(&seller).ok());
        QVERIFY(direct.isThere());
        QCOMPARE(seller.asked.size(), direct.hashes.leaves.size());
        QVERIFY(direct.news.back().whole && direct.news.back().fromSeller == direct.sealed.size());
        QCOMPARE(direct.news.front().from, DeliverySource::None);
        QCOMPARE(direct.news.at(1).from, DeliverySource::Seller);

        Parcel stored; // which has no hashes: they are computed
        QVERIFY(stored.receive(nullptr).ok());
        QVERIFY(stored.isThere() && stored.news.back().fromStore == stored.sealed.size());
        Parcel hashed;
        hashed.files.put(ports::storedHashesName(hashed.order.sealedRoot), encodeHashes(hashed.hashes));
        QVERIFY(hashed.receive(nullptr).ok() && hashed.isThere());
    }

    void eitherMayFailInTheMiddle() {
        Parcel parcel;
        FakeSeller seller(parcel);
        seller.gives = 4;
        parcel.files.put(ports::storedHashesName(parcel.order.sealedRoot), encodeHashes(parcel.hashes));
        parcel.files.flip(parcel.order.sealedRoot, parcel.sealed.size() - 1);
        QCOMPARE(problemOf(parcel.receive(&seller)), Problem::SealedFileDamaged);
        const auto& row = parcel.news.back();
        QVERIFY(row.fromSeller > 0 && row.fromStore > 0 && !row.whole);
        QCOMPARE(row.failed, DeliverySource::FileStore);
        // Only the portion that nobody had is asked for again.
        FakeSeller back(parcel);
        QVERIFY(parcel.receive(&back).ok() && parcel.isThere());
        QCOMPARE(back.asked, (std::vector<std::uint64_t>{parcel.hashes.leaves.size() - 1}));
    }

    void noOneHasIt() {
        Parcel parcel;
        parcel.files.remove(parcel.order.sealedRoot);
        FakeSeller seller(parcel);
        seller.gives = 3;
        QCOMPARE(problemOf(parcel.receive(&seller)), Problem::FileUnreadable);
        FakeSeller gone(parcel);
        gone.isGone = true;
        gone.gives = 0;
        QCOMPARE(problemOf(parcel.receive(&gone)), Problem::FileUnreadable);
        parcel.files.put(parcel.order.sealedRoot, parcel.sealed);
        QVERIFY(parcel.receive(&gone).ok() && parcel.isThere());
        QVERIFY(parcel.news.back().fromStore < parcel.sealed.size()); // three were there
    }

    void wrongPortionsAreRefusedAndTheStoreGivesThem_data() {
        QTest::addColumn<int>("kind");
        for (int kind = 0; kind < 6; ++kind) QTest::addRow("%d", kind) << kind;
    }
    void wrongPortionsAreRefusedAndTheStoreGivesThem() {
        QFETCH(int, kind);
        Parcel parcel;
        FakeSeller seller(parcel);
        if (kind == 0) seller.change = [](std::uint64_t i, Bytes& bytes) { bytes[5] ^= i == 3 ? 1 : 0; };
        if (kind == 1) seller.change = [](std::uint64_t, Bytes& bytes) { bytes[5] ^= 1; };
        if (kind == 2)
            seller.change = [](std::uint64_t i, Bytes& bytes) {
                if (i == 2) bytes.clear();
            };
        if (kind == 3) seller.changeHashes = [](asset::PortionHashes& hashes) { hashes.leaves[1].bytes[0] ^= 1; };
        if (kind == 4) seller.changeHashes = [](asset::PortionHashes& hashes) { hashes.frontSize += 16; };
        if (kind == 5) seller.changeHashes = [](asset::PortionHashes& hashes) { hashes = {}; };
        QVERIFY(parcel.receive(&seller).ok());
        QVERIFY(parcel.isThere());
        const auto& row = parcel.news.back();
        const bool most = kind == 0 || kind == 2;
        QVERIFY(most ? row.fromStore <= asset::kSealedPortionSize : row.fromSeller == 0);
        QVERIFY(seller.asked.size() <= parcel.hashes.leaves.size());
    }

    void aFullDiskStopsTheRunAndTheNextGoesOn() {
        Parcel parcel;
        FakeSeller seller(parcel);
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit small = before;
        small.rlim_cur = 3 * asset::kSealedPortionSize;
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const Problem problem = problemOf(parcel.receive(&seller));
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        std::signal(SIGXFSZ, handler);
        QCOMPARE(problem, Problem::DiskFull);
        QCOMPARE(parcel.news.back().problem, std::optional(Problem::DiskFull));
        QCOMPARE(parcel.news.back().fromStore, std::uint64_t{0}); // the store would not help
        FakeSeller again(parcel);
        QVERIFY(parcel.receive(&again).ok() && parcel.isThere());
        QVERIFY(again.asked.size() + 1 < parcel.hashes.leaves.size());
    }

    void endsWhenItIsToldTo() {
        Parcel parcel;
        FakeSeller seller(parcel);
        seller.change = [&](std::uint64_t i, Bytes&) {
            if (i == 4) parcel.control.interrupt();
        };
        seller.gives = 6;
        QCOMPARE(problemOf(parcel.receive(&seller)), Problem::Cancelled);
        QVERIFY(!parcel.isThere());
    }

    /// To the buyer the store is empty: the sale goes through by direct delivery alone.
    void aSaleWithoutTheStore() {
        Story story(1000, Story::Store::Empty);
        story.pay();
        QVERIFY(story.canUnlock());
        const auto row = story.scene.detail(*story.buyer, story.sale).delivery;
        QVERIFY(row && row->whole && row->fromSeller == row->totalBytes && row->fromStore == 0);
        QVERIFY(read(story.open()) == story.content);
        QVERIFY(story.scene.reaches(*story.seller, story.sale, api::SaleState::Completed));
        // It is shown after a start, too, and opens again from the own copy, mended by nobody.
        story.seller.reset();
        story.buyer.reset();
        story.buyer = story.scene.open("buyer");
        QVERIFY(
            story.scene.reaches(*story.buyer, story.sale, [](const auto& now) { return now.delivery.has_value(); }));
        QCOMPARE(story.scene.detail(*story.buyer, story.sale).delivery->fromSeller, row->fromSeller);
        QVERIFY(read(story.open()) == story.content);
    }

    /// Once it has been read at B4. The key server finds it gone at B9, but the buyer has it.
    void fromTheSellerAloneWhenTheStoreHasLostIt() {
        Story story(1000);
        story.scene.files.clear();
        story.pay();
        QVERIFY(story.scene.reaches(*story.buyer, story.sale, [](const api::SaleDetail& now) {
            return now.row.state == api::SaleState::Delivered && now.delivery && now.delivery->whole;
        }));
        const auto row = story.scene.detail(*story.buyer, story.sale).delivery;
        QVERIFY(row->fromSeller == row->totalBytes && row->fromStore == 0);
        QCOMPARE(static_cast<std::uint64_t>(QFileInfo(story.arrived()).size()), row->totalBytes);
    }

    void theStoreGoesOnWhereTheSellerIsGone_data() {
        QTest::addColumn<int>("answered");
        for (const int answered : {0, 1, 2, 5}) QTest::addRow("%d answers", answered) << answered;
    }
    void theStoreGoesOnWhereTheSellerIsGone() {
        QFETCH(int, answered);
        Story story(answered);
        story.pay();
        QVERIFY(story.canUnlock());
        const auto row = story.scene.detail(*story.buyer, story.sale).delivery;
        QVERIFY(row && row->whole && row->fromSeller + row->fromStore == row->totalBytes && row->fromStore > 0);
        QCOMPARE(row->fromSeller > 0, answered > 1);
        QVERIFY(read(story.open()) == story.content);
    }

    /// With neither there is no receipt; whoever comes back first gives the rest, and the app has been restarted
    /// meanwhile.
    void partsOfItWaitForTheRest() {
        Story story(4, Story::Store::Empty);
        story.pay();
        QVERIFY(story.scene.reaches(*story.buyer, story.sale, [](const api::SaleDetail& now) {
            return now.row.state == api::SaleState::Funded && now.delivery && now.delivery->problem;
        }));
        const auto part = story.scene.detail(*story.buyer, story.sale).delivery;
        QVERIFY(part->bytesThere > 0 && !part->whole);
        story.buyer.reset();
        const auto left = std::make_shared<std::atomic<int>>(1000);
        story.scene.throughPeers = [left](auto them) { return std::make_shared<CutPeers>(them, left); };
        story.buyer = story.scene.open("buyer");
        QVERIFY(story.canUnlock());
        const auto row = story.scene.detail(*story.buyer, story.sale).delivery;
        QVERIFY(row && row->whole && row->fromSeller + part->bytesThere == row->totalBytes);
        QVERIFY(read(story.open()) == story.content);
    }

    void whatTheDiskHasChangedIsMendedWhenItIsOpened() {
        Story story(1000);
        story.pay();
        QVERIFY(story.canUnlock());
        flip(story.arrived(), 3'000'000);
        QVERIFY(read(story.open()) == story.content);
        // With nobody to mend it, it is refused, and comes later.
        flip(story.arrived(), 3'000'000);
        story.seller.reset();
        story.scene.files.clear();
        const auto refused =
            story.scene.ask<api::LibraryRow>([&](auto done) { story.buyer->unlock(story.sale, {}, {}, done); });
        QVERIFY(!refused);
        QCOMPARE(refused.error().problem, Problem::FileUnreadable);
    }
};

QTEST_GUILESS_MAIN(TestDeliveries)
#include "tst_deliveries.moc"
