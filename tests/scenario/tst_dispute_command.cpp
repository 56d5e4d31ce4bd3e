// A dispute of two people on an embedded node, decided on the command line by whoever runs the node.
#include "core/money/Decimal.h"
#include "tests/scenario/Household.h"

#include <QProcess>
#include <QTest>

using namespace tallylock;
using namespace tallylock::test;

namespace {

struct Said {
    int code = -1;
    QString text;
};
Said cli(const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"), arguments);
    if (!process.waitForFinished(60'000)) {
        process.kill();
        process.waitForFinished(5'000);
        return {};
    }
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
}

} // namespace

class TestDisputeCommand : public QObject {
    Q_OBJECT
private slots:
    /// 95 dollars, of which 0.95 are the fee and 4.75 are held back.
    void theOperatorDecides() {
        Household home;
        QVERIFY(home.begin());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Unlocked; }),
                 home.trouble.c_str());
        const SaleId sale = home.salesOf(home.buyer).front().id;
        const QString folder = QString::fromStdString(home.nodeFolder());
        const QString number = QString::number(sale.value);
        const auto decide = [&](const char* who, const char* amount) {
            return cli({QStringLiteral("disputes"), folder, QStringLiteral("decide"), QString::fromLatin1(who),
                        QString::fromLatin1(amount), QStringLiteral("Half of it is missing.")});
        };
        const QStringList list{QStringLiteral("disputes"), folder};
        QVERIFY(cli(list).text.contains(u"Close it first")); // the node runs here
        home.stop();
        QCOMPARE(cli(list).text, QStringLiteral("nothing is disputed\n"));
        QVERIFY(decide(number.toLatin1().constData(), "1").text.contains(u"sale-wrong-state"));

        QVERIFY(home.restart());
        QVERIFY(home.loop
                    .ask<void>([&](auto done) {
                        home.buyer->raiseDispute(sale, api::Claim::NotAsDescribed, "It is \x1b[31mred\n.", done);
                    })
                    .ok());
        QVERIFY(home.loop.ask<void>([&](auto done) { home.seller->stateInDispute(sale, "It is blue.", done); }).ok());
        home.stop();

        const Said listed = cli(list);
        QCOMPARE(listed.code, 0);
        QVERIFY2(listed.text.contains(u"95.00 USD; 4.75 USD is held back; not as described"), qPrintable(listed.text));
        QVERIFY(listed.text.contains(u"buyer: It is ?[31mred?.")); // nobody steers the operator's terminal
        QVERIFY(listed.text.contains(u"seller: It is blue."));
        QVERIFY(decide("9", "1").text.contains(u"sale-unknown"));
        QVERIFY(decide("nine", "1").text.contains(u"not a number"));
        QVERIFY(decide(number.toLatin1().constData(), "4.76").text.contains(u"amount-invalid"));
        QVERIFY(decide(number.toLatin1().constData(), "much").text.contains(u"not an amount"));
        const Said decided = decide(number.toLatin1().constData(), "1.50");
        QVERIFY2(decided.code == 0, qPrintable(decided.text));
        QCOMPARE(cli(list).text, QStringLiteral("nothing is disputed\n"));
        QCOMPARE(cli({QStringLiteral("verify"), folder}).code, 0);

        QVERIFY(home.restart());
        for (const auto& who : {home.buyer, home.seller}) {
            std::optional<api::SaleDetail> detail;
            QTRY_VERIFY_WITH_TIMEOUT(
                [&] {
                    detail = home.get<api::SaleDetail>([&](auto done) { who->sale(sale, done); });
                    return detail && detail->row.state == SaleState::Resolved;
                }(),
                20'000);
            QVERIFY(*detail->dispute->toBuyer == money::parseAmount("1.50", money::kUsd).value());
            QCOMPARE(detail->dispute->statements.back().text, std::string("Half of it is missing."));
        }
    }
};

QTEST_GUILESS_MAIN(TestDisputeCommand)
#include "tst_dispute_command.moc"
