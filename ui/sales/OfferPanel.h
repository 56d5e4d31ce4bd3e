#pragma once

#include "core/api/Rows.h"
#include "ui/kit/Widgets.h"

namespace tallylock::ui {

class AmountField;
class Banner;
class Context;

/// An open offer: the seller accepts it at a price or rejects it, the buyer may withdraw it.
class OfferPanel : public Card {
    Q_OBJECT
public:
    OfferPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    void setSale(const api::SaleRow& sale);

private:
    void makeSellerPart();
    void accept();
    void reject();
    void withdraw();
    void setBusy(bool busy);

    Context& m_context;
    Banner* m_banner;
    SaleId m_sale;
    QLabel* m_bid;
    QWidget* m_sellerPart;
    AmountField* m_price;
    QPushButton* m_accept;
    QPushButton* m_reject;
    QPushButton* m_withdraw;
};

} // namespace tallylock::ui
