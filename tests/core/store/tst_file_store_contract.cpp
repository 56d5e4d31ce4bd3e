// What every store of sealed files does, whatever it keeps them in.
#include "core/crypto/Hash.h"
#include "core/store/FolderFileStore.h"
#include "core/store/ReceivedFile.h"
#include "tests/support/ObjectStore.h"

#include <QTest>

using namespace tallylock;
using ports::FileStore;
using store::FolderFileStore;
using store::ReceivedFile;
using store::S3FileStore;

namespace {

constexpr std::size_t kPart = 5U << 20U; ///< the least that a store takes but for the last one
constexpr std::size_t kBlock = 256U << 10U;

Bytes contentOf(std::size_t size, std::uint8_t seed) {
    Bytes bytes(size);
    std::uint32_t state = seed + 1U;
    for (auto& byte : bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(state >> 24U);
    }
    return bytes;
}

Hash rootOf(const Bytes& content) { return crypto::sha256(content); }

Bytes readAll(FileStore& files, const Hash& root, std::size_t atOnce) {
    Bytes bytes(*files.sizeOf(root));
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto got = files.read(root, at, std::span(bytes).subspan(at, std::min(atOnce, bytes.size() - at)));
        if (!got || *got == 0) break;
        at += *got;
    }
    return bytes;
}

bool writeAll(FileStore::Upload& upload, ByteView content, std::size_t atOnce) {
    for (; !content.empty(); content = content.subspan(std::min(atOnce, content.size()))) {
        if (!upload.write(content.first(std::min(atOnce, content.size())))) return false;
    }
    return true;
}

} // namespace

class TestFileStoreContract : public QObject {
    Q_OBJECT

    std::unique_ptr<test::ObjectStore> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;

