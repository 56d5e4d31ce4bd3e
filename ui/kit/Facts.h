// Facts about a thing, one a row: a muted label and a value that can be selected.
#pragma once

#include <QWidget>

class QGridLayout;

namespace tallylock::ui {

class Facts : public QWidget {
    Q_OBJECT

public:
    explicit Facts(QWidget* parent = nullptr);

    /// Plain wrapped text.
    void add(const QString& label, const QString& value);
    /// A hash, key or address: elided in the middle, with a button that copies all of it.
    void addCode(const QString& label, const QString& value);
    void clear();

private:
    void addRow(const QString& label, QWidget* value);

    QGridLayout* m_grid;
    int m_row = 0;
};

} // namespace tallylock::ui
