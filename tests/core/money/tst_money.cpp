#include "core/money/TradeScale.h"
#include "tests/support/Seed.h"

#include <QTest>
#include <random>

using namespace tallylock;
using namespace tallylock::money;

namespace {
const Int128 kTen30 = powerOfTen(30);

/// Long multiplication in 32-bit digits: what the product would be without any bound.
std::vector<std::uint32_t> wideProduct(UInt128 a, UInt128 b) {
    std::vector<std::uint32_t> digits(8);
    for (std::size_t i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const std::uint64_t x = static_cast<std::uint32_t>(a >> (32 * i));
            const std::uint64_t y = static_cast<std::uint32_t>(b >> (32 * j));
            carry += x * y + digits[i + j];
            digits[i + j] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        digits[i + 4] = static_cast<std::uint32_t>(carry);
    }
    return digits;
}
UInt128 magnitude(Int128 v) { return v < 0 ? UInt128{0} - static_cast<UInt128>(v) : static_cast<UInt128>(v); }
} // namespace

class TestMoney : public QObject {
    Q_OBJECT
private slots:
    void additionAtTheEdges() {
        QVERIFY(checkedAdd(kInt128Max, 1).error() == MoneyError::Overflow);
        QVERIFY(checkedAdd(kInt128Min, -1).error() == MoneyError::Overflow);
        QVERIFY(*checkedAdd(kInt128Max, kInt128Min) == -1);
        QVERIFY(*checkedAdd(kInt128Max - 1, 1) == kInt128Max);
        QVERIFY(checkedSub(kInt128Min, 1).error() == MoneyError::Overflow);
        QVERIFY(checkedSub(0, kInt128Min).error() == MoneyError::Overflow);
        QVERIFY(*checkedSub(-1, kInt128Min) == kInt128Max);
        QVERIFY(*checkedSub(kInt128Min, kInt128Min) == 0);
    }

    void multiplicationAtTheEdges() {
        QVERIFY(checkedMul(kInt128Max, 2).error() == MoneyError::Overflow);
        QVERIFY(checkedMul(kInt128Min, -1).error() == MoneyError::Overflow);
        QVERIFY(checkedMul(-1, kInt128Min).error() == MoneyError::Overflow);
        QVERIFY(*checkedMul(kInt128Min, 1) == kInt128Min);
        QVERIFY(*checkedMul(kInt128Max, -1) == kInt128Min + 1);
        QVERIFY(*checkedMul(kInt128Max, 0) == 0);
        QVERIFY(*checkedMul(Int128{1} << 63, -(Int128{1} << 64)) == kInt128Min);
        QVERIFY(checkedMul(Int128{1} << 63, Int128{1} << 64).error() == MoneyError::Overflow);
        QVERIFY(*checkedMul(INT64_MIN, INT64_MIN) == Int128{1} << 126);
    }

    /// Against long multiplication, with numbers of all lengths.
    void multiplicationAtRandom() {
        std::mt19937_64 random(test::seedOr(20260101));
        const auto number = [&] {
            const UInt128 bits = UInt128{random()} << 64 | random();
            return static_cast<Int128>(bits) >> (random() % 128);
        };
        int overflows = 0;
        for (int i = 0; i < 20000; ++i) {
            const Int128 a = number();
            const Int128 b = number();
            const auto wide = wideProduct(magnitude(a), magnitude(b));
            UInt128 low = 0;
            for (std::size_t d = 4; d-- > 0;) low = low << 32 | wide[d];
            const bool negative = (a < 0) != (b < 0);
            const bool fits = wide[4] == 0 && wide[5] == 0 && wide[6] == 0 && wide[7] == 0 &&
                              low <= static_cast<UInt128>(kInt128Max) + (negative ? 1 : 0);
            const auto product = checkedMul(a, b);
            QCOMPARE(product.ok(), fits);
            if (fits) QVERIFY(*product == static_cast<Int128>(negative ? UInt128{0} - low : low));
            overflows += fits ? 0 : 1;
        }
        QVERIFY(overflows > 1000);
    }

