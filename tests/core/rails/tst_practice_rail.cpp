// The practice world against the contract of every rail, and its bank and exchanges.
#include "core/rails/practice/PracticeWorld.h"
#include "tests/core/rails/RailContract.h"
#include "tests/support/MemoryJournal.h"

#include <QTest>

using namespace tallylock;
using money::Amount;
using money::kBtc;
using money::kUsd;
using ports::RailError;

namespace {

Amount dollars(std::int64_t whole) { return {whole * money::powerOfTen(8), kUsd}; }

class Practice final : public test::RailUnderTest {
public:
    explicit Practice(std::int64_t blockMs = 0, std::string seed = "seed")
        : m_blockMs(blockMs),
          m_seed(std::move(seed)) {
        restart();
    }
    rails::PracticeWorld& world() { return *m_world; }
    test::MemoryRecords& disk() { return *m_disk; }
    ports::Rail& rail() override { return m_world->chain(); }
    void restart() override {
        m_world.reset();
        auto started = rails::PracticeWorld::start(
            {m_seed,
             [disk = m_disk]() -> Result<std::unique_ptr<ports::Journal>, ports::StoreFailure> {
                 return std::unique_ptr<ports::Journal>(std::make_unique<test::MemoryJournal>(disk));
             },
             m_clock, m_blockMs});
        if (started) m_world = std::move(*started);
    }
    void payFromOutside(const std::string& place, const Amount& amount) override {
        QVERIFY(m_world->chain().payTo(place, amount).ok());
    }
    void confirmOnce() override { QVERIFY(m_world->chain().mine().ok()); }
    void reverseLast() override { QVERIFY(m_world->chain().reorganise(1).ok()); }

private:
    std::int64_t m_blockMs;
    std::string m_seed;
    SystemClock m_clock;
    std::shared_ptr<test::MemoryRecords> m_disk = std::make_shared<test::MemoryRecords>();
    std::unique_ptr<rails::PracticeWorld> m_world;
};

} // namespace

class TestPracticeRail : public QObject {
    Q_OBJECT
private slots:
    void refusesWhatItCannotCarry() {
        Practice world;
        test::refusesWhatItCannotCarry(world, kUsd);
    }
    void sameKeySamePlace() {
        Practice world;
        test::sameKeySamePlace(world, kBtc);
    }
    void seesPaymentsInOrder() {
        Practice world;
        test::seesPaymentsInOrder(world, kBtc);
    }
    void tellsReversals() {
        Practice world;
        test::tellsReversals(world, kBtc);
    }
    void paysOnceForEachKey() {
        Practice world;
        test::paysOnceForEachKey(world, kBtc);
    }

    void refusesPaymentsThatNobodyExpects() {
        Practice world;
        const auto place = world.rail().expect(kBtc, "a").value();
        auto& chain = world.world().chain();
        QVERIFY(chain.payTo("practice-btc-unknown", {5, kBtc}).error() == RailError::Refused);
        QVERIFY(chain.payTo(place, {5, money::kEth}).error() == RailError::Refused);
        QVERIFY(chain.payTo(place, {0, kBtc}).error() == RailError::Refused);
        QVERIFY(chain.payTo(place, {-5, kBtc}).error() == RailError::Refused);
        QVERIFY(chain.payTo(place, {5, kUsd}).error() == RailError::UnknownUnit);
        QVERIFY(chain.reorganise(1).error() == RailError::Refused);
        QVERIFY(world.rail().observe(0, 10).value().empty());
    }

    void saysPracticeAndFollowsTheSeed() {
        Practice one;
        Practice same;
        Practice other(0, "another seed");
        const auto place = one.rail().expect(kBtc, "a").value();
        QVERIFY(place.starts_with("practice-"));
        QCOMPARE(same.rail().expect(kBtc, "a").value(), place);
        QVERIFY(other.rail().expect(kBtc, "a").value() != place);
        QVERIFY(one.world().bank().name().starts_with("Practice"));
    }

    void minesByItselfUntilFinal() {
        Practice world(1);
        const auto place = world.rail().expect(kBtc, "a").value();
        world.payFromOutside(place, {5, kBtc});
        QTRY_COMPARE(world.rail().observe(0, 100).value().size(), std::size_t{7}); // in no block, then 1 to 6
        QCOMPARE(world.rail().observe(0, 100).value().back().confirmations, 6u);
    }

    void goesOnMiningAfterARestart() {
        Practice world(1);
        const auto place = world.rail().expect(kBtc, "a").value();
        world.payFromOutside(place, {5, kBtc});
        world.restart();
        QTRY_COMPARE(world.rail().observe(0, 100).value().size(), std::size_t{7});
    }

