// Tables that look and behave alike in all views.
#pragma once

#include <QTableView>

namespace tallylock::ui {

/// Whole rows, one at a time, no grid, no row numbers, sorted by clicking if the model is a sort proxy. Return or a
/// double click activates. `name` is the accessible name.
class Table : public QTableView {
    Q_OBJECT
public:
    explicit Table(const QString& name, QWidget* parent = nullptr);
    void setModel(QAbstractItemModel* model) override;
    /// The column that takes the room that is left; the others are as wide as their contents.
    void setStretchColumn(int column);
    /// Shown instead of rows while there are none.
    void setPlaceholder(const QString& text);
    int selectedRow() const; ///< of the model that was set; -1: none

protected:
    void paintEvent(QPaintEvent* event) override;
    /// Where the chosen row goes nothing is chosen: what was meant for it must not hit its neighbour.
    void rowsAboutToBeRemoved(const QModelIndex& parent, int first, int last) override;

private:
    void layOutColumns();
    QString m_placeholder;
    int m_stretch = 0;
};

} // namespace tallylock::ui
