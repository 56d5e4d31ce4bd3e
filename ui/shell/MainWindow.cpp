#include "ui/shell/MainWindow.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Banner.h"
#include "ui/kit/PracticeMoney.h"
#include "ui/kit/ProgressPanel.h"
#include "ui/kit/Theme.h"
#include "ui/kit/View.h"
#include "ui/shell/FactorDialog.h"
#include "ui/shell/Frame.h"
#include "ui/shell/IdleLock.h"
#include "ui/shell/KeepingDialog.h"
#include "ui/shell/Reminders.h"
#include "ui/shell/SigningAction.h"
#include "ui/welcome/WelcomeView.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDialog>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QSystemTrayIcon>

#include <algorithm>

namespace tallylock::ui {

namespace {
constexpr QSize kFirstSize(1120, 760);
constexpr QSize kSmallest(760, 520);
} // namespace

MainWindow::MainWindow(api::Node& node, const QString& profile, QWidget* parent)
    : QMainWindow(parent),
      m_node(node),
      m_welcome(new WelcomeView(node, profile, this)),
      m_idle(new IdleLock(this)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Tallylock"));
    setAccessibleName(tr("Tallylock"));
    setMinimumSize(kSmallest);
    resize(kFirstSize);
    setCentralWidget(m_welcome);
    connect(m_welcome, &WelcomeView::opened, this, &MainWindow::enter);
    connect(m_welcome, &WelcomeView::restartWanted, this, &MainWindow::restartWanted);
    connect(m_idle, &IdleLock::idle, this, &MainWindow::lockIfQuiet);
    makeMenus();
    restorePlace();
}

MainWindow::~MainWindow() {
    // The views use the context, and their callbacks the session: in this order.
    delete m_frame;
}

QString MainWindow::profile() const { return m_session ? QString::fromStdString(m_session->profileName()) : QString(); }

void MainWindow::raiseToFront() {
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::makeMenus() {
    menuBar()->clear();
    for (QMenu* menu : menuBar()->findChildren<QMenu*>(Qt::FindDirectChildrenOnly)) menu->deleteLater();
    makeFileMenu();
    if (m_frame) {
        makeViewMenu();
        makePracticeMenu();
    }
    makeHelpMenu();
}

void MainWindow::makeFileMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    if (m_frame) {
        menu->addAction(themeIcon(QStringLiteral("lock")), tr("&Lock"), QKeySequence(Qt::CTRL | Qt::Key_L), this,
                        &MainWindow::lock);
        makeIdleMenu(menu->addMenu(tr("Lock by &itself")));
        menu->addAction(themeIcon(QStringLiteral("key")), tr("Change &passphrase…"), this, &MainWindow::changeKeeping);
        menu->addAction(tr("One-time &codes…"), this, [this] { (new FactorDialog(*m_context, m_frame))->open(); });
        menu->addAction(new SigningAction(*m_context, m_frame->banner(), m_frame)); // goes with the profile
        menu->setToolTipsVisible(true);
        menu->addSeparator();
    }
    menu->addAction(themeIcon(QStringLiteral("person")), tr("&New window for another profile…"),
                    QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N), this, &MainWindow::anotherWanted);
    menu->addAction(tr("&Close this window"), QKeySequence(QKeySequence::Close), this, &QWidget::close);
    menu->addSeparator();
    menu->addAction(tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), qApp, &QApplication::closeAllWindows);
}

void MainWindow::makeIdleMenu(QMenu* menu) {
    auto* group = new QActionGroup(menu);
    for (const int minutes : IdleLock::kChoices) {
        const QString text = minutes == 0 ? tr("&Never") : tr("After %1 minutes without a touch").arg(minutes);
        QAction* action = menu->addAction(text, this, [this, minutes] { m_idle->setMinutes(minutes); });
        action->setCheckable(true);
        action->setChecked(minutes == IdleLock::minutes());
        group->addAction(action);
    }
}

void MainWindow::makeViewMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    int number = 0;
    for (const View* view : m_frame->views()) {
        const auto key = QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + number++));
        menu->addAction(themeIcon(view->iconName()), view->title(), key, this,
                        [this, place = view->place()] { m_frame->goTo(place); });
    }
}

