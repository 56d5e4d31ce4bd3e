// The kit's promises: amounts are read and written exactly in every locale, and every refusal has its own words.
#include "core/money/Decimal.h"
#include "ui/kit/AmountField.h"
#include "ui/kit/ProblemText.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Units.h"
#include "ui/kit/Widgets.h"

#include <QSet>
#include <QSignalSpy>
#include <QTest>

using namespace tallylock;
using namespace tallylock::ui;
using api::Problem;

Q_DECLARE_METATYPE(tallylock::api::Problem)

class TestKit : public QObject {
    Q_OBJECT
private slots:
    void refusesWhatIsNotAnAmount_data();
    void refusesWhatIsNotAnAmount();
    void readsAmountsExactly_data();
    void readsAmountsExactly();
    void writesAmountsExactly_data();
    void writesAmountsExactly();
    void writtenAmountsReadBackTheSame();
    void columnsKeepThePointsUnderEachOther();
    void fieldTellsWhatIsWrong();
    void fieldTidiesItselfWhenLeft();
    void everyProblemHasItsOwnText();
    void detailsAppearInTheText();
    void remoteTextStaysPlain();
    void spans();
};

namespace {

const api::UnitRow kDollar{money::kUsd, "USD", 8, 2, true};
const api::UnitRow kBitcoin{money::kBtc, "BTC", 8, 8, false};

QString digits(const money::Int128& value) { return QString::fromStdString(money::formatDecimal(value, 0)); }
money::Int128 integer(const char* text) { return *money::parseDecimal(text, 0); }

} // namespace

void TestKit::refusesWhatIsNotAnAmount_data() {
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("text");
    QTest::addColumn<Problem>("problem");
    QTest::newRow("nothing") << "en_US"
                             << "" << Problem::AmountInvalid;
    QTest::newRow("blank") << "en_US"
                           << "  " << Problem::AmountInvalid;
    QTest::newRow("word") << "en_US"
                          << "ten" << Problem::AmountInvalid;
    QTest::newRow("exponent") << "en_US"
                              << "1e3" << Problem::AmountInvalid;
    QTest::newRow("hexadecimal") << "en_US"
                                 << "0x10" << Problem::AmountInvalid;
    QTest::newRow("two points") << "en_US"
                                << "1.2.3" << Problem::AmountInvalid;
    QTest::newRow("point alone") << "en_US"
                                 << "." << Problem::AmountInvalid;
    QTest::newRow("nothing after the point") << "en_US"
                                             << "1." << Problem::AmountInvalid;
    QTest::newRow("a German half in English") << "en_US"
                                              << "1,5" << Problem::AmountInvalid;
    QTest::newRow("a German thousand in English") << "en_US"
                                                  << "1.234,56" << Problem::AmountInvalid;
    QTest::newRow("an English half in German") << "de_DE"
                                               << "1.5" << Problem::AmountInvalid;
    QTest::newRow("group after the point") << "en_US"
                                           << "0.123,456" << Problem::AmountInvalid;
    QTest::newRow("group too short") << "en_US"
                                     << "1,23,456" << Problem::AmountInvalid;
    QTest::newRow("group in front") << "en_US"
                                    << ",123" << Problem::AmountInvalid;
    QTest::newRow("unit typed too") << "en_US"
                                    << "5 USD" << Problem::AmountInvalid;
    QTest::newRow("another script's digits") << "en_US" << QStringLiteral("\u0661\u0662") << Problem::AmountInvalid;
    QTest::newRow("negative") << "en_US"
                              << "-5" << Problem::AmountNegative;
    QTest::newRow("negative, real minus") << "en_US" << QStringLiteral("\u22125") << Problem::AmountNegative;
    QTest::newRow("negative in German") << "de_DE"
                                        << "-5,00" << Problem::AmountNegative;
    QTest::newRow("minus in the middle") << "en_US"
                                         << "5-5" << Problem::AmountInvalid;
    QTest::newRow("too precise") << "en_US"
                                 << "0.123456789" << Problem::AmountTooPrecise;
    QTest::newRow("too precise in German") << "de_DE"
                                           << "0,123456789" << Problem::AmountTooPrecise;
    QTest::newRow("too large by one") << "en_US"
                                      << "1701411834604692317316873037158.84105728" << Problem::AmountOverflow;
    QTest::newRow("far too large") << "en_US" << QString(50, u'9') << Problem::AmountOverflow;
    QTest::newRow("too long") << "en_US" << QString(70, u'9') << Problem::AmountOverflow;
}

void TestKit::refusesWhatIsNotAnAmount() {
    QFETCH(QString, locale);
    QFETCH(QString, text);
    QFETCH(Problem, problem);
    const auto amount = parseMoney(text, kDollar, -1, QLocale(locale));
    QVERIFY(!amount);
    QCOMPARE(api::nameOf(amount.error()), api::nameOf(problem));
}