    void acknowledgesNothingThatIsNotKept() {
        Practice world;
        const auto place = world.rail().expect(kBtc, "a").value();
        world.disk().full = true;
        QVERIFY(world.world().chain().payTo(place, {5, kBtc}).error() == RailError::Unreachable);
        QVERIFY(world.rail().expect(kBtc, "b").error() == RailError::Unreachable);
        QVERIFY(world.world().bank().transfer("r", dollars(1)).error() == RailError::Unreachable);
        QVERIFY(world.world().firstExchange().quote({{1}, kBtc, dollars(1)}).error() == RailError::Unreachable);
        QVERIFY(world.rail().observe(0, 10).value().empty());
        world.disk().full = false;
        QVERIFY(world.world().chain().payTo(place, {5, kBtc}).ok());
    }

    void bankBooksLinesOnce() {
        Practice world;
        auto& bank = world.world().bank();
        QVERIFY(bank.expect(kBtc, "a").error() == RailError::UnknownUnit);
        const auto reference = bank.expect(kUsd, "holder/1").value();
        QCOMPARE(bank.expect(kUsd, "holder/1").value(), reference);
        QVERIFY(bank.transfer(reference, {0, kUsd}).error() == RailError::Refused);
        QVERIFY(bank.transfer(reference, {5, kBtc}).error() == RailError::UnknownUnit);
        QVERIFY(bank.transfer(reference, dollars(100)).ok());
        QVERIFY(bank.transfer("nobody's", dollars(5)).ok());
        const auto first = bank.statement(0, 1).value();
        QCOMPARE(first.size(), std::size_t{1});
        QCOMPARE(first[0].reference, reference);
        QVERIFY(first[0].amount == dollars(100));
        const auto rest = bank.statement(first[0].cursor, 10).value();
        QCOMPARE(rest.size(), std::size_t{1});
        QVERIFY(rest[0].entry != first[0].entry);
        world.restart();
        QCOMPARE(world.world().bank().statement(0, 1).value()[0].entry, first[0].entry);
        QVERIFY(world.world().bank().balance(kUsd).value() == dollars(105));
    }

    void bankPaysOnceForEachKey() {
        Practice world;
        const auto bank = [&]() -> rails::PracticeBank& { return world.world().bank(); };
        QVERIFY(bank().pay("out/1", "DE00", {5, kBtc}).error() == RailError::UnknownUnit);
        QVERIFY(bank().pay("out/1", "", dollars(5)).error() == RailError::Refused);
        QVERIFY(bank().pay("out/1", "DE00", dollars(0)).error() == RailError::Refused);
        const auto id = bank().pay("out/1", "DE00", dollars(5)).value();
        QCOMPARE(bank().pay("out/1", "DE00", dollars(5)).value(), id);
        world.restart();
        QCOMPARE(bank().pay("out/1", "DE00", dollars(5)).value(), id);
        QVERIFY(bank().pay("out/1", "DE00", dollars(6)).error() == RailError::Refused);
        QVERIFY(bank().pay("out/1", "DE01", dollars(5)).error() == RailError::Refused);
        QVERIFY(bank().pay("out/2", "DE00", dollars(5)).value() != id);
        QVERIFY(world.world().paidTo(kUsd, "DE00").value() == dollars(10));
        QVERIFY(bank().balance(kUsd).value() == dollars(-10));
        world.disk().full = true;
        QVERIFY(bank().pay("out/3", "DE00", dollars(5)).error() == RailError::Unreachable);
    }

    void quotesRoundUp_data() {
        QTest::addColumn<qint64>("ledgerDollars");
        QTest::addColumn<qint64>("satoshi");
        QTest::newRow("50,000 dollars") << qint64(5'000'000'000'000) << qint64(100'000'000);
        QTest::newRow("100 dollars") << qint64(10'000'000'000) << qint64(200'000);
        QTest::newRow("one cent") << qint64(1'000'000) << qint64(20);
        QTest::newRow("a bit more than one cent") << qint64(1'000'001) << qint64(21);
        QTest::newRow("the least") << qint64(1) << qint64(1);
    }
    void quotesRoundUp() {
        QFETCH(qint64, ledgerDollars);
        QFETCH(qint64, satoshi);
        Practice world;
        const auto quote = world.world().firstExchange().quote({{1}, kBtc, {ledgerDollars, kUsd}}).value();
        QVERIFY((quote.coins == Amount{satoshi, kBtc}));
        QVERIFY(quote.validForMs > 0);
    }

