#pragma once

#include "core/api/Rows.h"

#include <QAbstractListModel>

#include <vector>

namespace tallylock::ui {

/// This person's sales: what needs them first, then what is under way, then what has ended; newest first.
class SaleListModel : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    void setRows(std::vector<api::SaleRow> rows);
    const api::SaleRow& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /// -1: not there.
    int rowOf(SaleId sale) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    /// The text is what a screen reader says; SaleDelegate paints from at().
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<api::SaleRow> m_rows;
};

} // namespace tallylock::ui