    void divisionAfterMultiplication() {
        QVERIFY(mulDiv(1, 1, 0, Rounding::Up).error() == MoneyError::DivisionByZero);
        QVERIFY(mulDiv(-1, 1, 1, Rounding::Up).error() == MoneyError::Negative);
        QVERIFY(mulDiv(1, -1, 1, Rounding::Up).error() == MoneyError::Negative);
        QVERIFY(mulDiv(1, 1, -1, Rounding::Up).error() == MoneyError::Negative);
        QVERIFY(mulDiv(kInt128Max, 2, 2, Rounding::Up).error() == MoneyError::Overflow);
        QVERIFY(*mulDiv(7, 3, 2, Rounding::Up) == 11);
        QVERIFY(*mulDiv(7, 3, 2, Rounding::Down) == 10);
        QVERIFY(*mulDiv(7, 4, 2, Rounding::Up) == 14);
        QVERIFY(*mulDiv(kInt128Max, 1, 1, Rounding::Up) == kInt128Max);
    }

    void unitsDoNotMix() {
        const Amount usd{5, kUsd};
        const Amount eur{5, kEur};
        QVERIFY((usd + eur).error() == MoneyError::UnitMismatch);
        QVERIFY((usd - eur).error() == MoneyError::UnitMismatch);
        QVERIFY(notMoreThan(usd, eur).error() == MoneyError::UnitMismatch);
        QVERIFY(!(usd == eur));
        QVERIFY((Amount{kInt128Max, kUsd} + usd).error() == MoneyError::Overflow);
        QVERIFY((Amount{kInt128Min, kUsd} - usd).error() == MoneyError::Overflow);
        QVERIFY((*(usd + usd) == Amount{10, kUsd}));
        QVERIFY((*(usd - Amount{7, kUsd}) == Amount{-2, kUsd}));
        QVERIFY(*notMoreThan(usd, usd));
        QVERIFY(!*notMoreThan(usd, {4, kUsd}));
    }

    void theTableOfUnits() {
        QVERIFY(!findUnit(UnitId{0}));
        QVERIFY(!findUnit(UnitId{7}));
        QVERIFY(!findUnit(UnitId{65535}));
        QVERIFY(!findUnit("btc"));
        const std::tuple<UnitId, const char*, unsigned, unsigned> rows[] = {
            {kBtc, "BTC", 8, 8}, {kEth, "ETH", 18, 18}, {kXmr, "XMR", 12, 12},
            {kUsd, "USD", 8, 2}, {kEur, "EUR", 8, 2},   {kDusd, "DUSD", 8, 6},
        };
        QCOMPARE(allUnits().size(), std::size(rows));
        for (const auto& [id, code, ledger, rail] : rows) {
            QVERIFY(findUnit(id) && findUnit(id) == findUnit(code));
            QVERIFY(findUnit(id)->id == id);
            QCOMPARE(findUnit(id)->ledgerDecimals, ledger);
            QCOMPARE(findUnit(id)->railDecimals, rail);
        }
    }

    void feesAreRoundedTowardsTheHouse_data() {
        QTest::addColumn<qint64>("amount");
        QTest::addColumn<unsigned>("basisPoints");
        QTest::addColumn<qint64>("up");
        QTest::addColumn<qint64>("down");
        QTest::newRow("nothing") << qint64{0} << 25u << qint64{0} << qint64{0};
        QTest::newRow("no fee") << qint64{1000} << 0u << qint64{0} << qint64{0};
        QTest::newRow("exact") << qint64{10000} << 25u << qint64{25} << qint64{25};
        QTest::newRow("one over") << qint64{10001} << 25u << qint64{26} << qint64{25};
        QTest::newRow("least") << qint64{1} << 1u << qint64{1} << qint64{0};
        QTest::newRow("all of it") << qint64{12345} << 10000u << qint64{12345} << qint64{12345};
        QTest::newRow("one below") << qint64{9999} << 9999u << qint64{9999} << qint64{9998};
    }
    void feesAreRoundedTowardsTheHouse() {
        QFETCH(qint64, amount);
        QFETCH(unsigned, basisPoints);
        QFETCH(qint64, up);
        QFETCH(qint64, down);
        QVERIFY(feeOf({amount, kUsd}, basisPoints)->value == up);
        QVERIFY(feeOf({amount, kUsd}, basisPoints, Rounding::Down)->value == down);
    }

