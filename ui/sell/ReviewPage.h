// Page 4: everything once more, as buyers will see it, before anything happens.
#pragma once

#include "ui/kit/PreviewPicture.h"
#include "ui/sell/SellPage.h"

class QLabel;

namespace tallylock::ui {

class Facts;
class PlainLabel;

class ReviewPage : public SellPage {
    Q_OBJECT

public:
    ReviewPage(Context& context, SellForm& form, QWidget* parent = nullptr);

    QString title() const override { return tr("Review"); }
    QString nextText() const override { return tr("Encrypt"); }
    void enter() override;

private:
    PreviewPicture* m_picture;
    PlainLabel* m_name;
    QLabel* m_price;
    QLabel* m_description;
    Facts* m_facts;
};

} // namespace tallylock::ui
