// A table model over plain row structs.
//
// setRows compares the new rows with the old by key and tells the view only what was inserted, moved, changed or
// removed, so that selection and scroll position survive a refresh. GUI thread only.
#pragma once

#include <QAbstractTableModel>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace tallylock::ui {

template <class Row, class Key>
class RowModel : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }

    const std::vector<Row>& rows() const { return m_rows; }
    /// Null for an index of none.
    const Row* at(const QModelIndex& index) const {
        return index.isValid() && index.row() < rowCount() ? &m_rows[static_cast<std::size_t>(index.row())] : nullptr;
    }
    /// -1 if there is none.
    int rowOf(const Key& key) const {
        const auto it = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& r) { return keyOf(r) == key; });
        return it == m_rows.end() ? -1 : static_cast<int>(it - m_rows.begin());
    }

    void setRows(std::vector<Row> fresh) {
        removeVanished(fresh);
        for (std::size_t i = 0; i < fresh.size(); ++i) place(i, std::move(fresh[i]));
        const int from = static_cast<int>(fresh.size());
        if (from < rowCount()) removeSpan(from, rowCount() - 1); // only where a key came twice
        if (!m_rows.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }

protected:
    virtual Key keyOf(const Row& row) const = 0;

private:
    void removeVanished(const std::vector<Row>& fresh) {
        std::set<Key> kept;
        for (const Row& row : fresh) kept.insert(keyOf(row));
        for (int last = rowCount() - 1; last >= 0; --last) {
            if (kept.count(keyOf(m_rows[static_cast<std::size_t>(last)])) != 0) continue;
            int first = last;
            while (first > 0 && kept.count(keyOf(m_rows[static_cast<std::size_t>(first - 1)])) == 0) --first;
            removeSpan(first, last);
            last = first;
        }
    }

    void removeSpan(int first, int last) {
        beginRemoveRows({}, first, last);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        endRemoveRows();
    }

    void place(std::size_t at, Row row) {
        const Key key = keyOf(row);
        if (at < m_rows.size() && keyOf(m_rows[at]) == key) {
            m_rows[at] = std::move(row);
            return;
        }
        const auto begin = m_rows.begin();
        const auto target = begin + static_cast<std::ptrdiff_t>(at);
        const auto found = std::find_if(target, m_rows.end(), [&](const Row& r) { return keyOf(r) == key; });
        const int to = static_cast<int>(at);
        if (found == m_rows.end()) {
            beginInsertRows({}, to, to);
            m_rows.insert(target, std::move(row));
            endInsertRows();
            return;
        }
        const int source = static_cast<int>(found - begin);
        beginMoveRows({}, source, source, {}, to);
        std::rotate(target, found, found + 1);
        m_rows[at] = std::move(row);
        endMoveRows();
    }

    std::vector<Row> m_rows;
};

} // namespace tallylock::ui
