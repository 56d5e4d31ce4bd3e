// Paints a listing as a card: preview, name, seller, price, and whether it is one's own or taken.
#pragma once

#include "ui/kit/PreviewPicture.h"

#include <QStyledItemDelegate>

namespace tallylock::ui {

/// What the card says; ListingModel::kCardRole.
struct ListingCard {
    QString name;
    QString seller;
    QString price;
    QString badge; ///< "Yours", "Taken" or empty
    bool available = true;
    const PreviewFace* face = nullptr; ///< owned by the model
};

class ListingDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    static int heightFor(const QFontMetrics& metrics);
};

} // namespace tallylock::ui

Q_DECLARE_METATYPE(tallylock::ui::ListingCard)
