// The last page: it is on offer.
#pragma once

#include "ui/sell/SellPage.h"

class QLabel;
class QPushButton;

namespace tallylock::ui {

class PlainLabel;

class DonePage : public SellPage {
    Q_OBJECT

public:
    DonePage(Context& context, SellForm& form, QWidget* parent = nullptr);

    QString title() const override { return tr("Done"); }
    QString nextText() const override { return tr("Sell another file"); }
    bool canGoBack() const override { return false; }
    void enter() override;
    QWidget* firstField() override;

private:
    QLabel* m_icon;
    PlainLabel* m_name;
    QPushButton* m_open;
};

} // namespace tallylock::ui
