// The bytes of every message, frozen. A line of tests/vectors/messages.txt is "union type hex". If this test fails, the
// encoding has changed: that needs a new version, not a new line. New types are added with TALLYLOCK_ADD_VECTORS=1,
// also to what the fuzzing of messages begins from.
#include "Filler.h"
#include "core/wire/Batch.h"
#include "core/wire/Connection.h"
#include "core/wire/Frames.h"

#include <QFile>
#include <QTest>
#include <map>

using namespace tallylock;
using namespace tallylock::wire;

namespace {
template <class... Ts>
std::variant<Ts...> alternativesOf(const std::variant<Ts...>&);
template <class Union>
using Alternatives = decltype(alternativesOf(std::declval<const Union&>()));

template <class Union, std::size_t... I>
void sampleAll(const std::string& name, std::map<std::string, Bytes>& out, std::index_sequence<I...>) {
    const auto one = [&](auto index) {
        using T = std::variant_alternative_t<decltype(index)::value, Alternatives<Union>>;
        test::Filler filler;
        out[name + " " + std::to_string(T::kType)] = encodeCbor(Union(filler.make<T>()));
    };
    (one(std::integral_constant<std::size_t, I>{}), ...);
}
template <class Union>
void sampleAll(const std::string& name, std::map<std::string, Bytes>& out) {
    sampleAll<Union>(name, out, std::make_index_sequence<std::variant_size_v<Alternatives<Union>>>{});
}
template <class Union>
bool roundTrips(ByteView bytes) {
    const auto decoded = decodeCbor<Union>(bytes);
    return decoded && encodeCbor(*decoded) == bytesOf(bytes);
}

/// Messages that have got optional fields since they were frozen, and how often: without them their bytes are what they
/// were, and with them they have a line of their own.
constexpr struct {
    const char* name;
    int times;
} kExtended[] = {
    {"answer 4", 7},           {"answer 71", 2},       {"command 22", 1},   {"command 30", 1},
    {"command 31", 1},         {"command 41", 5},      {"command 43", 7},   {"command 48", 1},
    {"command 52", 1},         {"command 61", 5},      {"event 24", 1},     {"event 30", 1},
    {"event 31", 1},           {"event 32", 1},        {"event 42", 8},     {"request 20", 7},
    {"request 23", 7},         {"request 25", 7},      {"request 58", 3},   {"struct batch", 1},
    {"struct config", 7},      {"struct contract", 7}, {"struct terms", 7}, {"struct payout-receipt", 1},
    {"struct stream-item", 1}, {"to-client 2", 1},
};
std::string nameOfExtended(const std::string& name, int times) {
    static constexpr const char* kTimes[] = {"",
                                             " extended",
                                             " extended twice",
                                             " extended thrice",
                                             " extended four times",
                                             " extended five times",
                                             " extended six times",
                                             " extended seven times",
                                             " extended eight times"};
    return name + kTimes[times];
}
/// All that such a message has been before.
std::vector<std::string> namesBefore() {
    std::vector<std::string> names;
    for (const auto& [name, times] : kExtended)
        for (int i = 0; i < times; ++i) names.push_back(nameOfExtended(name, i));
    return names;
}

/// Whether these bytes are a message of this name, and are written as they were read.
bool roundTripsAs(const std::string& name, const Bytes& bytes) {
    if (name.starts_with("command")) return roundTrips<engine::CommandBody>(bytes);
    if (name.starts_with("event")) return roundTrips<engine::EventBody>(bytes);
    if (name.starts_with("request")) return roundTrips<Request>(bytes);
    if (name.starts_with("answer")) return roundTrips<Answer>(bytes);
    if (name.starts_with("to-server")) return roundTrips<ToServer>(bytes);
    if (name.starts_with("to-client")) return roundTrips<ToClient>(bytes);
    if (name.starts_with("struct batch")) return roundTrips<Batch>(bytes);
    if (name.starts_with("struct config")) return roundTrips<engine::Config>(bytes);
    if (name.starts_with("struct contract")) return roundTrips<engine::Contract>(bytes);
    if (name.starts_with("struct payout-receipt")) return roundTrips<engine::PayoutReceipt>(bytes);
    if (name.starts_with("struct terms")) return roundTrips<engine::Terms>(bytes);
    return roundTrips<StreamItem>(bytes);
}

/// One that has given so many values already: what is frozen was filled after others.
test::Filler fillerAfter(int values) {
    test::Filler filler;
    for (int i = 0; i < values; ++i) (void)filler.make<std::uint64_t>();
    return filler;
}

std::map<std::string, Bytes> samples() {
    std::map<std::string, Bytes> all;
    sampleAll<engine::CommandBody>("command", all);
    sampleAll<engine::EventBody>("event", all);
    sampleAll<Request>("request", all);
    sampleAll<Answer>("answer", all);
    sampleAll<ToServer>("to-server", all);
    sampleAll<ToClient>("to-client", all);
    all["struct terms"] = encodeCbor(test::Filler().make<engine::Terms>());
    all["struct contract"] = encodeCbor(test::Filler().make<engine::Contract>());
    all["struct payout-receipt"] = encodeCbor(fillerAfter(56).make<engine::PayoutReceipt>());
    all["struct config"] = encodeCbor(test::Filler().make<engine::Config>());
    all["struct batch"] = encodeCbor(test::Filler().make<Batch>());
    all["struct stream-item"] = encodeCbor(fillerAfter(82).make<StreamItem>());
    for (const auto& [name, times] : kExtended) {
        auto node = all.extract(name);
        node.key() = nameOfExtended(name, times);
        all.insert(std::move(node));
    }
    return all;
}

keys::Identity signer() {
    return keys::Identity::fromSeed(SecretBytes::copyOf(viewOf("a seed for tests, 32 bytes long.")));
}
} // namespace

