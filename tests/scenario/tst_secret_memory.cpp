// A real process lives a whole sale; then its memory and its data folder are searched for every secret in every form.
//
// What must be gone once the profiles are locked, of seller and buyer: the seed phrase (as text, as UTF-16, its
// entropy, its BIP-39 seed), its passphrase, the passphrase of the vault, the secrets of identity, box and vault, the
// asset child; and of the sale: P1 (raw, and as AGE-SECRET-KEY) and P2 (raw, and as words). While they are open: the
// phrases as text, and the passphrases.
//
// The folder is searched in every form, with the files of evidence that both have saved, and with what `verify` says of
// it: raw, hexadecimal, Base64 wherever it begins, and as words or text. What only the key server may keep (C1 and F)
// is nowhere but in its own folder. Once more where the servers are processes of their own and the coordinator keeps
// its journals and tables in PostgreSQL: then with a dump of that, and with what the servers have logged.
//
// What the servers of the same process keep is not asserted: their own identities, the key server's master secret, and
// F, which lies beside C1. The data folder has those, too, and never P1 or P2.
#include "core/asset/AgeKey.h"
#include "core/keys/Derivation.h"
#include "core/keys/Identity.h"
#include "core/keys/Normal.h"
#include "core/keyserver/KeyBook.h"
#include "core/party/Records.h"
#include "core/store/SqliteJournal.h"
#include "core/wire/Deposit.h"
#include "core/wire/Envelope.h"
#include "core/wire/Evidence.h"

#include <QDirIterator>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

using namespace tallylock;

