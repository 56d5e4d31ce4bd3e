// Fields under each other with their labels beside them, in the middle of the row.
#pragma once

#include <QGridLayout>
#include <QLabel>

namespace tallylock::ui {

class FormGrid : public QGridLayout {
public:
    FormGrid() { setColumnStretch(1, 1); }

    /// `label` is the field's, with its shortcut; it is hidden with the field by setRowVisible.
    void addRow(const QString& label, QWidget* field) {
        auto* text = new QLabel(label);
        text->setBuddy(field);
        const int row = rowCount();
        addWidget(text, row, 0);
        addWidget(field, row, 1);
    }
    /// Across both columns.
    void addRow(QWidget* wide) { addWidget(wide, rowCount(), 0, 1, 2); }

    void setRowVisible(QWidget* field, bool visible) {
        field->setVisible(visible);
        for (int row = 0; row < rowCount(); ++row) {
            const QLayoutItem* label = itemAtPosition(row, 0);
            const QLayoutItem* beside = itemAtPosition(row, 1);
            if (label && beside && beside->widget() == field && label->widget() != field)
                label->widget()->setVisible(visible);
        }
    }
};

} // namespace tallylock::ui
