#pragma once

#include "core/api/Session.h"
#include "ui/kit/Widgets.h"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QTimer;

namespace tallylock::ui {

class Banner;
class Context;

/// The second part of the key by mail or post, too: what the buyer wishes, and what became of it.
class CourierPanel : public Card {
    Q_OBJECT
public:
    CourierPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    /// Hides itself where there is nothing to wish, or where the key server sends nothing.
    void setSale(const api::SaleDetail& detail);

private:
    void makeForm();
    void ask();
    void showRow(const api::CourierRow& row);
    void showForm();
    void save();
    api::PartTwoWay chosenWay() const;
    QString address() const;
    bool isNews() const;
    QString stateText() const;

    Context& m_context;
    Banner* m_banner;
    SaleId m_sale;
    bool m_mayWish = false;
    bool m_isOut = false;     ///< part 2, so that a wish is carried out at once
    bool m_isTouched = false; ///< what is in the form is the person's
    bool m_isBusy = false;
    api::CourierRow m_row;
    QComboBox* m_way;
    QLabel* m_mailLabel;
    QLineEdit* m_mail;
    QLabel* m_postLabel;
    QPlainTextEdit* m_post;
    QPushButton* m_save;
    QLabel* m_state;
    QTimer* m_again; ///< while something is waiting
};

} // namespace tallylock::ui
