#include "ui/institution/RegisterPanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Facts.h"
#include "ui/kit/Widgets.h"

#include <QLineEdit>
#include <QVBoxLayout>

namespace tallylock::ui {

RegisterPanel::RegisterPanel(Context& context, Banner* banner, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_banner(banner),
      m_name(new QLineEdit),
      m_register(new PrimaryButton(tr("&Register institution"))) {
    auto* found = new Card;
    found->body()->addWidget(sectionHeading(tr("Register an institution")));
    found->body()->addWidget(plainText(tr("An institution has several users, each with roles and devices of their own. "
                                          "You become its first administrator. A profile that does not register "
                                          "here is the account of one person from its first deposit or order on.")));
    auto* label = new QLabel(tr("&Name of the institution"));
    label->setBuddy(m_name);
    m_name->setAccessibleName(tr("Name of the institution"));
    m_name->setMaxLength(120);
    found->body()->addWidget(label);
    found->body()->addWidget(m_name);
    found->body()->addWidget(m_register, 0, Qt::AlignLeft);

    auto* join = new Card;
    join->body()->addWidget(sectionHeading(tr("Join an institution")));
    join->body()->addWidget(plainText(tr("Give this key to an administrator of the institution, who adds you as a user "
                                         "with it. Then its account shows up here.")));
    auto* facts = new Facts;
    facts->addCode(tr("My key"), QString::fromStdString(context.session().identityKey().hex()));
    join->body()->addWidget(facts);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kLarge);
    layout->addWidget(found);
    layout->addWidget(join);
    layout->addStretch();
    connect(m_register, &QPushButton::clicked, this, &RegisterPanel::submit);
    connect(m_name, &QLineEdit::returnPressed, this, &RegisterPanel::submit);
}

void RegisterPanel::submit() {
    const QString name = m_name->text().trimmed();
    if (name.isEmpty()) {
        m_banner->refuse(tr("Enter the institution's name."));
        m_name->setFocus();
        return;
    }
    m_register->setEnabled(false);
    m_context.session().registerHolder(name.toStdString(), true,
                                       askRaw(this, [this](const api::Answer<HolderId>& answer) {
                                           m_register->setEnabled(true);
                                           if (answer)
                                               emit registered();
                                           else
                                               m_banner->refuse(answer.error());
                                       }));
}

} // namespace tallylock::ui
