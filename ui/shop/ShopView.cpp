#include "ui/shop/ShopView.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Widgets.h"
#include "ui/shop/ListingGrid.h"
#include "ui/shop/ListingModel.h"
#include "ui/shop/ListingPage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

ShopView::ShopView(Context& context, QWidget* parent)
    : View(context, parent),
      m_model(new ListingModel(context.units(), this)),
      m_filter(new ListingFilter(m_model)),
      m_banner(new Banner),
      m_search(new QLineEdit),
      m_grid(new ListingGrid),
      m_none(new EmptyState(QStringLiteral("shop"), tr("Nothing is on offer yet"),
                            tr("Encrypted files that people sell show up here. You can be the first."),
                            tr("Sell a file"))),
      m_noMatch(new EmptyState(QStringLiteral("search"), tr("No listing matches"),
                               tr("Try fewer or other words, or show those that are taken."), tr("Clear search"))),
      m_content(new QStackedWidget),
      m_pages(new QStackedWidget),
      m_page(new ListingPage(context)) {
    m_pages->addWidget(makeOverview());
    m_pages->addWidget(m_page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pages);

    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (isVisible() && topic == api::Topic::Listings) refresh();
    });
    connect(m_grid, &QListView::activated, this, &ShopView::openIndex); // Return
    connect(m_grid, &QListView::clicked, this, &ShopView::openIndex);
    connect(m_page, &ListingPage::back, this, [this] {
        m_pages->setCurrentIndex(0);
        m_grid->setFocus();
    });
    connect(m_none, &EmptyState::activated, this, [this] { this->context().goTo(Place::Sell); });
    refresh();
}

QWidget* ShopView::makeBar() {
    m_search->setPlaceholderText(tr("Search names, descriptions and sellers"));
    m_search->setClearButtonEnabled(true);
    m_search->setAccessibleName(tr("Search listings"));
    m_search->addAction(themeIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    auto* hideTaken = new QCheckBox(tr("&Hide taken"));
    hideTaken->setAccessibleName(tr("Hide taken"));
    auto* order = new QComboBox;
    order->setAccessibleName(tr("Sort by"));
    order->addItem(tr("Newest first"), int(ListingOrder::Newest));
    order->addItem(tr("Lowest price first"), int(ListingOrder::PriceRising));
    order->addItem(tr("Highest price first"), int(ListingOrder::PriceFalling));
    order->addItem(tr("By name"), int(ListingOrder::Name));

    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 0, 20, 0); // in line with the cards
    row->setSpacing(space::kMedium);
    row->addWidget(m_search, 1);
    row->addWidget(hideTaken);
    row->addWidget(order);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter->setSearch(text);
        arrange();
    });
    connect(hideTaken, &QCheckBox::toggled, this, [this](bool on) {
        m_filter->setHideTaken(on);
        arrange();
    });
    connect(order, &QComboBox::currentIndexChanged, this,
            [this, order] { m_filter->setOrder(static_cast<ListingOrder>(order->currentData().toInt())); });
    connect(m_noMatch, &EmptyState::activated, this, [this, hideTaken] {
        hideTaken->setChecked(false);
        m_search->clear();
    });
    auto* find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, this, [this] {
        m_pages->setCurrentIndex(0);
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    return bar;
}

QWidget* ShopView::makeOverview() {
    auto* overview = new QWidget;
    auto* layout = new QVBoxLayout(overview);
    layout->setContentsMargins(space::kPage - 6, space::kTiny, 4, space::kSmall);
    layout->setSpacing(space::kMedium);
    layout->addWidget(makeBar());
    layout->addWidget(m_banner);
    m_grid->setModel(m_filter);
    m_content->addWidget(m_grid);
    m_content->addWidget(m_none);
    m_content->addWidget(m_noMatch);
    layout->addWidget(m_content, 1);
    return overview;
}

void ShopView::shown() {
    m_banner->clear();
    m_pages->setCurrentIndex(0);
    refresh();
}

void ShopView::open(quint64 id) {
    m_wanted = id;
    refresh();
}

void ShopView::refresh() {
    session().listings(ask(this, m_banner, [this](std::vector<api::ListingRow> rows) {
        m_model->setRows(std::move(rows));
        arrange();
        const bool onPage = m_pages->currentIndex() == 1;
        const ListingId id = m_wanted != 0 ? ListingId{m_wanted} : onPage ? m_page->listing() : ListingId{};
        const int row = m_model->rowOf(id);
        if (row < 0) return;
        m_wanted = 0;
        const api::ListingRow& listing = m_model->rows()[static_cast<std::size_t>(row)];
        m_page->showListing(listing, m_model->faceOf(listing));
        m_pages->setCurrentIndex(1);
    }));
}

void ShopView::arrange() {
    if (m_model->rows().empty())
        m_content->setCurrentWidget(m_none);
    else if (m_filter->rowCount() == 0)
        m_content->setCurrentWidget(m_noMatch);
    else
        m_content->setCurrentWidget(m_grid);
}

void ShopView::openIndex(const QModelIndex& index) {
    const api::ListingRow* listing = m_filter->at(index);
    if (!listing) return;
    m_page->showListing(*listing, m_model->faceOf(*listing));
    m_pages->setCurrentIndex(1);
}

} // namespace tallylock::ui
