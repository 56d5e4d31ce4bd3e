#include "ui/welcome/PhrasePage.h"

#include "ui/kit/Theme.h"
#include "ui/welcome/Secrets.h"
#include "ui/welcome/WordCell.h"

#include <QGridLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace tallylock::ui {

namespace {
constexpr int kWords = 12;
constexpr int kPhraseColumns = 3;
} // namespace

PhrasePage::PhrasePage(QWidget* parent)
    : WelcomePage(
          tr("Your seed phrase"),
          tr("Write these words down on paper, in this order, and keep them to yourself. They are all it takes to "
             "restore the profile, and all it takes to steal it. They are not shown again."),
          parent) {
    auto* grid = new QGridLayout;
    grid->setSpacing(space::kSmall);
    for (int i = 0; i < kWords; ++i) {
        auto* cell = new WordCell(i + 1, this);
        // Columns are read downwards, as one writes a list.
        grid->addWidget(cell, i % (kWords / kPhraseColumns), i / (kWords / kPhraseColumns));
        m_cells.push_back(cell);
    }
    body()->addLayout(grid);
    connect(addButtons(tr("I have &written them down"), tr("I have written them down")), &QPushButton::clicked, this,
            &PhrasePage::written);
}

void PhrasePage::setPhrase(const SecretBytes& phrase) {
    const auto words = wordsOf(phrase);
    for (std::size_t i = 0; i < m_cells.size(); ++i) m_cells[i]->setWord(i < words.size() ? words[i] : ByteView());
}

void PhrasePage::left() {
    for (WordCell* cell : m_cells) cell->clear();
}

} // namespace tallylock::ui
