#include "core/crypto/Merkle.h"

#include <QTest>

using namespace tallylock;
using namespace tallylock::crypto;

namespace {
using Leaves = std::span<const Hash>;

/// The definition of RFC 6962, section 2.1, as it stands there: MTH and PATH.
std::size_t splitOf(std::size_t n) {
    std::size_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
}
Hash rootByDefinition(Leaves leaves) {
    if (leaves.size() == 1) return leaves[0];
    const std::size_t k = splitOf(leaves.size());
    return merkleNode(rootByDefinition(leaves.first(k)), rootByDefinition(leaves.subspan(k)));
}
std::vector<Hash> pathByDefinition(std::size_t m, Leaves leaves) {
    if (leaves.size() == 1) return {};
    const std::size_t k = splitOf(leaves.size());
    std::vector<Hash> path = m < k ? pathByDefinition(m, leaves.first(k)) : pathByDefinition(m - k, leaves.subspan(k));
    path.push_back(rootByDefinition(m < k ? leaves.subspan(k) : leaves.first(k)));
    return path;
}
std::vector<Hash> numbered(std::size_t count) {
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t number[] = {static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
        leaves.push_back(merkleLeaf(number));
    }
    return leaves;
}
/// Which side the sibling is on at each step, from the leaf up.
std::vector<bool> turnsByDefinition(std::size_t m, std::size_t n) {
    if (n == 1) return {};
    const std::size_t k = splitOf(n);
    std::vector<bool> turns = m < k ? turnsByDefinition(m, k) : turnsByDefinition(m - k, n - k);
    turns.push_back(m < k);
    return turns;
}
Bytes hexBytes(const char* hex) { return bytesOf(QByteArray::fromHex(hex).toStdString()); }
Hash hashOf(const char* hex) { return *Hash::from(hexBytes(hex)); }
} // namespace

class TestMerkle : public QObject {
    Q_OBJECT
private slots:
    /// The reference tree of the Certificate Transparency project (merkle_tree_test): its audit paths.
    void publishedPaths_data() {
        QTest::addColumn<int>("index"); // from 0; there they begin with 1
        QTest::addColumn<int>("count");
        QTest::addColumn<QByteArrayList>("path");
        QTest::addRow("the only one") << 0 << 1 << QByteArrayList();
        QTest::addRow("1 of 8") << 0 << 8
                                << QByteArrayList{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                                  "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                                  "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"};
        QTest::addRow("6 of 8") << 5 << 8
                                << QByteArrayList{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                                  "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                                  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};
        QTest::addRow("3 of 3") << 2 << 3
                                << QByteArrayList{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"};
        QTest::addRow("2 of 5") << 1 << 5
                                << QByteArrayList{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                                  "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                                  "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"};
    }
    void publishedPaths() {
        const char* const inputs[] = {
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
        QFETCH(int, index);
        QFETCH(int, count);
        QFETCH(QByteArrayList, path);
        std::vector<Hash> leaves;
        for (int i = 0; i < count; ++i) leaves.push_back(merkleLeaf(hexBytes(inputs[i])));
        std::vector<Hash> expected;
        for (const QByteArray& hex : path) expected.push_back(hashOf(hex.constData()));
        const MerkleTree tree(leaves);
        QCOMPARE(tree.root(), merkleRoot(leaves));
        const auto place = static_cast<std::uint64_t>(index);
        QVERIFY(tree.path(place) == expected);
        QVERIFY(merkleIncluded(leaves[place], place, tree.count(), expected, tree.root()));
    }

    /// Every size and index against the recursive definition, and every lie about one refused.
    void everyTree() {
        for (std::size_t count = 1; count <= 130; ++count) {
            const std::vector<Hash> leaves = numbered(count);
            const MerkleTree tree(leaves);
            const Hash root = rootByDefinition(leaves);
            QCOMPARE(tree.root(), root);
            QCOMPARE(merkleRoot(leaves), root);
            for (std::size_t i = 0; i < count; ++i) {
                const std::vector<Hash> path = tree.path(i);
                QVERIFY(path == pathByDefinition(i, leaves));
                QVERIFY(merkleIncluded(leaves[i], i, count, path, root));
                for (std::size_t other = 0; other < count + 2; ++other) {
                    if (other != i) QVERIFY(!merkleIncluded(leaves[i], other, count, path, root));
                }
                QVERIFY(!merkleIncluded(merkleLeaf({}), i, count, path, root));
                QVERIFY(!merkleIncluded(leaves[i], i, count, path, merkleLeaf({})));
                std::vector<Hash> longer = path;
                longer.push_back(root);
                QVERIFY(!merkleIncluded(leaves[i], i, count, longer, root));
                for (std::size_t at = 0; at < path.size(); ++at) {
                    std::vector<Hash> bad = path;
                    bad[at].bytes[at % Hash::kSize] ^= 1;
                    QVERIFY(!merkleIncluded(leaves[i], i, count, bad, root));
                    bad = path;
                    bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(at));
                    QVERIFY(!merkleIncluded(leaves[i], i, count, bad, root));
                    if (at > 0) {
                        bad = path;
                        std::swap(bad[at], bad[at - 1]);
                        QVERIFY(!merkleIncluded(leaves[i], i, count, bad, root));
                    }
                }
            }
        }
    }

    /// Another size is refused wherever the path would turn another way; the turns are all that a size decides, which
    /// is why the size is signed beside the root.
    void anotherSize() {
        for (std::size_t count = 1; count <= 70; ++count) {
            const std::vector<Hash> leaves = numbered(count);
            const MerkleTree tree(leaves);
            for (std::size_t i = 0; i < count; ++i) {
                for (std::size_t other = 0; other <= 80; ++other) {
                    const bool same = i < other && turnsByDefinition(i, other) == turnsByDefinition(i, count);
                    QCOMPARE(merkleIncluded(leaves[i], i, other, tree.path(i), tree.root()), same);
                }
            }
        }
    }

    /// An inner node given out as a leaf of a smaller tree, and sizes nobody could hold.
    void notFooled() {
        const std::vector<Hash> leaves = numbered(8);
        const MerkleTree tree(leaves);
        const Hash inner = merkleNode(leaves[0], leaves[1]);
        const std::vector<Hash> path = tree.path(0);
        const auto upper = std::span(path).subspan(1);
        QVERIFY(merkleIncluded(inner, 0, 4, upper, tree.root()));  // true of hashes: prefixes keep data from it
        QVERIFY(!merkleIncluded(inner, 0, 8, upper, tree.root())); // but the size is signed
        QVERIFY(!merkleIncluded(leaves[0], 0, ~std::uint64_t{0}, path, tree.root()));
        QVERIFY(!merkleIncluded(leaves[0], ~std::uint64_t{0}, ~std::uint64_t{0}, path, tree.root()));
        QVERIFY(!merkleIncluded(leaves[0], 0, 0, {}, leaves[0]));
        const std::vector<Hash> endless(100'000, leaves[0]);
        QVERIFY(!merkleIncluded(leaves[0], 0, 8, endless, tree.root()));
        QVERIFY(!merkleIncluded(leaves[0], 0, ~std::uint64_t{0}, endless, tree.root()));
        QCOMPARE(MerkleTree({}).root(), merkleRoot({}));
    }
};

QTEST_GUILESS_MAIN(TestMerkle)
#include "tst_merkle.moc"
