#include "ui/sell/SellView.h"

#include "ui/kit/Banner.h"
#include "ui/kit/Widgets.h"
#include "ui/sell/DetailsPage.h"
#include "ui/sell/DonePage.h"
#include "ui/sell/FilePage.h"
#include "ui/sell/PreviewPage.h"
#include "ui/sell/ReviewPage.h"
#include "ui/sell/SealPage.h"
#include "ui/sell/StepTrail.h"

#include <QStackedWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

SellView::SellView(Context& context, QWidget* parent)
    : View(context, parent),
      m_file(new FilePage(context, m_form)),
      m_details(new DetailsPage(context, m_form)),
      m_banner(new Banner),
      m_stack(new QStackedWidget),
      m_back(new QPushButton(tr("Back"))),
      m_next(new PrimaryButton(tr("Next"))) {
    auto* seal = new SealPage(context, m_form);
    addPage(m_file);
    addPage(new PreviewPage(context, m_form));
    addPage(m_details);
    addPage(new ReviewPage(context, m_form));
    addPage(seal);
    addPage(new DonePage(context, m_form));
    QStringList steps;
    for (const SellPage* page : m_pages) steps << page->title();
    m_trail = new StepTrail(steps);

    m_back->setAutoDefault(false);
    m_next->setAutoDefault(false);
    m_back->setMinimumWidth(100);
    m_next->setMinimumWidth(140);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_back);
    buttons->addStretch();
    buttons->addWidget(m_next);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(space::kPage, space::kTiny, space::kPage, space::kPage);
    layout->setSpacing(space::kLarge);
    layout->addWidget(m_trail);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_banner);
    layout->addLayout(buttons);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scrolledPage(page, 860));

    connect(m_back, &QPushButton::clicked, this, &SellView::back);
    connect(m_next, &QPushButton::clicked, this, &SellView::next);
    connect(m_file, &FilePage::resumed, this, [this](const api::DraftRow& draft) {
        m_form = {};
        (draft.state == api::DraftState::Interrupted ? m_form.interrupted : m_form.sealed) = draft;
        m_resumed = true;
        goTo(kSeal);
    });
    connect(seal, &SealPage::published, this, [this] { goTo(kDone); });
    connect(seal, &SealPage::stopped, this, [this] { goTo(std::exchange(m_resumed, false) ? kFile : kReview); });
    goTo(kFile);
}

void SellView::addPage(SellPage* page) {
    m_pages.push_back(page);
    m_stack->addWidget(page);
    connect(page, &SellPage::stateChanged, this, &SellView::showState);
    connect(page, &SellPage::advance, this, [this, page] {
        if (page == current()) next();
    });
    connect(page, &SellPage::refused, this, [this](const api::Refusal& refusal) { m_banner->refuse(refusal); });
}

SellPage* SellView::current() const { return m_pages[static_cast<std::size_t>(m_current)]; }

void SellView::shown() {
    if (m_current == kFile) m_file->enter(); // drafts may have come
    if (m_current == kDone) restart();
}

void SellView::goTo(int page) {
    m_current = page;
    m_banner->clear();
    m_stack->setCurrentIndex(page);
    m_trail->setCurrent(page);
    current()->enter();
    showState();
    if (QWidget* field = current()->firstField(); field && isVisible()) field->setFocus(Qt::OtherFocusReason);
}

void SellView::next() {
    if (!current()->ready()) return;
    if (m_current == kDone) {
        restart();
        return;
    }
    m_banner->clear();
    const int asked = m_current;
    const QString problem = current()->commit();
    if (asked != m_current) return;
    // The pages that wait for an answer or have a banner of their own speak for themselves.
    if (problem.isEmpty())
        goTo(m_current + 1);
    else if (m_current != kFile && m_current != kSeal)
        m_banner->refuse(problem);
}

void SellView::back() {
    if (m_current == kFile || !current()->canGoBack()) return;
    current()->retreat();
    if (m_current == kSeal && std::exchange(m_resumed, false))
        goTo(kFile);
    else
        goTo(m_current - 1);
}

void SellView::restart() {
    m_form = {};
    m_resumed = false;
    m_details->clear();
    m_file->clear();
    goTo(kFile);
}

void SellView::showState() {
    m_back->setVisible(m_current != kFile && m_current != kDone);
    m_back->setEnabled(current()->canGoBack());
    m_next->setText(current()->nextText());
    m_next->setEnabled(current()->ready());
}

} // namespace tallylock::ui
