#include "ui/institution/UsersPanel.h"

#include "ui/institution/UserModel.h"
#include "ui/institution/UserPanel.h"
#include "ui/kit/Ask.h"
#include "ui/kit/Table.h"
#include "ui/kit/Widgets.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QVBoxLayout>

namespace tallylock::ui {

UsersPanel::UsersPanel(Context& context, Banner* banner, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_banner(banner),
      m_rows(new UserModel(context.units(), this)),
      m_table(new Table(tr("Users"))),
      m_user(new UserPanel(context, banner)),
      m_name(new QLineEdit),
      m_key(new QLineEdit),
      m_add(new QPushButton(tr("&Add user"))),
      m_form(makeForm()) {
    m_table->setModel(m_rows);
    m_table->setStretchColumn(UserModel::kRoles);
    auto* card = new Card;
    card->setFixedWidth(340);
    card->body()->addWidget(m_user);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(space::kMedium);
    upper->addWidget(m_table, 1);
    upper->addWidget(card);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->setSpacing(space::kMedium);
    layout->addLayout(upper, 1);
    layout->addWidget(m_form);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &UsersPanel::showUser);
    connect(m_user, &UserPanel::changed, this, &UsersPanel::changed);
    connect(m_add, &QPushButton::clicked, this, &UsersPanel::add);
}

QWidget* UsersPanel::makeForm() {
    m_name->setAccessibleName(tr("Name of the new user"));
    m_name->setPlaceholderText(tr("Name"));
    m_key->setAccessibleName(tr("Key of the new user"));
    m_key->setPlaceholderText(tr("Key, as the user's app shows it under Institution"));
    m_add->setAutoDefault(false);
    auto* form = new QWidget;
    auto* fields = new QHBoxLayout;
    fields->setSpacing(space::kSmall);
    fields->addWidget(m_name, 1);
    fields->addWidget(m_key, 2);
    auto* ticks = new QHBoxLayout;
    ticks->setSpacing(space::kLarge);
    for (const RoleChoice& one : allRoles()) {
        auto* box = new QCheckBox(one.text);
        box->setToolTip(one.help);
        box->setAccessibleName(tr("New user: %1").arg(one.text));
        m_roles.push_back(box);
        ticks->addWidget(box);
    }
    ticks->addStretch();
    ticks->addWidget(m_add);
    auto* layout = new QVBoxLayout(form);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(sectionHeading(tr("Add a user")));
    layout->addLayout(fields);
    layout->addLayout(ticks);
    return form;
}

void UsersPanel::setAccount(const api::AccountInfo& account) {
    m_account = account;
    m_rows->setUsers(account.users, account.myself);
    m_form->setVisible(account.institution && (account.myRoles & api::kAdministrator) != 0);
    if (!m_table->currentIndex().isValid() && !account.users.empty())
        m_table->selectRow(qMax(0, m_rows->rowOf(account.myself))); // shows it
    else
        showUser();
}

void UsersPanel::showUser() {
    if (const api::UserRow* row = m_rows->at(m_table->currentIndex()))
        m_user->setUser(*row, (m_account.myRoles & api::kAdministrator) != 0, m_account.institution);
}

void UsersPanel::add() {
    const QString name = m_name->text().trimmed();
    const auto key = keyFrom(m_key->text());
    std::uint32_t roles = 0;
    const std::vector<RoleChoice> choices = allRoles();
    for (std::size_t i = 0; i < m_roles.size(); ++i)
        if (m_roles[i]->isChecked()) roles |= choices[i].role;
    if (name.isEmpty() || !key || roles == 0) {
        m_banner->refuse(name.isEmpty() ? tr("Enter the user's name.")
                         : !key         ? tr("This is not a key: it has 64 digits from 0 to 9 and a to f.")
                                        : tr("Choose at least one role."));
        (name.isEmpty() ? m_name : m_key)->setFocus();
        return;
    }
    m_add->setEnabled(false);
    m_context.session().addUser(name.toStdString(), *key, roles,
                                askRaw(this, [this](const api::Answer<UserId>& answer) {
                                    m_add->setEnabled(true);
                                    if (!answer) {
                                        m_banner->refuse(answer.error());
                                        return;
                                    }
                                    m_name->clear();
                                    m_key->clear();
                                    for (QCheckBox* box : m_roles) box->setChecked(false);
                                    m_banner->succeed(tr("The user was added."));
                                    emit changed();
                                }));
}

} // namespace tallylock::ui
