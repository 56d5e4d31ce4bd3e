#pragma once

#include "core/api/Session.h"
#include "ui/kit/Widgets.h"

class QLineEdit;

namespace tallylock::ui {

class Banner;
class Context;

/// To which account the price goes. Until it is sent, the seller may name another one of the same coordinator.
class PayeePanel : public Card {
    Q_OBJECT
public:
    PayeePanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    /// Hides itself where there is nothing to be chosen any more, or nobody who may choose.
    void setSale(const api::SaleDetail& detail);

private:
    void makeForm();
    void openForm(bool open);
    void showButtons();
    void save();
    std::optional<HolderId> number() const;

    Context& m_context;
    Banner* m_banner;
    SaleId m_sale;
    std::optional<api::PayeeRow> m_payee;
    bool m_busy = false;
    QLabel* m_now;
    QPushButton* m_change;
    QWidget* m_form;
    QLineEdit* m_number;
    QLineEdit* m_name;
    QPushButton* m_save;
    QPushButton* m_cancel;
};

} // namespace tallylock::ui