    std::unique_ptr<FileStore> open(const QString& kind) {
        const std::string folder = m_folder->filePath(QStringLiteral("files")).toStdString();
        if (kind == QLatin1String("folder")) {
            auto opened = FolderFileStore::open(folder);
            if (!opened) qFatal("%s", opened.error().detail.c_str());
            return std::move(*opened);
        }
        store::s3::Sizes sizes;
        sizes.part = kPart;
        sizes.block = kBlock;
        sizes.blocks = 3;
        auto opened = S3FileStore::open(m_server->place(), m_server->key(), folder, {}, sizes);
        if (!opened) qFatal("%s", opened.error().detail.c_str());
        return std::move(*opened);
    }
    /// What lies in the folder and is no whole file.
    QStringList received() const {
        return QDir(m_folder->filePath(QStringLiteral("files"))).entryList({QStringLiteral("*.*")}, QDir::Files);
    }
    static void eachStore() {
        QTest::addColumn<QString>("kind");
        QTest::newRow("folder") << QStringLiteral("folder");
        QTest::newRow("s3") << QStringLiteral("s3");
    }

private slots:
    void initTestCase() { m_server = std::make_unique<test::ObjectStore>(); }
    void cleanupTestCase() { m_server.reset(); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void givesBackWhatWasCommitted_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("size");
        const std::pair<const char*, std::size_t> sizes[] = {{"one byte", 1},
                                                             {"less than a part", 700'001},
                                                             {"a part", kPart},
                                                             {"two parts", 2 * kPart},
                                                             {"more than two parts", 2 * kPart + 4'567}};
        for (const char* kind : {"folder", "s3"}) {
            for (const auto& [name, size] : sizes)
                QTest::addRow("%s, %s", kind, name) << QString::fromLatin1(kind) << static_cast<int>(size);
        }
    }
    void givesBackWhatWasCommitted() {
        QFETCH(QString, kind);
        QFETCH(int, size);
        const Bytes content = contentOf(static_cast<std::size_t>(size), 3);
        const Hash root = rootOf(content);
        {
            auto files = open(kind);
            QCOMPARE(*files->sizeOf(root), std::uint64_t{0});
            auto upload = files->upload(root);
            QVERIFY(upload.ok());
            QCOMPARE((*upload)->there(), std::uint64_t{0});
            QVERIFY(writeAll(**upload, content, 256U << 10U));
            QCOMPARE(*files->sizeOf(root), std::uint64_t{0}); // not before it is whole
            Bytes byte(1);
            QVERIFY(!files->read(root, 0, byte).ok());
            const auto committed = (*upload)->commit();
            QVERIFY2(committed.ok(), committed ? "" : committed.error().detail.c_str());
            QVERIFY((*upload)->commit());
            QCOMPARE(readAll(*files, root, 100'000), content);
        }
        auto files = open(kind);
        QCOMPARE(readAll(*files, root, 1U << 20U), content);
        Bytes byte(1);
        QCOMPARE(*files->read(root, content.size(), byte), std::size_t{0});
        QCOMPARE(*files->read(root, content.size() + 5'000'000, byte), std::size_t{0});
    }

    void givesAnyPieceOfIt_data() { eachStore(); }
    void givesAnyPieceOfIt() {
        QFETCH(QString, kind);
        auto files = open(kind);
        const Bytes content = contentOf(5 * kBlock + 77, 4);
        const Hash root = rootOf(content);
        auto upload = files->upload(root);
        QVERIFY(writeAll(**upload, content, content.size()) && (*upload)->commit());
        for (std::size_t from = 0; from < content.size(); from += 240'001) {
            for (const std::size_t size : {std::size_t{1}, kBlock - 1, kBlock, 2 * kBlock + 3}) {
                Bytes piece(size);
                const auto got = files->read(root, from, piece);
                QVERIFY(got.ok());
                QCOMPARE(*got, std::min(size, content.size() - from)); // as far as it goes
                piece.resize(*got);
                QVERIFY(std::equal(piece.begin(), piece.end(), content.begin() + static_cast<std::ptrdiff_t>(from)));
            }
        }
    }

    /// What a stranger brings is looked at before it is kept.
    void isReadBeforeItIsKept_data() { eachStore(); }
    void isReadBeforeItIsKept() {
        QFETCH(QString, kind);
        auto files = open(kind);
        const Bytes content = contentOf(kPart + 12'345, 5);
        auto upload = files->upload(rootOf(content));
        QVERIFY(writeAll(**upload, content, 1U << 20U));
        Bytes piece(20'000);
        for (const std::size_t from : {std::size_t{0}, kPart - 10'000, content.size() - 20'000}) {
            QCOMPARE(*(*upload)->readAt(from, piece), piece.size());
            QVERIFY(std::equal(piece.begin(), piece.end(), content.begin() + static_cast<std::ptrdiff_t>(from)));
        }
        QCOMPARE(*(*upload)->readAt(content.size() - 5, piece), std::size_t{5});
        QCOMPARE(*(*upload)->readAt(content.size(), piece), std::size_t{0});
    }

    void keepsNothingOfAnUploadThatWasGivenUp_data() { eachStore(); }
    void keepsNothingOfAnUploadThatWasGivenUp() {
        QFETCH(QString, kind);
        auto files = open(kind);
        const Bytes content = contentOf(kPart + 100, 1);
        {
            auto upload = files->upload(Hash{});
            QVERIFY(writeAll(**upload, content, content.size()));
        }
        QCOMPARE(*files->sizeOf(Hash{}), std::uint64_t{0});
        Bytes byte(1);
        QVERIFY(!files->read(Hash{}, 0, byte).ok());
        QCOMPARE(received(), QStringList());
        if (auto* bucket = dynamic_cast<S3FileStore*>(files.get())) QCOMPARE(*bucket->dropAbandoned(), std::size_t{0});
    }

    /// A start later, too: by whole steps, since of what comes behind the last one a crash may have left anything.
    void goesOnWithWhatIsKept_data() { eachStore(); }
    void goesOnWithWhatIsKept() {
        QFETCH(QString, kind);
        constexpr std::size_t kStep = ReceivedFile::kStep;
        const Bytes content = contentOf(2 * kStep + 5'000, 9);
        const Hash root = rootOf(content);
        const Hash ada = crypto::sha256(contentOf(9, 1));
        const Hash bob = crypto::sha256(contentOf(9, 2));
        {
            auto files = open(kind);
            auto upload = files->resume(root, ada);
            QVERIFY(upload.ok() && (*upload)->there() == 0);
            QVERIFY((*upload)->write(ByteView(content).first(kStep + 3'000)));
            QCOMPARE(*files->sizeOf(root), std::uint64_t{0});
        }
        auto files = open(kind);
        {
            auto other = files->resume(root, bob); // has brought nothing
            QVERIFY(other.ok() && (*other)->there() == 0);
            (*other)->discard();
        }
        QCOMPARE(received().size(), 1);
        auto upload = files->resume(root, ada);
        QVERIFY(upload.ok());
        QCOMPARE((*upload)->there(), std::uint64_t{kStep});
        QVERIFY((*upload)->write(ByteView(content).subspan(kStep)));
        QVERIFY((*upload)->commit());
        QVERIFY(readAll(*files, root, 1U << 20U) == content);
        upload->reset();
        QCOMPARE(received(), QStringList());
        // What was given up begins anew.
        const Hash second = rootOf(contentOf(10, 4));
        {
            auto given = files->resume(second, ada);
            QVERIFY((*given)->write(ByteView(content).first(kStep)));
            (*given)->discard();
        }
        QVERIFY(received().isEmpty() && (*files->resume(second, ada))->there() == 0);
    }

    void removesWhatNobodyHasGoneOnWithForADay_data() { eachStore(); }
    void removesWhatNobodyHasGoneOnWithForADay() {
        QFETCH(QString, kind);
        const Hash root = rootOf(contentOf(10, 4));
        {
            auto files = open(kind);
            QVERIFY((*files->resume(root, root))->write(Bytes(ReceivedFile::kStep)));
        }
        QVERIFY((*open(kind)->resume(root, root))->there() != 0);
        QFile kept(m_folder->filePath(QStringLiteral("files/")) + received().front());
        QVERIFY(kept.open(QIODevice::ReadWrite));
        const auto past = QDateTime::currentDateTime().addMSecs(-ReceivedFile::kKeptForMs - 60'000);
        QVERIFY(kept.setFileTime(past, QFileDevice::FileModificationTime));
        kept.close();
        open(kind);
        QVERIFY(received().isEmpty());
    }

    /// Two uploads of one name race: the first that commits stays.
    void neverChangesACompleteFile_data() { eachStore(); }
    void neverChangesACompleteFile() {
        QFETCH(QString, kind);
        auto files = open(kind);
        const Bytes content = contentOf(500, 9);
        const Hash root = rootOf(content);
        auto first = files->upload(root);
        auto second = files->upload(root);
        auto third = files->upload(root);
        QVERIFY(first.ok() && second.ok() && third.ok());
        const Bytes parts = contentOf(kPart + 7, 8);
        QVERIFY((*first)->write(content) && (*second)->write(contentOf(400, 8)) && (*third)->write(parts));
        QVERIFY((*first)->commit());
        QVERIFY((*second)->commit());
        QVERIFY((*third)->commit());
        QCOMPARE(readAll(*files, root, 1'000), content);
        QCOMPARE(readAll(*open(kind), root, 1'000), content);
        if (auto* bucket = dynamic_cast<S3FileStore*>(files.get())) QCOMPARE(*bucket->dropAbandoned(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestFileStoreContract)
#include "tst_file_store_contract.moc"
