// Balances, what came in, what goes out and where to, and the statement.
#pragma once

#include "core/api/Treasury.h"
#include "ui/kit/View.h"

#include <set>

class QLabel;
class QTabWidget;

namespace tallylock::ui {

class AddressBook;
class BalanceModel;
class Banner;
class DepositPanel;
class IncomingModel;
class PayoutsPanel;
class StatementPanel;
class Table;
class WithdrawPanel;

class FundsView : public View {
    Q_OBJECT

public:
    explicit FundsView(Context& context, QWidget* parent = nullptr);

    Place place() const override { return Place::Funds; }
    QString title() const override { return tr("Funds"); }
    QString iconName() const override { return QStringLiteral("funds"); }
    void shown() override;

private:
    QWidget* makeUpper();
    QWidget* makeLower();
    void refresh();
    void loadBalances();
    void loadPayouts();
    void loadOwed();
    void showUnit();
    void showAvailable();
    api::UnitId unit() const;

    std::set<api::UnitId> m_traded; ///< units that a market here uses; the others show up only with money
    std::vector<api::PayoutAddressRow> m_addresses;
    BalanceModel* m_balances;
    IncomingModel* m_incoming;
    Banner* m_banner;
    Table* m_balanceTable;
    QLabel* m_owed; ///< what the coordinator said it owed
    Table* m_incomingTable;
    DepositPanel* m_deposit;
    WithdrawPanel* m_withdraw;
    StatementPanel* m_statement;
    PayoutsPanel* m_payouts;
    AddressBook* m_book;
    QTabWidget* m_lower;
};

} // namespace tallylock::ui
