// What I own, newest first.
#pragma once

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/RowModel.h"
#include "ui/kit/Widgets.h"

#include <QCoreApplication>

#include <map>

namespace tallylock::ui {

QString libraryStateText(const api::LibraryRow& row);
Badge::Tone libraryStateTone(const api::LibraryRow& row);

/// What the delegate paints; LibraryModel::kCardRole.
struct LibraryCard {
    QString name;
    QString about;
    QString state;
    Badge::Tone tone = Badge::Tone::Muted;
    const PreviewFace* face = nullptr; ///< owned by the model
};

class LibraryModel : public RowModel<api::LibraryRow, SaleId> {
    Q_DECLARE_TR_FUNCTIONS(LibraryModel)

public:
    enum Role { kCardRole = Qt::UserRole };

    using RowModel::RowModel;
    int columnCount(const QModelIndex& = {}) const override { return 1; }
    QVariant data(const QModelIndex& index, int role) const override;
    /// Newest first.
    void setLibrary(std::vector<api::LibraryRow> rows);

    const PreviewFace& faceOf(const api::LibraryRow& row) const;

protected:
    SaleId keyOf(const api::LibraryRow& row) const override { return row.sale; }

private:
    mutable std::map<SaleId, PreviewFace> m_faces;
};

} // namespace tallylock::ui

Q_DECLARE_METATYPE(tallylock::ui::LibraryCard)