void TestKit::readsAmountsExactly_data() {
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("value");
    QTest::newRow("whole") << "en_US"
                           << "12"
                           << "1200000000";
    QTest::newRow("zero") << "en_US"
                          << "0"
                          << "0";
    QTest::newRow("a tenth is a tenth") << "en_US"
                                        << "0.1"
                                        << "10000000";
    QTest::newRow("smallest") << "en_US"
                              << "0.00000001"
                              << "1";
    QTest::newRow("point first") << "en_US"
                                 << ".5"
                                 << "50000000";
    QTest::newRow("groups") << "en_US"
                            << "1,234,567.89"
                            << "123456789000000";
    QTest::newRow("no groups") << "en_US"
                               << "1234567.89"
                               << "123456789000000";
    QTest::newRow("blanks around") << "en_US"
                                   << " 7 "
                                   << "700000000";
    QTest::newRow("German") << "de_DE"
                            << "1.234.567,89"
                            << "123456789000000";
    QTest::newRow("German half") << "de_DE"
                                 << "1,5"
                                 << "150000000";
    QTest::newRow("German thousand") << "de_DE"
                                     << "1.234"
                                     << "123400000000";
    QTest::newRow("French, narrow blank") << "fr_FR" << QStringLiteral("1\u202f234,5") << "123450000000";
    QTest::newRow("French, plain blank") << "fr_FR"
                                         << "1 234,5"
                                         << "123450000000";
    QTest::newRow("Swiss, straight mark") << "de_CH"
                                          << "1'234.5"
                                          << "123450000000";
    QTest::newRow("Swiss, curly mark") << "de_CH" << QStringLiteral("1\u2019234.5") << "123450000000";
    QTest::newRow("Indian groups") << "en_IN"
                                   << "12,34,567.5"
                                   << "123456750000000";
    QTest::newRow("Arabic digits") << "ar_EG" << QStringLiteral("\u0661\u066c\u0662\u0663\u0664\u066b\u0665")
                                   << "123450000000";
    QTest::newRow("plain digits in Arabic") << "ar_EG" << QStringLiteral("1234\u066b5") << "123450000000";
    QTest::newRow("largest") << "en_US"
                             << "1701411834604692317316873037158.84105727"
                             << "170141183460469231731687303715884105727";
}

void TestKit::readsAmountsExactly() {
    QFETCH(QString, locale);
    QFETCH(QString, text);
    QFETCH(QString, value);
    const auto amount = parseMoney(text, kDollar, -1, QLocale(locale));
    QVERIFY(amount);
    QCOMPARE(digits(amount->value), value);
    QVERIFY(amount->unit == kDollar.id);
}

void TestKit::writesAmountsExactly_data() {
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << "en_US"
                          << "0"
                          << "0.00";
    QTest::newRow("usual digits") << "en_US"
                                  << "123450000000"
                                  << "1,234.50";
    QTest::newRow("never fewer than it has") << "en_US"
                                             << "100000001"
                                             << "1.00000001";
    QTest::newRow("German") << "de_DE"
                            << "123456789000000"
                            << "1.234.567,89";
    QTest::newRow("Indian") << "en_IN"
                            << "123456750000000"
                            << "12,34,567.50";
    QTest::newRow("Arabic") << "ar_EG"
                            << "123450000000" << QStringLiteral("\u0661\u066c\u0662\u0663\u0664\u066b\u0665\u0660");
    QTest::newRow("Spanish groups from five digits") << "es_ES"
                                                     << "123400000000"
                                                     << "1234,00";
    QTest::newRow("largest") << "en_US"
                             << "170141183460469231731687303715884105727"
                             << "1,701,411,834,604,692,317,316,873,037,158.84105727";
}

void TestKit::writesAmountsExactly() {
    QFETCH(QString, locale);
    QFETCH(QString, value);
    QFETCH(QString, text);
    const api::Amount amount{integer(value.toLatin1().constData()), kDollar.id};
    QCOMPARE(moneyText(amount, 8, 2, QLocale(locale)), text);
    if (!amount.isZero()) {
        const QString negative = moneyText({-amount.value, amount.unit}, 8, 2, QLocale(locale));
        QCOMPARE(negative, QLocale(locale).negativeSign() + text);
    }
}

void TestKit::writtenAmountsReadBackTheSame() {
    const auto locales = {"en_US", "de_DE", "fr_FR", "de_CH", "en_IN", "ar_EG",
                          "fa_IR", "es_ES", "pl_PL", "ja_JP", "he_IL"};
    for (const char* name : locales) {
        const QLocale locale{QLatin1String(name)};
        for (money::Int128 value = 1; value < money::kInt128Max / 13; value *= 13) {
            const QString text = moneyText({value, kDollar.id}, 8, 2, locale);
            const auto back = parseMoney(text, kDollar, -1, locale);
            QVERIFY2(back && back->value == value, qPrintable(QLatin1String(name) + u' ' + text));
        }
    }
}

