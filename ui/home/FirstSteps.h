#pragma once

#include "ui/kit/Widgets.h"

namespace tallylock::ui {

class Banner;
class Context;

/// What a newcomer does first, with the buttons that do it. A step that is done says so.
class FirstSteps : public Card {
    Q_OBJECT
public:
    FirstSteps(Context& context, Banner* banner, QWidget* parent = nullptr);
    void setMoney(bool there);
    void setListings(bool there);

private:
    struct Step {
        QLabel* mark = nullptr;
        QPushButton* button = nullptr;
    };
    Step addStep(int number, const QString& title, const QString& text, const QString& action, bool primary);
    void setDone(Step& step, bool done);

    Context& m_context;
    Step m_counterparty;
    Step m_money;
    Step m_shop;
    Step m_sell;
};

} // namespace tallylock::ui
