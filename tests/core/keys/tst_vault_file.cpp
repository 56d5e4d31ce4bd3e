#include "core/keys/PrivateFile.h"
#include "core/keys/VaultFile.h"
#include "tests/support/FixedRandom.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tallylock;
using namespace tallylock::keys;

namespace {
constexpr crypto::ArgonCost kCheap{1, 64};
SeedPhrase samplePhrase() { return SeedPhrase::fromEntropy(Bytes(16, 0x5a)); }
Bytes sampleVault() {
    SystemRandom random;
    return *sealVault(samplePhrase(), "correct horse", random, kCheap);
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
            QCOMPARE(opened.error(), i < 16 ? VaultError::NotAVault : VaultError::Damaged);
            QVERIFY(!openVault(ByteView(file).first(i), "correct horse"));
        }
        Bytes longer = file;
        longer.push_back(0);
        QCOMPARE(openVault(longer, "correct horse").error(), VaultError::Damaged);
    }

    void newerVersion() {
        Bytes file = sampleVault();
        file[16] = 2;
        QCOMPARE(openVault(file, "correct horse").error(), VaultError::NewerVersion);
        QCOMPARE(openVault(ByteView(file).first(20), "correct horse").error(), VaultError::NewerVersion);
    }

    void costIsBounded() {
        Bytes file = sampleVault();
        file[17] = 0x7f;
        QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::CostTooHigh);
        file = sampleVault();
        file[21] = 0x7f;
        QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::CostTooHigh);
        file = sampleVault();
        file[20] = 0; // no passes
        QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::Damaged);
    }

    void headerIsAuthenticated() {
        Bytes file = sampleVault();
        file[20] = 2; // two passes
        QCOMPARE(openVault(resummed(file), "correct horse").error(), VaultError::WrongPassphrase);
    }

    void roundTrip_data() {
        QTest::addColumn<int>("size");
        for (const int size : {16, 20, 24, 28, 32}) QTest::addRow("%d bytes", size) << size;
    }
    void roundTrip() {
        QFETCH(int, size);
        SystemRandom random;
        const Bytes entropy(static_cast<std::size_t>(size), 0x5a);
        const auto file = sealVault(SeedPhrase::fromEntropy(entropy), "", random, kCheap);
        QVERIFY(file.ok());
        const auto opened = openVault(*file, "");
        QVERIFY(opened.ok());
        QVERIFY(opened->entropy().equals(entropy));
    }

    /// Frozen: files that exist must open for ever.
    void frozen() {
        test::FixedRandom random;
        const auto file = sealVault(samplePhrase(), "correct horse", random, kCheap);
        QFile vector(QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/vault.txt"));
        QVERIFY(vector.open(QIODevice::ReadOnly));
        QCOMPARE(toHex(*file), vector.readAll().trimmed().toStdString());
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
