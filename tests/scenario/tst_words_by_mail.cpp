// The second part by mail, through the programs as they are run: the mail server is down, the key server is killed.
#include "tests/scenario/Household.h"
#include "tests/support/Cluster.h"
#include "tests/support/MailServer.h"

#include <QDirIterator>

using namespace tallylock;
using api::CourierStage;
using api::PartTwoWay;
using api::SaleState;
using test::Cluster;
using test::Household;

namespace {

constexpr std::int64_t kPatienceMs = 120'000;
constexpr const char* kAddress = "bob.buyer@mail.example";

bool folderHas(const QString& folder, const QByteArray& needle) {
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(needle)) return true;
    }
    return false;
}

bool stands(test::ServerProcess& server, const QByteArray& metric, int value) {
    return server.told("/metrics").contains("\ntallylock_" + metric + " " + QByteArray::number(value) + "\n");
}

} // namespace

class TestWordsByMail : public QObject {
    Q_OBJECT
private slots:
    void aMailArrivesAlthoughTheKeyServerIsKilled() {
        test::MailServer mail;
        Cluster cluster;
        const QString credentials = cluster.folder.filePath(QStringLiteral("credentials"));
        QFile file(credentials);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("keys\nlet me in\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        cluster.keyServer.more += QStringLiteral("[mail]\nserver = \"%1:%2\"\nsender = \"keys@market.example\"\n"
                                                 "credentials = \"%3\"\nauthorities = \"%4\"\n")
                                      .arg(test::MailServer::host())
                                      .arg(mail.port())
                                      .arg(credentials, mail.authority());
        QVERIFY(cluster.start());
        Household home;
        home.coordinator = cluster.row();
        QVERIFY(home.begin());
        bool wished = false;
        const auto courier = [&](SaleId sale) {
            return home.get<api::CourierRow>([&](auto done) { home.buyer->courier(sale, done); })
                .value_or(api::CourierRow());
        };
        const bool done = home.drive(
            [&](const api::SaleRow& sale) {
                if (sale.state == SaleState::WalletOpen && !wished) {
                    const auto row = courier(sale.id);
                    wished = row.offersMail && !row.offersCard && home.get<api::CourierRow>([&](auto reply) {
                        home.buyer->setCourier(sale.id, PartTwoWay::Mail, kAddress, reply);
                    });
                }
                return sale.state == SaleState::Completed;
            },
            kPatienceMs);
        QVERIFY2(done, home.trouble.c_str()); // nothing waits for the mail, whose server is down
        QVERIFY(wished);
        const SaleId sale = home.salesOf(home.buyer).front().id;
        QCOMPARE(courier(sale).stage, CourierStage::Waiting);
        QVERIFY2(stands(cluster.keyServer, "letters_waiting", 1), cluster.keyServer.told("/metrics").constData());
        cluster.keyServer.kill();
        mail.start();
        QVERIFY(cluster.keyServer.start());
        QTRY_COMPARE_WITH_TIMEOUT(mail.mails().size(), 1, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(courier(sale).stage == CourierStage::Sent, 60'000);
        QCOMPARE(courier(sale).address, std::string(kAddress));
        QVERIFY(stands(cluster.keyServer, "letters_waiting", 0));
        QVERIFY(stands(cluster.keyServer, "terms_total", 1));
        QVERIFY(stands(cluster.keyServer, "keys_total", 1));
        QVERIFY(stands(cluster.keyServer, "keys_released_total", 1));
        QVERIFY(stands(cluster.keyServer, "checks_waiting", 0));

        const auto words = home.get<std::shared_ptr<const SecretBytes>>(
            [&](auto reply) { home.buyer->secondPasswordWords(sale, reply); });
        QVERIFY(words);
        const QByteArray text(reinterpret_cast<const char*>((*words)->data()),
                              static_cast<qsizetype>((*words)->size()));
        QVERIFY(mail.mails().front().contains("\r\n\r\n" + text + "\r\n"));
        for (const QByteArray& secret : {text, QByteArray(kAddress), QByteArray("let me in")}) {
            QVERIFY(!folderHas(cluster.coordinator.folder(), secret));
            QVERIFY(!folderHas(cluster.keyServer.folder(), secret));
            QVERIFY(!cluster.coordinator.log().contains(secret));
            QVERIFY(!cluster.keyServer.log().contains(secret));
        }
    }
};

QTEST_GUILESS_MAIN(TestWordsByMail)
#include "tst_words_by_mail.moc"