    void aQuoteHoldsAsLongAsItWasTold() {
        auto disk = std::make_shared<test::MemoryRecords>();
        SystemClock clock;
        rails::PracticeOptions options{"seed",
                                       [disk]() -> Result<std::unique_ptr<ports::Journal>, ports::StoreFailure> {
                                           return std::unique_ptr<ports::Journal>(
                                               std::make_unique<test::MemoryJournal>(disk));
                                       },
                                       clock, 0};
        options.quoteMs = 1'234;
        const auto world = rails::PracticeWorld::start(std::move(options)).value();
        for (const std::int64_t behindMs : {0, 5})
            QCOMPARE(world->firstExchange().quote({{1}, kBtc, dollars(100), behindMs}).value().validForMs, 1'234);
    }

    void exchangesRefuseAnotherAmountForTheSameSale() {
        Practice world;
        auto& w = world.world();
        QVERIFY(w.firstExchange().quote({{1}, kUsd, dollars(1)}).error() == RailError::UnknownUnit);
        QVERIFY(w.firstExchange().quote({{1}, kBtc, dollars(0)}).error() == RailError::Refused);
        QVERIFY(w.firstExchange().quote({{1}, kBtc, dollars(100)}).ok());
        QVERIFY(w.firstExchange().quote({{1}, kBtc, dollars(101)}).error() == RailError::Refused);
        QVERIFY(w.firstExchange().provide({1}, dollars(100)).ok());
        QVERIFY(w.firstExchange().provide({1}, dollars(101)).error() == RailError::Refused);
        QVERIFY(w.dollarExchange().pay({1}, dollars(94)).ok());
        QVERIFY(w.dollarExchange().pay({1}, dollars(95)).error() == RailError::Refused);
        QVERIFY(w.firstExchange().closeWallet({2}).ok());
        QVERIFY(w.firstExchange().provide({2}, dollars(1)).error() == RailError::Refused);
    }

    void everyDeedIsDoneOnceForASale() {
        Practice world;
        const auto quote = world.world().firstExchange().quote({{1}, kBtc, dollars(100)}).value();
        const auto wallet = world.world().firstExchange().openWallet({1}, kBtc).value();
        QCOMPARE(wallet.rail, world.rail().name());
        const auto provided = world.world().firstExchange().provide({1}, dollars(100)).value();
        const auto paid = world.world().dollarExchange().pay({1}, dollars(94)).value();
        const Amount offered{250'000, kBtc};
        const auto received = world.world().secondExchange().receive({1}, offered).value();
        QVERIFY((received.used == Amount{200'000, kBtc})); // worth the dollars that were provided
        const std::size_t kept = world.disk().records.size();
        world.restart();
        QVERIFY(world.world().firstExchange().quote({{1}, kBtc, dollars(100)}).value().coins == quote.coins);
        QCOMPARE(world.world().firstExchange().openWallet({1}, kBtc).value().address, wallet.address);
        QCOMPARE(world.world().firstExchange().provide({1}, dollars(100)).value(), provided);
        QCOMPARE(world.world().dollarExchange().pay({1}, dollars(94)).value(), paid);
        QVERIFY(world.world().secondExchange().receive({1}, offered).value().used == received.used);
        QCOMPARE(world.disk().records.size(), kept);
        QVERIFY(world.world().firstExchange().openWallet({2}, kBtc).value().address != wallet.address);
    }

    void secondExchangeTakesNoMoreThanOffered() {
        Practice world;
        QVERIFY(world.world().firstExchange().provide({1}, dollars(100)).ok());
        const Amount offered{150'000, kBtc};
        QVERIFY(world.world().secondExchange().receive({1}, offered).value().used == offered);
    }

    void refusesAJournalThatIsNotItsOwn() {
        auto disk = std::make_shared<test::MemoryRecords>();
        disk->records = {{0x01, 0x02}};
        SystemClock clock;
        const auto started = rails::PracticeWorld::start(
            {"seed",
             [disk]() -> Result<std::unique_ptr<ports::Journal>, ports::StoreFailure> {
                 return std::unique_ptr<ports::Journal>(std::make_unique<test::MemoryJournal>(disk));
             },
             clock, 0});
        QVERIFY(!started.ok());
        QVERIFY(started.error().error == ports::StoreError::Damaged);
    }
};

QTEST_GUILESS_MAIN(TestPracticeRail)
#include "tst_practice_rail.moc"
