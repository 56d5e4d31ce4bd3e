#include "ui/shell/Windows.h"

#include "ui/shell/MainWindow.h"

namespace tallylock::ui {

Windows::Windows(api::Node& node, QObject* parent) : QObject(parent), m_node(node) {}

Windows::~Windows() {
    for (const auto& window : m_windows) delete window.data();
}

void Windows::open(const QString& profile) {
    std::erase_if(m_windows, [](const auto& window) { return window.isNull(); });
    for (const auto& window : m_windows) {
        // A window that is closing is still there for a moment, hidden.
        const bool there = window->isVisible() && window->profile() == profile;
        if (there && !profile.isEmpty()) return window->raiseToFront();
    }
    auto* window = new MainWindow(m_node, profile);
    connect(window, &MainWindow::anotherWanted, this, [this] { open(); });
    connect(window, &MainWindow::restartWanted, this, &Windows::restartWanted);
    m_windows.emplace_back(window);
    window->raiseToFront();
}

std::shared_ptr<api::Session> Windows::session(const QString& profile) const {
    for (const auto& window : m_windows) {
        if (window && window->profile() == profile) return window->session();
    }
    return nullptr;
}

} // namespace tallylock::ui
