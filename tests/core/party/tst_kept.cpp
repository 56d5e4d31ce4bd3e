// What a party keeps at the coordinator: who can read it, what a folder makes of it, and which child phrases it hands
// out. The records' bytes are frozen in tests/vectors/kept.txt; new kinds are added with TALLYLOCK_ADD_VECTORS=1.
#include "core/party/Keeper.h"
#include "tests/core/wire/Filler.h"
#include "tests/support/MemoryJournal.h"

#include <QFile>
#include <QTest>

using namespace tallylock;
using namespace tallylock::party;
using namespace tallylock::test;

namespace {

keys::Identity someone(const char* seed) { return keys::Identity::fromSeed(SecretBytes::copyOf(viewOf(seed))); }
Hash hashOf(std::uint8_t byte) { return *Hash::from(Bytes(32, byte)); }

std::unique_ptr<Diary> openDiary(const std::shared_ptr<MemoryRecords>& disk) {
    auto opened = Diary::open(std::make_unique<MemoryJournal>(disk));
    if (!opened) qFatal("%s", opened.error().detail.c_str());
    return std::move(*opened);
}
std::unique_ptr<Diary> freshDiary() { return openDiary(std::make_shared<MemoryRecords>()); }

EditionSealed sealedEdition(std::uint64_t edition = 1) {
    EditionSealed sealed;
    sealed.assetId = hashOf(7);
    sealed.assetIndex = 40;
    sealed.edition = edition;
    sealed.wrapped = Bytes(104, 1);
    sealed.manifest = Bytes(500, 2);
    sealed.name = "A map";
    sealed.price = {5, money::kUsd};
    return sealed;
}
DepositMade deposit(std::uint32_t index, std::uint8_t box) { return {{3}, hashOf(1), index, Bytes(200, box)}; }

/// Records that have got further fields since their first bytes were frozen, and how often. All that they have been is
/// still read.
const std::map<std::string, std::size_t> kExtended{{"13", 5}, {"7", 1}};
std::string nameOf(std::uint64_t type) {
    const std::string name = std::to_string(type);
    const auto extended = kExtended.find(name);
    return extended == kExtended.end() ? name : name + std::string(extended->second, '+');
}

template <class... T>
std::map<std::string, std::string> samplesOf(std::variant<T...>*) {
    std::map<std::string, std::string> samples;
    (
        [&] {
            wire::test::Filler filler;
            samples[nameOf(T::kType)] = toHex(encodeCbor(Kept(filler.make<T>())));
        }(),
        ...);
    return samples;
}

} // namespace

class TestKept : public QObject {
    Q_OBJECT
private slots:
    void bytesAreFrozen() {
        const QString path = QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/kept.txt");
        const auto now = samplesOf(static_cast<Kept*>(nullptr));
        std::map<std::string, std::string> frozen;
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            for (const QByteArray& line : file.readAll().split('\n'))
                if (const auto space = line.indexOf(' '); space > 0 && !line.startsWith('#'))
                    frozen[line.left(space).toStdString()] = line.mid(space + 1).toStdString();
        file.close();
        if (qEnvironmentVariableIsSet("TALLYLOCK_ADD_VECTORS")) {
            for (const auto& sample : now) frozen.insert(sample);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("# Frozen bytes of every kept record: type, hexadecimal. Made by tst_kept; never edited.\n");
            for (const auto& [type, hex] : frozen) file.write(QByteArray::fromStdString(type + " " + hex + "\n"));
        }
        for (const auto& [name, times] : kExtended) {
            for (std::size_t i = 0; i < times; ++i) {
                const auto before = frozen.extract(name + std::string(i, '+'));
                QVERIFY(!before.empty());
                const Bytes bytes = *fromHex(before.mapped());
                const auto read = decodeCbor<Kept>(bytes);
                QVERIFY(read && encodeCbor(*read) == bytes);
            }
        }
        QVERIFY(frozen == now);
    }

