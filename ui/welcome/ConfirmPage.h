#pragma once

#include "core/base/SecretBytes.h"
#include "ui/welcome/WelcomePage.h"

#include <array>

class QLabel;
class QLineEdit;

namespace tallylock::ui {

/// Asks for three words of the phrase, so that it really is on paper.
class ConfirmPage : public WelcomePage {
    Q_OBJECT
public:
    explicit ConfirmPage(QWidget* parent);
    void setPhrase(const SecretBytes& phrase);
    void entered() override;
    void left() override;

signals:
    void confirmed();

private:
    void check();

    struct Question {
        std::size_t place = 0; ///< of the word, from 0
        QLabel* label = nullptr;
        QLineEdit* field = nullptr;
    };
    std::array<Question, 3> m_questions;
    SecretBytes m_phrase;
};

} // namespace tallylock::ui