    void feesAtTheEdges() {
        QVERIFY(feeOf({-1, kUsd}, 1).error() == MoneyError::Negative);
        QVERIFY(feeOf({1, kUsd}, 10001).error() == MoneyError::RateTooHigh);
        QVERIFY(feeOf({kInt128Max, kUsd}, 10000)->value == kInt128Max);
        QVERIFY(feeOf({kInt128Max, kUsd}, 9999)->value <= kInt128Max);
        QVERIFY(meterFee({-1, kUsd}, 1, 0).error() == MoneyError::Negative);
        QVERIFY(meterFee({1, kUsd}, 10001, 0).error() == MoneyError::RateTooHigh);
        QVERIFY(meterFee({1, kUsd}, 1, 10000).error() == MoneyError::RateTooHigh);
        QVERIFY(meterFee({kInt128Max, kUsd}, 10000, 9999)->fee.value == kInt128Max);
    }

    /// However an order is cut into fills, its metered fees are the exact fee, rounded up once.
    void splittingAnOrderGainsNothing() {
        std::mt19937_64 random(7);
        for (int round = 0; round < 2000; ++round) {
            const auto basisPoints = static_cast<std::uint32_t>(random() % 10001);
            Int128 total = 0;
            Int128 paid = 0;
            std::uint16_t credit = 0;
            for (std::uint64_t fills = 1 + random() % 9; fills > 0; --fills) {
                const Int128 part = static_cast<Int128>(random() % 30000) * (random() % 5 == 0 ? kTen30 / 1000 + 1 : 1);
                const auto metered = meterFee({part, kUsd}, basisPoints, credit);
                QVERIFY(metered.ok() && metered->fee.value >= 0);
                credit = metered->credit;
                total += part;
                paid += metered->fee.value;
                QVERIFY(paid == feeOf({total, kUsd}, basisPoints)->value);
            }
        }
    }

    void conversionsAtAPrice() {
        const Amount price{Int128{65000} * 100'000'000, kUsd};
        const Amount bitcoin{100'000'000, kBtc};
        QVERIFY(*quoteFor(bitcoin, price, Rounding::Down) == price);
        QVERIFY(*baseFor(price, price, kBtc, Rounding::Up) == bitcoin);
        // 100 dollars are 0.00153846153... bitcoin.
        const Amount hundred{Int128{100} * 100'000'000, kUsd};
        QVERIFY((*baseFor(hundred, price, kBtc, Rounding::Up) == Amount{153847, kBtc}));
        QVERIFY((*baseFor(hundred, price, kBtc, Rounding::Down) == Amount{153846, kBtc}));
        QVERIFY(baseFor(hundred, {1, kEur}, kBtc, Rounding::Up).error() == MoneyError::UnitMismatch);
        QVERIFY(baseFor(hundred, {0, kUsd}, kBtc, Rounding::Up).error() == MoneyError::DivisionByZero);
        QVERIFY(baseFor(hundred, price, UnitId{99}, Rounding::Up).error() == MoneyError::UnknownUnit);
        QVERIFY(baseFor({kInt128Max, kUsd}, price, kBtc, Rounding::Up).error() == MoneyError::Overflow);
        QVERIFY(quoteFor({1, UnitId{99}}, price, Rounding::Up).error() == MoneyError::UnknownUnit);
        QVERIFY(quoteFor({-1, kBtc}, price, Rounding::Up).error() == MoneyError::Negative);
    }

