// One listing: what is sold, by whom, and the offer form.
#pragma once

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/View.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace tallylock::ui {

class Badge;
class Banner;
class Card;
class Facts;
class OfferForm;
class PlainLabel;

class ListingPage : public QWidget {
    Q_OBJECT

public:
    explicit ListingPage(Context& context, QWidget* parent = nullptr);

    void showListing(const api::ListingRow& listing, const PreviewFace& face);
    ListingId listing() const { return m_listing; }

signals:
    void back();

private:
    QWidget* makeLeft();
    QWidget* makeRight();
    void sellAnother();
    void fillFacts(const api::ListingRow& listing);

    Context& m_context;
    ListingId m_listing;
    Hash m_asset;
    QString m_shownAs; ///< what the page was filled with, so that a refresh does not disturb a form half filled in
    PreviewPicture* m_picture;
    PlainLabel* m_name;
    Badge* m_badge;
    PlainLabel* m_seller;
    QLabel* m_price;
    QLabel* m_description;
    Facts* m_facts;
    QLabel* m_closed;
    OfferForm* m_form;
    QPushButton* m_another;
    Banner* m_banner;
};

} // namespace tallylock::ui
