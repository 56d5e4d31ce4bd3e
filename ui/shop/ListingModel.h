// The listings on offer, as cards.
#pragma once

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/RowModel.h"
#include "ui/kit/Units.h"

#include <QCoreApplication>
#include <QSortFilterProxyModel>

#include <map>

namespace tallylock::ui {

class ListingModel : public RowModel<api::ListingRow, ListingId> {
    Q_DECLARE_TR_FUNCTIONS(ListingModel)

public:
    enum Role { kCardRole = Qt::UserRole, kIdRole, kSearchRole };

    explicit ListingModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}
    int columnCount(const QModelIndex& = {}) const override { return 1; }
    QVariant data(const QModelIndex& index, int role) const override;

    const PreviewFace& faceOf(const api::ListingRow& row) const;

protected:
    ListingId keyOf(const api::ListingRow& row) const override { return row.id; }

private:
    const Units& m_units;
    // A listing's preview never changes, so it is decoded once, when it is first painted.
    mutable std::map<ListingId, PreviewFace> m_faces;
};

enum class ListingOrder { Newest, PriceRising, PriceFalling, Name };

/// Search, filter and order over a ListingModel.
class ListingFilter : public QSortFilterProxyModel {
public:
    explicit ListingFilter(ListingModel* source);
    void setSearch(const QString& text);
    void setOrder(ListingOrder order);
    void setHideTaken(bool hide);
    const api::ListingRow* at(const QModelIndex& index) const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    const ListingModel& m_listings;
    QStringList m_words;
    ListingOrder m_order = ListingOrder::Newest;
    bool m_hideTaken = false;
};

} // namespace tallylock::ui
