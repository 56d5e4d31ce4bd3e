#include "app/desktop/Desktop.h"

#include "app/embedded/AppNode.h"
#include "app/embedded/FirstContact.h"
#include "ui/kit/Ask.h"
#include "ui/kit/ProblemText.h"
#include "ui/kit/Theme.h"
#include "ui/shell/Windows.h"

#include <QApplication>
#include <QEventLoopLocker>
#include <QIcon>
#include <QLibraryInfo>
#include <QMessageBox>
#include <QSettings>
#include <QStandardPaths>
#include <QTranslator>

namespace tallylock::app {

namespace {

void addTranslation(QApplication& app, const QString& file, const QString& folder) {
    auto* translator = new QTranslator(&app);
    if (translator->load(QLocale(), file, QStringLiteral("_"), folder))
        QCoreApplication::installTranslator(translator);
    else
        delete translator;
}

} // namespace

void dressApplication(QApplication& app) {
    QCoreApplication::setApplicationName(QStringLiteral("tallylock"));
    QCoreApplication::setOrganizationName(QStringLiteral("tallylock"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TALLYLOCK_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Tallylock"));
    QGuiApplication::setDesktopFileName(QStringLiteral("tallylock"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    addTranslation(app, QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    addTranslation(app, QStringLiteral("tallylock"), QStringLiteral(":/i18n"));
    ui::applyTheme(app);
    QGuiApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/tallylock.svg")));
}

void setDark(QApplication& app, bool dark) { ui::applyTheme(app, dark ? ui::Brightness::Dark : ui::Brightness::Light); }

std::filesystem::path defaultFolder() {
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return std::filesystem::path(data.toStdString()) / "tallylock";
}

// In this order: the windows and their sessions go before the node.
struct Desktop::Inside {
    std::filesystem::path folder;
    std::filesystem::path mediaProgram;
    std::unique_ptr<AppNode> node;
    std::unique_ptr<ui::Windows> windows;

    api::Answer<void> start();
    void restart();
};

api::Answer<void> Desktop::Inside::start() {
    NodeOptions options;
    options.folder = folder;
    options.mediaProgram = mediaProgram;
    options.executor = ui::guiExecutor();
    auto coordinator = readCoordinator(folder.string());
    if (!coordinator) return Err(coordinator.error());
    options.coordinator = std::move(*coordinator);
    auto started = AppNode::start(std::move(options));
    if (!started) return Err(started.error());
    node = std::move(started).value();
    windows = std::make_unique<ui::Windows>(*node);
    // Not within the call: it comes from a window that goes.
    QObject::connect(
        windows.get(), &ui::Windows::restartWanted, qApp, [this] { restart(); }, Qt::QueuedConnection);
    return {};
}

/// With another coordinator. The program goes on without a window for a moment.
void Desktop::Inside::restart() {
    const QEventLoopLocker stay;
    windows.reset();
    node.reset();
    if (const auto started = start(); !started) {
        QMessageBox::critical(nullptr, QStringLiteral("Tallylock"), startProblem(started.error()));
        return QCoreApplication::exit(1);
    }
    windows->open();
}

api::Answer<std::unique_ptr<Desktop>> Desktop::start(const std::filesystem::path& folder,
                                                     const std::filesystem::path& mediaProgram) {
    auto inside = std::make_unique<Inside>();
    inside->folder = folder;
    inside->mediaProgram = mediaProgram;
    if (const auto started = inside->start(); !started) return Err(started.error());
    return std::unique_ptr<Desktop>(new Desktop(std::move(inside)));
}

Desktop::Desktop(std::unique_ptr<Inside> inside) : m_inside(std::move(inside)) {}
Desktop::~Desktop() = default;

void Desktop::openWindow(const QString& profile) { m_inside->windows->open(profile); }
api::Node& Desktop::node() { return *m_inside->node; }
std::shared_ptr<api::Session> Desktop::session(const QString& profile) const {
    return m_inside->windows->session(profile);
}

QString startProblem(const api::Refusal& refusal) { return ui::problemText(refusal); }

} // namespace tallylock::app
