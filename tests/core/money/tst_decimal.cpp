#include "core/money/Decimal.h"
#include "tests/support/Seed.h"

#include <QTest>
#include <random>

using namespace tallylock;
using namespace tallylock::money;

class TestDecimal : public QObject {
    Q_OBJECT
private slots:
    void badTexts_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("error");
        const std::pair<const char*, MoneyError> rows[] = {
            {"", MoneyError::NotANumber},
            {".", MoneyError::NotANumber},
            {"1.", MoneyError::NotANumber},
            {".5", MoneyError::NotANumber},
            {"1.2.3", MoneyError::NotANumber},
            {"1,5", MoneyError::NotANumber},
            {"1 000", MoneyError::NotANumber},
            {" 1", MoneyError::NotANumber},
            {"1 ", MoneyError::NotANumber},
            {"+1", MoneyError::NotANumber},
            {"-", MoneyError::NotANumber},
            {"--1", MoneyError::NotANumber},
            {"-1", MoneyError::Negative},
            {"-0", MoneyError::Negative},
            {"1e5", MoneyError::NotANumber},
            {"1e400", MoneyError::NotANumber},
            {"0x10", MoneyError::NotANumber},
            {"NaN", MoneyError::NotANumber},
            {"inf", MoneyError::NotANumber},
            {"\xd9\xa1\xd9\xa2", MoneyError::NotANumber}, // Arabic-Indic digits
            {"\xef\xbc\x91", MoneyError::NotANumber},     // a full-width one
            {"1\xe2\x80\x8b", MoneyError::NotANumber},    // a zero-width space
            {"1\xc2\xa0"
             "000",
             MoneyError::NotANumber}, // a no-break space
            {"0.123456789", MoneyError::TooManyDecimals},
            {"0.000000000", MoneyError::TooManyDecimals},
            {"1701411834604692317316873037158.84105728", MoneyError::Overflow}, // 2^127 parts
            {"99999999999999999999999999999999999999999999", MoneyError::Overflow},
            {"0000000000000000000000000000000000000000000000000000000000000", MoneyError::TooLong},
        };
        for (const auto& [text, error] : rows) {
            QTest::addRow("'%s'", text) << QByteArray(text) << static_cast<int>(error);
        }
    }
    void badTexts() {
        QFETCH(QByteArray, text);
        QFETCH(int, error);
        const auto result = parseAmount(text.toStdString(), kUsd);
        QVERIFY(!result.ok());
        QCOMPARE(QByteArray(nameOf(result.error())), QByteArray(nameOf(static_cast<MoneyError>(error))));
    }

    void textWithAZeroByte() {
        QVERIFY(parseAmount(std::string_view("1\0", 2), kUsd).error() == MoneyError::NotANumber);
        QVERIFY(parseAmount("1", UnitId{99}).error() == MoneyError::UnknownUnit);
    }

    void goodTexts_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("parts");
        QTest::addColumn<QString>("printed");
        QTest::newRow("nothing") << "0"
                                 << "USD"
                                 << "0"
                                 << "0.00";
        QTest::newRow("no cents") << "100"
                                  << "USD"
                                  << "10000000000"
                                  << "100.00";
        QTest::newRow("a cent") << "0.01"
                                << "USD"
                                << "1000000"
                                << "0.01";
        QTest::newRow("finer than a cent") << "0.00000001"
                                           << "USD"
                                           << "1"
                                           << "0.00000001";
        QTest::newRow("trailing zeros") << "12.50000000"
                                        << "USD"
                                        << "1250000000"
                                        << "12.50";
        QTest::newRow("leading zeros") << "007.5"
                                       << "USD"
                                       << "750000000"
                                       << "7.50";
        QTest::newRow("satoshi") << "0.00000001"
                                 << "BTC"
                                 << "1"
                                 << "0.00000001";
        QTest::newRow("all bitcoin") << "21000000"
                                     << "BTC"
                                     << "2100000000000000"
                                     << "21000000";
        QTest::newRow("wei") << "1.000000000000000001"
                             << "ETH"
                             << "1000000000000000001"
                             << "1.000000000000000001";
        QTest::newRow("piconero") << "3.5"
                                  << "XMR"
                                  << "3500000000000"
                                  << "3.5";
        QTest::newRow("most") << "1701411834604692317316873037158.84105727"
                              << "EUR"
                              << "170141183460469231731687303715884105727"
                              << "1701411834604692317316873037158.84105727";
    }
    void goodTexts() {
        QFETCH(QString, text);
        QFETCH(QString, unit);
        QFETCH(QString, parts);
        QFETCH(QString, printed);
        const Unit* known = findUnit(unit.toStdString());
        const auto amount = parseAmount(text.toStdString(), known->id);
        QVERIFY(amount.ok());
        QCOMPARE(QString::fromStdString(formatDecimal(amount->value, 0)), parts);
        QCOMPARE(QString::fromStdString(formatAmount(*amount)), printed);
        QCOMPARE(QString::fromStdString(formatWithCode(*amount)), printed + u' ' + unit);
    }

    void negativeAmountsPrint() {
        QCOMPARE(formatAmount({-1'250'000'000, kUsd}), std::string("-12.50"));
        QCOMPARE(formatAmount({-1, kBtc}), std::string("-0.00000001"));
        QCOMPARE(formatDecimal(kInt128Min, 0), std::string("-170141183460469231731687303715884105728"));
        QCOMPARE(formatDecimal(kInt128Min, 38), std::string("-1.70141183460469231731687303715884105728"));
    }

    void groups() {
        QCOMPARE(formatAmount({Int128{1234567} * 100'000'000, kUsd}, ','), std::string("1,234,567.00"));
        QCOMPARE(formatAmount({Int128{123} * 100'000'000, kUsd}, ','), std::string("123.00"));
        QCOMPARE(formatAmount({Int128{-123456} * 100'000'000, kUsd}, ','), std::string("-123,456.00"));
        QCOMPARE(formatDecimal(12345678, 3, {1, ' ', ','}), std::string("12 345,678"));
        QCOMPARE(formatDecimal(12345000, 3, {1, ' ', ','}), std::string("12 345,0"));
        QCOMPARE(formatDecimal(0, 0), std::string("0"));
        QCOMPARE(formatDecimal(0, 3), std::string("0"));
    }

    /// Printing and parsing are each other's inverse.
    void roundTripsAtRandom() {
        std::mt19937_64 random(test::seedOr(20260102));
        for (int i = 0; i < 20000; ++i) {
            const Unit& unit = allUnits()[random() % allUnits().size()];
            const UInt128 bits = (UInt128{random()} << 64 | random()) >> (1 + random() % 127);
            const Amount amount{static_cast<Int128>(bits), unit.id};
            const std::string text = formatAmount(amount);
            const auto again = parseAmount(text, unit.id);
            QVERIFY2(again.ok() && *again == amount, text.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestDecimal)
#include "tst_decimal.moc"
