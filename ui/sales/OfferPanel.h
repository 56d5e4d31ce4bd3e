#pragma once

#include "core/api/Session.h"
#include "ui/kit/Widgets.h"

#include <functional>

namespace tallylock::ui {

class AmountField;
class Banner;
class Context;

/// An open offer: the seller accepts it at a price, asks for more or rejects it; the buyer may withdraw it, and answers
/// a counter-offer with another bid.
class OfferPanel : public Card {
    Q_OBJECT
public:
    OfferPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    void setSale(const api::SaleRow& sale);

private:
    void makeSellerPart();
    void makeBuyerPart();
    void accept();
    void counter();
    void renew();
    void reject();
    void withdraw();
    /// Sends one; says this when it is done.
    void send(const std::function<void(api::Done<void>)>& request, const QString& done, bool good = false);
    void setBusy(bool busy);
    void showButtons();
    QString story() const;

    Context& m_context;
    Banner* m_banner;
    api::SaleRow m_sale;
    bool m_busy = false;
    QLabel* m_bid;
    QWidget* m_sellerPart;
    QWidget* m_priceRow;
    AmountField* m_price;
    QPushButton* m_accept;
    QPushButton* m_counter;
    QPushButton* m_reject;
    QWidget* m_buyerPart;
    AmountField* m_newBid;
    QPushButton* m_renew;
    QPushButton* m_withdraw;
};

} // namespace tallylock::ui
