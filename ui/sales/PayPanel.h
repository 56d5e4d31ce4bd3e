#pragma once

#include "core/api/Rows.h"
#include "ui/kit/Widgets.h"

class QFormLayout;
class QProgressBar;

namespace tallylock::ui {

class Banner;
class Context;

/// Where and what the buyer pays, and what has been seen of it.
class PayPanel : public Card {
    Q_OBJECT
public:
    PayPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    void setPayment(const api::SaleRow& sale, const api::PaymentRequest& payment);

private:
    PlainLabel* addValue(QFormLayout* form, const QString& label, const QString& name, CopyButton** copy);
    void showQuote(const api::Amount& price);
    void pay();

    Context& m_context;
    Banner* m_banner;
    SaleId m_sale;
    api::PaymentRequest m_payment;
    PlainLabel* m_address;
    PlainLabel* m_amount;
    PlainLabel* m_link;
    CopyButton* m_copyAddress = nullptr;
    CopyButton* m_copyAmount = nullptr;
    CopyButton* m_copyLink = nullptr;
    QLabel* m_quote;   ///< what a whole coin counts for
    QLabel* m_spread;  ///< how far that is from the market
    QLabel* m_funding; ///< why it is more than is needed now
    QLabel* m_received;
    QProgressBar* m_confirmations;
    QLabel* m_deadline;
    QPushButton* m_practice;
    bool m_paying = false;
};

} // namespace tallylock::ui
