#include "ui/shop/ListingGrid.h"

#include "ui/shop/ListingDelegate.h"

#include <QScrollBar>

namespace tallylock::ui {

ListingGrid::ListingGrid(QWidget* parent) : QListView(parent) {
    setViewMode(QListView::IconMode);
    setMovement(QListView::Static);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setItemDelegate(new ListingDelegate(this));
    viewport()->setAutoFillBackground(false); // the cards lie on the window
    setAccessibleName(tr("Listings"));
}

void ListingGrid::resizeEvent(QResizeEvent* event) {
    // Room for the scroll bar is always left, so that its coming and going does not move the cards.
    const int width = this->width() - verticalScrollBar()->sizeHint().width() - 2;
    const int columns = qMax(1, width / 216);
    setGridSize({width / columns, ListingDelegate::heightFor(fontMetrics())});
    QListView::resizeEvent(event);
}

} // namespace tallylock::ui
