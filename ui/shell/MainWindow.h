// One window, one profile: first the welcome pages, then the frame with its views.
#pragma once

#include "core/api/Session.h"

#include <QMainWindow>

#include <memory>

class QMenu;
class QSystemTrayIcon;

namespace tallylock::ui {

class Context;
class Frame;
class IdleLock;
class WelcomeView;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `profile`: the one to offer first; empty: the list.
    MainWindow(api::Node& node, const QString& profile, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Empty until a profile is open.
    QString profile() const;
    std::shared_ptr<api::Session> session() const { return m_session; }
    void raiseToFront();

signals:
    /// A window is wanted for another profile.
    void anotherWanted();
    void restartWanted(); ///< of the node, with another coordinator

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void makeFileMenu();
    void makeViewMenu();
    void makePracticeMenu();
    void makeHelpMenu();
    void makeMenus();
    void enter(std::shared_ptr<api::Session> session);
    /// Closes the views, wipes the keys, and asks for the passphrase again.
    void lock();
    /// Nobody is there: locks, unless a job is at work that locking would interrupt.
    void lockIfQuiet();
    void makeIdleMenu(QMenu* menu);
    void changeKeeping();
    void showFrame();
    void restorePlace();
    /// In the window, and where the desktop shows such things.
    void remind(quint64 sale, const QString& text);
    void about();

    api::Node& m_node;
    WelcomeView* m_welcome;
    std::shared_ptr<api::Session> m_session;
    std::unique_ptr<Context> m_context;
    Frame* m_frame = nullptr;
    IdleLock* m_idle;
    QSystemTrayIcon* m_tray = nullptr; ///< from the first reminder on, where there is a tray
    quint64 m_remindedOf = 0;
};

} // namespace tallylock::ui
