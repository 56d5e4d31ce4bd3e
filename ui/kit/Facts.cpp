#include "ui/kit/Facts.h"

#include "ui/kit/Widgets.h"

#include <QGridLayout>

namespace tallylock::ui {

Facts::Facts(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::kLarge);
    m_grid->setVerticalSpacing(space::kSmall);
    m_grid->setColumnStretch(1, 1);
}

void Facts::add(const QString& label, const QString& value) {
    QLabel* text = plainText(value);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setAccessibleName(label);
    addRow(label, text);
}

void Facts::addCode(const QString& label, const QString& value) {
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kSmall);
    auto* code = new PlainLabel(value);
    code->setFont(monospaceFont());
    code->setElideMode(Qt::ElideMiddle);
    code->setAccessibleDescription(label);
    auto* copy = new CopyButton(tr("Copy: %1").arg(label));
    copy->setValue(value);
    row->addWidget(code, 1);
    row->addWidget(copy);
    addRow(label, box);
}

void Facts::addRow(const QString& label, QWidget* value) {
    QLabel* name = plainText(label, Rank::Muted);
    name->setWordWrap(false);
    name->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    m_grid->addWidget(name, m_row, 0,
                      value->layout() ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignTop);
    m_grid->addWidget(value, m_row, 1);
    ++m_row;
}

void Facts::clear() {
    while (QLayoutItem* item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_row = 0;
}

} // namespace tallylock::ui
