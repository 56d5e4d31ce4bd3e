// Which portions a spot check draws: the published function against a recomputation that is not ours, and what it must
// never do.
#include "core/wire/SpotCheck.h"
#include "tests/support/Seed.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <random>
#include <set>

using namespace tallylock;
using namespace tallylock::wire;

namespace {
Hash filled(std::uint8_t byte) {
    Hash hash;
    hash.bytes.fill(byte);
    return hash;
}
std::vector<std::uint64_t> numbersOf(const QByteArray& text) {
    std::vector<std::uint64_t> numbers;
    if (text == "-") return numbers;
    for (const QByteArray& one : text.split(',')) numbers.push_back(one.toULongLong());
    return numbers;
}
} // namespace

class TestSpotDraw : public QObject {
    Q_OBJECT
private slots:
    /// tests/vectors/make-spot-draw.py computes these from the document.
    void frozen() {
        const Hash commitment = spotCommitment(filled(1), filled(2));
        const Hash seed = spotSeed(filled(1), commitment, filled(2), filled(3));
        QFile file(QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/spot-draw.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int draws = 0;
        for (const QByteArray& line : file.readAll().trimmed().split('\n')) {
            const auto words = line.split(' ');
            if (words[0] == "commitment") QCOMPARE(commitment.hex(), words[1].toStdString());
            if (words[0] == "seed") QCOMPARE(seed.hex(), words[1].toStdString());
            if (words[0] != "draw") continue;
            ++draws;
            const SpotDraw draw = drawSpot(seed, words[1].toULongLong(), words[2].toUInt(), numbersOf(words[3]));
            QVERIFY2(draw.again == numbersOf(words[4]), line.constData());
            QVERIFY2(draw.fresh == numbersOf(words[5]), line.constData());
        }
        QCOMPARE(draws, 9);
    }

    void neverBeyondTheBudget() {
        std::mt19937_64 dice(test::seedOr(20'26));
        for (int round = 0; round < 300; ++round) {
            const std::uint64_t count = 1 + dice() % 3000;
            std::set<std::uint64_t> opened;
            for (int buyer = 0; buyer < 12; ++buyer) {
                const auto wanted = static_cast<std::uint32_t>(1 + dice() % kMostSpotPortions);
                Hash seed;
                for (std::uint8_t& byte : seed.bytes) byte = static_cast<std::uint8_t>(dice());
                const std::vector<std::uint64_t> before(opened.begin(), opened.end());
                const SpotDraw draw = drawSpot(seed, count, wanted, before);
                QVERIFY(draw.again.size() + draw.fresh.size() <= wanted);
                QCOMPARE(draw.again.size(), std::min<std::size_t>(wanted, before.size())); // these first
                for (const std::uint64_t index : draw.again) QVERIFY(opened.contains(index));
                for (const std::uint64_t index : draw.fresh) QVERIFY(index < count && opened.insert(index).second);
                QVERIFY(std::ranges::is_sorted(draw.again) && std::ranges::is_sorted(draw.fresh));
                QVERIFY(opened.size() <= spotBudgetOf(count));
            }
        }
    }

    void eitherNonceChangesIt() {
        const auto drawn = [](std::uint8_t buyer, std::uint8_t server) {
            return drawSpot(
                       spotSeed(filled(1), spotCommitment(filled(1), filled(buyer)), filled(buyer), filled(server)),
                       100'000, 8, {})
                .fresh;
        };
        QVERIFY(drawn(2, 3) == drawn(2, 3));
        QVERIFY(drawn(2, 3) != drawn(4, 3));
        QVERIFY(drawn(2, 3) != drawn(2, 4));
        QVERIFY(drawn(2, 3) != drawn(3, 2));
        QVERIFY(spotCommitment(filled(1), filled(2)) != spotCommitment(filled(2), filled(2))); // of these terms only
    }
};

QTEST_GUILESS_MAIN(TestSpotDraw)
#include "tst_spot_draw.moc"
