// `tallylock-cli market replay`, row by row: what goes in and what comes out.
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {
const QByteArray kIn = "seq,account,action,order_id,side,type,price,quantity,stop_price\n";
const QByteArray kOut = "seq,event,order_id,counter_order_id,price,quantity,remaining,reason\n";

struct Outcome {
    int code = -1;
    QByteArray out;
    QByteArray error;
};

Outcome replay(const QByteArray& in, const QStringList& options = {}) {
    QProcess process;
    process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"),
                  QStringList{QStringLiteral("market"), QStringLiteral("replay")} + options);
    process.write(in);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000)) qFatal("no end");
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}
} // namespace

class TestCliMarket : public QObject {
    Q_OBJECT
private slots:
    void rows_data() {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("in");
        QTest::addColumn<QByteArray>("out");
        const auto row = [](const char* name, const char* options, const QByteArray& in, const QByteArray& out) {
            QTest::newRow(name) << QString::fromLatin1(options).split(QLatin1Char(' '), Qt::SkipEmptyParts) << in
                                << out;
        };
        row("nothing", "", "", "");
        row("price, then time, at the resting price", "",
            "1,a,new,A,sell,limit,101,1,\n2,b,new,B,sell,limit,100.5,1,\n3,c,new,C,sell,limit,100.50,2,\n"
            "4,d,new,D,buy,limit,101,3.5,\n",
            "1,accepted,A,,101.00,1.0000,1.0000,\n1,rested,A,,101.00,1.0000,1.0000,\n"
            "2,accepted,B,,100.50,1.0000,1.0000,\n2,rested,B,,100.50,1.0000,1.0000,\n"
            "3,accepted,C,,100.50,2.0000,2.0000,\n3,rested,C,,100.50,2.0000,2.0000,\n"
            "4,accepted,D,,101.00,3.5000,3.5000,\n4,trade,D,B,100.50,1.0000,2.5000,\n"
            "4,trade,D,C,100.50,2.0000,0.5000,\n4,trade,D,A,101.00,0.5000,0.0000,\n");
        row("the rest of an IOC and of a market order", "",
            "1,a,new,A,sell,limit,100,1,\n2,b,new,B,buy,ioc,100,2,\n3,b,new,C,buy,market,,2,\n",
            "1,accepted,A,,100.00,1.0000,1.0000,\n1,rested,A,,100.00,1.0000,1.0000,\n"
            "2,accepted,B,,100.00,2.0000,2.0000,\n2,trade,B,A,100.00,1.0000,1.0000,\n"
            "2,cancelled,B,,100.00,2.0000,1.0000,not_filled\n"
            "3,accepted,C,,,2.0000,2.0000,\n3,cancelled,C,,,2.0000,2.0000,not_filled\n");
        row("an unfillable FOK and a crossing post-only are refused, and their ids stay free", "",
            "1,a,new,A,sell,limit,100,1,\n2,b,new,B,buy,fok,100,2,\n3,b,new,B,buy,post_only,100,1,\n"
            "4,b,new,B,buy,post_only,99.99,1,\n5,b,new,C,buy,fok,100,1,\n",
            "1,accepted,A,,100.00,1.0000,1.0000,\n1,rested,A,,100.00,1.0000,1.0000,\n"
            "2,refused,B,,,,,not_fillable\n3,refused,B,,,,,would_trade\n"
            "4,accepted,B,,99.99,1.0000,1.0000,\n4,rested,B,,99.99,1.0000,1.0000,\n"
            "5,accepted,C,,100.00,1.0000,1.0000,\n5,trade,C,A,100.00,1.0000,0.0000,\n");
        row("a stop order waits for a trade", "",
            "1,a,new,S,buy,stop_limit,102,1,101\n2,b,new,A,sell,limit,101,2,\n3,c,new,B,buy,limit,101,1,\n",
            "1,accepted,S,,102.00,1.0000,1.0000,\n2,accepted,A,,101.00,2.0000,2.0000,\n"
            "2,rested,A,,101.00,2.0000,2.0000,\n3,accepted,B,,101.00,1.0000,1.0000,\n"
            "3,trade,B,A,101.00,1.0000,0.0000,\n3,triggered,S,,102.00,1.0000,1.0000,\n"
            "3,trade,S,A,101.00,1.0000,0.0000,\n");
        row("only the owner cancels and replaces", "",
            "1,a,new,A,sell,limit,100,3,\n2,b,cancel,A,,,,,\n3,b,replace,A,,,,1,\n4,a,replace,A,,,,2,\n"
            "5,a,replace,A,,,101,,\n6,a,cancel,A,,,,,\n7,a,cancel,A,,,,,\n8,a,cancel,Z,,,,,\n9,a,new,A,buy,limit,1,1,"
            "\n",
            "1,accepted,A,,100.00,3.0000,3.0000,\n1,rested,A,,100.00,3.0000,3.0000,\n2,refused,A,,,,,not_owner\n"
            "3,refused,A,,,,,not_owner\n4,replaced,A,,100.00,2.0000,2.0000,\n5,replaced,A,,101.00,2.0000,2.0000,\n"
            "5,rested,A,,101.00,2.0000,2.0000,\n6,cancelled,A,,101.00,2.0000,2.0000,\n7,refused,A,,,,,unknown_order\n"
            "8,refused,Z,,,,,unknown_order\n9,refused,A,,,,,duplicate_order_id\n");
        row("a replacement's quantity is that of the whole order", "",
            "1,a,new,A,buy,limit,100,3,\n2,b,new,B,sell,limit,100,1,\n3,a,replace,A,,,,1,\n4,a,replace,A,,,,2,\n",
            "1,accepted,A,,100.00,3.0000,3.0000,\n1,rested,A,,100.00,3.0000,3.0000,\n"
            "2,accepted,B,,100.00,1.0000,1.0000,\n2,trade,B,A,100.00,1.0000,0.0000,\n"
            "3,refused,A,,,,,quantity_already_filled\n4,replaced,A,,100.00,2.0000,1.0000,\n");
        row("trading with oneself", "--stp oldest", "1,a,new,A,buy,limit,100,1,\n2,a,new,B,sell,limit,99,1,\n",
            "1,accepted,A,,100.00,1.0000,1.0000,\n1,rested,A,,100.00,1.0000,1.0000,\n"
            "2,accepted,B,,99.00,1.0000,1.0000,\n2,cancelled,A,,100.00,1.0000,1.0000,self_trade\n"
            "2,rested,B,,99.00,1.0000,1.0000,\n");
        row("other steps", "--tick 5 --lot 0.1 --base ETH --quote EUR",
            "1,a,new,A,buy,limit,15,1,\n2,a,new,B,buy,limit,7,1,\n",
            "1,accepted,A,,15,1.0,1.0,\n1,rested,A,,15,1.0,1.0,\n2,refused,B,,,,,price_not_on_tick\n");
        row("what cannot be understood", "",
            "1,a,new,A,buy,limit,1\n2,a,new,A,buy,limit,1,1,,\nx,a,new,A,buy,limit,1,1,\n4,,new,A,buy,limit,1,1,\n"
            "5,a,new,,buy,limit,1,1,\n6,a,steal,A,buy,limit,1,1,\n7,a,new,A,hold,limit,1,1,\n8,a,new,A,buy,best,1,1,\n"
            "9,a,new,A,buy,limit,,1,\n10,a,new,A,buy,limit,-1,1,\n11,a,new,A,buy,limit,1e3,1,\n"
            "12,a,new,A,buy,limit,0,1,\n13,a,new,A,buy,limit,0.001,1,\n14,a,new,A,buy,limit,1,0.00001,\n"
            "15,a,new,A,buy,limit,1,,\n16,a,new,A,buy,market,1,1,\n17,a,new,A,buy,limit,1,1,1\n"
            "18,a,new,A,buy,stop_limit,1,1,\n19,a,new,A,buy,limit,99999999999999999999999999999999999999999,1,\n\"\n",
            "1,refused,,,,,,malformed_row\n2,refused,,,,,,malformed_row\n,refused,A,,,,,malformed_seq\n"
            "4,refused,A,,,,,malformed_account\n5,refused,,,,,,malformed_order_id\n6,refused,A,,,,,unknown_action\n"
            "7,refused,A,,,,,unknown_side\n8,refused,A,,,,,unknown_type\n9,refused,A,,,,,malformed_price\n"
            "10,refused,A,,,,,malformed_price\n11,refused,A,,,,,malformed_price\n12,refused,A,,,,,price_not_positive\n"
            "13,refused,A,,,,,price_not_on_tick\n14,refused,A,,,,,quantity_not_on_lot\n"
            "15,refused,A,,,,,malformed_quantity\n16,refused,A,,,,,price_not_meant\n"
            "17,refused,A,,,,,stop_price_not_meant\n18,refused,A,,,,,malformed_stop_price\n"
            "19,refused,A,,,,,malformed_price\n,refused,,,,,,malformed_row\n");
    }
    void rows() {
        QFETCH(QStringList, options);
        QFETCH(QByteArray, in);
        QFETCH(QByteArray, out);
        const Outcome done = replay(kIn + in, options);
        QCOMPARE(done.error, QByteArray());
        QCOMPARE(done.code, 0);
        QCOMPARE(QString::fromUtf8(done.out), QString::fromUtf8(kOut + out));
        QByteArray dos = kIn + in;
        QCOMPARE(replay(dos.replace("\n", "\r\n"), options).out, done.out);
    }

