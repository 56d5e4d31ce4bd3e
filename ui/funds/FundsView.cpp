#include "ui/funds/FundsView.h"

#include "ui/funds/DepositPanel.h"
#include "ui/funds/FundsModels.h"
#include "ui/kit/Ask.h"
#include "ui/kit/Table.h"
#include "ui/kit/Widgets.h"

#include <QVBoxLayout>

#include <algorithm>

namespace tallylock::ui {

constexpr std::uint32_t kStatementRows = 500;

FundsView::FundsView(Context& context, QWidget* parent)
    : View(context, parent),
      m_balances(new BalanceModel(context.units(), this)),
      m_statement(new StatementModel(context.units(), this)),
      m_banner(new Banner),
      m_balanceTable(new Table(tr("Balances"))),
      m_statementTable(new Table(tr("Statement"))),
      m_statementHeading(sectionHeading(tr("Statement"))),
      m_deposit(new DepositPanel(context)) {
    m_balanceTable->setModel(m_balances);
    m_balanceTable->setStretchColumn(BalanceModel::kUnit);
    m_balanceTable->setPlaceholder(tr("No money yet. Deposit some."));
    m_statementTable->setModel(m_statement);
    m_statementTable->setStretchColumn(StatementModel::kReason);
    m_statementTable->setPlaceholder(tr("Nothing has moved in this unit yet."));

    auto* balances = new QVBoxLayout;
    balances->setSpacing(space::kSmall);
    balances->addWidget(sectionHeading(tr("Balances")));
    balances->addWidget(m_balanceTable, 1);
    auto* card = new Card;
    card->setFixedWidth(340);
    card->body()->addWidget(m_deposit);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(space::kLarge);
    upper->addLayout(balances, 1);
    upper->addWidget(card);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kPage, space::kTiny, space::kPage, space::kPage);
    layout->setSpacing(space::kMedium);
    layout->addWidget(m_banner);
    layout->addLayout(upper);
    layout->addWidget(m_statementHeading);
    layout->addWidget(m_statementTable, 1);

    connect(m_balanceTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FundsView::showUnit);
    connect(m_deposit, &DepositPanel::sent, this, &FundsView::refresh);
    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (!isVisible()) return; // it asks again when it is shown
        if (topic == api::Topic::Balances || topic == api::Topic::Account) refresh();
    });
    refresh();
}

api::UnitId FundsView::unit() const {
    const api::BalanceRow* row = m_balances->at(m_balanceTable->currentIndex());
    return row ? row->unit : api::UnitId{};
}

void FundsView::refresh() {
    m_banner->clear();
    if (!m_traded.empty()) {
        loadBalances();
        return;
    }
    session().instruments(ask(this, m_banner, [this](std::vector<api::InstrumentRow> rows) {
        for (const api::InstrumentRow& row : rows) m_traded.insert({row.base, row.quote});
        loadBalances();
    }));
}

void FundsView::loadBalances() {
    session().balances(ask(this, m_banner, [this](std::vector<api::BalanceRow> rows) {
        const auto unused = [this](const api::BalanceRow& row) {
            return m_traded.count(row.unit) == 0 && row.available.isZero() && row.held.isZero() && row.pending.isZero();
        };
        rows.erase(std::remove_if(rows.begin(), rows.end(), unused), rows.end());
        for (const api::UnitId traded : m_traded) { // so that the first deposit has a row to start from
            const auto has = [traded](const api::BalanceRow& row) { return row.unit == traded; };
            if (std::none_of(rows.begin(), rows.end(), has))
                rows.push_back({traded, {0, traded}, {0, traded}, {0, traded}});
        }
        std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.unit < b.unit; });
        m_balances->setBalances(std::move(rows));
        m_deposit->retry();
        if (!m_balanceTable->currentIndex().isValid() && !m_balances->rows().empty())
            m_balanceTable->selectRow(0); // shows its unit
        else
            loadStatement();
    }));
}

void FundsView::showUnit() {
    if (!unit()) return;
    m_deposit->setUnit(unit());
    m_statementHeading->setText(tr("Statement of %1").arg(units().code(unit())));
    loadStatement();
}

void FundsView::loadStatement() {
    if (!unit()) return;
    session().statement(unit(), kStatementRows, 0,
                        ask(this, m_banner, [this, asked = unit()](std::vector<api::StatementRow> rows) {
                            if (asked == unit()) m_statement->setStatement(std::move(rows));
                        }));
}

} // namespace tallylock::ui