namespace {

struct Person {
    std::string name;
    std::string phrase;
    std::string phrasePassphrase;
    std::string passphrase;
};
// English with 24 words, and a language that NFKD changes.
const Person kSeller{
    "seller",
    "meadow surge vanish primary odor grocery rubber mass shine dinner notable tag venue water purchase "
    "clarify book magic ribbon daughter menu eye ritual orchard",
    "the phrase's own passphrase", "the seller's vault passphrase"};
const Person kBuyer{
    "buyer",
    "せまい　うちがわ　あずき　かろう　めずらしい　だんち　ますく　おさめる　ていぼう　あたる　すあな　えしゃく",
    "㍍ガバヴァぱばぐゞちぢ十人十色", "the buyer's vault passphrase"};
const std::string kCanary = "a canary that sings when it is found";

/// What to look for, by what it is.
using Needles = std::map<std::string, std::string>;

std::string rawOf(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

void addText(Needles& needles, const std::string& what, const std::string& text) {
    needles[what] = text;
    const QString wide = QString::fromStdString(text);
    needles[what + ", UTF-16"] = std::string(reinterpret_cast<const char*>(wide.utf16()),
                                             static_cast<std::size_t>(wide.size()) * sizeof(char16_t));
}

void addBytes(Needles& needles, const std::string& what, ByteView bytes) {
    needles[what] = rawOf(bytes.subspan(1, bytes.size() - 2)); // X25519 sets bits at both ends of its copy
    needles[what + ", hexadecimal"] = toHex(bytes);
    needles[what + ", hexadecimal in capitals"] = QString::fromStdString(toHex(bytes)).toUpper().toStdString();
    // In Base64 it looks different by how many bytes are before it; three characters at either end hang on neighbours.
    for (int before = 0; before < 3; ++before) {
        const QByteArray padded = QByteArray(before, '\0') + QByteArray::fromStdString(rawOf(bytes));
        const QByteArray text = padded.toBase64(QByteArray::OmitTrailingEquals);
        needles[what + ", Base64 behind " + std::to_string(before)] = text.sliced(3, text.size() - 6).toStdString();
    }
}

keys::Identity identityOf(const Person& person) {
    return *keys::Identity::fromPhrase(*keys::SeedPhrase::parse(person.phrase), person.phrasePassphrase);
}

/// What a person types.
Needles typedBy(const Person& person) {
    Needles needles;
    addText(needles, person.name + "'s phrase", person.phrase);
    addText(needles, person.name + "'s phrase, normal", textOf(keys::SeedPhrase::parse(person.phrase)->text().view()));
    addText(needles, person.name + "'s phrase passphrase", person.phrasePassphrase);
    addText(needles, person.name + "'s phrase passphrase, normal", rawOf(keys::nfkd(person.phrasePassphrase)->view()));
    addText(needles, person.name + "'s vault passphrase", person.passphrase);
    return needles;
}

/// What follows from it.
Needles derivedFrom(const Person& person) {
    Needles needles;
    const auto phrase = keys::SeedPhrase::parse(person.phrase);
    const auto seed = phrase->seed(person.phrasePassphrase);
    addBytes(needles, person.name + "'s entropy", phrase->entropy().view());
    addBytes(needles, person.name + "'s seed", seed->view());
    for (std::uint32_t role = 0; role < 3; ++role) {
        const std::array<std::uint32_t, 2> path = {1413565516, role};
        addBytes(needles, person.name + "'s key " + std::to_string(role), keys::slip10Ed25519(*seed, path).key.view());
    }
    const keys::Identity identity = identityOf(person);
    if (toHex(identity.vaultKey().view()) != needles[person.name + "'s key 2, hexadecimal"])
        qFatal("other paths than the product's");
    addBytes(needles, person.name + "'s asset child", identity.assetChild(0).view());
    return needles;
}

void addPasswords(Needles& needles, const SecretBytes& first, const SecretBytes& second) {
    addBytes(needles, "P1", first.view());
    addText(needles, "P1 as text", textOf(asset::identityText(first).view()));
    addBytes(needles, "P2", second.view());
    addText(needles, "P2 as words", textOf(keys::SeedPhrase::fromEntropy(second.view()).text().view()));
}

/// P1 and P2, out of the buyer's own records.
Needles ofTheSale(const QString& folder) {
    const keys::Identity buyer = identityOf(kBuyer);
    // Of somebody else's coordinator it lies in a folder of that one.
    QDirIterator at(folder + QStringLiteral("/profiles/buyer"), {QStringLiteral("journal.sqlite")}, QDir::Files,
                    QDirIterator::Subdirectories);
    if (!at.hasNext()) return {};
    auto journal = store::SqliteJournal::open(at.next().toStdString());
    if (!journal) qFatal("the buyer's journal cannot be read");
    std::optional<party::CopyKept> copy;
    std::optional<party::Part2Fetched> part2;
    const auto visit = [&](std::uint64_t, ByteView bytes) {
        const auto record = decodeCbor<party::Record>(bytes);
        if (!record) return true;
        if (const auto* kept = std::get_if<party::CopyKept>(&*record)) copy = *kept;
        if (const auto* fetched = std::get_if<party::Part2Fetched>(&*record)) part2 = *fetched;
        return true;
    };
    Needles needles;
    if (!(*journal)->read(1, visit) || !copy || !part2) return needles;
    const auto secrets = keys::unwrapForOwner(buyer.vaultKey(), copy->copy, copy->contract);
    const auto second = wire::openKeyPart2(buyer, part2->box, copy->contract);
    if (!secrets || !second) return needles;
    addPasswords(needles, secrets->firstPassword, *second);
    return needles;
}

/// P1 out of the seller's own records, P2, C1 and F out of the key server's three journals: of a sale in which no part
/// has left it.
Needles ofTheRefund(const QString& folder, Needles& keyServers) {
    const auto open = [&](const char* name) {
        auto journal = store::SqliteJournal::open((folder + QLatin1String(name)).toStdString());
        if (!journal) qFatal("%s cannot be read", name);
        return std::move(*journal);
    };
    std::optional<party::EditionSealed> sealed;
    const auto visit = [&](std::uint64_t, ByteView bytes) {
        const auto record = decodeCbor<party::Record>(bytes);
        const auto* edition = record ? std::get_if<party::EditionSealed>(&*record) : nullptr;
        if (edition) sealed = *edition;
        return true;
    };
    Needles needles;
    if (!open("/profiles/seller/journal.sqlite")->read(1, visit) || !sealed) return needles;
    const auto first =
        keys::unwrapForSeller(keys::fingerprintKey(identityOf(kSeller).assetChild(sealed->assetIndex), sealed->assetId),
                              sealed->wrapped, sealed->assetId, sealed->edition);

    QFile master(folder + QStringLiteral("/keyserver/master"));
    if (!master.open(QIODevice::ReadOnly)) return needles;
    const QByteArray secret = master.readAll();
    auto book = keyserver::KeyBook::open({open("/keyserver/first-parts.sqlite"), open("/keyserver/second-parts.sqlite"),
                                          open("/keyserver/state.sqlite")});
    if (!book || (*book)->deals().size() != 1) return needles;
    const auto& [terms, deal] = *(*book)->deals().begin();
    const auto kept = (*book)->readFirst(deal);
    const auto sealedSecond = (*book)->readSecond(deal);
    if (!first || !kept || !sealedSecond) return needles;
    const auto second = keys::openSecondPassword(
        SecretBytes::copyOf(ByteView(reinterpret_cast<const std::uint8_t*>(secret.constData()), 32)),
        kept->fingerprintPart, terms, *sealedSecond);
    if (!second) return needles;
    addPasswords(needles, first->firstPassword, *second);
    addBytes(keyServers, "C1", kept->c1);
    addBytes(keyServers, "F", kept->fingerprintPart.view());
    return needles;
}

/// C1 and F, out of the box that only the buyer can open, which lies in the evidence.
Needles ofTheKeyServer(const QString& evidenceFile) {
    Needles needles;
    QFile file(evidenceFile);
    if (!file.open(QIODevice::ReadOnly)) return needles;
    const QByteArray bytes = file.readAll();
    const auto evidence = wire::readEvidence(
        {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())});
    if (!evidence || !wire::checkEvidence(*evidence)) return needles;
    for (const wire::TrailLink& link : evidence->trail.links) {
        const auto command = link.command ? wire::readCommand(*link.command) : Err(wire::WireError::Malformed);
        const auto* part = command ? std::get_if<engine::SendPart>(&command->body) : nullptr;
        if (!part || part->note.part != 1) continue;
        const auto opened = wire::openKeyPart1(identityOf(kBuyer), part->box, part->note.contract);
        if (!opened) continue;
        addBytes(needles, "C1", opened->c1);
        addBytes(needles, "F", opened->fingerprintPart.view());
    }
    return needles;
}

/// What a command of ours says, on both streams.
std::string saidBy(const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"), arguments);
    if (!process.waitForFinished(60'000) || process.exitCode() != 0) {
        qFatal("%s: %s", qPrintable(arguments.join(u' ')), process.readAll().constData());
    }
    return process.readAll().toStdString();
}

QStringList foundIn(const std::string& haystack, const Needles& needles, const QString& where) {
    QStringList found;
    for (const auto& [what, needle] : needles) {
        if (needle.size() < 8) qFatal("too short to be sure of");
        if (::memmem(haystack.data(), haystack.size(), needle.data(), needle.size()))
            found << QString::fromStdString(what) + QStringLiteral(" in ") + where;
    }
    return found;
}

/// All memory of a process that can be read at all.
QStringList foundInMemory(qint64 process, const Needles& needles) {
    QStringList found;
    const std::string folder = "/proc/" + std::to_string(process);
    const int memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    if (memory < 0) qFatal("the memory cannot be opened");
    std::ifstream maps(folder + "/maps");
    std::size_t seen = 0;
    for (std::string line; std::getline(maps, line);) {
        std::istringstream words(line);
        std::uint64_t from = 0;
        std::uint64_t to = 0;
        char dash = 0;
        char readable = 0;
        if (!(words >> std::hex >> from >> dash >> to >> readable)) qFatal("/proc has another form: %s", line.c_str());
        if (readable != 'r') continue;
        if (to - from > std::uint64_t{1} << 40) continue; // of the address sanitizer, which keeps notes there
        std::string bytes(to - from, '\0');
        const ssize_t got = ::pread(memory, bytes.data(), bytes.size(), static_cast<off_t>(from));
        if (got <= 0) continue; // such as [vvar], which only the kernel reads
        bytes.resize(static_cast<std::size_t>(got));
        seen += bytes.size();
        found << foundIn(bytes, needles, QString::fromStdString(line));
    }
    ::close(memory);
    if (seen < 1'000'000) qFatal("that was not the memory of a whole process");
    return found;
}

QStringList foundInFolder(const QString& folder, const Needles& needles) {
    QStringList found;
    int files = 0;
    for (QDirIterator at(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); at.hasNext();) {
        QFile file(at.next());
        if (!file.open(QIODevice::ReadOnly)) qFatal("a file cannot be read");
        found << foundIn(file.readAll().toStdString(), needles, file.fileName());
        ++files;
    }
    if (files < 5) qFatal("that was not the whole folder");
    return found;
}

void copyFolder(const QString& from, const QString& to) {
    QDir().mkpath(to);
    for (QDirIterator at(from, QDir::Files | QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
         at.hasNext();) {
        const QString path = at.next();
        const QString place = to + path.mid(from.size());
        if (at.fileInfo().isDir())
            QDir().mkpath(place);
        else
            QFile::copy(path, place);
    }
}

#define NONE(found)                                                                                                    \
    do {                                                                                                               \
        const QStringList list = (found);                                                                              \
        QVERIFY2(list.isEmpty(), qPrintable(QStringLiteral("\n") + list.join(QStringLiteral("\n"))));                  \
    } while (false)

} // namespace

class TestSecretMemory : public QObject {
    Q_OBJECT
private slots:
    void nothingStaysBehind_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("of a whole sale") << QStringList();
        QTest::newRow("of a refunded sale") << QStringList(QStringLiteral("refunded"));
        QTest::newRow("of a sale with servers of their own and PostgreSQL") << QStringList(QStringLiteral("remote"));
    }
    void nothingStaysBehind();

private:
    void send(const std::string& secret) {
        QByteArray bytes(1, static_cast<char>(secret.size()));
        bytes.append(QByteArray::fromStdString(secret));
        m_life.write(bytes);
    }
    /// The child's next line.
    QString news() {
        while (!m_life.canReadLine()) {
            if (!m_life.waitForReadyRead(120'000)) return {};
        }
        return QString::fromUtf8(m_life.readLine()).trimmed();
    }
    QProcess m_life;
};

void TestSecretMemory::nothingStaysBehind() {
    m_life.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QFETCH(QStringList, arguments);
    const bool refunded = arguments.contains(QStringLiteral("refunded"));
    const bool remote = arguments.contains(QStringLiteral("remote"));
    m_life.start(QStringLiteral(TALLYLOCK_TEST_DIR "/secret_life"), arguments);
    QVERIFY(m_life.waitForStarted());
    for (const Person& person : {kSeller, kBuyer}) {
        send(person.phrase);
        send(person.phrasePassphrase);
        send(person.passphrase);
    }
    const QString open = news();
    QVERIFY2(open.startsWith(QStringLiteral("open ")), qPrintable(open));
    const QString folder = open.mid(5);
    Needles typed = typedBy(kSeller);
    typed.merge(typedBy(kBuyer));
    NONE(foundInMemory(m_life.processId(), typed));

    m_life.write("g");
    send(kCanary);
    QCOMPARE(news(), QStringLiteral("locked"));
    QTemporaryDir copy;
    copyFolder(folder, copy.path());
    const QString bought = copy.filePath(QStringLiteral("bought.evidence"));
    Needles keyServers;
    if (!refunded) keyServers = ofTheKeyServer(bought);
    Needles all = refunded ? ofTheRefund(copy.path(), keyServers) : ofTheSale(copy.path());
    QCOMPARE(all.size(), std::size_t{16});
    QCOMPARE(keyServers.size(), std::size_t{12});
    all.merge(typed);
    all.merge(derivedFrom(kSeller));
    all.merge(derivedFrom(kBuyer));
    // The scanner finds what is there.
    Needles canary;
    addText(canary, "canary", kCanary);
    QCOMPARE(foundInMemory(m_life.processId(), canary).size(), 1);
    QVERIFY(!foundInFolder(folder, {{"vault magic", "tallylock-vault\n"}}).isEmpty());

    if (remote) { // what the buyer has signed is in the dump, and would be found
        Needles signedAndPublic;
        addBytes(signedAndPublic, "the buyer's identity", identityOf(kBuyer).key().view());
        QVERIFY(foundInFolder(folder, signedAndPublic).join(u' ').contains(QStringLiteral("coordinator.sql")));
    }
    const QStringList remembered = foundInMemory(m_life.processId(), all);
    const QStringList stored = foundInFolder(folder, all);
    NONE(remembered + stored);

    QStringList said;
    QStringList verified{bought, copy.filePath(QStringLiteral("sold.evidence"))};
    if (!remote) verified << copy.path(); // with the coordinator's journal
    for (const QString& what : verified) {
        Needles needles = all;
        needles.insert(keyServers.begin(), keyServers.end());
        said << foundIn(saidBy({QStringLiteral("verify"), what}), needles, QStringLiteral("verify ") + what);
    }
    NONE(said);
    QStringList strayed = foundInFolder(folder, keyServers);
    const auto known = strayed.removeIf([](const QString& at) { return at.contains(QStringLiteral("/keyserver/")); });
    QVERIFY(known > 0); // the scanner finds them where they are
    NONE(strayed);

    m_life.write("g");
    QCOMPARE(news(), QStringLiteral("wiped"));
    NONE(foundInMemory(m_life.processId(), canary));
    m_life.write("g");
    QVERIFY(m_life.waitForFinished());
    QCOMPARE(m_life.exitCode(), 0);
}

QTEST_GUILESS_MAIN(TestSecretMemory)
#include "tst_secret_memory.moc"
