#pragma once

#include "core/api/Session.h"
#include "ui/welcome/WelcomePage.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;

namespace tallylock::ui {

class Card;

/// Which servers this app uses: its own, for practice, or a coordinator that somebody else runs, which is looked at and
/// compared before it is used.
class CoordinatorPage : public WelcomePage {
    Q_OBJECT
public:
    CoordinatorPage(api::Node& node, QWidget* parent);
    void entered() override;

signals:
    /// The node is to start anew with what was chosen.
    void chosen();

private:
    void makeChoice();
    void makeFound();
    void showChoice();
    void look();
    void showFound(const api::FoundCoordinator& found);
    void forget();
    void use();

    api::Node& m_node;
    bool m_busy = false;
    std::optional<api::FoundCoordinator> m_found;
    QRadioButton* m_practice;
    QRadioButton* m_remote;
    QLineEdit* m_address;
    QPushButton* m_look;
    Card* m_foundCard;
    QLabel* m_coordinatorWords;
    QLabel* m_keyServerWords;
    QLabel* m_standbyWords;
    QPushButton* m_use;
};

} // namespace tallylock::ui
