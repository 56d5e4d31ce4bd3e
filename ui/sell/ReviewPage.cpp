#include "ui/sell/ReviewPage.h"

#include "ui/kit/Facts.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"

#include <QDir>
#include <QVBoxLayout>

namespace tallylock::ui {

ReviewPage::ReviewPage(Context& context, SellForm& form, QWidget* parent)
    : SellPage(context, form, parent),
      m_picture(new PreviewPicture),
      m_name(new PlainLabel),
      m_price(new QLabel),
      m_description(plainText()),
      m_facts(new Facts) {
    setHeadingFont(m_name, 1.35, true);
    m_name->setAccessibleDescription(tr("Name"));
    setHeadingFont(m_price, 1.2, true);
    m_price->setAccessibleName(tr("Price"));
    m_description->setAccessibleName(tr("Description"));
    m_picture->setMinimumHeight(240);
    auto* right = new QVBoxLayout;
    right->setSpacing(space::kMedium);
    right->addWidget(m_name);
    right->addWidget(m_price);
    right->addWidget(m_description);
    right->addWidget(m_facts);
    right->addStretch();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kPage);
    m_picture->setMaximumHeight(320);
    layout->addWidget(m_picture, 1, Qt::AlignTop);
    layout->addLayout(right, 1);
}

void ReviewPage::enter() {
    const SellForm& sale = form();
    m_picture->setFace(PreviewFace::of(sale.preview, sale.file.name, sale.file.mediaType));
    m_name->setText(sale.name);
    m_price->setText(context().units().text(sale.price));
    m_description->setText(sale.description);
    m_description->setVisible(!sale.description.isEmpty());
    m_facts->clear();
    m_facts->add(tr("File"), sale.file.name);
    m_facts->add(tr("Kind"), sale.file.mediaType);
    m_facts->add(tr("Size"), sizeText(sale.file.sizeBytes));
    m_facts->add(tr("Preview"), sale.preview.mediaType.empty()
                                    ? tr("none")
                                    : tr("%1, published as shown").arg(sizeText(sale.preview.bytes.size())));
    m_facts->add(tr("Tracking mark"), sale.mark ? markFormText(sale.file.markForm) : tr("none"));
    m_facts->add(tr("Encryption"), tr("On this computer, under a key that only you hold until you accept an offer"));
}

} // namespace tallylock::ui
