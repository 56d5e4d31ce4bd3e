#include "ui/welcome/ProfilePage.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Widgets.h"
#include "ui/welcome/Secrets.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpressionValidator>

namespace tallylock::ui {

ProfilePage::ProfilePage(api::Node& node, QWidget* parent)
    : WelcomePage(tr("Name and passphrase"),
                  tr("Others see the name. The passphrase locks the profile on this machine; it is asked for each time "
                     "the profile is opened."),
                  parent),
      m_node(node),
      m_keychain(new QCheckBox(tr("&Keep it in the system's keychain instead of asking for a passphrase"), this)),
      m_name(new QLineEdit(this)),
      m_passphrase(new QLineEdit(this)),
      m_again(new QLineEdit(this)) {
    static const QRegularExpression kName(QStringLiteral("[A-Za-z0-9_-]{0,32}"));
    m_name->setValidator(new QRegularExpressionValidator(kName, m_name));
    m_name->setAccessibleName(tr("Profile name"));
    m_name->setPlaceholderText(tr("letters, digits, - and _"));
    m_passphrase->setAccessibleName(tr("New passphrase"));
    m_passphrase->setPlaceholderText(tr("at least 8 characters"));
    m_again->setAccessibleName(tr("Passphrase again"));
    auto* form = new QFormLayout;
    form->setSpacing(space::kSmall);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Passphrase"), m_passphrase);
    form->addRow(tr("Passphrase &again"), m_again);
    for (QLineEdit* field : {m_name, m_passphrase, m_again}) {
        field->setMaximumWidth(360);
        field->setMinimumWidth(280);
        connect(field, &QLineEdit::returnPressed, this, &ProfilePage::create);
    }
    for (QLineEdit* field : {m_passphrase, m_again}) field->setEchoMode(QLineEdit::Password);
    m_keychain->setAccessibleName(tr("Keep in the system's keychain"));
    m_keychain->hide();
    connect(m_keychain, &QCheckBox::toggled, this, &ProfilePage::keepWith);
    body()->addLayout(form);
    body()->addWidget(m_keychain);
    m_create = addButtons(tr("&Create profile"), tr("Create profile"));
    connect(m_create, &QPushButton::clicked, this, &ProfilePage::create);
}

void ProfilePage::entered() {
    m_name->setFocus();
    m_node.checkKeychain(
        askRaw(this, [this](api::Answer<void> works) { m_keychain->setVisible(static_cast<bool>(works)); }));
}

void ProfilePage::keepWith(bool keychain) {
    for (QLineEdit* field : {m_passphrase, m_again}) {
        dropSecret(*field);
        field->setEnabled(!keychain);
    }
}

void ProfilePage::left() {
    dropSecret(*m_passphrase);
    dropSecret(*m_again);
    m_phrase = SecretBytes();
    m_phrasePassphrase = SecretBytes();
}

void ProfilePage::create() {
    if (m_name->text().isEmpty()) {
        banner()->refuse(api::Refusal{api::Problem::ProfileNameInvalid, {}});
        return m_name->setFocus();
    }
    SecretBytes passphrase = takeSecret(*m_passphrase);
    const SecretBytes again = takeSecret(*m_again);
    if (!passphrase.equals(again.view())) {
        banner()->refuse(tr("The two passphrases differ. Type both again."));
        return m_passphrase->setFocus();
    }
    banner()->tell(tr("Creating the profile…"));
    m_create->setEnabled(false);
    const auto done = [this](api::Answer<std::shared_ptr<api::Session>> answer) {
        m_create->setEnabled(true);
        if (!answer) return banner()->refuse(answer.error());
        emit created(std::move(answer).value());
    };
    const auto keeping = m_keychain->isChecked() ? api::Keeping::Keychain : api::Keeping::Passphrase;
    m_node.createProfile(
        {m_name->text().toStdString(), m_phrase.clone(), m_phrasePassphrase.clone(), keeping, std::move(passphrase)},
        askRaw(this, done));
}

} // namespace tallylock::ui