class TestMessages : public QObject {
    Q_OBJECT

    /// Of this message, or none if the fuzz target reads no such thing by itself (tests/fuzz/fuzz_message.cpp).
    static QString corpusPath(const std::string& name) {
        QString file = QString::fromStdString(name);
        if (name.starts_with("struct")) return {};
        return QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/fuzz/corpus/message/") +
               file.replace(QLatin1Char(' '), QLatin1Char('_'));
    }
    /// Its first byte says what it is.
    static QByteArray corpusBytes(const std::string& name, const Bytes& bytes) {
        const char kind = name.starts_with("request")     ? 0
                          : name.starts_with("answer")    ? 1
                          : name.starts_with("command")   ? 2
                          : name.starts_with("event")     ? 3
                          : name.starts_with("to-server") ? 8
                                                          : 9;
        QByteArray content(1, kind);
        for (const std::uint8_t byte : bytes) content.append(static_cast<char>(byte));
        return content;
    }

    static QString vectorsPath() { return QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/messages.txt"); }
    static std::map<std::string, std::string> frozen() {
        std::map<std::string, std::string> lines;
        QFile file(vectorsPath());
        if (!file.open(QIODevice::ReadOnly)) return lines;
        for (const QByteArray& line : file.readAll().split('\n')) {
            const auto space = line.lastIndexOf(' ');
            if (space > 0 && !line.startsWith('#'))
                lines[line.left(space).toStdString()] = line.mid(space + 1).toStdString();
        }
        return lines;
    }

private slots:
    void initTestCase() {
        if (!qEnvironmentVariableIsSet("TALLYLOCK_ADD_VECTORS")) return;
        auto lines = frozen();
        for (const auto& [name, bytes] : samples()) lines.emplace(name, toHex(bytes));
        QFile file(vectorsPath());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("# Frozen bytes of every message: union, type, hexadecimal. Made by tst_messages; never edited.\n");
        for (const auto& [name, hex] : lines) file.write(QByteArray::fromStdString(name + " " + hex + "\n"));
        for (const auto& [name, bytes] : samples()) {
            QFile sample(corpusPath(name));
            if (sample.fileName().isEmpty() || sample.exists()) continue;
            QVERIFY(sample.open(QIODevice::WriteOnly));
            sample.write(corpusBytes(name, bytes));
        }
    }

    void fuzzingBeginsFromEveryMessage() {
        for (const auto& [name, bytes] : samples()) {
            QFile sample(corpusPath(name));
            if (sample.fileName().isEmpty()) continue;
            QVERIFY2(sample.open(QIODevice::ReadOnly), qPrintable(sample.fileName()));
            QCOMPARE(sample.read(1), corpusBytes(name, bytes).left(1));
            QVERIFY2(sample.size() > 3, name.c_str());
        }
    }

    void bytesAreFrozen() {
        const auto lines = frozen();
        const auto now = samples();
        QCOMPARE(lines.size(), now.size() + namesBefore().size());
        for (const auto& [name, bytes] : now) {
            QVERIFY2(lines.contains(name), name.c_str());
            QVERIFY2(lines.at(name) == toHex(bytes), name.c_str());
        }
    }

    void whatWasWrittenBeforeIsRead() {
        const auto lines = frozen();
        for (const std::string& name : namesBefore()) {
            const auto bytes = fromHex(lines.at(name));
            QVERIFY2(bytes, name.c_str());
            QVERIFY2(roundTripsAs(name, *bytes), name.c_str());
        }
    }

    void everyMessageRoundTrips() {
        for (const auto& [name, bytes] : samples()) QVERIFY2(roundTripsAs(name, bytes), name.c_str());
    }

    /// Cut anywhere, or with any byte changed, a message is refused or means something else; it is never taken for
    /// itself.
    void damageIsNoticed() {
        for (const auto& [name, bytes] : samples()) {
            if (!name.starts_with("command")) continue;
            for (std::size_t size = 0; size < bytes.size(); ++size) {
                QVERIFY(!decodeCbor<engine::CommandBody>(ByteView(bytes).first(size)).ok());
            }
            for (std::size_t at = 0; at < bytes.size(); ++at) {
                Bytes changed = bytes;
                changed[at] ^= 0x40;
                const auto decoded = decodeCbor<engine::CommandBody>(changed);
                QVERIFY(!decoded.ok() || encodeCbor(*decoded) == changed);
            }
        }
    }

    // --- envelopes ------------------------------------------------------------------------------------------------

    void envelope() {
        const auto me = signer();
        const Bytes bytes = sealCommand(me, 7, engine::CancelOrder{{12}});
        const auto command = openCommand(bytes);
        QVERIFY(command.ok());
        QVERIFY(command->signer == me.key());
        QCOMPARE(command->counter, std::uint64_t{7});
        QVERIFY(std::get<engine::CancelOrder>(command->body).order == OrderId{12});
        QVERIFY(command->hash == readCommand(bytes)->hash);
    }

    void everyFlippedBitOfAnEnvelopeIsRefused() {
        const Bytes bytes = sealCommand(signer(), 7, engine::CancelOrder{{12}});
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            Bytes changed = bytes;
            changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
            QVERIFY2(!openCommand(changed).ok(), qPrintable(QString::number(bit)));
        }
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            QVERIFY(openCommand(ByteView(bytes).first(size)).error() == WireError::Malformed);
        }
    }

    void envelopeErrorsAreNamed() {
        Bytes bytes = sealCommand(signer(), 7, engine::CancelOrder{{12}});
        Bytes version = bytes;
        version[2] = 2; // the value after key 1
        QCOMPARE(openCommand(version).error(), WireError::UnknownVersion);
        Bytes type = bytes;
        type[5] = 99; // {1: 1, 2: 24 | type, ...}: the type's byte
        QCOMPARE(openCommand(type).error(), WireError::UnknownType);
        Bytes forged = bytes;
        forged.back() ^= 1;
        QCOMPARE(openCommand(forged).error(), WireError::SignatureInvalid);
        QCOMPARE(openCommand(Bytes(kMaxEnvelopeSize + 1)).error(), WireError::TooLarge);
    }

    // --- batches ---------------------------------------------------------------------------------------------------

    void batchSignatureCoversEverything() {
        const auto coordinator = signer();
        test::Filler filler;
        const Batch made = [&] {
            Batch batch = filler.make<Batch>();
            signBatch(batch, coordinator);
            return batch;
        }();
        QVERIFY(verifyBatch(made, coordinator.key()));
        const auto changed = [&](auto change) {
            Batch batch = made;
            change(batch);
            return verifyBatch(batch, coordinator.key());
        };
        QVERIFY(!changed([](Batch& b) { ++b.number; }));
        QVERIFY(!changed([](Batch& b) { ++b.timeMs; }));
        QVERIFY(!changed([](Batch& b) { b.previous.bytes[0] ^= 1; }));
        QVERIFY(!changed([](Batch& b) { ++b.firstSequence; }));
        QVERIFY(!changed([](Batch& b) { b.entries.pop_back(); }));
        QVERIFY(!changed([](Batch& b) { b.eventsHash.bytes[0] ^= 1; }));
        QVERIFY(!changed([](Batch& b) { b.signature.bytes[0] ^= 1; }));
    }
};

QTEST_GUILESS_MAIN(TestMessages)
#include "tst_messages.moc"
