// All windows of the program over one node.
#pragma once

#include "core/api/Session.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <vector>

namespace tallylock::ui {

class MainWindow;

class Windows : public QObject {
    Q_OBJECT
public:
    explicit Windows(api::Node& node, QObject* parent = nullptr);
    ~Windows() override;

    /// Raises the profile's window, or opens one that asks for its passphrase. Empty: one with the list of profiles.
    void open(const QString& profile = {});
    /// Null unless a window has the profile open.
    std::shared_ptr<api::Session> session(const QString& profile) const;

signals:
    void restartWanted(); ///< of the node, with another coordinator

private:
    api::Node& m_node;
    std::vector<QPointer<MainWindow>> m_windows;
};

} // namespace tallylock::ui
