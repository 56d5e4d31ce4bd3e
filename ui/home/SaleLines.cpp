#include "ui/home/SaleLines.h"

#include "ui/kit/SaleText.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/View.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace tallylock::ui {

SaleLines::SaleLines(const QString& heading, Context& context, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_empty(plainText({}, Rank::Muted, this)),
      m_lines(new QVBoxLayout) {
    setAccessibleName(heading);
    m_lines->setSpacing(space::kMedium);
    body()->addWidget(sectionHeading(heading, this));
    body()->addWidget(m_empty);
    body()->addLayout(m_lines);
}

void SaleLines::setEmptyText(const QString& text) { m_empty->setText(text); }

void SaleLines::setRows(const std::vector<api::SaleRow>& rows) {
    // The keyboard stays on the line that it was on.
    const QWidget* focused = focusWidget();
    const QString focusedName = focused && focused->hasFocus() ? focused->accessibleName() : QString();
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const auto& row : rows) m_lines->addWidget(line(row));
    m_empty->setVisible(rows.empty());
    if (focusedName.isEmpty()) return;
    for (QPushButton* button : findChildren<QPushButton*>()) {
        if (button->accessibleName() == focusedName) button->setFocus();
    }
}

QWidget* SaleLines::line(const api::SaleRow& row) {
    auto* line = new QWidget(this);
    auto* across = new QHBoxLayout(line);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(space::kMedium);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    auto* name = new PlainLabel(saleTitle(row), Rank::Normal, line);
    setHeadingFont(name, 1.0, true);
    words->addWidget(name);
    words->addWidget(plainText(nextText(row), Rank::Muted, line));
    across->addLayout(words, 1);
    if (row.deadlineMs != 0) {
        auto* deadline =
            new Badge(deadlineText(row.deadlineMs), row.needsMe ? Badge::Tone::Warn : Badge::Tone::Muted, line);
        deadline->setToolTip(exactMomentText(row.deadlineMs));
        across->addWidget(deadline, 0, Qt::AlignVCenter);
    }
    QPushButton* open = row.needsMe ? new PrimaryButton(tr("Open sale"), line) : new QPushButton(tr("Open sale"), line);
    open->setAccessibleName(tr("Open sale %1").arg(saleTitle(row)));
    open->setAutoDefault(false);
    connect(open, &QPushButton::clicked, this, [this, id = row.id] { m_context.openSale(id); });
    across->addWidget(open, 0, Qt::AlignVCenter);
    return line;
}

} // namespace tallylock::ui
