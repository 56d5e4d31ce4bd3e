#pragma once

#include "core/api/Rows.h"
#include "ui/kit/Widgets.h"

#include <vector>

namespace tallylock::ui {

class Context;

/// A card of sales, one line each: what it is, what comes next, how long there is, and a button that goes there.
class SaleLines : public Card {
    Q_OBJECT
public:
    SaleLines(const QString& heading, Context& context, QWidget* parent = nullptr);
    void setEmptyText(const QString& text);
    void setRows(const std::vector<api::SaleRow>& rows);

private:
    QWidget* line(const api::SaleRow& row);

    Context& m_context;
    QLabel* m_empty;
    QVBoxLayout* m_lines;
};

} // namespace tallylock::ui
