// The account and the people who act for it: users, what waits for approval, and the rules for payouts.
#pragma once

#include "ui/kit/View.h"

class QLabel;
class QStackedWidget;
class QTabWidget;

namespace tallylock::ui {

class ApprovalsPanel;
class Badge;
class Banner;
class PlainLabel;
class RulesPanel;
class UsersPanel;

class InstitutionView : public View {
    Q_OBJECT

public:
    explicit InstitutionView(Context& context, QWidget* parent = nullptr);

    Place place() const override { return Place::Institution; }
    QString title() const override { return tr("Institution"); }
    QString iconName() const override { return QStringLiteral("institution"); }
    void shown() override;

private:
    QWidget* makeAccount();
    void refresh();
    void showAccount(const api::AccountInfo& account);

    Banner* m_banner;
    QStackedWidget* m_pages;
    PlainLabel* m_name;
    Badge* m_kind;
    Badge* m_standing;
    QLabel* m_mine;
    QTabWidget* m_tabs;
    UsersPanel* m_users;
    ApprovalsPanel* m_approvals;
    RulesPanel* m_rules;
};

} // namespace tallylock::ui
