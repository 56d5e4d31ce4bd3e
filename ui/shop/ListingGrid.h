// The grid of cards: as many columns as fit, filling the width.
#pragma once

#include <QListView>

namespace tallylock::ui {

class ListingGrid : public QListView {
    Q_OBJECT

public:
    explicit ListingGrid(QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;
};

} // namespace tallylock::ui
