#include "core/base/Fixed.h"
#include "core/base/FlatMap.h"
#include "tests/support/Seed.h"

#include <map>
#include <random>

using namespace tallylock;

class TestFlatMap : public QObject {
    Q_OBJECT
private slots:
    void anEmptyTableFindsNothing() {
        FlatMap<HoldId, int> map;
        QVERIFY(!map.find(HoldId{1}));
        QVERIFY(!map.erase(HoldId{1}));
        QVERIFY(map.empty());
    }

    /// The same answers as std::map, with keys that crowd and keys that are spread.
    void sameAsAnOrderedMap() {
        std::mt19937_64 random(test::seedOr(20260103));
        for (const std::uint64_t range : {40u, 5000u}) {
            FlatMap<std::uint64_t, std::uint64_t> map;
            std::map<std::uint64_t, std::uint64_t> model;
            for (int i = 0; i < 50000; ++i) {
                const std::uint64_t key = random() % range;
                if (random() % 2 == 0) {
                    QCOMPARE(map.erase(key), model.erase(key) == 1);
                } else if (!map.contains(key)) {
                    map.insert(key, static_cast<std::uint64_t>(i));
                    model[key] = static_cast<std::uint64_t>(i);
                }
                const auto found = model.find(key);
                QCOMPARE(map.find(key) != nullptr, found != model.end());
                if (found != model.end()) QCOMPARE(*map.find(key), found->second);
                QCOMPARE(map.size(), model.size());
            }
            std::map<std::uint64_t, std::uint64_t> all;
            map.forEach([&](std::uint64_t key, std::uint64_t value) { all[key] = value; });
            QVERIFY(all == model);
            for (std::uint64_t key = 0; key < range; ++key) QCOMPARE(map.contains(key), model.count(key) == 1);
        }
    }
};

QTEST_GUILESS_MAIN(TestFlatMap)
#include "tst_flat_map.moc"
