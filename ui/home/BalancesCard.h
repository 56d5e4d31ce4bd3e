#pragma once

#include "core/api/Rows.h"
#include "ui/kit/Widgets.h"

#include <vector>

class QGridLayout;

namespace tallylock::ui {

class Context;

/// What the profile has of each unit, available and held, with the points under each other.
class BalancesCard : public Card {
    Q_OBJECT
public:
    explicit BalancesCard(Context& context, QWidget* parent = nullptr);
    void setRows(const std::vector<api::BalanceRow>& rows);

private:
    void addCell(int row, int column, const QString& text, Rank rank, Qt::Alignment alignment);

    Context& m_context;
    QWidget* m_table = nullptr;
    QGridLayout* m_grid = nullptr;
};

} // namespace tallylock::ui
