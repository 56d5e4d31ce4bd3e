#include "ui/shop/ListingPage.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Banner.h"
#include "ui/kit/Facts.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"
#include "ui/shop/OfferForm.h"

#include <QPointer>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace tallylock::ui {

ListingPage::ListingPage(Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_picture(new PreviewPicture),
      m_name(new PlainLabel),
      m_badge(new Badge),
      m_seller(new PlainLabel({}, Rank::Muted)),
      m_price(new QLabel),
      m_description(plainText()),
      m_facts(new Facts),
      m_closed(plainText({}, Rank::Muted)),
      m_form(new OfferForm(context)),
      m_another(new QPushButton(tr("Sell another copy"))),
      m_banner(new Banner) {
    auto* page = new QWidget;
    auto* columns = new QHBoxLayout(page);
    columns->setContentsMargins(space::kPage, space::kSmall, space::kPage, space::kPage);
    columns->setSpacing(space::kPage);
    columns->addWidget(makeLeft(), 1);
    columns->addWidget(makeRight(), 0, Qt::AlignTop);

    auto* back = new QPushButton(themeIcon(QStringLiteral("back")), tr("All listings"));
    back->setFlat(true);
    back->setAccessibleName(tr("Back to all listings"));
    back->setAutoDefault(false);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(space::kPage - space::kSmall, 0, space::kPage, 0);
    top->addWidget(back);
    top->addStretch();

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(scrolledPage(page, 1060), 1);

    connect(back, &QPushButton::clicked, this, &ListingPage::back);
    auto* escape = new QShortcut(Qt::Key_Escape, this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &ListingPage::back);
    connect(m_form, &OfferForm::offered, this, [this](quint64 sale) { m_context.openSale({sale}); });
}

QWidget* ListingPage::makeLeft() {
    auto* left = new QWidget;
    auto* layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kLarge);
    m_picture->setMinimumHeight(220);
    m_picture->setMaximumHeight(340);
    layout->addWidget(m_picture, 1);
    m_description->setAccessibleName(tr("Description"));
    m_description->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layout->addWidget(m_description);
    layout->addWidget(m_facts);
    layout->addStretch();
    return left;
}

QWidget* ListingPage::makeRight() {
    auto* card = new Card;
    card->setFixedWidth(320);
    QVBoxLayout* body = card->body();
    body->setSpacing(space::kSmall);
    setHeadingFont(m_name, 1.35, true);
    m_name->setAccessibleDescription(tr("Name"));
    setHeadingFont(m_price, 1.35, true);
    m_price->setAccessibleName(tr("Price"));
    m_seller->setAccessibleDescription(tr("Seller"));
    auto* priceLine = new QHBoxLayout;
    priceLine->addWidget(m_price);
    priceLine->addStretch();
    priceLine->addWidget(m_badge);
    body->addWidget(m_name);
    body->addWidget(m_seller);
    body->addLayout(priceLine);
    body->addSpacing(space::kSmall);
    body->addWidget(m_closed);
    body->addWidget(m_form);
    m_another->setAutoDefault(false);
    m_another->setToolTip(tr("Encrypts the file anew under a key of its own and lists it at the same price."));
    connect(m_another, &QPushButton::clicked, this, &ListingPage::sellAnother);
    body->addWidget(m_another);
    body->addWidget(m_banner);
    return card;
}

void ListingPage::showListing(const api::ListingRow& listing, const PreviewFace& face) {
    const QString key = QStringLiteral("%1/%2/%3").arg(listing.id.value).arg(listing.mine).arg(listing.available);
    if (key == m_shownAs) return;
    m_shownAs = key;
    if (m_listing != listing.id) m_banner->clear();
    m_listing = listing.id;
    m_asset = listing.assetId;
    m_another->setVisible(listing.mine && !listing.available);
    m_picture->setFace(face);
    m_name->setText(plainLine(listing.name));
    m_seller->setText(tr("by %1").arg(plainLine(listing.sellerName)));
    m_price->setText(m_context.units().text(listing.price));
    m_description->setText(plainParagraphs(listing.description));
    m_description->setVisible(!listing.description.empty());
    m_badge->setVisible(listing.mine || !listing.available);
    m_badge->setText(listing.mine ? tr("Yours") : tr("Taken"));
    m_badge->setTone(listing.mine ? Badge::Tone::Accent : Badge::Tone::Muted);
    m_closed->setVisible(listing.mine || !listing.available);
    m_closed->setText(!listing.available ? tr("This edition has entered a sale. It cannot be bought again.")
                                         : tr("This is your own listing. Offers on it show up under Sales."));
    m_form->setVisible(!listing.mine && listing.available);
    if (m_form->isVisibleTo(this)) m_form->setListing(listing);
    fillFacts(listing);
}

// Encrypts and publishes in one go: name, price and preview are those of the listing.
void ListingPage::sellAnother() {
    m_another->setEnabled(false);
    m_banner->tell(tr("Encrypting another copy…"));
    const auto progress = [banner = QPointer<Banner>(m_banner)](auto now) {
        if (banner && now.totalBytes != 0)
            banner->tell(tr("Encrypting another copy: %1 %").arg(100 * now.doneBytes / now.totalBytes));
    };
    const auto refused = [this](const api::Refusal& refusal) {
        m_another->setEnabled(true);
        m_banner->refuse(refusal);
    };
    m_context.session().sellAnotherCopy(
        m_asset, progress, askRaw(this, [this, refused](api::Answer<api::DraftRow> draft) {
            if (!draft) return refused(draft.error());
            m_context.session().publish(draft->assetId, askRaw(this, [this, refused](api::Answer<ListingId> listed) {
                                            if (!listed) return refused(listed.error());
                                            m_another->setEnabled(true);
                                            m_banner->succeed(tr("Another copy is on offer."));
                                        }));
        }));
}

void ListingPage::fillFacts(const api::ListingRow& listing) {
    m_facts->clear();
    m_facts->add(tr("Kind"), plainLine(listing.mediaType));
    m_facts->add(tr("Size"), sizeText(listing.sizeBytes));
    m_facts->add(tr("Tracking mark"), markFormText(listing.markForm));
    m_facts->add(tr("Portions"),
                 tr("%1, each checked on its own").arg(QLocale().toString(static_cast<qulonglong>(listing.portions))));
    if (listing.edition > 1) m_facts->add(tr("Copy"), QLocale().toString(static_cast<qulonglong>(listing.edition)));
    const auto budget = static_cast<qulonglong>(listing.portions / 100); // one in a hundred, for whoever asks
    m_facts->add(tr("Spot check"), budget == 0
                                       ? tr("none: of files under 100 portions nothing is opened before the payment")
                                       : tr("before you pay, up to %1 portions, drawn together with the key server")
                                             .arg(QLocale().toString(budget)));
    m_facts->add(tr("Published"), momentText(listing.publishedMs));
    m_facts->add(tr("Seller"), plainLine(listing.sellerName));
    m_facts->add(tr("Fingerprint"), plainLine(listing.sellerFingerprintWords));
    m_facts->addCode(tr("Manifest"), QString::fromStdString(listing.manifestHash.hex()));
    m_facts->addCode(tr("Asset"), QString::fromStdString(listing.assetId.hex()));
}

} // namespace tallylock::ui
