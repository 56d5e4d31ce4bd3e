#pragma once

#include "core/api/Session.h"
#include "ui/kit/Widgets.h"

namespace tallylock::ui {

class Banner;
class Context;

/// What the buyer may do once a quote has lapsed: ask for another one, and agree to it where coins have come too late.
class QuotePanel : public Card {
    Q_OBJECT
public:
    QuotePanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    /// Hides itself while the quote holds.
    void setSale(const api::SaleDetail& detail);

private:
    void ask();
    void agree();
    QString text(const api::NewQuote& quote) const;

    Context& m_context;
    Banner* m_banner;
    SaleId m_sale;
    api::NewQuote m_quote;
    bool m_busy = false; ///< asked, and nothing has changed since
    QLabel* m_text;
    QPushButton* m_ask;
    QPushButton* m_agree;
};

} // namespace tallylock::ui
