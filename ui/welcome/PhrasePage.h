#pragma once

#include "ui/welcome/WelcomePage.h"

#include <vector>

namespace tallylock {
class SecretBytes;
}

namespace tallylock::ui {

class WordCell;

/// Shows a new seed phrase, to be written down.
class PhrasePage : public WelcomePage {
    Q_OBJECT
public:
    explicit PhrasePage(QWidget* parent);
    void setPhrase(const SecretBytes& phrase);
    void left() override;

signals:
    void written();

private:
    std::vector<WordCell*> m_cells;
};

} // namespace tallylock::ui
