#pragma once

#include "core/api/Session.h"
#include "ui/welcome/WelcomePage.h"

#include <vector>

class QComboBox;
class QLineEdit;

namespace tallylock::ui {

/// Takes a seed phrase word by word, with completion, and says which word is wrong.
class RestorePage : public WelcomePage {
    Q_OBJECT
public:
    RestorePage(api::Node& node, QWidget* parent);
    void entered() override;
    void left() override;

signals:
    /// Moved from by whoever takes them.
    void phraseEntered(tallylock::SecretBytes* phrase, tallylock::SecretBytes* passphrase);

private:
    QLineEdit* addWord(int number);
    void setCount(int count);
    void wordEdited(int index, const QString& text);
    bool spread(int index, const QString& text);
    void mark(int index);
    void check();
    SecretBytes joined() const;

    api::Node& m_node;
    QComboBox* m_count;
    QLineEdit* m_passphrase;
    std::vector<QLineEdit*> m_words;
    int m_shown = 12;
};

} // namespace tallylock::ui
