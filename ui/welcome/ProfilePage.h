#pragma once

#include "core/api/Session.h"
#include "ui/welcome/WelcomePage.h"

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace tallylock::ui {

/// Name and passphrase of a profile that is about to be created from a phrase.
class ProfilePage : public WelcomePage {
    Q_OBJECT
public:
    ProfilePage(api::Node& node, QWidget* parent);
    /// `passphrase`: that of the phrase.
    void setPhrase(const SecretBytes& phrase, SecretBytes passphrase) {
        m_phrase = phrase.clone();
        m_phrasePassphrase = std::move(passphrase);
    }
    void entered() override;
    void left() override;

signals:
    void created(std::shared_ptr<tallylock::api::Session> session);

private:
    void create();
    void keepWith(bool keychain);

    api::Node& m_node;
    SecretBytes m_phrase;
    SecretBytes m_phrasePassphrase;
    QCheckBox* m_keychain; ///< shown where a keychain works
    QLineEdit* m_name;
    QLineEdit* m_passphrase;
    QLineEdit* m_again;
    QPushButton* m_create;
};

} // namespace tallylock::ui