    /// Fees are held with the price; a cancelled order gives all back.
    void funds() {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("funds.csv")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("account,unit,amount\na,USD,100.10\nb,BTC,1\n");
        file.close();
        const QStringList options = {QStringLiteral("--funds"), file.fileName(), QStringLiteral("--taker-bp"),
                                     QStringLiteral("10")};
        const Outcome done = replay(kIn + "1,a,new,A,buy,limit,100.01,1,\n2,a,new,A,buy,limit,100,1,\n"
                                          "3,a,new,B,buy,limit,0.01,0.0001,\n4,a,cancel,A,,,,,\n"
                                          "5,b,new,C,sell,limit,100,1,\n6,b,new,D,sell,limit,100,0.0001,\n"
                                          "7,a,new,E,buy,market,,1,\n8,c,new,F,buy,limit,1,1,\n",
                                    options);
        QCOMPARE(QString::fromUtf8(done.out),
                 QString::fromUtf8(kOut + "1,refused,A,,,,,insufficient_funds\n2,accepted,A,,100.00,1.0000,1.0000,\n"
                                          "2,rested,A,,100.00,1.0000,1.0000,\n3,refused,B,,,,,insufficient_funds\n"
                                          "4,cancelled,A,,100.00,1.0000,1.0000,\n"
                                          "5,accepted,C,,100.00,1.0000,1.0000,\n5,rested,C,,100.00,1.0000,1.0000,\n"
                                          "6,refused,D,,,,,insufficient_funds\n7,accepted,E,,,1.0000,1.0000,\n"
                                          "7,trade,E,C,100.00,1.0000,0.0000,\n8,refused,F,,,,,insufficient_funds\n"));
    }

