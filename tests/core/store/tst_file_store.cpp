// Files of a folder: snapshots that are whole or passed over, sealed files that are whole or absent.
#include "core/crypto/Hash.h"
#include "core/store/FileSnapshots.h"
#include "core/store/FolderFileStore.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tallylock;
using store::FileSnapshots;
using store::FolderFileStore;

namespace {

Bytes contentOf(std::size_t size, std::uint8_t seed) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(seed + i * 13);
    return bytes;
}

Hash rootOf(const Bytes& content) { return crypto::sha256(content); }

std::unique_ptr<FolderFileStore> openStore(const QTemporaryDir& folder) {
    auto opened = FolderFileStore::open(folder.filePath(QStringLiteral("files")).toStdString());
    if (!opened) qFatal("%s", opened.error().detail.c_str());
    return std::move(*opened);
}

Bytes readAll(FolderFileStore& files, const Hash& root) {
    Bytes bytes(*files.sizeOf(root));
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto got =
            files.read(root, at, std::span(bytes).subspan(at, std::min<std::size_t>(4000, bytes.size() - at)));
        if (!got || *got == 0) break;
        at += *got;
    }
    return bytes;
}

QStringList filesIn(const QTemporaryDir& folder) {
    return QDir(folder.filePath(QStringLiteral("files"))).entryList(QDir::Files, QDir::Name);
}

void alter(const QString& path, qint64 at) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(at));
    char byte = 0;
    QVERIFY(file.getChar(&byte) && file.seek(at) && file.putChar(static_cast<char>(byte ^ 1)));
}

} // namespace

class TestFileStore : public QObject {
    Q_OBJECT
private slots:
    void givesBackWhatWasCommitted() {
        const QTemporaryDir folder;
        const Bytes content = contentOf(10'000, 3);
        const Hash root = rootOf(content);
        {
            auto files = openStore(folder);
            QCOMPARE(*files->sizeOf(root), std::uint64_t{0});
            auto upload = files->upload(root);
            QVERIFY(upload.ok());
            QVERIFY((*upload)->write(ByteView(content).first(7'000)));
            QCOMPARE(*files->sizeOf(root), std::uint64_t{0}); // not before it is whole
            QVERIFY((*upload)->write(ByteView(content).subspan(7'000)));
            QVERIFY((*upload)->commit());
            QVERIFY((*upload)->commit());
            QCOMPARE(readAll(*files, root), content);
        }
        auto files = openStore(folder);
        QCOMPARE(readAll(*files, root), content);
        Bytes byte(1);
        QCOMPARE(*files->read(root, content.size(), byte), std::size_t{0});
        QCOMPARE(filesIn(folder).size(), 1);
    }

    void keepsNothingOfAnUploadThatWasGivenUp() {
        const QTemporaryDir folder;
        auto files = openStore(folder);
        {
            auto upload = files->upload(Hash{});
            QVERIFY((*upload)->write(contentOf(100, 1)));
        }
        QCOMPARE(*files->sizeOf(Hash{}), std::uint64_t{0});
        QVERIFY(filesIn(folder).isEmpty());
        Bytes byte(1);
        QVERIFY(!files->read(Hash{}, 0, byte).ok());
    }

    /// A folder that cannot be looked into is not one in which a file is missing.
    void cannotTellWhatIsNotToBeSeen() {
        const QTemporaryDir folder;
        auto files = openStore(folder);
        QDir(folder.path()).rename(QStringLiteral("files"), QStringLiteral("away"));
        QFile other(folder.filePath(QStringLiteral("files")));
        QVERIFY(other.open(QIODevice::WriteOnly));
        const auto size = files->sizeOf(Hash{});
        QVERIFY(!size.ok());
        QVERIFY2(size.error().detail.find("/files/") != std::string::npos, size.error().detail.c_str());
    }

    void removesWhatACrashHasLeft() {
        const QTemporaryDir folder;
        openStore(folder);
        QFile part(folder.filePath(QStringLiteral("files/abc.1.part")));
        QVERIFY(part.open(QIODevice::WriteOnly));
        part.close();
        openStore(folder);
        QVERIFY(filesIn(folder).isEmpty());
    }

    /// Two uploads of one name race: the first that commits stays.
    void neverChangesACompleteFile() {
        const QTemporaryDir folder;
        auto files = openStore(folder);
        const Bytes content = contentOf(500, 9);
        auto first = files->upload(Hash{});
        auto second = files->upload(Hash{});
        QVERIFY(first.ok() && second.ok());
        QVERIFY((*first)->write(content) && (*second)->write(contentOf(400, 8)));
        QVERIFY((*first)->commit());
        QVERIFY((*second)->commit());
        QCOMPARE(readAll(*files, Hash{}), content);
        QCOMPARE(filesIn(folder).size(), 1);
    }

    void findsTheNewestWholeSnapshot_data() {
        QTest::addColumn<qint64>("damageAt"); // in the newest
        QTest::addColumn<quint64>("found");
        QTest::newRow("sound") << qint64{-1} << quint64{30};
        QTest::newRow("magic") << qint64{0} << quint64{20};
        QTest::newRow("number") << qint64{16} << quint64{20};
        QTest::newRow("state") << qint64{100} << quint64{20};
        QTest::newRow("sum") << qint64{17 + 3000 + 5} << quint64{20};
    }
    void findsTheNewestWholeSnapshot() {
        QFETCH(qint64, damageAt);
        QFETCH(quint64, found);
        const QTemporaryDir folder;
        FileSnapshots snapshots(folder.path().toStdString());
        QCOMPARE(snapshots.newest()->first, std::uint64_t{0});
        for (const std::uint64_t size : {10u, 20u, 30u}) {
            QVERIFY(snapshots.save(size, contentOf(size * 100, static_cast<std::uint8_t>(size))));
        }
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files, QDir::Name),
                 (QStringList{QStringLiteral("snapshot-20"), QStringLiteral("snapshot-30")}));
        if (damageAt >= 0) alter(folder.filePath(QStringLiteral("snapshot-30")), damageAt);
        const auto newest = snapshots.newest();
        QVERIFY(newest.ok());
        QCOMPARE(newest->first, found);
        QCOMPARE(newest->second, contentOf(found * 100, static_cast<std::uint8_t>(found)));
    }

    void passesOverATornSnapshot_data() {
        QTest::addColumn<int>("size");
        for (const int size : {0, 5, 20, 48, 49, 1000, 3048}) QTest::addRow("%d", size) << size;
    }
    void passesOverATornSnapshot() {
        QFETCH(int, size);
        const QTemporaryDir folder;
        FileSnapshots snapshots(folder.path().toStdString());
        QVERIFY(snapshots.save(7, contentOf(3000, 1)));
        QFile file(folder.filePath(QStringLiteral("snapshot-7")));
        QVERIFY(file.resize(size));
        const auto newest = snapshots.newest();
        QVERIFY(newest.ok());
        QCOMPARE(newest->first, std::uint64_t{0});
        QVERIFY(newest->second.empty());
    }

    /// One number cannot pass for another by a renamed file.
    void passesOverARenamedSnapshot() {
        const QTemporaryDir folder;
        FileSnapshots snapshots(folder.path().toStdString());
        QVERIFY(snapshots.save(7, contentOf(3000, 1)));
        QVERIFY(QFile::rename(folder.filePath(QStringLiteral("snapshot-7")),
                              folder.filePath(QStringLiteral("snapshot-9"))));
        QCOMPARE(snapshots.newest()->first, std::uint64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestFileStore)
#include "tst_file_store.moc"
