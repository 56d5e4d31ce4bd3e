#include "core/base/BlockPool.h"
#include "core/base/Fixed.h"
#include "core/base/FlatMap.h"
#include "core/base/IdTable.h"
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

    /// Arrays of all sizes, given back in any order, never share a byte, and keep what was written.
    void blocksDoNotOverlap() {
        struct Item {
            std::uint64_t owner;
            std::uint64_t place;
        };
        struct Array {
            std::uint64_t owner;
            Item* items;
            std::size_t count;
        };
        std::mt19937_64 random(test::seedOr(20261127));
        BlockPool pool;
        std::vector<Array> arrays;
        const auto check = [](const Array& array) {
            for (std::size_t i = 0; i < array.count; ++i) {
                if (array.items[i].owner != array.owner || array.items[i].place != i) return false;
            }
            return reinterpret_cast<std::uintptr_t>(array.items) % BlockPool::kLeast == 0;
        };
        for (std::uint64_t owner = 0; owner < 5000; ++owner) {
            const std::size_t count = std::size_t{1} << random() % 11;
            const Array array{owner, pool.take<Item>(count), count};
            for (std::size_t i = 0; i < count; ++i) array.items[i] = {owner, i};
            arrays.push_back(array);
            if (random() % 2 != 0) continue;
            std::swap(arrays[random() % arrays.size()], arrays.back());
            QVERIFY(check(arrays.back()));
            pool.give(arrays.back().items, arrays.back().count);
            arrays.pop_back();
        }
        BlockPool moved = std::move(pool);
        for (const Array& array : arrays) QVERIFY(check(array));
        for (const Array& array : arrays) moved.give(array.items, array.count);
    }

    /// Numbers that rise, of which some stay long and most go soon; and numbers that share their low half.
    void aTableOfNumbersFindsWhatIsThere() {
        std::mt19937_64 random(test::seedOr(20260104));
        IdTable table;
        std::vector<std::uint64_t> pool; // by place
        std::vector<std::uint32_t> free;
        std::map<std::uint64_t, std::uint32_t> model;
        const auto idAt = [&](std::uint32_t place) { return pool[place]; };
        std::uint64_t last = 0;
        for (int i = 0; i < 100000; ++i) {
            if (i == 50000) last += std::uint64_t{1} << 32; // then back at low halves that are in use
            if (i == 50000) last -= 50000;
            if (random() % 3 != 0) {
                last += 1 + random() % 3;
                QCOMPARE(table.find(last, idAt), IdTable::kNone);
                std::uint32_t place = static_cast<std::uint32_t>(pool.size());
                if (free.empty()) {
                    pool.push_back(last);
                } else {
                    place = free.back();
                    free.pop_back();
                    pool[place] = last;
                }
                table.insert(last, place);
                model[last] = place;
            } else if (!model.empty()) {
                auto gone = random() % 4 == 0 ? model.begin() : std::prev(model.end());
                table.erase(gone->first, gone->second);
                pool[gone->second] = 0;
                free.push_back(gone->second);
                QCOMPARE(table.find(gone->first, idAt), IdTable::kNone);
                model.erase(gone);
            }
            QCOMPARE(table.size(), model.size());
        }
        QVERIFY(!model.empty());
        for (const auto& [id, place] : model) QCOMPARE(table.find(id, idAt), place);
    }
};

QTEST_GUILESS_MAIN(TestFlatMap)
#include "tst_flat_map.moc"
