// The servers as programs of their own: what they are told and what they say, a whole sale between them while they are
// killed and started again, and what a thief of one of them has.
#include "core/keys/SeedPhrase.h"
#include "tests/scenario/Household.h"
#include "tests/support/Cluster.h"

#include <QDirIterator>

using namespace tallylock;
using api::Problem;
using api::SaleState;
using test::Cluster;
using test::Ended;
using test::Household;
using test::run;
using test::ServerProcess;

namespace {

bool folderHas(const QString& folder, const Bytes& secret) {
    const QByteArray needle(reinterpret_cast<const char*>(secret.data()), static_cast<qsizetype>(secret.size()));
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(needle)) return true;
    }
    return false;
}

void write(const QString& path, const QByteArray& text) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

constexpr std::int64_t kPatienceMs = 120'000;

/// Two nodes of two people, each on a machine of its own, driven by one hand.
struct TwoMachines {
    Household one;
    Household two;
    explicit TwoMachines(Cluster& cluster) {
        one.coordinator = two.coordinator = cluster.row();
        two.executor = one.loop.executor();
        if (!one.start() || !two.start()) qFatal("a node does not start");
        const auto seller = one.create("seller", one.node->newPhrase(12), "seller's passphrase");
        const auto buyer = one.loop.ask<Household::SessionPointer>([&](auto done) {
            two.node->createProfile("buyer", two.node->newPhrase(12), test::secret("buyer's passphrase"), done);
        });
        if (!seller || !buyer) qFatal("no profile");
        one.seller = *seller;
        one.buyer = *buyer;
    }
    ~TwoMachines() { one.buyer.reset(); } // it is of the other node, which goes first
};

} // namespace

class TestCluster : public QObject {
    Q_OBJECT
private slots:
    // --- settings ----------------------------------------------------------------------------------------------------