void MainWindow::makePracticeMenu() {
    if (!m_node.practice()) return;
    QMenu* menu = menuBar()->addMenu(tr("&Practice"));
    if (m_node.practice()->hasCounterparty()) {
        menu->addAction(tr("&Start practice counterparty"), this,
                        [this] { startPracticeCounterparty(*m_context, this, m_frame->banner()); });
    }
    menu->addAction(tr("&Add practice money"), this, [this] { addPracticeMoney(*m_context, this, m_frame->banner()); });
}

void MainWindow::makeHelpMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    menu->addAction(tr("&About Tallylock"), this, &MainWindow::about);
}

void MainWindow::about() {
    auto* box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About Tallylock"));
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(QApplication::windowIcon().pixmap(64));
    box->setText(tr("Tallylock %1").arg(QApplication::applicationVersion()));
    box->setInformativeText(tr("Sell and buy encrypted files. The key is handed over when the money has moved."));
    box->open();
}

void MainWindow::enter(std::shared_ptr<api::Session> session) {
    m_session = std::move(session);
    m_context = std::make_unique<Context>(m_node, m_session);
    // The views show money from their first moment on, so the units come first.
    m_session->units(askRaw(this, [this](api::Answer<std::vector<api::UnitRow>> units) {
        if (units) m_context->setUnits(Units(std::move(units).value()));
        showFrame();
    }));
}

void MainWindow::showFrame() {
    m_frame = new Frame(*m_context, this);
    setCentralWidget(m_frame); // deletes the welcome pages
    m_welcome = nullptr;
    makeMenus();
    setWindowTitle(tr("%1 – Tallylock").arg(profile()));
    setAccessibleName(tr("Tallylock of %1").arg(profile()));
    restorePlace();
    connect(new Reminders(*m_context, m_frame), &Reminders::due, this, &MainWindow::remind); // goes with the profile
}

void MainWindow::remind(quint64 sale, const QString& text) {
    m_frame->banner()->tell(text);
    QApplication::alert(this);
    if (!QSystemTrayIcon::isSystemTrayAvailable()) return;
    if (!m_tray) {
        m_tray = new QSystemTrayIcon(QApplication::windowIcon(), this);
        m_tray->setToolTip(tr("Tallylock"));
        const auto show = [this] {
            raiseToFront();
            if (m_frame) m_frame->goTo(Place::Sales, m_remindedOf);
        };
        connect(m_tray, &QSystemTrayIcon::messageClicked, this, show);
        connect(m_tray, &QSystemTrayIcon::activated, this, show);
    }
    m_remindedOf = sale;
    m_tray->show();
    m_tray->showMessage(tr("Tallylock"), text, QApplication::windowIcon());
}

void MainWindow::lockIfQuiet() {
    if (!m_frame) return;
    const QList<ProgressPanel*> panels = m_frame->findChildren<ProgressPanel*>();
    if (std::any_of(panels.begin(), panels.end(), [](const ProgressPanel* panel) { return panel->isRunning(); }))
        return;
    lock();
}

void MainWindow::lock() {
    if (!m_frame) return;
    const QString name = profile();
    // What is open before the window may show something of the profile, or ask for it.
    if (QWidget* popup = QApplication::activePopupWidget()) popup->close();
    for (QDialog* dialog : findChildren<QDialog*>()) dialog->close();
    // The views use the context, and their callbacks the session: in this order.
    delete takeCentralWidget();
    m_frame = nullptr;
    m_context.reset();
    m_session.reset();
    m_node.lockProfile(name.toStdString());
    m_welcome = new WelcomeView(m_node, name, this);
    connect(m_welcome, &WelcomeView::opened, this, &MainWindow::enter);
    connect(m_welcome, &WelcomeView::restartWanted, this, &MainWindow::restartWanted);
    setCentralWidget(m_welcome);
    makeMenus();
    setWindowTitle(tr("Tallylock"));
    setAccessibleName(tr("Tallylock"));
}

void MainWindow::changeKeeping() {
    auto* dialog = new KeepingDialog(m_node, profile(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &KeepingDialog::changed, this,
            [this] { m_frame->banner()->tell(tr("The profile is locked in the new way from now on.")); });
    dialog->open();
}

void MainWindow::restorePlace() {
    const QSettings settings;
    const QByteArray geometry = settings.value(QStringLiteral("windows/%1/geometry").arg(profile())).toByteArray();
    if (!geometry.isEmpty()) restoreGeometry(geometry);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (m_session) {
        QSettings settings;
        settings.setValue(QStringLiteral("windows/%1/geometry").arg(profile()), saveGeometry());
    }
    QMainWindow::closeEvent(event);
}

} // namespace tallylock::ui
