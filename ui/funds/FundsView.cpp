#include "ui/funds/FundsView.h"

#include "ui/funds/AddressBook.h"
#include "ui/funds/DepositPanel.h"
#include "ui/funds/FundsModels.h"
#include "ui/funds/StatementPanel.h"
#include "ui/funds/WithdrawPanel.h"
#include "ui/kit/Ask.h"
#include "ui/kit/HistoryText.h"
#include "ui/kit/PayoutsPanel.h"
#include "ui/kit/Table.h"
#include "ui/kit/Widgets.h"

#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace tallylock::ui {

FundsView::FundsView(Context& context, QWidget* parent)
    : View(context, parent),
      m_balances(new BalanceModel(context.units(), this)),
      m_incoming(new IncomingModel(context.units(), this)),
      m_banner(new Banner),
      m_balanceTable(new Table(tr("Balances"))),
      m_owed(plainText({}, Rank::Muted)),
      m_incomingTable(new Table(tr("Deposits"))),
      m_deposit(new DepositPanel(context)),
      m_withdraw(new WithdrawPanel(context)),
      m_statement(new StatementPanel(context, m_banner)),
      m_payouts(new PayoutsPanel(PayoutsPanel::Which::All, context, m_banner)),
      m_book(new AddressBook(context, m_banner)),
      m_lower(new QTabWidget) {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(space::kPage, space::kTiny, space::kPage, space::kPage);
    layout->setSpacing(space::kMedium);
    layout->addWidget(m_banner);
    layout->addWidget(makeUpper());
    layout->addWidget(makeLower(), 1);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scrolledPage(page, QWIDGETSIZE_MAX)); // a small window has no room for all of it

    connect(m_balanceTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FundsView::showUnit);
    connect(m_deposit, &DepositPanel::sent, this, &FundsView::refresh);
    connect(m_withdraw, &WithdrawPanel::requested, this, &FundsView::refresh);
    connect(m_payouts, &PayoutsPanel::changed, this, &FundsView::refresh);
    connect(m_book, &AddressBook::changed, this, &FundsView::loadPayouts);
    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (!isVisible()) return; // it asks again when it is shown
        if (topic == api::Topic::Balances || topic == api::Topic::Account) refresh();
        if (topic == api::Topic::History) loadOwed();
    });
    refresh();
}

QWidget* FundsView::makeUpper() {
    m_balanceTable->setModel(m_balances);
    m_balanceTable->setStretchColumn(BalanceModel::kUnit);
    m_balanceTable->setPlaceholder(tr("No money yet. Deposit some."));
    auto* upper = new QWidget;
    auto* balances = new QVBoxLayout;
    balances->setSpacing(space::kSmall);
    balances->addWidget(sectionHeading(tr("Balances")));
    balances->addWidget(m_balanceTable, 1);
    m_owed->setWordWrap(true);
    m_owed->setAccessibleName(tr("What the coordinator owes"));
    balances->addWidget(m_owed);
    auto* row = new QHBoxLayout(upper);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kLarge);
    row->addLayout(balances, 1);
    auto* inAndOut = new QTabWidget;
    inAndOut->setDocumentMode(true);
    inAndOut->setAccessibleName(tr("Deposit or pay out"));
    for (const auto& [panel, title] : {std::pair(static_cast<QWidget*>(m_deposit), tr("Deposit")),
                                       std::pair(static_cast<QWidget*>(m_withdraw), tr("Pay out"))}) {
        panel->layout()->setContentsMargins(0, space::kMedium, 0, 0);
        inAndOut->addTab(panel, title);
    }
    auto* card = new Card;
    card->setFixedWidth(360);
    card->body()->addWidget(inAndOut);
    row->addWidget(card);
    return upper;
}

QWidget* FundsView::makeLower() {
    m_incomingTable->setModel(m_incoming);
    m_incomingTable->setStretchColumn(IncomingModel::kIdentifier);
    m_incomingTable->setPlaceholder(tr("Nothing has come in yet."));
    auto* incoming = new QWidget;
    auto* layout = new QVBoxLayout(incoming);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->addWidget(m_incomingTable);
    m_lower->setDocumentMode(true);
    m_lower->setAccessibleName(tr("Statement, deposits and payouts"));
    m_lower->addTab(m_statement, tr("Statement"));
    m_lower->addTab(incoming, tr("Deposits"));
    m_lower->addTab(m_payouts, tr("Payouts"));
    m_lower->addTab(m_book, tr("Address book"));
    return m_lower;
}

api::UnitId FundsView::unit() const {
    const api::BalanceRow* row = m_balances->at(m_balanceTable->currentIndex());
    return row ? row->unit : api::UnitId{};
}

void FundsView::shown() {
    m_banner->clear();
    refresh();
}

void FundsView::refresh() {
    m_withdraw->refresh();
    loadPayouts();
    loadOwed();
    m_statement->refresh();
    session().treasury().deposits(
        ask(this, m_banner, [this](std::vector<api::IncomingRow> rows) { m_incoming->setDeposits(std::move(rows)); }));
    if (!m_traded.empty()) {
        loadBalances();
        return;
    }
    session().instruments(ask(this, m_banner, [this](const std::vector<api::InstrumentRow>& rows) {
        for (const api::InstrumentRow& row : rows) m_traded.insert({row.base, row.quote});
        loadBalances();
    }));
}

void FundsView::loadOwed() {
    session().historyCheck(ask(this, m_banner, [this](const api::HistoryCheckRow& row) {
        m_owed->setText(owedText(row, context().units()));
        m_owed->setVisible(!m_owed->text().isEmpty());
    }));
}

void FundsView::loadPayouts() {
    m_payouts->refresh();
    session().treasury().payoutAddresses(ask(this, m_banner, [this](std::vector<api::PayoutAddressRow> rows) {
        m_addresses = std::move(rows);
        m_book->setAddresses(m_addresses);
        m_withdraw->setAddresses(m_addresses);
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
            showAvailable();
    }));
}

void FundsView::showUnit() {
    if (!unit()) return;
    m_deposit->setUnit(unit());
    m_withdraw->setUnit(unit());
    m_withdraw->setAddresses(m_addresses);
    m_book->setUnit(unit());
    m_statement->setUnit(unit());
    m_lower->setTabText(0, tr("Statement of %1").arg(units().code(unit())));
    showAvailable();
}

void FundsView::showAvailable() {
    for (const api::BalanceRow& row : m_balances->rows())
        if (row.unit == unit()) m_withdraw->setAvailable(row.available);
}

} // namespace tallylock::ui
