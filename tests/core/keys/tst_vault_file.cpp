#include "core/keys/PrivateFile.h"
#include "core/keys/VaultFile.h"
#include "tests/support/FixedRandom.h"
#include "tests/support/Vectors.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <set>

using namespace tallylock;
using namespace tallylock::keys;

namespace {
constexpr crypto::ArgonCost kCheap{1, 64};
const IdentityKey kOwner{{0x0f}};
const KeychainEntry kEntry{0xe7};
VaultContents sampleContents() {
    return {SeedPhrase::fromEntropy(Bytes(16, 0x5a), Language::French), SecretBytes::copyOf(viewOf("gru\xcc\x88n"))};
}
bool isSample(const Result<VaultContents, VaultError>& opened) {
    return opened && opened->phrase.entropy().equals(Bytes(16, 0x5a)) &&
           opened->phrase.language() == Language::French && opened->passphrase.equals(viewOf("gru\xcc\x88n"));
}
SecretBytes sampleKey(std::uint8_t value = 0x33) { return SecretBytes::copyOf(Bytes(kVaultKeySize, value)); }
Bytes sampleVault() {
    SystemRandom random;
    return *sealVault(sampleContents(), kOwner, "correct horse", random, kCheap);
}
// Gives a changed file a fitting check sum, as somebody would who wants to be believed.
Bytes resummed(const Bytes& changed) {
    Bytes file = bytesOf(ByteView(changed).first(changed.size() - 16));
    const Hash check = crypto::blake2b256(file);
    append(file, check.view().first(16));
    return file;
}
} // namespace

class TestVaultFile : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::string path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }

