#include "ui/home/HomeView.h"

#include "ui/home/BalancesCard.h"
#include "ui/home/FirstSteps.h"
#include "ui/home/SaleLines.h"
#include "ui/kit/Ask.h"
#include "ui/kit/Widgets.h"

#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace tallylock::ui {

namespace {
constexpr int kDeadlineEveryMs = 20'000;
}

HomeView::HomeView(Context& context, QWidget* parent)
    : View(context, parent),
      m_banner(new Banner),
      m_needsMe(new SaleLines(tr("Needs you now"), context)),
      m_firstSteps(new FirstSteps(context, m_banner)),
      m_balances(new BalancesCard(context)),
      m_open(new SaleLines(tr("Under way"), context)) {
    m_needsMe->setEmptyText(tr("Nothing needs you at the moment."));
    m_open->setEmptyText(tr("No sale is under way."));

    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(space::kPage, space::kTiny, space::kPage, space::kPage);
    column->setSpacing(space::kLarge);
    column->addWidget(m_banner);
    column->addWidget(m_firstSteps);
    column->addWidget(m_needsMe);
    column->addWidget(m_open);
    column->addWidget(m_balances);
    column->addStretch(1);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scrolledPage(page));

    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (!isVisible()) return; // it asks again when it is shown
        if (topic == api::Topic::Sales || topic == api::Topic::Balances || topic == api::Topic::Listings) shown();
    });
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this] {
        if (isVisible()) shown();
    });
    timer->start(kDeadlineEveryMs);
}

void HomeView::shown() {
    session().sales(ask(this, m_banner, [this](const std::vector<api::SaleRow>& sales) { show(sales); }));
    session().balances(ask(this, m_banner, [this](const std::vector<api::BalanceRow>& rows) {
        m_balances->setRows(rows);
        m_firstSteps->setMoney(std::any_of(rows.begin(), rows.end(), [](const auto& row) {
            return row.available.isPositive() || row.held.isPositive() || row.pending.isPositive();
        }));
    }));
    session().listings(ask(this, m_banner, [this](const std::vector<api::ListingRow>& rows) {
        m_firstSteps->setListings(std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.mine; }));
    }));
}

void HomeView::show(const std::vector<api::SaleRow>& sales) {
    std::vector<api::SaleRow> needing;
    std::vector<api::SaleRow> open;
    for (const auto& sale : sales) {
        if (sale.terminal) continue;
        (sale.needsMe ? needing : open).push_back(sale);
    }
    const bool newcomer = sales.empty();
    m_firstSteps->setVisible(newcomer);
    m_needsMe->setVisible(!newcomer);
    m_open->setVisible(!newcomer && (!open.empty() || needing.empty()));
    m_needsMe->setRaised(!needing.empty());
    m_needsMe->setRows(needing);
    m_open->setRows(open);
}

} // namespace tallylock::ui
