// The users of the account, the one that is chosen, and a line to add another.
#pragma once

#include "ui/kit/View.h"

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace tallylock::ui {

class Banner;
class Table;
class UserModel;
class UserPanel;

class UsersPanel : public QWidget {
    Q_OBJECT

public:
    UsersPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    void setAccount(const api::AccountInfo& account);

signals:
    void changed();

private:
    QWidget* makeForm();
    void showUser();
    void add();

    Context& m_context;
    Banner* m_banner;
    api::AccountInfo m_account;
    UserModel* m_rows;
    Table* m_table;
    UserPanel* m_user;
    QLineEdit* m_name;
    QLineEdit* m_key;
    std::vector<QCheckBox*> m_roles; ///< in the order of allRoles()
    QPushButton* m_add;
    QWidget* m_form; ///< made of the four before
};

} // namespace tallylock::ui