private slots:
    void wrongPassphrase() {
        const auto opened = openVault(sampleVault(), "wrong horse");
        QVERIFY(!opened);
        QCOMPARE(opened.error(), VaultError::WrongPassphrase);
    }

    void everyDamagedByteIsNoticed() {
        const Bytes file = sampleVault();
        for (std::size_t i = 0; i < file.size(); ++i) {
            Bytes bad = file;
            bad[i] ^= 1;
            const auto opened = openVault(bad, "correct horse");
            QVERIFY(!opened);
            QCOMPARE(opened.error(), i < 16    ? VaultError::NotAVault
                                     : i == 16 ? VaultError::NewerVersion
                                               : VaultError::Damaged);
            QVERIFY(!openVault(ByteView(file).first(i), "correct horse"));
        }
        Bytes longer = file;
        longer.push_back(0);
        QCOMPARE(openVault(longer, "correct horse").error(), VaultError::Damaged);
    }

    void newerVersion() {
        Bytes file = sampleVault();
        file[16] = 3;
        QCOMPARE(openVault(file, "correct horse").error(), VaultError::NewerVersion);
        QCOMPARE(openVault(ByteView(file).first(20), "correct horse").error(), VaultError::NewerVersion);
    }

    void costIsBounded() {
        Bytes file = sampleVault();
        file[18] = 0x7f;
        QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::CostTooHigh);
        file = sampleVault();
        file[22] = 0x7f;
        QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::CostTooHigh);
        file = sampleVault();
        file[21] = 0; // no passes
        QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::Damaged);
        file = sampleVault();
        file[17] = 2; // no such lock
        QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::Damaged);
        file = sampleVault();
        file[16] = 0; // no such version
        QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::Damaged);
    }

    /// Whoever changes cost, salt or owner and makes the check sum fit is refused all the same.
    void headerIsAuthenticated() {
        for (const std::size_t at : {std::size_t{21}, std::size_t{26}, std::size_t{42}}) {
            Bytes file = sampleVault();
            file[at] ^= 2;
            QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::WrongPassphrase);
        }
    }

    void oneLockIsNotTheOther() {
        SystemRandom random;
        const Bytes inKeychain = sealVault(sampleContents(), kOwner, sampleKey(), kEntry, random);
        QVERIFY(isSample(openVault(inKeychain, sampleKey())));
        QCOMPARE(openVault(inKeychain, sampleKey(0x34)).error(), VaultError::WrongPassphrase);
        QCOMPARE(openVault(inKeychain, SecretBytes(5)).error(), VaultError::WrongPassphrase);
        QCOMPARE(openVault(inKeychain, "correct horse").error(), VaultError::WrongPassphrase);
        QCOMPARE(openVault(sampleVault(), sampleKey()).error(), VaultError::WrongPassphrase);
        const auto header = readVaultHeader(inKeychain);
        QVERIFY(header.ok());
        QCOMPARE(header->lock, VaultLock::Keychain);
        QVERIFY(header->entry == kEntry);
        QVERIFY(header->owner == kOwner);
        QCOMPARE(readVaultHeader(sampleVault())->lock, VaultLock::Passphrase);
    }

    void roundTrip_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("passphrase");
        for (const int size : {16, 20, 24, 28, 32}) {
            for (const int passphrase : {0, 1, 100, 1024})
                QTest::addRow("%d bytes, passphrase of %d", size, passphrase) << size << passphrase;
        }
    }
    void roundTrip() {
        QFETCH(int, size);
        QFETCH(int, passphrase);
        SystemRandom random;
        const Bytes entropy(static_cast<std::size_t>(size), 0x5a);
        const Bytes words(static_cast<std::size_t>(passphrase), 'x');
        for (std::size_t language = 0; language < kLanguageCount; ++language) {
            const VaultContents contents{SeedPhrase::fromEntropy(entropy, static_cast<Language>(language)),
                                         SecretBytes::copyOf(words)};
            const auto file = sealVault(contents, kOwner, "", random, kCheap);
            QVERIFY(file.ok());
            const auto opened = openVault(*file, "");
            QVERIFY(opened.ok());
            QVERIFY(opened->phrase.entropy().equals(entropy));
            QCOMPARE(opened->phrase.language(), static_cast<Language>(language));
            QVERIFY(opened->passphrase.equals(words));
        }
    }

    /// The size tells neither how many words there are nor whether there is a passphrase.
    void sizeTellsNothing() {
        SystemRandom random;
        std::set<std::size_t> sizes;
        for (const std::size_t size : {16u, 32u}) {
            for (const char* passphrase : {"", "a long passphrase, as people use them for phrases"}) {
                const VaultContents contents{SeedPhrase::fromEntropy(Bytes(size, 1)),
                                             SecretBytes::copyOf(viewOf(passphrase))};
                sizes.insert(sealVault(contents, kOwner, sampleKey(), kEntry, random).size());
            }
        }
        QCOMPARE(sizes.size(), std::size_t{1});
    }

    /// Frozen: files that exist must open for ever.
    void frozen() {
        const auto vectors = test::vectorLines("vault.txt");
        QCOMPARE(vectors.size(), std::size_t{3});
        const auto first = openVault(*fromHex(vectors[0].at(1)), "correct horse");
        QVERIFY(first.ok());
        QVERIFY(first->phrase.entropy().equals(Bytes(16, 0x5a)));
        QCOMPARE(first->phrase.language(), Language::English);
        QVERIFY(first->passphrase.empty());
        QVERIFY(!readVaultHeader(*fromHex(vectors[0].at(1)))->owner.has_value());

        test::FixedRandom random;
        QCOMPARE(toHex(*sealVault(sampleContents(), kOwner, "correct horse", random, kCheap)), vectors[1].at(1));
        test::FixedRandom again;
        QCOMPARE(toHex(sealVault(sampleContents(), kOwner, sampleKey(), kEntry, again)), vectors[2].at(1));
        QVERIFY(isSample(openVault(*fromHex(vectors[1].at(1)), "correct horse")));
        QVERIFY(isSample(openVault(*fromHex(vectors[2].at(1)), sampleKey())));
    }

    void fileIsPrivateAndReplacedAsAWhole() {
        const std::string name = path("vault");
        QCOMPARE(readFile(name, 100).error(), FileError::NotFound);
        QVERIFY(writePrivateFile(name, bytesOf("one"), Replace::No).ok());
        const QFile file(QString::fromStdString(name));
        QCOMPARE(file.permissions() & 0x0077, QFile::Permissions());
        QCOMPARE(writePrivateFile(name, bytesOf("two"), Replace::No).error(), FileError::Exists);
        QCOMPARE(textOf(*readFile(name, 100)), std::string("one"));
        QVERIFY(writePrivateFile(name, bytesOf("three"), Replace::Yes).ok());
        QCOMPARE(textOf(*readFile(name, 5)), std::string("three"));
        QCOMPARE(readFile(name, 4).error(), FileError::TooLarge);
        QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files), QStringList{QStringLiteral("vault")});
        QCOMPARE(writePrivateFile(path("none/vault"), bytesOf("x"), Replace::No).error(), FileError::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestVaultFile)
#include "tst_vault_file.moc"
