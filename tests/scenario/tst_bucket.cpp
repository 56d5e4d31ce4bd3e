// A coordinator whose sealed files are in a bucket of an S3-compatible store: what its settings are told, a sale of a
// file of several parts, and a power cut while it is being brought.
#include "tests/scenario/Household.h"
#include "tests/support/Cluster.h"
#include "tests/support/ObjectStore.h"
#include "tests/support/Proxy.h"

using namespace tallylock;
using api::SaleState;
using test::Cluster;
using test::Ended;
using test::Household;
using test::ObjectStore;
using test::Proxy;
using test::run;

namespace {

QString filesTable(const ObjectStore& store, quint16 port) {
    return QStringLiteral("[files]\nkind = \"s3\"\nendpoint = \"http://127.0.0.1:%1\"\nregion = \"us-east-1\"\n"
                          "bucket = \"%2\"\nprefix = \"tallylock/\"\ncredentials = \"%3\"\n")
        .arg(port)
        .arg(QLatin1String(ObjectStore::kBucket), store.keyFile());
}

constexpr std::int64_t kPatienceMs = 240'000;

} // namespace

class TestBucket : public QObject {
    Q_OBJECT
private slots:
    void settingsThatDoNotFitAreNamed() {
        const ObjectStore store;
        Cluster cluster;
        cluster.coordinator.more += filesTable(store, store.port());
        QVERIFY(!cluster.coordinator.card().isEmpty()); // writes the settings
        const QString program = QStringLiteral("tallylockd");
        const QStringList arguments{QStringLiteral("--config"), cluster.coordinator.settings()};
        const QStringList check = arguments + QStringList{QStringLiteral("--check-config")};
        const Ended right = run(program, check);
        QVERIFY2(right.code == 0, right.said.constData());
        const auto said = [&](const char* setting, int code, const char* what) {
            const Ended wrong = run(program, code == 2 ? check : arguments, {QString::fromLatin1(setting)});
            if (wrong.code == code && wrong.said.contains(what) && !wrong.said.contains(ObjectStore::kSecret))
                return true;
            qWarning("%d: %s", wrong.code, wrong.said.constData());
            return false;
        };
        QVERIFY(said("TALLYLOCK_FILES_KIND=tape", 2, "files.kind is to be"));
        QVERIFY(said("TALLYLOCK_FILES_KIND=folder", 2, "files.endpoint is only for"));
        QVERIFY(said("TALLYLOCK_FILES_ENDPOINT=http://192.0.2.1", 2, "without TLS"));
        QVERIFY(said("TALLYLOCK_FILES_CREDENTIALS=/nowhere/key", 2, "/nowhere/key: "));
        QVERIFY(said("TALLYLOCK_FILES_PREFIX=../", 2, "the prefix is to be"));
        // What only the store knows: told at the start, which does not come.
        const QString other = cluster.folder.filePath(QStringLiteral("other-key"));
        ObjectStore::writeKey(other, ObjectStore::kKey, "forged");
        QVERIFY(said(("TALLYLOCK_FILES_CREDENTIALS=" + other.toStdString()).c_str(), 1, "SignatureDoesNotMatch"));
        QVERIFY(said("TALLYLOCK_FILES_BUCKET=no-such-bucket", 1, "NoSuchBucket"));
    }

    void aSaleGoesThroughABucket() {
        const ObjectStore store;
        Proxy wire(store.port());
        Cluster cluster;
        cluster.coordinator.more += filesTable(store, wire.port());
        QVERIFY(cluster.start());
        QVERIFY(cluster.coordinator.log().contains("abandoned=0"));

        Household home;
        home.content.clear();
        for (int i = 0; home.content.size() < 20'000'000; ++i) home.content.append(QByteArray::number(i * 37));
        QFile asset(home.assetPath());
        QVERIFY(asset.open(QIODevice::WriteOnly) && asset.write(home.content) == home.content.size());
        asset.close();
        home.coordinator = cluster.row();
        QVERIFY(home.begin());

        // The power is cut when the first part is there and the second is on its way.
        const auto draft = home.get<api::DraftRow>([&](auto done) {
            home.seller->seal({home.assetPath().toStdString(),
                               "An asset",
                               "for a test",
                               "application/octet-stream",
                               test::dollars(100),
                               {},
                               false},
                              nullptr, done);
        });
        QVERIFY2(draft.has_value(), home.trouble.c_str());
        home.seller->publish(draft->assetId, [](const api::Answer<ListingId>&) {});
        constexpr std::uint64_t kWithinTheSecond = 9'000'000;
        for (int i = 0; i < 12'000 && wire.bytesToServer() < kWithinTheSecond; ++i) home.loop.runFor(5);
        QVERIFY(wire.bytesToServer() >= kWithinTheSecond);
        cluster.coordinator.kill();
        QVERIFY(cluster.coordinator.start());
        QVERIFY2(cluster.coordinator.log().contains("files bucket=sealed-files abandoned=1"),
                 cluster.coordinator.log().constData());

        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }, kPatienceMs),
                 home.trouble.c_str());
        QFile opened(home.openedPath());
        QVERIFY(opened.open(QIODevice::ReadOnly));
        QVERIFY(opened.readAll() == home.content);
        QVERIFY(!QFile::exists(cluster.coordinator.folder() + QStringLiteral("/files")));
        QVERIFY(!cluster.coordinator.log().contains(ObjectStore::kSecret));
        home.stop();
        for (test::ServerProcess* server : {&cluster.coordinator, &cluster.keyServer, &cluster.standby})
            QCOMPARE(server->stop(), 0);
    }
};

QTEST_GUILESS_MAIN(TestBucket)
#include "tst_bucket.moc"