    void settingsThatAreWrongAreNamed() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("wrong.toml"));
        write(path, "folder = \"" + folder.path().toUtf8() +
                        "/c\"\nlisten = \"nowhere\"\nlisen = 3\n[key_server]\naddress = \"a:1\"\nbox = \"00\"\n");
        const Ended ended = run(QStringLiteral("tallylockd"), {QStringLiteral("--config"), path});
        QCOMPARE(ended.code, 2);
        QVERIFY(ended.said.contains(path.toUtf8() + ":2: listen is to be \"host:port\""));
        QVERIFY(ended.said.contains(path.toUtf8() + ":3: there is no setting lisen"));
        QVERIFY(ended.said.contains(path.toUtf8() + ":6: key_server.box is to be 64 hexadecimal digits"));
        QVERIFY(ended.said.contains("key_server.identity is missing"));
        QVERIFY(!ended.said.contains("standby")); // need not be there
        write(path, "folder = ");
        const Ended torn = run(QStringLiteral("tallylockd"), {QStringLiteral("--config"), path});
        QCOMPARE(torn.code, 2);
        QVERIFY(torn.said.contains(path.toUtf8() + ":1: "));
        QCOMPARE(run(QStringLiteral("tallylockd"), {}).code, 2);
        QCOMPARE(run(QStringLiteral("tallylockd"), {QStringLiteral("--frobnicate")}).code, 2);
        QCOMPARE(
            run(QStringLiteral("tallylock-keyserver"), {QStringLiteral("--config"), QStringLiteral("/nowhere")}).code,
            2);
    }

    void theEnvironmentComesBeforeTheFile() {
        Cluster cluster;
        QVERIFY(!cluster.keyServer.card().isEmpty()); // writes the settings
        const QStringList check{QStringLiteral("--config"), cluster.keyServer.settings(),
                                QStringLiteral("--check-config")};
        const QString program = QStringLiteral("tallylock-keyserver");
        QCOMPARE(run(program, check).code, 0);
        const Ended wrong = run(program, check, {QStringLiteral("TALLYLOCK_COORDINATOR_ADDRESS=nowhere")});
        QCOMPARE(wrong.code, 2);
        QVERIFY(wrong.said.contains("TALLYLOCK_COORDINATOR_ADDRESS: coordinator.address is to be \"host:port\""));
        const auto withPlaces = [&](const char* places) {
            return run(program, check, {QStringLiteral("TALLYLOCK_COORDINATOR_ADDRESS=") + QLatin1String(places)}).code;
        };
        QCOMPARE(withPlaces("example.org:1, [::1]:2 10.0.0.1:3"), 0);
        QCOMPARE(withPlaces("example.org:1, nowhere"), 2);
        QCOMPARE(withPlaces("exam\"ple.org:1"), 2);
        QCOMPARE(withPlaces("a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1"), 2); // more than eight
    }

    // --- life --------------------------------------------------------------------------------------------------------

    /// Deputies are part of what people sign: a coordinator keeps those that it began with.
    void theDeputiesAreThoseOfTheFirstStart() {
        Cluster cluster;
        const auto naming = [](char digit) {
            return QStringLiteral("[arbitration]\ndeputy_1 = \"%1\"\n").arg(QString(64, QLatin1Char(digit)));
        };
        ServerProcess& coordinator = cluster.coordinator;
        coordinator.more = cluster.plain + naming('a');
        QVERIFY(coordinator.start());
        QCOMPARE(coordinator.stop(), 0);
        coordinator.more = cluster.plain;
        QVERIFY(coordinator.start()); // unsaid, as they are
        QCOMPARE(coordinator.stop(), 0);
        coordinator.more = cluster.plain + naming('b');
        coordinator.launch();
        QCOMPARE(coordinator.waitUntilEnded(), 1);
        QVERIFY2(coordinator.log().contains("deputies"), coordinator.log().constData());
        coordinator.more = cluster.plain + QStringLiteral("[arbitration]\ndeputy_1 = \"me\"\n");
        coordinator.launch();
        QCOMPARE(coordinator.waitUntilEnded(), 2);
    }

    void theyStartAndStopAndSayHowTheyAre() {
        Cluster cluster;
        QVERIFY(cluster.coordinator.start());
        QVERIFY(cluster.coordinator.operationsPort() != 0);
        const QByteArray ill = cluster.coordinator.told("/healthz");
        QVERIFY2(ill.startsWith("HTTP/1.1 503") && ill.contains("key server"), ill.constData());
        QVERIFY(cluster.keyServer.start() && cluster.standby.start());
        QTRY_VERIFY_WITH_TIMEOUT(cluster.coordinator.told("/healthz").startsWith("HTTP/1.1 200"), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(cluster.keyServer.told("/healthz").startsWith("HTTP/1.1 200"), 20'000);
        const QByteArray metrics = cluster.coordinator.told("/metrics");
        QVERIFY(metrics.contains("\n# TYPE tallylock_connections gauge\ntallylock_connections 2\n"));
        QVERIFY(metrics.contains("\ntallylock_journal_commands 2\n")); // its market
        QVERIFY(cluster.coordinator.told("/secrets").startsWith("HTTP/1.1 404"));
        // Another one of the same folder, and one of the same port.
        const Ended second =
            run(QStringLiteral("tallylockd"), {QStringLiteral("--config"), cluster.coordinator.settings()});
        QCOMPARE(second.code, 1);
        QVERIFY2(second.said.contains("folder-in-use"), second.said.constData());
        ServerProcess& other = cluster.standby;
        QCOMPARE(other.stop(), 0);
        const Ended same = run(QStringLiteral("tallylock-keyserver"), {QStringLiteral("--config"), other.settings()},
                               {QStringLiteral("TALLYLOCK_LISTEN=") + cluster.keyServer.address()});
        QCOMPARE(same.code, 1);
        QVERIFY2(same.said.contains("in use"), same.said.constData());
        QCOMPARE(cluster.coordinator.stop(), 0);
        QVERIFY(cluster.coordinator.log().contains(" stopped\n"));
        QCOMPARE(cluster.keyServer.stop(), 0);
    }

    /// Its journal began with other key servers.
    void aCoordinatorKeepsItsKeyServers() {
        Cluster cluster;
        QVERIFY(cluster.coordinator.start());
        QCOMPARE(cluster.coordinator.stop(), 0);
        const QString standby = QString::fromStdString(Cluster::key(cluster.standby).hex());
        const Ended ended =
            run(QStringLiteral("tallylockd"), {QStringLiteral("--config"), cluster.coordinator.settings()},
                {QStringLiteral("TALLYLOCK_KEY_SERVER_IDENTITY=") + standby});
        QCOMPARE(ended.code, 1);
        QVERIFY2(ended.said.contains("another key server's"), ended.said.constData());
    }

    // --- sales -------------------------------------------------------------------------------------------------------

    void aSaleGoesOnWhoeverIsKilled() {
        Cluster cluster;
        QVERIFY(cluster.start());
        Household home;
        home.coordinator = cluster.row();
        QVERIFY(home.begin());
        std::set<SaleState> killedAt;
        int turn = 0;
        const bool done = home.drive(
            [&](const api::SaleRow& sale) {
                if (!sale.terminal && killedAt.insert(sale.state).second) { // at each state that is seen, one of them
                    ServerProcess& victim = turn++ % 2 == 0 ? cluster.coordinator : cluster.keyServer;
                    victim.kill();
                    if (!victim.start()) qFatal("does not start again");
                }
                return sale.state == SaleState::Completed;
            },
            kPatienceMs);
        QVERIFY2(done, home.trouble.c_str());
        QVERIFY(turn >= 4);
        QFile opened(home.openedPath());
        QVERIFY(opened.open(QIODevice::ReadOnly));
        QCOMPARE(opened.readAll(), home.content);
        for (ServerProcess* server : {&cluster.coordinator, &cluster.keyServer, &cluster.standby})
            QCOMPARE(server->stop(), 0);
    }

    /// Whoever has the coordinator's disk alone has no key; the second password is nowhere in it.
    void aStolenCoordinatorOpensNothing() {
        Cluster cluster;
        QVERIFY(cluster.start());
        Household home;
        home.coordinator = cluster.row();
        QVERIFY(home.begin());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }, kPatienceMs),
                 home.trouble.c_str());
        const SaleId sale = home.salesOf(home.buyer).front().id;
        const auto words = home.loop.ask<std::shared_ptr<const SecretBytes>>(
            [&](auto done) { home.buyer->secondPasswordWords(sale, done); });
        QVERIFY(words.ok());
        const auto view = (*words)->view();
        const auto phrase = keys::SeedPhrase::parse({reinterpret_cast<const char*>(view.data()), view.size()});
        QVERIFY(phrase.ok());
        const Bytes text(view.begin(), view.end());
        const Bytes entropy = bytesOf(phrase->entropy().view());
        QCOMPARE(entropy.size(), std::size_t{16});
        QVERIFY(folderHas(cluster.coordinator.folder(), bytesOf("BTC/USD"))); // the search finds what is there
        for (const Bytes& secret : {text, entropy}) {
            QVERIFY(!folderHas(cluster.coordinator.folder(), secret));
            QVERIFY(!folderHas(cluster.keyServer.folder(), secret)); // sealed under its master secret
            QVERIFY(!cluster.coordinator.log().contains(
                QByteArray(reinterpret_cast<const char*>(secret.data()), static_cast<qsizetype>(secret.size()))));
        }
    }

    // --- what its operator says about prices -------------------------------------------------------------------------

    void noMoreIsPromisedThanTheOperatorAllows() {
        Cluster cluster;
        const QString settings = cluster.coordinator.more;
        cluster.coordinator.more =
            settings + QStringLiteral("quote_ms = 0\n[quotes]\nfloat_cap = \"lots\"\nvalid_for_s = 5\n"
                                      "converted_margin_bp = 5001\n");
        QVERIFY(cluster.keyServer.start() && cluster.standby.start());
        QVERIFY(!cluster.coordinator.start());
        QVERIFY(cluster.coordinator.log().contains("quotes.float_cap is to be an amount of dollars"));
        QVERIFY(cluster.coordinator.log().contains("quotes.valid_for_s is to be from 60 to 86400"));
        QVERIFY(cluster.coordinator.log().contains("quotes.converted_margin_bp is to be at most 5000"));
        QVERIFY(cluster.coordinator.log().contains("practice.quote_ms is to be more than 0"));

        cluster.coordinator.more = settings + QStringLiteral("[quotes]\nfloat_cap = \"50\"\n");
        QVERIFY(cluster.coordinator.start());
        Household home;
        home.coordinator = cluster.row();
        QVERIFY(home.begin());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::KeyWrapped; }, kPatienceMs),
                 home.trouble.c_str());
        home.loop.runFor(1'500); // for 100 dollars there is no price
        QVERIFY(home.salesOf(home.buyer).front().state == SaleState::KeyWrapped);

        QCOMPARE(cluster.coordinator.stop(), 0);
        cluster.coordinator.more = settings + QStringLiteral("[quotes]\nfloat_cap = \"500.50\"\nvalid_for_s = 600\n"
                                                             "converted_margin_bp = 0\n");
        QVERIFY(cluster.coordinator.start());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }, kPatienceMs),
                 home.trouble.c_str());
    }

    // --- who is there ------------------------------------------------------------------------------------------------

    void anotherServerThanIsPinnedIsNotTrusted() {
        Cluster cluster;
        QVERIFY(cluster.start());
        Household home;
        home.coordinator = cluster.row();
        home.coordinator->coordinator.key = Cluster::key(cluster.standby);
        QVERIFY(home.start().ok());
        const auto info = home.loop.ask<api::NodeInfo>([&](auto done) { home.node->info(done); });
        QVERIFY(!info.ok() && info.error().problem == Problem::Stopping);
        QVERIFY(home.node->operatorDesk() == nullptr);
    }

    void peopleOnTwoMachinesDeal() {
        Cluster cluster;
        QVERIFY(cluster.start());
        TwoMachines people(cluster);
        Household& one = people.one;
        const auto info = one.loop.ask<api::NodeInfo>([&](auto done) { one.node->info(done); });
        QVERIFY(info.ok() && info->practice && info->coordinator == cluster.row());
        const bool done =
            one.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }, kPatienceMs);
        QVERIFY2(done, one.trouble.c_str());
    }

    /// Through the coordinator, which has nothing of the file any more.
    void theSellersAppGivesWhatTheStoreHasLost() {
        Cluster cluster;
        QVERIFY(cluster.start());
        TwoMachines people(cluster);
        Household& one = people.one;
        bool isLost = false;
        one.beforePaying = [&] {
            const QDir folder(cluster.coordinator.folder());
            isLost = isLost ||
                     QDir().rename(folder.filePath(QStringLiteral("files")), folder.filePath(QStringLiteral("lost")));
        };
        std::optional<api::DeliveryRow> delivery;
        const bool done = one.drive(
            [&](const api::SaleRow& row) {
                const auto sale = one.get<api::SaleDetail>([&](auto then) { one.buyer->sale(row.id, then); });
                if (sale) delivery = sale->delivery;
                return delivery && delivery->whole;
            },
            kPatienceMs);
        QVERIFY2(done, one.trouble.c_str());
        QVERIFY(isLost);
        QVERIFY(delivery->totalBytes > 0 && delivery->fromStore == 0);
        QCOMPARE(delivery->fromSeller, delivery->totalBytes);
    }
};

QTEST_GUILESS_MAIN(TestCluster)
#include "tst_cluster.moc"
