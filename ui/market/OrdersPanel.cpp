#include "ui/market/OrdersPanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/HoldButton.h"
#include "ui/kit/Table.h"
#include "ui/kit/Theme.h"
#include "ui/market/ChangeOrder.h"
#include "ui/market/MarketModels.h"

#include <QHeaderView>
#include <QShortcut>
#include <QTabWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

OrdersPanel::OrdersPanel(Context& context, Banner* banner, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_banner(banner),
      m_liveRows(new OrderModel(OrderModel::Which::Live, context.units(), this)),
      m_overRows(new OrderModel(OrderModel::Which::Over, context.units(), this)),
      m_fillRows(new FillModel(context.units(), this)),
      m_orders(new Table(tr("My open orders"))),
      m_over(new Table(tr("My past orders"))),
      m_fills(new Table(tr("My fills"))),
      m_tabs(new QTabWidget),
      m_change(new QPushButton(tr("C&hange order…"))),
      m_cancel(new QPushButton(tr("&Cancel order"))),
      m_cancelAll(new HoldButton(tr("Hold to cancel &all"))) {
    const auto fill = [this](Table* table, QAbstractItemModel* model, int stretch, const QString& placeholder) {
        table->setModel(model);
        table->setStretchColumn(stretch);
        table->setPlaceholder(placeholder);
        table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + space::kSmall); // dense
    };
    fill(m_orders, m_liveRows, OrderModel::kState, tr("You have no open orders."));
    fill(m_over, m_overRows, OrderModel::kState, tr("No order of yours is over yet."));
    fill(m_fills, m_fillRows, FillModel::kParties, tr("Nothing has been bought or sold yet."));
    // So many columns have no room beside the ladder: what is open has its average in the tip.
    m_orders->setColumnHidden(OrderModel::kAverage, true);
    m_over->setColumnHidden(OrderModel::kStop, true);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("My orders and fills"));
    m_tabs->addTab(makeOpen(), tr("Open orders"));
    for (const auto& [table, title] : {std::pair(m_over, tr("Past orders")), std::pair(m_fills, tr("Fills"))}) {
        auto* page = new QWidget;
        auto* layout = new QVBoxLayout(page);
        layout->setContentsMargins(0, space::kSmall, 0, 0);
        layout->addWidget(table);
        m_tabs->addTab(page, title);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);
}

QWidget* OrdersPanel::makeOpen() {
    m_change->setAutoDefault(false);
    m_cancel->setAutoDefault(false);
    m_cancelAll->setAccessibleName(tr("Cancel all orders"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_cancelAll);
    buttons->addStretch();
    buttons->addWidget(m_change);
    buttons->addWidget(m_cancel);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_orders, 1);
    layout->addLayout(buttons);
    showButtons();

    connect(m_orders->selectionModel(), &QItemSelectionModel::selectionChanged, this, &OrdersPanel::showButtons);
    connect(m_orders, &QTableView::activated, this, &OrdersPanel::change);
    connect(m_change, &QPushButton::clicked, this, &OrdersPanel::change);
    connect(m_cancel, &QPushButton::clicked, this, &OrdersPanel::cancelSelected);
    connect(m_cancelAll, &HoldButton::held, this, &OrdersPanel::cancelAll);
    auto* erase = new QShortcut(QKeySequence::Delete, m_orders);
    erase->setContext(Qt::WidgetShortcut);
    erase->setAutoRepeat(false); // one press, one order
    connect(erase, &QShortcut::activated, this, &OrdersPanel::cancelSelected);
    return page;
}

void OrdersPanel::setInstrument(const api::InstrumentRow& instrument) {
    m_instrument = instrument;
    showButtons();
}

void OrdersPanel::setOrders(const std::vector<api::OrderRow>& orders) {
    m_liveRows->setOrders(m_instrument, orders);
    m_overRows->setOrders(m_instrument, orders);
    showButtons();
}

void OrdersPanel::setFills(std::vector<api::InstructionRow> fills) {
    m_fillRows->setFills(m_instrument, std::move(fills));
}

const std::vector<api::OrderRow>& OrdersPanel::live() const { return m_liveRows->rows(); }

void OrdersPanel::showButtons() {
    const bool selected = m_orders->selectedRow() >= 0;
    m_change->setEnabled(selected && !m_instrument.halted);
    m_cancel->setEnabled(selected);
    m_cancelAll->setEnabled(!live().empty());
}

void OrdersPanel::change() {
    const int row = m_orders->selectedRow();
    if (row < 0 || m_instrument.halted) return;
    auto* dialog = new ChangeOrder(m_context, m_instrument, live()[static_cast<std::size_t>(row)], this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ChangeOrder::changed, this, [this] {
        m_banner->succeed(tr("The order was changed."));
        emit changed();
    });
    dialog->open();
}

void OrdersPanel::cancelSelected() {
    const int row = m_orders->selectedRow();
    if (row < 0) return;
    m_cancel->setEnabled(false);
    m_context.session().cancelOrder(live()[static_cast<std::size_t>(row)].id,
                                    ask(
                                        this, m_banner, [this] { emit changed(); }, [this] { showButtons(); }));
}

void OrdersPanel::cancelAll() {
    m_context.session().cancelAllOrders(
        m_instrument.id, ask(this, m_banner, [this](std::uint64_t count) {
            m_banner->succeed(
                tr("%n order(s) cancelled.", nullptr, static_cast<int>(std::min<std::uint64_t>(count, 1u << 30))));
            emit changed();
        }));
}

} // namespace tallylock::ui
