#include "ui/shell/KeepingDialog.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Banner.h"
#include "ui/kit/Widgets.h"
#include "ui/welcome/Secrets.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tallylock::ui {

KeepingDialog::KeepingDialog(api::Node& node, const QString& profile, QWidget* parent)
    : QDialog(parent),
      m_node(node),
      m_profile(profile),
      m_banner(new Banner(this)),
      m_now(addSecret(tr("Passphrase now"))),
      m_keychain(new QCheckBox(tr("&Keep it in the system's keychain instead of asking for a passphrase"), this)),
      m_fresh(addSecret(tr("New passphrase"))),
      m_again(addSecret(tr("Passphrase again"))),
      m_change(new PrimaryButton(tr("&Change"), this)) {
    setWindowTitle(tr("Change the passphrase"));
    setAccessibleName(tr("Change the passphrase"));
    const auto rows = m_node.profiles();
    const bool inKeychain = std::any_of(rows.begin(), rows.end(), [&](const api::ProfileRow& row) {
        return row.name == profile.toStdString() && row.keeping == api::Keeping::Keychain;
    });
    auto* form = new QFormLayout;
    form->setSpacing(space::kSmall);
    form->addRow(tr("Passphrase &now"), m_now);
    form->addRow(tr("&New passphrase"), m_fresh);
    form->addRow(tr("Passphrase &again"), m_again);
    form->setRowVisible(m_now, !inKeychain);
    m_fresh->setPlaceholderText(tr("at least 8 characters"));
    m_keychain->setAccessibleName(tr("Keep in the system's keychain"));
    m_keychain->hide();
    connect(m_keychain, &QCheckBox::toggled, this, &KeepingDialog::keepWith);
    m_change->setAccessibleName(tr("Change"));
    m_change->setDefault(true);
    connect(m_change, &QPushButton::clicked, this, &KeepingDialog::change);
    auto* buttons = new QDialogButtonBox(this);
    m_cancel = buttons->addButton(QDialogButtonBox::Cancel);
    buttons->addButton(m_change, QDialogButtonBox::ActionRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = new QVBoxLayout(this);
    column->setSpacing(space::kMedium);
    column->addWidget(
        plainText(tr("This locks the profile on this machine. The seed phrase stays the same."), Rank::Muted, this));
    column->addLayout(form);
    column->addWidget(m_keychain);
    column->addWidget(m_banner);
    column->addWidget(buttons);
    // Who keeps it in the keychain already moves back to a passphrase.
    if (!inKeychain) {
        m_node.checkKeychain(
            askRaw(this, [this](api::Answer<void> works) { m_keychain->setVisible(static_cast<bool>(works)); }));
    }
}

KeepingDialog::~KeepingDialog() {
    for (QLineEdit* field : {m_now, m_fresh, m_again}) dropSecret(*field);
}

QLineEdit* KeepingDialog::addSecret(const QString& name) {
    auto* field = new QLineEdit(this);
    field->setEchoMode(QLineEdit::Password);
    field->setAccessibleName(name);
    field->setMinimumWidth(280);
    return field;
}

void KeepingDialog::keepWith(bool keychain) {
    for (QLineEdit* field : {m_fresh, m_again}) {
        dropSecret(*field);
        field->setEnabled(!keychain);
    }
}

void KeepingDialog::setChanging(bool changing) {
    m_isChanging = changing;
    m_change->setEnabled(!changing);
    m_cancel->setEnabled(!changing);
}

void KeepingDialog::reject() {
    if (!m_isChanging) QDialog::reject();
}

void KeepingDialog::change() {
    SecretBytes fresh = takeSecret(*m_fresh);
    const SecretBytes again = takeSecret(*m_again);
    if (!fresh.equals(again.view())) {
        m_banner->refuse(tr("The two passphrases differ. Type both again."));
        return m_fresh->setFocus();
    }
    m_banner->tell(tr("Changing…"));
    setChanging(true);
    const auto keeping = m_keychain->isChecked() ? api::Keeping::Keychain : api::Keeping::Passphrase;
    const auto done = [this](api::Answer<void> answer) {
        setChanging(false);
        if (!answer) {
            m_banner->refuse(answer.error());
            return m_now->setFocus();
        }
        emit changed();
        accept();
    };
    m_node.changeKeeping(m_profile.toStdString(), takeSecret(*m_now), keeping, std::move(fresh), askRaw(this, done));
}

} // namespace tallylock::ui
