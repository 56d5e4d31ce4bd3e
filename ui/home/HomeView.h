// What needs this person now, what they have, what is under way; and the first steps while there is nothing.
#pragma once

#include "ui/kit/View.h"

class QVBoxLayout;
class QTimer;

namespace tallylock::ui {

class BalancesCard;
class Banner;
class FirstSteps;
class SaleLines;

class HomeView : public View {
    Q_OBJECT
public:
    explicit HomeView(Context& context, QWidget* parent = nullptr);

    Place place() const override { return Place::Home; }
    QString title() const override { return tr("Home"); }
    QString iconName() const override { return QStringLiteral("home"); }
    void shown() override;

private:
    void show(const std::vector<api::SaleRow>& sales);

    Banner* m_banner;
    SaleLines* m_needsMe;
    FirstSteps* m_firstSteps;
    BalancesCard* m_balances;
    SaleLines* m_open;
};

} // namespace tallylock::ui
