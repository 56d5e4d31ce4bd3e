#include "ui/home/BalancesCard.h"

#include "ui/kit/View.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace tallylock::ui {

namespace {

bool hasAnything(const api::BalanceRow& row) {
    return !row.available.isZero() || !row.held.isZero() || !row.pending.isZero();
}

/// Digits after the point that the column needs so that no row is cut.
int fractionOf(const QString& text) {
    const qsizetype point = text.lastIndexOf(QLocale().decimalPoint());
    return point < 0 ? 0 : static_cast<int>(text.size() - point - 1);
}

} // namespace

BalancesCard::BalancesCard(Context& context, QWidget* parent) : Card(parent), m_context(context) {
    setAccessibleName(tr("Balances"));
    auto* top = new QHBoxLayout;
    top->addWidget(sectionHeading(tr("Balances"), this));
    top->addStretch(1);
    auto* funds = new QPushButton(tr("Open &funds"), this);
    funds->setAccessibleName(tr("Open funds"));
    funds->setAutoDefault(false);
    connect(funds, &QPushButton::clicked, this, [this] { m_context.openFunds(); });
    top->addWidget(funds);
    body()->addLayout(top);
}

void BalancesCard::addCell(int row, int column, const QString& text, Rank rank, Qt::Alignment alignment) {
    QLabel* label = plainText(text, rank, m_table);
    label->setWordWrap(false);
    m_grid->addWidget(label, row, column, alignment);
}

void BalancesCard::setRows(const std::vector<api::BalanceRow>& rows) {
    delete m_table;
    m_table = new QWidget(this);
    m_grid = new QGridLayout(m_table);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::kPage);
    m_grid->setVerticalSpacing(space::kSmall);
    body()->addWidget(m_table);

    std::vector<api::BalanceRow> shown;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(shown), hasAnything);
    if (shown.empty()) return addCell(0, 0, tr("No money yet."), Rank::Muted, Qt::AlignLeft);

    const Units& units = m_context.units();
    int fraction = 0;
    bool anyPending = false;
    for (const auto& row : shown) {
        for (const auto& amount : {row.available, row.held, row.pending})
            fraction = qMax(fraction, fractionOf(units.number(amount)));
        anyPending = anyPending || !row.pending.isZero();
    }
    const auto number = Qt::AlignRight | Qt::AlignVCenter;
    addCell(0, 1, tr("Available"), Rank::Muted, number);
    addCell(0, 2, tr("Held"), Rank::Muted, number);
    if (anyPending) addCell(0, 3, tr("On its way"), Rank::Muted, number);
    int line = 0;
    for (const auto& row : shown) {
        ++line;
        addCell(line, 0, units.code(row.unit), Rank::Normal, Qt::AlignLeft | Qt::AlignVCenter);
        addCell(line, 1, units.column(row.available, fraction), Rank::Normal, number);
        addCell(line, 2, units.column(row.held, fraction), Rank::Normal, number);
        if (anyPending) addCell(line, 3, units.column(row.pending, fraction), Rank::Normal, number);
    }
    m_grid->setColumnStretch(4, 1);
}

} // namespace tallylock::ui
