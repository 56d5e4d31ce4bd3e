// The form for one order: side, type, prices, quantity, and what it comes to, exactly.
#pragma once

#include "ui/kit/View.h"
#include "ui/market/BookModel.h"
#include "ui/market/OrderEstimate.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace tallylock::ui {

class AmountField;
class Banner;
class FormGrid;
class PrimaryButton;

class OrderTicket : public QWidget {
    Q_OBJECT

public:
    explicit OrderTicket(Context& context, QWidget* parent = nullptr);

    void setInstrument(const api::InstrumentRow& instrument);
    void setBook(const std::vector<api::BookRow>& book);
    void setBalances(const std::vector<api::BalanceRow>& balances);
    void setPrice(const api::Amount& price);
    api::Side side() const;
    api::OrderType type() const;

    /// Why the order cannot be placed as it stands; empty if it can.
    QString problem() const;
    /// How it would change the book; nothing while it is not complete.
    std::optional<Prospect> prospect() const;

signals:
    void placed();
    /// What is written, or what would come of it, has changed.
    void edited();

protected:
    void changeEvent(QEvent* event) override;

private:
    void addField(FormGrid* form, const QString& label, AmountField* field, const QString& name);
    void addChoice(FormGrid* form, const QString& label, QComboBox* box, const QString& name);
    QWidget* makeSides();
    void tintSides();
    void showFields();
    void showState();
    void showFigures();
    void showAvailable();
    QString tickProblem(api::Problem problem) const;
    QWidget* firstWrong() const;
    std::optional<api::OrderRequest> request() const;
    Result<OrderEstimate, api::Problem> estimate(const api::OrderRequest& order) const;
    void submit();
    void tell(const api::OrderRow& order);

    Context& m_context;
    api::InstrumentRow m_instrument;
    std::vector<api::BookRow> m_book;
    std::vector<api::BalanceRow> m_balances;
    bool m_tried = false;
    bool m_sending = false;
    bool m_warned = false; ///< the banner says why the order would be refused
    QPushButton* m_buy;
    QPushButton* m_sell;
    QComboBox* m_type;
    FormGrid* m_form;
    AmountField* m_price;
    AmountField* m_stop;
    AmountField* m_quantity;
    QComboBox* m_selfTrade;
    QLabel* m_total;
    QLabel* m_atOnce;
    QLabel* m_fee;
    QLabel* m_held;
    QLabel* m_available;
    Banner* m_banner;
    PrimaryButton* m_place;
};

} // namespace tallylock::ui
