#pragma once

#include "core/api/Session.h"
#include "ui/welcome/WelcomePage.h"

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace tallylock::ui {

/// The profiles of this folder, to be opened with their passphrase, and the two ways to a new one.
class StartPage : public WelcomePage {
    Q_OBJECT
public:
    StartPage(api::Node& node, const QString& profile, QWidget* parent);
    void entered() override;
    void left() override;

signals:
    void opened(std::shared_ptr<tallylock::api::Session> session);
    void createWanted();
    void restoreWanted();
    void coordinatorWanted();

private:
    void addProfiles(const QString& profile);
    void addWaysIn(bool first);
    void addServers();
    static QString introduction(const api::Node& node);
    void open();
    void profileChosen();

    api::Node& m_node;
    QListWidget* m_list = nullptr;
    QLineEdit* m_passphrase = nullptr;
    QLabel* m_label = nullptr;
    QPushButton* m_open = nullptr;
};

} // namespace tallylock::ui
