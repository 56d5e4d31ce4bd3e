#include "ui/welcome/StartPage.h"

#include "ui/kit/Ask.h"
#include "ui/kit/ProblemText.h"
#include "ui/kit/Widgets.h"
#include "ui/welcome/Secrets.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

namespace {
constexpr int kListRows = 4;
constexpr int kKeychainRole = Qt::UserRole + 1;
} // namespace

StartPage::StartPage(api::Node& node, const QString& profile, QWidget* parent)
    : WelcomePage(tr("Welcome to Tallylock"), introduction(node), parent),
      m_node(node) {
    const bool first = m_node.profiles().empty();
    if (!first) addProfiles(profile);
    addWaysIn(first);
    addServers();
}

QString StartPage::introduction(const api::Node& node) {
    const QString what = tr("Sell and buy encrypted files: the key is handed over when the money has moved.");
    const auto place = node.coordinator();
    if (place && !place->practice) return what;
    return what + u' ' + tr("This is for practice: the coins and the bank money here are worth nothing.");
}

void StartPage::addProfiles(const QString& profile) {
    auto* card = new Card(this);
    m_list = new QListWidget(card);
    m_list->setAccessibleName(tr("Profiles"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setIconSize({space::kIcon, space::kIcon});
    for (const api::ProfileRow& row : m_node.profiles()) {
        const QString name = QString::fromStdString(row.name);
        auto* item =
            new QListWidgetItem(themeIcon(QStringLiteral("person")), row.open ? tr("%1 (open)").arg(name) : name);
        item->setData(Qt::UserRole, name);
        item->setData(kKeychainRole, row.keeping == api::Keeping::Keychain);
        m_list->addItem(item);
        if (name == profile || (!row.open && !m_list->currentItem())) m_list->setCurrentItem(item);
    }
    const int rowHeight = m_list->sizeHintForRow(0) + space::kTiny;
    m_list->setSpacing(2);
    m_list->setFixedHeight(qMin(m_list->count(), kListRows) * rowHeight + space::kSmall);

    m_passphrase = new QLineEdit(card);
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_passphrase->setAccessibleName(tr("Passphrase"));
    m_label = new QLabel(card);
    m_label->setBuddy(m_passphrase);
    m_open = new PrimaryButton(tr("&Open"), card);
    m_open->setAccessibleName(tr("Open profile"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_label);
    row->addWidget(m_passphrase, 1);
    row->addWidget(m_open);
    card->body()->addWidget(sectionHeading(tr("Open a profile"), card));
    card->body()->addWidget(m_list);
    card->body()->addLayout(row);
    body()->addWidget(card);
    connect(m_open, &QPushButton::clicked, this, &StartPage::open);
    connect(m_list, &QListWidget::currentItemChanged, this, &StartPage::profileChosen);
    profileChosen();
    connect(m_passphrase, &QLineEdit::returnPressed, this, &StartPage::open);
}

void StartPage::addWaysIn(bool first) {
    auto* card = new Card(this);
    card->body()->addWidget(sectionHeading(first ? tr("Begin here") : tr("Another profile"), card));
    card->body()->addWidget(
        plainText(tr("A profile is one identity, with its own seed phrase, money and library. Its "
                     "seed phrase alone restores it anywhere: listings, open sales and what was bought."),
                  Rank::Muted, card));
    QPushButton* create =
        first ? new PrimaryButton(tr("&Create a profile"), card) : new QPushButton(tr("&Create a profile"), card);
    create->setAccessibleName(tr("Create a profile"));
    auto* restore = new QPushButton(tr("&Restore from a seed phrase"), card);
    restore->setAccessibleName(tr("Restore from a seed phrase"));
    for (QPushButton* button : {create, restore}) button->setAutoDefault(false);
    auto* row = new QHBoxLayout;
    row->addWidget(create);
    row->addWidget(restore);
    row->addStretch(1);
    card->body()->addSpacing(space::kTiny);
    card->body()->addLayout(row);
    body()->addWidget(card);
    connect(create, &QPushButton::clicked, this, &StartPage::createWanted);
    connect(restore, &QPushButton::clicked, this, &StartPage::restoreWanted);
}

void StartPage::addServers() {
    const auto place = m_node.coordinator();
    auto* text = plainText(place ? tr("Coordinator: %1").arg(QString::fromStdString(place->coordinator.address))
                                 : tr("Coordinator: inside this app"),
                           Rank::Muted, this);
    auto* change = new QPushButton(tr("C&hange…"), this);
    change->setAccessibleName(tr("Change the coordinator"));
    change->setAutoDefault(false);
    auto* row = new QHBoxLayout;
    row->addWidget(text, 1);
    row->addWidget(change);
    body()->addLayout(row);
    connect(change, &QPushButton::clicked, this, &StartPage::coordinatorWanted);
}

void StartPage::profileChosen() {
    const QListWidgetItem* item = m_list->currentItem();
    const bool keychain = item && item->data(kKeychainRole).toBool();
    m_label->setText(keychain ? tr("The system's keychain opens this profile.") : tr("&Passphrase"));
    m_passphrase->setVisible(!keychain);
}

void StartPage::entered() {
    if (m_passphrase && m_list->currentItem()) m_passphrase->setFocus();
}

void StartPage::left() {
    if (m_passphrase) dropSecret(*m_passphrase);
}

void StartPage::open() {
    const QListWidgetItem* item = m_list->currentItem();
    if (!item) return banner()->refuse(tr("Choose a profile first."));
    banner()->tell(tr("Opening…"));
    m_open->setEnabled(false);
    const auto done = [this](api::Answer<std::shared_ptr<api::Session>> answer) {
        m_open->setEnabled(true);
        if (!answer) {
            banner()->refuse(answer.error());
            m_passphrase->setFocus();
            return;
        }
        emit opened(std::move(answer).value());
    };
    m_node.openProfile(item->data(Qt::UserRole).toString().toStdString(), takeSecret(*m_passphrase),
                       askRaw(this, done));
}

} // namespace tallylock::ui