    void scalesThatWouldRoundAreRefused() {
        const Amount cent{1'000'000, kUsd};
        const Amount lot{10'000, kBtc};
        QVERIFY(TradeScale::make(cent, lot).ok());
        QVERIFY(TradeScale::make({1, kUsd}, lot).error() == MoneyError::NotExact);
        QVERIFY(TradeScale::make(cent, {1, kBtc}).error() == MoneyError::NotExact);
        QVERIFY(TradeScale::make({0, kUsd}, lot).error() == MoneyError::Negative);
        QVERIFY(TradeScale::make(cent, {-1, kBtc}).error() == MoneyError::Negative);
        QVERIFY(TradeScale::make(cent, cent).error() == MoneyError::UnitMismatch);
        QVERIFY(TradeScale::make(cent, {1, UnitId{77}}).error() == MoneyError::UnknownUnit);
        QVERIFY(TradeScale::make({1, UnitId{77}}, lot).error() == MoneyError::UnknownUnit);
        QVERIFY(TradeScale::make({kInt128Max, kUsd}, lot).error() == MoneyError::Overflow);
    }

    void pricesAndQuantitiesOnTheirGrid() {
        const auto scale = *TradeScale::make({1'000'000, kUsd}, {10'000, kBtc}); // a cent, 0.0001 BTC
        QVERIFY(scale.quotePerTickLot() == 100);
        QCOMPARE(*scale.ticksOf({Int128{6'500'001} * 1'000'000, kUsd}), std::int64_t{6'500'001});
        QVERIFY(scale.ticksOf({1'500'000, kUsd}).error() == MoneyError::NotExact);
        QVERIFY(scale.ticksOf({1'000'000, kEur}).error() == MoneyError::UnitMismatch);
        QVERIFY(scale.ticksOf({-1'000'000, kUsd}).error() == MoneyError::Negative);
        QVERIFY(scale.ticksOf({powerOfTen(38), kUsd}).error() == MoneyError::Overflow);
        QVERIFY(scale.ticksOf({powerOfTen(38) + 1, kUsd}).error() == MoneyError::NotExact);
        QCOMPARE(*scale.lotsOf({30'000, kBtc}), std::int64_t{3});
        QVERIFY(scale.lotsOf({30'001, kBtc}).error() == MoneyError::NotExact);
        // 3 lots at 65,000.01: 0.0003 x 65,000.01 = 19.500003 dollars
        QVERIFY((*scale.quoteOf(6'500'001, 3) == Amount{1'950'000'300, kUsd}));
        QVERIFY(scale.quoteWithin(6'500'001, 3) == *scale.quoteOf(6'500'001, 3));
        QVERIFY(scale.quoteOf(INT64_MAX, INT64_MAX).error() == MoneyError::Overflow);
        QVERIFY(scale.quoteOf(-1, 1).error() == MoneyError::Negative);
        QVERIFY(scale.quoteOf(1, -1).error() == MoneyError::Negative);
        QVERIFY((scale.priceOf(6'500'001) == Amount{Int128{6'500'001} * 1'000'000, kUsd}));
        QVERIFY((scale.quantityOf(3) == Amount{30'000, kBtc}));
    }

    void bytesOfAmounts_data() {
        QTest::addColumn<QString>("which");
        QTest::addColumn<QString>("hex");
        QTest::newRow("zero") << "0" << QStringLiteral("820450") + QString(32, u'0');
        QTest::newRow("one") << "1" << QStringLiteral("820450") + QString(31, u'0') + u'1';
        QTest::newRow("minus one") << "-1" << QStringLiteral("820450") + QString(32, u'f');
        QTest::newRow("max") << "max" << QStringLiteral("8204507f") + QString(30, u'f');
        QTest::newRow("min") << "min" << QStringLiteral("82045080") + QString(30, u'0');
    }
    void bytesOfAmounts() {
        QFETCH(QString, which);
        QFETCH(QString, hex);
        const Int128 value = which == u"max" ? kInt128Max : which == u"min" ? kInt128Min : Int128{which.toInt()};
        const Amount amount{value, kUsd};
        QCOMPARE(QString::fromStdString(toHex(encodeCbor(amount))), hex);
        QVERIFY(*decodeCbor<Amount>(encodeCbor(amount)) == amount);
    }

    void otherBytesAreRefused() {
        const auto refusal = [](const char* hex) { return decodeCbor<Amount>(*fromHex(hex)).error(); };
        const std::string one = std::string("50") + std::string(31, '0') + "1";
        QCOMPARE(refusal(("8104" + one).substr(0, 4).c_str()), CborError::WrongType);
        QCOMPARE(refusal(("8304" + one + "00").c_str()), CborError::OutOfRange);
        QCOMPARE(refusal("82044101"), CborError::OutOfRange);                     // one byte
        QCOMPARE(refusal(("821a00010000" + one).c_str()), CborError::OutOfRange); // unit 65,536
        QCOMPARE(refusal(("8204" + one).substr(0, 20).c_str()), CborError::Truncated);
        QCOMPARE(refusal("820401"), CborError::WrongType);
    }
};

QTEST_GUILESS_MAIN(TestMoney)
#include "tst_money.moc"
