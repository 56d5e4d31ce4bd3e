// `tallylock-cli profile` on a folder of its own, fed through a pipe.
#include "app/embedded/Profiles.h"
#include "app/embedded/SystemKeychain.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace tallylock;

namespace {
SecretBytes secret(std::string_view text) { return SecretBytes::copyOf(viewOf(text)); }
} // namespace

class TestCliProfile : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    SystemRandom m_random;
    app::SystemKeychain m_keychain;
    app::Profiles m_profiles{
        m_folder.filePath(QStringLiteral("profiles")).toStdString(), m_random, {1, 64}, m_keychain};

    /// Exit code, and what it printed and complained of.
    std::pair<int, QString> run(const QStringList& arguments, const QByteArray& typed = {}) {
        QProcess cli;
        cli.setProcessChannelMode(QProcess::MergedChannels);
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("disabled:"));
        cli.setProcessEnvironment(environment);
        cli.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"),
                  QStringList{QStringLiteral("profile")} + arguments);
        cli.write(typed);
        cli.closeWriteChannel();
        cli.waitForFinished(60'000);
        return {cli.exitCode(), QString::fromUtf8(cli.readAll())};
    }

private slots:
    void refuses() {
        const QString folder = m_folder.path();
        QCOMPARE(run({}).first, 1);
        QCOMPARE(run({QStringLiteral("passphrase"), folder}).first, 1);
        QCOMPARE(run({QStringLiteral("list"), folder}), std::make_pair(0, QString()));
        const auto unknown =
            run({QStringLiteral("passphrase"), folder, QStringLiteral("anna")}, "long enough\nlong enough\n");
        QCOMPARE(unknown.first, 1);
        QVERIFY2(unknown.second.contains(QStringLiteral("profile-unknown")), qPrintable(unknown.second));
    }

    void changesThePassphrase() {
        const auto phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        QVERIFY(m_profiles.create({"anna", secret(phrase), {}, api::Keeping::Passphrase, secret("the old one")}).ok());
        QCOMPARE(run({QStringLiteral("list"), m_folder.path()}).second, QStringLiteral("anna  passphrase\n"));
        const QStringList change{QStringLiteral("passphrase"), m_folder.path(), QStringLiteral("anna")};
        QVERIFY(run(change, "the wrong one\nthe new one\nthe new one\n")
                    .second.contains(QStringLiteral("passphrase-wrong")));
        QVERIFY(run(change, "the old one\nthe new one\nthe now one\n").second.contains(QStringLiteral("differ")));
        QVERIFY(run(change, "the old one\nshort\nshort\n").second.contains(QStringLiteral("passphrase-too-short")));
        const QByteArray tooLong(1100, 'x'); // cut off, it would be another passphrase
        for (const QByteArray& typed :
             {"the old one\n" + tooLong + '\n' + tooLong + '\n', QByteArray("the old one\n")}) {
            const auto refused = run(change, typed);
            QCOMPARE(refused.first, 1);
            QVERIFY2(refused.second.contains(QStringLiteral("New passphrase")), qPrintable(refused.second));
        }
        QVERIFY(m_profiles.open("anna", secret("the old one")).ok());
        QCOMPARE(run(change, "the old one\nthe new one\nthe new one\n"), std::make_pair(0, QString()));
        QVERIFY(!m_profiles.open("anna", secret("the old one")).ok());
        const auto opened = m_profiles.open("anna", secret("the new one"));
        QVERIFY(opened.ok());
        // Held open here, it is not changed from there.
        QVERIFY(
            run(change, "the new one\nanother one\nanother one\n").second.contains(QStringLiteral("profile-in-use")));
        const QStringList move{QStringLiteral("keychain"), m_folder.path(), QStringLiteral("nobody")};
        QVERIFY(run(move, "x\n").second.contains(QStringLiteral("profile-unknown")));
    }

    /// While it waits for a passphrase: no core dump of it could be written.
    void leavesNoCoreDump() {
        QProcess cli;
        cli.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"),
                  {QStringLiteral("profile"), QStringLiteral("passphrase"), m_folder.path(), QStringLiteral("anna")});
        QVERIFY(cli.waitForStarted());
        const auto limits = [&] {
            QFile file(QStringLiteral("/proc/%1/limits").arg(cli.processId()));
            return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).simplified() : QString();
        };
        QTRY_VERIFY2(limits().contains(QStringLiteral("Max core file size 0 0")), qPrintable(limits()));
        cli.closeWriteChannel();
        QVERIFY(cli.waitForFinished());
        QCOMPARE(cli.exitCode(), 1);
    }
};

QTEST_GUILESS_MAIN(TestCliProfile)
#include "tst_cli_profile.moc"
