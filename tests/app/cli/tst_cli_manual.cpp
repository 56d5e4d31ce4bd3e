#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace {
const QString kManual = QStringLiteral(TALLYLOCK_SOURCE_DIR "/packaging/linux/tallylock-cli.1");

QString outputOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForFinished(60000)) return QStringLiteral("did not end");
    return QString::fromUtf8(process.readAll());
}

using Names = std::set<QString>;                       ///< of one option: "-o", "--output"
using Options = std::map<QString, std::vector<Names>>; ///< of each command

/// What the usage lines of the program name: "  seal -r RECIPIENT [-o OUT] [IN]".
Options optionsOfHelp(const QString& help) {
    static const QRegularExpression usage(QStringLiteral("^  (\\w+)(.*)$"), QRegularExpression::MultilineOption);
    static const QRegularExpression option(QStringLiteral("(?<![\\w-])(--?[a-zA-Z][\\w-]*)"));
    Options found;
    for (auto lines = usage.globalMatch(help); lines.hasNext();) {
        const auto line = lines.next();
        auto& options = found[line.captured(1)];
        for (auto in = option.globalMatch(line.captured(2)); in.hasNext();) options.push_back({in.next().captured(1)});
    }
    return found;
}

/// What the sections ".Ss NAME ..." of the manual name. A long option is written there as ".It Fl o , -output".
Options optionsOfManual(const QString& manual) {
    static const QRegularExpression section(QStringLiteral("^\\.Ss (\\w+)"));
    static const QRegularExpression option(QStringLiteral("\\bFl (-?[a-zA-Z][\\w-]*)(?: , (-[\\w-]+))?"));
    Options found;
    std::vector<Names>* options = nullptr;
    for (const QString& line : manual.split(QLatin1Char('\n'))) {
        if (const auto match = section.match(line); match.hasMatch()) options = &found[match.captured(1)];
        if (line.startsWith(QLatin1String(".Sh"))) options = nullptr;
        if (!options || !(line.startsWith(QLatin1String(".Ss")) || line.startsWith(QLatin1String(".It")))) continue;
        for (auto in = option.globalMatch(line); in.hasNext();) {
            const auto match = in.next();
            Names names = {QLatin1Char('-') + match.captured(1)};
            if (match.hasCaptured(2)) names.insert(QLatin1Char('-') + match.captured(2));
            options->push_back(std::move(names));
        }
    }
    return found;
}

QString commandsIn(const Options& options) {
    QStringList names;
    for (const auto& [name, unused] : options) names += name;
    return names.join(QLatin1Char(' '));
}

bool has(const std::vector<Names>& options, const Names& wanted) {
    return std::any_of(options.begin(), options.end(), [&](const Names& names) {
        return std::any_of(names.begin(), names.end(), [&](const QString& name) { return wanted.contains(name); });
    });
}

void everyOptionIsIn(const Options& all, const Options& there) {
    for (const auto& [command, options] : all) {
        for (const Names& names : options) {
            QVERIFY2(there.contains(command) && has(there.at(command), names),
                     qPrintable(command + QLatin1Char(' ') + *names.begin()));
        }
    }
}
} // namespace

/// The manual page and the program name the same commands and options.
class TestCliManual : public QObject {
    Q_OBJECT
private:
    Options m_help;
    Options m_manual;

private slots:
    void initTestCase() {
        m_help =
            optionsOfHelp(outputOf(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"), {QStringLiteral("--help")}));
        QFile file(kManual);
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_manual = optionsOfManual(QString::fromUtf8(file.readAll()));
        m_manual.erase(QStringLiteral("help"));
        QVERIFY(m_help.size() >= 7);
        QVERIFY(has(m_help[QStringLiteral("seal")], {QStringLiteral("-r")}));
        QVERIFY(has(m_manual[QStringLiteral("demo")], {QStringLiteral("--data")}));
    }

    void eachCommandTellsItsUsage() {
        for (const auto& [command, options] : m_help) {
            for (const char* option : {"--help", "-h"}) {
                QProcess process;
                process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"),
                              {command, QString::fromLatin1(option)});
                QVERIFY(process.waitForFinished());
                QVERIFY2(process.exitCode() == 0, qPrintable(command));
                QVERIFY(process.readAllStandardOutput().startsWith("usage: tallylock-cli " + command.toUtf8() + ' '));
            }
        }
        QVERIFY(outputOf(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"), {QStringLiteral("--version")})
                    .startsWith(QStringLiteral("tallylock-cli 0.")));
    }

    void sameCommands() { QCOMPARE(commandsIn(m_manual), commandsIn(m_help)); }
    void theManualHasEveryOption() { everyOptionIsIn(m_help, m_manual); }
    /// In its short or its long form.
    void theHelpHasEveryOption() { everyOptionIsIn(m_manual, m_help); }

    void formIsSound() {
        QStringList complaints;
        const QString said =
            outputOf(QStringLiteral("mandoc"), {QStringLiteral("-T"), QStringLiteral("lint"), kManual});
        for (const QString& line : said.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            // About this machine's index of manuals, not about ours.
            if (!line.contains(QLatin1String("mandoc.db"))) complaints += line;
        }
        QCOMPARE(complaints.join(QLatin1Char('\n')), QString());
    }
};

QTEST_GUILESS_MAIN(TestCliManual)
#include "tst_cli_manual.moc"
