#include "ui/welcome/CoordinatorPage.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Widgets.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QVBoxLayout>

namespace tallylock::ui {

static constexpr int kMostAddressLetters = 300;

CoordinatorPage::CoordinatorPage(api::Node& node, QWidget* parent)
    : WelcomePage(
          tr("Which coordinator?"),
          tr("A coordinator keeps the accounts and runs the sales; its key server keeps the keys. Your profiles "
             "stay on this machine. What you do with one coordinator has nothing to do with another."),
          parent),
      m_node(node),
      m_practice(new QRadioButton(tr("&Practice, inside this app"), this)),
      m_remote(new QRadioButton(tr("A &coordinator on the network"), this)),
      m_address(new QLineEdit(this)),
      m_look(new QPushButton(tr("&Look who is there"), this)),
      m_foundCard(new Card(this)) {
    makeChoice();
    makeFound();
    m_use = addButtons(tr("&Use it"), tr("Use it"));
    m_use->setAutoDefault(false);
    connect(m_use, &QPushButton::clicked, this, &CoordinatorPage::use);
    showChoice();
}

void CoordinatorPage::makeChoice() {
    auto* card = new Card(this);
    m_address->setAccessibleName(tr("Address"));
    m_address->setPlaceholderText(tr("host:port, others behind commas"));
    m_address->setMaxLength(kMostAddressLetters);
    m_look->setAccessibleName(tr("Look who is there"));
    m_look->setAutoDefault(false);
    auto* label = new QLabel(tr("&Address"), card);
    label->setBuddy(m_address);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kMedium);
    row->addWidget(label);
    row->addWidget(m_address, 1);
    row->addWidget(m_look);
    card->body()->addWidget(m_practice);
    card->body()->addWidget(
        plainText(tr("Its coins and bank money are worth nothing. No network is needed."), Rank::Muted, card));
    card->body()->addSpacing(space::kTiny);
    card->body()->addWidget(m_remote);
    card->body()->addLayout(row);
    body()->addWidget(card);
    const bool isRemote = m_node.coordinator().has_value();
    m_practice->setChecked(!isRemote);
    m_remote->setChecked(isRemote);
    if (isRemote) m_address->setText(QString::fromStdString(m_node.coordinator()->coordinator.address));
    connect(m_remote, &QRadioButton::toggled, this, [this](bool remote) {
        forget();
        if (remote) m_address->setFocus();
    });
    connect(m_address, &QLineEdit::textChanged, this, &CoordinatorPage::forget);
    connect(m_address, &QLineEdit::returnPressed, this, &CoordinatorPage::look);
    connect(m_look, &QPushButton::clicked, this, &CoordinatorPage::look);
}

void CoordinatorPage::makeFound() {
    QVBoxLayout* column = m_foundCard->body();
    m_foundCard->setAccessibleName(tr("Who was found"));
    column->addWidget(sectionHeading(tr("Compare these words"), m_foundCard));
    column->addWidget(
        plainText(tr("They are the servers' fingerprints. Whoever runs them has published the same words. If "
                     "one differs, somebody else answers at this address: do not use it."),
                  Rank::Muted, m_foundCard));
    const auto addWords = [&](const QString& name) {
        column->addSpacing(space::kTiny);
        column->addWidget(plainText(name, Rank::Muted, m_foundCard));
        auto* words = plainText({}, Rank::Normal, m_foundCard);
        words->setTextInteractionFlags(Qt::TextSelectableByMouse);
        words->setAccessibleName(name);
        column->addWidget(words);
        return words;
    };
    m_coordinatorWords = addWords(tr("Coordinator"));
    m_keyServerWords = addWords(tr("Key server"));
    m_standbyWords = addWords(tr("Standby key server"));
    body()->addWidget(m_foundCard);
}

void CoordinatorPage::entered() {
    if (m_remote->isChecked()) m_address->setFocus();
}

/// What was found is of the address that was typed then.
void CoordinatorPage::forget() {
    m_found.reset();
    banner()->clear();
    showChoice();
}

void CoordinatorPage::showChoice() {
    const bool isRemote = m_remote->isChecked();
    m_address->setEnabled(isRemote && !m_busy);
    m_look->setEnabled(isRemote && !m_busy && !m_address->text().trimmed().isEmpty());
    m_foundCard->setVisible(isRemote && m_found.has_value());
    const bool wasRemote = m_node.coordinator().has_value();
    m_use->setEnabled(!m_busy && (isRemote ? m_found.has_value() : wasRemote));
}

void CoordinatorPage::look() {
    if (!m_look->isEnabled()) return;
    m_busy = true;
    forget();
    banner()->tell(tr("Looking…"));
    m_node.findCoordinator(m_address->text().trimmed().toStdString(),
                           askRaw(this, [this](const api::Answer<api::FoundCoordinator>& found) {
                               m_busy = false;
                               if (!found) {
                                   showChoice();
                                   return banner()->refuse(found.error());
                               }
                               banner()->clear();
                               showFound(*found);
                           }));
}

void CoordinatorPage::showFound(const api::FoundCoordinator& found) {
    m_found = found;
    m_coordinatorWords->setText(QString::fromStdString(found.coordinatorWords));
    m_keyServerWords->setText(QString::fromStdString(found.keyServerWords));
    m_standbyWords->setText(found.standbyWords.empty() ? tr("There is none.")
                                                       : QString::fromStdString(found.standbyWords));
    showChoice();
    m_use->setFocus();
}

void CoordinatorPage::use() {
    const auto row = m_remote->isChecked() ? std::optional(m_found->row) : std::nullopt;
    if (const auto kept = m_node.useCoordinator(row); !kept) return banner()->refuse(kept.error());
    emit chosen();
}

} // namespace tallylock::ui
