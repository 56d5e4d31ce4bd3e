#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {
struct Outcome {
    int code = -1;
    QByteArray out;
    QByteArray err;
};
const QString kCli = QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli");
const QString kAge = QStringLiteral("age");

QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts); }
} // namespace

/// The program beside the stock `age`, both ways, with files and with streams.
class TestCliSeal : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString m_recipient;
    QByteArray m_plain;

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    void save(const char* name, const QByteArray& bytes) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    QByteArray load(const char* name) {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no such file");
    }
    // In the test's folder, with `in` on standard input.
    Outcome run(const QString& program, const QStringList& arguments, const QByteArray& in = {}) {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(program, arguments);
        process.write(in);
        process.closeWriteChannel();
        if (!process.waitForFinished(60000)) return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
                process.readAllStandardError()};
    }
    Outcome cli(const char* arguments, const QByteArray& in = {}) { return run(kCli, words(arguments), in); }
    Outcome seal(const char* more, const QByteArray& in = {}) {
        return run(kCli, QStringList{QStringLiteral("seal"), QStringLiteral("-r"), m_recipient} + words(more), in);
    }

private slots:
    void initTestCase() {
        const Outcome made = cli("keygen -o my.key");
        QCOMPARE(made.code, 0);
        const QString said = QString::fromLatin1(made.err);
        QVERIFY(said.startsWith(QLatin1String("Public key: age1")));
        m_recipient = said.mid(12).trimmed();
        for (int i = 0; i < 3000000; ++i) m_plain.append(static_cast<char>(i * 31 + i / 777));
    }

    void keygen() {
        const QByteArray text = load("my.key");
        static const QRegularExpression form(QStringLiteral("^# created: \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\n# "
                                                            "public key: age1\\w{58}\nAGE-SECRET-KEY-1\\w{58}\n$"));
        QVERIFY(form.match(QString::fromLatin1(text)).hasMatch());
        QCOMPARE(QFileInfo(path("my.key")).permissions() & 0x0077, QFile::Permissions());
        // Never over a key that exists.
        const Outcome again = cli("keygen -o my.key");
        QCOMPARE(again.code, 1);
        QVERIFY(again.err.startsWith("tallylock-cli: error: "));
        QCOMPARE(load("my.key"), text);
        // To standard output, where stock age-keygen reads it.
        const Outcome printed = cli("keygen");
        QCOMPARE(printed.code, 0);
        const Outcome derived = run(QStringLiteral("age-keygen"), {QStringLiteral("-y")}, printed.out);
        QCOMPARE("Public key: " + derived.out, printed.err);
    }

    void filesBothWays() {
        save("plain", m_plain);
        QCOMPARE(seal("-o ours.age plain").code, 0);
        QCOMPARE(run(kAge, words("-d -i my.key -o ours.out ours.age")).code, 0);
        QVERIFY(load("ours.out") == m_plain);

        QCOMPARE(run(kAge, {QStringLiteral("-r"), m_recipient, QStringLiteral("-o"), QStringLiteral("stock.age"),
                            QStringLiteral("plain")})
                     .code,
                 0);
        QCOMPARE(cli("open --identity=my.key -o stock.out stock.age").code, 0);
        QVERIFY(load("stock.out") == m_plain);
        QCOMPARE(cli("open -imy.key --output stock.out ours.age").code, 0); // replaces
        QVERIFY(load("stock.out") == m_plain);
    }

    void streamsBothWays_data() {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 65536, 1048576, 2500000}) QTest::addRow("%d bytes", size) << size;
    }
    void streamsBothWays() {
        QFETCH(int, size);
        const QByteArray plain = m_plain.left(size);
        const Outcome sealed = seal("", plain);
        QCOMPARE(sealed.code, 0);
        QVERIFY(run(kAge, words("-d -i my.key"), sealed.out).out == plain);
        const Outcome stock = run(kAge, {QStringLiteral("-r"), m_recipient}, plain);
        const Outcome opened = cli("open -i my.key -o - -", stock.out);
        QCOMPARE(opened.code, 0);
        QVERIFY(opened.out == plain);
    }

    void keyFromStandardInput() {
        const Outcome sealed = seal("", "hello");
        save("hello.age", sealed.out);
        QCOMPARE(cli("open -i - hello.age", load("my.key")).out, QByteArray("hello"));
        QCOMPARE(cli("open -i - -", load("my.key")).code, 1);
    }

    void failures_data() {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* arguments, const char* message) {
            QTest::newRow(name) << QString::fromLatin1(arguments) << QString::fromLatin1(message);
        };
        row("unknown command", "frobnicate", "unknown command");
        row("unknown option", "open -x", "unknown option");
        row("option without value", "open -i", "needs a value");
        row("no recipient", "seal", "exactly one recipient");
        row("two recipients", "seal -r age1x -r age1y", "exactly one recipient");
        row("bad recipient", "seal -r age1x", "not a recipient");
        row("no key file", "open good.age", "needs a key file");
        row("missing key file", "open -i none good.age", "not found");
        row("key file without a key", "open -i plain-text good.age", "not an age identity");
        row("other key", "open -i other.key -o out good.age", "no identity matched");
        row("missing input", "open -i my.key -o out none", "cannot open none");
        row("two inputs", "open -i my.key a b", "takes one input");
        row("not an age file", "open -i my.key -o out plain-text", "not an age file");
        row("damaged", "open -i my.key -o out damaged.age", "damaged");
        row("cut", "open -i my.key -o out cut.age", "ends too early");
        row("no folder", "open -i my.key -o none/out good.age", "cannot write");
        row("onto itself", "open -i my.key -o good.age good.age", "same file");
    }
    void failures() {
        QFETCH(QString, arguments);
        QFETCH(QString, message);
        const QByteArray good = seal("", m_plain.left(2000000)).out;
        save("good.age", good);
        QByteArray damaged = good;
        damaged[damaged.size() - 1] = static_cast<char>(damaged.back() ^ 1);
        save("damaged.age", damaged);
        const qsizetype front = good.size() - 2000000 - 31 * 16;
        save("cut.age", good.left(front + 20 * (65536 + 16)));
        save("plain-text", "just text\n");
        QFile::remove(path("other.key"));
        QCOMPARE(cli("keygen -o other.key").code, 0);

        const Outcome result = run(kCli, arguments.split(QLatin1Char(' ')));
        QCOMPARE(result.code, 1);
        QVERIFY2(result.err.startsWith("tallylock-cli: error: "), result.err.constData());
        QVERIFY2(result.err.contains(message.toLatin1()), result.err.constData());
        QVERIFY(!QFile::exists(path("out")) && !QFile::exists(path("out.part")));
        QVERIFY(load("good.age") == good);
        QVERIFY(!result.err.contains("SECRET"));
    }

    /// A device is written to, not replaced by a file.
    void outputToADevice() {
        QVERIFY(QFile::link(QStringLiteral("/dev/null"), path("device")));
        QCOMPARE(seal("-o device -", "hello").code, 0);
        QCOMPARE(QFileInfo(path("device")).symLinkTarget(), QStringLiteral("/dev/null"));
    }

    void help() {
        const Outcome help = cli("help");
        QCOMPARE(help.code, 0);
        QVERIFY(help.out.contains("keygen") && help.out.contains("seal") && help.out.contains("open"));
        QCOMPARE(cli("").code, 1);
    }
};

QTEST_GUILESS_MAIN(TestCliSeal)
#include "tst_cli_seal.moc"
