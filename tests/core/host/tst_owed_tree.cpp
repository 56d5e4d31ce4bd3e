// What was owed, as a tree: every account finds itself, with its own sums, and nobody can be counted short.
#include "core/host/OwedTree.h"

#include <QTest>

#include <limits>
#include <map>
#include <set>

using namespace tallylock;
using namespace tallylock::host;
using money::Amount;

namespace {
SecretBytes secretOf(std::uint8_t byte) { return SecretBytes::copyOf(Bytes(32, byte)); }
Amount dollars(std::int64_t cents) { return {cents, money::kUsd}; }
Amount satoshi(std::int64_t value) { return {value, money::kBtc}; }

/// Holders 1 to `count`; every third has coins, too, and every fifth one unit of a cent.
std::vector<ports::OwedRow> rowsOf(std::uint64_t count) {
    std::vector<ports::OwedRow> rows;
    for (std::uint64_t holder = 1; holder <= count; ++holder) {
        std::vector<Amount> amounts{dollars(holder % 5 == 0 ? 1 : static_cast<std::int64_t>(1000 * holder))};
        if (holder % 3 == 0) amounts.push_back(satoshi(static_cast<std::int64_t>(holder)));
        std::sort(amounts.begin(), amounts.end(), [](const Amount& a, const Amount& b) { return a.unit < b.unit; });
        for (const Amount& amount : amounts) rows.push_back({{holder}, amount});
    }
    return rows;
}
wire::OwedNote noteOf(const OwedTree& tree) { return {tree.day(), 7, 9, {}, tree.leaves(), *tree.root()}; }
std::map<money::UnitId, money::Int128> sumsOf(const std::vector<ports::OwedRow>& rows, HolderId holder = {}) {
    std::map<money::UnitId, money::Int128> sums;
    for (const auto& row : rows)
        if (!holder || row.holder == holder) sums[row.total.unit] += row.total.value;
    return sums;
}
} // namespace

class TestOwedTree : public QObject {
    Q_OBJECT
private slots:
    void everybodyIsCountedOnceAndWhole_data() {
        QTest::addColumn<quint64>("holders");
        for (const int holders : {1, 2, 3, 31, 32, 33, 65, 200, 333})
            QTest::addRow("%d", holders) << static_cast<quint64>(holders);
    }
    void everybodyIsCountedOnceAndWhole() {
        QFETCH(quint64, holders);
        const auto rows = rowsOf(holders);
        const OwedTree tree(20'000, rows, secretOf(1));
        QVERIFY(tree.root());
        QCOMPARE(tree.leaves(), OwedTree::kParts * holders);
        std::map<money::UnitId, money::Int128> all;
        for (const Amount& sum : tree.root()->sums) all[sum.unit] = sum.value;
        QVERIFY(all == sumsOf(rows));
        std::set<std::uint64_t> places;
        for (std::uint64_t holder = 1; holder <= holders; ++holder) {
            std::map<money::UnitId, money::Int128> own;
            for (const wire::OwedProof& proof : tree.proofsOf({holder})) {
                QVERIFY(wire::isOwed(proof, noteOf(tree)));
                QCOMPARE(proof.leaf.holder.value, holder);
                QVERIFY(places.insert(proof.index).second);
                for (const Amount& amount : proof.leaf.amounts) own[amount.unit] += amount.value;
            }
            QVERIFY(own == sumsOf(rows, {holder}));
        }
        QVERIFY(tree.proofsOf({holders + 1}).empty());
    }

    void nothingOwedIsATreeWithoutLeaves() {
        const OwedTree tree(20'000, {}, secretOf(1));
        QVERIFY(tree.root() && tree.root()->sums.empty());
        QVERIFY(tree.proofsOf({1}).empty());
    }

    void itFollowsFromSecretAndDayAlone() {
        const OwedTree tree(20'000, rowsOf(40), secretOf(1));
        QVERIFY(*OwedTree(20'000, rowsOf(40), secretOf(1)).root() == *tree.root());
        QVERIFY(OwedTree(20'001, rowsOf(40), secretOf(1)).root()->hash != tree.root()->hash);
        QVERIFY(OwedTree(20'000, rowsOf(40), secretOf(2)).root()->hash != tree.root()->hash);
        // Another day, another neighbour.
        const auto today = tree.proofsOf({7});
        const auto tomorrow = OwedTree(20'001, rowsOf(40), secretOf(1)).proofsOf({7});
        QVERIFY(today[0].leaf.salt != tomorrow[0].leaf.salt);
        QVERIFY(today[0].leaf.amounts != tomorrow[0].leaf.amounts);
    }

    void nothingElseIsProven() {
        const OwedTree tree(20'000, rowsOf(100), secretOf(1));
        const wire::OwedNote note = noteOf(tree);
        const wire::OwedProof good = tree.proofsOf({33})[0];
        QVERIFY(wire::isOwed(good, note));
        const std::function<void(wire::OwedProof&, wire::OwedNote&)> changes[] = {
            [](auto& p, auto&) { p.leaf.amounts[0].value += 1; },
            [](auto& p, auto&) { p.leaf.amounts[0].value = -p.leaf.amounts[0].value; },
            [](auto& p, auto&) { p.leaf.amounts.push_back(p.leaf.amounts.front()); },
            [](auto& p, auto&) { p.leaf.holder.value += 1; },
            [](auto& p, auto&) { p.leaf.day += 1; },
            [](auto& p, auto&) { p.index ^= 1; },
            [](auto& p, auto& n) { p.index = n.leaves; },
            [](auto& p, auto&) { p.path.pop_back(); },
            [](auto& p, auto&) { p.path.push_back(p.path.back()); },
            [](auto& p, auto&) { p.path[0].hash.bytes[3] ^= 1; },
            [](auto& p, auto&) { p.path[1].sums[0].value -= 1; },
            [](auto& p, auto&) { p.path[1].sums[0].value = 0; },
            [](auto& p, auto&) { p.path[1].sums[0].value = std::numeric_limits<money::Int128>::max(); },
            [](auto&, auto& n) { n.root.sums[0].value -= 1; },
            [](auto&, auto& n) { n.leaves = 1; },
            [](auto&, auto& n) { n.leaves *= 4; },
            [](auto&, auto& n) { n.day += 1; },
        };
        for (std::size_t i = 0; i < std::size(changes); ++i) {
            wire::OwedProof proof = good;
            wire::OwedNote changed = note;
            changes[i](proof, changed);
            QVERIFY2(!wire::isOwed(proof, changed), qPrintable(QString::number(i)));
        }
    }

    /// A node may not hide a debt: sums are positive, so that what is owed to somebody is in every sum above it.
    void sumsThatDoNotFitAreRefused() {
        const wire::OwedNode one{Hash{}, {dollars(5)}};
        const wire::OwedNode negative{Hash{}, {dollars(-4)}};
        const wire::OwedNode huge{Hash{}, {{std::numeric_limits<money::Int128>::max(), money::kUsd}}};
        QVERIFY(wire::owedNode(one, one));
        QVERIFY(!wire::owedNode(one, negative));
        QVERIFY(!wire::owedNode(negative, one));
        QVERIFY(!wire::owedNode(one, huge));
        QVERIFY(!OwedTree(1, {{{1}, huge.sums[0]}, {{2}, huge.sums[0]}}, secretOf(1)).root());
    }
};

QTEST_APPLESS_MAIN(TestOwedTree)
#include "tst_owed_tree.moc"
