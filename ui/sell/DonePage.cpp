#include "ui/sell/DonePage.h"

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Widgets.h"

#include <QVBoxLayout>

namespace tallylock::ui {

DonePage::DonePage(Context& context, SellForm& form, QWidget* parent)
    : SellPage(context, form, parent),
      m_icon(new QLabel),
      m_name(new PlainLabel),
      m_open(new PrimaryButton(tr("View the listing"))) {
    m_icon->setAlignment(Qt::AlignCenter);
    m_name->setAlignment(Qt::AlignCenter);
    setHeadingFont(m_name, 1.35, true);
    auto* text = plainText(tr("Offers show up under Sales, where you accept or reject them."), Rank::Muted);
    text->setAlignment(Qt::AlignCenter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    layout->addStretch(1);
    layout->addWidget(m_icon);
    layout->addWidget(m_name);
    layout->addWidget(text);
    layout->addSpacing(space::kSmall);
    layout->addWidget(m_open, 0, Qt::AlignHCenter);
    layout->addStretch(2);
    connect(m_open, &QPushButton::clicked, this, [this] { this->context().openListing(this->form().published); });
}

void DonePage::enter() {
    m_icon->setPixmap(iconPixmap(QStringLiteral("check"), 56, tintsOf(palette()).good, devicePixelRatioF()));
    m_name->setText(tr("“%1” is on offer").arg(plainLine(form().sealed ? form().sealed->name : std::string())));
}

QWidget* DonePage::firstField() { return m_open; }

} // namespace tallylock::ui
