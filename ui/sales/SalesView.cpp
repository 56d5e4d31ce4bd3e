#include "ui/sales/SalesView.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Widgets.h"
#include "ui/sales/SaleDelegate.h"
#include "ui/sales/SaleListModel.h"
#include "ui/sales/SalePage.h"

#include <QListView>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace tallylock::ui {

namespace {
constexpr int kDeadlineEveryMs = 20'000;
constexpr int kListWidth = 330;
} // namespace

SalesView::SalesView(Context& context, QWidget* parent)
    : View(context, parent),
      m_model(new SaleListModel(this)),
      m_stack(new QStackedWidget(this)),
      m_list(new QListView),
      m_page(new SalePage(context)) {
    auto* empty =
        new EmptyState(QStringLiteral("sales"), tr("No sales yet"),
                       tr("Here you follow what you buy and what you sell, step by step. Make an offer in the "
                          "shop, or put a file of your own up for sale."),
                       tr("Go to the shop"));
    connect(empty, &EmptyState::activated, this, [this] { this->context().goTo(Place::Shop); });
    m_stack->addWidget(empty);
    m_stack->addWidget(makeLists());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kPage, space::kTiny, 0, space::kPage);
    column->addWidget(m_stack);

    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (isVisible() && (topic == api::Topic::Sales || topic == api::Topic::Library)) shown();
    });
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this] {
        if (isVisible()) loadDetail();
    });
    timer->start(kDeadlineEveryMs);
}

QWidget* SalesView::makeLists() {
    m_list->setModel(m_model);
    m_list->setItemDelegate(new SaleDelegate(units(), m_list));
    m_list->setAccessibleName(tr("Sales"));
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    m_list->setMinimumWidth(220);
    m_pageArea = qobject_cast<QScrollArea*>(scrolledPage(m_page));
    m_pageArea->setAccessibleName(tr("Sale"));
    auto* splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_list);
    splitter->addWidget(m_pageArea);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({kListWidth, 2 * kListWidth});
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
        if (index.isValid()) choose(m_model->at(index.row()).id);
    });
    return splitter;
}

void SalesView::shown() {
    session().sales(ask(this, m_page->banner(), [this](std::vector<api::SaleRow> rows) { setRows(std::move(rows)); }));
}

void SalesView::open(quint64 id) {
    m_chosen = SaleId{id};
    shown();
}

void SalesView::setRows(std::vector<api::SaleRow> rows) {
    m_stack->setCurrentIndex(rows.empty() ? 0 : 1);
    const SaleId chosen = m_chosen; // a reset of the model moves the current row
    m_model->setRows(std::move(rows));
    m_chosen = chosen;
    if (m_model->rowCount() == 0) return;
    const int row = qMax(0, m_model->rowOf(m_chosen));
    m_chosen = m_model->at(row).id;
    m_list->setCurrentIndex(m_model->index(row));
    loadDetail();
}

void SalesView::choose(SaleId sale) {
    if (sale == m_chosen) return;
    m_chosen = sale;
    loadDetail();
}

void SalesView::loadDetail() {
    if (!m_chosen) return;
    const auto show = [this, asked = m_chosen](const api::SaleDetail& detail) {
        if (asked != m_chosen) return; // an older question's answer is not shown
        m_page->setSale(detail);
        // What a person is to do stands at the top, wherever the page was when it became their turn.
        const std::tuple turn(detail.row.id, detail.row.state, detail.row.needsMe);
        if (detail.row.needsMe && turn != m_turn) m_pageArea->verticalScrollBar()->setValue(0);
        m_turn = turn;
    };
    session().sale(m_chosen, ask(this, m_page->banner(), show));
}

} // namespace tallylock::ui
