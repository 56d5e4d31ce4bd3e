// Page 3: name, description and price.
#pragma once

#include "ui/sell/SellPage.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace tallylock::ui {

class AmountField;

class DetailsPage : public SellPage {
    Q_OBJECT

public:
    // What a listing may hold, in bytes of UTF-8.
    static constexpr int kNameBytes = 200;
    static constexpr int kDescriptionBytes = 4000;

    DetailsPage(Context& context, SellForm& form, QWidget* parent = nullptr);

    QString title() const override { return tr("Details"); }
    void enter() override;
    QString commit() override;
    QWidget* firstField() override;
    void clear();

private:
    void keepLength();

    QLineEdit* m_name;
    QPlainTextEdit* m_description;
    QLabel* m_left;
    AmountField* m_price;
    QString m_forPath;
};

} // namespace tallylock::ui
