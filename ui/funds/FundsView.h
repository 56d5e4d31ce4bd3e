// Balances, deposits and the statement.
#pragma once

#include "ui/kit/View.h"

#include <set>

class QLabel;

namespace tallylock::ui {

class Banner;
class BalanceModel;
class DepositPanel;
class StatementModel;
class Table;

class FundsView : public View {
    Q_OBJECT

public:
    explicit FundsView(Context& context, QWidget* parent = nullptr);

    Place place() const override { return Place::Funds; }
    QString title() const override { return tr("Funds"); }
    QString iconName() const override { return QStringLiteral("funds"); }
    void shown() override { refresh(); }

private:
    void refresh();
    void loadBalances();
    void loadStatement();
    void showUnit();
    api::UnitId unit() const;

    std::set<api::UnitId> m_traded; ///< units that a market here uses; the others show up only with money
    BalanceModel* m_balances;
    StatementModel* m_statement;
    Banner* m_banner;
    Table* m_balanceTable;
    Table* m_statementTable;
    QLabel* m_statementHeading;
    DepositPanel* m_deposit;
};

} // namespace tallylock::ui
