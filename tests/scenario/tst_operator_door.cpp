// What whoever runs tallylockd says to it while it is at work, from a terminal on its machine.
#include "app/operator/DoorSocket.h"
#include "app/operator/OperatorWire.h"
#include "core/api/Treasury.h"
#include "core/money/Decimal.h"
#include "tests/scenario/Household.h"
#include "tests/support/Cluster.h"

#include <QFileInfo>

using namespace tallylock;
using api::Problem;
using test::Cluster;
using test::Ended;
using test::Household;

class TestOperatorDoor : public QObject {
    Q_OBJECT

    std::unique_ptr<Cluster> m_cluster;
    std::unique_ptr<Household> m_home;

    Ended cli(const QString& group, const QStringList& words) {
        return test::run(QStringLiteral("tallylock-cli"), QStringList{group, m_cluster->coordinator.folder()} + words);
    }
    Ended cli(const char* line) {
        const QStringList words = QString::fromLatin1(line).split(QLatin1Char(' '));
        return cli(words.front(), words.mid(1));
    }
    static bool says(const Ended& ended, int code, const char* text) {
        if (ended.code == code && ended.said.contains(text)) return true;
        qWarning("%d: %s", ended.code, ended.said.constData());
        return false;
    }
    std::optional<Problem> whyNoOrder() {
        api::OrderRequest order;
        order.instrument = InstrumentId{1};
        order.side = api::Side::Buy;
        order.price = test::dollars(50'000);
        order.quantity = *money::parseAmount("0.0001", money::kBtc);
        const auto placed = m_home->loop.ask<api::OrderRow>([&](auto done) { m_home->buyer->placeOrder(order, done); });
        return placed ? std::nullopt : std::optional(placed.error().problem);
    }
    std::vector<api::InstrumentRow> instruments() {
        return m_home->get<std::vector<api::InstrumentRow>>([&](auto done) { m_home->buyer->instruments(done); })
            .value_or(std::vector<api::InstrumentRow>());
    }

private slots:
    void initTestCase() {
        m_cluster = std::make_unique<Cluster>();
        QVERIFY(m_cluster->start());
        m_home = std::make_unique<Household>();
        m_home->coordinator = m_cluster->row();
        QVERIFY(m_home->begin());
        QVERIFY(says(cli("users"), 0, "nobody has an account"));
        for (const auto& person : {m_home->seller, m_home->buyer})
            QVERIFY(m_home->get<api::DepositRow>([&](auto done) { person->depositIdentifier(money::kBtc, done); }));
    }
    void cleanupTestCase() {
        m_home.reset();
        m_cluster.reset();
    }

    void accountsAndTheirStanding() {
        QVERIFY(says(cli("users"), 0, "seller  person  verified"));
        const Ended some = cli("users list buy");
        QVERIFY(says(some, 0, "buyer  person  verified"));
        QVERIFY(some.said.contains("administrator, trader, treasurer, auditor  1 devices"));
        QVERIFY(!some.said.contains("seller"));
        QCOMPARE(whyNoOrder(), std::optional(Problem::InsufficientFunds));
        const auto stand = [&](const char* account, const char* standing, const char* evidence) {
            return cli(QStringLiteral("users"), {QStringLiteral("standing"), QString::fromLatin1(account),
                                                 QString::fromLatin1(standing), QString::fromLatin1(evidence)});
        };
        QVERIFY(says(stand("buyer", "frozen", "court order \x1b[1m 17"), 0, ""));
        QVERIFY(says(cli("users list buyer"), 0, "frozen: court order ?[1m 17"));
        QCOMPARE(whyNoOrder(), std::optional(Problem::AccountFrozen));
        QVERIFY(says(stand("buyer", "verified", "order lifted"), 0, ""));
        QCOMPARE(whyNoOrder(), std::optional(Problem::InsufficientFunds));
        QVERIFY(says(stand("nobody", "frozen", "why"), 1, "no account is called nobody"));
        QVERIFY(says(stand("77", "frozen", "why"), 1, "no account is called 77"));
        QVERIFY(says(stand("buyer", "angry", "why"), 1, "no standing: angry"));
        QVERIFY(says(cli("users reset-codes 99"), 1, "user-unknown"));
        QVERIFY(says(cli("users reset-codes me"), 1, "not a number: me"));
    }

    void markets() {
        QVERIFY(says(cli("markets"), 0, "BTC/USD  open  tick 0.01  lot 0.0001"));
        QVERIFY(says(cli("markets halt BTC/USD"), 0, ""));
        QVERIFY(says(cli("markets list"), 0, "BTC/USD  halted"));
        QCOMPARE(whyNoOrder(), std::optional(Problem::InstrumentHalted));
        QVERIFY(says(cli("markets reference BTC/USD 61000.50"), 0, ""));
        QVERIFY(says(cli("markets"), 0, "halted")); // the one does not undo the other
        QVERIFY(says(cli("markets resume BTC/USD"), 0, ""));
        QVERIFY(says(cli("markets"), 0, "reference 61000.5"));
        QCOMPARE(whyNoOrder(), std::optional(Problem::InsufficientFunds));
        QVERIFY(says(cli("markets window BTC/USD 10"), 0, ""));
        QVERIFY(says(cli("markets window BTC/USD soon"), 1, "not a number of minutes: soon"));
        QVERIFY(says(cli("markets reference BTC/USD none"), 0, ""));
        QVERIFY(says(cli("markets halt DOGE/USD"), 1, "no market is called DOGE/USD"));
        QVERIFY(says(cli("markets open ETH/USD ETH USD 0.01 0.001 0.001 1000 0 10 500"), 0, ""));
        QTRY_VERIFY_WITH_TIMEOUT(instruments().size() == 2, 20'000);
        const api::InstrumentRow opened = instruments().back();
        QCOMPARE(opened.symbol, std::string("ETH/USD"));
        QVERIFY(opened.takerBasisPoints == 10 && opened.collarBasisPoints == 500);
        QVERIFY(opened.maximum == *money::parseAmount("1000", opened.base));
        QVERIFY(says(cli("markets open ETH/USD ETH USD 0.01 0.001 0.001 1000 0 10"), 1, "instrument-exists"));
        QVERIFY(says(cli("markets open X/USD X USD 1 1 1 1 0 0"), 1, "no such unit: X"));
        QVERIFY(says(cli("markets open E/USD ETH USD 1 a 1 1 0 0"), 1, "not an amount: a"));
        QVERIFY(says(cli("markets open E/USD ETH USD 1 1 1 1 0 -3"), 1, "not a number of basis points: -3"));
    }

    void books() {
        QVERIFY(says(cli("books trial"), 0, "every unit sums to zero"));
        QVERIFY(says(cli("books reconcile"), 0, ""));
        const auto address =
            m_home->get<api::DepositRow>([&](auto done) { m_home->buyer->depositIdentifier(money::kBtc, done); });
        QVERIFY(address);
        QVERIFY(m_home->loop
                    .ask<void>([&](auto done) {
                        m_home->node->practice()->payToAddress(money::kBtc, address->identifier,
                                                               *money::parseAmount("0.25", money::kBtc), done);
                    })
                    .ok());
        QTRY_VERIFY_WITH_TIMEOUT(cli("books statement buyer BTC").said.contains("deposit"), 30'000);
        QVERIFY(says(cli("books statement buyer BTC"), 0, "balance 0.25"));
        QVERIFY(says(cli("books statement buyer XYZ"), 1, "no such unit: XYZ"));
        // What arrives for nobody shows where somebody watches, until it is somebody's.
        const auto unitsInSuspense = [this](const char* count) {
            const QByteArray metrics = m_cluster->coordinator.told("/metrics");
            return metrics.contains(QByteArray("\ntallylock_suspense_units ") + count + '\n') &&
                   metrics.contains("\ntallylock_open_cases 0\n");
        };
        QVERIFY2(unitsInSuspense("0"), m_cluster->coordinator.told("/metrics").constData());
        QVERIFY(m_home->loop
                    .ask<void>([&](auto done) {
                        m_home->node->practice()->bankTransfer(money::kUsd, "who knows",
                                                               *money::parseAmount("12.34", money::kUsd), done);
                    })
                    .ok());
        QTRY_VERIFY_WITH_TIMEOUT(cli("books suspense").said.contains("12.34 USD"), 30'000);
        QVERIFY(unitsInSuspense("1"));
        const QStringList name = QString::fromUtf8(cli("books suspense").said).split(QStringLiteral("  "));
        QVERIFY(name.size() > 2);
        QVERIFY(says(cli(QStringLiteral("books"), {QStringLiteral("assign"), name[0], name[1], QStringLiteral("buyer"),
                                                   QStringLiteral("asked at the counter")}),
                     0, ""));
        QVERIFY(unitsInSuspense("0"));
        QVERIFY(says(cli("books statement eve BTC"), 1, "no account is called eve"));
        QVERIFY(says(cli("books"), 1, "usage: books DIR"));
    }

    void rulesAndCases() {
        QVERIFY(says(cli("cases rule 1 size in hold BTC 0.5"), 0, ""));
        QVERIFY(says(cli("cases rules"), 0, "1  size  in  hold"));
        QVERIFY(says(cli("cases unrule 1"), 0, ""));
        QVERIFY(says(cli("cases rule 1 height in hold BTC 0.5"), 1, "no kind of rule: height"));
        QVERIFY(says(cli("cases rule 1 size in hold BTC 0.5 60"), 1, "a count of how many?"));
        QVERIFY(says(cli("cases release 9 why"), 1, "case-wrong-state"));
        const QString list = m_home->folder.filePath(QStringLiteral("addresses"));
        QFile file(list);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QByteArray addresses("# the worst\n");
        for (int i = 0; i < 12'000; ++i) addresses += "bc1-bad-" + QByteArray::number(i) + '\n';
        file.write(addresses);
        file.close();
        QVERIFY(
            says(cli(QStringLiteral("cases"), {QStringLiteral("addresses"), list}), 0, "12000 addresses are watched"));
        QVERIFY(says(cli("cases addresses /nowhere"), 1, "cannot read /nowhere"));
        QVERIFY(says(cli("disputes"), 0, "nothing is disputed"));
        QVERIFY(says(cli("disputes decide 1 1.00 why"), 1, "sale-unknown"));
    }

    void theCoordinatorItself() {
        QVERIFY(says(cli("node"), 0, "the clock runs"));
        QVERIFY(says(cli("node withdrawal-fee BTC 0.0002"), 0, ""));
        QVERIFY(says(cli("node status"), 0, "a withdrawal costs 0.0002 BTC"));
        const auto fees =
            m_home->get<std::vector<api::Amount>>([&](auto done) { m_home->buyer->treasury().withdrawalFees(done); });
        QVERIFY(fees && fees->size() == 1 && fees->front() == *money::parseAmount("0.0002", money::kBtc));
        QVERIFY(says(cli("node confirm-clock"), 0, ""));
    }

    /// What was done stands in the log; what was said about people does not.
    void theLog() {
        QVERIFY(m_cluster->coordinator.waitFor("operator act=\"node confirm-clock\"")); // the last that was done
        const QByteArray log = m_cluster->coordinator.log();
        QVERIFY(log.contains("operator act=\"users standing\"") && log.contains("operator act=\"markets halt\""));
        QVERIFY(!log.contains("court"));
    }

    void onlyTheOwnerGetsIn() {
        const QFileInfo door(m_cluster->coordinator.folder() + QStringLiteral("/operator.sock"));
        QVERIFY(door.exists());
        QCOMPARE(door.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
    }

    /// Whatever comes, the next one is served.
    void nonsenseIsNotAnswered() {
        const std::string folder = m_cluster->coordinator.folder().toStdString();
        app::DoorQuestion large{app::kDoorVersion, {"node"}, app::kMostDoorBytes + 1};
        const Bytes framed = encodeCbor(large);
        Bytes tooLarge{0, 0, 0, static_cast<std::uint8_t>(framed.size())};
        tooLarge.insert(tooLarge.end(), framed.begin(), framed.end());
        const Bytes all[] = {
            {},                          // hangs up
            {0, 0},                      // in the middle
            {0xff, 0xff, 0xff, 0xff},    // a header of 4 GiB
            {0, 0, 0, 3, 'a', 'b', 'c'}, // no header
            tooLarge,                    //
        };
        for (const Bytes& bytes : all) {
            auto socket = app::DoorSocket::connectTo(folder);
            QVERIFY(socket);
            socket.within(std::chrono::seconds(20));
            QVERIFY(socket.write(bytes));
            if (bytes.size() > 4) QVERIFY(!socket.read(1)); // it hangs up
        }
        QVERIFY(says(cli("node"), 0, "the clock runs"));
        const auto ask = [&](const app::DoorQuestion& question) {
            auto socket = app::DoorSocket::connectTo(folder);
            socket.within(std::chrono::seconds(20));
            if (!socket.writeHeader(question)) qFatal("not written");
            const auto answer = socket.readHeader<app::DoorAnswer>();
            if (!answer) qFatal("not answered");
            return std::make_pair(answer->code, *socket.read(answer->outBytes + answer->errBytes));
        };
        const auto other = ask({app::kDoorVersion + 1, {"node"}, 0});
        QVERIFY(other.first == 1 &&
                other.second == bytesOf("the coordinator here is of another release than this program"));
        QVERIFY(ask({app::kDoorVersion, {"teapot"}, 0}).first == 1);
        QVERIFY(ask({app::kDoorVersion, {}, 0}).first == 1);
        QVERIFY(ask({app::kDoorVersion, {"node", "melt"}, 0}).second.size() > 0);
    }

    /// A path that is longer than a socket's address.
    void aLongPath() {
        const std::string folder =
            m_home->folder
                .filePath(QString(120, QLatin1Char('d')) + QStringLiteral("/") + QString(120, QLatin1Char('e')))
                .toStdString();
        QVERIFY(QDir().mkpath(QString::fromStdString(folder)));
        auto first = app::DoorSocket::listenIn(folder);
        QVERIFY2(first.ok(), first ? "" : first.error().c_str());
        QVERIFY(app::DoorSocket::connectTo(folder));
        auto second = app::DoorSocket::listenIn(folder); // instead of one that was left behind
        QVERIFY(second.ok());
        QVERIFY(app::DoorSocket::connectTo(folder));
        QVERIFY(!app::DoorSocket::connectTo(folder + "/nowhere"));
        QVERIFY(!app::DoorSocket::listenIn(folder + "/nowhere").ok());
    }

    void afterAPowerCut() {
        m_cluster->coordinator.kill();
        QVERIFY(says(cli("node"), 1, "no coordinator is at work in"));
        QVERIFY(says(cli("books trial"), 1, "no coordinator is at work in"));
        QVERIFY(m_cluster->coordinator.start());
        QVERIFY(says(cli("node status"), 0, "a withdrawal costs 0.0002 BTC"));
        QVERIFY(says(cli("users list"), 0, "verified: order lifted"));
        QCOMPARE(m_cluster->coordinator.stop(), 0);
        QVERIFY(says(cli("node"), 1, "no coordinator is at work in"));
    }
};

QTEST_GUILESS_MAIN(TestOperatorDoor)
#include "tst_operator_door.moc"
