// tallylock: the desktop program.
#include "app/desktop/Desktop.h"
#include "app/embedded/FirstContact.h"
#include "app/servers/Process.h"
#include "core/net/SingleInstance.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QMessageBox>

#include <cstdio>

namespace {

using tallylock::app::Desktop;

struct Wishes {
    std::filesystem::path folder;
    QString profile;
    QString message; ///< for the terminal, instead of a window
    int exitCode = 0;
    bool practice = false;
};

/// Why the program may not start where it was told to practise; empty if it may.
QString notForPractice(const Wishes& wishes) {
    if (!wishes.practice) return {};
    const auto coordinator = tallylock::app::readCoordinator(wishes.folder.string());
    if (!coordinator) return tallylock::app::startProblem(coordinator.error());
    if (!*coordinator || (*coordinator)->practice) return {};
    return QStringLiteral("the folder %1 trades at %2, whose money is real. Start without --practice, or choose "
                          "another folder with --datadir.")
        .arg(QString::fromStdString(wishes.folder.string()),
             QString::fromStdString((*coordinator)->coordinator.address));
}

/// Read before there is an application, so that --help and --version need no display.
Wishes readArguments(int argc, char** argv) {
    QStringList arguments;
    for (int i = 0; i < argc; ++i) arguments << QString::fromLocal8Bit(argv[i]);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Sell and buy encrypted files; the key is handed over when the money has moved."));
    const QCommandLineOption folder(QStringLiteral("datadir"), QStringLiteral("Keep all data in <folder>."),
                                    QStringLiteral("folder"));
    const QCommandLineOption profile(QStringLiteral("profile"), QStringLiteral("Open a window for <name>."),
                                     QStringLiteral("name"));
    const QCommandLineOption practice(
        QStringLiteral("practice"),
        QStringLiteral("Start only where money is worth nothing: not in a folder that trades at a coordinator for real "
                       "money."));
    const QCommandLineOption version(QStringLiteral("version"), QStringLiteral("Print the version and end."));
    const QCommandLineOption help({QStringLiteral("h"), QStringLiteral("help")},
                                  QStringLiteral("Print this help and end."));
    parser.addOptions({folder, profile, practice, version, help});

    Wishes wishes;
    wishes.folder = tallylock::app::defaultFolder();
    if (!parser.parse(arguments)) {
        wishes.message = QStringLiteral("tallylock: ") + parser.errorText() + u'\n';
        wishes.exitCode = 2;
    } else if (parser.isSet(help)) {
        wishes.message = parser.helpText().replace(QLatin1String("<executable_name>"), QLatin1String("tallylock"));
    } else if (parser.isSet(version)) {
        wishes.message = QStringLiteral("tallylock " TALLYLOCK_VERSION "\n");
    }
    if (parser.isSet(folder)) wishes.folder = parser.value(folder).toStdString();
    wishes.profile = parser.value(profile);
    wishes.practice = parser.isSet(practice);
    return wishes;
}

} // namespace

int main(int argc, char** argv) {
    tallylock::app::forbidCoreDumps();
    tallylock::app::keepFilesPrivate();
    QCoreApplication::setApplicationName(QStringLiteral("tallylock"));
    const Wishes wishes = readArguments(argc, argv);
    if (!wishes.message.isEmpty()) {
        std::fputs(qPrintable(wishes.message), wishes.exitCode == 0 ? stdout : stderr);
        return wishes.exitCode;
    }

    QApplication app(argc, argv);
    tallylock::app::dressApplication(app);
    tallylock::net::SingleInstance instance(QString::fromStdString(wishes.folder.string()));
    if (instance.handOver(wishes.profile)) return 0;

    if (const QString why = notForPractice(wishes); !why.isEmpty()) {
        std::fprintf(stderr, "tallylock: %s\n", qPrintable(why));
        return 1;
    }
    auto desktop = Desktop::start(wishes.folder);
    if (!desktop) {
        const QString text = tallylock::app::startProblem(desktop.error());
        std::fprintf(stderr, "tallylock: %s\n", qPrintable(text));
        QMessageBox::critical(nullptr, QStringLiteral("Tallylock"), text);
        return 1;
    }
    QObject::connect(&instance, &tallylock::net::SingleInstance::received, &app,
                     [&desktop](const QString& profile) { desktop.value()->openWindow(profile); });
    instance.listen();
    desktop.value()->openWindow(wishes.profile);
    return QApplication::exec();
}
