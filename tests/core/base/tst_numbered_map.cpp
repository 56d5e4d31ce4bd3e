// Against std::map, with the same calls: numbers that rise, gaps, numbers far away, and what is erased and comes again.
#include "core/base/NumberedMap.h"

#include <QTest>

#include <map>
#include <random>

using namespace tallylock;

namespace {
struct Key {
    std::uint64_t value = 0;
    auto operator<=>(const Key&) const = default;
};
using Ours = NumberedMap<Key, std::string>;
using Theirs = std::map<Key, std::string>;

void compare(Ours& ours, const Theirs& theirs) {
    QCOMPARE(ours.size(), theirs.size());
    QCOMPARE(ours.empty(), theirs.empty());
    auto expected = theirs.begin();
    for (const auto& [key, value] : std::as_const(ours)) {
        QVERIFY(expected != theirs.end());
        QCOMPARE(key.value, expected->first.value);
        QCOMPARE(value, expected->second);
        ++expected;
    }
    QVERIFY(expected == theirs.end());
}
} // namespace

class TestNumberedMap : public QObject {
    Q_OBJECT
private slots:
    void isAsAMap() {
        std::mt19937_64 random(1);
        Ours ours;
        Theirs theirs;
        std::uint64_t last = 1'000;
        for (int i = 0; i < 60'000; ++i) {
            const std::uint64_t dice = random() % 100;
            Key key{last - random() % std::min<std::uint64_t>(last, dice < 80 ? 200 : 5'000)};
            if (dice == 0) key.value = random(); // far away, also at the very end
            if (dice == 1) key.value = UINT64_MAX - random() % 3;
            if (dice < 40) {
                if (dice > 1) key.value = ++last + (dice == 2 ? random() % 1'000 : 0);
                last = dice == 2 ? key.value : last;
                const std::string value = std::to_string(random());
                const auto [at, isNew] = ours.emplace(key, value);
                QCOMPARE(isNew, theirs.emplace(key, value).second);
                QCOMPARE(at->first.value, key.value);
            } else if (dice < 75) {
                ours.erase(key);
                theirs.erase(key);
            }
            const auto found = theirs.find(key);
            QCOMPARE(ours.find(key) == ours.end(), found == theirs.end());
            if (found != theirs.end()) QCOMPARE(ours.at(key), found->second);
            if (i % 5'000 == 0) compare(ours, theirs);
        }
        compare(ours, theirs);
        QVERIFY(theirs.size() > 100);
        while (!theirs.empty()) {
            ours.erase(theirs.begin()->first);
            theirs.erase(theirs.begin());
        }
        compare(ours, theirs);
        QVERIFY(ours.begin() == ours.end());
    }

    /// Whoever holds a reference to a value has it until that is erased.
    void valuesStayWhereTheyAre() {
        Ours ours;
        std::string& kept = ours.emplace(Key{70}, "kept").first->second;
        for (std::uint64_t number = 0; number < 10'000; ++number) ours.emplace(Key{number}, "other");
        for (std::uint64_t number = 0; number < 10'000; ++number) {
            if (number != 70) ours.erase(Key{number});
        }
        QCOMPARE(kept, std::string("kept"));
        QCOMPARE(&ours.at(Key{70}), &kept);
        QCOMPARE(ours.size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestNumberedMap)
#include "tst_numbered_map.moc"
