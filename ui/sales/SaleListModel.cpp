#include "ui/sales/SaleListModel.h"

#include "ui/kit/SaleText.h"

#include <algorithm>
#include <tuple>

namespace tallylock::ui {

void SaleListModel::setRows(std::vector<api::SaleRow> rows) {
    const auto rank = [](const api::SaleRow& row) {
        return std::make_tuple(row.terminal, !row.needsMe, -row.changedMs, row.id.value);
    };
    std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    const bool sameOrder = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                      [](const auto& a, const auto& b) { return a.id == b.id; });
    if (sameOrder) {
        m_rows = std::move(rows);
        if (!m_rows.empty()) emit dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int SaleListModel::rowOf(SaleId sale) const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [sale](const auto& row) { return row.id == sale; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int SaleListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant SaleListModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const api::SaleRow& row = at(index.row());
    if (role == Qt::DisplayRole) return saleTitle(row);
    if (role == Qt::AccessibleDescriptionRole) return stateName(row);
    return {};
}

} // namespace tallylock::ui
