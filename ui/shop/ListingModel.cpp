#include "ui/shop/ListingModel.h"

#include "ui/kit/TimeText.h"
#include "ui/shop/ListingDelegate.h"

namespace tallylock::ui {

const PreviewFace& ListingModel::faceOf(const api::ListingRow& row) const {
    auto it = m_faces.find(row.id);
    if (it == m_faces.end())
        it = m_faces.emplace(row.id, PreviewFace::of(row.preview, plainLine(row.name), plainLine(row.mediaType))).first;
    return it->second;
}

QVariant ListingModel::data(const QModelIndex& index, int role) const {
    const api::ListingRow* row = at(index);
    if (!row) return {};
    const QString badge = row->mine ? tr("Yours") : row->available ? QString() : tr("Taken");
    switch (role) {
    case Qt::DisplayRole: return plainLine(row->name);
    case Qt::ToolTipRole: return plainLine(row->name).toHtmlEscaped();
    case Qt::AccessibleTextRole:
        return tr("%1, %2, from %3. %4")
            .arg(plainLine(row->name), m_units.text(row->price), plainLine(row->sellerName), badge);
    case kCardRole:
        return QVariant::fromValue(ListingCard{plainLine(row->name),
                                               tr("%1 · %2").arg(plainLine(row->sellerName), sizeText(row->sizeBytes)),
                                               m_units.text(row->price), badge, row->available, &faceOf(*row)});
    case kIdRole: return QVariant::fromValue(row->id.value);
    case kSearchRole:
        return QStringList{plainLine(row->name), plainLine(row->description), plainLine(row->sellerName),
                           plainLine(row->mediaType)}
            .join(QLatin1Char('\n'));
    default: return {};
    }
}

ListingFilter::ListingFilter(ListingModel* source) : QSortFilterProxyModel(source), m_listings(*source) {
    setSourceModel(source);
    setDynamicSortFilter(true);
    sort(0);
}

void ListingFilter::setSearch(const QString& text) {
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void ListingFilter::setOrder(ListingOrder order) {
    m_order = order;
    invalidate();
}

void ListingFilter::setHideTaken(bool hide) {
    m_hideTaken = hide;
    invalidateFilter();
}

const api::ListingRow* ListingFilter::at(const QModelIndex& index) const { return m_listings.at(mapToSource(index)); }

bool ListingFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const QModelIndex index = m_listings.index(row, 0, parent);
    const api::ListingRow* listing = m_listings.at(index);
    if (!listing || (m_hideTaken && !listing->available)) return false;
    const QString text = m_listings.data(index, ListingModel::kSearchRole).toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool ListingFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const api::ListingRow& a = *m_listings.at(left);
    const api::ListingRow& b = *m_listings.at(right);
    const auto newer = [&] { return std::pair(b.publishedMs, b.id) < std::pair(a.publishedMs, a.id); };
    switch (m_order) {
    case ListingOrder::PriceRising: return a.price.value != b.price.value ? a.price.value < b.price.value : newer();
    case ListingOrder::PriceFalling: return a.price.value != b.price.value ? a.price.value > b.price.value : newer();
    case ListingOrder::Name: {
        const int order = QString::localeAwareCompare(plainLine(a.name), plainLine(b.name));
        return order != 0 ? order < 0 : newer();
    }
    case ListingOrder::Newest: break;
    }
    return newer();
}

} // namespace tallylock::ui
