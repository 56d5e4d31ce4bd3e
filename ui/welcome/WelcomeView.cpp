#include "ui/welcome/WelcomeView.h"

#include "ui/kit/Widgets.h"
#include "ui/welcome/ConfirmPage.h"
#include "ui/welcome/CoordinatorPage.h"
#include "ui/welcome/PhrasePage.h"
#include "ui/welcome/ProfilePage.h"
#include "ui/welcome/RestorePage.h"
#include "ui/welcome/StartPage.h"

#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace tallylock::ui {

namespace {
constexpr int kPageWidth = 620;
constexpr int kPhraseWords = 12;
} // namespace

WelcomeView::WelcomeView(api::Node& node, const QString& profile, QWidget* parent)
    : QWidget(parent),
      m_pages(new QStackedWidget(this)) {
    auto* start = new StartPage(node, profile, m_pages);
    auto* phrase = new PhrasePage(m_pages);
    auto* confirm = new ConfirmPage(m_pages);
    auto* restore = new RestorePage(node, m_pages);
    auto* name = new ProfilePage(node, m_pages);
    add(start, nullptr);
    add(phrase, start);
    add(confirm, phrase);
    add(restore, start);
    add(name, start);
    auto* coordinator = new CoordinatorPage(node, m_pages);
    add(coordinator, start);
    connect(start, &StartPage::coordinatorWanted, this, [this, coordinator] { turnTo(coordinator); });
    connect(coordinator, &CoordinatorPage::chosen, this, &WelcomeView::restartWanted);

    connect(start, &StartPage::createWanted, this, [this, &node, phrase] {
        m_phrase = node.newPhrase(kPhraseWords);
        phrase->setPhrase(m_phrase);
        turnTo(phrase);
    });
    connect(phrase, &PhrasePage::written, this, [this, confirm] {
        confirm->setPhrase(m_phrase);
        turnTo(confirm);
    });
    connect(confirm, &WelcomePage::backed, this, [this, phrase] { phrase->setPhrase(m_phrase); });
    connect(confirm, &ConfirmPage::confirmed, this, [this, name] {
        name->setPhrase(m_phrase, {});
        turnTo(name);
    });
    connect(start, &StartPage::restoreWanted, this, [this, restore] { turnTo(restore); });
    connect(restore, &RestorePage::phraseEntered, this, [this, name](SecretBytes* entered, SecretBytes* passphrase) {
        m_phrase = std::move(*entered);
        name->setPhrase(m_phrase, std::move(*passphrase));
        turnTo(name);
    });
    connect(start, &StartPage::opened, this, &WelcomeView::opened);
    connect(name, &ProfilePage::created, this, &WelcomeView::opened);

    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(space::kPage, space::kPage, space::kPage, space::kPage);
    column->addStretch(1);
    column->addWidget(m_pages, 6);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scrolledPage(page, kPageWidth));
    QTimer::singleShot(0, start, [start] { start->entered(); });
}

void WelcomeView::add(WelcomePage* page, WelcomePage* before) {
    m_pages->addWidget(page);
    if (before) connect(page, &WelcomePage::backed, this, [this, before] { turnTo(before); });
}

void WelcomeView::turnTo(WelcomePage* page) {
    static_cast<WelcomePage*>(m_pages->currentWidget())->left();
    m_pages->setCurrentWidget(page);
    page->entered();
}

} // namespace tallylock::ui