    void badFiles() {
        QCOMPARE(replay("1,a,new,A,buy,limit,1,1,\n").code, 1);
        QVERIFY(replay("").error.contains("the first line must be seq,account"));
        QVERIFY(replay(kIn, {QStringLiteral("--base"), QStringLiteral("ABC")}).error.contains("there are BTC"));
        QVERIFY(replay(kIn, {QStringLiteral("--tick"), QStringLiteral("0")}).error.contains("--tick 0"));
        QVERIFY(
            replay(kIn, {QStringLiteral("--lot"), QStringLiteral("0.00000001")}).error.contains("larger tick or lot"));
        QVERIFY(replay(kIn, {QStringLiteral("--stp"), QStringLiteral("all")}).error.contains("--stp is none"));
        QVERIFY(replay(kIn, {QStringLiteral("--maker-bp"), QStringLiteral("1.5")}).error.contains("basis points"));
        QVERIFY(replay(kIn, {QStringLiteral("--funds"), QStringLiteral("/nowhere")}).error.contains("/nowhere"));
        const QByteArray longLine(100'000, 'x');
        QCOMPARE(replay(kIn + longLine + "\n2,a,cancel,A,,,,,\n").out,
                 kOut + ",refused,,,,,,malformed_row\n2,refused,A,,,,,unknown_order\n");
    }
};

QTEST_GUILESS_MAIN(TestCliMarket)
#include "tst_cli_market.moc"
