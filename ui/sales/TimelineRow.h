#pragma once

#include "core/api/Rows.h"

#include <QWidget>

class QGridLayout;
class QLabel;

namespace tallylock::ui {

class Context;
class PlainLabel;

/// One of the fourteen steps: a mark on the line, what happens, who acts, when it happened, its receipt and the money
/// it moved.
class TimelineRow : public QWidget {
    Q_OBJECT
public:
    TimelineRow(int step, Context& context, QWidget* parent = nullptr);
    void setStep(const api::StepRow& step, const api::SaleRow& sale);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showMoney(const std::vector<api::MoneyLeg>& legs);
    void describe(const api::StepRow& step);

    Context& m_context;
    int m_step;
    api::StepState m_state = api::StepState::Waiting;
    Hash m_shownReceipt;
    QLabel* m_title;
    QLabel* m_who;
    QLabel* m_time;
    QLabel* m_receipt;
    QWidget* m_money = nullptr;
    QGridLayout* m_grid;
};

} // namespace tallylock::ui
