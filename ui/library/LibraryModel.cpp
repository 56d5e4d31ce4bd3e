#include "ui/library/LibraryModel.h"

#include "ui/kit/TimeText.h"

namespace tallylock::ui {

/// The key is there, and the file need not be.
static bool isOwnedElsewhere(const api::LibraryRow& row) {
    return row.delivery == api::DeliveryKind::OwnershipOnly && row.state == api::LibraryState::Unlockable;
}

QString libraryStateText(const api::LibraryRow& row) {
    if (isOwnedElsewhere(row)) return LibraryModel::tr("Yours, kept elsewhere");
    switch (row.state) {
    case api::LibraryState::OnItsWay: return LibraryModel::tr("On its way");
    case api::LibraryState::Unlockable: return LibraryModel::tr("Ready to unlock");
    case api::LibraryState::Unlocked: return LibraryModel::tr("Unlocked");
    case api::LibraryState::kCount: break;
    }
    return {};
}

Badge::Tone libraryStateTone(const api::LibraryRow& row) {
    if (isOwnedElsewhere(row)) return Badge::Tone::Good; // nothing is to be done
    switch (row.state) {
    case api::LibraryState::Unlockable: return Badge::Tone::Warn;
    case api::LibraryState::Unlocked: return Badge::Tone::Good;
    default: return Badge::Tone::Muted;
    }
}

void LibraryModel::setLibrary(std::vector<api::LibraryRow> rows) {
    std::stable_sort(rows.begin(), rows.end(), [](const api::LibraryRow& a, const api::LibraryRow& b) {
        return std::pair(b.boughtMs, b.sale) < std::pair(a.boughtMs, a.sale);
    });
    setRows(std::move(rows));
}

const PreviewFace& LibraryModel::faceOf(const api::LibraryRow& row) const {
    auto it = m_faces.find(row.sale);
    if (it == m_faces.end())
        it = m_faces.emplace(row.sale, PreviewFace::of(row.preview, plainLine(row.name), plainLine(row.mediaType)))
                 .first;
    return it->second;
}

QVariant LibraryModel::data(const QModelIndex& index, int role) const {
    const api::LibraryRow* row = at(index);
    if (!row) return {};
    switch (role) {
    case Qt::DisplayRole: return plainLine(row->name);
    case Qt::AccessibleTextRole: return tr("%1, %2").arg(plainLine(row->name), libraryStateText(*row));
    case kCardRole:
        return QVariant::fromValue(LibraryCard{plainLine(row->name),
                                               tr("%1 · %2").arg(sizeText(row->sizeBytes), momentText(row->boughtMs)),
                                               libraryStateText(*row), libraryStateTone(*row), &faceOf(*row)});
    default: return {};
    }
}

} // namespace tallylock::ui
