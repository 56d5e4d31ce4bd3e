#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

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
        process.setChildProcessModifier([] { ::setsid(); }); // no terminal to ask on
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

    // What age makes of a file: its armor.
    static QByteArray armored(const QByteArray& file) {
        QByteArray text = "-----BEGIN AGE ENCRYPTED FILE-----\n";
        const QByteArray base64 = file.toBase64();
        for (qsizetype at = 0; at < base64.size(); at += 64) text += base64.mid(at, 64) + '\n';
        return text + "-----END AGE ENCRYPTED FILE-----\n";
    }

    // Starts the program and kills it with half a file written. What the part then holds.
    QByteArray killedWhile(const QStringList& arguments, const char* out) {
        const QByteArray part = QByteArray(out) + ".part";
        for (int attempt = 0; attempt < 20; ++attempt) {
            QFile::remove(path(out));
            QProcess process;
            process.setWorkingDirectory(m_folder.path());
            process.start(kCli, arguments);
            if (!process.waitForStarted()) break;
            while (process.state() == QProcess::Running && QFileInfo(path(part.constData())).size() < (8 << 20))
                process.waitForFinished(1);
            process.kill();
            process.waitForFinished();
            if (process.exitStatus() == QProcess::CrashExit && QFile::exists(path(part.constData())))
                return load(part.constData());
        }
        qWarning("the program was always faster than the test");
        return "not killed";
    }

    // On a terminal of its own; answers each question with `typed`. The exit code; -1 if something failed.
    int onTerminal(const QString& program, const QStringList& arguments, const char* typed, QByteArray& screen) {
        std::vector<QByteArray> texts{program.toLocal8Bit()};
        for (const QString& argument : arguments) texts.push_back(argument.toLocal8Bit());
        std::vector<char*> words;
        for (QByteArray& text : texts) words.push_back(text.data());
        words.push_back(nullptr);
        const QByteArray folder = m_folder.path().toLocal8Bit();
        int terminal = -1;
        const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
        if (child == 0) {
            if (::chdir(folder.constData()) == 0) ::execvp(words[0], words.data());
            ::_exit(127);
        }
        screen.clear();
        qsizetype answered = 0;
        char buffer[256];
        for (ssize_t got = 0; (got = ::read(terminal, buffer, sizeof buffer)) > 0;) {
            screen.append(buffer, got);
            // A question ends with a colon and a space.
            if (!screen.mid(answered).endsWith(": ")) continue;
            answered = screen.size();
            QThread::msleep(100); // the stock program silences the terminal after asking
            const QByteArray line = QByteArray(typed) + '\n';
            if (::write(terminal, line.constData(), static_cast<std::size_t>(line.size())) < 0) break;
        }
        ::close(terminal);
        int status = 0;
        if (::waitpid(child, &status, 0) != child) return -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
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

    void severalRecipients() {
        QCOMPARE(cli("keygen -o second.key").code, 0);
        QCOMPARE(cli("keygen -o third.key").code, 0);
        QString second = QString::fromLatin1(run(QStringLiteral("age-keygen"), words("-y second.key")).out).trimmed();
        const Outcome third = run(QStringLiteral("age-keygen"), words("-y third.key"));
        save("recipients", "# friends\n\n" + third.out + m_recipient.toLatin1() + "\r\n");
        const Outcome sealed =
            run(kCli, {QStringLiteral("seal"), QStringLiteral("-r"), second, QStringLiteral("-R"), path("recipients")},
                "hello");
        QCOMPARE(sealed.code, 0);
        QCOMPARE(sealed.out.count("-> X25519 "), 3);
        for (const char* key : {"my.key", "second.key", "third.key"}) {
            QCOMPARE(run(kAge, {QStringLiteral("-d"), QStringLiteral("-i"), path(key)}, sealed.out).out,
                     QByteArray("hello"));
            QCOMPARE(run(kCli, {QStringLiteral("open"), QStringLiteral("-i"), path(key)}, sealed.out).out,
                     QByteArray("hello"));
        }
        // Ours with several keys, the fitting one last.
        QCOMPARE(seal("", "alone").code, 0);
        QCOMPARE(cli("open -i second.key -i third.key -i my.key", seal("", "alone").out).out, QByteArray("alone"));
    }

    void armorBothWays_data() { streamsBothWays_data(); }
    void armorBothWays() {
        QFETCH(int, size);
        const QByteArray plain = m_plain.left(size);
        const Outcome sealed = seal("-a", plain);
        QCOMPARE(sealed.code, 0);
        QVERIFY(sealed.out.startsWith("-----BEGIN AGE ENCRYPTED FILE-----\n"));
        QVERIFY(run(kAge, words("-d -i my.key"), sealed.out).out == plain);
        const Outcome stock = run(kAge, {QStringLiteral("-a"), QStringLiteral("-r"), m_recipient}, plain);
        save("stock.asc", stock.out);
        QCOMPARE(cli("open -i my.key -o armor.out stock.asc").code, 0);
        QVERIFY(load("armor.out") == plain);
    }

    /// On a terminal, where neither program shows what is typed.
    void passphrasesBothWays() {
        save("secret-note", "dear diary");
        QByteArray screen;
        QCOMPARE(onTerminal(kCli, words("seal -p -o ours.pass secret-note"), "correct horse", screen), 0);
        QVERIFY2(!screen.contains("horse"), screen.constData());
        QCOMPARE(onTerminal(kAge, words("-d -o ours.note ours.pass"), "correct horse", screen), 0);
        QCOMPARE(load("ours.note"), QByteArray("dear diary"));

        QCOMPARE(onTerminal(kAge, words("-p -a -o stock.pass secret-note"), "battery staple", screen), 0);
        QCOMPARE(onTerminal(kCli, words("open -p -o stock.note stock.pass"), "battery staple", screen), 0);
        QVERIFY2(!screen.contains("staple"), screen.constData());
        QCOMPARE(load("stock.note"), QByteArray("dear diary"));
        QCOMPARE(onTerminal(kCli, words("open -p -o wrong.note stock.pass"), "battery stapler", screen), 1);
        QVERIFY2(screen.contains("the passphrase is wrong"), screen.constData());
        QVERIFY(!QFile::exists(path("wrong.note")));
        // For scripts: a file, or standard input.
        save("words-file", "battery staple\n");
        QCOMPARE(cli("open --passphrase-file words-file stock.pass").out, QByteArray("dear diary"));
        QCOMPARE(cli("open --passphrase-file - stock.pass", "battery staple").out, QByteArray("dear diary"));
    }

    /// The program is killed in the middle, and started again.
    void killedRunsGoOn() {
        QFile big(path("big"));
        QVERIFY(big.open(QIODevice::WriteOnly));
        for (int i = 0; i < 64; ++i) {
            QByteArray block = m_plain.left(2 << 20);
            block[0] = static_cast<char>(i);
            QCOMPARE(big.write(block), block.size());
        }
        big.close();
        const QStringList sealing{QStringLiteral("seal"), QStringLiteral("-r"),      m_recipient,
                                  QStringLiteral("-o"),   QStringLiteral("big.age"), QStringLiteral("big")};
        const QByteArray part = killedWhile(sealing, "big.age");
        QVERIFY(QFile::exists(path("big.age.part.key")));
        QCOMPARE(run(kCli, sealing).code, 0);
        QVERIFY(load("big.age").startsWith(part)); // gone on with
        QVERIFY(!QFile::exists(path("big.age.part")) && !QFile::exists(path("big.age.part.key")));
        QCOMPARE(run(kAge, words("-d -i my.key -o big.stock big.age")).code, 0);
        QVERIFY(load("big.stock") == load("big"));

        const QStringList opening = words("open -i my.key -o big.out big.age");
        QVERIFY(load("big").startsWith(killedWhile(opening, "big.out")));
        QFile tampered(path("big.out.part")); // and somebody changes what was there
        QVERIFY(tampered.open(QIODevice::ReadWrite) && tampered.seek(1000000));
        QCOMPARE(tampered.write("tampered"), 8);
        tampered.close();
        QCOMPARE(run(kCli, opening).code, 0);
        QVERIFY(load("big.out") == load("big"));

        // A source that changed is sealed anew.
        const QByteArray second = killedWhile(sealing, "big.age");
        QVERIFY(big.open(QIODevice::ReadWrite) && big.seek(3));
        QCOMPARE(big.write("changed"), 7);
        big.close();
        QCOMPARE(run(kCli, sealing).code, 0);
        QVERIFY(!load("big.age").startsWith(second.left(300)));
        QCOMPARE(run(kAge, words("-d -i my.key -o big.stock big.age")).code, 0);
        QVERIFY(load("big.stock") == load("big"));
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
        row("no recipient", "seal", "needs a recipient");
        row("second recipient bad", "seal -r %R -r age1y", "not a recipient: age1y");
        row("recipient and passphrase", "seal -p -r age1x", "stands alone");
        row("missing recipients", "seal -R none", "not found");
        row("recipients without any", "seal -R empty-text", "no recipient");
        row("switch with a value", "seal --armor=yes", "takes no value");
        row("no terminal", "seal -p -o out plain-text", "no terminal");
        row("empty passphrase", "open --passphrase-file empty-text -o out words.age", "no passphrase");
        row("other passphrase", "open --passphrase-file plain-text -o out words.age", "passphrase is wrong");
        row("passphrase wanted", "open -i my.key -o out words.age", "sealed with a passphrase");
        row("key wanted", "open --passphrase-file plain-text -o out good.age", "no identity matched");
        row("armor cut", "open -i my.key -o out cut.asc", "armor");
        row("armor altered", "open -i my.key -o out altered.asc", "armor");
        row("damaged in armor", "open -i my.key -o out damaged.asc", "damaged");
        row("bad recipient", "seal -r age1x", "not a recipient");
        row("no key file", "open good.age", "needs a key file or a passphrase");
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
        save("empty-text", "\n# nothing\n");
        save("words", "right words\n");
        if (!QFile::exists(path("words.age")))
            QCOMPARE(cli("seal --passphrase-file words -o words.age plain-text").code, 0);
        QByteArray armor = seal("-a", m_plain.left(200000)).out;
        save("cut.asc", armor.left(armor.size() - 40));
        save("damaged.asc", armored(damaged));
        armor[1000] = '.';
        save("altered.asc", armor);
        QFile::remove(path("other.key"));
        QCOMPARE(cli("keygen -o other.key").code, 0);

        arguments.replace(QLatin1String("%R"), m_recipient);
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
