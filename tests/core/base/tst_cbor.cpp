#include "core/base/CborFields.h"

#include <QTest>

using namespace tallylock;

namespace {
enum class Colour : std::uint8_t { Red, Green, kCount };
struct Inner {
    static constexpr std::uint64_t kType = 7;
    std::uint64_t n = 0;
    bool operator==(const Inner&) const = default;
    static constexpr void fields(auto use) { use(field(1, &Inner::n)); }
};
struct Empty {
    static constexpr std::uint64_t kType = 9;
    bool operator==(const Empty&) const = default;
    static constexpr void fields(auto use) { use(); }
};
struct Sample {
    std::int64_t a = 0;
    std::optional<std::string> b;
    Bytes c;
    Colour d = Colour::Red;
    std::vector<Inner> e;
    std::variant<Inner, Empty> f;
    Hash g;
    bool operator==(const Sample&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Sample::a), field(2, &Sample::b), field(4, &Sample::c), field(5, &Sample::d),
            field(6, &Sample::e), field(7, &Sample::f), field(30, &Sample::g));
    }
};
Sample sample() {
    Sample s;
    s.a = -500;
    s.b = "tally";
    s.c = {1, 2, 3};
    s.d = Colour::Green;
    s.e = {{5}, {6}};
    s.f = Empty{};
    s.g.bytes.fill(0xaa);
    return s;
}
} // namespace

class TestCbor : public QObject {
    Q_OBJECT
private slots:
    /// Appendix A of RFC 8949, the kinds that we allow.
    void rfcExamples_data() {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<QString>("hex");
        const std::pair<qint64, const char*> rows[] = {{0, "00"},
                                                       {23, "17"},
                                                       {24, "1818"},
                                                       {100, "1864"},
                                                       {1000, "1903e8"},
                                                       {1000000, "1a000f4240"},
                                                       {1000000000000, "1b000000e8d4a51000"},
                                                       {-1, "20"},
                                                       {-10, "29"},
                                                       {-100, "3863"},
                                                       {-1000, "3903e7"}};
        for (const auto& [value, hex] : rows) QTest::addRow("%lld", value) << value << QString::fromLatin1(hex);
    }
    void rfcExamples() {
        QFETCH(qint64, value);
        QFETCH(QString, hex);
        CborWriter writer;
        writer.signedInt(value);
        QCOMPARE(toHex(writer.bytes()), hex.toStdString());
        CborReader reader(writer.bytes());
        QCOMPARE(reader.signedInt(), value);
        QVERIFY(reader.finish());
    }

    void structRoundTrip() {
        const Bytes bytes = encodeCbor(sample());
        const auto again = decodeCbor<Sample>(bytes);
        QVERIFY(again.ok());
        QVERIFY(*again == sample());
        QCOMPARE(toHex(bytes), std::string("a7013901f302657461"
                                           "6c6c790443010203050106"
                                           "82a10105a10106078209a0181e5820") +
                                   std::string(64, 'a'));
    }

    void everyTruncationIsRefused() {
        const Bytes bytes = encodeCbor(sample());
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto result = decodeCbor<Sample>(ByteView(bytes).first(size));
            QVERIFY(!result.ok());
        }
    }

    void refusals_data() {
        QTest::addColumn<QString>("hex");
        QTest::addColumn<int>("error");
        const std::tuple<const char*, const char*, CborError> rows[] = {
            {"trailing", "a1010500", CborError::Trailing},
            {"long head", "a1011805", CborError::NotCanonical},
            {"long map head", "b8010105", CborError::NotCanonical},
            {"indefinite map", "bf0105ff", CborError::NotCanonical},
            {"unknown key", "a201050306", CborError::UnknownKey},
            {"unknown key before", "a200050105", CborError::UnknownKey},
            {"missing key", "a0", CborError::MissingKey},
            {"repeated key", "a201050105", CborError::NotCanonical},
            {"float", "a101f90000", CborError::WrongType},
            {"text", "a1016161", CborError::WrongType},
            {"null", "a101f6", CborError::WrongType},
        };
        for (const auto& [name, hex, error] : rows) {
            QTest::newRow(name) << QString::fromLatin1(hex) << static_cast<int>(error);
        }
    }
    void refusals() {
        QFETCH(QString, hex);
        QFETCH(int, error);
        const auto result = decodeCbor<Inner>(*fromHex(hex.toStdString()));
        QVERIFY(!result.ok());
        QCOMPARE(static_cast<int>(result.error()), error);
    }

    void unknownUnionTagAndEnumerator() {
        using Union = std::variant<Inner, Empty>;
        QCOMPARE(decodeCbor<Union>(*fromHex("8208a0")).error(), CborError::UnknownKey);
        QCOMPARE(decodeCbor<Colour>(*fromHex("02")).error(), CborError::UnknownKey);
    }

    void textMustBeUtf8() {
        for (const char* bad : {"61ff", "62c080", "63eda080", "64f4908080", "61c3"}) {
            QCOMPARE(decodeCbor<std::string>(*fromHex(bad)).error(), CborError::NotText);
        }
        QCOMPARE(*decodeCbor<std::string>(*fromHex("63e282ac")), std::string("\xe2\x82\xac"));
    }

    void countsAreBoundedByTheInput() {
        QCOMPARE(decodeCbor<std::vector<std::uint64_t>>(*fromHex("9b0000ffffffffffff")).error(), CborError::OutOfRange);
        QCOMPARE(decodeCbor<std::vector<std::uint64_t>>(*fromHex("990fff")).error(), CborError::Truncated);
        QCOMPARE(decodeCbor<Bytes>(*fromHex("5b7fffffffffffffff")).error(), CborError::OutOfRange);
    }

    void extremes() {
        for (const std::int64_t value : {INT64_MIN, INT64_MAX, std::int64_t{-1}}) {
            QCOMPARE(*decodeCbor<std::int64_t>(encodeCbor(value)), value);
        }
        QCOMPARE(*decodeCbor<std::uint64_t>(encodeCbor(UINT64_MAX)), UINT64_MAX);
        QCOMPARE(decodeCbor<std::uint8_t>(encodeCbor(std::uint64_t{256})).error(), CborError::OutOfRange);
        QCOMPARE(decodeCbor<std::int64_t>(*fromHex("3b8000000000000000")).error(), CborError::OutOfRange);
    }
};

QTEST_GUILESS_MAIN(TestCbor)
#include "tst_cbor.moc"