void TestKit::columnsKeepThePointsUnderEachOther() {
    QLocale::setDefault(QLocale(QStringLiteral("en_US")));
    const Units units({kDollar, kBitcoin});
    const QString whole = units.column({integer("500000000"), kDollar.id}, 4);
    const QString fine = units.column({integer("500010000"), kDollar.id}, 4);
    QCOMPARE(whole, QStringLiteral("5.00\u2007\u2007"));
    QCOMPARE(fine, QStringLiteral("5.0001"));
    QCOMPARE(units.text({integer("150000000"), kBitcoin.id}), QStringLiteral("1.50000000\u00a0BTC"));
    QCOMPARE(units.signedText({integer("100000000"), kDollar.id}), QStringLiteral("+1.00\u00a0USD"));
}

void TestKit::fieldTellsWhatIsWrong() {
    AmountField field(kDollar);
    field.setLocale(QLocale(QStringLiteral("de_DE")));
    QSignalSpy changed(&field, &AmountField::amountChanged);
    QVERIFY(!field.amount());
    QVERIFY(field.problem().isEmpty()); // untouched

    QTest::keyClicks(&field, QStringLiteral("1.5"));
    QVERIFY(!field.amount());
    QCOMPARE(field.problem(), problemText(Problem::AmountInvalid));
    QCOMPARE(field.accessibleDescription(), field.problem());
    QVERIFY(!field.note()->isHidden());

    field.clear();
    QTest::keyClicks(&field, QStringLiteral("1,5"));
    QVERIFY(field.amount());
    QCOMPARE(digits(field.amount()->value), QStringLiteral("150000000"));
    QVERIFY(field.problem().isEmpty());
    QVERIFY(field.note()->isHidden());
    QCOMPARE(changed.size(), 7);

    field.setText(QStringLiteral("0,00"));
    QCOMPARE(field.problem(), problemText(Problem::AmountZero));
    field.setZeroAllowed(true);
    QVERIFY(field.amount());

    field.setUnit(kDollar, 2);
    field.setText(QStringLiteral("0,123"));
    QCOMPARE(field.problem(), problemText(Problem::AmountTooPrecise));
}

void TestKit::fieldTidiesItselfWhenLeft() {
    AmountField field(kDollar);
    field.setLocale(QLocale(QStringLiteral("en_US")));
    field.setText(QStringLiteral("1234.5"));
    QFocusEvent out(QEvent::FocusOut);
    QCoreApplication::sendEvent(&field, &out);
    QCOMPARE(field.text(), QStringLiteral("1,234.50"));
    field.setText(QStringLiteral("nonsense"));
    QCoreApplication::sendEvent(&field, &out);
    QCOMPARE(field.text(), QStringLiteral("nonsense")); // the person's text is never thrown away
    // A field that takes fewer digits than the unit has must take back what it tidied.
    field.setUnit(kBitcoin, 4);
    field.setText(QStringLiteral("0.01"));
    QCoreApplication::sendEvent(&field, &out);
    QCOMPARE(field.text(), QStringLiteral("0.0100"));
    QVERIFY(field.amount());
}

void TestKit::everyProblemHasItsOwnText() {
    const QString fallback = problemText(Problem::Internal);
    QSet<QString> seen;
    for (int i = 0; i < static_cast<int>(Problem::kCount); ++i) {
        const auto problem = static_cast<Problem>(i);
        const QString text = problemText(problem);
        QVERIFY2(text.endsWith(u'.') && text.size() > 15, api::nameOf(problem));
        QVERIFY2(!text.contains(u"%1"), api::nameOf(problem));
        QVERIFY2(!seen.contains(text), api::nameOf(problem));
        if (problem != Problem::Internal) QVERIFY2(text.left(20) != fallback.left(20), api::nameOf(problem));
        seen.insert(text);
    }
}

void TestKit::detailsAppearInTheText() {
    QVERIFY(problemText({Problem::PhraseWordUnknown, "7"}).contains(u"Word 7 "));
    QVERIFY(problemText({Problem::SealedFileDamaged, "12"}).contains(u"portion 12"));
    QVERIFY(problemText({Problem::Internal, "core/x.cpp:7"}).contains(u"core/x.cpp:7"));
}

void TestKit::remoteTextStaysPlain() {
    const QString evil = QStringLiteral("<a href=\"http://example.org\">click</a>\n<b>me</b>");
    PlainLabel label(evil);
    QCOMPARE(label.text(), evil.simplified());
    QVERIFY(label.toolTip().contains(u"&lt;a href"));
    QCOMPARE(plainText(evil)->textFormat(), Qt::PlainText);
}

void TestKit::spans() {
    QLocale::setDefault(QLocale(QStringLiteral("en_US")));
    QCOMPARE(spanText(45'000), QStringLiteral("45 s"));
    QCOMPARE(spanText(3 * 60'000), QStringLiteral("3 min"));
    QCOMPARE(spanText(125 * 60'000), QStringLiteral("2 h 5 min"));
    QCOMPARE(spanText(24 * 60 * 60'000), QStringLiteral("24 h"));
    QCOMPARE(spanText(96LL * 60 * 60'000), QStringLiteral("4 days"));
    QCOMPARE(deadlineText(0), QString());
    QCOMPARE(deadlineText(1), QStringLiteral("overdue"));
}

QTEST_MAIN(TestKit)
#include "tst_kit.moc"