    void onlyItsOwnerReadsIt() {
        const auto me = someone("a seed for tests, 32 bytes long.");
        const auto other = someone("another seed, also 32 bytes long");
        SystemRandom random;
        const Kept record = deposit(5, 1);
        const Bytes sealed = sealKept(me, record, random);
        const auto opened = openKept(me, sealed);
        QVERIFY(opened && encodeCbor(*opened) == encodeCbor(record));
        QVERIFY(!openKept(other, sealed));
        QVERIFY(!openKept(me, {}));
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            Bytes changed = sealed;
            changed[i] ^= 1;
            QVERIFY(!openKept(me, changed));
        }
    }

    void whatIsNotKeptYetIsKnown() {
        const auto disk = std::make_shared<MemoryRecords>();
        auto diary = openDiary(disk);
        int told = 0;
        diary->whenUnkept([&] { ++told; });
        QVERIFY(diary->put(sealedEdition()).ok());
        QVERIFY(diary->put(FileOpened{{1}, "here"}).ok());
        QVERIFY(diary->put(deposit(5, 1)).ok());
        QCOMPARE(told, 2);
        QCOMPARE(diary->unkept().size(), std::size_t{2});
        diary = openDiary(disk); // killed before it was kept
        QCOMPARE(diary->unkept().size(), std::size_t{2});
        const auto records = diary->unkept();
        for (const auto& [id, record] : records) QVERIFY(diary->learn(record));
        QVERIFY(diary->unkept().empty());
        for (const auto& [id, record] : records) QVERIFY(!diary->learn(record));
        QVERIFY(!diary->edition({hashOf(7), 1})->isElsewhere());
    }

    void anEmptyFolderLearns() {
        const auto disk = std::make_shared<MemoryRecords>();
        auto diary = openDiary(disk);
        const Kept edition = EditionKept{hashOf(7), 40, 1, Bytes(104, 1), "A map", {5, money::kUsd}};
        engine::MakeOffer offer;
        offer.nonce = hashOf(4);
        QVERIFY(diary->learn(edition));
        QVERIFY(diary->learn(deposit(5, 1)));
        QVERIFY(diary->learn(CopyKept{{3}, hashOf(2), Bytes(104, 3)}));
        QVERIFY(diary->learn(OfferKept{offer}));
        QVERIFY(diary->unkept().empty());
        diary->flush();
        for (int i = 0; i < 2; ++i) {
            QVERIFY(diary->edition({hashOf(7), 1})->isElsewhere());
            QCOMPARE(diary->draft(hashOf(7))->sealed.name, std::string("A map"));
            QCOMPARE(diary->deposit({3})->disclosureIndex, 5u);
            QVERIFY(diary->copy({3}) && diary->offer(hashOf(4)));
            diary = openDiary(disk); // it knows them without the coordinator, too
        }
    }

    void theDepositThatIsKeptFirstCounts() {
        for (const bool ownIsFirst : {true, false}) {
            const auto disk = std::make_shared<MemoryRecords>();
            auto diary = openDiary(disk);
            const DepositMade own = deposit(5, 1);
            const DepositMade other = deposit(9, 2);
            QVERIFY(diary->put(own).ok());
            diary->learn(ownIsFirst ? own : other);
            diary->learn(ownIsFirst ? other : own);
            QVERIFY(diary->deposit({3})->box == (ownIsFirst ? own : other).box);
            QVERIFY(diary->unkept().empty());
            diary->flush();
            diary = openDiary(disk);
            diary->learn(ownIsFirst ? own : other);
            diary->learn(ownIsFirst ? other : own);
            QVERIFY(diary->deposit({3})->box == (ownIsFirst ? own : other).box);
        }
    }

    void whatIsDiscardedStaysDiscarded() {
        const Kept edition = EditionKept{hashOf(7), 40, 2, Bytes(104, 1), "A map", {5, money::kUsd}};
        const Kept first = EditionKept{hashOf(7), 40, 1, Bytes(104, 2), "A map", {5, money::kUsd}};
        const Kept discarded = DraftDiscarded{hashOf(7), 2};
        for (const bool discardedFirst : {true, false}) {
            auto diary = freshDiary();
            diary->learn(first);
            diary->learn(discardedFirst ? discarded : edition);
            diary->learn(discardedFirst ? edition : discarded);
            QVERIFY(!diary->edition({hashOf(7), 2}));
            QVERIFY(diary->edition({hashOf(7), 1}));
        }
    }

    void childrenAreNeverHandedOutTwice() {
        SystemRandom random;
        const auto disk = std::make_shared<MemoryRecords>();
        auto one = openDiary(disk);
        auto two = freshDiary();
        std::set<std::uint32_t> used;
        for (std::uint32_t i = 0; i < kLaneSize + 10; ++i) { // more than a lane
            for (auto* diary : {&one, &two}) {
                const auto index = (*diary)->nextDisclosureIndex(random);
                QVERIFY(index.ok() && *index < keys::Identity::kMaxChildren);
                QVERIFY(used.insert(*index).second);
                QVERIFY((*diary)->put(DepositMade{{i + 1}, {}, *index, {}}).ok());
            }
            if (i % 1000 == 0) one = openDiary(disk);
        }
        // What another folder has used is known once it is learnt.
        auto restored = openDiary(disk);
        const auto next = restored->nextDisclosureIndex(random);
        QVERIFY(next.ok());
        restored->learn(DepositMade{{1'000'000}, {}, *next, {}});
        QVERIFY(*restored->nextDisclosureIndex(random) != *next);
    }
};

QTEST_GUILESS_MAIN(TestKept)
#include "tst_kept.moc"
