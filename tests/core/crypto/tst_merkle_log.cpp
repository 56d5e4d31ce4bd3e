// A tree that grows, whose nodes are kept: the same roots and paths as a tree made at once, and proofs that it has only
// grown.
#include "core/crypto/MerkleLog.h"

#include <QTest>

#include <map>

using namespace tallylock;
using namespace tallylock::crypto;

namespace {
constexpr std::uint64_t kMost = 40;

Hash leafOf(std::uint64_t number) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(number)};
    return merkleLeaf(bytes);
}

/// As a table would keep it.
struct Log {
    std::map<std::pair<unsigned, std::uint64_t>, Hash> kept;
    std::uint64_t count = 0;
    MerkleNodes nodes = [this](unsigned level, std::uint64_t index) -> std::optional<Hash> {
        const auto found = kept.find({level, index});
        if (found == kept.end()) return std::nullopt;
        return found->second;
    };
    void add(const Hash& leaf) {
        const auto added = merkleAdd(nodes, count, leaf);
        Q_ASSERT(added);
        for (const MerkleAddition& one : *added) kept[{one.level, one.index}] = one.hash;
        ++count;
    }
};
Bytes hexBytes(const char* hex) { return bytesOf(QByteArray::fromHex(hex).toStdString()); }
std::vector<Hash> hashesOf(const QByteArrayList& list) {
    std::vector<Hash> hashes;
    for (const QByteArray& hex : list) hashes.push_back(*Hash::from(hexBytes(hex.constData())));
    return hashes;
}
} // namespace

class TestMerkleLog : public QObject {
    Q_OBJECT
private slots:
    void rootsAndPathsAreThoseOfTheWholeTree() {
        Log log;
        std::vector<Hash> leaves;
        QCOMPARE(merkleLogRoot(log.nodes, 0), merkleRoot({}));
        for (std::uint64_t n = 1; n <= kMost; ++n) {
            leaves.push_back(leafOf(n));
            log.add(leaves.back());
            const MerkleTree whole(leaves);
            QCOMPARE(merkleLogRoot(log.nodes, n), whole.root());
            for (std::uint64_t i = 0; i < n; ++i) QCOMPARE(merkleLogPath(log.nodes, i, n), whole.path(i));
        }
        // Earlier sizes can still be asked for.
        for (std::uint64_t n = 1; n <= kMost; ++n)
            QCOMPARE(merkleLogRoot(log.nodes, n), merkleRoot({leaves.begin(), leaves.begin() + static_cast<int>(n)}));
    }

    /// The reference tree of the Certificate Transparency project (merkle_tree_test): its consistency proofs.
    void publishedProofs_data() {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        QTest::addColumn<QByteArrayList>("proof");
        QTest::addRow("1 to 1") << 1 << 1 << QByteArrayList();
        QTest::addRow("1 to 8") << 1 << 8
                                << QByteArrayList{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                                  "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                                  "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"};
        QTest::addRow("6 to 8") << 6 << 8
                                << QByteArrayList{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                                  "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                                  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};
        QTest::addRow("2 to 5") << 2 << 5
                                << QByteArrayList{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                                  "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"};
    }
    void publishedProofs() {
        const char* const inputs[] = {
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
        QFETCH(int, first);
        QFETCH(int, second);
        QFETCH(QByteArrayList, proof);
        Log log;
        std::vector<Hash> roots;
        for (const char* input : inputs) {
            log.add(merkleLeaf(hexBytes(input)));
            roots.push_back(*merkleLogRoot(log.nodes, log.count));
        }
        const auto f = static_cast<std::uint64_t>(first);
        const auto s = static_cast<std::uint64_t>(second);
        QCOMPARE(merkleLogConsistency(log.nodes, f, s), hashesOf(proof));
        QVERIFY(merkleConsistent(f, roots[f - 1], s, roots[s - 1], hashesOf(proof)));
    }

    void everyPairIsProvenAndNothingElse() {
        Log log;
        std::vector<Hash> roots{Hash{}};
        for (std::uint64_t n = 1; n <= kMost; ++n) {
            log.add(leafOf(n));
            roots.push_back(*merkleLogRoot(log.nodes, n));
        }
        // Another history that parts from the first behind leaf 11.
        Log other;
        std::vector<Hash> otherRoots{Hash{}};
        for (std::uint64_t n = 1; n <= kMost; ++n) {
            other.add(leafOf(n <= 11 ? n : n + 100));
            otherRoots.push_back(*merkleLogRoot(other.nodes, n));
        }
        for (std::uint64_t first = 1; first <= kMost; ++first) {
            for (std::uint64_t second = first; second <= kMost; ++second) {
                auto proof = *merkleLogConsistency(log.nodes, first, second);
                QVERIFY(merkleConsistent(first, roots[first], second, roots[second], proof));
                const auto otherProof = *merkleLogConsistency(other.nodes, first, second);
                QCOMPARE(merkleConsistent(first, roots[first], second, otherRoots[second], otherProof), first <= 11);
                if (first == second) continue;
                QVERIFY(!merkleConsistent(second, roots[second], first, roots[first], proof));
                for (Hash& hash : proof) {
                    hash.bytes[7] ^= 1;
                    QVERIFY(!merkleConsistent(first, roots[first], second, roots[second], proof));
                    hash.bytes[7] ^= 1;
                }
                proof.push_back(Hash{});
                QVERIFY(!merkleConsistent(first, roots[first], second, roots[second], proof));
                proof.resize(proof.size() - 2);
                QVERIFY(!merkleConsistent(first, roots[first], second, roots[second], proof));
            }
        }
        QVERIFY(!merkleConsistent(0, Hash{}, 4, roots[4], {}));
    }

    void whatCannotBeReadIsNotMadeUp() {
        Log log;
        for (std::uint64_t n = 1; n <= 7; ++n) log.add(leafOf(n));
        log.kept.erase({2, 0});
        QVERIFY(!merkleLogRoot(log.nodes, 7));
        QVERIFY(!merkleLogPath(log.nodes, 5, 7));
        QVERIFY(!merkleLogConsistency(log.nodes, 5, 7));
        QVERIFY(!merkleAdd(log.nodes, 7, leafOf(8)));
    }
};

QTEST_APPLESS_MAIN(TestMerkleLog)
#include "tst_merkle_log.moc"
